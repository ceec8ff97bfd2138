"""Scores of sections and dimensions as lines of the profile, and what changed in them."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import charts
from reports.analysis.results import GroupScore
from reports.compare.statistics import LEAST
from reports.document.reader import Reader
from reports.document.structure import Chart, ScoreLine
from reports.document.wording import figure, listed, mark_of_change
from reports.sources import RegionMedian


class Beside(NamedTuple):
    """What stands beside the score of a section or dimension."""

    earlier: GroupScore | None
    median: float | None


class Bar(NamedTuple):
    """The marks of one bar, 0 to 100; None is not drawn."""

    score: float | None
    previous: float | None
    median: float | None


def section_line(reader: Reader, code: str) -> ScoreLine:
    earlier = reader.earlier.sections.get(code) if reader.earlier else None
    median = region_median(reader)
    beside = Beside(earlier, median.sections.get(code) if median else None)
    anchor = section_anchor(code)
    return _line(reader, reader.analysis.sections[code], beside, anchor, has_level=True)


def dimension_line(reader: Reader, code: str) -> ScoreLine:
    """Return the line of a dimension; its level is printed only with the overall level."""
    earlier = reader.earlier.dimensions.get(code) if reader.earlier else None
    median = region_median(reader)
    beside = Beside(earlier, median.dimensions.get(code) if median else None)
    has_level = reader.analysis.overall.is_publishable
    anchor = dimension_anchor(code)
    return _line(
        reader, reader.analysis.dimensions[code], beside, anchor, has_level=has_level
    )


def region_median(reader: Reader) -> RegionMedian | None:
    """Return the medians of the region; None for a group that is too small to show."""
    found = reader.source.region_median
    return found if found is not None and found.count >= LEAST else None


def median_caption(reader: Reader) -> str:
    """Return what the median is one of; empty without one."""
    found = region_median(reader)
    if found is None:
        return ""
    caption = ngettext(
        "Upright line and column “Region”: median of %(count)d accepted response of "
        "%(region)s, this one not included.",
        "Upright line and column “Region”: median of %(count)d accepted responses of "
        "%(region)s, this one not included.",
        found.count,
    ) % {"count": found.count, "region": found.region}
    if found.overall is None:
        return caption
    overall = _("Overall: %(median)s.") % {"median": figure(found.overall)}
    return f"{caption} {overall}"


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
    beside: Beside,
    anchor: str,
    *,
    has_level: bool,
) -> ScoreLine:
    is_published = group.is_publishable and group.score.final is not None
    score = group.score.final if is_published else None
    earlier = beside.earlier
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
        chart=_bar(reader, group, text, Bar(score, previous, beside.median)),
        change=change,
        median="" if beside.median is None else figure(beside.median),
    )


def _bar(reader: Reader, group: GroupScore, text: str, bar: Bar) -> Chart:
    svg = charts.profile_bar(
        bar.score,
        upper=group.score.upper,
        previous=bar.previous,
        median=bar.median,
        limits=reader.level_limits,
        is_mirrored=reader.is_rtl,
    )
    words = [_("%(title)s: %(score)s") % {"title": group.title, "score": text}]
    if bar.previous is not None:
        before = figure(bar.previous)
        words.append(_("previous round: %(score)s") % {"score": before})
    if bar.median is not None:
        median = figure(bar.median)
        words.append(_("median of the region: %(score)s") % {"score": median})
    return Chart(svg, "; ".join(words))
