"""The chapters on sections, needs, holders of data, actions and the plan."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reports.document.structure import (
    ActionView,
    Finding,
    GapGroup,
    GapRow,
    GridCell,
    Holders,
    Mark,
    Matrix,
    MatrixCell,
    NeedChapter,
    QuestionLine,
    ReportDocument,
    SectionChapter,
)
from reports.exports.word.body import CLASS_FILLS, DARK_CLASSES, LINE, Body
from reports.exports.word.front import changed
from reports.exports.word.markup import Cell, Table, cell, number


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
        section.title, (16, 36, 19, 29), [row], style="ReportBox", has_row_heads=False
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


# Needs


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
    body.table(
        Table(
            chapter.title,
            (7, 33, 10, 16, 16, 18),
            [row for group in chapter.groups for row in _gaps_of(body, group)],
            head=tuple(
                cell(body.text(title), style="TableHead")
                for title in (
                    "",
                    _("Need"),
                    _("Priority"),
                    _("Data"),
                    _("Gap and severity"),
                    _("Why"),
                )
            ),
        )
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


def _gaps_of(body: Body, group: GapGroup) -> Iterator[tuple[Cell, ...]]:
    note = f"  {group.note}{group.figure}"
    title = body.text(group.title) + body.muted(note)
    yield (cell(title, style="TableGroup", span=6, fill="F4F7FA"),)
    for gap in group.rows:
        yield _gap_row(body, gap)


def _gap_row(body: Body, gap: GapRow) -> tuple[Cell, ...]:
    year = f", {gap.latest_year}" if gap.latest_year else ""
    meter = body.picture(gap.chart, width=12, height=1.6)
    return (
        cell(body.link(gap.ref.anchor, gap.sign)),
        cell(body.text(gap.label)),
        cell(body.text(gap.need.label)),
        cell(body.labelled(gap.data) + body.text(year)),
        cell(body.gap_class(gap.gap_class), meter + body.text(f" {gap.severity}")),
        cell(body.text(gap.why)),
    )


# Holders


def holders(body: Body, report: ReportDocument) -> None:
    chapter = report.holders
    body.heading(1, _("5 Who holds which data"), chapter.anchor)
    body.paragraphs(chapter.sentences)
    if chapter.agencies:
        body.heading(2, _("By agency"))
        body.table(_agencies(body, chapter))
    body.heading(2, _("What the statistical office receives, and on what basis"))
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


def _agencies(body: Body, chapter: Holders) -> Table:
    titles = (
        _("Agency"),
        _("Sources in its charge, and access of the statistical office"),
        _("Statistics it produces"),
    )
    return Table(
        _("By agency"),
        (22, 45, 33),
        [
            (
                cell(body.text(agency.name)),
                cell(body.refs(agency.sources) or body.text("–")),
                cell(body.refs(agency.statistics) or body.text("–")),
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


# Actions and plan


def actions(body: Body, report: ReportDocument) -> None:
    chapter = report.actions
    body.heading(1, _("6 Recommended actions"), chapter.anchor)
    body.paragraphs(chapter.sentences)
    if chapter.plan:
        body.table(_counts(body, report))
    for horizon in chapter.first_wave:
        body.heading(2, _("First wave: %(horizon)s") % {"horizon": horizon.title})
        for action in horizon.actions:
            _action(body, action)


def _counts(body: Body, report: ReportDocument) -> Table:
    chapter = report.actions
    titles = [*(mark.label for mark in chapter.priorities), _("All"), _("First wave")]
    return Table(
        _("6 Recommended actions"),
        (36, *(12 for _mark in chapter.priorities), 14, 14),
        [
            (
                cell(body.text(line.title)),
                *(
                    number(body.text(str(count)))
                    for count in (*line.counts, line.total)
                ),
                number(body.strong(str(line.first_wave))),
            )
            for line in chapter.counts
        ],
        head=(
            cell(body.text(_("Horizon")), style="TableHead"),
            *(cell(body.text(title), style="TableHeadNumber") for title in titles),
        ),
    )


def _action(body: Body, action: ActionView) -> None:
    body.heading(3, f"{action.rank}. {action.title}", action.anchor)
    figures = ", ".join(f"{fact.label} {fact.value}" for fact in action.figures)
    urgent = "Alert" if action.priority.kind == "high" else "Strong"
    priority = _("Priority: %(priority)s") % {"priority": action.priority.label}
    value = _("ranking value")
    meta = (
        f" · {action.code} · {value} {action.rank_value} ({figures}) · {action.kind} · "
        f"{action.dimension}"
    )
    body.paragraph(
        body.text(priority, urgent) + body.muted(meta), "Note", keeps_next=True
    )
    body.paragraphs([action.text])
    causes = body.refs(action.causes, action.more_causes)
    lines = [(_("Because of"), causes)]
    if action.gaps:
        lines.append((_("Helps to close"), body.refs(action.gaps)))
    lines.append((_("Possible partners"), body.text(action.partners)))
    lines.append((_("Standards"), body.text(action.standards)))
    for label, inline in lines:
        if inline:
            body.paragraph(body.strong(f"{label} ") + inline, "Note")


def plan(body: Body, report: ReportDocument) -> None:
    body.heading(1, _("7 Action plan"), "plan")
    body.paragraphs(
        [
            _(
                "To be filled in by the country: who does what by when, and how progress "
                "will be seen."
            )
        ]
    )
    titles = (
        _("Action"),
        _("Responsible agency"),
        _("With"),
        _("By"),
        _("Resources"),
        _("Seen from"),
    )
    blanks = tuple(cell() for _title in titles[1:])
    rows = [
        (
            cell(
                body.link(action.anchor, action.title)
                + body.muted(f" {action.code}, {action.horizon}")
            ),
            *blanks,
        )
        for action in report.actions.plan
    ]
    rows += [(cell(), *blanks) for _blank in range(2)]
    body.table(
        Table(
            _("7 Action plan"),
            (30, 18, 16, 9, 12, 15),
            rows,
            head=tuple(cell(body.text(title), style="TableHead") for title in titles),
            style="ReportGrid",
            has_row_heads=False,
            min_height=10.5,
        )
    )
    signed = f"{_('Agreed on')} ____________________   {_('by')} {'_' * 40}"
    body.paragraphs([signed])
