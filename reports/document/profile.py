"""Scores of sections and dimensions as lines of the profile, and what changed in them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports import charts
from reports.analysis.results import GroupScore
from reports.document.reader import Reader
from reports.document.structure import Chart, ScoreLine
from reports.document.wording import figure, listed, mark_of_change


def section_line(reader: Reader, code: str) -> ScoreLine:
    earlier = reader.earlier.sections.get(code) if reader.earlier else None
    anchor = section_anchor(code)
    return _line(
        reader, reader.analysis.sections[code], earlier, anchor, has_level=True
    )


def dimension_line(reader: Reader, code: str) -> ScoreLine:
    """Return the line of a dimension; its level is printed only with the overall level."""
    earlier = reader.earlier.dimensions.get(code) if reader.earlier else None
    has_level = reader.analysis.overall.is_publishable
    anchor = dimension_anchor(code)
    return _line(
        reader, reader.analysis.dimensions[code], earlier, anchor, has_level=has_level
    )


def section_anchor(code: str) -> str:
    return f"section-{code}"


def dimension_anchor(code: str) -> str:
    return f"dimension-{code}"


def axis(reader: Reader) -> Chart:
    limits = reader.level_limits
    alt = _("Scale from %(start)s to %(end)s; the levels begin at %(limits)s.") % {
        "start": figure(limits[0], 0),
        "end": figure(limits[-1], 0),
        "limits": listed([figure(limit, 0) for limit in limits[:-1]]),
    }
    return Chart(charts.axis(limits, is_mirrored=reader.is_rtl), alt)


def _line(
    reader: Reader,
    group: GroupScore,
    earlier: GroupScore | None,
    anchor: str,
    *,
    has_level: bool,
) -> ScoreLine:
    is_published = group.is_publishable and group.score.final is not None
    score = group.score.final if is_published else None
    previous = earlier.score.final if earlier and earlier.is_publishable else None
    text = figure(score)
    if not group.is_publishable:
        text = _("insufficient information")
    change = None
    if score is not None and previous is not None:
        change = mark_of_change(score - previous)
    level = reader.level(group.level) if is_published and has_level else None
    return ScoreLine(
        code=group.code,
        title=group.title,
        anchor=anchor,
        score=text,
        is_published=is_published,
        level=level,
        chart=_bar(reader, group, text, score, previous),
        change=change,
    )


def _bar(
    reader: Reader,
    group: GroupScore,
    text: str,
    score: float | None,
    previous: float | None,
) -> Chart:
    svg = charts.profile_bar(
        score,
        upper=group.score.upper,
        previous=previous,
        limits=reader.level_limits,
        is_mirrored=reader.is_rtl,
    )
    return Chart(svg, _("%(title)s: %(score)s") % {"title": group.title, "score": text})
