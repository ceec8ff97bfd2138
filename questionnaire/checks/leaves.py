"""One leaf of a condition on answers: whether they exist and can occur."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from questionnaire.checks.parts import Fault
from questionnaire.checks.problems import Draft, listed, said
from questionnaire.conditions import (
    ALL_ROWS,
    MULTIPLE_OPERATORS,
    NUMERIC_OPERATORS,
    REFERENCE_OPERATORS,
)
from questionnaire.instrument import (
    CHOICE_KINDS,
    DK,
    DK_KINDS,
    NA,
    NUMBER_KINDS,
    Column,
    Condition,
    Question,
)

TRIGGER, WHEN = "trigger", "when"
MULTIPLE = "multiple_choice"


@dataclass(frozen=True)
class Use:
    """A condition and where it stands; `earlier` is set for `show_if` only."""

    owner: str
    key: str
    condition: Condition
    earlier: frozenset[str] | None = None


@dataclass(frozen=True)
class Asked:
    """What a leaf asks about: a column of `rows`, a plain question, a whole table."""

    question: Question
    part: Question | Column
    rows: tuple[str, ...]

    @property
    def is_table(self) -> bool:
        return not self.question.is_plain and self.part is self.question

    def words(self) -> set[str]:
        """Return the words that may stand here: choices, dk and na, fixed values."""
        words = {choice.value for choice in self.part.choices}
        words |= {word for word in (DK, NA) if self._offers(word)}
        fixed = (self.question.row_by_code[row].fixed for row in self.rows)
        return words | {f[self.part.code] for f in fixed if self.part.code in f}

    def _offers(self, word: str) -> bool:
        if self.question.is_group or self.part.kind not in DK_KINDS:
            return False
        return self.question.offers_dk if word == DK else self.part.allows_na


def values_of(leaf: Condition) -> list[Any]:
    value = leaf.get("value")
    return value if isinstance(value, list) else [value] if "value" in leaf else []


def is_known(value: Any, known: Container[str]) -> bool:
    return isinstance(value, str) and value in known


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def written(leaf: Condition) -> str:
    """Return a leaf as its author would say it."""
    row = leaf.get("row")
    rows = f"[{row if isinstance(row, str) else ', '.join(row)}]" if row else ""
    column = f".{leaf['col']}" if leaf.get("col") else ""
    value = f" {said(leaf['value'])}" if "value" in leaf else ""
    subject = leaf.get("q", leaf.get("gap", leaf.get("score")))
    return f"{subject}{rows}{column} {leaf['op']}{value}"


def question_faults(draft: Draft, use: Use, leaf: Condition) -> Iterator[Fault]:
    """Yield what is wrong with a leaf `{q: …}` whose operator is known."""
    asked = asked_by(draft, leaf)
    if isinstance(asked, Fault):
        yield asked
        return
    if use.earlier is not None and asked.question.code not in use.earlier:
        message = f"{asked.question.code} is not an earlier question."
        yield Fault(message, "Refer to questions that stand before this one.")
    elif isinstance(leaf.get("value"), dict):
        yield from _reference(draft, use, leaf, asked)
    else:
        yield from _operator(leaf, asked) or _answers(leaf, asked)


def asked_by(draft: Draft, leaf: Condition) -> Asked | Fault:
    questions = draft.instrument.question_by_code
    if not is_known(leaf["q"], questions):
        message = f"the question {said(leaf['q'])} does not exist."
        return Fault(message, "Correct the code.")
    question = questions[leaf["q"]]
    rows = _rows(leaf, question)
    if isinstance(rows, Fault):
        return rows
    if "col" not in leaf:
        fault = Fault(
            f"a row of {question.code} stands without a column.", "Add 'col'."
        )
        return fault if "row" in leaf else Asked(question, question, ())
    if not is_known(leaf["col"], question.column_by_code):
        message = f"{question.code} has no column {said(leaf['col'])}."
        known = listed(question.column_by_code)
        return Fault(message, f"Choose from: {known}." if known else "Remove 'col'.")
    return Asked(question, question.column_by_code[leaf["col"]], rows)


def _rows(leaf: Condition, question: Question) -> tuple[str, ...] | Fault:
    if "row" in leaf and not question.is_matrix:
        message = f"{question.code} is not a matrix and has no rows."
        return Fault(message, "Remove 'row'.")
    if question.is_matrix and "col" in leaf and "row" not in leaf:
        fault = f"a column of {question.code} stands without a row."
        return Fault(fault, "Add 'row', with '*' for all rows.")
    row = leaf.get("row", ALL_ROWS)
    if row == ALL_ROWS:
        return tuple(question.row_by_code)
    rows = row if isinstance(row, list) else [row]
    for code in rows:
        if not is_known(code, question.row_by_code):
            message = f"{question.code} has no row {said(code)}."
            return Fault(message, "Correct the code of the row.")
    return tuple(rows) or Fault("'row' is empty.", "Name a row, or '*' for all.")


def _operator(leaf: Condition, asked: Asked) -> list[Fault]:
    """Look whether the operator fits what is asked about."""
    operator, kind = leaf["op"], asked.part.kind
    if "value" not in leaf:
        return []
    if asked.is_table:
        message = f"{operator!r} does not fit the whole of {asked.question.code}."
        return [Fault(message, "Name a column with 'col'.")]
    if operator in NUMERIC_OPERATORS:
        fits = kind in NUMBER_KINDS
    else:
        fits = (operator in MULTIPLE_OPERATORS) == (kind == MULTIPLE)
    if fits:
        return []
    usual = "includes or excludes" if kind == MULTIPLE else "eq, ne, in or not_in"
    message = f"{operator!r} does not fit the kind {kind} of {written(leaf)}."
    return [Fault(message, f"Use {usual}.")]


def _answers(leaf: Condition, asked: Asked) -> Iterator[Fault]:
    """Look whether each value can be answered."""
    words, kind = asked.words(), asked.part.kind
    for value in values_of(leaf):
        if kind not in DK_KINDS:
            is_possible = isinstance(value, str)
        elif kind in CHOICE_KINDS:
            is_possible = is_known(value, words)
        elif leaf["op"] in NUMERIC_OPERATORS:
            is_possible = is_number(value)
        else:
            is_possible = is_number(value) or is_known(value, words)
        if not is_possible:
            message = f"{said(value)} cannot be answered in {written(leaf)}."
            numbers = "a number, " if kind in NUMBER_KINDS else ""
            yield Fault(message, f"Choose from: {numbers}{listed(words)}.")


def _reference(
    draft: Draft, use: Use, leaf: Condition, asked: Asked
) -> Iterator[Fault]:
    reference = leaf["value"]
    if use.key != WHEN:
        message = f"the value of {written(leaf)} is another answer."
        yield Fault(message, "Only consistency rules compare two answers.")
        return
    if leaf["op"] not in REFERENCE_OPERATORS:
        message = f"{leaf['op']!r} cannot compare two answers."
        yield Fault(message, f"Choose from: {listed(REFERENCE_OPERATORS)}.")
        return
    unknown = set(reference) - {"q", "row", "col", "add"}
    if unknown or "q" not in reference or type(reference.get("add", 0)) is not int:
        message = f"{said(reference)} does not name another answer."
        yield Fault(message, "Use q, row, col, and add with a whole number.")
        return
    other = asked_by(draft, reference)
    if isinstance(other, Fault):
        yield other
    elif not {asked.part.kind, other.part.kind} <= NUMBER_KINDS:
        message = f"{written(leaf)} compares answers that are not numbers."
        yield Fault(message, "Compare years, integers and decimals only.")
    elif other.rows and reference.get("row") not in other.rows:
        yield Fault(f"{said(reference)} names several rows.", "Name one row.")
