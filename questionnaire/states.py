"""What counts: which questions are shown, which cells are open, what they hold.

A stored answer of a hidden question or of a closed cell is ignored everywhere
(gap_method.md, 4). Pages, the check before submission, completeness and the analysis
all ask here. Nothing here imports Django.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from questionnaire.addresses import RESERVED_COLUMNS, Address
from questionnaire.conditions import addresses_asked, holds, is_blank, leaves
from questionnaire.instrument import DK, NA, Instrument, Question, Row, Section, Value

Answers = Mapping[Address, Value]


class CellState(enum.StrEnum):
    """gap_method.md, section 4."""

    ANSWERED = "answered"
    DONT_KNOW = DK
    NOT_APPLICABLE = NA
    BLANK = "blank"
    HIDDEN = "hidden"
    CLOSED = "closed"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Missing:
    """A required question that still lacks `blank` of its required cells.

    `first` is where to go; for a repeating group without items it is the question.
    """

    question: Question
    first: Address
    blank: int


class ResponseState:
    """One response read against its instrument.

    `answers` maps addresses to canonical values; blank ones may be left out. Notes and
    evidence cells are carried but never change a state.
    """

    def __init__(self, instrument: Instrument, answers: Answers) -> None:
        self.instrument = instrument
        self.answers: dict[Address, Value] = {
            address: value for address, value in answers.items() if not is_blank(value)
        }
        self._shown: dict[str, bool] = {}
        self._states: dict[Address, CellState] = {}
        self._values: dict[Address, Value] = {}
        for question in instrument.questions:
            self._shown[question.code] = self._is_shown(question)

    def changed(self, changes: Answers) -> ResponseState:
        """Return the state after `changes`, this one stays as it is.

        What is shown is found anew only if a condition asks what has changed.
        """
        answers = self.answers | dict(changes)
        questions = {address.question for address in changes}
        for question in self.instrument.questions:
            for leaf in leaves(question.show_if) if question.show_if else ():
                if leaf["q"] in questions:
                    return ResponseState(self.instrument, answers)
        found = ResponseState.__new__(ResponseState)
        found.instrument = self.instrument
        found.answers = {a: v for a, v in answers.items() if not is_blank(v)}
        found._shown, found._states, found._values = self._shown, {}, {}
        return found

    # What conditions ask (questionnaire.conditions.Facts)

    def value(self, address: Address) -> Value:
        """Return the answer as the instrument sees it: None while hidden or closed.

        Found once for each cell: consistency rules ask the same columns again and again.
        """
        if address in self._values:
            return self._values[address]
        value = self._value(address)
        if address.question in self._shown:  # else it is not known yet
            self._values[address] = value
        return value

    def _value(self, address: Address) -> Value:
        question = self.instrument.question_by_code.get(address.question)
        if question is None or not self._shown.get(question.code, False):
            return None
        if question.is_matrix and address.column not in RESERVED_COLUMNS:
            return self._matrix_value(question, address)
        if question.is_group and not address.column:
            return self.items(question) or None
        return self.answers.get(address)

    def rows(self, question: str) -> Sequence[str]:
        """Return the row codes of a matrix, or the item codes of a repeating group."""
        definition = self.instrument.question_by_code[question]
        if definition.is_group:
            return [item for item, _ in self.items_by_code(definition)]
        return tuple(definition.row_by_code)

    def gap_class(self, row: str) -> str | None:
        """Conditions on answers know no gaps; the analysis supplies them to triggers."""
        return None

    def score(self, code: str) -> float | None:
        """Conditions on answers know no scores; the analysis supplies them to triggers."""
        return None

    # Visibility

    def is_shown(self, question: Question) -> bool:
        return self._shown[question.code]

    def is_open(self, question: Question, row: Row) -> bool:
        """Return whether a row has anything to report; without a gate all rows are open."""
        if not question.gate:
            return True
        gate = self.answers.get(Address(question.code, row.code, question.gate))
        return isinstance(gate, str) and gate in question.gate_open

    def cell_state(self, address: Address) -> CellState:
        """Return the state of a plain question, a matrix cell or a field of an item.

        Found once for each cell: reports ask thousands of times.
        """
        state = self._states.get(address)
        if state is None:
            state = self._states[address] = self._cell_state(address)
        return state

    def _cell_state(self, address: Address) -> CellState:
        question = self.instrument.question_by_code[address.question]
        if not self._shown[question.code]:
            return CellState.HIDDEN
        if question.is_matrix:
            row = question.row_by_code[address.row]
            column = question.column_by_code[address.column]
            gated = column.is_gated and column.code != question.gate
            if gated and not self.is_open(question, row):
                return CellState.CLOSED
            if column.code in row.fixed:
                return CellState.FIXED
        value = self.answers.get(address)
        if value is None:
            return CellState.BLANK
        if question.is_group or self._is_text(question, address):
            return CellState.ANSWERED
        if value == DK:
            return CellState.DONT_KNOW
        return CellState.NOT_APPLICABLE if value == NA else CellState.ANSWERED

    @cached_property
    def assessment_year(self) -> int | None:
        """The year from which ages of data are counted; None if blank or unknown."""
        value = self.value(Address(self.instrument.assessment_year_question))
        return int(value) if isinstance(value, (int, float)) else None

    # Repeating groups

    def items_by_code(self, question: Question) -> list[tuple[str, dict[str, Value]]]:
        """Return the items of a group in the order of the answers given, with codes."""
        return [(code, dict(item)) for code, item in self._items[question.code].items()]

    def items(self, question: Question) -> list[dict[str, Value]]:
        """Return the items of a group as the analysis sees them: a list of mappings."""
        return [dict(item) for item in self._items[question.code].values()]

    @cached_property
    def _items(self) -> dict[str, dict[str, dict[str, Value]]]:
        groups = {q.code: q for q in self.instrument.questions if q.is_group}
        found: dict[str, dict[str, dict[str, Value]]] = {code: {} for code in groups}
        for address, value in self.answers.items():
            group = groups.get(address.question)
            if (
                group is None
                or address.column not in group.column_by_code
                or not address.row
            ):
                continue
            found[group.code].setdefault(address.row, {})[address.column] = value
        return found

    # Completeness (gap_method.md, section 9)

    def required_cells(self, question: Question) -> list[Address]:
        """Return the cells of a shown matrix or plain question that should be filled."""
        if not question.is_matrix:
            return [Address(question.code)]
        required = [column.code for column in question.columns if column.is_required]
        addresses = (
            Address(question.code, row.code, code)
            for row in question.rows
            for code in required
        )
        left_out = (CellState.CLOSED, CellState.FIXED)
        return [
            address for address in addresses if self.cell_state(address) not in left_out
        ]

    def filled_share(self, question: Question) -> float:
        """Return the share of a shown required question that is filled, 0 to 1."""
        if question.is_group:
            return float(len(self._items[question.code]) >= max(1, question.min_items))
        cells = self.required_cells(question)
        if not cells:
            return 1.0
        return sum(address in self.answers for address in cells) / len(cells)

    def counted(self, sections: Sequence[Section] | None = None) -> Iterator[Question]:
        """Yield the shown required questions of `sections`, or of the whole instrument."""
        for section in self.instrument.sections if sections is None else sections:
            for question in section.questions:
                if question.is_required and self._shown[question.code]:
                    yield question

    def completeness(self, sections: Sequence[Section] | None = None) -> float | None:
        """Return the completeness, 0 to 100; None where nothing is counted."""
        shares = [self.filled_share(question) for question in self.counted(sections)]
        return 100 * sum(shares) / len(shares) if shares else None

    def missing(self, sections: Sequence[Section] | None = None) -> list[Missing]:
        """Return the required questions that are not wholly filled, in instrument order."""
        found = []
        for question in self.counted(sections):
            if question.is_group:
                if self.filled_share(question) < 1:
                    found.append(Missing(question, Address(question.code), 1))
                continue
            blank = [a for a in self.required_cells(question) if a not in self.answers]
            if blank:
                found.append(Missing(question, blank[0], len(blank)))
        return found

    def evidence(self, question: Question) -> list[dict[str, Any]]:
        """Return the titles and addresses of documents given for a question or its rows."""
        found: list[dict[str, Any]] = []
        for row in ("", *question.row_by_code):
            found.extend(
                self.answers.get(Address(question.code, row, "@evidence")) or ()
            )
        return found

    # Inside

    def _is_shown(self, question: Question) -> bool:
        return question.show_if is None or holds(question.show_if, self)

    def hidden_because(self, question: Question) -> list[Address]:
        """Return the addresses that the condition of a question asks about."""
        return (
            [] if question.show_if is None else addresses_asked(question.show_if, self)
        )

    def _matrix_value(self, question: Question, address: Address) -> Value:
        if not address.row or not address.column:
            return self._whole_matrix(question)
        row = question.row_by_code.get(address.row)
        if row is None:
            return None
        state = self.cell_state(address)
        if state is CellState.FIXED:
            return row.fixed[address.column]
        return None if state is CellState.CLOSED else self.answers.get(address)

    def _whole_matrix(self, question: Question) -> Value:
        return [
            address
            for address in self.answers
            if address.question == question.code
            and address.column in question.column_by_code
        ] or None

    @staticmethod
    def _is_text(question: Question, address: Address) -> bool:
        kind = question.kind
        if question.is_matrix:
            kind = question.column_by_code[address.column].kind
        return kind not in {
            "yes_no",
            "single_choice",
            "multiple_choice",
            "integer",
            "decimal",
            "year",
        }
