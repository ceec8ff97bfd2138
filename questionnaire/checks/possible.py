"""What a cell may still hold once conditions have been laid on it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from questionnaire.addresses import Address
from questionnaire.checks.formulas import Atom
from questionnaire.checks.leaves import is_number
from questionnaire.instrument import (
    DK,
    NA,
    NUMBER_KINDS,
    RESERVED_VALUES,
    Cell,
    Instrument,
)

BLANK = "(blank)"
SOME = "(some)"
YEAR_FROM = 1900
# Numbers have at most six decimals (contracts: canonical value by type).
SMALLEST_STEP = 1e-6
OPPOSITE = {"lt": "gte", "lte": "gt", "gt": "lte", "gte": "lt"}


@dataclass(frozen=True)
class Possible:
    """`words` are the words a cell may hold, blank among them.

    `SOME` among them means: some number from `low` to `high` in `step`s, some text, or
    some list of `choices` with all of `must` and none of `must_not`.
    """

    words: frozenset[str]
    low: float = -math.inf
    high: float = math.inf
    step: float = 1
    choices: frozenset[str] = frozenset()
    exclusive: frozenset[str] = frozenset()
    must: frozenset[str] = frozenset()
    must_not: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.words - {SOME} or (SOME in self.words and self._has_some))

    @property
    def _has_some(self) -> bool:
        if self.choices and not self._has_list:
            return False
        return self.low <= self.high

    @property
    def _has_list(self) -> bool:
        is_alone = len(self.must) == 1 or not self.must & self.exclusive
        return (
            is_alone
            and not self.must & self.must_not
            and bool(self.choices - self.must_not)
        )


def any_answer(instrument: Instrument, address: Address) -> Possible:
    """Return what the cell may hold as far as its definition goes."""
    question = instrument.question_by_code[address.question]
    cell = instrument.cell(address)
    assert cell is not None  # noqa: S101  the condition is well formed
    if cell.is_fixed:
        fixed = question.row_by_code[address.row].fixed[address.column]
        return Possible(frozenset({BLANK, fixed}))
    words = {BLANK}
    if cell.allows_dk and question.offers_dk:
        words.add(DK)
    if cell.allows_na:
        words.add(NA)
    return _of_kind(cell, frozenset(words))


def _of_kind(cell: Cell, words: frozenset[str]) -> Possible:
    choices = frozenset(choice.value for choice in cell.choices)
    if cell.kind == "multiple_choice":
        exclusive = frozenset(c.value for c in cell.choices if c.is_exclusive)
        return Possible(words | {SOME}, choices=choices, exclusive=exclusive)
    if cell.kind in NUMBER_KINDS:
        least = YEAR_FROM if cell.kind == "year" else -math.inf
        return Possible(
            words | {SOME},
            low=least if cell.minimum is None else cell.minimum,
            high=math.inf if cell.maximum is None else cell.maximum,
            step=SMALLEST_STEP if cell.kind == "decimal" else 1,
        )
    return Possible(words | (choices or {SOME}))


def narrowed(possible: Possible, atom: Atom) -> Possible:
    """Return what is left of `possible`; more than is really left, never less."""
    operator = atom.operator
    if operator in {"answered", "not_answered"}:
        is_blank = (operator == "not_answered") == atom.is_true
        return _only(possible, {BLANK}) if is_blank else _without(possible, {BLANK})
    if isinstance(atom.value, dict):
        return _only(possible, {SOME}) if atom.is_true else possible
    if operator in OPPOSITE:
        return _compared(possible, operator, atom.value, atom.is_true)
    if operator in {"in", "not_in"}:
        return _in(
            possible, atom.value, (operator == "in") == atom.is_true, atom.is_true
        )
    wants = (operator == "includes") == atom.is_true
    return _includes(possible, atom.value, wants, atom.is_true)


def _only(possible: Possible, words: set[str]) -> Possible:
    return replace(possible, words=possible.words & words)


def _without(possible: Possible, words: set[str]) -> Possible:
    return replace(possible, words=possible.words - words)


def _compared(
    possible: Possible, operator: str, limit: float, is_true: bool
) -> Possible:
    """Keep blank, dk and na besides the other numbers where the leaf is false."""
    left = _only(possible, {SOME}) if is_true else possible
    operator = operator if is_true else OPPOSITE[operator]
    step = possible.step
    if operator == "lt":
        return replace(left, high=min(left.high, math.ceil(limit / step) * step - step))
    if operator == "gt":
        return replace(left, low=max(left.low, math.floor(limit / step) * step + step))
    if operator == "lte":
        return replace(left, high=min(left.high, limit))
    return replace(left, low=max(left.low, limit))


def _in(
    possible: Possible, values: tuple[Any, ...], wants: bool, is_true: bool
) -> Possible:
    """Keep `values` if it `wants` them, else the others; blank where it is false."""
    words = {value for value in values if isinstance(value, str)} & possible.words
    numbers = [value for value in values if is_number(value)]
    texts = {value for value in values if isinstance(value, str)} - RESERVED_VALUES
    if not wants:
        return _without(possible, words | ({BLANK} if is_true else set()))
    if numbers or (texts - words and SOME in possible.words):
        words.add(SOME)
    left = _only(possible, words | (set() if is_true else {BLANK}))
    if not numbers:
        return left
    lowest, highest = min(numbers), max(numbers)
    return replace(left, low=max(left.low, lowest), high=min(left.high, highest))


def _includes(possible: Possible, value: str, wants: bool, is_true: bool) -> Possible:
    """Demand that a list `wants` or avoids `value`; keep blank where it is false."""
    blank = set() if is_true else {BLANK}
    if value in RESERVED_VALUES:
        if wants:
            return _only(possible, {value} | blank)
        return _without(possible, {value} | ({BLANK} - blank))
    if wants:
        left = _only(possible, {SOME} | blank)
        return replace(left, must=possible.must | {value})
    left = _without(possible, {BLANK} - blank)
    return replace(left, must_not=possible.must_not | {value})
