"""The cover, the summary and what follows from it: gaps to close, levels to reach."""

from __future__ import annotations

from dataclasses import dataclass

from reports.document.structure.basics import (
    Chart,
    Fact,
    GapRow,
    Level,
    Mark,
    Ref,
    ScoreLine,
)


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
class Strength:
    ref: Ref
    score: str
    level: Level | None
    text: str


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
