"""The words that are filled into the sentences of the summary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from questionnaire.method import MaturityLevel
from reports.analysis.figures import half_up
from reports.analysis.results import Gap, GroupScore
from reports.document.narrative.figures import Figures
from reports.document.wording import (
    capitalised,
    country_in_text,
    figure,
    in_words,
    listed,
    percent,
    percent_set,
    quoted,
    signed,
)

_NAMED = 3
_PAIR = 2
_NOTABLE = 1.0  # points


class Words(dict[str, Any]):
    """Fills the names in a text: numbers that are counted stay numbers.

    A count whose name ends in `_word` is written out; in `_digits` it stands beside a
    larger one and is written as that is, but for none and one.

    A name is found when a text asks for it, so that a sentence which is not said costs
    nothing. A missing one is a KeyError: the rule is wrong.
    """

    def __init__(self, figures: Figures) -> None:
        super().__init__()
        self.figures = figures

    def __missing__(self, name: str) -> Any:
        name_of_count, _dot, form = name.rpartition("_")
        maker = getattr(self, f"_{name}", None)
        if form in ("word", "digits"):
            count = getattr(self.figures, name_of_count)
            found = in_words(count) if form == "word" or count < 2 else str(count)
        else:
            found = maker() if maker else getattr(self.figures, name)
        self[name] = found
        return found

    # Overall

    def _country(self) -> str:
        return country_in_text(self.figures.reader.source.iso3, self.figures.country)

    def _Country(self) -> str:  # noqa: N802  the name of a country that begins a sentence
        return capitalised(self._country())

    def _answered(self) -> str:
        return percent(self.figures.answered)

    def _least(self) -> str:
        return percent_set(
            self.figures.instrument.scoring_rules.overall_completeness_min
        )

    def _score(self) -> str:
        return figure(self.figures.analysis.overall.score.final)

    def _upper(self) -> str:
        return figure(self.figures.analysis.overall.score.upper)

    def _own(self) -> str:
        own = self.figures.reader.self_assessed
        return figure(own.overall.score.final if own else None)

    def _dk(self) -> str:
        return percent(self.figures.dk)

    def _evidence(self) -> str:
        return percent(self.figures.evidence)

    def _level(self) -> int:
        level = self.figures.analysis.overall.level
        return level.level if level else 0

    def _levels(self) -> int:
        return len(self.figures.instrument.maturity_levels)

    def _level_name(self) -> str:
        return _name(self.figures.analysis.overall.level)

    def _score_level(self) -> str:
        return _name(self.figures.analysis.overall.level_of_score)

    def _unpublished_named(self) -> str:
        return _named(self.figures.unpublished_sections)

    def _limiting_named(self) -> str:
        return listed([_scored(group) for group in self.figures.limiting])

    # Dimensions

    def _top(self) -> str:
        return _named(self.figures.leading(1))

    def _highest(self) -> str:
        return figure(self.figures.ranked[0][0])

    def _highest_name(self) -> str:
        return _name(self.figures.ranked[0][1].level)

    def _lowest(self) -> str:
        return figure(self.figures.ranked[-1][0])

    def _lowest_name(self) -> str:
        return _name(self.figures.ranked[-1][1].level)

    def _weakest(self) -> str:
        return quoted(self.figures.ranked[-1][1].title)

    def _weakest_score(self) -> str:
        return self._lowest()

    def _behind(self) -> str:
        """Return the difference of what is printed for the two."""
        return _between(self.figures.ranked[-2][0], self.figures.ranked[-1][0])

    def _best(self) -> str:
        return listed(
            [_scored(g) for g in self.figures.leading(_PAIR) if g.score.final]
        )

    def _worst(self) -> str:
        return listed([_scored(group) for group in self.figures.trailing(_PAIR)])

    def _near_named(self) -> str:
        """Name dimensions with what they lack, as their scores are named already."""
        limits = [level.min_score for level in self.figures.instrument.maturity_levels]
        found = []
        for group in self.figures.near_dimensions:
            score = group.score.final or 0.0
            short = _between(min(limit for limit in limits if limit > score), score)
            form = _("%(title)s (%(points)s points short)")
            if short == figure(0.0):
                form = _("%(title)s (less than a tenth of a point short)")
            found.append(form % {"title": quoted(group.title), "points": short})
        return _some_of(found, _PAIR)

    def _goal_level(self) -> int:
        goal = self.figures.goal
        return goal.target.level if goal and goal.target else 0

    # Needs

    def _critical_named(self) -> str:
        return self._needs(self.figures.in_class["critical"])

    def _major_named(self) -> str:
        return self._needs(self.figures.in_class["major"])

    def _needs(self, gaps: Sequence[Gap]) -> str:
        """Name the most severe ones; the others are counted."""
        questions = self.figures.instrument.question_by_code
        shorts = [
            quoted(questions[gap.matrix].row_by_code[gap.code].short) for gap in gaps
        ]
        return _some_of(shorts, _NAMED)

    def _policy_gap(self) -> str:
        return figure(self.figures.policy_gap)

    def _themes_most(self) -> str:
        return self._themes_with(self._theme_most_gap())

    def _theme_most_gap(self) -> str:
        return figure(self.figures.themes[0][0])

    def _themes_least(self) -> str:
        return self._themes_with(self._theme_least_gap())

    def _theme_least_gap(self) -> str:
        return figure(self.figures.themes[-1][0])

    def _themes_with(self, printed: str) -> str:
        """Name all themes whose data gap prints as `printed`."""
        themes = self.figures.themes
        return listed(
            [quoted(label) for gap, label in themes if figure(gap) == printed]
        )

    # Changes

    def _year(self) -> int:
        previous = self.figures.reader.source.previous
        return previous.year if previous else 0

    def _before(self) -> str:
        earlier = self.figures.earlier
        return figure(earlier.overall.score.final if earlier else None)

    def _level_before(self) -> str:
        earlier = self.figures.earlier
        return _numbered(earlier.overall.level if earlier else None)

    def _level_now(self) -> str:
        return _numbered(self.figures.analysis.overall.level)

    def _gained(self) -> str:
        """Say where most was gained, or where anything was if all of that is named."""
        names, is_all = _moved(self.figures.risen_sections)
        form = _("ground was gained in %(sections)s")
        if not is_all:
            form = _("most was gained in %(sections)s")
        return form % {"sections": names}

    def _Gained(self) -> str:  # noqa: N802  what begins a sentence
        return capitalised(self._gained())

    def _lost(self) -> str:
        names, is_all = _moved(self.figures.fallen_sections)
        form = _("ground was lost in %(sections)s")
        if not is_all:
            form = _("most was lost in %(sections)s")
        return form % {"sections": names}

    def _Lost(self) -> str:  # noqa: N802  what begins a sentence
        return capitalised(self._lost())

    # Actions

    def _first_actions(self) -> str:
        analysis = self.figures.analysis
        first = [a for a in analysis.actions if a.code in analysis.first_wave]
        return listed(
            [
                _("“%(title)s” (%(code)s)")
                % {"title": action.recommendation.title, "code": action.code}
                for action in first[:_PAIR]
            ]
        )


def _some_of(texts: Sequence[str], most: int) -> str:
    """Return the first texts as a list that ends with how many there are besides."""
    if len(texts) <= most + 1:  # to count a single one is longer than to name it
        return listed(texts)
    more = _("%(texts)s and %(count)s more")
    return more % {
        "texts": _(", ").join(texts[:most]),
        "count": in_words(len(texts) - most),
    }


def _name(level: MaturityLevel | None) -> str:
    return level.name if level else ""


def _numbered(level: MaturityLevel | None) -> str:
    return f"{level.level} ({level.name})" if level else ""


def _scored(group: GroupScore) -> str:
    return f"{quoted(group.title)} ({figure(group.score.final)})"


def _named(groups: Sequence[GroupScore]) -> str:
    return listed([quoted(group.title) for group in groups])


def _between(higher: float, lower: float) -> str:
    """Return the difference of two figures as they are printed."""
    return figure(half_up(higher, 1) - half_up(lower, 1))


def _moved(moves: Sequence[tuple[float, GroupScore]]) -> tuple[str, bool]:
    """Name the sections that moved most, and say whether these are all that moved.

    Slight moves are named only where there are no others.
    """
    found = [move for move in moves if abs(move[0]) >= _NOTABLE] or moves[:1]
    named = [
        f"{quoted(group.title)} ({signed(change)})" for change, group in found[:_NAMED]
    ]
    return listed(named), len(named) == len(moves)
