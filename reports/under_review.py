"""What reviewed values would change in a submission that is not accepted yet."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.reviewed import Reviewed, with_reviewed
from reports.analysis import Analysis, analyse
from reports.document.wording import figure
from reports.sources import ReportSource


@dataclass(frozen=True, slots=True)
class Preview:
    """Both overall scores in words; `count` values are in force."""

    count: int
    own: str
    reviewed: str


def preview(
    analysis: Analysis, source: ReportSource, reviewed: tuple[Reviewed, ...]
) -> Preview | None:
    """Return both scores, `analysis` being that of `source`; None where nothing is."""
    if not reviewed:
        return None
    would_be = analyse(source.instrument, with_reviewed(source.answers, reviewed))
    return Preview(
        count=len(reviewed),
        own=figure(analysis.overall.score.final),
        reviewed=figure(would_be.overall.score.final),
    )
