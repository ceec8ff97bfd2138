"""The summary of a synthesis in sentences; what is equally frequent is named together."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.compare.scores import SpreadLine
from reports.compare.synthesis_structure import ScoreBlock, Topic
from reports.compare.tallies import ActionTally, NeedTally
from reports.document.wording import listed

_NAMED = 3


def summary_of(
    topic: Topic,
    scores: Sequence[ScoreBlock],
    policy: Sequence[NeedTally],
    actions: Sequence[ActionTally],
) -> tuple[str, ...]:
    count = len(topic.found)
    accepted = ngettext(
        "The response of %(count)d country was accepted.",
        "The responses of %(count)d countries were accepted.",
        count,
    )
    return (
        accepted % {"count": count},
        *_overall(scores[0].lines[0]),
        *_highest_and_lowest(scores[1].lines),
        *_most_often_a_gap(policy),
        *_most_often_recommended(actions),
    )


def _overall(line: SpreadLine) -> list[str]:
    if line.spread is None:
        return []
    lower, median, upper = line.figures
    words = _(
        "The median overall score is %(median)s of 100; half of the countries lie between "
        "%(lower)s and %(upper)s."
    )
    return [words % {"median": median, "lower": lower, "upper": upper}]


def _highest_and_lowest(lines: Sequence[SpreadLine]) -> list[str]:
    known = [(line.spread.median, line) for line in lines if line.spread is not None]
    if len(known) < 2:
        return []
    _score, high = max(known, key=lambda pair: pair[0])
    _score, low = min(known, key=lambda pair: pair[0])
    if high.figures[1] == low.figures[1]:
        return []
    words = _(
        "Of the dimensions, the median is highest in “%(high)s” (%(high_score)s) and "
        "lowest in “%(low)s” (%(low_score)s)."
    )
    found = {
        "high": high.name,
        "high_score": high.figures[1],
        "low": low.name,
        "low_score": low.figures[1],
    }
    return [words % found]


def _most_often_a_gap(tallies: Sequence[NeedTally]) -> list[str]:
    first = [one for one in tallies if one.gaps and one.gaps == tallies[0].gaps]
    if not first:
        return []
    if len(first) > 1:
        words = _(
            "The policy questions that are most often a gap are %(signs)s, in %(gaps)d "
            "countries each."
        )
        signs = listed(sorted(one.sign for one in first))
        return [words % {"signs": signs, "gaps": first[0].gaps}]
    words = _(
        "The policy question that is most often a gap is %(sign)s, “%(need)s”, in "
        "%(gaps)d of the %(assessed)d countries in which it could be assessed."
    )
    found = {
        "sign": first[0].sign,
        "need": first[0].label.rstrip("."),
        "gaps": first[0].gaps,
        "assessed": first[0].assessed,
    }
    return [words % found]


def _most_often_recommended(tallies: Sequence[ActionTally]) -> list[str]:
    first = [one for one in tallies if one.count == tallies[0].count]
    if not first:
        return []
    if len(first) > _NAMED:
        words = _(
            "%(number)d actions are recommended to %(count)d countries each, more often "
            "than any other."
        )
        return [words % {"number": len(first), "count": first[0].count}]
    words = ngettext(
        "Most often recommended, to %(count)d countries, is %(titles)s.",
        "Most often recommended, to %(count)d countries each, are %(titles)s.",
        len(first),
    )
    titles = listed([f"“{one.title}”" for one in first])
    return [words % {"titles": titles, "count": first[0].count}]
