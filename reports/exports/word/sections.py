"""The chapter on the sections: score, findings, questions and matrices."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.document.structure import (
    Finding,
    HeatMap,
    Mark,
    Matrix,
    MatrixCell,
    QuestionLine,
    ReportDocument,
    SectionChapter,
)
from reports.exports.word.body import Body
from reports.exports.word.front import changed
from reports.exports.word.markup import Cell, Table, cell, number

_HEAT_FILLS = {"full": "CFE0F0", "none": "F7F2EF", "dk": "FDF0DC", "blank": "FDF0DC"}


def sections(body: Body, report: ReportDocument) -> None:
    body.heading(1, _("2 The eight sections"), "sections")
    for section in report.sections:
        _section(body, section)


def _section(body: Body, section: SectionChapter) -> None:
    body.heading(2, f"{section.number} {section.title}", section.anchor)
    body.paragraphs([section.purpose], "Purpose")
    body.table(_score_line(body, section))
    body.bullets(_finding(body, finding) for finding in section.findings)
    for quote in section.quotes:
        body.quote(quote)
    body.heading(3, _("Scored questions"))
    body.table(
        Table(
            _("Scored questions"),
            (41, 48, 11),
            [_question(body, line) for line in section.questions],
            has_row_heads=False,
        )
    )
    for matrix in section.matrices:
        _matrix(body, matrix)
    if section.heat:
        _heat(body, section.heat)


def _score_line(body: Body, section: SectionChapter) -> Table:
    line = section.line
    if line.is_published:
        score = [body.strong(line.score) + body.text(" " + _("of 100"))]
        if line.change:
            score.append(changed(body, line.change))
    else:
        score = [body.text(line.score, "Unknown")]
    level = []
    if line.level:
        level = [
            body.mark(Mark(line.level.symbol, "", "")),
            body.strong(f"{line.level.number} {line.level.name}"),
        ]
    facts = [body.text(f"{fact.label}: {fact.value}") for fact in section.facts]
    chart = body.picture(line.chart, width=54, height=3.24)
    row = (cell(*score), cell(chart), cell(*level), cell(*facts))
    return Table(
        section.title,
        (16, 36, 19, 29),
        [row],
        style="ReportBox",
        has_row_heads=False,
        keeps_next=True,
    )


def _finding(body: Body, finding: Finding) -> str:
    words = body.strong(f"{finding.label}: ") + body.text(f"{finding.text} ")
    return words + body.refs(finding.refs, finding.more)


def _question(body: Body, line: QuestionLine) -> tuple[Cell, ...]:
    name = body.mark(line.mark) + body.text(" ") + body.ref(line.ref)
    return cell(name), cell(body.muted(line.answer)), number(body.text(line.score))


def _matrix(body: Body, matrix: Matrix) -> None:
    score = body.muted("  " + _("score %(score)s") % {"score": matrix.score})
    body.heading(3, matrix.ref.text, more=score)
    basic = _("In bold: the basic ones") if matrix.has_core else ""
    label = 40 if len(matrix.columns) <= 5 else 29
    width = (93 - label) / max(len(matrix.columns), 1)
    body.table(
        Table(
            matrix.text,
            (label, *(width for _column in matrix.columns), 7),
            [
                (
                    cell(
                        body.link(
                            row.ref.anchor,
                            row.ref.text,
                            "Strong" if row.is_core else "PlainLink",
                        )
                    ),
                    *(_sign(body, one) for one in row.cells),
                    number(body.text(row.score)),
                )
                for row in matrix.rows
            ],
            head=(
                cell(body.muted(basic), style="TableHead"),
                *(
                    cell(body.text(column), style="TableHeadSign")
                    for column in matrix.columns
                ),
                cell(body.text(_("Score")), style="TableHeadNumber"),
            ),
            has_row_heads=False,
        )
    )


def _sign(body: Body, one: MatrixCell) -> Cell:
    year = body.text(f" {one.text}") if one.text else ""
    return cell(body.mark(one.mark) + year, style="TableSign")


def _heat(body: Body, heat: HeatMap) -> None:
    body.heading(3, heat.title)
    body.paragraphs([heat.intro], "Note")
    width = 63 / max(len(heat.columns), 1)
    totals = (
        cell(body.strong(_("Sources that record it"))),
        *(cell(body.strong(total), style="TableSign") for total in heat.totals),
        cell(),
    )
    body.table(
        Table(
            heat.title,
            (28, *(width for _column in heat.columns), 9),
            [
                *(
                    (
                        cell(body.ref(row.ref)),
                        *(
                            cell(
                                body.mark(mark),
                                style="TableSign",
                                fill=_HEAT_FILLS.get(mark.kind, ""),
                            )
                            for mark in row.cells
                        ),
                        cell(body.text(row.count), style="TableSign"),
                    )
                    for row in heat.rows
                ),
                totals,
            ],
            head=(
                cell(body.text(_("Source")), style="TableHead"),
                *(
                    cell(body.text(column), style="TableHeadSign")
                    for column in (*heat.columns, _("Recorded"))
                ),
            ),
        )
    )
