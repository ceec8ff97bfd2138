"""The answer that scores best in a cell, changing as little as possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaire.addresses import Address
from questionnaire.instrument import NUMBER_KINDS, Choice, Column, Question, Row, Value
from questionnaire.states import CellState, ResponseState
from reports.analysis.cells import read_cell

Changes = Mapping[Address, Value]


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that would count more in the place of the present one."""

    address: Address
    value: Value


def as_changes(changes: Changes) -> tuple[Change, ...]:
    return tuple(Change(address, value) for address, value in changes.items())


def best_value(
    state: ResponseState, scored: Question | Column, bands: str, present: Value
) -> Value:
    """Return the answer with the highest score; None where none is known.

    A year is the oldest that still scores highest, and unknown without an assessment
    year. Choices of a multiple choice are added to those present.
    """
    if scored.kind == "multiple_choice":
        return _with_more(scored.choices, present)
    if scored.kind not in NUMBER_KINDS:
        return max(scored.choices, key=lambda choice: choice.score or 0.0).value
    band_set = state.instrument.band_sets[bands]
    limit, _score = max(band_set.bands, key=lambda band: band[1])
    if band_set.method != "age":
        return int(limit)
    year = state.assessment_year
    return None if year is None else year - int(limit)


def _with_more(choices: tuple[Choice, ...], present: Value) -> list[str]:
    """Add the choices that count most until the full score is reached."""
    kept = set(present) if isinstance(present, list) else set()
    kept -= {choice.value for choice in choices if choice.is_exclusive}
    scores = {choice.value: choice.score or 0.0 for choice in choices}
    total = sum(scores.get(value, 0.0) for value in kept)
    for value in sorted(scores, key=lambda value: -scores[value]):
        if round(total, 6) >= 1 or not scores[value]:
            break
        if value not in kept:
            kept.add(value)
            total += scores[value]
    return [choice.value for choice in choices if choice.value in kept]


def improve_question(state: ResponseState, question: Question) -> Changes:
    """Return what brings a plain question to its best score; nothing if it has that."""
    address = Address(question.code)
    value = best_value(state, question, question.band_set, state.answers.get(address))
    return {} if value is None else {address: value}


def improve_row(state: ResponseState, question: Question, row: Row) -> Changes:
    """Return what brings a row of a matrix to its best score, the gate first.

    Cells that do not apply are left as they are, and a row whose gate does not apply.
    """
    return {
        address: value
        for column in question.columns
        if column.is_scored
        and (address := Address(question.code, row.code, column.code))
        and (value := improve_cell(state, question, row, column)) is not None
    }


def improve_cell(
    state: ResponseState, question: Question, row: Row, column: Column
) -> Value:
    """Return the best answer of a cell; None if the present one is, or none counts."""
    address = Address(question.code, row.code, column.code)
    found = state.cell_state(address)
    if found in (CellState.FIXED, CellState.NOT_APPLICABLE, CellState.HIDDEN):
        return None
    is_closed = found is CellState.CLOSED
    if not is_closed and read_cell(state, question, row, column).score.final == 1:
        return None
    present = None if is_closed else state.answers.get(address)
    return best_value(state, column, row.bands or column.band_set, present)
