"""The chapters on needs: policy questions, and SDG indicators by migratory status."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reports.document.structure import (
    GapGroup,
    GapRow,
    GridCell,
    NeedChapter,
    ReportDocument,
)
from reports.exports.word.body import CLASS_FILLS, DARK_CLASSES, LINE, Body
from reports.exports.word.markup import Cell, Table, cell

# Widths of the table of gaps, in per cent; seven columns either way.
_WITH_WHY = (6, 32, 9, 14, 8, 15, 16)
_WITHOUT = (8, 31, 9, 15, 15, 8, 14)


def policy_needs(body: Body, report: ReportDocument) -> None:
    _needs(body, report.needs)


def sdg_needs(body: Body, report: ReportDocument) -> None:
    _needs(body, report.sdg)


def _needs(body: Body, chapter: NeedChapter) -> None:
    body.heading(1, f"{chapter.number} {chapter.title}", chapter.anchor)
    body.paragraphs([" ".join((chapter.intro, *chapter.sentences))])
    strip = body.picture(chapter.strip, width=LINE, height=4)
    body.paragraph(strip, keeps_next=True)
    counts = [
        body.gap_class(one.mark) + body.strong(f" {one.count}")
        for one in chapter.counts
        if one.count
    ]
    body.paragraph(body.text("   ").join(counts), "Caption")
    body.heading(2, _("Need against data"))
    body.table(_grid(body, chapter))
    if chapter.outside:
        words = _(
            "Not in the matrix, because they cannot be told apart by migratory status:"
        )
        body.paragraph(body.text(f"{words} ") + body.refs(chapter.outside), "Note")
    body.table(_gaps(body, chapter))


def _gaps(body: Body, chapter: NeedChapter) -> Table:
    """Return need, data and gap of each row; why, where there is room for it."""
    has_why = len(chapter.availability_columns) == 1
    titles = (
        "",
        _("Need"),
        _("Priority"),
        *chapter.availability_columns,
        _("Quality"),
        _("Gap and severity"),
        *([_("Why")] if has_why else []),
    )
    return Table(
        chapter.title,
        _WITH_WHY if has_why else _WITHOUT,
        [
            row
            for group in chapter.groups
            for row in _gaps_of(body, group, has_why=has_why)
        ],
        head=tuple(cell(body.text(title), style="TableHead") for title in titles),
    )


def _grid(body: Body, chapter: NeedChapter) -> Table:
    levels = chapter.data_levels
    return Table(
        _("Need against data"),
        (15, *(85 / len(levels) for _level in levels)),
        [
            (
                cell(body.text(row.need.label)),
                *(_grid_cell(body, one) for one in row.cells),
            )
            for row in chapter.grid
        ],
        head=(
            cell(body.text(_("Priority")), style="TableHead"),
            *(cell(body.labelled(mark), style="TableHead") for mark in levels),
        ),
        style="ReportGrid",
    )


def _grid_cell(body: Body, one: GridCell) -> Cell:
    kind = one.gap_class.kind
    style = "OnDark" if kind in DARK_CLASSES else "PlainLink"
    label = body.text(f"{one.gap_class.symbol} {one.gap_class.label}", style)
    refs = body.text(" ").join(body.link(r.anchor, r.code, style) for r in one.refs)
    return cell(label, refs, fill=CLASS_FILLS.get(kind, ""))


def _gaps_of(
    body: Body, group: GapGroup, *, has_why: bool
) -> Iterator[tuple[Cell, ...]]:
    note = f"  {group.note}{group.figure}"
    title = body.text(group.title) + body.muted(note)
    yield (cell(title, style="TableGroup", span=7, fill="F4F7FA"),)
    for gap in group.rows:
        yield _gap_row(body, gap, has_why=has_why)


def _gap_row(body: Body, gap: GapRow, *, has_why: bool) -> tuple[Cell, ...]:
    years = [f", {gap.latest_year}" if gap.latest_year else ""]
    years += [""] * (len(gap.availability) - 1)
    meter = body.picture(gap.chart, width=12, height=1.6)
    return (
        cell(body.link(gap.ref.anchor, gap.sign)),
        cell(body.text(gap.label)),
        cell(body.text(gap.need.label)),
        *(
            cell(body.mark(one.mark) + body.text(f" {one.text}{year}"))
            for one, year in zip(gap.availability, years, strict=True)
        ),
        cell(body.mark(gap.quality.mark) + body.text(f" {gap.quality.text}")),
        cell(body.gap_class(gap.gap_class), meter + body.text(f" {gap.severity}")),
        *([cell(body.text(gap.why))] if has_why else []),
    )
