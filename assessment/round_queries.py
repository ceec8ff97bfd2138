"""What officers follow of a round, read in a few queries whatever the number of countries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Min, OuterRef, QuerySet, Subquery, Sum
from django.utils.functional import Promise
from django.utils.translation import get_language

from assessment.models import (
    Acceptance,
    Answer,
    Comment,
    CommentThread,
    CountryReminder,
    Membership,
    Response,
    Round,
    Side,
    Submission,
    User,
)
from assessment.notice_queries import unread_annotation
from assessment.permissions import GlobalAction, Role, may_globally
from assessment.queries import newest_translation, role_annotation

Status = Response.Status


@dataclass(frozen=True, slots=True)
class Totals:
    """The answers of a response as a whole: the sum of revisions, and the last change."""

    revisions: int = 0
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """The open comment threads of a response.

    `must` are those that must be settled, `for_unsd` wait for UNSD and `asked` are those
    of them that the country opened itself.
    """

    open: int = 0
    must: int = 0
    for_unsd: int = 0
    asked: int = 0

    @property
    def for_country(self) -> int:
        return self.open - self.for_unsd


NO_POINTS = Points()


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One country in a round, as officers follow it; progress in per cent.

    `turn` is the side that is waited for, empty for none. `active_at` is when the country
    last changed an answer, said something or submitted, `idle_days` whole days since.
    """

    response: Response
    progress: float | None
    last_change: datetime | None
    active_at: datetime | None
    idle_days: int | None
    first_submitted_at: datetime | None
    submitted_at: datetime | None
    accepted_at: datetime | None
    reminded_at: datetime | None
    points: Points
    turn: str
    is_readable: bool

    @property
    def can_be_reminded(self) -> bool:
        return self.response.is_editable


def rounds_with_instrument() -> QuerySet[Round]:
    """Return rounds with what names their instrument in the language that is active."""
    return (
        Round.objects.select_related("questionnaire__publication")
        .defer(
            "questionnaire__method",
            "questionnaire__introduction",
            "questionnaire__subtitle",
        )
        .annotate(stamp=newest_translation(get_language() or "en", "questionnaire"))
    )


def round_to_follow(code: str, reader: User) -> Round:
    """Return a round with what names its instrument. Raises Round.DoesNotExist. One query.

    The number of the reader's unread notices comes with it.
    """
    found: Round = (
        rounds_with_instrument()
        .annotate(unread=unread_annotation(reader))
        .get(code=code)
    )
    reader.told_unread = [getattr(found, "unread")]  # noqa: B009  an annotation
    return found


def followed_responses(round_: Round, user: User) -> list[Response]:
    """Return the responses of a round from `round_to_follow`, by country. One query.

    Each comes with its country, officer and kept progress, with what happened to it, and
    with the person's role in its country.
    """
    standing = Submission.objects.filter(
        response=OuterRef("pk"), withdrawn_at__isnull=True
    ).order_by("-number")
    said = Comment.objects.filter(
        thread__response=OuterRef("pk"), side=Side.COUNTRY, withdrawn_at__isnull=True
    )
    found: list[Response] = list(
        Response.objects.filter(round=round_)
        .select_related("country", "officer", "progress")
        .annotate(
            role=role_annotation(user.pk),
            submitted_at=Subquery(standing.values("submitted_at")[:1]),
            first_submitted_at=first_submission(),
            accepted_at=last_acceptance(),
            said_at=Subquery(
                said.order_by("-written_at").values("written_at")[:1],
            ),
            reminded_at=Subquery(
                CountryReminder.objects.filter(response=OuterRef("pk"))
                .order_by("-sent_at")
                .values("sent_at")[:1]
            ),
        )
        .order_by("country__name")
    )
    for response in found:
        response.round = round_
        setattr(response, "stamp", getattr(round_, "stamp", None))  # noqa: B010
        user.told_roles[response.country_id] = getattr(response, "role", None) or ""
    return found


def first_submission() -> Subquery:
    """Return when a response was first submitted, withdrawals left out; an annotation."""
    return Subquery(
        Submission.objects.filter(response=OuterRef("pk"), withdrawn_at__isnull=True)
        .order_by()
        .values("response")
        .annotate(first=Min("submitted_at"))
        .values("first")
    )


def last_acceptance() -> Subquery:
    """Return when a response was last accepted, reopened since or not; an annotation."""
    return Subquery(
        Acceptance.objects.filter(submission__response=OuterRef("pk"))
        .order_by()
        .values("submission__response")
        .annotate(last=Max("accepted_at"))
        .values("last")
    )


