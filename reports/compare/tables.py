"""The comparison of a round as tables to save (docs/round_csv.md)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assessment.spreadsheets import Cell
from reports.compare.board import Board
from reports.compare.scores import Axis, Scope, axes, overall_axis, spreads_by_region
from reports.compare.table import Table, rounded
from reports.compare.tallies import NeedTally, gap_classes


def scores(board: Board) -> Table:
    """Return a row a country, with every dimension and section."""
    columns = _every_axis(board)
    head = (
        "iso3", "country", "region", "subregion", "status", "accepted_or_submitted", "record",
        "completeness", "level", *(axis.code for axis in columns),
    )  # fmt: skip
    rows = [
        (
            member.record.iso3,
            member.record.country,
            member.record.region,
            member.record.subregion,
            member.record.status,
            member.record.dated_at.date().isoformat(),
            member.record.hash,
            rounded(member.figures.completeness),
            member.figures.level,
            *(rounded(axis.score(member.figures)) for axis in columns),
        )
        for member in board.found
    ]
    return Table(head, rows)


def changes(board: Board) -> Table:
    """Return a row a country: what moved since its last accepted round, in points."""
    groups = board.moves if board.instrument and board.found else []
    columns = board.columns if board.instrument else ()
    return Table(
        (
            "iso3",
            "country",
            "region",
            "status",
            "since",
            *(axis.code for axis in columns),
        ),
        [
            (
                row.record.iso3,
                row.record.country,
                row.record.region,
                row.record.status,
                row.since,
                *(rounded(change) for change in row.changes),
            )
            for group in groups
            for row in group.rows
        ],
    )


def spreads(board: Board) -> Table:
    head = ("code", "title", "region", "countries", "lowest", "lower_quartile", "median",
            "upper_quartile", "highest")  # fmt: skip
    rows: list[Sequence[Cell]] = []
    if board.instrument is not None:
        for group in spreads_by_region(
            board.instrument, board.found, _every_axis(board), is_mirrored=False
        ):
            for line in group.lines:
                of = line.spread
                ends = (
                    (of.lowest, of.lower, of.median, of.upper, of.highest)
                    if of
                    else (None,) * 5
                )
                words = (group.axis.code, group.axis.title, line.name, line.count)
                rows.append((*words, *(rounded(end) for end in ends)))
    return Table(head, rows)


def policy(board: Board) -> Table:
    return _needs(board, board.policy if board.instrument else [])


def sdg(board: Board) -> Table:
    return _needs(board, board.sdg if board.instrument else [])


def recommendations(board: Board) -> Table:
    head = (
        "code", "title", "dimension", "horizon", "countries", "of", "share_per_cent",
    )  # fmt: skip
    found = board.actions if board.instrument and board.found else []
    of = len(board.found)
    return Table(
        head,
        [
            (a.code, a.title, a.dimension, a.horizon, a.count, of, rounded(a.share))
            for a in found
        ],
    )


TABLES: dict[str, Callable[[Board], Table]] = {
    "scores": scores,
    "changes": changes,
    "distribution": spreads,
    "policy-needs": policy,
    "sdg": sdg,
    "recommendations": recommendations,
}


def _needs(board: Board, found: Sequence[NeedTally]) -> Table:
    classes = gap_classes(board.instrument) if board.instrument else ()
    head = ("code", "letter_or_indicator", "label", *(one.code for one in classes),
            "with_a_gap", "assessed", "share_per_cent")  # fmt: skip
    return Table(
        head,
        [
            (t.code, t.sign, t.label, *t.counts, t.gaps, t.assessed, rounded(t.share))
            for t in found
        ],
    )


def _every_axis(board: Board) -> tuple[Axis, ...]:
    if board.instrument is None:
        return ()
    scopes = (axes(board.instrument, scope) for scope in Scope)
    return (overall_axis(), *(axis for group in scopes for axis in group))
