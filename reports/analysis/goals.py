"""One level up: a few improvements that lift a dimension to its next level.

Improvements are chosen one by one, each time the one that gains most points. Every gain is
the difference of two exact scores, so follow-up questions that open, and rows of which
only a part counts, are in it. What would contradict other answers as they stand, so that
it could not be submitted, is no improvement; in rare cases a smaller step that removes
the contradiction would lead to fewer improvements in all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from questionnaire.addresses import Address
from questionnaire.conditions import addresses_asked
from questionnaire.consistency import errors_among
from questionnaire.instrument import Condition, Question, Row, Value
from questionnaire.method import MaturityLevel
from questionnaire.states import CellState, ResponseState
from reports.analysis.best import (
    Change,
    Changes,
    as_changes,
    improve_question,
    improve_row,
)
from reports.analysis.figures import half_up, mean
from reports.analysis.results import Analysis, GroupScore, QuestionScore
from reports.analysis.scoring import score_question

MOST = 40

_Scores = Mapping[str, QuestionScore]


@dataclass(frozen=True, slots=True)
class Improvement:
    """Better answers to one question, or to one row of a matrix.

    `gain` is in points of the dimension, 0 to 100, on top of the improvements before it.
    """

    question: str
    row: str
    changes: tuple[Change, ...]
    gain: float


@dataclass(frozen=True, slots=True)
class Goal:
    """What lifts a dimension to `target`; None if it is on the highest level already.

    `reached` is the score after all improvements, 0 to 100.
    """

    dimension: str
    score: float
    level: MaturityLevel
    target: MaturityLevel | None
    improvements: tuple[Improvement, ...]
    reached: float

    @property
    def is_reached(self) -> bool:
        """Whether the improvements known are enough: unknown years may stand in the way."""
        return self.target is None or round(self.reached, 6) >= self.target.min_score


@dataclass(frozen=True, slots=True)
class _Candidate:
    question: Question
    row: Row | None
    at_most: float


def goals(analysis: Analysis, state: ResponseState) -> tuple[Goal, ...]:
    """Return a goal for every dimension that has a score, in the instrument's order."""
    return tuple(
        _goal(analysis, state, group, group.score.final, group.level)
        for group in analysis.dimensions.values()
        if group.score.final is not None and group.level is not None
    )


def _goal(
    analysis: Analysis,
    state: ResponseState,
    group: GroupScore,
    score: float,
    level: MaturityLevel,
) -> Goal:
    levels = sorted(analysis.instrument.maturity_levels, key=lambda lv: lv.level)
    target = next((lv for lv in levels if lv.level > level.level), None)
    climb = _Climb(state, {code: analysis.questions[code] for code in group.questions})
    return Goal(
        dimension=group.code,
        score=score,
        level=level,
        target=target,
        improvements=tuple(climb.to(target.min_score)) if target else (),
        reached=climb.score,
    )


class _Climb:
    """The answers on the way up, and the scores of the dimension's questions."""

    def __init__(self, state: ResponseState, scores: _Scores) -> None:
        self.state = state
        self.scores = scores
        self.questions = [state.instrument.question_by_code[code] for code in scores]

    @property
    def score(self) -> float:
        return _score(self.scores)

    def to(self, least: float) -> Iterator[Improvement]:
        """Make improvements until the score is `least`, 0 to 100, or none is left."""
        for _ in range(MOST):
            step = self._step() if half_up(self.score, 6) < least else None
            if step is None:
                return
            yield step

    def _step(self) -> Improvement | None:
        """Make the improvement that gains most; None if none gains anything.

        What a candidate gains at most is known at once. The exact gain is computed from
        the top of that list, until no other one can be better.
        """
        most, best = 1e-6, None
        for candidate in sorted(self._candidates(), key=lambda found: -found.at_most):
            if most >= candidate.at_most:
                break
            changes = self._changes(candidate)
            state = self.state.changed(changes)
            scores = self._scored(state, candidate)
            gain = _score(scores) - self.score
            if gain > most + 1e-9 and not self._contradicts(changes, state):
                most, best = gain, (candidate, changes, state, scores)
        if best is None:
            return None
        candidate, changes, self.state, self.scores = best
        row = candidate.row.code if candidate.row else ""
        return Improvement(candidate.question.code, row, as_changes(changes), most)

    def _contradicts(self, changes: Changes, state: ResponseState) -> bool:
        """Return whether an error arises that the answers do not have already.

        What was answered to a question before it was hidden counts again once it opens.
        """
        questions = {address.question for address in changes} | {
            question.code
            for question in state.instrument.questions
            if state.is_shown(question) != self.state.is_shown(question)
        }
        found = errors_among(state, questions)
        return bool(found and found - errors_among(self.state, questions))

    def _scored(self, state: ResponseState, candidate: _Candidate) -> _Scores:
        """Score again what may be different: the question, and what opens or closes."""
        return {
            q.code: score_question(state, q)
            if q is candidate.question or q.show_if is not None
            else self.scores[q.code]
            for q in self.questions
        }

    # What could be improved

    def _candidates(self) -> Iterator[_Candidate]:
        counted = [s for s in self.scores.values() if s.score.final is not None]
        weights = sum(score.weight for score in counted)
        for score in counted:
            question = self.state.instrument.question_by_code[score.code]
            share = 100 * score.weight / weights
            if question.is_matrix and self.state.is_shown(question):
                yield from self._rows(question, score, share)
            elif question.is_plain:
                yield _Candidate(question, None, share * (1 - (score.score.final or 0)))

    def _rows(
        self, question: Question, score: QuestionScore, share: float
    ) -> Iterator[_Candidate]:
        """Yield the rows that count; optional ones gain a bonus beside ordinary ones."""
        bonus = self.state.instrument.scoring_rules.optional_row_bonus
        counted = [row for row in score.rows if row.score is not None]
        ordinary = sum(row.weight for row in counted if not row.is_optional)
        for row in score.rows:
            definition = question.row_by_code[row.code]
            weight = row.weight * (bonus if row.is_optional and ordinary else 1)
            at_most = share * weight * (1 - (row.score or 0.0)) / (ordinary or weight)
            if at_most and not self._does_not_apply(question, definition):
                yield _Candidate(question, definition, at_most)

    def _does_not_apply(self, question: Question, row: Row) -> bool:
        if not question.gate:
            return False
        gate = Address(question.code, row.code, question.gate)
        return self.state.cell_state(gate) is CellState.NOT_APPLICABLE

    def _changes(self, candidate: _Candidate) -> Changes:
        """Return the better answer, with the one before it that makes it be asked."""
        question = candidate.question
        if candidate.row is not None:
            return improve_row(self.state, question, candidate.row)
        if self.state.is_shown(question):
            return improve_question(self.state, question)
        before = self._opening(question.show_if or {})
        if not before:
            return {}
        return before | dict(improve_question(self.state.changed(before), question))

    def _opening(self, condition: Condition) -> dict[Address, Value]:
        """Return the answer that makes a question be asked; none if it stands here too.

        A question of this dimension is improved for its own sake, before its follow-ups.
        """
        asked = addresses_asked(condition, self.state)
        if condition.get("op") not in ("eq", "in") or not asked:
            return {}
        parent = self.state.instrument.question_by_code[asked[0].question]
        if parent.code in self.scores or not self.state.is_shown(parent):
            return {}
        wanted = condition["value"] if condition["op"] == "in" else [condition["value"]]
        return {asked[0]: wanted[0]}


def _score(scores: _Scores) -> float:
    return 100 * (mean((q.weight, q.score.final) for q in scores.values()) or 0.0)
