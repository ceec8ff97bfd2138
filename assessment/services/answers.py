"""The one way to save answers. Every way in calls `save_changes`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.compiled import Compiled, given, insert_one, update_one
from assessment.delegation_queries import Territory, territory_to_save
from assessment.models import Answer, AnswerRevision, Response, User, Via
from assessment.origin import current_origin
from assessment.permissions import Action, may, may_ever
from assessment.queries import Held, held_answer, held_answers, instrument_of
from assessment.refusals import ResponseClosed, RoleForbids
from questionnaire.addresses import Address
from questionnaire.conditions import is_blank
from questionnaire.instrument import Instrument, Question, Value
from questionnaire.values import InvalidValue, canonical

ITEM_CODE = re.compile(r"(?:[a-z0-9]{8}|i[1-9][0-9]{0,2})")


@dataclass(frozen=True, slots=True)
class Change:
    """A new value for one cell; `base` is the revision it was based on, 0 before the first."""

    address: Address
    value: Any
    base: int


@dataclass(frozen=True, slots=True)
class Saved:
    """The value stands at `revision`; `is_new` is false if it did already."""

    address: Address
    revision: int
    value: Value
    is_new: bool

    def as_json(self) -> dict[str, Any]:
        return _named(self.address) | {"status": "saved", "revision": self.revision}


@dataclass(frozen=True, slots=True)
class Conflict:
    """The answer moved on since the base revision; nothing was changed."""

    address: Address
    value: Value
    revision: int
    by: str
    at: datetime | None
    mine: Value
    base: int = 0

    def as_json(self) -> dict[str, Any]:
        current = {
            "value": self.value,
            "revision": self.revision,
            "by": self.by,
            "at": as_utc(self.at),
        }
        return _named(self.address) | {"status": "conflict", "current": current}


@dataclass(frozen=True, slots=True)
class Invalid:
    """The value cannot be stored, the address is not one or not theirs; nothing was changed.

    `raw` and `base` are those of the change, so that a form can be shown again with both.
    """

    address: Address
    errors: list[str]
    raw: Any = None
    base: int = 0

    def as_json(self) -> dict[str, Any]:
        return _named(self.address) | {"status": "invalid", "errors": self.errors}


Outcome = Saved | Conflict | Invalid


def as_utc(moment: datetime | None) -> str | None:
    """Return ISO 8601 in UTC with `Z`, to the second."""
    if moment is None:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _named(address: Address) -> dict[str, Any]:
    return {"question": address.question, "row": address.row, "column": address.column}


@transaction.atomic
def save_changes(
    *,
    response: Response,
    changes: Sequence[Change],
    by: User,
    via: Via,
    is_confirmed: bool = True,
) -> list[Outcome]:
    """Apply each change whose answer is still at its base revision.

    The outcomes are in the order of `changes`. A conflict or an invalid value leaves its
    cell as it was and does not stop the others. `response` comes from
    `responses_with_instrument`. Raises ResponseClosed if the response may not be edited
    any more and RoleForbids if the person never may. What is delegated to others is
    invalid. Two queries to lock and read, one more where the person has only a part; two
    to write.
    """
    lock_open(response, by)
    instrument = instrument_of(response)
    judge = _Judge(
        instrument=instrument,
        territory=territory_to_save(by, response, instrument),
        held=_held_cells(response, instrument, changes),
        round_year=response.round.year,
        is_confirmed=is_confirmed,
    )
    outcomes = [judge.outcome(change) for change in changes]
    saved = [o for o in outcomes if isinstance(o, Saved) and o.is_new]
    if saved:
        _write(response, saved, judge.held, by=by, via=via, is_confirmed=is_confirmed)
    return outcomes


def judged(response: Response, address: Address, value: Any) -> Saved | Invalid:
    """Return what saving `value` over what stands would say; nothing is written. One query."""
    instrument = instrument_of(response)
    held = _held_cells(response, instrument, [Change(address, value, 0)])
    base = held[address].revision if address in held else 0
    judge = _Judge(
        instrument,
        Territory(instrument),
        held,
        response.round.year,
        is_confirmed=True,
    )
    outcome = judge.outcome(Change(address, value, base))
    assert not isinstance(outcome, Conflict)  # noqa: S101  it is based on what stands
    return outcome


def _held_cells(
    response: Response, instrument: Instrument, changes: Sequence[Change]
) -> dict[Address, Held]:
    """Return the cells that changes are judged by: their own, for years the assessment's.

    Of a repeating group all items, since their number is limited. Codes of a stranger
    may be any text and are left out. One query.
    """
    cells = [(c.address, instrument.cell(c.address)) for c in changes]
    groups = {
        a.question
        for a, cell in cells
        if cell and instrument.question_by_code[a.question].is_group
    }
    single = [a for a, cell in cells if cell and a.question not in groups]
    if any(cell and cell.kind == "year" for _, cell in cells):
        single.append(Address(instrument.assessment_year_question))
    if len(single) == 1 and not groups:  # what the autosave mostly sends
        return held_answer(response, single[0])
    asked = Q(
        question__in={a.question for a in single},
        row__in={a.row for a in single},
        column__in={a.column for a in single},
    )
    return held_answers(response, asked | Q(question__in=groups) if groups else asked)


def lock_open(response: Response, by: User, action: Action = Action.EDIT) -> None:
    """Lock the response's row and check again that `by` may act on it. One query.

    On SQLite the transaction itself is the lock. The fresh status is copied to `response`.
    """
    for status, opened_at, closed_at, mode in _LOCKED.rows(response=response.pk):
        response.status = status
        setattr(response, "team_mode", mode)  # noqa: B010  as an annotation would be
        response.round.opened_at = opened_at
        response.round.closed_at = closed_at
    refuse_closed(response, by, action)


_LOCKED = Compiled(
    lambda: (
        Response.objects.order_by()
        .select_for_update(of=("self",))
        .filter(pk=given("response"))
        .values_list(
            "status", "round__opened_at", "round__closed_at", "country__team__mode"
        )
    )
)


def refuse_closed(response: Response, by: User, action: Action = Action.EDIT) -> None:
    """Raise RoleForbids or ResponseClosed unless `by` may act on `response` as it is."""
    if not may_ever(by, action, response):
        raise RoleForbids
    if not may(by, action, response):
        message = _("This response is %(status)s. Changes are no longer accepted.")
        raise ResponseClosed(
            response.status, message % {"status": response.get_status_display().lower()}
        )
    if not response.round.is_open:
        raise ResponseClosed(
            "closed", _("The round is closed. Changes are no longer accepted.")
        )


@dataclass
class _Judge:
    """Judges changes one by one against what stands; reads nothing, writes nothing."""

    instrument: Instrument
    territory: Territory
    held: dict[Address, Held]
    round_year: int
    is_confirmed: bool
    filled: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    def outcome(self, change: Change) -> Outcome:
        address = change.address
        problem = self.territory.refusal(address) or self._unknown(address)
        if problem:
            return Invalid(address, [problem], change.value, change.base)
        cell = self.instrument.cell(address)
        assert cell is not None  # noqa: S101  an unknown address was refused above
        try:
            value = canonical(cell, change.value, assessment_year=self._year(address))
        except InvalidValue as invalid:
            return Invalid(address, invalid.messages, change.value, change.base)
        question = self.instrument.question_by_code[address.question]
        if (
            question.is_group
            and value is not None
            and self._is_one_too_many(question, address)
        ):
            message = _("At most %(maximum)s entries can be given here.")
            errors = [message % {"maximum": question.max_items}]
            return Invalid(address, errors, change.value, change.base)
        outcome = self._compared(change, value)
        if question.is_group and isinstance(outcome, Saved):
            self._fill(question, outcome)
        return outcome

    def _compared(self, change: Change, value: Value) -> Outcome:
        held = self.held.get(change.address)
        revision = held.revision if held else 0
        current = held.value if held else None
        is_same = _is_equal(value, current)
        if is_same and (held is None or held.is_confirmed or not self.is_confirmed):
            return Saved(change.address, revision, current, is_new=False)
        if change.base != revision:
            by, at = (held.by, held.at) if held else ("", None)
            return Conflict(
                change.address, current, revision, by, at, value, change.base
            )
        return Saved(change.address, revision + 1, value, is_new=True)

    def _unknown(self, address: Address) -> str:
        if self.instrument.cell(address) is None:
            return _("This question, row or column is not part of the questionnaire.")
        question = self.instrument.question_by_code[address.question]
        is_item = question.is_group and address.column in question.column_by_code
        if is_item and not ITEM_CODE.fullmatch(address.row):
            return _("This is not the code of an entry.")
        return ""

    def _year(self, address: Address) -> int:
        """Return the year that limits other years: the round's, for that question itself."""
        code = self.instrument.assessment_year_question
        held = self.held.get(Address(code))
        if address.question == code or held is None or not held.is_confirmed:
            return self.round_year
        return held.value if isinstance(held.value, int) else self.round_year

    def _is_one_too_many(self, question: Question, address: Address) -> bool:
        if address.column not in question.column_by_code:
            return False
        items = self._items(question)
        return address.row not in items and len(items) >= question.max_items

    def _items(self, question: Question) -> dict[str, set[str]]:
        """Return the filled fields of each item, as the changes judged so far leave them."""
        if question.code not in self.filled:
            items = self.filled[question.code] = {}
            for address, held in self.held.items():
                is_field = address.column in question.column_by_code
                if (
                    address.question == question.code
                    and is_field
                    and not is_blank(held.value)
                ):
                    items.setdefault(address.row, set()).add(address.column)
        return self.filled[question.code]

    def _fill(self, question: Question, saved: Saved) -> None:
        _question, item, column = saved.address
        if column not in question.column_by_code:
            return
        items = self._items(question)
        if not is_blank(saved.value):
            items.setdefault(item, set()).add(column)
        elif item in items:
            items[item].discard(column)
            if not items[item]:
                del items[item]


