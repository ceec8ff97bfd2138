"""The report as a frozen, translated, ready-to-print structure: words, marks and figures.

Everything a template prints is here as text; nothing here is HTML. The PDF and the page
on the screen show the same structure. An `anchor` names the place of an answer, a
chapter or an action, so that every figure leads to the answers that caused it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.document.plan import PlanChapter


@dataclass(frozen=True, slots=True)
class Chart:
    """A vector chart without letters: `alt` says in words what it shows."""

    svg: str
    alt: str

    @property
    def data_uri(self) -> str:
        return (
            "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign and its meaning in words; `kind` chooses the colour, which never stands alone."""

    symbol: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Level:
    number: int
    name: str
    description: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A place in the report, with what to print for it; `note` follows, `mark` precedes."""

    anchor: str
    code: str
    text: str
    note: str = ""
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    label: str
    text: str
    refs: tuple[Ref, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a rule of the summary says; `because` is its condition in words.

    `refs` are what it speaks of; without any it rests on all answers.
    """

    code: str
    topic: str
    text: str
    because: str
    refs: tuple[Ref, ...] = ()

    @property
    def anchor(self) -> str:
        """Return where the annex of the method lists the rule."""
        return f"rule-{self.code}"


@dataclass(frozen=True, slots=True)
class Paragraph:
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Quote:
    ref: Ref
    text: str


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    anchor: str
    title: str
    depth: int


@dataclass(frozen=True, slots=True)
class Cover:
    title: str
    country: str
    region: str
    round_title: str
    status: str
    facts: tuple[Fact, ...]
    hash: str
    cleared: tuple[Fact, ...] = ()  # those of the facts that the page shows too


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One line of the profile. `score` is a figure or says why there is none.

    `median` is that of the region, empty where none may be shown.
    """

    code: str
    title: str
    anchor: str
    score: str
    is_published: bool
    level: Level | None
    chart: Chart
    change: Mark | None = None
    median: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since the previous round; without one only `intro` says so."""

    intro: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Strength:
    ref: Ref
    score: str
    level: Level | None
    text: str


@dataclass(frozen=True, slots=True)
class MatrixCell:
    mark: Mark
    text: str = ""


@dataclass(frozen=True, slots=True)
class GapRow:
    """Need and data of one policy question or SDG indicator.

    `availability` has one answer for each column that says whether data exist.
    """

    ref: Ref
    sign: str
    label: str
    need: Mark
    data: Mark
    latest_year: str
    availability: tuple[MatrixCell, ...]
    quality: MatrixCell
    gap_class: Mark
    severity: str
    chart: Chart
    why: str


@dataclass(frozen=True, slots=True)
class Summary:
    headline: str
    score: str
    is_published: bool
    level: Level | None
    interval: str
    remarks: tuple[str, ...]
    facts: tuple[Fact, ...]
    axis: Chart
    sections: tuple[ScoreLine, ...]
    dimensions: tuple[ScoreLine, ...]
    strengths: tuple[Strength, ...]
    strengths_note: str
    gaps: tuple[GapRow, ...]
    gaps_note: str
    paragraphs: tuple[Paragraph, ...]
    median_caption: str = ""
    review: Ref | None = None

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(s for paragraph in self.paragraphs for s in paragraph.sentences)

    @property
    def changes(self) -> Changes:
        """Return the sentences on the previous round; without one only that it says so."""
        first, *others = self._on("changes")
        return Changes(first, tuple(others))

    @property
    def next_steps(self) -> str:
        return " ".join(self._on("next"))

    def _on(self, topic: str) -> list[str]:
        return [s.text for s in self.sentences if s.topic == topic]


@dataclass(frozen=True, slots=True)
class ClosingStep:
    """Better answers to a row of needs, each with its `note`, and what they lead to."""

    title: str
    gap_class: Mark
    severity: str
    answers: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class SevereGap:
    """Why a gap is there, by the answers that caused it, and what would close it."""

    row: GapRow
    place: str
    causes: tuple[Ref, ...]
    steps: tuple[ClosingStep, ...]
    actions: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class ImprovementView:
    """A better answer to a question or to a row; `gain` is in points of the dimension."""

    ref: Ref
    text: str
    gain: str


