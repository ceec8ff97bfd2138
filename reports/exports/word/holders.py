"""The chapter on who holds which data."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.document.structure import (
    Exchange,
    Holders,
    MatrixCell,
    ReportDocument,
)
from reports.exports.word.body import Body
from reports.exports.word.markup import Cell, Table, cell


def holders(body: Body, report: ReportDocument) -> None:
    chapter = report.holders
    body.heading(1, _("5 Who holds which data"), chapter.anchor)
    body.paragraphs(chapter.sentences)
    if chapter.agencies:
        body.heading(2, _("By agency"))
        body.table(_agencies(body, chapter))
    body.heading(2, _("What the statistical office receives, and on what basis"))
    body.paragraphs([chapter.agreements_note])
    columns = chapter.agreement_columns
    body.table(
        Table(
            _("What the statistical office receives, and on what basis"),
            (28, *(72 / max(len(columns), 1) for _column in columns)),
            [
                (cell(body.ref(one.ref)), *(_agreed(body, c) for c in one.cells))
                for one in chapter.agreements
            ],
            head=tuple(
                cell(body.text(title), style="TableHead")
                for title in (_("From"), *columns)
            ),
        )
    )
    _exchange(body, chapter.exchange)


def _exchange(body: Body, chapter: Exchange) -> None:
    title = _("With whom statistics are exchanged")
    body.heading(2, title)
    body.paragraph(body.link(chapter.ref.anchor, chapter.sentence))
    if not chapter.partners:
        return
    body.table(
        Table(
            title,
            (28, 22, 38, 12),
            [
                (
                    cell(body.text(partner.name)),
                    *(cell(body.text(text)) for text in partner.cells),
                )
                for partner in chapter.partners
            ],
            head=tuple(
                cell(body.text(column), style="TableHead")
                for column in (_("Country or group"), *chapter.columns)
            ),
        )
    )


def _agencies(body: Body, chapter: Holders) -> Table:
    titles = [
        _("Agency"),
        _("Sources in its charge, and access of the statistical office"),
    ]
    if chapter.has_statistics:
        titles.append(_("Statistics it produces"))
    return Table(
        _("By agency"),
        (22, 45, 33) if chapter.has_statistics else (30, 70),
        [
            (
                cell(body.text(agency.name)),
                *(
                    cell(body.refs(refs) or body.text("–"))
                    for refs in (agency.sources, agency.statistics)[: len(titles) - 1]
                ),
            )
            for agency in chapter.agencies
        ],
        head=tuple(cell(body.text(title), style="TableHead") for title in titles),
    )


def _agreed(body: Body, one: MatrixCell) -> Cell:
    if not one.text:
        return cell(body.text("–"))
    if one.mark.kind in ("answered", "closed"):
        return cell(body.text(one.text))
    return cell(body.mark(one.mark) + body.text(f" {one.text}"))
