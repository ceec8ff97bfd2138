"""What the hub and the check page show, computed from one reading of a response."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.carried import CarriedOver
from questionnaire.addresses import NOTE, Address
from questionnaire.conditions import is_blank
from questionnaire.consistency import Contradiction, contradictions
from questionnaire.instrument import Instrument, Question, Section, Value
from questionnaire.states import Missing, ResponseState

NOT_STARTED = "not_started"
IN_PROGRESS = "in_progress"
COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """A line of the task list; `completeness` 0 to 100, `missing` counts questions.

    `to_confirm` counts carried-over answers.
    """

    section: Section
    number: int
    completeness: float
    missing: int
    errors: int
    warnings: int
    status: str
    to_confirm: int = 0


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
    """A cell named for people, and the section in which it is found."""

    address: Address
    name: str
    section: Section


@dataclass(frozen=True, slots=True)
class ContradictionLine:
    """A rule that fires, with its cells named for people and the remark given so far.

    `remark_at` is the note of the first question concerned: the remark is saved there.
    """

    contradiction: Contradiction
    section: Section
    cells: tuple[NamedCell, ...]
    remark_at: Address
    remark: str

    @property
    def is_error(self) -> bool:
        return self.contradiction.rule.is_error


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
            c.rule
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
                errors=sum(rule.is_error for rule in here),
                warnings=sum(not rule.is_error for rule in here),
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
    lines = [_line(state, contradiction) for contradiction in contradictions(state)]
    return sorted(lines, key=lambda line: not line.is_error)


def _line(state: ResponseState, contradiction: Contradiction) -> ContradictionLine:
    instrument = state.instrument
    remark_at = Address(contradiction.first.question, "", NOTE)
    remark: Value = state.answers.get(remark_at)
    return ContradictionLine(
        contradiction=contradiction,
        section=section_of(instrument, contradiction.first),
        cells=tuple(
            NamedCell(cell, name_of(instrument, cell), section_of(instrument, cell))
            for cell in contradiction.cells
        ),
        remark_at=remark_at,
        remark=remark or "",
    )
