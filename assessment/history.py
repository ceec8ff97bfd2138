"""What happened to a response: each change of an answer, and each change of its status.

Read in pieces by a cursor, newest first, so that a long history costs what a short one
does. The value before a revision is asked for with it, never one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from assessment.hub import name_of
from assessment.models import AnswerRevision, Response, Transition, User, Via
from questionnaire.addresses import EVIDENCE, NOTE, Address
from questionnaire.instrument import Instrument, Question, Value
from questionnaire.wording import value_in_words

PAGE_SIZE = 50
STATUS = "status"  # the way of a transition, beside the ways of revisions


@dataclass(frozen=True, slots=True)
class Filters:
    """What to show; `since` and `until` are days in UTC, both included."""

    questions: frozenset[str] | None = None
    person: int | None = None
    since: date | None = None
    until: date | None = None
    way: str = ""
    address: Address | None = None

    @property
    def has_transitions(self) -> bool:
        is_about_answers = self.questions is not None or self.address is not None
        return not is_about_answers and self.way in ("", STATUS)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the history: what comes after it is older.

    A transition stands above the revisions of the same moment.
    """

    at: datetime
    is_transition: bool
    pk: int

    def __str__(self) -> str:
        kind = "t" if self.is_transition else "r"
        return f"{self.at.astimezone(UTC).isoformat()}_{kind}{self.pk}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """Return the cursor that `text` writes, or None."""
        moment, _separator, place = text.partition("_")
        kind, number = place[:1], place[1:]
        if kind not in ("t", "r") or not number.isdecimal() or len(number) > 18:
            return None
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:
            return None
        return None if at.tzinfo is None else cls(at, kind == "t", int(number))


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; a change of status has no address.

    `before` and `after` are in words, empty for blank. `is_confirmation` tells a value
    that was carried over and confirmed as it was.
    """

    cursor: Cursor
    by: str
    way: str
    before: str
    after: str
    title: str
    address: Address | None = None
    question: Question | None = None
    revision: int = 0
    value: Value = None
    is_confirmed: bool = True
    is_confirmation: bool = False
    message: str = ""

    @property
    def at(self) -> datetime:
        return self.cursor.at

    @property
    def way_label(self) -> str:
        return ways()[self.way]


def ways() -> dict[str, str]:
    """Return the name of every way, by its code."""
    return {STATUS: _("Change of status")} | {w.value: str(w.label) for w in Via}


def people_of(response: Response) -> list[tuple[int, str]]:
    """Return who changed answers or the status, by name. One query."""
    changed = AnswerRevision.objects.filter(answer__response=response.pk)
    moved = Transition.objects.filter(response=response.pk)
    people = User.objects.filter(
        Q(pk__in=changed.order_by().values("changed_by"))
        | Q(pk__in=moved.order_by().values("made_by"))
    )
    return [
        (pk, shown_name(name))
        for pk, name in people.order_by("name", "pk").values_list("pk", "name")
    ]


def shown_name(name: str) -> str:
    """Return a person's name; an e-mail address never stands in for it."""
    return name or _("Person without a name")


def events(
    response: Response,
    instrument: Instrument,
    filters: Filters,
    *,
    after: Cursor | None = None,
    limit: int | None = PAGE_SIZE,
) -> Iterator[Event]:
    """Yield what happened, newest first, older than `after`; all of it without `limit`.

    Two queries, one where no transition can be among them.
    """
    streams = []
    if filters.way != STATUS:
        revisions = _revisions(response, filters, after)
        rows = revisions[:limit] if limit else revisions.iterator(chunk_size=1000)
        streams.append(_revision_event(instrument, row) for row in rows)
    if filters.has_transitions:
        moves = _transitions(response, filters, after)
        streams.append(_transition_event(move) for move in moves[:limit])
    merged = merge(*streams, key=_place, reverse=True)
    for number, event in enumerate(merged):
        if limit is not None and number >= limit:
            return
        yield event


def _place(event: Event) -> tuple[datetime, bool, int]:
    return event.cursor.at, event.cursor.is_transition, event.cursor.pk


