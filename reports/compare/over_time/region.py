"""A region from round to round: medians and quartiles of what stands accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questionnaire.code_maps import Correspondence
from questionnaire.instrument import Instrument
from reports import charts
from reports.compare.over_time.codes import codes_between, every_axis, score_on
from reports.compare.over_time.lines import Block, Column, Line, Point
from reports.compare.records import Member
from reports.compare.scores import Axis, limits_of
from reports.compare.statistics import Spread, spread
from reports.document.structure import Chart
from reports.document.wording import figure


@dataclass(frozen=True, slots=True)
class Wave:
    """A round of a region: what was accepted of it."""

    round_code: str
    round_title: str
    year: int
    version: str
    found: Sequence[Member]
    codes: Correspondence

    def scores(self, axis: Axis) -> list[tuple[bool, float | None]]:
        return [score_on(axis, member.figures, self.codes) for member in self.found]


def waves_of(reference: Instrument, found: Sequence[Member]) -> list[Wave]:
    """Return members by round, the oldest first."""
    grouped: dict[tuple[int, str], list[Member]] = {}
    for member in found:
        key = (member.record.year, member.record.round_code)
        grouped.setdefault(key, []).append(member)
    return [
        Wave(
            round_code=code,
            round_title=group[0].record.round_title,
            year=year,
            version=group[0].record.version,
            found=group,
            codes=codes_between(reference, group[0].record.version),
        )
        for (year, code), group in sorted(grouped.items())
    ]


def wave_columns(reference: Instrument, waves: Sequence[Wave]) -> list[Column]:
    return [_column(wave, reference) for wave in waves]


def _column(wave: Wave, reference: Instrument) -> Column:
    count = len(wave.found)
    words = ngettext("%(count)d country", "%(count)d countries", count)
    return Column(
        code=wave.round_code,
        title=wave.round_title,
        year=wave.year,
        version=wave.version,
        state=words % {"count": count},
        count=count,
        other_version="" if wave.version == reference.version else wave.version,
    )


def region_course(
    reference: Instrument, waves: Sequence[Wave], *, is_mirrored: bool
) -> list[Block]:
    """Return median and quartiles of every round."""
    limits = limits_of(reference)
    return [
        Block(
            group.kind,
            group.title,
            tuple(_wave_line(axis, waves, limits, is_mirrored) for axis in group.axes),
            has_charts=len(waves) > 1,
        )
        for group in every_axis(reference)
    ]


def _wave_line(
    axis: Axis, waves: Sequence[Wave], limits: Sequence[float], is_mirrored: bool
) -> Line:
    points, medians = [], []
    for wave in waves:
        found = wave.scores(axis)
        lies = spread(score for _asked, score in found)
        medians.append(lies.median if lies else None)
        points.append(
            Point(
                is_asked=any(is_asked for is_asked, _score in found),
                text=figure(lies.median if lies else None),
                detail=_quartiles(lies),
                lies=lies,
            )
        )
    svg = charts.course(medians, limits=limits, is_mirrored=is_mirrored)
    return Line(axis.code, axis.title, tuple(points), Chart(svg, ""))


def _quartiles(lies: Spread | None) -> str:
    if lies is None:
        return ""
    return _("%(lower)s to %(upper)s") % {
        "lower": figure(lies.lower),
        "upper": figure(lies.upper),
    }
