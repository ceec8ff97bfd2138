"""Analysis → SVG: bars, strips and meters, drawn by hand.

Nothing but digits is written inside a chart: the renderer of the PDF does not shape
Arabic or Thai there, so labels stand in HTML beside it. Same figures, same text.
`is_mirrored` draws from right to left for scripts that run so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

BAR = "#1f5f99"
RANGE = "#8fb3d4"
PREVIOUS = "#8a4b08"
MEDIAN = "#1d2733"
TRACK = "#e8ecf1"
BANDS = ("#eef1f5", "#e3e8ee")
INK = "#44525f"

_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"{more}>'
_STRETCHED = ' preserveAspectRatio="none"'


def profile_bar(
    score: float | None,
    *,
    upper: float | None = None,
    previous: float | None = None,
    median: float | None = None,
    limits: Sequence[float],
    is_mirrored: bool = False,
) -> str:
    """Return a bar from 0 to `score` over bands that begin at `limits` (0 to 100).

    The thin line goes on to `upper`, the diamond marks the previous round, the upright
    line the median of the region. Without a score only the bands are drawn.
    """
    parts = [
        _rect(start, end - start, 0, 12, BANDS[i % 2], is_mirrored)
        for i, (start, end) in enumerate(pairwise(limits))
    ]
    if score is not None:
        parts.append(_rect(0, score, 3, 6, BAR, is_mirrored))
        if upper is not None and upper - score >= 0.05:
            parts.append(_rect(score, upper - score, 5, 2, RANGE, is_mirrored))
            parts.append(_rect(upper - 0.4, 0.8, 3, 6, RANGE, is_mirrored))
    if median is not None:
        at = min(99.2, max(0.0, median - 0.4))
        parts.append(_rect(at - 0.25, 1.3, 0, 12, "#fff", is_mirrored))
        parts.append(_rect(at, 0.8, 0, 12, MEDIAN, is_mirrored))
    if previous is not None:
        parts.append(_diamond(previous, is_mirrored))
    return _svg(200, 12, parts)


def axis(limits: Sequence[float], *, is_mirrored: bool = False) -> str:
    """Return the scale over the bars: the limits of the levels in digits."""
    parts = []
    for i, limit in enumerate(limits):
        at = 200 - 2 * limit if is_mirrored else 2 * limit
        anchor = "middle"
        if i in (0, len(limits) - 1):
            anchor = "start" if (i == 0) != is_mirrored else "end"
        parts.append(
            f'<text x="{_n(at)}" y="9.5" font-size="9.5" font-family="Noto Sans" '
            f'text-anchor="{anchor}" fill="{INK}">{limit:.0f}</text>'
        )
    return _svg(200, 12, parts)


def meter(value: float, colour: str, *, is_mirrored: bool = False) -> str:
    """Return a small bar of a value from 0 to 100."""
    parts = [
        _rect(0, 100, 0, 8, TRACK, is_mirrored),
        _rect(0, value, 0, 8, colour, is_mirrored),
    ]
    return _svg(200, 8, parts, _STRETCHED)


def strip(counts: Iterable[tuple[int, str]], *, is_mirrored: bool = False) -> str:
    """Return a strip divided by counts, each with its colour; white lines between units."""
    drawn = [(count, colour) for count, colour in counts if count]
    total = sum(count for count, _ in drawn) or 1
    unit = 100 / total
    parts, at = [_rect(0, 100, 0, 10, TRACK, is_mirrored)], 0.0
    for count, colour in drawn:
        parts.append(_rect(at, count * unit, 0, 10, colour, is_mirrored))
        at += count * unit
    parts += [
        _rect(i * unit - 0.15, 0.3, 0, 10, "#fff", is_mirrored) for i in range(1, total)
    ]
    return _svg(200, 10, parts, _STRETCHED)


def spread(
    quartiles: tuple[float, float, float] | None,
    *,
    dots: Sequence[float] = (),
    limits: Sequence[float],
    is_mirrored: bool = False,
) -> str:
    """Return a box from the lower to the upper quartile with the median, over bands.

    `dots` are single scores, drawn over a thin line between their ends.
    """
    parts = [
        _rect(start, end - start, 0, 14, BANDS[i % 2], is_mirrored)
        for i, (start, end) in enumerate(pairwise(limits))
    ]
    if dots:
        low, high = min(dots), max(dots)
        parts.append(_rect(low, high - low, 6.5, 1, RANGE, is_mirrored))
    if quartiles is not None:
        lower, middle, upper = quartiles
        parts.append(_rect(lower, upper - lower, 3, 8, RANGE, is_mirrored))
        parts += [_dot(value, is_mirrored) for value in dots]
        at = min(99.2, max(0.0, middle - 0.4))
        parts.append(_rect(at, 0.8, 1, 12, PREVIOUS, is_mirrored))
    return _svg(200, 14, parts)


def course(
    scores: Sequence[float | None],
    others: Sequence[float | None] = (),
    *,
    limits: Sequence[float],
    is_mirrored: bool = False,
) -> str:
    """Return scores, 0 to 100, from one round to the next; `others` as diamonds.

    A round without a score leaves a gap in the line.
    """
    step = 184 / max(1, len(scores) - 1)
    xs = [8 + (step * i if len(scores) > 1 else 92) for i in range(len(scores))]
    if is_mirrored:
        xs = [200 - x for x in xs]
    parts = [
        f'<path d="M0 {_n(_height(limit))}H200" stroke="{TRACK}" stroke-width="1"/>'
        for limit in limits
    ]
    placed = list(zip(xs, scores, strict=True))
    parts += [
        f'<path d="M{_n(x)} {_n(_height(a))}L{_n(z)} {_n(_height(b))}" '
        f'stroke="{BAR}" stroke-width="2"/>'
        for (x, a), (z, b) in pairwise(placed)
        if a is not None and b is not None
    ]
    parts += [
        f'<circle cx="{_n(x)}" cy="{_n(_height(score))}" r="3" fill="{BAR}"/>'
        for x, score in placed
        if score is not None
    ]
    parts += [
        _small_diamond(x, _height(median))
        for x, median in zip(xs, others, strict=False)
        if median is not None
    ]
    return _svg(200, 64, parts)


def _height(score: float) -> float:
    return 59 - 0.54 * score


def _small_diamond(x: float, y: float) -> str:
    points = f"{_n(x - 3)},{_n(y)} {_n(x)},{_n(y - 4)} {_n(x + 3)},{_n(y)} {_n(x)},{_n(y + 4)}"
    return f'<polygon points="{points}" fill="#fff" stroke="{PREVIOUS}" stroke-width="1.2"/>'


def _dot(value: float, is_mirrored: bool) -> str:
    x = min(198.5, max(1.5, 200 - 2 * value if is_mirrored else 2 * value))
    return f'<circle cx="{_n(x)}" cy="7" r="1.5" fill="{BAR}"/>'


def _svg(width: int, height: int, parts: Iterable[str], more: str = "") -> str:
    return (
        _HEAD.format(width=width, height=height, more=more) + "".join(parts) + "</svg>"
    )


def _rect(
    start: float,
    length: float,
    top: float,
    height: float,
    colour: str,
    is_mirrored: bool,
) -> str:
    """Draw from `start` on the scale 0 to 100, which is 200 units wide."""
    left = 100 - start - length if is_mirrored else start
    return (
        f'<rect x="{_n(2 * left)}" y="{_n(top)}" width="{_n(2 * length)}" '
        f'height="{_n(height)}" fill="{colour}"/>'
    )


def _diamond(value: float, is_mirrored: bool) -> str:
    x = 200 - 2 * value if is_mirrored else 2 * value
    return _small_diamond(min(197.0, max(3.0, x)), 6)


def _n(value: float) -> str:
    """Return a coordinate with at most two decimals and no trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
