"""A record as data for programs: the published figures, the country's own, and its plan."""

from __future__ import annotations

from typing import Any

from assessment.plans import ActionPlan, plan_json
from assessment.records import moment
from reports.analysis import Analysis, analyse
from reports.analysis.as_json import as_json, self_assessed
from reports.exports.table import scores_by_code
from reports.sources import ReportSource


def published_figures(
    source: ReportSource, analysis: Analysis | None = None
) -> dict[str, Any]:
    """Return the figures of `source`, four decimals, as `analysis.as_json` does.

    Where values were reviewed they are computed with them; `self_assessed` then holds the
    scores from the country's own answers, `reviewed_values` what was replaced by what.
    `action_plan` is the edition that the report prints, None where there is none.
    """
    analysis = analysis or analyse(source.instrument, source.answers)
    found = {"record": _record(source)} | as_json(analysis)
    found["scores"] = scores_by_code(analysis)
    found["action_plan"] = _plan(source.plan) if source.plan else None
    if source.own_answers is None:
        return found
    own = analyse(source.instrument, source.own_answers)
    return found | {
        "self_assessed": self_assessed(own),
        "reviewed_values": [
            {
                "cell": str(one.address),
                "answer": one.answer,
                "value": one.value,
                "reason": one.reason,
            }
            for one in source.reviewed
        ],
    }


def _record(source: ReportSource) -> dict[str, Any]:
    """Return what the figures are those of; a draft has neither number nor hash."""
    return {
        "country": source.iso3,
        "round": source.round_code,
        "kind": str(source.kind),
        "submission": source.number,
        "dated_at": moment(source.dated_at) if source.dated_at else None,
        "hash": source.hash or None,
        "questionnaire": source.instrument.content_hash,
        "illustrative": source.is_illustrative,
    }


def _plan(plan: ActionPlan) -> dict[str, Any]:
    """Return a plan as an edition freezes it; the live one of a draft has no number."""
    return {
        "edition": plan.number,
        "adopted_at": moment(plan.adopted_at) if plan.adopted_at else None,
        "adopted_by": plan.adopted_by or None,
        "sha256": plan.sha256 or None,
    } | plan_json(plan)
