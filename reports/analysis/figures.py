"""Figures in three modes, their weighted means, and rounding.

Figures are kept with full precision; they are rounded only for display and before they
are compared with a threshold (gap_method.md, 1).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

from reports.analysis.results import Figures

MODES: tuple[Callable[[Figures], float | None], ...] = (
    attrgetter("final"),
    attrgetter("provisional"),
    attrgetter("upper"),
)

LEFT_OUT = Figures(None, None, None)

# Sums of figures up to 100 differ from the exact ones in the twelfth decimal at most.
_SOUND_DECIMALS = 11


def same_in_all_modes(score: float) -> Figures:
    return Figures(score, score, score)


def half_up(value: float, decimals: int) -> float:
    """Return `value` rounded half up; 0.15 becomes 0.2 although its float is below."""
    factor = 10.0**decimals
    return math.floor(round(value * factor, _SOUND_DECIMALS - decimals) + 0.5) / factor


def mean(parts: Iterable[tuple[float, float | None]]) -> float | None:
    """Return the mean of (weight, score); None if all are left out or weigh nothing."""
    total = weights = 0.0
    for weight, score in parts:
        if score is not None:
            total += weight * score
            weights += weight
    return total / weights if weights else None


def mean_in_modes(parts: Sequence[tuple[float, Figures]]) -> Figures:
    return Figures(
        *(mean((weight, mode(score)) for weight, score in parts) for mode in MODES)
    )


def times_hundred(figures: Figures) -> Figures:
    return Figures(
        *(None if (s := mode(figures)) is None else 100 * s for mode in MODES)
    )
