"""When an action is recommended, and which answers made it so (gap_method.md, 8.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from questionnaire.addresses import Address
from questionnaire.conditions import addresses_asked, holds, is_blank, leaves, witnesses
from questionnaire.instrument import DK, Condition, Value
from questionnaire.states import CellState, ResponseState
from reports.analysis.figures import half_up
from reports.analysis.results import Gap


@dataclass(frozen=True, slots=True)
class Scored:
    """A score that triggers may ask, 0 to 100, with the answers that caused it."""

    final: float | None
    causes: tuple[Address, ...]


class TriggerFacts:
    """What a trigger can ask about a response (questionnaire.conditions.Facts).

    A blank answer of a shown scored question, or of an open scored cell, is read as "do
    not know": what has not been answered is not known to exist. `scores` are those of
    sections, dimensions and OVERALL.
    """

    def __init__(
        self,
        state: ResponseState,
        gaps: Mapping[str, Gap],
        scores: Mapping[str, Scored],
    ) -> None:
        self._state = state
        self._gaps = gaps
        self._scores = scores

    def value(self, address: Address) -> Value:
        value = self._state.value(address)
        return DK if is_blank(value) and self._is_unanswered(address) else value

    def rows(self, question: str) -> Sequence[str]:
        return self._state.rows(question)

    def gap_class(self, row: str) -> str | None:
        gap = self._gaps.get(row)
        return None if gap is None else gap.gap_class

    def score(self, code: str) -> float | None:
        score = self._scores[code].final
        decimals = self._state.instrument.scoring_rules.threshold_decimals
        return None if score is None else half_up(score, decimals)

    def causes(self, trigger: Condition) -> tuple[Address, ...]:
        """Return the answers that make a true `trigger` true, in its own order.

        Where a gap or a score does, the answers that caused it.
        """
        return tuple(dict.fromkeys(self._causes(trigger)))

    def _causes(self, condition: Condition) -> Iterator[Address]:
        if "all" in condition or "any" in condition:
            for part in condition.get("all") or condition.get("any") or ():
                if holds(part, self):
                    yield from self._causes(part)
        elif "not" in condition:
            yield from addresses_asked(condition["not"], self)
            for leaf in leaves(condition["not"]):
                yield from self._causes_of_figures(leaf, self._figures_asked(leaf))
        else:
            yield from witnesses(condition, self)
            fitting = [
                code
                for code in self._figures_asked(condition)
                if self._fits(condition, code)
            ]
            yield from self._causes_of_figures(condition, fitting)

    @staticmethod
    def _figures_asked(leaf: Condition) -> Sequence[str]:
        """Return the gap rows or the score that a leaf asks, if it asks any."""
        found = leaf.get("gap") or leaf.get("score") or ()
        return (found,) if isinstance(found, str) else found

    def _fits(self, leaf: Condition, code: str) -> bool:
        return holds({**leaf, ("gap" if "gap" in leaf else "score"): code}, self)

    def _causes_of_figures(
        self, leaf: Condition, codes: Sequence[str]
    ) -> Iterator[Address]:
        known: Mapping[str, Gap | Scored] = (
            self._gaps if "gap" in leaf else self._scores
        )
        for code in codes:
            if code in known:
                yield from known[code].causes

    def _is_unanswered(self, address: Address) -> bool:
        question = self._state.instrument.question_by_code[address.question]
        if question.is_matrix:
            column = question.column_by_code.get(address.column)
            is_scored = column is not None and column.is_scored
        else:
            is_scored = question.is_scored
        return is_scored and self._state.cell_state(address) is CellState.BLANK
