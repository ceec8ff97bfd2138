"""What the page of the report adds to the document that the PDF is printed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaire.instrument import EMPTY
from reports.document.plan import PlanRow
from reports.document.structure import (
    AnnexQuestion,
    AnnexRow,
    Chart,
    Fact,
    GapGroup,
    GapRow,
    GoalView,
    Mark,
    Matrix,
    NeedChapter,
    QuestionLine,
    Ref,
    ScoreLine,
    SectionChapter,
)
from reports.screen.actions import ActionList


@dataclass(frozen=True, slots=True)
class SumLine:
    """A part of a figure: what it is, its score and what it weighs."""

    ref: Ref
    answer: str
    score: str
    weight: str


@dataclass(frozen=True, slots=True)
class Sum:
    """How a figure comes about: its parts, and the sum in words."""

    lines: tuple[SumLine, ...]
    formulas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of a matrix or an item of a group; `url` is its place in the questionnaire.

    `scores` says by label of a column what its answer scores and weighs; `trial` names the
    row for the page on which answers are tried out, empty where it cannot be.
    """

    row: AnnexRow
    url: str
    weight: str = ""
    scores: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    trial: str = ""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A question with all its answers; `line` and `matrix` only where it is scored.

    `chapter` is the chapter that shows the rows of a gap matrix instead.
    """

    question: AnnexQuestion
    short: str
    url: str
    line: QuestionLine | None
    matrix: Matrix | None
    rows: tuple[RowView, ...]
    chapter: NeedChapter | None = None
    formula: str = ""
    trial: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    chapter: SectionChapter
    sum: Sum
    scored: tuple[AnswerView, ...]
    others: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class GeneralView:
    """A section that is not scored."""

    title: str
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class GapView:
    gap: GapRow
    answers: RowView | None
    formulas: tuple[str, ...]

    @property
    def is_gap(self) -> bool:
        """Whether there is something to close: not where the need is met or not known."""
        return self.gap.gap_class.kind not in ("met", "no-need", "not-assessed")


@dataclass(frozen=True, slots=True)
class OutsideView:
    ref: Ref
    answers: RowView | None


@dataclass(frozen=True, slots=True)
class GapGroupView:
    group: GapGroup
    rows: tuple[GapView, ...]


@dataclass(frozen=True, slots=True)
class ClassNeeds:
    """A class of gaps and the needs in it."""

    mark: Mark
    share: str
    needs: tuple[GapRow, ...]


@dataclass(frozen=True, slots=True)
class NeedView:
    """`ranked` are the needs of the chapter, those with the most severe gap first."""

    chapter: NeedChapter
    sum: Sum
    ranked: tuple[GapRow, ...]
    counts: tuple[ClassNeeds, ...]
    groups: tuple[GapGroupView, ...]
    outside: tuple[OutsideView, ...]


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """A score of the profile with all that its bar shows, in words."""

    line: ScoreLine
    sum: Sum
    upper: str
    previous: str
    median: str
    tip: tuple[Fact, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A mark of a chart and what it stands for; the middle of `chart` shows it."""

    chart: Chart
    label: str


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal and the query that tries it out; empty without improvements, or too long."""

    view: GoalView
    trial: str


@dataclass(frozen=True, slots=True)
class Share:
    """A share that the summary prints, with what it is a share of."""

    fact: Fact
    anchor: str
    formula: str
    facts: tuple[Fact, ...]
    refs: tuple[Ref, ...]
    none: str


@dataclass(frozen=True, slots=True)
class Screen:
    """`median_of` says whose median the profile shows, empty where it shows none.

    `filter_start` and `what_if` are addresses to which a query is added; `planned` has the
    lines of the plan that goes on, by the code of their recommendation.
    """

    overall: Sum
    shares: tuple[Share, ...]
    profile: tuple[ProfileLine, ...]
    dimensions: tuple[ProfileLine, ...]
    median_of: str
    key: tuple[KeyEntry, ...]
    sections: tuple[SectionView, ...]
    needs: tuple[NeedView, ...]
    general: tuple[GeneralView, ...]
    goals: tuple[GoalLine, ...]
    actions: ActionList
    planned: Mapping[str, PlanRow]
    filter_start: str
    what_if: str
