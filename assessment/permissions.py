"""Who may do what: one table, role × status → actions (design: states and rights).

Lists and single checks derive from it, so that they cannot disagree. What a person may
not see does not exist for them; what they may see but not do is refused with the reason.
"""

from __future__ import annotations

import enum

from django.db.models import Q, QuerySet

from assessment.models import Membership, Response, User

Status = Response.Status
ALL = frozenset(Status)
EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})
# An officer reads submissions, so a response exists for them from the first one on.
RECEIVED = frozenset({Status.SUBMITTED, Status.RETURNED, Status.ACCEPTED})
NEVER: frozenset[Status] = frozenset()


class Role(enum.StrEnum):
    CONTRIBUTOR = "contributor"
    COORDINATOR = "coordinator"
    OBSERVER = "observer"
    OFFICER = "officer"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


class Action(enum.StrEnum):
    """What can be done with one response."""

    VIEW = "view"
    READ_LIVE = "read_live"  # answers as they stand now, and how they came to
    EDIT = "edit"
    COMMENT = "comment"  # begin a thread
    READ_COMMENTS = "read_comments"
    REPLY = "reply"
    RESOLVE = "resolve"
    REVIEW_VALUE = "review_value"  # set a value beside an answer
    NOTE = "note"  # note something for other officers only
    REVIEW = "review"  # read a submission question by question, beside its comments
    SEE_TEAM = "see_team"
    DISSENT = "dissent"  # record a differing view
    SETTLE = "settle"  # adopt one, and have them printed or not
    INVITE = "invite"
    DELEGATE = "delegate"
    CONCUR = "concur"  # record that an institution stands by its part
    CLEAR = "clear"  # record that the head of the statistical office clears the whole
    PLAN = "plan"  # build the action plan and adopt it
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    ACCEPT = "accept"
    REOPEN = "reopen"
    DOWNLOAD = "download"
    MANAGE_INSTITUTIONS = "manage_institutions"


class GlobalAction(enum.StrEnum):
    """What needs no response: rounds, people, versions."""

    FOLLOW_ROUNDS = "follow_rounds"
    MANAGE_ROUNDS = "manage_rounds"
    ASSIGN = "assign"  # put officers in charge of countries, and remind countries
    MANAGE_PEOPLE = "manage_people"
    LOAD_VERSIONS = "load_versions"
    READ_AUDIT = "read_audit"  # who did what, anywhere


_UNSD = {
    Action.VIEW: RECEIVED,
    Action.COMMENT: RECEIVED,
    # Of a draft: what the country asked, and no answer.
    Action.READ_COMMENTS: ALL,
    Action.REPLY: ALL,
    Action.RESOLVE: ALL,
    Action.NOTE: ALL,
    Action.REVIEW: RECEIVED,
    Action.REVIEW_VALUE: frozenset({Status.SUBMITTED}),
    Action.RETURN: frozenset({Status.SUBMITTED}),
    Action.ACCEPT: frozenset({Status.SUBMITTED}),
    Action.REOPEN: frozenset({Status.ACCEPTED}),
    Action.DOWNLOAD: RECEIVED,
}

