"""Delegating parts of a response, and what becomes of a delegation.

None of this changes an answer: handing back, withdrawing and delegating anew keep them all.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.audit import record
from assessment.delegation_mails import (
    mail_delegated,
    mail_handed_back,
    mail_reminder,
)
from assessment.models import (
    AuditAction,
    Delegation,
    Membership,
    Response,
    Round,
    Team,
    User,
)
from assessment.models.delegations import today
from assessment.parts import all_parts, normal
from assessment.permissions import Action, Role, may, may_ever
from assessment.queries import (
    coordinators_of,
    instrument_of,
    responses_with_instrument,
)
from assessment.refusals import NotReady, NotTheirs, ResponseClosed, RoleForbids

WORKING_ROLES = frozenset({Role.CONTRIBUTOR, Role.COORDINATOR})
# A second click, or a second coordinator, sends no second reminder.
NUDGE_PAUSE = datetime.timedelta(minutes=10)


@transaction.atomic
def set_team_mode(*, response: Response, mode: Team.Mode, by: User) -> None:
    """Let contributors of the country answer everything, or only their part. Idempotent."""
    _lock(response)
    _refuse(response, Action.DELEGATE, by)
    changed = {"mode": mode, "changed_at": timezone.now(), "changed_by": by}
    team, is_new = Team.objects.get_or_create(
        country_id=response.country_id, defaults=changed
    )
    if not is_new and team.mode != mode:
        Team.objects.filter(pk=team.pk).update(**changed)
    if is_new or team.mode != mode:
        record(AuditAction.DELEGATION_MODE, by=by, response=response, subject=mode)
    setattr(response, "team_mode", mode)  # noqa: B010  as the annotation would be


@transaction.atomic
def delegate(
    *,
    response: Response,
    parts: Iterable[str],
    by: User,
    due_on: datetime.date,
    user: User | None = None,
    email: str = "",
    message: str = "",
    replaces: Delegation | None = None,
    is_announced: bool = True,
) -> Delegation:
    """Give parts to a person, or to whoever will sign in with an e-mail address.

    `replaces` is withdrawn in the same step. An address that a member of the country has
    means that person. Raises NotReady for a part that is none, a day that is past and a
    person who may not answer.
    """
    _lock(response)
    _refuse(response, Action.DELEGATE, by)
    instrument = instrument_of(response)
    asked = list(parts)
    known = normal(instrument, asked)
    if not known or not set(asked) <= set(all_parts(instrument)):
        raise NotReady(_("Choose sections, questions or rows of the questionnaire."))
    if due_on < today():
        raise NotReady(_("The day by which it is due is past."))
    person, address = _delegate_of(response, user, email)
    made = Delegation(
        response=response,
        user=person,
        email=address,
        parts=known,
        due_on=due_on,
        message=message.strip(),
        delegated_at=timezone.now(),
        delegated_by=by,
    )
    standing = _same(response, made)
    if standing is not None:
        return standing
    if replaces is not None:
        withdraw_delegation(delegation=replaces, by=by)
    made.save()
    _record(AuditAction.DELEGATION_MADE, made, by, due_on=due_on)
    if is_announced:
        mail_delegated(made, by=by)
    return made


def _same(response: Response, asked: Delegation) -> Delegation | None:
    """Return what a second click finds: the delegation just made."""
    running = response.delegations.filter(
        user=asked.user, email=asked.email, ended_at__isnull=True, done_at__isnull=True
    )
    for found in running:
        terms = found.parts, found.due_on, found.message
        if terms == (asked.parts, asked.due_on, asked.message):
            return found
    return None


def _delegate_of(
    response: Response, user: User | None, email: str
) -> tuple[User | None, str]:
    """Return the person, or the address where nobody in the country has it yet."""
    address = (user.email if user else email).strip().lower()
    members = Membership.objects.filter(
        country=response.country_id, is_active=True, user__is_active=True
    )
    member = members.filter(user__email=address).select_related("user").first()
    if member is None and user is None and address:
        return None, address
    if member is None:
        raise NotReady(_("Choose a person of your country, or give an e-mail address."))
    if member.role not in WORKING_ROLES:
        raise NotReady(
            _("%(person)s is an observer, who only reads. Change the role first.")
            % {"person": member.user}
        )
    return member.user, ""


@transaction.atomic
def withdraw_delegation(*, delegation: Delegation, by: User, message: str = "") -> None:
    """Take a part back. Idempotent."""
    row = _locked(delegation)
    _refuse(row.response, Action.DELEGATE, by)
    _end(row, Delegation.Ending.WITHDRAWN, by, message)


@transaction.atomic
def hand_back_delegation(
    *, delegation: Delegation, by: User, message: str = ""
) -> None:
    """Give one's own part back to the coordinator, who is told by e-mail. Idempotent."""
    row = _locked(delegation)
    if not row.is_of(by):
        raise NotTheirs(_("Only the person who has this part can hand it back."))
    _refuse(row.response, Action.EDIT, by)
    if _end(row, Delegation.Ending.HANDED_BACK, by, message):
        told = coordinators_of(row.response)
        mail_handed_back(row, by=by, to=told, message=row.ending_message)


