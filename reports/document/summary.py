"""The one-page summary: overall level, profile, strengths, gaps, what changed, what next."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.analysis.gaps import NOT_COUNTED
from reports.analysis.results import GroupScore, Overall
from reports.document.narrative import narrative
from reports.document.needs import gap_row, why_no_gap
from reports.document.profile import (
    axis,
    dimension_anchor,
    dimension_line,
    median_caption,
    section_line,
)
from reports.document.reader import Reader
from reports.document.reviewed import review_note
from reports.document.structure import Fact, GapRow, Ref, Strength, Summary
from reports.document.wording import figure, percent

STRENGTHS = 3
SEVEREST_GAPS = 5
_STRENGTH_FROM_LEVEL = 3
GAPS = ("critical", "major", "moderate", "minor")


def summary(reader: Reader) -> Summary:
    overall = reader.analysis.overall
    is_published = overall.is_publishable and overall.level is not None
    strengths = _strengths(reader)
    gaps = _gaps(reader)
    return Summary(
        headline=_headline(reader, overall, is_published=is_published),
        score=figure(overall.score.final),
        is_published=is_published,
        level=reader.level(overall.level) if is_published else None,
        interval=_interval(overall),
        remarks=tuple(_remarks(overall, is_published=is_published)),
        facts=_facts(reader),
        axis=axis(reader),
        sections=tuple(section_line(reader, code) for code in reader.analysis.sections),
        dimensions=tuple(
            dimension_line(reader, code) for code in reader.analysis.dimensions
        ),
        strengths=strengths,
        strengths_note=_strengths_note(strengths, is_published=is_published),
        gaps=gaps,
        gaps_note=_gaps_note(reader, gaps),
        paragraphs=narrative(reader),
        median_caption=median_caption(reader),
        review=review_note(reader),
    )


def _headline(reader: Reader, overall: Overall, *, is_published: bool) -> str:
    if not is_published or overall.level is None:
        return _("Insufficient information for an overall level")
    return _("Overall capacity: level %(number)d of %(levels)d, %(name)s") % {
        "number": overall.level.level,
        "levels": len(reader.source.instrument.maturity_levels),
        "name": overall.level.name,
    }


def _interval(overall: Overall) -> str:
    final, upper = overall.score.final, overall.score.upper
    if final is None or upper is None:
        return ""
    if figure(final) == figure(upper):
        return _("No missing or unknown answer could raise it.")
    return _(
        "Range %(final)s to %(upper)s: the upper end if every missing or unknown answer were "
        "favourable."
    ) % {"final": figure(final), "upper": figure(upper)}


def _remarks(overall: Overall, *, is_published: bool) -> list[str]:
    return [overall.level.description] if is_published and overall.level else []


def _facts(reader: Reader) -> tuple[Fact, ...]:
    shares = reader.analysis.completeness
    return (
        Fact(_("Required questions answered"), percent(shares.overall)),
        Fact(_("Answered “do not know”"), percent(shares.share_dk)),
        Fact(_("Scored answers with evidence"), percent(shares.share_evidence)),
    )


# Strengths


def _strengths(reader: Reader) -> tuple[Strength, ...]:
    """Return the dimensions with the highest scores, 0 excepted: a report names three."""
    found = [
        dimension
        for dimension in reader.analysis.dimensions.values()
        if dimension.level is not None and dimension.score.final
    ]
    found.sort(key=lambda d: -round(d.score.final or 0.0, 6))
    return tuple(_strength(reader, dimension) for dimension in found[:STRENGTHS])


def _strength(reader: Reader, dimension: GroupScore) -> Strength:
    return Strength(
        ref=Ref(dimension_anchor(dimension.code), dimension.code, dimension.title),
        score=figure(dimension.score.final),
        level=dimension_line(reader, dimension.code).level,
        text="; ".join(_best_questions(reader, dimension)),
    )


def _best_questions(reader: Reader, dimension: GroupScore) -> list[str]:
    """Return the labels of the questions that score best, the heaviest first."""
    found = [
        score
        for code in dimension.questions
        if (score := reader.analysis.questions[code]).is_shown
        and (score.score.final or 0.0) >= 0.5
    ]
    found.sort(key=lambda score: (-round(score.score.final or 0.0, 6), -score.weight))
    questions = reader.source.instrument.question_by_code
    return [questions[score.code].short for score in found[:2]]


def _strengths_note(strengths: tuple[Strength, ...], *, is_published: bool) -> str:
    if not strengths:
        if is_published:
            return _("No strength can be named: no dimension has a score above 0.")
        return _("No strength can be named yet: too little has been answered.")
    early = sum(
        s.level is not None and s.level.number < _STRENGTH_FROM_LEVEL for s in strengths
    )
    if early == len(strengths):
        return _(
            "Relative to the others: no dimension has reached the middle of the scale yet."
        )
    if early:
        return _("Relative to the others where the middle of the scale is not reached.")
    return ""


# Gaps


def _gaps(reader: Reader) -> tuple[GapRow, ...]:
    gaps = (reader.analysis.gaps[code] for code in reader.analysis.gap_order)
    severe = [gap for gap in gaps if gap.gap_class in GAPS]
    return tuple(gap_row(reader, gap) for gap in severe[:SEVEREST_GAPS])


def _gaps_note(reader: Reader, gaps: tuple[GapRow, ...]) -> str:
    found = reader.analysis.gaps.values()
    if not gaps:
        return why_no_gap(found)
    assessed = sum(gap.gap_class not in NOT_COUNTED for gap in found)
    total = sum(gap.gap_class in GAPS for gap in found)
    if total == assessed:
        return ngettext(
            "The one need with a stated priority has a gap.",
            "All %(count)d needs with a stated priority have a gap.",
            total,
        ) % {"count": total}
    return ngettext(
        "%(count)d of %(all)d needs with a stated priority has a gap.",
        "%(count)d of %(all)d needs with a stated priority have a gap.",
        total,
    ) % {"count": total, "all": assessed}
