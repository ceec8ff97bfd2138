"""The tables that `make bench` prints, in Markdown for docs/measurements.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

NONE = "–"


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A page or a save, held against `floor`, or a floor itself.

    Times are medians in milliseconds; `share` is the median over the rounds of the
    requests a second divided by those of the floor.
    """

    what: str
    one_client_ms: float
    rate: float
    cpu_ms: float | None
    inside_ms: float
    queries: int
    transaction: int
    bytes: int
    bytes_gzip: int
    times_floor: float | None = None
    share: float | None = None
    target: str = ""
    is_met: bool | None = None


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """An analysis, a dashboard or a report, or its floor. `peak_mb` is in MB of 10^6 bytes."""

    what: str
    ms: float
    times_floor: float | None = None
    peak_mb: float | None = None
    bytes: int | None = None
    target: str = ""
    is_met: bool | None = None


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of rendering a PDF: processor time, and its share from 0 to 1."""

    what: str
    ms: float
    share: float


def number(value: float | None, decimals: int = 1) -> str:
    return NONE if value is None else f"{value:,.{decimals}f}"


def met(is_met: bool | None) -> str:
    return "" if is_met is None else "yes" if is_met else "NO"


VIEW_COLUMNS: dict[str, Callable[[ViewLine], str]] = {
    "Pages and saves": lambda line: line.what,
    "1 client, ms": lambda line: number(line.one_client_ms),
    "× floor": lambda line: number(line.times_floor),
    "8 clients, /s": lambda line: number(line.rate, 0),
    "share of floor": lambda line: number(line.share, 2),
    "CPU, ms": lambda line: number(line.cpu_ms),
    "in process, ms": lambda line: number(line.inside_ms),
    "queries": lambda line: f"{line.queries} + {line.transaction}",
    "bytes": lambda line: number(line.bytes, 0),
    "gzip": lambda line: number(line.bytes_gzip, 0),
    "target": lambda line: line.target,
    "met": lambda line: met(line.is_met),
}

READING_COLUMNS: dict[str, Callable[[ReadingLine], str]] = {
    "Analysis and report": lambda line: line.what,
    "ms": lambda line: number(line.ms),
    "× floor": lambda line: number(line.times_floor),
    "peak MB": lambda line: number(line.peak_mb, 0),
    "bytes": lambda line: number(line.bytes, 0),
    "target": lambda line: line.target,
    "met": lambda line: met(line.is_met),
}


def view_table(lines: Sequence[ViewLine]) -> str:
    rows = [[cell(line) for cell in VIEW_COLUMNS.values()] for line in lines]
    return table(list(VIEW_COLUMNS), rows)


def reading_table(lines: Sequence[ReadingLine]) -> str:
    rows = [[cell(line) for cell in READING_COLUMNS.values()] for line in lines]
    return table(list(READING_COLUMNS), rows)


def part_table(lines: Sequence[PartLine]) -> str:
    rows = [[line.what, number(line.ms, 0), f"{line.share:.0%}"] for line in lines]
    return table(["Where the time of a warm PDF goes", "CPU, ms", "share"], rows)


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table; figures stand to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    is_text = [name in ("target", "met", head[0]) for name in head]
    rule = [
        "-" * width if text else "-" * (width - 1) + ":"
        for width, text in zip(widths, is_text, strict=True)
    ]
    padded = [
        [
            cell.ljust(width) if text else cell.rjust(width)
            for cell, width, text in zip(row, widths, is_text, strict=True)
        ]
        for row in [head, *rows]
    ]
    return "\n".join(
        "| " + " | ".join(row) + " |" for row in [padded[0], rule, *padded[1:]]
    )
