"""The figures of one response as plain data, four decimals, half up; None where none.

The keys are those of `tests/data/golden_figures.yaml`; `causes` holds besides them the
addresses of the answers behind every score, gap and action.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from questionnaire.addresses import Address
from questionnaire.method import (
    MaturityLevel,
)
from reports.analysis.aggregation import OVERALL
from reports.analysis.figures import half_up
from reports.analysis.results import Analysis, Gap

DECIMALS = 4


def as_json(analysis: Analysis) -> dict[str, Any]:
    overall = analysis.overall
    completeness = analysis.completeness
    groups = {**analysis.sections, **analysis.dimensions}
    scores = {code: group.score.final for code, group in groups.items()}
    return {
        "scores_final": _rounded({**scores, OVERALL: overall.score.final}),
        "overall_provisional": _round(overall.score.provisional),
        "overall_upper": _round(overall.score.upper),
        "level_of_score": _level(overall.level_of_score),
        "level_reported": _level(overall.level),
        "question_scores_final": _rounded(
            {
                code: question.score.final
                for code, question in analysis.questions.items()
            }
        ),
        "gaps": {code: _gap(gap) for code, gap in analysis.gaps.items()},
        "gap_order": list(analysis.gap_order),
        "weighted_data_gap": _rounded(analysis.weighted_gaps),
        "actions": [
            {"code": a.code, "rank_value": _round(a.rank_value), "priority": a.priority}
            for a in analysis.actions
        ],
        "first_wave": list(analysis.first_wave),
        "completeness": _rounded(
            {"overall": completeness.overall, **completeness.sections}
        ),
        "share_dk": _round(completeness.share_dk),
        "share_evidence": _round(completeness.share_evidence),
        "causes": _causes(analysis),
    }


def self_assessed(analysis: Analysis) -> dict[str, Any]:
    """Return the overall and section scores, for the country's own answers."""
    sections = {code: group.score.final for code, group in analysis.sections.items()}
    return {
        "scores_final": _rounded({**sections, OVERALL: analysis.overall.score.final}),
        "level_reported": _level(analysis.overall.level),
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "need": gap.need,
        "availability": _round(gap.availability),
        "quality": _round(gap.quality),
        "data_level": gap.data_level,
        "class": gap.gap_class,
        "severity": _round(gap.severity),
        "kind": gap.kind,
        "weak_points": list(gap.weak_points),
        "unknown": gap.is_unknown,
    }


def _causes(analysis: Analysis) -> dict[str, dict[str, list[str]]]:
    return {
        "questions": {code: _texts(q.causes) for code, q in analysis.questions.items()},
        "sections": {code: _texts(s.causes) for code, s in analysis.sections.items()},
        "dimensions": {
            code: _texts(d.causes) for code, d in analysis.dimensions.items()
        },
        "gaps": {code: _texts(gap.causes) for code, gap in analysis.gaps.items()},
        "actions": {action.code: _texts(action.causes) for action in analysis.actions},
    }


def _texts(causes: Iterable[Address]) -> list[str]:
    return [str(address) for address in causes]


def _level(level: MaturityLevel | None) -> int | None:
    return None if level is None else level.level


def _round(figure: float | None) -> float | None:
    return None if figure is None else half_up(figure, DECIMALS)


def _rounded(figures: Mapping[str, float | None]) -> dict[str, float | None]:
    return {code: _round(figure) for code, figure in figures.items()}
