"""The profile as the page shows it: what each bar says, in words and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import charts
from reports.analysis.results import GroupScore
from reports.document.profile import region_median
from reports.document.reader import Reader
from reports.document.structure import Chart, Fact, ScoreLine
from reports.document.wording import figure
from reports.screen.structure import KeyEntry, ProfileLine
from reports.screen.sums import group_sum


def section_lines(
    reader: Reader, lines: Sequence[ScoreLine]
) -> tuple[ProfileLine, ...]:
    earlier = reader.earlier.sections if reader.earlier else {}
    region = region_median(reader)
    medians = region.sections if region else {}
    return tuple(
        _line(reader, line, reader.analysis.sections[line.code], earlier, medians)
        for line in lines
    )


def dimension_lines(
    reader: Reader, lines: Sequence[ScoreLine]
) -> tuple[ProfileLine, ...]:
    earlier = reader.earlier.dimensions if reader.earlier else {}
    region = region_median(reader)
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


def median_in_words(reader: Reader) -> str:
    """Return whose median the profile shows; nothing where there is none."""
    region = region_median(reader)
    if region is None:
        return ""
    return ngettext(
        "Median of %(region)s (%(count)d response)",
        "Median of %(region)s (%(count)d responses)",
        region.count,
    ) % {"region": region.region, "count": region.count}


def profile_key(reader: Reader) -> tuple[KeyEntry, ...]:
    """Return the marks of the bars, each as it is drawn there, with what it stands for.

    They are drawn at the middle of the scale, which is what the page cuts out.
    """
    bands = _mark(reader, limits=(0.0, 46.0, 50.0, 54.0, 100.0))
    entries = [
        KeyEntry(_mark(reader, score=52.0), _("Score")),
        KeyEntry(
            _mark(reader, score=46.0, upper=53.0),
            _(
                "How far it could rise if every missing or unknown answer were favourable"
            ),
        ),
    ]
    if reader.earlier:
        entries.append(KeyEntry(_mark(reader, previous=50.0), _("Previous round")))
    if region := region_median(reader):
        words = _("%(median)s, this response not included")
        if region.overall is not None:
            words = _("%(median)s, this response not included; overall: %(overall)s")
        label = words % {
            "median": median_in_words(reader),
            "overall": figure(region.overall),
        }
        entries.append(KeyEntry(_mark(reader, median=50.0), label))
    return (*entries, KeyEntry(bands, _("Bands: the five levels")))


def _mark(
    reader: Reader,
    *,
    score: float | None = None,
    upper: float | None = None,
    previous: float | None = None,
    median: float | None = None,
    limits: Sequence[float] = (0.0, 100.0),
) -> Chart:
    svg = charts.profile_bar(
        score,
        upper=upper,
        previous=previous,
        median=median,
        limits=limits,
        is_mirrored=reader.is_rtl,
    )
    return Chart(svg, "")


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
        facts.append(Fact(median_in_words(reader), figure(median)))
    return facts
