"""The day's notices in one e-mail a person, for cron.

What is sent is claimed under its lock and marked before the e-mail leaves: two runs at
the same time, or one that is cut off, never send anything twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessment.models import Channel, Notification, User
from assessment.notice_mails import mail_digest
from assessment.notice_queries import is_for


@dataclass(frozen=True, slots=True)
class Digest:
    """A person and the number of notices they were sent, or would be."""

    person: User
    number: int


def send_digest(*, is_trial: bool) -> list[Digest]:
    """Send to each person what waits for the day's e-mail and was not read meanwhile.

    With `is_trial` nothing is written or sent.
    """
    people = User.objects.filter(pk__in=_waiting().values("person")).order_by("pk")
    sent = [_send(person, is_trial=is_trial) for person in people]
    return [one for one in sent if one.number]


def _waiting() -> QuerySet[Notification]:
    return Notification.objects.filter(
        channel=Channel.DAILY, mailed_at__isnull=True, read_at__isnull=True
    )


@transaction.atomic
def _send(person: User, *, is_trial: bool) -> Digest:
    found = (
        _waiting()
        .filter(person=person)
        .select_related("response__round", "country", "by")
    )
    if not is_trial:
        found = found.select_for_update(of=("self",))
    waiting = list(found.order_by("pk"))
    notices = [notice for notice in waiting if _is_theirs(person, notice)]
    if not is_trial:
        Notification.objects.filter(pk__in=[n.pk for n in waiting]).update(
            mailed_at=timezone.now()
        )
        if notices:
            mail_digest(person, notices)
    return Digest(person, len(notices))


def _is_theirs(person: User, notice: Notification) -> bool:
    """Whether the person may still be told: they may have left meanwhile."""
    if not person.is_active:
        return False
    return notice.response is None or is_for(notice.kind, person, notice.response)
