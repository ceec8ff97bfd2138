"""The figures that the rules of the summary ask: counts, scores and differences."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from questionnaire.addresses import Address
from questionnaire.instrument import Value
from reports.analysis import Analysis
from reports.analysis.figures import half_up
from reports.analysis.gaps import NOT_COUNTED
from reports.analysis.goals import Goal
from reports.analysis.results import Gap, GroupScore
from reports.document.narrative.need_figures import NeedFigures

NEAR = 3.0


class Figures(NeedFigures):
    """What rules can ask by name (questionnaire.conditions.Facts); None where unknown.

    Scores and gaps are on the scale 0 to 100, rounded as they are compared.
    """

    # What conditions ask

    def value(self, address: Address) -> Value:
        return getattr(self, address.question)

    def rows(self, question: str) -> Sequence[str]:
        return ()

    def gap_class(self, row: str) -> str | None:
        return None

    def score(self, code: str) -> float | None:
        return None

    # Overall

    @property
    def country(self) -> str:
        return self.reader.source.country or self.reader.source.iso3

    @property
    def answered(self) -> float:
        return self.analysis.completeness.overall or 0.0

    @property
    def published(self) -> bool:
        overall = self.analysis.overall
        return overall.is_publishable and overall.level is not None

    @property
    def limited(self) -> bool:
        return bool(self.analysis.overall.limited_by)

    @property
    def dk(self) -> float | None:
        return self.analysis.completeness.share_dk

    @property
    def rise(self) -> float:
        score = self.analysis.overall.score
        return self._rounded((score.upper or 0.0) - (score.final or 0.0))

    @property
    def reviewed(self) -> int:
        return len(self.reader.source.reviewed)

    @property
    def evidence(self) -> float | None:
        return self.analysis.completeness.share_evidence

    @cached_property
    def unpublished_sections(self) -> list[GroupScore]:
        return [s for s in self.analysis.sections.values() if not s.is_publishable]

    @property
    def unpublished(self) -> int:
        return len(self.unpublished_sections)

    # Dimensions

    @cached_property
    def ranked(self) -> list[tuple[float, GroupScore]]:
        """Return the dimensions that have a score, the highest first."""
        found = [
            (self._rounded(group.score.final), group)
            for group in self.analysis.dimensions.values()
            if group.score.final is not None
        ]
        return sorted(found, key=lambda pair: -pair[0])

    @property
    def dimensions(self) -> int:
        return len(self.ranked)

    def leading(self, count: int) -> list[GroupScore]:
        """Return the first dimensions, and those whose printed score is as high."""
        return _with_ties(self.ranked, count)

    def trailing(self, count: int) -> list[GroupScore]:
        """Return the last dimensions, and those whose printed score is as low."""
        return _with_ties(self.ranked[::-1], count)

    @property
    def limiting(self) -> list[GroupScore]:
        """Return the dimensions on the lowest level, the weakest first."""
        lowest = self.lowest_level
        return [g for _, g in self.ranked[::-1] if g.level and g.level.level == lowest]

    def _level(self, place: int) -> int | None:
        if not self.ranked:
            return None
        level = self.ranked[place][1].level
        return None if level is None else level.level

    @property
    def highest_level(self) -> int | None:
        return self._level(0)

    @property
    def lowest_level(self) -> int | None:
        return self._level(-1)

    @property
    def is_top(self) -> bool:
        levels = [level.level for level in self.instrument.maturity_levels]
        return self.lowest_level == max(levels)

    @property
    def spread(self) -> float | None:
        return self.ranked[0][0] - self.ranked[-1][0] if self.ranked else None

    @property
    def behind(self) -> float | None:
        """How far the weakest dimension lies below the one before it."""
        if len(self.ranked) < 2:
            return None
        return self._rounded(self.ranked[-2][0] - self.ranked[-1][0])

    @cached_property
    def near_dimensions(self) -> list[GroupScore]:
        limits = [level.min_score for level in self.instrument.maturity_levels]
        return [
            group
            for score, group in self.ranked
            if any(0 < limit - score <= NEAR for limit in limits)
        ]

    @property
    def near(self) -> int:
        return len(self.near_dimensions)

    @cached_property
    def goal(self) -> Goal | None:
        """Return the goal of the weakest dimension, if it has one that can be reached."""
        if not self.ranked:
            return None
        weakest = self.ranked[-1][1].code
        found = next(g for g in self.reader.goals if g.dimension == weakest)
        return found if found.target is not None and found.is_reached else None

    @property
    def goal_steps(self) -> int:
        return len(self.goal.improvements) if self.goal else 0

    # Changes

    @property
    def earlier(self) -> Analysis | None:
        return self.reader.earlier

    @property
    def previous(self) -> bool:
        return self.earlier is not None

    @property
    def comparable(self) -> bool:
        if self.earlier is None:
            return False
        return self.published and self.earlier.overall.is_publishable

    @property
    def moved(self) -> float | None:
        """By how much the overall score moved: from one printed figure to the other."""
        before = self.earlier.overall.score.final if self.earlier else None
        now = self.analysis.overall.score.final
        if not self.comparable or before is None or now is None:
            return None
        return self._rounded(half_up(now, 1) - half_up(before, 1))

    @property
    def level_moved(self) -> int | None:
        before = self.earlier.overall.level if self.earlier else None
        now = self.analysis.overall.level
        return None if before is None or now is None else now.level - before.level

    @cached_property
    def moves(self) -> list[tuple[float, GroupScore]]:
        """Return the change of every section that can be compared, the largest rise first."""
        found = []
        for code, group in self.analysis.sections.items():
            earlier = self.earlier.sections.get(code) if self.earlier else None
            if earlier is None or not (group.is_publishable and earlier.is_publishable):
                continue
            if group.score.final is not None and earlier.score.final is not None:
                change = group.score.final - earlier.score.final
                found.append((self._rounded(change), group))
        return sorted(found, key=lambda pair: -pair[0])

    @property
    def all_compared(self) -> bool:
        return len(self.moves) == len(self.analysis.sections)

    @cached_property
    def risen_sections(self) -> list[tuple[float, GroupScore]]:
        return [move for move in self.moves if half_up(max(move[0], 0.0), 1)]

    @cached_property
    def fallen_sections(self) -> list[tuple[float, GroupScore]]:
        fallen = [move for move in self.moves if half_up(max(-move[0], 0.0), 1)]
        return fallen[::-1]

    @property
    def risen(self) -> int:
        return len(self.risen_sections)

    @property
    def fallen(self) -> int:
        return len(self.fallen_sections)

    @cached_property
    def moved_gaps(self) -> list[tuple[int, Gap]]:
        """Return the change of class of each need that was assessed both times."""
        order = {c.code: c.order for c in self.instrument.gap_rules.classes}
        earlier = self.earlier.gaps if self.earlier else {}
        return [
            (order[gap.gap_class] - order[before.gap_class], gap)
            for code, gap in self.analysis.gaps.items()
            if (before := earlier.get(code))
            and not {gap.gap_class, before.gap_class} & NOT_COUNTED
        ]

    @property
    def needs_compared(self) -> int:
        return len(self.moved_gaps)

    @property
    def better(self) -> int:
        return sum(change > 0 for change, _ in self.moved_gaps)

    @property
    def worse(self) -> int:
        return sum(change < 0 for change, _ in self.moved_gaps)

    @property
    def class_moved(self) -> int:
        return self.better + self.worse

    @property
    def is_other_version(self) -> bool:
        previous = self.reader.source.previous
        if previous is None:
            return False
        return previous.instrument.content_hash != self.instrument.content_hash

    # Actions

    @property
    def actions(self) -> int:
        return len(self.analysis.actions)

    @property
    def high(self) -> int:
        return sum(action.priority == "high" for action in self.analysis.actions)

    @property
    def not_high(self) -> int:
        return self.actions - self.high

    @property
    def errors(self) -> int:
        return sum(found.rule.is_error for found in self.reader.contradictions)

    @property
    def contradictions(self) -> int:
        return len(self.reader.contradictions)


def _with_ties(
    ranked: Sequence[tuple[float, GroupScore]], count: int
) -> list[GroupScore]:
    if len(ranked) <= count:
        return [group for _, group in ranked]
    least = half_up(ranked[count - 1][0], 1)
    ties = [group for score, group in ranked[count:] if half_up(score, 1) == least]
    return [group for _, group in ranked[:count]] + ties
