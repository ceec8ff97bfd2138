"""What an open page learns while others work: changed cells, and who is there.

The cursor of a page is the number of revisions that its cells have had: as every change
adds one to a cell's revision, it is the sum of the revisions shown, and a page knows it
without a query.

Nothing is missed, whatever the number of processes. A save takes the lock of its response
before it writes, on PostgreSQL the row's, on SQLite the file's, and holds it until it is
committed; the ids of its revisions are drawn under that lock. So the revisions of one
response become visible in the order of their ids, what a reader sees is always a beginning
of that order, and "all after the first n" never skips one that was still under way. Ids of
other responses may overtake; they are not counted here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet, Subquery, Sum
from django.utils import timezone

from assessment.models import Answer, AnswerRevision, Presence, Response, User
from assessment.queries import Reading
from questionnaire.addresses import Address
from questionnaire.instrument import Section, Value

LARGEST_REVISION = (
    2**31 - 1
)  # that a column of revisions holds; a base may be any number
SEEN_FOR = timedelta(seconds=30)


class Before(NamedTuple):
    """What a cell held at the revision that somebody began from."""

    value: Value
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """A cell that changed, with what stands in it; `by_pk` is the id of who wrote it."""

    address: Address
    value: Value
    revision: int
    by: str
    by_pk: int
    at: datetime
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Present:
    """A person seen just now; the section is empty on the overview."""

    name: str
    section: str


@dataclass(frozen=True, slots=True)
class Pulse:
    """How many revisions there are, and who else is there."""

    total: int
    present: tuple[Present, ...]


def questions_of(section: Section) -> set[str]:
    return {question.code for question in section.questions}


def cursor_of(reading: Reading, section: Section) -> int:
    """Return the cursor of a page that shows a section as it was read. No query."""
    codes = questions_of(section)
    return sum(h.revision for a, h in reading.held.items() if a.question in codes)


def pulse(response: Response, user: User, questions: Collection[str] = ()) -> Pulse:
    """Return what an idle page asks for. One query.

    The number of revisions of `questions` comes with the rows of presence: a person who
    asks has one, since asking is a sign of presence.
    """
    rows = list(
        _seen(response)
        .annotate(total=Subquery(_total(response, questions)))
        .values_list("user_id", "user__name", "section", "total")
    )
    return Pulse(
        total=next((total or 0 for *_, total in rows), 0),
        present=tuple(
            Present(name, section) for pk, name, section, _ in rows if pk != user.pk
        ),
    )


def present_in(response: Response, user: User) -> dict[str, str]:
    """Return the names of the others who are there, by section. One query."""
    found: dict[str, list[str]] = {}
    for pk, name, section in _seen(response).values_list(
        "user_id", "user__name", "section"
    ):
        if pk != user.pk:
            found.setdefault(section, []).append(name)
    return {section: ", ".join(names) for section, names in found.items()}


def _seen(response: Response) -> QuerySet[Presence]:
    since = timezone.now() - SEEN_FOR
    return Presence.objects.filter(response=response.pk, seen_at__gt=since).order_by(
        "user__name", "user_id"
    )


def _total(response: Response, questions: Collection[str]) -> QuerySet[Answer, int]:
    cells = Answer.objects.filter(response=response.pk, question__in=questions)
    return (
        cells.order_by()
        .values("response")
        .annotate(total=Sum("revision"))
        .values_list("total", flat=True)
    )


def changes_after(
    response: Response, questions: Collection[str], cursor: int
) -> tuple[int, list[Changed]]:
    """Return the cursor after them, and the cells changed since `cursor`. One query.

    A cell that changed several times comes once, as it stands.
    """
    rows = (
        AnswerRevision.objects.filter(
            answer__response=response.pk, answer__question__in=questions
        )
        .order_by("pk")
        .values_list(
            "answer__question", "answer__row", "answer__column", "value", "revision",
            "changed_by__name", "changed_by", "changed_at", "is_confirmed",
        )[cursor:]
    )  # fmt: skip
    found = {}
    for question, row, column, value, revision, by, by_pk, at, confirmed in rows:
        address = Address(question, row, column)
        found[address] = Changed(address, value, revision, by, by_pk, at, confirmed)
        cursor += 1
    return cursor, list(found.values())


def value_at(response: Response, address: Address, revision: int) -> Value:
    """Return what stood in a cell at a revision. One query.

    Raises AnswerRevision.DoesNotExist.
    """
    found = values_at(response, {address: revision})
    if address not in found:
        raise AnswerRevision.DoesNotExist
    return found[address]


def values_at(
    response: Response, revisions: Mapping[Address, int]
) -> dict[Address, Value]:
    """Return what stood in cells at a revision each, as `befores_at` does."""
    found = befores_at(response, revisions)
    return {address: before.value for address, before in found.items()}


def befores_at(
    response: Response, revisions: Mapping[Address, int]
) -> dict[Address, Before]:
    """Return what cells held at a revision each; those that never were are left out.

    One query, none where there is nothing to ask for.
    """
    revisions = {a: r for a, r in revisions.items() if 0 < r <= LARGEST_REVISION}
    if not revisions:
        return {}
    rows = AnswerRevision.objects.filter(
        answer__response=response.pk,
        answer__question__in={address.question for address in revisions},
        revision__in=set(revisions.values()),
    ).values_list(
        "answer__question", "answer__row", "answer__column", "revision", "value",
        "is_confirmed",
    )  # fmt: skip
    return {
        Address(question, row, column): Before(value, is_confirmed)
        for question, row, column, revision, value, is_confirmed in rows
        if revisions.get(Address(question, row, column)) == revision
    }
