"""What changed between two rounds for the countries that were accepted in both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from questionnaire.code_maps import Correspondence
from questionnaire.instrument import Instrument
from reports.compare.figures import KeptFigures
from reports.compare.over_time.codes import every_axis, score_on
from reports.compare.over_time.region import Wave
from reports.compare.scores import Axis
from reports.compare.statistics import spread
from reports.document.structure import Mark
from reports.document.wording import figure, listed, mark_of_change


@dataclass(frozen=True, slots=True)
class Change:
    """Medians of the same countries then and now; `moved` is that of their changes."""

    code: str
    title: str
    count: int
    before: float
    now: float
    moved: float
    mark: Mark
    before_text: str
    now_text: str


@dataclass(frozen=True, slots=True)
class SameCountries:
    """Two rounds next to each other, and the countries accepted in both."""

    before: Wave
    now: Wave
    countries: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def names(self) -> str:
        return listed(self.countries)


def same_countries(
    reference: Instrument, waves: Sequence[Wave], least: int = 1
) -> list[SameCountries]:
    """Return what changed from round to round, of those accepted in both rounds.

    A score that fewer than `least` have in both rounds is left out.
    """
    return [
        _same(reference, before, now, least)
        for before, now in pairwise(waves)
        if {m.record.iso3 for m in before.found} & {m.record.iso3 for m in now.found}
    ]


def _same(reference: Instrument, before: Wave, now: Wave, least: int) -> SameCountries:
    then = {member.record.iso3: member.figures for member in before.found}
    both = [member for member in now.found if member.record.iso3 in then]
    pairs = [(then[member.record.iso3], member.figures) for member in both]
    found = [
        _change(axis, _both(axis, pairs, before.codes, now.codes), least)
        for group in every_axis(reference)
        for axis in group.axes
    ]
    return SameCountries(
        before,
        now,
        tuple(member.record.country for member in both),
        tuple(change for change in found if change is not None),
    )


def _both(
    axis: Axis,
    pairs: Sequence[tuple[KeptFigures, KeptFigures]],
    before: Correspondence,
    now: Correspondence,
) -> list[tuple[float, float]]:
    """Return the scores of the countries that have one in both rounds."""
    scores = [
        (score_on(axis, then, before)[1], score_on(axis, later, now)[1])
        for then, later in pairs
    ]
    return [(a, b) for a, b in scores if a is not None and b is not None]


def _change(
    axis: Axis, scores: Sequence[tuple[float, float]], least: int
) -> Change | None:
    before = spread(a for a, _b in scores)
    now = spread(b for _a, b in scores)
    moved = spread(b - a for a, b in scores)
    if before is None or now is None or moved is None or moved.count < least:
        return None
    return Change(
        code=axis.code,
        title=axis.title,
        count=moved.count,
        before=before.median,
        now=now.median,
        moved=moved.median,
        mark=mark_of_change(moved.median),
        before_text=figure(before.median),
        now_text=figure(now.median),
    )
