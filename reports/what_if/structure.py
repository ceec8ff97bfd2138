"""What the page prints of a comparison: figures before and after, as text."""

from __future__ import annotations

from dataclasses import dataclass

from reports.document.structure import Level, Mark


@dataclass(frozen=True, slots=True)
class ScoreMove:
    """A score before and after; `anchor` is its place in the report.

    `is_printed` is false where too little would be answered for the report to print it.
    """

    title: str
    anchor: str
    before: str
    after: str
    change: Mark
    level_before: Level | None = None
    level_after: Level | None = None
    is_printed: bool = True

    @property
    def is_moved(self) -> bool:
        return self.change.kind != "same" or self.level_before != self.level_after


@dataclass(frozen=True, slots=True)
class ScoreMoves:
    """Scores of one kind; the page shows those that move first."""

    all: tuple[ScoreMove, ...]

    @property
    def moved(self) -> list[ScoreMove]:
        return [move for move in self.all if move.is_moved]

    @property
    def still(self) -> list[ScoreMove]:
        return [move for move in self.all if not move.is_moved]


@dataclass(frozen=True, slots=True)
class GapMove:
    sign: str
    label: str
    anchor: str
    class_before: Mark
    class_after: Mark
    severity_before: str
    severity_after: str
    change: Mark


@dataclass(frozen=True, slots=True)
class ActionMove:
    """An action before and after; a place of 0 means that it is not recommended."""

    code: str
    title: str
    anchor: str
    change: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """A question, a rule or the like: `name` may be added to the places tried out."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Differences:
    overall: ScoreMove
    is_limited: bool
    answered: ScoreMove
    sections: ScoreMoves
    dimensions: ScoreMoves
    questions: ScoreMoves
    gap_figures: tuple[ScoreMove, ...]
    gaps: tuple[GapMove, ...]
    actions: tuple[ActionMove, ...]
    action_count: tuple[int, int]
    asked: tuple[Named, ...]
    not_asked: tuple[Named, ...]
    contradictions: tuple[Named, ...]
    resolved: tuple[Named, ...]

    @property
    def is_any(self) -> bool:
        """Whether any figure of the report moves."""
        scores = (self.overall, self.answered, *self.gap_figures)
        groups = (self.sections, self.dimensions, self.questions)
        moved = any(move.is_moved for move in scores) or any(g.moved for g in groups)
        return moved or bool(self.gaps or self.actions)
