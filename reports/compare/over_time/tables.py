"""Pages over time as tables to save (docs/over_time_csv.md): a line a figure and round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assessment.spreadsheets import Cell
from reports.analysis.figures import half_up
from reports.compare.over_time.lines import Block, Column, Line, Point
from reports.compare.over_time.same import SameCountries
from reports.compare.table import Table, rounded

_OF_OTHERS = 1  # decimals: no more of other countries than the page shows


def country_table(columns: Sequence[Column], blocks: Sequence[Block]) -> Table:
    """Return the figures of a country; of its region what the page says."""
    head = (
        "kind", "code", "title", "round", "year", "questionnaire", "status", "asked",
        "score", "gap_class", "region_median", "region_countries",
    )  # fmt: skip
    return Table(
        head,
        [
            (
                *_place(block, line, column),
                column.status,
                int(point.is_asked),
                rounded(point.score),
                point.gap_class,
                _of_others(point.median),
                None if point.median is None else column.count,
            )
            for block, line, column, point in _points(columns, blocks)
        ],
    )


def region_table(columns: Sequence[Column], blocks: Sequence[Block]) -> Table:
    """Return medians and quartiles of a region, for people at UNSD."""
    head = (
        "kind", "code", "title", "round", "year", "questionnaire", "accepted", "asked",
        "countries", "lower_quartile", "median", "upper_quartile",
    )  # fmt: skip
    rows: list[Sequence[Cell]] = []
    for block, line, column, point in _points(columns, blocks):
        lies = point.lies
        figures = (lies.lower, lies.median, lies.upper) if lies else (None,) * 3
        rows.append(
            (
                *_place(block, line, column),
                column.count,
                int(point.is_asked),
                lies.count if lies else 0,
                *map(rounded, figures),
            )
        )
    return Table(head, rows)


def same_countries_table(pairs: Sequence[SameCountries]) -> Table:
    """Return what changed from round to round for the countries accepted in both."""
    head = (
        "code", "title", "round_before", "round_now", "countries", "median_before",
        "median_now", "median_of_changes",
    )  # fmt: skip
    return Table(
        head,
        [
            (
                change.code,
                change.title,
                pair.before.round_code,
                pair.now.round_code,
                change.count,
                rounded(change.before),
                rounded(change.now),
                rounded(change.moved),
            )
            for pair in pairs
            for change in pair.changes
        ],
    )


def _points(
    columns: Sequence[Column], blocks: Sequence[Block]
) -> Iterator[tuple[Block, Line, Column, Point]]:
    for block in blocks:
        for line in block.lines:
            for column, point in zip(columns, line.points, strict=True):
                yield block, line, column, point


def _place(block: Block, line: Line, column: Column) -> tuple[Cell, ...]:
    return (
        block.kind, line.code, line.title, column.code, column.year, column.version,
    )  # fmt: skip


def _of_others(median: float | None) -> float | None:
    return None if median is None else half_up(median, _OF_OTHERS)