@transaction.atomic
def finish_delegation(*, delegation: Delegation, by: User) -> None:
    """Mark a part as done, by whoever has it or by the coordinator. Idempotent."""
    row = _locked(delegation)
    _refuse_outsider(row, by)
    _refuse_ended(row)
    if row.done_at is None:
        row.done_at, row.done_by = timezone.now(), by
        row.save(update_fields=["done_at", "done_by"])
        _record(AuditAction.DELEGATION_DONE, row, by)


@transaction.atomic
def reopen_delegation(*, delegation: Delegation, by: User) -> None:
    """Take back that a part is done. Idempotent."""
    row = _locked(delegation)
    _refuse_outsider(row, by)
    _refuse_ended(row)
    if row.done_at is not None:
        row.done_at = row.done_by = None
        row.save(update_fields=["done_at", "done_by"])
        _record(AuditAction.DELEGATION_REOPENED, row, by)


@transaction.atomic
def nudge_delegate(*, delegation: Delegation, by: User) -> bool:
    """Remind whoever has the part by e-mail; return False if they just were."""
    row = _locked(delegation)
    _refuse(row.response, Action.DELEGATE, by)
    _refuse_ended(row)
    if row.done_at is not None:
        raise NotReady(_("This part is marked as done: there is nothing to remind of."))
    now = timezone.now()
    if row.reminded_at is not None and now - row.reminded_at < NUDGE_PAUSE:
        return False
    row.reminded_at = now
    row.save(update_fields=["reminded_at"])
    _record(AuditAction.DELEGATION_REMINDED, row, by)
    mail_reminder(row, by=by)
    return True


# Inside


def _lock(response: Response) -> None:
    """Lock the response; its fresh status is copied."""
    row = Response.objects.select_for_update().get(pk=response.pk)
    response.status = row.status


def _locked(delegation: Delegation) -> Delegation:
    """Return the delegation as it stands, its response and then itself locked."""
    Response.objects.select_for_update().get(pk=delegation.response_id)
    row = (
        Delegation.objects.select_for_update(of=("self",))
        .select_related("user")
        .get(pk=delegation.pk)
    )
    row.response = responses_with_instrument().get(pk=delegation.response_id)
    return row


def _refuse(response: Response, action: Action, by: User) -> None:
    """Raise RoleForbids or ResponseClosed unless `by` may do this now."""
    if not may_ever(by, action, response):
        raise RoleForbids
    if not may(by, action, response):
        raise closed(response)
    if not Round.objects.get(pk=response.round_id).is_open:
        raise ResponseClosed(
            "closed", _("The round is closed: nobody can answer, so nothing is asked.")
        )


def closed(response: Response) -> ResponseClosed:
    message = _("This response is %(status)s and cannot be changed now.")
    return ResponseClosed(
        response.status, message % {"status": response.get_status_display().lower()}
    )


def _refuse_outsider(delegation: Delegation, by: User) -> None:
    response = delegation.response
    if delegation.is_of(by):
        _refuse(response, Action.EDIT, by)
    elif may_ever(by, Action.DELEGATE, response):
        _refuse(response, Action.DELEGATE, by)
    else:
        raise NotTheirs(_("This part is delegated to somebody else."))


def _refuse_ended(delegation: Delegation) -> None:
    if delegation.ended_at is not None:
        raise NotReady(_("This delegation has ended."))


def _end(
    delegation: Delegation, ending: Delegation.Ending, by: User, message: str
) -> bool:
    """End a delegation; return False if it has ended already."""
    if delegation.ended_at is not None:
        return False
    delegation.ended_at, delegation.ended_by = timezone.now(), by
    delegation.ending, delegation.ending_message = ending, message.strip()
    delegation.save(update_fields=["ended_at", "ended_by", "ending", "ending_message"])
    _record(AuditAction(f"delegation.{ending.value}"), delegation, by)
    return True


def _record(
    action: AuditAction, delegation: Delegation, by: User, **detail: Any
) -> None:
    record(
        action,
        by=by,
        response=delegation.response,
        subject=delegation.address,
        parts=delegation.parts,
        number=delegation.pk,
        **detail,
    )
