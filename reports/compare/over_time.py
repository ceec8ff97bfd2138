"""A country or a region from round to round, also across versions of the questionnaire.

Codes are those of one version, the reference; what another version called otherwise is
found by the code map, and what it did not ask is said so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from django.utils.translation import gettext as _

from questionnaire.code_maps import Correspondence, Part, code_maps, correspondence
from questionnaire.instrument import Instrument
from reports import charts
from reports.compare.figures import KeptFigures
from reports.compare.records import Member, Record
from reports.compare.scores import Axis, Scope, axes, limits_of, overall_axis
from reports.compare.statistics import Spread, spread
from reports.document.structure import Chart, Mark
from reports.document.wording import figure, listed, mark_of_change, mark_of_class
from reports.sources import RegionMedian

AnyValue = TypeVar("AnyValue")

_PARTS = {Scope.DIMENSIONS: Part.DIMENSION, Scope.SECTIONS: Part.SECTION}


@dataclass(frozen=True, slots=True)
class Stage:
    """A round of one country: its figures, and the median of its region if it has one."""

    record: Record
    figures: KeptFigures
    region: RegionMedian | None
    codes: Correspondence


@dataclass(frozen=True, slots=True)
class Column:
    """A round in the head of a table; `version` where it asked another version."""

    code: str
    title: str
    year: int
    version: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """What a round says; `change` is since the round before, `beside` the region's median.

    `detail` is said in smaller letters below. What was not asked has no text.
    """

    is_asked: bool
    text: str = ""
    mark: Mark | None = None
    change: Mark | None = None
    beside: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    points: tuple[Point, ...]
    chart: Chart


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together; a chart needs scores, and more than one round.

    `is_folded` are those that few ask for: they open on demand.
    """

    title: str
    lines: tuple[Line, ...]
    has_charts: bool
    is_scored: bool = True
    is_folded: bool = False


def codes_between(reference: Instrument, version: str) -> Correspondence:
    """Return how to find the codes of `reference` in another version of it."""
    return correspondence(code_maps(), reference.code, reference.version, version)


def found_in(
    values: Mapping[str, AnyValue], codes: Correspondence, part: Part, code: str
) -> tuple[bool, AnyValue | None]:
    """Return whether another version has what the reference calls `code`, and its value."""
    other = codes.in_other(part, code)
    if other is None or other not in values:
        return False, None
    return True, values[other]


def score_on(
    axis: Axis, figures: KeptFigures, codes: Correspondence
) -> tuple[bool, float | None]:
    """Return whether an axis was asked in another version, and the score on it."""
    if axis.scope is None:
        return True, figures.overall
    values: Mapping[str, float | None] = getattr(figures, axis.scope.value)
    return found_in(values, codes, _PARTS[axis.scope], axis.code)


def every_axis(reference: Instrument) -> list[tuple[str, tuple[Axis, ...]]]:
    return [
        (_("Overall"), (overall_axis(),)),
        (_("Capacity dimensions"), axes(reference, Scope.DIMENSIONS)),
        (_("Sections"), axes(reference, Scope.SECTIONS)),
    ]


# A country


def course_of(
    reference: Instrument, stages: Sequence[Stage], *, is_mirrored: bool
) -> list[Block]:
    """Return scores from round to round, the classes of needs, and scores of questions."""
    limits = limits_of(reference)
    blocks = [
        Block(
            title,
            tuple(_score_line(axis, stages, limits, is_mirrored) for axis in group),
            has_charts=len(stages) > 1,
        )
        for title, group in every_axis(reference)
    ]
    for source in reference.gap_inputs:
        question = reference.question_by_code[source.matrix]
        lines = [
            _class_line(reference, row.code, row.short, stages) for row in question.rows
        ]
        asked = [line for line in lines if any(p.is_asked for p in line.points)]
        blocks.append(
            Block(question.short, tuple(asked), has_charts=False, is_scored=False)
        )
    questions = [q for q in reference.questions if q.is_scored]
    lines = [_question_line(q.code, q.short, stages) for q in questions]
    blocks.append(
        Block(_("Scored questions"), tuple(lines), has_charts=False, is_folded=True)
    )
    return blocks


def _score_line(
    axis: Axis, stages: Sequence[Stage], limits: Sequence[float], is_mirrored: bool
) -> Line:
    found = [score_on(axis, stage.figures, stage.codes) for stage in stages]
    medians = [_median(axis, stage) for stage in stages]
    scores = [score for _asked, score in found]
    points = [
        Point(
            is_asked=is_asked,
            text=figure(score),
            change=changed(before, score),
            beside=figure(median) if median is not None else "",
        )
        for (is_asked, score), before, median in zip(
            found, [None, *scores][: len(scores)], medians, strict=True
        )
    ]
    svg = charts.course(scores, medians, limits=limits, is_mirrored=is_mirrored)
    return Line(axis.title, tuple(points), Chart(svg, ""))