@dataclass(frozen=True, slots=True)
class GoalView:
    """What lifts a dimension to its next level; on the highest one `target` is None.

    The next level begins at `least`, which is `needed` points above the score.
    """

    ref: Ref
    score: str
    level: Level
    target: Level | None
    least: str
    needed: str
    reached: str
    improvements: tuple[ImprovementView, ...]
    remark: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would move the country: the severest gaps closed, and one level up."""

    gaps_title: str
    gaps_intro: str
    gaps: tuple[SevereGap, ...]
    goals_title: str
    goals_intro: str
    goals: tuple[GoalView, ...]


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


@dataclass(frozen=True, slots=True)
class Evidence:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class AnnexCell:
    """One answer of a matrix row or of an item; `state` is a CellState.

    `lead` is the label as it stands before the answer in running text. `reviewed` says,
    in place of `text`, what the country answered, the reviewed value and its reason.
    """

    label: str
    text: str
    state: str
    lead: str = ""
    reviewed: str = ""


@dataclass(frozen=True, slots=True)
class AnnexRow:
    anchor: str
    label: str
    cells: tuple[AnnexCell, ...]
    closed: str
    score: str
    note: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class AnnexQuestion:
    anchor: str
    code: str
    text: str
    answer: AnnexCell | None
    rows: tuple[AnnexRow, ...]
    score: str
    weight: str
    note: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class AnnexSection:
    anchor: str
    code: str
    title: str
    questions: tuple[AnnexQuestion, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document given as evidence: a link with `url`, or a file with `facts` and `pk`.

    `name` is that of the file where its title says something else.
    """

    ref: Ref
    title: str
    url: str
    name: str = ""
    facts: str = ""
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class ContradictionView:
    code: str
    mark: Mark
    topic: str
    message: str
    cells: tuple[Ref, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A differing view on one answer; `view` and `remark` may be empty, not both."""

    ref: Ref
    national: str
    view: str
    who: str
    recorded: str
    remark: str


@dataclass(frozen=True, slots=True)
class ScorePair:
    """A score from the country's own answers, and with the reviewed values."""

    title: str
    own: str
    reviewed: str


@dataclass(frozen=True, slots=True)
class ReviewedRow:
    """A reviewed value beside the answer that it replaces in all figures."""

    ref: Ref
    own: str
    value: str
    reason: str
    who: str
    set_on: str


@dataclass(frozen=True, slots=True)
class ReviewedChapter:
    """The list of reviewed values, and what they change in the scores."""

    anchor: str
    title: str
    intro: str
    scores: tuple[ScorePair, ...]
    rows: tuple[ReviewedRow, ...]


@dataclass(frozen=True, slots=True)
class LabelledRow:
    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassRow:
    need: str
    cells: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class DimensionRow:
    """A dimension, its score and the questions that it is made of, with their scores."""

    anchor: str
    title: str
    description: str
    score: str
    questions: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a formula: words or a symbol, or with `below` a fraction."""

    text: str
    sub: str = ""
    is_symbol: bool = False
    above: tuple[Term, ...] = ()
    below: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """`where` says what the symbols are; `example` is worked with the country's figures."""

    label: str
    terms: tuple[Term, ...]
    where: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    sentences: tuple[Finding, ...]
    formulas: tuple[Formula, ...]
    levels: tuple[LabelledRow, ...]
    weights: tuple[LabelledRow, ...]
    dimensions: tuple[DimensionRow, ...]
    bands: tuple[LabelledRow, ...]
    data_levels: tuple[Mark, ...]
    classes: tuple[ClassRow, ...]
    references: tuple[Fact, ...]
    partners: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """The signs used in tables, with their meaning."""

    levels: tuple[Level, ...]
    scores: tuple[Mark, ...]
    states: tuple[Mark, ...]
    classes: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """The whole report. `watermark` is empty unless it is one of a draft, `notice`
    unless its answers are illustrative. `created` is the moment of the record, ISO 8601
    in UTC, or empty for a draft without answers.
    """

    language: str
    direction: str
    title: str
    created: str
    watermark: str
    notice: str
    running_head: str
    running_foot: str
    cover: Cover
    has_previous: bool
    contents: tuple[ContentsEntry, ...]
    reading: tuple[str, ...]
    legend: Legend
    summary: Summary
    outlook: Outlook
    sections: tuple[SectionChapter, ...]
    needs: NeedChapter
    sdg: NeedChapter
    holders: Holders
    actions: Actions
    annex: tuple[AnnexSection, ...]
    contradictions: tuple[ContradictionView, ...]
    method: Method
    provenance: tuple[Fact, ...]
    documents: tuple[Document, ...]
    views: tuple[ViewRow, ...] = ()
    reviewed: ReviewedChapter | None = None
    plan: PlanChapter | None = None
