"""Completeness, "do not know" and evidence (gap_method.md, 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from questionnaire.instrument import Question
from questionnaire.states import CellState, ResponseState
from reports.analysis.figures import half_up
from reports.analysis.results import Completeness, QuestionScore


def measure_completeness(
    state: ResponseState, scores: Mapping[str, QuestionScore]
) -> Completeness:
    filled: list[float] = []
    sections: dict[str, float | None] = {}
    for section in state.instrument.sections:
        shares = [state.filled_share(question) for question in state.counted([section])]
        sections[section.code] = _percentage(shares)
        filled.extend(shares)
    scored = [question for question in state.counted() if question.is_scored]
    return Completeness(
        overall=_percentage(filled),
        sections=sections,
        share_dk=_percentage([_share_dk(state, question) for question in scored]),
        share_evidence=_percentage(_evidenced(state, scores)),
    )


def _percentage(shares: Sequence[float]) -> float | None:
    return 100 * sum(shares) / len(shares) if shares else None


def _share_dk(state: ResponseState, question: Question) -> float:
    cells = state.required_cells(question)
    if not cells:
        return 0.0
    return sum(state.cell_state(cell) is CellState.DONT_KNOW for cell in cells) / len(
        cells
    )


def _evidenced(
    state: ResponseState, scores: Mapping[str, QuestionScore]
) -> list[float]:
    """Return 1 or 0, a document or none, for each score that calls for evidence."""
    decimals = state.instrument.scoring_rules.threshold_decimals
    found = []
    for question in state.instrument.questions:
        if question.evidence != "expected" or not question.is_scored:
            continue
        score = scores[question.code]
        if score.is_shown and half_up(score.score.final or 0.0, decimals) > 0:
            documents = state.evidence(question)
            found.append(float(any(d.get("title") and d.get("url") for d in documents)))
    return found
