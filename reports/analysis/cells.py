"""Scores of single answers: choices, numbers, years (gap_method.md, 4, 5.1 and 5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from questionnaire.addresses import Address
from questionnaire.instrument import (
    NA,
    NUMBER_KINDS,
    Choice,
    Column,
    Question,
    Row,
    Value,
)
from questionnaire.method import (
    BandSet,
)
from questionnaire.states import CellState, ResponseState
from reports.analysis.figures import LEFT_OUT, same_in_all_modes
from reports.analysis.results import Figures


class Reading(NamedTuple):
    """A cell as the analysis reads it; `causes` are the answers looked at."""

    state: CellState
    score: Figures
    causes: tuple[Address, ...]


class _Scale(NamedTuple):
    """How answers are scored: by bands if there are any, otherwise by choices."""

    choices: Sequence[Choice]
    bands: BandSet | None

    @property
    def is_age(self) -> bool:
        return self.bands is not None and self.bands.method == "age"


def read_question(state: ResponseState, question: Question) -> Reading:
    """Read a plain question that is shown."""
    scale = _scale(state, question, question.band_set)
    return _read(state, Address(question.code), scale)


def read_cell(
    state: ResponseState, question: Question, row: Row, column: Column
) -> Reading:
    """Read a cell of a matrix. A row's own bands replace those of the column."""
    scale = _scale(state, column, row.bands or column.band_set)
    return _read(state, Address(question.code, row.code, column.code), scale)


def _scale(state: ResponseState, scored: Question | Column, bands: str) -> _Scale:
    is_number = scored.kind in NUMBER_KINDS
    found = state.instrument.band_sets[bands] if is_number else None
    return _Scale(scored.choices, found)


def _read(state: ResponseState, address: Address, scale: _Scale) -> Reading:
    found = state.cell_state(address)
    if found is CellState.FIXED:
        return Reading(found, _score_fixed(state, state.value(address), scale), ())
    if found is not CellState.ANSWERED:
        return _read_unanswered(state, address, found)
    figures = _score(state, state.answers[address], scale)
    causes: tuple[Address, ...] = (address,)
    if scale.is_age:
        causes += (Address(state.instrument.assessment_year_question),)
    if figures is None:
        return Reading(CellState.DONT_KNOW, _dont_know(state), causes)
    return Reading(found, figures, causes)


def _read_unanswered(
    state: ResponseState, address: Address, found: CellState
) -> Reading:
    if found is CellState.BLANK:
        blank = state.instrument.scoring_rules.blank_score_final
        return Reading(found, Figures(blank, None, 1.0), (address,))
    if found is CellState.DONT_KNOW:
        return Reading(found, _dont_know(state), (address,))
    is_asked = found is CellState.NOT_APPLICABLE
    return Reading(found, LEFT_OUT, (address,) if is_asked else ())


def _dont_know(state: ResponseState) -> Figures:
    score = state.instrument.scoring_rules.dk_score
    return Figures(score, score, 1.0)


def _score_fixed(state: ResponseState, value: Value, scale: _Scale) -> Figures:
    if value == NA:
        return LEFT_OUT
    return _score(state, value, scale) or _dont_know(state)


def _score(state: ResponseState, value: Value, scale: _Scale) -> Figures | None:
    """Return the score of an answer; None for a year without an assessment year."""
    if scale.bands is None:
        return same_in_all_modes(_score_of_choices(value, scale.choices))
    if not scale.is_age:
        return same_in_all_modes(_score_of_number(value, scale.bands))
    if state.assessment_year is None:
        return None
    age = max(0, state.assessment_year - value)
    return same_in_all_modes(_score_of_number(age, scale.bands))


def _score_of_choices(value: Value, choices: Sequence[Choice]) -> float:
    """Sum in the order of the instrument, whatever the order of the answer."""
    chosen = value if isinstance(value, list) else (value,)
    return min(1.0, sum(c.score or 0.0 for c in choices if c.value in chosen))


def _score_of_number(number: float, band_set: BandSet) -> float:
    return next((score for limit, score in band_set.bands if number <= limit), 0.0)
