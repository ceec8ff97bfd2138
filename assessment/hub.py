"""What the hub and the check page show, computed from one reading of a response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.carried import CarriedOver
from questionnaire.addresses import Address
from questionnaire.conditions import is_blank
from questionnaire.consistency import (
    Contradiction,
    codes_in,
    contradictions,
    unexplained,
)
from questionnaire.instrument import Instrument, Question, Section, Value
from questionnaire.states import Missing, ResponseState

NOT_STARTED = "not_started"
IN_PROGRESS = "in_progress"
COMPLETE = "complete"
_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """A line of the task list; `completeness` 0 to 100, `missing` counts questions.

    `to_confirm` counts carried-over answers, `to_explain` those of the `warnings` that
    have no remark.
    """

    section: Section
    number: int
    completeness: float
    missing: int
    errors: int
    warnings: int
    status: str
    to_confirm: int = 0
    to_explain: int = 0

    @property
    def explained(self) -> int:
        return self.warnings - self.to_explain


@dataclass(frozen=True, slots=True)
class MissingLine:
    """A required question not wholly filled; `blank` counts its blank cells.

    `to_confirm` of them hold a carried-over answer.
    """

    question: Question
    section: Section
    first: Address
    blank: int
    to_confirm: int = 0


@dataclass(frozen=True, slots=True)
class NamedCell:
    """A cell named for people, and the section in which it is found.

    `code` is how a rule's message may call it.
    """

    address: Address
    name: str
    section: Section
    code: str = ""


@dataclass(frozen=True, slots=True)
class ContradictionLine:
    """A rule that fires, with its cells named for people and the remark given so far.

    `section` is that of the first question concerned; its note `remark_at` takes the
    remark. `cells` are what to name: a page leaves out the one at which it says so.
    """

    contradiction: Contradiction
    section: Section
    cells: tuple[NamedCell, ...]
    remark_at: Address
    remark: str

    @property
    def is_error(self) -> bool:
        return self.contradiction.rule.is_error

    @property
    def to_explain(self) -> bool:
        """Whether it is a warning that lacks its remark."""
        return not (self.is_error or self.remark)

    @property
    def level(self) -> str:
        """How it stands, as styles name it."""
        if self.is_error:
            return "error"
        return "explained" if self.remark else "warning"

    @property
    def main_cells(self) -> Sequence[NamedCell]:
        """The cells to name at once; the others on demand."""
        return self.cells[:_AT_ONCE] if len(self.cells) > _AT_ONCE + 1 else self.cells

    @property
    def more_cells(self) -> Sequence[NamedCell]:
        return self.cells[len(self.main_cells) :]


def section_of(instrument: Instrument, address: Address) -> Section:
    return instrument.section_by_code[
        instrument.question_by_code[address.question].section
    ]


def name_of(instrument: Instrument, address: Address) -> str:
    """Return the name of a cell for people: question, row and column."""
    question = instrument.question_by_code[address.question]
    parts = [question.short]
    if address.row in question.row_by_code:
        parts.append(question.row_by_code[address.row].short)
    if address.column in question.column_by_code:
        parts.append(question.column_by_code[address.column].label)
    return " · ".join(parts)


def progress_of(
    state: ResponseState, found: tuple[Contradiction, ...], carried: CarriedOver
) -> list[SectionProgress]:
    """Return the task list, a line a section. No query."""
    to_confirm = carried.by_section()
    left = {one.rule.code for one in unexplained(state, found)}
    started = {
        state.instrument.question_by_code[address.question].section
        for address, value in state.answers.items()
        if address.question in state.instrument.question_by_code and not is_blank(value)
    }
    lines = []
    for number, section in enumerate(state.instrument.sections, start=1):
        completeness = state.completeness([section])
        missing = len(state.missing([section]))
        here = [
            c
            for c in found
            if section_of(state.instrument, c.first).code == section.code
        ]
        status = IN_PROGRESS if section.code in started else NOT_STARTED
        lines.append(
            SectionProgress(
                section=section,
                number=number,
                completeness=100.0 if completeness is None else completeness,
                missing=missing,
                errors=sum(c.rule.is_error for c in here),
                warnings=sum(not c.rule.is_error for c in here),
                to_explain=sum(c.rule.code in left for c in here),
                status=COMPLETE if missing == 0 else status,
                to_confirm=to_confirm[section.code],
            )
        )
    return lines


def missing_lines(state: ResponseState, carried: CarriedOver) -> list[MissingLine]:
    """Return what is missing, in instrument order. No query."""
    waiting = frozenset(carried.addresses)
    return [_missing_line(state, missing, waiting) for missing in state.missing()]


def _missing_line(
    state: ResponseState, missing: Missing, waiting: frozenset[Address]
) -> MissingLine:
    question = missing.question
    if question.is_group:
        to_confirm = sum(a.question == question.code and bool(a.row) for a in waiting)
    else:
        to_confirm = sum(a in waiting for a in state.required_cells(question))
    section = state.instrument.section_by_code[question.section]
    return MissingLine(question, section, missing.first, missing.blank, to_confirm)


def contradiction_lines(state: ResponseState) -> list[ContradictionLine]:
    """Return the rules that fire, errors first. No query."""
    lines = [line_of(state, contradiction) for contradiction in contradictions(state)]
    return sorted(lines, key=lambda line: not line.is_error)


def line_of(state: ResponseState, contradiction: Contradiction) -> ContradictionLine:
    """Return a rule that fires with its cells named. No query."""
    instrument = state.instrument
    remark: Value = state.answers.get(contradiction.remark_at)
    told = codes_in(contradiction.rule.message)
    return ContradictionLine(
        contradiction=contradiction,
        section=section_of(instrument, contradiction.first),
        cells=tuple(
            NamedCell(
                cell,
                name_of(instrument, cell),
                section_of(instrument, cell),
                f"{cell.question} {cell.row}" if cell.row in told else cell.question,
            )
            for cell in contradiction.cells
        ),
        remark_at=contradiction.remark_at,
        remark=remark or "",
    )
