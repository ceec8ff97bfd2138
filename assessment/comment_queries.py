"""Comments as they are read: threads with what was said, open points, and notes.

Internal notes come from `notes_for` alone, which gives them to people at UNSD only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from assessment.comparison import changed_cells
from assessment.compiled import Compiled, given
from assessment.models import (
    Comment,
    CommentThread,
    InternalNote,
    Response,
    Side,
    Submission,
    User,
)
from assessment.permissions import UNSD_ROLES, Action, may, role_of
from assessment.queries import Held, held_in
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Section


@dataclass(frozen=True, slots=True)
class Place:
    """What a comment is about: a section, a question, a matrix row or one cell."""

    section: Section
    address: Address

    def __str__(self) -> str:
        return str(self.address) if self.address.question else self.section.code


def place_in(instrument: Instrument, text: str) -> Place | None:
    """Return the place that `text` names: a section's code or an address; None if none."""
    section = instrument.section_by_code.get(text)
    if section is not None:
        return Place(section, Address(""))
    try:
        address = Address.parse(text)
    except ValueError:
        return None
    question = instrument.question_by_code.get(address.question)
    if question is None:
        return None
    is_row = not address.column and (
        not address.row or address.row in question.row_by_code or question.is_group
    )
    if not is_row and instrument.cell(address) is None:
        return None
    return Place(instrument.section_by_code[question.section], address)


@dataclass(frozen=True, slots=True)
class Said:
    """One comment; `number` is the submission it speaks of, None before the first.

    The text of a withdrawn one is empty.
    """

    pk: int
    side: str
    text: str
    by: str
    by_pk: int
    at: datetime
    number: int | None
    submission: int | None
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread with what was said in it, the first comment first."""

    thread: CommentThread
    comments: tuple[Said, ...]

    @property
    def standing(self) -> tuple[Said, ...]:
        return tuple(said for said in self.comments if not said.is_withdrawn)

    @property
    def is_resolved(self) -> bool:
        return self.thread.resolved_at is not None

    @property
    def is_open(self) -> bool:
        """Whether something is left to settle; of praise there never is."""
        is_praise = self.thread.kind == CommentThread.Kind.PRAISE
        return not self.is_resolved and not is_praise and bool(self.standing)

    @property
    def turn(self) -> str:
        """The side that is waited for, empty where nothing is open."""
        if not self.is_open:
            return ""
        return Side.COUNTRY if self.standing[-1].side == Side.UNSD else Side.UNSD

    @property
    def last_of_unsd(self) -> Said | None:
        """What UNSD said last; a reply has to come after it."""
        said = [one for one in self.standing if one.side == Side.UNSD]
        return said[-1] if said else None


_COMMENTS = Compiled(
    lambda: (
        Comment.objects.filter(thread__response=given("response"))
        .select_related("thread__resolved_by", "written_by")
        .annotate(number=F("submission__number"))
        .order_by("thread__opened_at", "thread", "written_at", "pk")
    )
)


def threads_of(response: Response) -> list[Thread]:
    """Return all threads, in the order of opening. One query.

    A thread of which everything was withdrawn stays among them, and is not open.
    """
    found: dict[int, tuple[CommentThread, list[Said]]] = {}
    for row in _COMMENTS.objects(response=response.pk):
        found.setdefault(row.thread_id, (row.thread, []))[1].append(_said(row))
    return [Thread(thread, tuple(said)) for thread, said in found.values()]


def _said(row: Comment) -> Said:
    is_withdrawn = row.withdrawn_at is not None
    return Said(
        pk=row.pk,
        side=row.side,
        text="" if is_withdrawn else row.text,
        by=row.written_by.name,
        by_pk=row.written_by_id,
        at=row.written_at,
        number=getattr(row, "number", None),
        submission=row.submission_id,
        is_withdrawn=is_withdrawn,
    )


def threads_shown(response: Response) -> list[Thread]:
    """Return the same for a page that was asked for just now. None where nothing was said."""
    return threads_of(response) if getattr(response, "has_comments", True) else []


def open_threads(threads: Iterable[Thread]) -> list[Thread]:
    return [thread for thread in threads if thread.is_open]


def asked_threads(threads: Iterable[Thread]) -> list[Thread]:
    """Return what is open and was begun by UNSD: it tells the country what to do."""
    return [one for one in open_threads(threads) if one.thread.side == Side.UNSD]


def comments_are_there(user: User, response: Response) -> bool:
    """Whether the comments of a response asked for just now exist for `user`. No query.

    At UNSD, before the first submission, they do only once the country has asked
    something: of a draft nothing else is theirs to see.
    """
    has_any = bool(getattr(response, "has_comments", True))
    return may(user, Action.VIEW, response) or (
        may(user, Action.READ_COMMENTS, response) and has_any
    )


def notes_for(user: User, response: Response) -> list[InternalNote]:
    """Return the internal notes that stand, for people at UNSD; for all others none.

    One query, none for people of the country.
    """
    if role_of(user, response.country_id) not in UNSD_ROLES:
        return []
    return list(
        InternalNote.objects.filter(response=response.pk, withdrawn_at__isnull=True)
        .select_related("written_by")
        .order_by("written_at", "pk")
    )


def notes_shown(user: User, response: Response) -> list[InternalNote]:
    """Return the same for a page that was asked for just now. None where none was written."""
    return notes_for(user, response) if getattr(response, "has_notes", True) else []


def side_of(user: User, response: Response) -> Side:
    """Return the side for which a person speaks. At most one query."""
    is_unsd = role_of(user, response.country_id) in UNSD_ROLES
    return Side.UNSD if is_unsd else Side.COUNTRY


@dataclass(frozen=True, slots=True)
class Point:
    """An open thread as the country's task; it is met by a reply or a changed answer."""

    thread: Thread
    has_reply: bool
    has_change: bool

    @property
    def is_met(self) -> bool:
        return self.has_reply or self.has_change

    @property
    def is_left(self) -> bool:
        """Whether it holds up the next submission."""
        return self.thread.thread.must_settle and not self.is_met


def points_of(
    threads: Sequence[Thread],
    section_of: Mapping[str, str],
    held: Mapping[Address, Held],
) -> list[Point]:
    """Return what UNSD asked and is still open, as tasks of the country.

    `held` are the live answers, compared with the submission of which UNSD spoke last;
    `section_of` gives the section of each question. At most one query.
    """
    asked = [t for t in threads if t.is_open and t.last_of_unsd is not None]
    changed = _changed_since(asked, held)
    points = []
    for thread in asked:
        last = thread.last_of_unsd
        assert last is not None  # noqa: S101  only such threads are asked
        after = thread.standing[thread.standing.index(last) + 1 :]
        cells = changed.get(last.submission or 0, frozenset())
        points.append(
            Point(
                thread,
                has_reply=any(said.side == Side.COUNTRY for said in after),
                has_change=any(
                    thread.thread.covers(section_of.get(cell.question, ""), cell)
                    for cell in cells
                ),
            )
        )
    return points


def _changed_since(
    threads: Iterable[Thread], held: Mapping[Address, Held]
) -> dict[int, frozenset[Address]]:
    """Return the cells that differ now from each submission of which UNSD spoke last."""
    numbers = {t.last_of_unsd.submission for t in threads if t.last_of_unsd}
    wanted = {number for number in numbers if number is not None}
    if not wanted:
        return {}
    found = Submission.objects.filter(pk__in=wanted).select_related("submitted_by")
    return {one.pk: changed_cells(held_in(one), held) for one in found}


def sections_by_question(instrument: Instrument) -> dict[str, str]:
    return {question.code: question.section for question in instrument.questions}
