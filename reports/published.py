"""The figures of a record as data for programs: the published ones, and the country's own."""

from __future__ import annotations

from typing import Any

from reports.analysis import Analysis, analyse
from reports.analysis.as_json import as_json, self_assessed
from reports.sources import ReportSource


def published_figures(
    source: ReportSource, analysis: Analysis | None = None
) -> dict[str, Any]:
    """Return the figures of `source`, four decimals, as `analysis.as_json` does.

    Where values were reviewed they are computed with them; `self_assessed` then holds the
    scores from the country's own answers, `reviewed_values` what was replaced by what.
    """
    found = as_json(analysis or analyse(source.instrument, source.answers))
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
