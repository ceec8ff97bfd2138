"""Scores of questions and matrices in the three modes (gap_method.md, 4 and 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from questionnaire.addresses import Address
from questionnaire.conditions import addresses_asked, is_blank, leaves
from questionnaire.instrument import NA, Condition, Question, Row, Value
from questionnaire.states import CellState, ResponseState
from reports.analysis.cells import read_cell, read_question
from reports.analysis.figures import (
    LEFT_OUT,
    MODES,
    mean_in_modes,
)
from reports.analysis.results import Figures, QuestionScore, RowScore


@dataclass(frozen=True, slots=True)
class _ScoredRow:
    code: str
    weight: float
    score: Figures
    is_optional: bool
    causes: tuple[Address, ...]


def score_questions(state: ResponseState) -> dict[str, QuestionScore]:
    """Return the scored questions, hidden ones included, in instrument order."""
    return {
        question.code: score_question(state, question)
        for question in state.instrument.questions
        if question.is_scored
    }


def score_question(state: ResponseState, question: Question) -> QuestionScore:
    rows: tuple[RowScore, ...] = ()
    causes: Sequence[Address]
    if question.show_if is not None and not state.is_shown(question):
        score = _score_hidden(state, question.when_hidden, question.show_if)
        causes = addresses_asked(question.show_if, state)
    elif question.is_matrix:
        scored = [_score_row(state, question, row) for row in question.rows]
        score = _score_matrix(scored, state.instrument.scoring_rules.optional_row_bonus)
        rows = tuple(
            RowScore(r.code, r.weight, r.score.final, r.is_optional) for r in scored
        )
        causes = _own_first(
            question, (address for row in scored for address in row.causes)
        )
    else:
        _, score, causes = read_question(state, question)
    return QuestionScore(
        code=question.code,
        section=question.section,
        dimension=question.dimension,
        weight=question.weight,
        score=score,
        is_shown=state.is_shown(question),
        causes=tuple(causes),
        rows=rows,
    )


def _own_first(question: Question, causes: Iterator[Address]) -> list[Address]:
    """Return each address once, the question's own ones before the assessment year."""
    found = list(dict.fromkeys(causes))
    return sorted(found, key=lambda address: address.question != question.code)


# Hidden questions


def _score_hidden(
    state: ResponseState, when_hidden: str, show_if: Condition
) -> Figures:
    """Return the score of a hidden question; it does not rise in upper mode."""
    if when_hidden != "zero" or _any_leaf(show_if, state, lambda value: value == NA):
        return LEFT_OUT
    provisional = None if _any_leaf(show_if, state, is_blank) else 0.0
    return Figures(0.0, provisional, 0.0)


def _any_leaf(
    condition: Condition, state: ResponseState, fits: Callable[[Value], bool]
) -> bool:
    """Whether one leaf asks nothing but answers that fit: of several rows, all must."""
    for leaf in leaves(condition):
        asked = addresses_asked(leaf, state)
        if asked and all(fits(state.value(address)) for address in asked):
            return True
    return False


# Matrices


def _score_row(state: ResponseState, question: Question, row: Row) -> _ScoredRow:
    score, causes = _score_open_or_closed(state, question, row)
    weight = row.weight
    if question.row_weight is not None:
        rule = question.row_weight
        address = Address(question.code, row.code, rule.column)
        weight *= rule.factors.get(state.value(address), rule.otherwise)
        causes = (address, *causes)
    return _ScoredRow(row.code, weight, score, question.is_optional_row(row), causes)


def _score_open_or_closed(
    state: ResponseState, question: Question, row: Row
) -> tuple[Figures, tuple[Address, ...]]:
    if question.gate:
        gate = read_cell(state, question, row, question.column_by_code[question.gate])
        if gate.score is LEFT_OUT:
            return LEFT_OUT, gate.causes
        if not state.is_open(question, row):
            return _score_closed(question, row, gate.state), gate.causes
    columns = [column for column in question.columns if column.is_scored]
    readings = [read_cell(state, question, row, column) for column in columns]
    weights = (column.weight for column in columns)
    score = mean_in_modes(
        [(w, r.score) for w, r in zip(weights, readings, strict=True)]
    )
    return score, tuple(address for reading in readings for address in reading.causes)


def _score_closed(question: Question, row: Row, gate: CellState) -> Figures:
    if question.is_optional_row(row):
        return LEFT_OUT
    if gate is CellState.BLANK:
        return Figures(0.0, None, 1.0)
    return Figures(0.0, 0.0, 1.0 if gate is CellState.DONT_KNOW else 0.0)


def _score_matrix(rows: Sequence[_ScoredRow], bonus: float) -> Figures:
    """Return the score of a matrix; an optional row enters above the line only."""
    ordinary = [(row.weight, row.score) for row in rows if not row.is_optional]
    optional = [(row.weight, row.score) for row in rows if row.is_optional]
    scores: list[float | None] = []
    for mode in MODES:
        base, base_weight = _sums((w, mode(score)) for w, score in ordinary)
        extra, extra_weight = _sums((w, mode(score)) for w, score in optional)
        if base_weight:
            scores.append(min(1.0, (base + bonus * extra) / base_weight))
        else:
            scores.append(extra / extra_weight if extra_weight else None)
    return Figures(*scores)


def _sums(parts: Iterator[tuple[float, float | None]]) -> tuple[float, float]:
    """Return the weighted sum of the scores and the sum of the weights that count."""
    total = weights = 0.0
    for weight, score in parts:
        if score is not None:
            total += weight * score
            weights += weight
    return total, weights