ACCESS: dict[Role, dict[Action, frozenset[Status]]] = {
    Role.CONTRIBUTOR: {
        Action.VIEW: ALL,
        Action.READ_LIVE: ALL,
        Action.EDIT: EDITABLE,
        Action.COMMENT: ALL,
        Action.READ_COMMENTS: ALL,
        Action.REPLY: ALL,
        Action.SEE_TEAM: ALL,
        Action.DISSENT: EDITABLE,
        Action.CONCUR: EDITABLE,
        Action.DOWNLOAD: ALL,
    },
    Role.COORDINATOR: {
        Action.VIEW: ALL,
        Action.READ_LIVE: ALL,
        Action.EDIT: EDITABLE,
        Action.COMMENT: ALL,
        Action.READ_COMMENTS: ALL,
        Action.REPLY: ALL,
        Action.SEE_TEAM: ALL,
        Action.DISSENT: EDITABLE,
        Action.SETTLE: EDITABLE,
        Action.INVITE: ALL,
        Action.DELEGATE: EDITABLE,
        Action.CONCUR: EDITABLE,
        Action.CLEAR: EDITABLE,
        # A plan goes on while the answers are frozen (docs/adr/0011).
        Action.PLAN: ALL,
        Action.SUBMIT: EDITABLE,
        Action.WITHDRAW: frozenset({Status.SUBMITTED}),
        Action.DOWNLOAD: ALL,
        Action.MANAGE_INSTITUTIONS: ALL,
    },
    Role.OBSERVER: {
        Action.VIEW: ALL,
        Action.READ_LIVE: ALL,
        Action.READ_COMMENTS: ALL,
        Action.SEE_TEAM: ALL,
        Action.DOWNLOAD: ALL,
    },
    Role.OFFICER: _UNSD,
    # Teams are set up before the first submission: of a draft, nothing else shows.
    Role.ADMINISTRATOR: _UNSD
    | {
        Action.SEE_TEAM: ALL,
        Action.INVITE: ALL,
        Action.DELEGATE: EDITABLE,
    },
    # Imports and prefills, run by whoever has the server's command line.
    Role.SYSTEM: {
        Action.VIEW: ALL,
        Action.READ_LIVE: ALL,
        Action.EDIT: EDITABLE,
        Action.PLAN: ALL,
        Action.MANAGE_INSTITUTIONS: ALL,
    },
}

GLOBAL_ACCESS: dict[Role, frozenset[GlobalAction]] = {
    Role.OFFICER: frozenset(
        {GlobalAction.FOLLOW_ROUNDS, GlobalAction.MANAGE_ROUNDS, GlobalAction.ASSIGN}
    ),
    Role.ADMINISTRATOR: frozenset(GlobalAction),
}

UNSD_ROLES = frozenset({Role.OFFICER, Role.ADMINISTRATOR})


def unsd_role_of(user: User) -> Role | None:
    """Return the person's role at UNSD, or None. No query."""
    return Role(user.unsd_role) if user.is_active and user.unsd_role else None


def role_of(user: User, country_id: int) -> Role | None:
    """Return the person's role towards a country, or None. At most one query a request.

    A role in the country comes before a role at UNSD: nobody reviews their own country.
    """
    if not user.is_active:
        return None
    if user.is_system:
        return Role.SYSTEM
    found = user.role_in(country_id)
    return Role(found) if found else unsd_role_of(user)


def may(user: User, action: Action, response: Response) -> bool:
    """Return whether `user` may perform `action` on `response` now."""
    return response.status in _statuses(user, action, response.country_id)


def may_ever(user: User, action: Action, response: Response) -> bool:
    """Return whether `user` may perform `action` on `response` in some status."""
    return may_in_country(user, action, response.country_id)


def may_in_country(user: User, action: Action, country_id: int) -> bool:
    """Return whether `user` may do in some status what concerns the country as a whole."""
    return bool(_statuses(user, action, country_id))


def may_globally(user: User, action: GlobalAction) -> bool:
    """Return whether `user` may do what needs no response. No query."""
    role = unsd_role_of(user)
    return role is not None and action in GLOBAL_ACCESS.get(role, frozenset())


def responses_visible_to(user: User) -> QuerySet[Response]:
    """Return the responses that exist for `user`; lazily, plus one query for the roles."""
    if not user.is_active:
        return Response.objects.none()
    if user.is_system:
        return Response.objects.all()
    visible = Q(pk__in=[])
    for role in Membership.Role:
        countries = [pk for pk, held in user.country_roles.items() if held == role]
        statuses = ACCESS[Role(role)].get(Action.VIEW, NEVER)
        visible |= Q(country_id__in=countries, status__in=list(statuses))
    unsd_role = unsd_role_of(user)
    if unsd_role is not None:
        statuses = ACCESS[unsd_role].get(Action.VIEW, NEVER)
        others = Q(status__in=list(statuses)) & ~Q(
            country_id__in=list(user.country_roles)
        )
        visible |= others
    return Response.objects.filter(visible)


def _statuses(user: User, action: Action, country_id: int) -> frozenset[Status]:
    role = role_of(user, country_id)
    return NEVER if role is None else ACCESS[role].get(action, NEVER)
