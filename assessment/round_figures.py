"""The figures of a round: by region and status, and over time against the deadline."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from assessment.models import Response, Round
from assessment.models.rounds import DEADLINE_ZONE
from assessment.round_queries import Milestones

Day = datetime.date


# Tiles


@dataclass(frozen=True, slots=True)
class Subregion:
    name: str
    countries: tuple[Milestones, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the map; the name is empty for what belongs to none."""

    name: str
    subregions: tuple[Subregion, ...]


def regions_of(countries: Iterable[Milestones]) -> list[Region]:
    """Group countries from `milestones` by region and sub-region."""
    return [
        Region(
            name,
            tuple(
                Subregion(inner, tuple(found))
                for inner, found in groupby(group, lambda c: c.subregion)
            ),
        )
        for name, group in groupby(countries, lambda c: c.region)
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """How many countries of a region are in each status; `rate` have submitted once."""

    name: str
    counts: tuple[int, ...]
    total: int
    submitted: int

    @property
    def rate(self) -> float:
        return 100 * self.submitted / self.total


def overview_of(countries: Sequence[Milestones]) -> list[Row]:
    """Return a row a region, and at the end one of all, whose name is empty."""
    rows = [
        _row(name, list(group))
        for name, group in groupby(countries, lambda c: c.region)
    ]
    return [*rows, _row("", countries)] if countries else []


def _row(name: str, countries: Sequence[Milestones]) -> Row:
    counts = Counter(country.status for country in countries)
    return Row(
        name,
        tuple(counts[status] for status in Response.Status.values),
        len(countries),
        sum(country.submitted_at is not None for country in countries),
    )


# Over time


@dataclass(frozen=True, slots=True)
class Step:
    """What a day brought, and how many there were at its end; shares in per cent."""

    day: Day
    submitted: int
    accepted: int
    submitted_share: float
    accepted_share: float
    is_late: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """Cumulative first submissions and acceptances by day, and the chart of them.

    `submitted_path` and `accepted_path` are drawn on a field of 400 × 100 units, in
    which 100 units are all countries; `deadline_x` is where the deadline stands on it.
    """

    steps: tuple[Step, ...]
    first: Day
    last: Day
    submitted_path: str
    accepted_path: str
    deadline_x: float


WIDTH, HEIGHT = 400, 100


def rate_of(
    round_: Round,
    countries: Sequence[Milestones],
    *,
    now: datetime.datetime,
    is_mirrored: bool = False,
) -> Rate | None:
    """Return the rate of a round; None before anything was submitted.

    A day is one of the time zone that deadlines are in, so that what came on the last
    day stands before the line.
    """
    submitted = Counter(_day(c.submitted_at) for c in countries if c.submitted_at)
    accepted = Counter(_day(c.accepted_at) for c in countries if c.accepted_at)
    days = sorted({*submitted, *accepted})
    if not days:
        return None
    steps, in_all, taken = [], 0, 0
    for day in days:
        in_all, taken = in_all + submitted[day], taken + accepted[day]
        steps.append(
            Step(
                day,
                submitted=in_all,
                accepted=taken,
                submitted_share=100 * in_all / len(countries),
                accepted_share=100 * taken / len(countries),
                is_late=day > round_.closes_on,
            )
        )
    after = datetime.timedelta(days=1)
    first = min(round_.opens_on, days[0])
    last = max(round_.closes_on, days[-1]) + after
    axis = _Axis(first, last, is_mirrored)
    end = min(last, max(_day(now), days[-1]) + after)
    return Rate(
        steps=tuple(steps),
        first=first,
        last=last - after,
        submitted_path=axis.path([(s.day, s.submitted_share) for s in steps], end),
        accepted_path=axis.path([(s.day, s.accepted_share) for s in steps], end),
        deadline_x=axis.x(round_.closes_on + after),
    )


def _day(at: datetime.datetime) -> Day:
    return at.astimezone(DEADLINE_ZONE).date()


@dataclass(frozen=True, slots=True)
class _Axis:
    first: Day
    last: Day
    is_mirrored: bool

    def x(self, day: Day) -> float:
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        return round(WIDTH * (1 - share if self.is_mirrored else share), 2)

    def path(self, points: Sequence[tuple[Day, float]], end: Day) -> str:
        """Draw steps from nothing to what stands on the day `end`."""
        drawn = [f"M{self.x(self.first):g} {HEIGHT}"]
        for day, share in points:
            drawn.append(f"H{self.x(day):g}V{HEIGHT - share:.2f}")
        return "".join([*drawn, f"H{self.x(end):g}"])
