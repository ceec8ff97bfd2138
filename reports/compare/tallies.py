"""How often a need is a gap, an action is recommended, a source exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from questionnaire.instrument import Instrument
from reports import charts
from reports.analysis.gaps import WITHOUT_GAP
from reports.compare.figures import ACCESS, EXISTS, INVENTORY, KeptFigures
from reports.document.structure import Chart, Mark
from reports.document.wording import mark_of_class
from reports.palette import fill_of

_ASSESSED = "not_assessed"


@dataclass(frozen=True, slots=True)
class ClassOfGap:
    code: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class NeedTally:
    """In how many countries a need is in each class; shares in per cent.

    `gaps` counts those with a gap, `assessed` all that could be assessed.
    """

    code: str
    sign: str
    label: str
    counts: tuple[int, ...]
    gaps: int
    assessed: int
    strip: Chart

    @property
    def share(self) -> float | None:
        return 100 * self.gaps / self.assessed if self.assessed else None


@dataclass(frozen=True, slots=True)
class ActionTally:
    """How many countries an action is recommended to; the share in per cent."""

    code: str
    title: str
    dimension: str
    horizon: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class SourceTally:
    """How many countries have a source, and records of how many reach the office."""

    code: str
    label: str
    has: int
    has_not: int
    unknown: int
    not_applicable: int
    accessible: int


def gap_classes(instrument: Instrument) -> tuple[ClassOfGap, ...]:
    """Return the classes, the most severe first."""
    ordered = sorted(instrument.gap_rules.classes, key=lambda found: found.order)
    return tuple(ClassOfGap(c.code, mark_of_class(c.code, c.label)) for c in ordered)


def need_tallies(
    instrument: Instrument,
    matrix: str,
    found: Sequence[KeptFigures],
    *,
    is_mirrored: bool = False,
) -> list[NeedTally]:
    """Return the needs of a matrix, the one that is most often a gap first.

    Of equally many gaps the one with more severe ones first, then by the instrument.
    """
    classes = gap_classes(instrument)
    tallies = []
    for row in instrument.question_by_code[matrix].rows:
        classed = [f.gaps[row.code][0] for f in found if row.code in f.gaps]
        if not classed:
            continue
        counts = tuple(classed.count(one.code) for one in classes)
        indicator = row.details.get("indicator", "")
        fills = [(n, fill_of(c.code)) for n, c in zip(counts, classes, strict=True)]
        words = [
            f"{one.mark.label} {n}" for n, one in zip(counts, classes, strict=True) if n
        ]
        tallies.append(
            NeedTally(
                code=row.code,
                sign=row.letter or indicator,
                label=row.label.removeprefix(indicator).strip(),
                counts=counts,
                gaps=sum(one not in WITHOUT_GAP for one in classed),
                assessed=sum(one != _ASSESSED for one in classed),
                strip=Chart(
                    charts.strip(fills, is_mirrored=is_mirrored), "; ".join(words)
                ),
            )
        )
    severe = [i for i, one in enumerate(classes) if one.code not in WITHOUT_GAP]
    return sorted(tallies, key=lambda t: (-t.gaps, *(-t.counts[i] for i in severe)))


def action_tallies(
    instrument: Instrument, found: Sequence[KeptFigures]
) -> list[ActionTally]:
    """Return the actions recommended to anybody, the most frequent first."""
    counts = Counter(code for figures in found for code in figures.actions)
    dimensions = {d.code: d.title for d in instrument.dimensions}
    horizons = {h.code: h.label for h in instrument.catalogue.horizons}
    tallies = [
        ActionTally(
            code=one.code,
            title=one.title,
            dimension=dimensions.get(one.dimension, one.dimension),
            horizon=horizons.get(one.horizon, one.horizon),
            count=counts[one.code],
            share=100 * counts[one.code] / len(found),
        )
        for one in instrument.recommendations
        if counts[one.code]
    ]
    return sorted(tallies, key=lambda tally: -tally.count)


def source_tallies(
    instrument: Instrument, found: Sequence[KeptFigures]
) -> list[SourceTally]:
    """Return the sources of the inventory in its order."""
    inventory = instrument.question_by_code.get(INVENTORY)
    if inventory is None or EXISTS not in inventory.column_by_code:
        return []
    usable = {
        choice.value
        for choice in inventory.column_by_code[ACCESS].choices
        if choice.score and choice.score > 0
    }
    tallies = []
    for row in inventory.rows:
        exists = Counter(figures.sources.get(row.code, "") for figures in found)
        tallies.append(
            SourceTally(
                code=row.code,
                label=row.short,
                has=exists["yes"],
                has_not=exists["no"],
                unknown=exists["dk"] + exists[""],
                not_applicable=exists["na"],
                accessible=sum(
                    figures.sources.get(row.code) == "yes"
                    and figures.access.get(row.code) in usable
                    for figures in found
                ),
            )
        )
    return tallies