def _median(axis: Axis, stage: Stage) -> float | None:
    region = stage.region
    if region is None:
        return None
    if axis.scope is None:
        return region.overall
    groups: Mapping[str, float | None] = getattr(region, axis.scope.value)
    return found_in(groups, stage.codes, _PARTS[axis.scope], axis.code)[1]


def changed(before: float | None, now: float | None) -> Mark | None:
    return None if before is None or now is None else mark_of_change(now - before)


def _class_line(
    reference: Instrument, code: str, title: str, stages: Sequence[Stage]
) -> Line:
    classes = reference.gap_rules.class_by_code
    points = []
    for stage in stages:
        is_asked, gap = found_in(stage.figures.gaps, stage.codes, Part.ROW, code)
        mark = None
        if gap is not None:
            label = classes[gap[0]].label if gap[0] in classes else gap[0]
            mark = mark_of_class(gap[0], label)
        points.append(Point(is_asked, mark.label if mark else "", mark))
    return Line(title, tuple(points), Chart("", ""))


def _question_line(code: str, title: str, stages: Sequence[Stage]) -> Line:
    found = [
        found_in(stage.figures.questions, stage.codes, Part.QUESTION, code)
        for stage in stages
    ]
    scores = [score for _asked, score in found]
    points = [
        Point(is_asked, figure(score), change=changed(before, score))
        for (is_asked, score), before in zip(
            found, [None, *scores][: len(scores)], strict=True
        )
    ]
    return Line(f"{code} {title}", tuple(points), Chart("", ""))


# A region


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


def region_course(
    reference: Instrument, waves: Sequence[Wave], *, is_mirrored: bool
) -> list[Block]:
    """Return median and quartiles of every round."""
    limits = limits_of(reference)
    return [
        Block(
            title,
            tuple(_wave_line(axis, waves, limits, is_mirrored) for axis in group),
            has_charts=len(waves) > 1,
        )
        for title, group in every_axis(reference)
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
            )
        )
    svg = charts.course(medians, limits=limits, is_mirrored=is_mirrored)
    return Line(axis.title, tuple(points), Chart(svg, ""))


def _quartiles(lies: Spread | None) -> str:
    if lies is None:
        return ""
    return _("%(lower)s to %(upper)s") % {
        "lower": figure(lies.lower),
        "upper": figure(lies.upper),
    }


# The same countries in two rounds


@dataclass(frozen=True, slots=True)
class Change:
    """Medians of the same countries then and now; `median` is that of their changes."""

    title: str
    count: int
    before: float
    now: float
    mark: Mark
    before_text: str
    now_text: str


@dataclass(frozen=True, slots=True)
class SameCountries:
    """Two rounds next to each other, and the countries accepted in both."""

    before: Wave
    now: Wave
    countries: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def names(self) -> str:
        return listed(self.countries)


def same_countries(
    reference: Instrument, waves: Sequence[Wave], least: int = 1
) -> list[SameCountries]:
    """Return what changed from round to round, of those accepted in both rounds.

    A score that fewer than `least` have in both rounds is left out.
    """
    return [
        _same(reference, before, now, least)
        for before, now in pairwise(waves)
        if {m.record.iso3 for m in before.found} & {m.record.iso3 for m in now.found}
    ]


def _same(reference: Instrument, before: Wave, now: Wave, least: int) -> SameCountries:
    then = {member.record.iso3: member.figures for member in before.found}
    both = [member for member in now.found if member.record.iso3 in then]
    pairs = [(then[member.record.iso3], member.figures) for member in both]
    found = [
        _change(axis, _both(axis, pairs, before.codes, now.codes), least)
        for _title, group in every_axis(reference)
        for axis in group
    ]
    return SameCountries(
        before,
        now,
        tuple(member.record.country for member in both),
        tuple(change for change in found if change is not None),
    )


def _both(
    axis: Axis,
    pairs: Sequence[tuple[KeptFigures, KeptFigures]],
    before: Correspondence,
    now: Correspondence,
) -> list[tuple[float, float]]:
    """Return the scores of the countries that have one in both rounds."""
    scores = [
        (score_on(axis, then, before)[1], score_on(axis, later, now)[1])
        for then, later in pairs
    ]
    return [(a, b) for a, b in scores if a is not None and b is not None]


def _change(
    axis: Axis, scores: Sequence[tuple[float, float]], least: int
) -> Change | None:
    before = spread(a for a, _b in scores)
    now = spread(b for _a, b in scores)
    moved = spread(b - a for a, b in scores)
    if before is None or now is None or moved is None or moved.count < least:
        return None
    return Change(
        title=axis.title,
        count=moved.count,
        before=before.median,
        now=now.median,
        mark=mark_of_change(moved.median),
        before_text=figure(before.median),
        now_text=figure(now.median),
    )
