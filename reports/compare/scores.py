"""Scores of many countries: a heat map, and how they lie by region.

Countries stand by region and name, never by score: nothing here ranks them.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from questionnaire.instrument import Instrument
from questionnaire.method import MaturityLevel
from reports import charts
from reports.analysis.aggregation import OVERALL, level_of
from reports.compare.figures import KeptFigures
from reports.compare.records import Member, Record
from reports.compare.statistics import Spread, spread
from reports.document.structure import Chart, Mark
from reports.document.wording import NO_FIGURE, figure, score_marks


class Scope(enum.StrEnum):
    DIMENSIONS = "dimensions"
    SECTIONS = "sections"


@dataclass(frozen=True, slots=True)
class Axis:
    """What is scored: the whole, a dimension or a section."""

    code: str
    title: str
    scope: Scope | None = None

    def score(self, figures: KeptFigures) -> float | None:
        if self.scope is None:
            return figures.overall
        groups: Mapping[str, float | None] = getattr(figures, self.scope.value)
        return groups.get(self.code)


def overall_axis() -> Axis:
    return Axis(OVERALL, _("Overall"))


def axes(instrument: Instrument, scope: Scope) -> tuple[Axis, ...]:
    """Return what is scored, in the order of the instrument, without the whole."""
    if scope is Scope.DIMENSIONS:
        return tuple(Axis(d.code, d.title, scope) for d in instrument.dimensions)
    return tuple(
        Axis(s.code, s.title, scope) for s in instrument.sections if s.is_scored
    )


def level_mark(instrument: Instrument, level: MaturityLevel | None) -> Mark:
    """Return the disc of a level; `kind` is its number, `none` without one."""
    if level is None:
        return Mark("", "", "none")
    discs = score_marks()
    last = max(len(instrument.maturity_levels) - 1, 1)
    disc = discs[(level.level - 1) * (len(discs) - 1) // last]
    return Mark(disc.symbol, level.name, str(level.level))


def level_marks(instrument: Instrument) -> tuple[Mark, ...]:
    return tuple(level_mark(instrument, level) for level in instrument.maturity_levels)


# Heat map


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A score in words with the mark of its level; a dash where there is none."""

    text: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class HeatRow:
    record: Record
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class HeatGroup:
    """The countries of a region; the name is empty for what belongs to none."""

    region: str
    rows: tuple[HeatRow, ...]


def heat_map(
    instrument: Instrument, found: Sequence[Member], columns: Sequence[Axis]
) -> list[HeatGroup]:
    """Return the countries by region, in the order of `found`."""
    return [
        HeatGroup(
            region,
            tuple(
                HeatRow(
                    member.record,
                    tuple(_cell(instrument, member.figures, axis) for axis in columns),
                )
                for member in group
            ),
        )
        for region, group in groupby(found, lambda member: member.record.region)
    ]


def _cell(instrument: Instrument, figures: KeptFigures, axis: Axis) -> HeatCell:
    """Return the cell as the report of the country has it: without a whole, no level."""
    score = axis.score(figures)
    level = None if figures.level is None else level_of(instrument, score)
    if axis.scope is Scope.SECTIONS:
        level = level_of(instrument, score)
    if axis.scope is None:
        level = _reported(instrument, figures)
    return HeatCell(figure(score), level_mark(instrument, level))


def _reported(instrument: Instrument, figures: KeptFigures) -> MaturityLevel | None:
    """Return the level that was reported, after the rule of balance."""
    levels = instrument.maturity_levels
    return next((level for level in levels if level.level == figures.level), None)


# How scores lie


@dataclass(frozen=True, slots=True)
class SpreadLine:
    """How the scores of a group lie, in words and as a chart; empty texts for none."""

    name: str
    spread: Spread | None
    figures: tuple[str, ...]
    chart: Chart

    @property
    def count(self) -> int:
        return self.spread.count if self.spread else 0


@dataclass(frozen=True, slots=True)
class SpreadGroup:
    """An axis and its lines, one a group of countries."""

    axis: Axis
    lines: tuple[SpreadLine, ...]


def limits_of(instrument: Instrument) -> tuple[float, ...]:
    """Return where the levels begin, 0 to 100, and the end of the scale."""
    return (*(level.min_score for level in instrument.maturity_levels), 100.0)


def spread_line(
    name: str,
    values: Sequence[float | None],
    limits: Sequence[float],
    *,
    is_mirrored: bool,
    has_ends: bool = True,
) -> SpreadLine:
    """Return the spread of some scores; without the ends where it is handed out."""
    found = spread(values)
    known = [value for value in values if value is not None]
    if found is None:
        quartiles = None
        texts: tuple[str, ...] = (NO_FIGURE,) * (5 if has_ends else 3)
    else:
        quartiles = parts = (found.lower, found.median, found.upper)
        ends = (found.lowest, *parts, found.highest)
        texts = tuple(figure(value) for value in (ends if has_ends else parts))
    svg = charts.spread(
        quartiles,
        dots=known if has_ends else (),
        limits=limits,
        is_mirrored=is_mirrored,
    )
    alt = _(
        "%(name)s: median %(median)s, half of the scores from %(lower)s to %(upper)s"
    )
    words = {
        "name": name,
        "median": figure(found.median if found else None),
        "lower": figure(found.lower if found else None),
        "upper": figure(found.upper if found else None),
    }
    return SpreadLine(name, found, texts, Chart(svg, alt % words))


def spreads_by_region(
    instrument: Instrument,
    found: Sequence[Member],
    columns: Sequence[Axis],
    *,
    is_mirrored: bool,
) -> list[SpreadGroup]:
    """Return how the scores on each axis lie, by region and in all."""
    limits = limits_of(instrument)
    regions = {
        region or _("Without a region"): list(group)
        for region, group in groupby(found, lambda member: member.record.region)
    }
    groups = {**regions, _("All"): list(found)} if len(regions) > 1 else regions
    return [
        SpreadGroup(
            axis,
            tuple(
                spread_line(
                    name,
                    [axis.score(member.figures) for member in group],
                    limits,
                    is_mirrored=is_mirrored,
                )
                for name, group in groups.items()
            ),
        )
        for axis in columns
    ]
