"""Where a response stands, in a few figures: the panel that is read while answering."""

from __future__ import annotations

from dataclasses import dataclass, replace

from questionnaire.instrument import Instrument
from reports.analysis import Analysis
from reports.analysis.aggregation import level_of, score_overall
from reports.analysis.results import Figures, GroupScore, Overall
from reports.document.structure import Level, Mark
from reports.document.wording import figure, mark_of_class
from reports.document.wording import level_of as level_in_words


@dataclass(frozen=True, slots=True)
class ClassCount:
    mark: Mark
    count: int


@dataclass(frozen=True, slots=True)
class Standing:
    """`score` is empty as long as nothing scored has been answered.

    Provisional while `is_provisional`: blank answers are left out (gap_method.md, 4).
    """

    score: str
    level: Level | None
    is_provisional: bool
    is_limited: bool
    completeness: float
    classes: tuple[ClassCount, ...]
    assessed: int
    needs: int


def standing(analysis: Analysis, *, is_draft: bool) -> Standing:
    """Return where the response stands: provisionally as a draft, else as published."""
    overall = _provisional(analysis) if is_draft else analysis.overall
    score, level = overall.score.final, overall.level
    is_shown = score is not None and (is_draft or overall.is_publishable)
    classes = _classes(analysis)
    unknown = sum(gap.gap_class == "not_assessed" for gap in analysis.gaps.values())
    return Standing(
        score=figure(score) if is_shown else "",
        level=level_in_words(level, len(analysis.instrument.maturity_levels))
        if level is not None and is_shown
        else None,
        is_provisional=is_draft,
        is_limited=bool(overall.limited_by),
        completeness=analysis.completeness.overall or 0.0,
        classes=classes,
        assessed=len(analysis.gaps) - unknown,
        needs=len(analysis.gaps),
    )


def _classes(analysis: Analysis) -> tuple[ClassCount, ...]:
    """Return how many needs are in each class that occurs, the most severe first."""
    found = [gap.gap_class for gap in analysis.gaps.values()]
    ordered = sorted(analysis.instrument.gap_rules.classes, key=lambda c: c.order)
    return tuple(
        ClassCount(mark_of_class(c.code, c.label), found.count(c.code))
        for c in ordered
        if c.code in found
    )


def _provisional(analysis: Analysis) -> Overall:
    """Return the overall score, level and balance rule in provisional mode."""
    instrument = analysis.instrument
    return score_overall(
        instrument,
        {c: _as_final(instrument, g) for c, g in analysis.sections.items()},
        {c: _as_final(instrument, g) for c, g in analysis.dimensions.items()},
        analysis.completeness,
    )


def _as_final(instrument: Instrument, group: GroupScore) -> GroupScore:
    score = group.score.provisional
    figures = Figures(score, score, group.score.upper)
    return replace(group, score=figures, level=level_of(instrument, score))
