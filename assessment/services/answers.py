"""The one way to save answers. Every way in calls `save_changes`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.models import Answer, AnswerRevision, Response, User, Via
from assessment.permissions import Action, may, may_ever
from assessment.queries import answers_by_address, instrument_of
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
    """The value cannot be stored, or the address is not one; nothing was changed."""

    address: Address
    errors: list[str]
    raw: Any = None

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
    any more and RoleForbids if the person never may. Two queries to lock and read, two
    or three to write.
    """
    lock_open(response, by)
    instrument = instrument_of(response)
    year_question = instrument.assessment_year_question
    questions = {change.address.question for change in changes} | {year_question}
    judge = _Judge(
        instrument=instrument,
        answers=answers_by_address(response, questions),
        round_year=response.round.year,
        is_confirmed=is_confirmed,
    )
    outcomes = [judge.outcome(change) for change in changes]
    saved = [o for o in outcomes if isinstance(o, Saved) and o.is_new]
    _write(response, saved, judge.answers, by=by, via=via, is_confirmed=is_confirmed)
    return outcomes


def lock_open(response: Response, by: User) -> None:
    """Lock the response's row and check again that `by` may edit it. One query.

    On SQLite the transaction itself is the lock. The fresh status is copied to `response`.
    """
    row = (
        Response.objects.select_for_update(of=("self",))
        .select_related("round")
        .get(pk=response.pk)
    )
    response.status = row.status
    response.round.closed_at = row.round.closed_at
    if not may_ever(by, Action.EDIT, response):
        raise RoleForbids
    if not may(by, Action.EDIT, response):
        message = _("This response is %(status)s. Changes are no longer accepted.")
        raise ResponseClosed(
            response.status, message % {"status": response.get_status_display().lower()}
        )
    if not row.round.is_open:
        raise ResponseClosed(
            "closed", _("The round is closed. Changes are no longer accepted.")
        )


@dataclass
class _Judge:
    """Judges changes one by one against what stands; reads nothing, writes nothing."""

    instrument: Instrument
    answers: dict[Address, Answer]
    round_year: int
    is_confirmed: bool
    new_items: dict[str, set[str]] = field(default_factory=dict)

    def outcome(self, change: Change) -> Outcome:
        address = change.address
        problem = self._unknown(address)
        if problem:
            return Invalid(address, [problem], change.value)
        cell = self.instrument.cell(address)
        assert cell is not None  # noqa: S101  an unknown address was refused above
        try:
            value = canonical(cell, change.value, assessment_year=self._year(address))
        except InvalidValue as invalid:
            return Invalid(address, invalid.messages, change.value)
        question = self.instrument.question_by_code[address.question]
        if (
            question.is_group
            and value is not None
            and self._is_one_too_many(question, address)
        ):
            message = _("At most %(maximum)s entries can be given here.")
            return Invalid(
                address, [message % {"maximum": question.max_items}], change.value
            )
        return self._compared(change, value)

    def _compared(self, change: Change, value: Value) -> Outcome:
        held = self.answers.get(change.address)
        revision = held.revision if held else 0
        current = held.value if held else None
        is_same = _is_equal(value, current)
        if is_same and (held is None or held.is_confirmed or not self.is_confirmed):
            return Saved(change.address, revision, current, is_new=False)
        if change.base != revision:
            by, at = (held.changed_by.name, held.changed_at) if held else ("", None)
            return Conflict(change.address, current, revision, by, at, value)
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
        held = self.answers.get(Address(code))
        if address.question == code or held is None or not isinstance(held.value, int):
            return self.round_year
        return held.value

    def _is_one_too_many(self, question: Question, address: Address) -> bool:
        if address.column not in question.column_by_code:
            return False
        items = {
            a.row
            for a, held in self.answers.items()
            if a.question == question.code and a.row and not is_blank(held.value)
        } | self.new_items.setdefault(question.code, set())
        if address.row in items:
            return False
        if len(items) >= question.max_items:
            return True
        self.new_items[question.code].add(address.row)
        return False


def _is_equal(one: Value, other: Value) -> bool:
    """Compare canonical values; True is never 1 here, but a list may equal a list."""
    return (type(one) is type(other) and bool(one == other)) or _same_number(one, other)


def _same_number(one: Value, other: Value) -> bool:
    numbers = (int, float)
    return isinstance(one, numbers) and isinstance(other, numbers) and one == other


def _write(
    response: Response,
    saved: Sequence[Saved],
    answers: dict[Address, Answer],
    *,
    by: User,
    via: Via,
    is_confirmed: bool,
) -> None:
    now = timezone.now()
    new, changed = [], []
    for outcome in saved:
        answer = answers.get(outcome.address)
        if answer is None:
            question, row, column = outcome.address
            answer = Answer(
                response=response, question=question, row=row, column=column
            )
            new.append(answer)
        else:
            changed.append(answer)
        answer.value = outcome.value
        answer.revision = outcome.revision
        answer.is_confirmed = is_confirmed
        answer.changed_by = by
        answer.changed_at = now
    if new:
        Answer.objects.bulk_create(new)
    if changed:
        fields = ["value", "revision", "is_confirmed", "changed_by", "changed_at"]
        Answer.objects.bulk_update(changed, fields)
    AnswerRevision.objects.bulk_create(
        AnswerRevision(
            answer=answer,
            revision=answer.revision,
            value=answer.value,
            is_confirmed=is_confirmed,
            via=via,
            changed_by=by,
            changed_at=now,
        )
        for answer in (*new, *changed)
    )
