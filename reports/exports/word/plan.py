"""The action plan: the country's own, or the table to fill in."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reports.document.plan import PlanChapter, PlanRow
from reports.document.structure import ReportDocument
from reports.exports.word.body import Body
from reports.exports.word.markup import Cell, Table, cell

_TITLE_ROW = "F4F7FA"


def plan(body: Body, report: ReportDocument) -> None:
    body.heading(1, _("7 Action plan"), "plan")
    if report.plan is None:
        _to_fill_in(body, report)
    else:
        _planned(body, report.plan)


def _planned(body: Body, plan: PlanChapter) -> None:
    body.paragraphs([" ".join(plan.sentences)])
    if plan.rows:
        body.paragraphs(
            [
                _(
                    "Cost is in United States dollars, all years together. Because of: what "
                    "each action helps to close, or the answers that triggered it."
                )
            ],
            "Note",
        )
        body.table(_rows(body, plan))
    if plan.became:
        body.heading(2, plan.earlier)
        body.paragraphs([" ".join(plan.became_sentences)])
        body.table(_became(body, plan))


def _heads(body: Body, *titles: str) -> tuple[Cell, ...]:
    return tuple(cell(body.text(title), style="TableHead") for title in titles)


def _rows(body: Body, plan: PlanChapter) -> Table:
    return Table(
        _("7 Action plan"),
        (30, 22, 14, 10, 12, 12),
        [
            cells
            for number, row in enumerate(plan.rows, start=1)
            for cells in _row(body, number, row)
        ],
        head=_heads(
            body,
            _("Action"),
            _("Responsible"),
            _("When"),
            _("Cost"),
            _("Support asked from"),
            _("Status"),
        ),
        has_row_heads=False,
    )


def _row(body: Body, number: int, row: PlanRow) -> Iterator[tuple[Cell, ...]]:
    title = body.strong(f"{number}. ")
    title += body.link(row.ref, row.title) if row.ref else body.strong(row.title)
    owner = body.text(row.owner) or body.text(_("nobody named yet"), "Unknown")
    times = [
        body.text(words % {"day": day})
        for words, day in (
            (_("from %(day)s"), row.starts),
            (_("until %(day)s"), row.ends),
        )
        if day
    ]
    yield (
        cell(title, fill=_TITLE_ROW),
        cell(owner, fill=_TITLE_ROW),
        cell(*(times or [body.text("–")]), fill=_TITLE_ROW),
        cell(body.text(row.cost or "–"), fill=_TITLE_ROW),
        cell(body.text(row.support or "–"), fill=_TITLE_ROW),
        cell(body.labelled(row.status), fill=_TITLE_ROW),
    )
    yield (cell(*_more(body, row), span=6),)


def _more(body: Body, row: PlanRow) -> list[str]:
    """Return what is said of an action besides who, when and how much."""
    code = ", ".join(part for part in (row.code, row.horizon) if part)
    lines = [body.muted(code if row.code else _("The country’s own action"))]
    if row.text:
        lines.append(body.text(row.text))
    labelled = (
        (_("Together with"), body.text(row.co_owners)),
        (_("Because of"), body.refs(row.behind)),
        (_("Seen from"), body.text(row.measure)),
        (_("Remark on the status"), body.text(row.remark)),
    )
    return lines + [
        body.strong(f"{label} ") + words for label, words in labelled if words
    ]


def _became(body: Body, plan: PlanChapter) -> Table:
    return Table(
        plan.earlier,
        (34, 20, 14, 14, 18),
        [
            (
                cell(
                    body.strong(row.title)
                    + body.muted(f" {row.code}" if row.code else "")
                ),
                cell(body.text(row.owner or "–")),
                cell(body.labelled(row.was) if row.was else ""),
                cell(body.labelled(row.status)),
                cell(body.text(row.remark)),
            )
            for row in plan.became
        ],
        head=_heads(
            body, _("Action"), _("Responsible"), _("Was"), _("Is now"), _("Remark")
        ),
        has_row_heads=False,
    )


def _to_fill_in(body: Body, report: ReportDocument) -> None:
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
    body.table(
        Table(
            _("7 Action plan"),
            (30, 18, 16, 9, 12, 15),
            _blank_rows(body, report),
            head=tuple(cell(body.text(title), style="TableHead") for title in titles),
            style="ReportGrid",
            has_row_heads=False,
            min_height=10.5,
        )
    )
    signed = f"{_('Agreed on')} ____________________   {_('by')} {'_' * 40}"
    body.paragraphs([signed])


def _blank_rows(body: Body, report: ReportDocument) -> list[tuple[Cell, ...]]:
    """Return a row an action of the first wave, and two for others."""
    blanks = tuple(cell() for _column in range(5))
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
    return [*rows, *((cell(), *blanks) for _blank in range(2))]
