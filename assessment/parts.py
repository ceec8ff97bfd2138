"""Parts of a response: whole sections, questions and matrix rows, and what is in them.

A part is written as a code: `SRC`, `SRC-07` or `SRC-INV[SRC-RP]`. Nothing here reads or
writes the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from questionnaire.addresses import RESERVED_COLUMNS, Address
from questionnaire.instrument import Instrument, Question, Section
from questionnaire.states import ResponseState


def row_code(question: str, row: str) -> str:
    return f"{question}[{row}]"


def parts_over(instrument: Instrument, address: Address) -> tuple[str, ...]:
    """Return the parts that contain a cell, the largest first; none if it is unknown."""
    question = instrument.question_by_code.get(address.question)
    if question is None:
        return ()
    found = (question.section, question.code)
    if address.row in question.row_by_code:
        return (*found, row_code(question.code, address.row))
    return found


def all_parts(instrument: Instrument) -> Iterator[str]:
    """Yield every part there is, in the order of the instrument."""
    for section in instrument.sections:
        yield section.code
        for question in section.questions:
            yield question.code
            for row in question.rows:
                yield row_code(question.code, row.code)


def normal(instrument: Instrument, parts: Iterable[str]) -> list[str]:
    """Return known parts in the order of the instrument, without those inside others."""
    asked = set(parts)
    kept: list[str] = []
    for section in instrument.sections:
        if section.code in asked:
            kept.append(section.code)
            continue
        for question in section.questions:
            if question.code in asked:
                kept.append(question.code)
                continue
            rows = (row_code(question.code, row.code) for row in question.rows)
            kept.extend(code for code in rows if code in asked)
    return kept


def is_touched(section: Section, parts: Collection[str]) -> bool:
    """Return whether any of `parts` lies in the section."""
    return section.code in parts or any(
        is_asked(question, parts) for question in section.questions
    )


def is_asked(question: Question, parts: Collection[str]) -> bool:
    """Return whether the question or a row of it is among `parts`."""
    return question.code in parts or any(
        row_code(question.code, row.code) in parts for row in question.rows
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A part named for people; `anchor` is where it stands on the page of its section."""

    code: str
    section: Section
    name: str
    anchor: str


def place_of(instrument: Instrument, part: str) -> Place:
    """Return a part from `all_parts` with its name and place."""
    section = instrument.section_by_code.get(part)
    if section is not None:
        return Place(part, section, section.title, "")
    code, _, row = part.partition("[")
    question = instrument.question_by_code[code]
    section = instrument.section_by_code[question.section]
    if not row:
        return Place(part, section, f"{code} {question.short}", f"q-{code}")
    first = question.columns[0].code
    label = question.row_by_code[row.removesuffix("]")].short
    name = f"{code} {question.short} · {label}"
    return Place(part, section, name, f"c-{part}.{first}")


@dataclass(frozen=True, slots=True)
class Progress:
    """`answered` of `total` required cells; `first` is the first that is blank.

    A repeating group counts as one cell. `has_any` is true once anything is answered.
    """

    answered: int
    total: int
    first: Address | None
    has_any: bool

    @property
    def is_complete(self) -> bool:
        return self.first is None


def started_parts(state: ResponseState) -> set[str]:
    """Return every part in which something is answered, notes aside."""
    return {
        part
        for address in state.answers
        if address.column not in RESERVED_COLUMNS
        for part in parts_over(state.instrument, address)
    }


def progress_in(
    state: ResponseState, parts: Collection[str], started: Collection[str]
) -> Progress:
    """Return how much of `parts` is answered: shown, open and confirmed cells count.

    `started` is what `started_parts` returns, found once for many.
    """
    answered, blank = 0, []
    for question in state.counted():
        for address in _countable(state, question, parts):
            if _is_filled(state, question, address):
                answered += 1
            else:
                blank.append(address)
    return Progress(
        answered=answered,
        total=answered + len(blank),
        first=blank[0] if blank else None,
        has_any=not set(started).isdisjoint(parts),
    )


def _countable(
    state: ResponseState, question: Question, parts: Collection[str]
) -> list[Address]:
    is_whole = question.section in parts or question.code in parts
    if not is_whole and not is_asked(question, parts):
        return []
    if question.is_group:
        return [Address(question.code)]
    cells = state.required_cells(question)
    if is_whole:
        return cells
    return [a for a in cells if row_code(a.question, a.row) in parts]


def _is_filled(state: ResponseState, question: Question, address: Address) -> bool:
    if question.is_group:
        return state.filled_share(question) == 1
    return address in state.answers


@dataclass(frozen=True, slots=True)
class Uncovered:
    """What of a section nobody has; `places` is empty where it is the whole section."""

    section: Section
    places: tuple[Place, ...]


def uncovered(instrument: Instrument, parts: Collection[str]) -> list[Uncovered]:
    """Return what is in none of `parts`: whole sections, else questions, else rows."""
    found = []
    for section in instrument.sections:
        if section.code in parts:
            continue
        if not is_touched(section, parts):
            found.append(Uncovered(section, ()))
            continue
        codes = [code for q in section.questions for code in _left_of(q, parts)]
        if codes:
            places = tuple(place_of(instrument, code) for code in codes)
            found.append(Uncovered(section, places))
    return found


def _left_of(question: Question, parts: Collection[str]) -> list[str]:
    if question.code in parts:
        return []
    if not is_asked(question, parts):
        return [question.code]
    rows = (row_code(question.code, row.code) for row in question.rows)
    return [code for code in rows if code not in parts]
