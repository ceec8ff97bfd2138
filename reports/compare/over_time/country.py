"""A country from round to round, beside the median of its region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessment.models import Response
from questionnaire.code_maps import Correspondence, Part
from questionnaire.instrument import Instrument
from reports import charts
from reports.compare.figures import KeptFigures
from reports.compare.over_time.codes import PARTS, every_axis, found_in, score_on
from reports.compare.over_time.lines import Block, Column, Line, Point, changed
from reports.compare.records import Record
from reports.compare.scores import Axis, limits_of
from reports.document.structure import Chart
from reports.document.wording import figure, mark_of_class
from reports.sources import RegionMedian


@dataclass(frozen=True, slots=True)
class Stage:
    """A round of one country: its figures, and the median of its region if it has one."""

    record: Record
    figures: KeptFigures
    region: RegionMedian | None
    codes: Correspondence


def stage_columns(reference: Instrument, stages: Sequence[Stage]) -> list[Column]:
    return [_column(stage, reference) for stage in stages]


def _column(stage: Stage, reference: Instrument) -> Column:
    of, region = stage.record, stage.region
    note = ""
    if region is not None:
        words = _("%(region)s: median of %(count)d other countries")
        note = words % {"region": region.region, "count": region.count}
    return Column(
        code=of.round_code,
        title=of.round_title,
        year=of.year,
        version=of.version,
        state=str(Response.Status(of.status).label),
        note=note,
        status=of.status,
        count=region.count if region else None,
        other_version="" if of.version == reference.version else of.version,
    )


def course_of(
    reference: Instrument, stages: Sequence[Stage], *, is_mirrored: bool
) -> list[Block]:
    """Return scores from round to round, the classes of needs, and scores of questions."""
    limits = limits_of(reference)
    blocks = [
        Block(
            group.kind,
            group.title,
            tuple(
                _score_line(axis, stages, limits, is_mirrored) for axis in group.axes
            ),
            has_charts=len(stages) > 1,
        )
        for group in every_axis(reference)
    ]
    for source in reference.gap_inputs:
        question = reference.question_by_code[source.matrix]
        lines = [
            _class_line(reference, row.code, row.short, stages) for row in question.rows
        ]
        asked = [line for line in lines if any(p.is_asked for p in line.points)]
        blocks.append(
            Block(
                "gap", question.short, tuple(asked), has_charts=False, is_scored=False
            )
        )
    questions = [q for q in reference.questions if q.is_scored]
    lines = [_question_line(q.code, q.short, stages) for q in questions]
    blocks.append(
        Block(
            "question",
            _("Scored questions"),
            tuple(lines),
            has_charts=False,
            is_folded=True,
        )
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
            score=score,
            median=median,
        )
        for (is_asked, score), before, median in zip(
            found, [None, *scores][: len(scores)], medians, strict=True
        )
    ]
    svg = charts.course(scores, medians, limits=limits, is_mirrored=is_mirrored)
    return Line(axis.code, axis.title, tuple(points), Chart(svg, ""))


def _median(axis: Axis, stage: Stage) -> float | None:
    region = stage.region
    if region is None:
        return None
    if axis.scope is None:
        return region.overall
    groups: Mapping[str, float | None] = getattr(region, axis.scope.value)
    return found_in(groups, stage.codes, PARTS[axis.scope], axis.code)[1]


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
        points.append(
            Point(
                is_asked,
                mark.label if mark else "",
                mark,
                gap_class=gap[0] if gap else "",
            )
        )
    return Line(code, title, tuple(points), Chart("", ""))


def _question_line(code: str, title: str, stages: Sequence[Stage]) -> Line:
    found = [
        found_in(stage.figures.questions, stage.codes, Part.QUESTION, code)
        for stage in stages
    ]
    scores = [score for _asked, score in found]
    points = [
        Point(is_asked, figure(score), change=changed(before, score), score=score)
        for (is_asked, score), before in zip(
            found, [None, *scores][: len(scores)], strict=True
        )
    ]
    return Line(code, title, tuple(points), Chart("", ""))
