"""The profile as the page shows it: what each bar says, in words and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.analysis.results import GroupScore
from reports.document.reader import Reader
from reports.document.structure import Fact, ScoreLine
from reports.document.wording import figure
from reports.screen.structure import ProfileLine
from reports.screen.sums import group_sum
from reports.sources import ReportSource


def section_lines(
    reader: Reader, lines: Sequence[ScoreLine]
) -> tuple[ProfileLine, ...]:
    earlier = reader.earlier.sections if reader.earlier else {}
    region = reader.source.region_median
    medians = region.sections if region else {}
    return tuple(
        _line(reader, line, reader.analysis.sections[line.code], earlier, medians)
        for line in lines
    )


def dimension_lines(
    reader: Reader, lines: Sequence[ScoreLine]
) -> tuple[ProfileLine, ...]:
    earlier = reader.earlier.dimensions if reader.earlier else {}
    region = reader.source.region_median
    medians = region.dimensions if region else {}
    descriptions = {d.code: d.description for d in reader.source.instrument.dimensions}
    return tuple(
        _line(
            reader,
            line,
            reader.analysis.dimensions[line.code],
            earlier,
            medians,
            descriptions[line.code],
        )
        for line in lines
    )


def median_in_words(source: ReportSource) -> str:
    """Return whose median the profile shows; nothing where there is none."""
    region = source.region_median
    if region is None:
        return ""
    return ngettext(
        "Median of %(region)s (%(count)d response)",
        "Median of %(region)s (%(count)d responses)",
        region.count,
    ) % {"region": region.region, "count": region.count}


def _line(
    reader: Reader,
    line: ScoreLine,
    group: GroupScore,
    earlier: Mapping[str, GroupScore],
    medians: Mapping[str, float | None],
    description: str = "",
) -> ProfileLine:
    before = earlier.get(line.code)
    previous = figure(before.score.final) if before and before.is_publishable else ""
    median = medians.get(line.code)
    upper = figure(group.score.upper)
    return ProfileLine(
        line=line,
        sum=group_sum(reader, group),
        upper=upper,
        previous=previous,
        median=figure(median) if median is not None else "",
        tip=tuple(_tip(reader, line, upper, previous, median)),
        description=description,
    )


def _tip(
    reader: Reader, line: ScoreLine, upper: str, previous: str, median: float | None
) -> list[Fact]:
    facts = [Fact(_("Score"), line.score)]
    if line.level:
        facts.append(Fact(_("Level"), f"{line.level.number} {line.level.name}"))
    if line.is_published and upper != line.score:
        facts.append(Fact(_("Could rise to"), upper))
    if previous:
        change = f" ({line.change.label})" if line.change else ""
        facts.append(Fact(_("Previous round"), f"{previous}{change}"))
    if median is not None:
        facts.append(Fact(median_in_words(reader.source), figure(median)))
    return facts
