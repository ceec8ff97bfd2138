"""Notices: writing them, reading them, and choosing how to be told by e-mail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Unpack

from django.db import transaction
from django.utils import timezone

from assessment.models import (
    Channel,
    Country,
    Kind,
    Membership,
    Notification,
    NotificationPreference,
    Response,
    User,
)
from assessment.notice_mails import mail_notice
from assessment.notice_queries import (
    channels_of,
    chosen_channels,
    default_channel,
    is_for,
    notices_of,
)
from assessment.notice_words import Params
from assessment.permissions import role_of

# Said again until it is done: only the last time is left unread.
REPEATED = frozenset({Kind.DUE_SOON, Kind.OVERDUE})


@transaction.atomic(savepoint=False)
def notify(
    kind: Kind,
    people: Iterable[User],
    *,
    by: User | None,
    path: str,
    response: Response | None = None,
    country: Country | None = None,
    at_most: Channel = Channel.IMMEDIATE,
    mail: Callable[[Notification], None] = mail_notice,
    **params: Unpack[Params],
) -> list[Notification]:
    """Tell people of something, within the transaction in which it happens.

    Left out are who did it, who is not active, and who may not see the response now.
    `mail` sends the e-mail of those who want one at once; with `at_most` DAILY these get
    it with the day's others. Three queries, one more for what is said repeatedly.
    """
    told = _audience(kind, people, by, response)
    if not told:
        return []
    now = timezone.now()
    if kind in REPEATED:
        _supersede(kind, told, response, params, now)
    channels = _channels(kind, told, response, at_most)
    about = response.country if response else country
    notices = [
        Notification(
            person=person,
            kind=kind,
            response=response,
            country=about,
            params=params,
            path=path,
            by=by,
            channel=channels[pk],
            created_at=now,
            mailed_at=now if channels[pk] == Channel.IMMEDIATE else None,
        )
        for pk, person in told.items()
    ]
    Notification.objects.bulk_create(notices)
    for notice in notices:
        if notice.channel == Channel.IMMEDIATE:
            mail(notice)
    return notices


def _audience(
    kind: Kind, people: Iterable[User], by: User | None, response: Response | None
) -> dict[int, User]:
    """Return by id who of `people` is told."""
    told = {p.pk: p for p in people if p.is_active and not p.is_system and p != by}
    if response is None:
        return told
    _learn_roles(told, response.country)
    return {pk: p for pk, p in told.items() if is_for(kind, p, response)}


def _channels(
    kind: Kind, people: Mapping[int, User], response: Response | None, at_most: Channel
) -> dict[int, Channel]:
    """Return how each person wants to be told by e-mail. One query."""
    chosen = chosen_channels(list(people.values()), kind)
    found = {}
    for pk, person in people.items():
        role = role_of(person, response.country_id) if response else None
        channel = chosen.get(pk) or default_channel(kind, role)
        found[pk] = at_most if channel == Channel.IMMEDIATE else channel
    return found


def _learn_roles(people: Mapping[int, User], country: Country) -> None:
    """Read the roles of all of them at once. One query."""
    rows = Membership.objects.filter(
        user__in=list(people), country=country, is_active=True
    )
    roles = dict(rows.values_list("user", "role"))
    for pk, person in people.items():
        person.told_roles[country.pk] = roles.get(pk, "")


def _supersede(
    kind: Kind,
    people: Iterable[int],
    response: Response | None,
    params: Params,
    now: datetime,
) -> None:
    same = Notification.objects.filter(
        kind=kind, person__in=list(people), response=response, read_at__isnull=True
    )
    place = params.get("place")
    if place:
        same = same.filter(params__place=place)
    else:
        same = same.filter(params__place__isnull=True)
    same.update(read_at=now)


@transaction.atomic
def read_notice(*, pk: int, by: User) -> Notification:
    """Mark a notice of one's own as read and return it. Twice is once.

    Raises Notification.DoesNotExist for another's.
    """
    notice = notices_of(by).get(pk=pk)
    Notification.objects.filter(pk=pk, read_at__isnull=True).update(
        read_at=timezone.now()
    )
    return notice


@transaction.atomic
def read_all_notices(*, until: int, by: User) -> int:
    """Mark one's own notices as read, up to the newest that was shown; return how many.

    What came after the page was shown stays unread.
    """
    return Notification.objects.filter(
        person=by, pk__lte=until, read_at__isnull=True
    ).update(read_at=timezone.now())


@transaction.atomic
def choose_channels(
    *, channels: Mapping[str, str], by: User, language: str | None = None
) -> None:
    """Keep how one wants to be told of each kind; what stays as it is is not written.

    Without a language that of the person stays.
    """
    now = channels_of(by)
    changed = {
        kind: Channel(channels[kind])
        for kind, channel in now.items()
        if kind in channels and channels[kind] != channel
    }
    _keep(by, changed)
    if language is not None and language != by.language:
        by.language = language
        User.objects.filter(pk=by.pk).update(language=language)


@transaction.atomic
def unsubscribe(*, person: User, kind: str = "") -> None:
    """End e-mails of one kind, or without it all that come once a day. Twice is once.

    Notices still appear on the site. What waits to be sent is not sent any more.
    """
    if kind:
        _keep(person, {Kind(kind): Channel.NONE})
        return
    daily = [
        k for k, channel in channels_of(person).items() if channel == Channel.DAILY
    ]
    _keep(person, dict.fromkeys(daily, Channel.NONE))
    _forget(person)


def _keep(person: User, channels: Mapping[Kind, Channel]) -> None:
    NotificationPreference.objects.bulk_create(
        [
            NotificationPreference(person=person, kind=kind, channel=channel)
            for kind, channel in channels.items()
        ],
        update_conflicts=True,
        unique_fields=["person", "kind"],
        update_fields=["channel"],
    )
    ended = [kind for kind, channel in channels.items() if channel == Channel.NONE]
    if ended:
        _forget(person, ended)


def _forget(person: User, kinds: Iterable[str] | None = None) -> None:
    """Let what waits for the day's e-mail wait no longer."""
    waiting = Notification.objects.filter(
        person=person, channel=Channel.DAILY, mailed_at__isnull=True
    )
    if kinds is not None:
        waiting = waiting.filter(kind__in=list(kinds))
    waiting.update(channel=Channel.NONE)