def answer_totals(round_: Round) -> dict[int, Totals]:
    """Return by response what its answers add up to. One query."""
    rows = (
        Answer.objects.filter(response__round=round_)
        .order_by()
        .values_list("response")
        .annotate(Sum("revision"), Max("changed_at"))
    )
    return {pk: Totals(revisions, at) for pk, revisions, at in rows}


def answers_by_response(
    responses: Sequence[int],
) -> QuerySet[Answer, tuple[int, str, str, str, Any, int, bool]]:
    """Return every cell of some responses as plain rows, a response at a time; lazily."""
    return (
        Answer.objects.filter(response__in=responses)
        .order_by("response")
        .values_list(
            "response_id", "question", "row", "column", "value", "revision", "is_confirmed"
        )
    )  # fmt: skip


def open_points(round_: Round) -> dict[int, Points]:
    """Return the open threads of each response that has any. One query.

    Open is what `comment_queries.Thread.is_open` says: neither resolved nor praise, and
    not wholly withdrawn.
    """
    rows = (
        Comment.objects.filter(
            thread__response__round=round_,
            thread__resolved_at__isnull=True,
            withdrawn_at__isnull=True,
        )
        .exclude(thread__kind=CommentThread.Kind.PRAISE)
        .order_by("thread", "written_at", "pk")
        .values_list(
            "thread__response", "thread", "thread__must_settle", "thread__side", "side"
        )
    )
    last: dict[int, tuple[int, bool, str, str]] = {}
    for response, thread, must, opened_by, side in rows:
        last[thread] = (response, must, opened_by, side)
    threads: dict[int, list[tuple[bool, str, str]]] = defaultdict(list)
    for response, must, opened_by, side in last.values():
        threads[response].append((must, opened_by, side))
    return {response: _points(found) for response, found in threads.items()}


def _points(threads: Sequence[tuple[bool, str, str]]) -> Points:
    for_unsd = [opened for _, opened, side in threads if side == Side.COUNTRY]
    return Points(
        open=len(threads),
        must=sum(must for must, _, _ in threads),
        for_unsd=len(for_unsd),
        asked=for_unsd.count(Side.COUNTRY),
    )


def turn_of(status: str, points: Points) -> str:
    """Return the side that is waited for, empty for none.

    A question of the country waits for UNSD in every status. What was returned waits for
    the country until it is submitted again; what was submitted waits for UNSD unless all
    that is open waits for the country.
    """
    if points.asked:
        return Side.UNSD
    if status == Status.RETURNED:
        return Side.COUNTRY
    if points.open:
        return Side.UNSD if points.for_unsd else Side.COUNTRY
    return Side.UNSD if status == Status.SUBMITTED else ""


def officers() -> QuerySet[User]:
    """Return the people who can be put in charge: all with a role at UNSD, by name."""
    roles = [role for role in Role if _may_be_in_charge(role)]
    return User.objects.filter(
        is_active=True, is_system=False, unsd_role__in=roles
    ).order_by("name", "pk")


def _may_be_in_charge(role: Role) -> bool:
    return may_globally(User(unsd_role=role), GlobalAction.FOLLOW_ROUNDS)


def coordinators_in(countries: Iterable[int]) -> Mapping[int, list[User]]:
    """Return the active coordinators of some countries, by country. One query."""
    found: dict[int, list[User]] = defaultdict(list)
    members = (
        Membership.objects.filter(
            country__in=list(countries),
            role=Role.COORDINATOR,
            is_active=True,
            user__is_active=True,
        )
        .select_related("user")
        .order_by("user__name", "user")
    )
    for member in members:
        found[member.country_id].append(member.user)
    return found


@dataclass(frozen=True, slots=True)
class Milestones:
    """What became of one country of a round: its first submission, its acceptance.

    An acceptance that was reopened since is none.
    """

    iso3: str
    name: str
    region: str
    subregion: str
    status: str
    submitted_at: datetime | None
    accepted_at: datetime | None

    @property
    def status_label(self) -> Promise | str:
        return Status(self.status).label


def milestones(round_: Round) -> list[Milestones]:
    """Return the countries of a round by region, sub-region and name. One query."""
    rows = (
        Response.objects.filter(round=round_)
        .annotate(first=first_submission(), last=last_acceptance())
        .order_by(F("country__region"), "country__subregion", "country__name")
        .values_list(
            "country__iso3", "country__name", "country__region", "country__subregion",
            "status", "first", "last",
        )
    )  # fmt: skip
    return [
        Milestones(*row[:-1], accepted_at=row[-1] if _is_accepted(row) else None)
        for row in rows
    ]


def _is_accepted(row: tuple[object, ...]) -> bool:
    return row[4] == Status.ACCEPTED
