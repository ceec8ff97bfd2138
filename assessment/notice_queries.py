"""Notices as they are read, and how a person wants to be told by e-mail."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from assessment.compiled import Compiled, given
from assessment.models import (
    Channel,
    Kind,
    Membership,
    Notification,
    NotificationPreference,
    Response,
    User,
)
from assessment.permissions import (
    UNSD_ROLES,
    Action,
    Role,
    may,
    role_of,
    unsd_role_of,
)

PAGE_LENGTH = 30

# What a person is told by e-mail who chose nothing. Talk comes once a day.
DEFAULTS: dict[str, Channel] = {
    Kind.DELEGATED: Channel.IMMEDIATE,
    Kind.DUE_SOON: Channel.IMMEDIATE,
    Kind.OVERDUE: Channel.IMMEDIATE,
    Kind.HANDED_BACK: Channel.IMMEDIATE,
    Kind.RETURNED: Channel.IMMEDIATE,
    Kind.ACCEPTED: Channel.IMMEDIATE,
    Kind.REOPENED: Channel.IMMEDIATE,
    Kind.COMMENTED: Channel.DAILY,
    Kind.REPLIED: Channel.DAILY,
    Kind.SUBMITTED: Channel.IMMEDIATE,
    Kind.WITHDRAWN: Channel.DAILY,
    Kind.PLAN_ADOPTED: Channel.DAILY,
    Kind.ASSIGNED: Channel.DAILY,
}
# Contributors are not those who have to act on the whole response.
CONTRIBUTOR_DEFAULTS: dict[str, Channel] = {
    Kind.RETURNED: Channel.DAILY,
    Kind.ACCEPTED: Channel.DAILY,
    Kind.REOPENED: Channel.DAILY,
}
TALK = (Kind.COMMENTED, Kind.REPLIED)
COUNTRY_KINDS = (
    Kind.DELEGATED, Kind.DUE_SOON, Kind.OVERDUE, Kind.HANDED_BACK, Kind.RETURNED,
    Kind.ACCEPTED, Kind.REOPENED, Kind.PLAN_ADOPTED, *TALK,
)  # fmt: skip
UNSD_KINDS = (
    Kind.SUBMITTED, Kind.WITHDRAWN, Kind.PLAN_ADOPTED, *TALK, Kind.ASSIGNED,
)  # fmt: skip
# What one must be allowed to do with the response to be told; of a withdrawn draft and of
# being in charge an officer sees the line of the dashboard only.
NEEDS: dict[str, Action] = dict.fromkeys(TALK, Action.READ_COMMENTS)
DASHBOARD_KINDS = frozenset({Kind.WITHDRAWN, Kind.ASSIGNED})


def is_for(kind: str, person: User, response: Response) -> bool:
    """Whether a person may be told of something about a response now. At most one query."""
    if kind in DASHBOARD_KINDS:
        return role_of(person, response.country_id) in UNSD_ROLES
    return may(person, NEEDS.get(kind, Action.VIEW), response)


def kinds_for(person: User) -> list[Kind]:
    """Return what a person may be told of and can choose e-mails for. One query."""
    kinds: list[Kind] = []
    if person.country_roles:
        kinds += COUNTRY_KINDS
    if unsd_role_of(person) is not None:
        kinds += [kind for kind in UNSD_KINDS if kind not in kinds]
    return kinds


def default_channel(kind: str, role: str | None) -> Channel:
    """Return how somebody is told by e-mail who chose nothing."""
    if role == Role.CONTRIBUTOR and kind in CONTRIBUTOR_DEFAULTS:
        return CONTRIBUTOR_DEFAULTS[kind]
    return DEFAULTS.get(kind, Channel.NONE)


def chosen_channels(people: Collection[User], kind: str) -> dict[int, Channel]:
    """Return what people chose for a kind, by person. One query."""
    rows = NotificationPreference.objects.filter(person__in=people, kind=kind)
    return {pk: Channel(found) for pk, found in rows.values_list("person", "channel")}


def channels_of(person: User) -> dict[Kind, Channel]:
    """Return how a person is told of each kind that concerns them. Two queries."""
    chosen = dict(person.notification_preferences.values_list("kind", "channel"))
    roles = set(person.country_roles.values())
    role = Role.CONTRIBUTOR if roles == {Role.CONTRIBUTOR} else None
    return {
        kind: Channel(chosen.get(kind) or default_channel(kind, role))
        for kind in kinds_for(person)
    }


def language_for(person: User) -> str:
    """Return the language in which a person gets e-mails."""
    offered = dict(settings.LANGUAGES)
    return person.language if person.language in offered else settings.LANGUAGE_CODE


def notices_of(person: User) -> QuerySet[Notification]:
    """Return the notices of a person, newest first, with all that their words need.

    Those of a country whose team the person has left are not among them.
    """
    return (
        _own(person).select_related("response__round", "country", "by").order_by("-pk")
    )


def unread_count(person: User) -> int:
    """Return how many notices a person has not read. One query, none where it was told."""
    if person.told_unread:
        return person.told_unread[0]
    asked = _UNREAD_AT_UNSD if unsd_role_of(person) else _UNREAD
    return sum(number for (number,) in asked.rows(person=person.pk))


def unread_annotation(person: User) -> Coalesce:
    """Return the same for a person at UNSD, as an annotation."""
    return Coalesce(Subquery(_unread_in(_all_of(person.pk))), 0)


def _unread_in(found: QuerySet[Notification]) -> QuerySet[Notification, Any]:
    """Return the number of unread notices of one person: a row, or none for none."""
    unread = found.filter(read_at__isnull=True).order_by().values("person")
    return unread.annotate(number=Count("pk")).values_list("number")


def _own(person: User) -> QuerySet[Notification]:
    is_unsd = unsd_role_of(person) is not None
    return _all_of(person.pk) if is_unsd else _in_countries(person.pk)


def _all_of(person: int | RawSQL) -> QuerySet[Notification]:
    return Notification.objects.filter(person=person)


def _in_countries(person: int | RawSQL) -> QuerySet[Notification]:
    here = Membership.objects.filter(
        user=person, country=OuterRef("country"), is_active=True
    )
    return _all_of(person).filter(Q(response__isnull=True) | Exists(here))


_UNREAD = Compiled(lambda: _unread_in(_in_countries(given("person"))))
_UNREAD_AT_UNSD = Compiled(lambda: _unread_in(_all_of(given("person"))))