def _revisions(
    response: Response, filters: Filters, after: Cursor | None
) -> QuerySet[AnswerRevision, tuple[Any, ...]]:
    before = AnswerRevision.objects.filter(
        answer=OuterRef("answer"), revision=OuterRef("revision") - 1
    ).order_by()
    found = AnswerRevision.objects.filter(
        within("changed_at", filters.since, filters.until), answer__response=response.pk
    )
    if filters.questions is not None:
        found = found.filter(answer__question__in=filters.questions)
    if filters.address is not None:
        question, row, column = filters.address
        found = found.filter(
            answer__question=question, answer__row=row, answer__column=column
        )
    if filters.person is not None:
        found = found.filter(changed_by=filters.person)
    if filters.way:
        found = found.filter(via=filters.way)
    if after is not None:
        older = Q(changed_at__lt=after.at)
        same = {} if after.is_transition else {"pk__lt": after.pk}
        found = found.filter(older | Q(changed_at=after.at, **same))
    return (
        found.annotate(
            before=Subquery(before.values("value")[:1]),
            was_confirmed=Subquery(before.values("is_confirmed")[:1]),
        )
        .order_by("-changed_at", "-pk")
        .values_list(
            "pk", "changed_at", "changed_by__name", "answer__question", "answer__row",
            "answer__column", "revision", "before", "value", "was_confirmed",
            "is_confirmed", "via",
        )
    )  # fmt: skip


def _transitions(
    response: Response, filters: Filters, after: Cursor | None
) -> QuerySet[Transition]:
    found = Transition.objects.filter(
        within("made_at", filters.since, filters.until), response=response.pk
    )
    if filters.person is not None:
        found = found.filter(made_by=filters.person)
    if after is not None:
        same = Q(made_at=after.at, pk__lt=after.pk) if after.is_transition else Q()
        found = found.filter(Q(made_at__lt=after.at) | same)
    return found.select_related("made_by").order_by("-made_at", "-pk")


def within(field: str, since: date | None, until: date | None) -> Q:
    """Return the condition that a moment is within days of UTC, both included."""
    condition = Q()
    if since is not None:
        condition &= Q(**{f"{field}__gte": _midnight(since)})
    if until is not None and until < date.max:
        end = _midnight(until + timedelta(days=1))
        condition &= Q(**{f"{field}__lt": end})
    return condition


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _revision_event(instrument: Instrument, row: tuple[Any, ...]) -> Event:
    pk, at, name, question, item, column, number, before, value, was, now, via = row
    address = Address(question, item, column)
    return Event(
        cursor=Cursor(at, is_transition=False, pk=pk),
        by=shown_name(name),
        way=via,
        before=in_words(instrument, address, before),
        after=in_words(instrument, address, value),
        title=cell_name(instrument, address),
        address=address,
        question=instrument.question_by_code.get(question),
        revision=number,
        value=value,
        is_confirmed=now,
        is_confirmation=now and was is False and before == value,
    )


def _transition_event(move: Transition) -> Event:
    labels: Mapping[str, Any] = dict(Response.Status.choices)
    return Event(
        cursor=Cursor(move.made_at, is_transition=True, pk=move.pk),
        by=shown_name(move.made_by.name),
        way=STATUS,
        before=str(labels.get(move.from_status, "")),
        after=str(labels.get(move.to_status, move.to_status)),
        title=move.get_action_display(),
        message=move.message,
    )


def cell_name(instrument: Instrument, address: Address) -> str:
    """Return the name of a cell for people, of notes and documents too."""
    if address.question not in instrument.question_by_code:
        return str(address)
    name = name_of(instrument, address)
    reserved = {NOTE: _("Note"), EVIDENCE: _("Source documents")}
    more = reserved.get(address.column)
    return f"{name} · {more}" if more else name


def in_words(instrument: Instrument, address: Address, value: Value) -> str:
    """Return a value as people read it; documents with their web addresses."""
    if address.column == EVIDENCE and isinstance(value, list):
        return "\n".join(f"{d.get('title')} – {d.get('url')}" for d in value)
    return value_in_words(instrument, address, value)
