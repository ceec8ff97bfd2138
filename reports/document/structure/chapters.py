"""The chapters on sections, needs, holders of data and actions."""

from __future__ import annotations

from dataclasses import dataclass

from reports.document.structure.basics import (
    Chart,
    Fact,
    Finding,
    GapRow,
    Mark,
    MatrixCell,
    Quote,
    Ref,
    ScoreLine,
)


@dataclass(frozen=True, slots=True)
class QuestionLine:
    ref: Ref
    answer: str
    mark: Mark
    score: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    ref: Ref
    is_core: bool
    cells: tuple[MatrixCell, ...]
    score: str


@dataclass(frozen=True, slots=True)
class Matrix:
    ref: Ref
    score: str
    text: str
    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    has_core: bool


@dataclass(frozen=True, slots=True)
class HeatRow:
    ref: Ref
    cells: tuple[Mark, ...]
    count: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """What each source records: source by variable. `totals` say how many sources do."""

    title: str
    intro: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    totals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionChapter:
    anchor: str
    number: str
    code: str
    title: str
    purpose: str
    line: ScoreLine
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    quotes: tuple[Quote, ...]
    questions: tuple[QuestionLine, ...]
    matrices: tuple[Matrix, ...]
    heat: HeatMap | None = None


@dataclass(frozen=True, slots=True)
class GridCell:
    gap_class: Mark
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class GridRow:
    need: Mark
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class Count:
    mark: Mark
    count: int


@dataclass(frozen=True, slots=True)
class GapGroup:
    title: str
    note: str
    figure: str
    rows: tuple[GapRow, ...]


@dataclass(frozen=True, slots=True)
class NeedChapter:
    """The gap matrix of one set of needs: the policy questions, or the SDG indicators.

    `outside` are the rows in which a cell is fixed, so that there is no gap to find.
    """

    anchor: str
    number: str
    title: str
    intro: str
    sentences: tuple[str, ...]
    counts: tuple[Count, ...]
    strip: Chart
    data_levels: tuple[Mark, ...]
    grid: tuple[GridRow, ...]
    outside_grid: tuple[Count, ...]
    availability_columns: tuple[str, ...]
    groups: tuple[GapGroup, ...]
    outside: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Agency:
    name: str
    sources: tuple[Ref, ...]
    statistics: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    ref: Ref
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class Partner:
    """A country or group with which statistics are exchanged."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Exchange with other countries; without partners `sentence` says why."""

    ref: Ref
    sentence: str
    columns: tuple[str, ...] = ()
    partners: tuple[Partner, ...] = ()


@dataclass(frozen=True, slots=True)
class Holders:
    anchor: str
    number: str
    sentences: tuple[str, ...]
    agencies: tuple[Agency, ...]
    agreement_columns: tuple[str, ...]
    agreements: tuple[Agreement, ...]
    agreements_note: str
    exchange: Exchange

    @property
    def has_statistics(self) -> bool:
        """Whether an agency is named for any of the statistics produced."""
        return any(agency.statistics for agency in self.agencies)


@dataclass(frozen=True, slots=True)
class ActionView:
    anchor: str
    rank: int
    code: str
    title: str
    text: str
    dimension: str
    kind: str
    horizon: str
    priority: Mark
    rank_value: str
    figures: tuple[Fact, ...]
    partners: str
    standards: str
    causes: tuple[Ref, ...]
    more_causes: str
    gaps: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Horizon:
    title: str
    actions: tuple[ActionView, ...]


@dataclass(frozen=True, slots=True)
class HorizonCount:
    title: str
    counts: tuple[int, ...]
    total: int
    first_wave: int


@dataclass(frozen=True, slots=True)
class Actions:
    anchor: str
    number: str
    sentences: tuple[str, ...]
    priorities: tuple[Mark, ...]
    counts: tuple[HorizonCount, ...]
    first_wave: tuple[Horizon, ...]
    others: tuple[Horizon, ...]
    plan: tuple[ActionView, ...]
