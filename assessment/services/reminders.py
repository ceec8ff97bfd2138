"""Reminders of parts that are due, for cron: at most one a day and part.

Each part is claimed under its row's lock before the e-mail goes out, so that two runs at
the same time send it once.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from assessment.delegation_mails import mail_overdue, mail_reminder
from assessment.models import Delegation, Kind, Membership, Response, User
from assessment.models.delegations import today
from assessment.permissions import EDITABLE
from assessment.queries import coordinators_of, responses_with_instrument
from assessment.services.notices import notify
from assessment.services.telling import path_of

# Coordinators are told of the deadline of the round so many days before it.
DEADLINE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Reminded:
    """A part whose delegate was reminded, or would be."""

    delegation: Delegation


@dataclass(frozen=True, slots=True)
class Warned:
    """Coordinators who were told of the deadline of the round, or would be."""

    response: Response
    coordinators: tuple[User, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Coordinators who were told of overdue parts, or would be."""

    response: Response
    coordinators: tuple[User, ...]
    delegations: tuple[Delegation, ...]


def send_reminders(*, days: int, is_trial: bool) -> tuple[list[Reminded], list[Told]]:
    """Remind of what is due within `days` or overdue, and tell coordinators of the latter.

    Only in open rounds and responses that can be edited. With `is_trial` nothing is
    written or sent.
    """
    due = _due(today() + datetime.timedelta(days=days), "reminded_at")
    reminded = [
        Reminded(delegation)
        for delegation in _people_here(due)
        if is_trial or _remind(delegation)
    ]
    overdue = _due(today() - datetime.timedelta(days=1), "escalated_at")
    responses = responses_with_instrument().filter(pk__in=overdue.values("response"))
    told = [_tell(response, is_trial=is_trial) for response in responses]
    return reminded, [one for one in told if one is not None]


def warn_of_deadline(*, is_trial: bool) -> list[Warned]:
    """Tell coordinators once that the deadline of an open response is a week away.

    Of another deadline they are told again. With `is_trial` nothing is written or sent.
    """
    soon = today() + datetime.timedelta(days=DEADLINE_DAYS)
    found = Response.objects.filter(
        status__in=EDITABLE,
        round__opened_at__isnull=False,
        round__closed_at__isnull=True,
        round__closes_on__range=(today(), soon),
    ).order_by("pk")
    warned = [_warn(pk, is_trial=is_trial) for pk in found.values_list("pk", flat=True)]
    return [one for one in warned if one.coordinators]


@transaction.atomic
def _warn(pk: int, *, is_trial: bool) -> Warned:
    response = (
        Response.objects.select_for_update(of=("self",))
        .select_related("country", "round")
        .get(pk=pk)
    )
    due = response.round.closes_on.isoformat()
    told = set(
        response.notifications.filter(
            kind=Kind.DUE_SOON, params__due=due, params__place__isnull=True
        ).values_list("person", flat=True)
    )
    people = [person for person in coordinators_of(response) if person.pk not in told]
    if not is_trial:
        path = path_of(response, "assessment:response_detail")
        notify(Kind.DUE_SOON, people, by=None, response=response, path=path, due=due)
    return Warned(response, tuple(people))


def _due(until: datetime.date, stamp: str) -> QuerySet[Delegation]:
    """Return running parts due by `until` that were not stamped today."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return (
        Delegation.objects.filter(
            Q(**{f"{stamp}__isnull": True}) | Q(**{f"{stamp}__lt": midnight}),
            ended_at__isnull=True,
            done_at__isnull=True,
            due_on__lte=until,
            response__status__in=EDITABLE,
            response__round__opened_at__isnull=False,
            response__round__closed_at__isnull=True,
        )
        .select_related("user", "delegated_by", "response__country", "response__round")
        .order_by("response", "due_on", "pk")
    )


def _people_here(due: QuerySet[Delegation]) -> list[Delegation]:
    """Leave out people who are no longer in the team."""
    here = set(
        Membership.objects.filter(is_active=True, user__is_active=True).values_list(
            "user_id", "country_id"
        )
    )
    return [
        d
        for d in due
        if d.user_id is None or (d.user_id, d.response.country_id) in here
    ]


@transaction.atomic
def _remind(delegation: Delegation) -> bool:
    row = _claim(
        _due(delegation.due_on, "reminded_at").filter(pk=delegation.pk), "reminded_at"
    )
    if not row:
        return False
    delegation.response = responses_with_instrument().get(pk=delegation.response_id)
    mail_reminder(delegation, by=delegation.delegated_by)
    return True


@transaction.atomic
def _tell(response: Response, *, is_trial: bool) -> Told | None:
    yesterday = today() - datetime.timedelta(days=1)
    overdue = _due(yesterday, "escalated_at").filter(response=response)
    found = list(overdue) if is_trial else _claim(overdue, "escalated_at")
    if not found:
        return None
    coordinators = coordinators_of(response)
    if not is_trial:
        mail_overdue(response, found, to=coordinators)
    return Told(response, tuple(coordinators), tuple(found))


def _claim(due: QuerySet[Delegation], stamp: str) -> list[Delegation]:
    """Lock and stamp what is still due; another run may have been faster."""
    found = list(due.select_for_update(of=("self",)))
    Delegation.objects.filter(pk__in=[d.pk for d in found]).update(
        **{stamp: timezone.now()}
    )
    return found
