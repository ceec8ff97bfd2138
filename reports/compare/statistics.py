"""Medians and quartiles of groups of countries. Pure.

A country reads the median of at least `LEAST` others. Its own score is not among them, so
it learns nothing of itself from it. Of the others it learns the middle of five values or
more without names: two editions of a report that differ by one more country tell on
which side of the old median that country lies, not where, since what moved the median
may as well be the next of the others. With one or two others the difference of two medians
would be a country's score.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAST = 5


@dataclass(frozen=True, slots=True)
class Spread:
    """How the scores of `count` countries lie; quartiles are interpolated (R, type 7)."""

    count: int
    lowest: float
    lower: float
    median: float
    upper: float
    highest: float

    @property
    def is_small(self) -> bool:
        return self.count < LEAST


def spread(values: Iterable[float | None]) -> Spread | None:
    """Return the spread of the values there are; None if there are none."""
    found = sorted(value for value in values if value is not None)
    if not found:
        return None
    return Spread(
        count=len(found),
        lowest=found[0],
        lower=_quantile(found, 0.25),
        median=_quantile(found, 0.5),
        upper=_quantile(found, 0.75),
        highest=found[-1],
    )


def median_of_many(values: Iterable[float | None]) -> float | None:
    """Return the median if at least `LEAST` have a value, else None."""
    found = spread(values)
    return None if found is None or found.is_small else found.median


def _quantile(ordered: Sequence[float], share: float) -> float:
    at = share * (len(ordered) - 1)
    below = math.floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])