def _is_equal(one: Value, other: Value) -> bool:
    """Compare canonical values; True is never 1 here, but a list may equal a list."""
    return (type(one) is type(other) and bool(one == other)) or _same_number(one, other)


def _same_number(one: Value, other: Value) -> bool:
    numbers = (int, float)
    return isinstance(one, numbers) and isinstance(other, numbers) and one == other


def _write(
    response: Response,
    saved: Sequence[Saved],
    held: dict[Address, Held],
    *,
    by: User,
    via: Via,
    is_confirmed: bool,
) -> None:
    now, origin = timezone.now(), current_origin()
    stamp = {"is_confirmed": is_confirmed, "changed_by": by, "changed_at": now}
    answers = [
        Answer(
            pk=held[outcome.address].pk if outcome.address in held else None,
            response=response,
            **outcome.address._asdict(),
            value=outcome.value,
            revision=outcome.revision,
            **stamp,
        )
        for outcome in saved
    ]
    if (
        len(answers) == 1 and answers[0].pk is not None
    ):  # what the autosave mostly sends
        update_one(answers[0], ("value", "revision", *stamp))
    else:
        _write_many(answers, ("value", "revision", *stamp))
    revisions = [
        AnswerRevision(
            answer=answer,
            value=answer.value,
            revision=answer.revision,
            via=via,
            ip=origin.ip,
            request_id=origin.request_id,
            **stamp,
        )
        for answer in answers
    ]
    if len(revisions) == 1:
        insert_one(revisions[0])
    else:
        AnswerRevision.objects.bulk_create(revisions)


def _write_many(answers: Sequence[Answer], fields: Sequence[str]) -> None:
    """Write new and changed answers in one statement: the address tells them apart."""
    for answer in answers:
        answer.pk = None
    Answer.objects.bulk_create(
        answers,
        update_conflicts=True,
        unique_fields=["response", "question", "row", "column"],
        update_fields=fields,
    )
