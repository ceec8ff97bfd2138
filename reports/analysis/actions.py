"""Which actions are recommended, and in which order (gap_method.md, 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from questionnaire.conditions import ALL_ROWS, holds, leaves
from questionnaire.instrument import (
    Condition,
    Instrument,
    Recommendation,
)
from questionnaire.method import (
    Catalogue,
)
from reports.analysis.figures import half_up, mean
from reports.analysis.gaps import WITHOUT_GAP
from reports.analysis.results import Action, Gap, GroupScore, QuestionScore
from reports.analysis.triggers import TriggerFacts


@dataclass(frozen=True, slots=True)
class Findings:
    """What actions are ranked by; all figures in final mode."""

    instrument: Instrument
    questions: Mapping[str, QuestionScore]
    dimensions: Mapping[str, GroupScore]
    gaps: Mapping[str, Gap]
    weighted_gaps: Mapping[str, float | None]


def recommend(findings: Findings, facts: TriggerFacts) -> tuple[Action, ...]:
    """Return the recommended actions, the most pressing first."""
    instrument = findings.instrument
    decimals = instrument.scoring_rules.threshold_decimals
    horizons = {
        horizon.code: i for i, horizon in enumerate(instrument.catalogue.horizons)
    }
    actions = [
        _rank(recommendation, findings, facts)
        for recommendation in instrument.recommendations
        if holds(recommendation.trigger, facts)
    ]
    actions.sort(
        key=lambda action: (
            -half_up(action.rank_value, decimals),
            horizons[action.recommendation.horizon],
            action.code,
        )
    )
    return tuple(actions)


def first_wave(actions: Sequence[Action], catalogue: Catalogue) -> tuple[str, ...]:
    """Return the codes of the first actions, not too many of one dimension."""
    taken: Counter[str] = Counter()
    wave: list[str] = []
    for action in actions:
        dimension = action.recommendation.dimension
        if len(wave) == catalogue.first_wave_size:
            break
        if taken[dimension] < catalogue.first_wave_per_dimension:
            taken[dimension] += 1
            wave.append(action.code)
    return tuple(wave)


def _rank(
    recommendation: Recommendation, findings: Findings, facts: TriggerFacts
) -> Action:
    instrument = findings.instrument
    need = _need(recommendation, findings)
    subject = _subject_score(recommendation.trigger, findings.questions)
    deficit = need if subject is None else 100 * (1 - subject)
    dimension = findings.dimensions[recommendation.dimension].score.final
    dimension_deficit = 0.0 if dimension is None else 100 - dimension
    weights = instrument.catalogue.ranking_weights
    rank_value = (
        weights["QD"] * deficit
        + weights["DD"] * dimension_deficit
        + weights["NS"] * need
    )
    rounded = half_up(rank_value, instrument.scoring_rules.threshold_decimals)
    return Action(
        recommendation=recommendation,
        rank_value=rank_value,
        priority=_priority(rounded, instrument.catalogue),
        deficit=deficit,
        dimension_deficit=dimension_deficit,
        need=need,
        causes=facts.causes(recommendation.trigger),
        gaps=tuple(
            gap.code
            for gap in _addressed(recommendation, findings)
            if gap.gap_class not in WITHOUT_GAP
        ),
    )


def _addressed(recommendation: Recommendation, findings: Findings) -> list[Gap]:
    return [
        findings.gaps[row] for row in recommendation.addresses if row in findings.gaps
    ]


def _need(recommendation: Recommendation, findings: Findings) -> float:
    """Return NS; an action without rows of its own serves all policy questions."""
    if not recommendation.addresses:
        return findings.weighted_gaps[findings.instrument.gap_inputs[0].matrix] or 0.0
    addressed = _addressed(recommendation, findings)
    return max((gap.severity or 0.0 for gap in addressed), default=0.0)


def _priority(rank_value: float, catalogue: Catalogue) -> str:
    reached = [
        (least, code)
        for code, least in catalogue.priority_from.items()
        if rank_value >= least
    ]
    return max(reached)[1]


def _subject_score(
    trigger: Condition, questions: Mapping[str, QuestionScore]
) -> float | None:
    """Return the mean score, 0 to 1, of the scored questions that a trigger names."""
    named: dict[str, set[str]] = {}
    for leaf in leaves(trigger):
        if leaf.get("q") in questions:
            rows = leaf.get("row") or ALL_ROWS
            named.setdefault(leaf["q"], set()).update(
                (rows,) if isinstance(rows, str) else rows
            )
    return mean(
        (questions[code].weight, _score_of_rows(questions[code], rows))
        for code, rows in named.items()
    )


def _score_of_rows(question: QuestionScore, rows: set[str]) -> float | None:
    """Return the score of the rows named; optional rows count like ordinary ones."""
    if ALL_ROWS in rows or not question.rows:
        return question.score.final
    return mean((row.weight, row.score) for row in question.rows if row.code in rows)
