"""The action plan as a workbook that can be worked with: typed dates, lists to choose from."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from assessment.models import PlanAction
from assessment.plans import ActionPlan
from assessment.spreadsheets import unarmed
from reports.document.plan import PlanRow
from reports.document.wording import moment
from reports.plan_page import PlanPage

BLANK_ROWS = 20  # below the plan, with the same lists to choose from
_DATE = "yyyy-mm-dd"
_HEAD = PatternFill("solid", fgColor="0B3D5C")
_LINE = Side(style="thin", color="D3DBE2")
_WIDTHS = (5, 36, 10, 15, 26, 28, 24, 11, 11, 15, 16, 12, 24, 22, 22)
_FONT = "Calibri"
_LINE_HEIGHT = 15  # points
_START, _END, _COST, _STATUS = 8, 9, 10, 12  # columns

Value = str | int | date | None


def plan_workbook(page: PlanPage) -> bytes:
    """Return the plan of `page`, in the active language; texts never become formulas."""
    assert page.plan is not None  # noqa: S101  the view answers 404
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  a new book has one
    sheet.title = _sheet_name(_("Action plan"))
    lists = _lists(book)
    _fill(sheet, _head(), _plan_rows(page, page.plan), _WIDTHS)
    _choices(sheet, lists, len(page.rows) + 1 + BLANK_ROWS)
    if page.plan.carried:
        became = book.create_sheet(_sheet_name(_("Earlier plan")))
        _fill(
            became,
            _became_head(),
            _became_rows(page, page.plan),
            (46, 11, 34, 15, 15, 40),
        )
    about = book.create_sheet(_sheet_name(_("About")))
    _fill(about, (_("What"), _("Value")), _about(page, page.plan), (34, 80))
    book.move_sheet(lists, offset=len(book.sheetnames))
    for one in book.worksheets:
        one.sheet_view.rightToLeft = get_language_bidi()
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _sheet_name(title: str) -> str:
    """Return a title as a sheet may bear it: short, without the signs that are forbidden."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31]


def _head() -> tuple[str, ...]:
    return (
        _("No."), _("Action"), _("Code"), _("Horizon"), _("Details"), _("Because of"),
        _("Responsible"), _("Starts on"), _("Ends on"), _("Cost (US dollars)"),
        _("Support asked from"), _("Status"), _("Remark"), _("Together with"),
        _("Seen from"),
    )  # fmt: skip


def _plan_rows(page: PlanPage, plan: ActionPlan) -> Iterator[tuple[Value, ...]]:
    found = zip(plan.current, page.rows, strict=True)
    for place, (action, row) in enumerate(found, start=1):
        yield (
            place,
            row.title,
            row.code,
            row.horizon,
            row.text,
            _behind(row),
            row.owner,
            action.content.starts_on,
            action.content.ends_on,
            row.cost,
            row.support,
            row.status.label if action.content.status else "",
            row.remark,
            row.co_owners,
            row.measure,
        )


def _behind(row: PlanRow) -> str:
    return "; ".join(
        f"{ref.text} ({ref.note})" if ref.note else ref.text for ref in row.behind
    )


def _became_head() -> tuple[str, ...]:
    return (
        _("Action"), _("Code"), _("Responsible"), _("Was"), _("Is now"), _("Remark"),
    )  # fmt: skip


def _became_rows(page: PlanPage, plan: ActionPlan) -> Iterator[tuple[Value, ...]]:
    for row in page.carried:
        was = row.was.label if row.was else ""
        yield (row.title, row.code, row.owner, was, row.status.label, row.remark)


def _about(page: PlanPage, plan: ActionPlan) -> Iterator[tuple[Value, ...]]:
    source = page.source
    plan = page.adopted_or(plan)
    yield _("Country or area"), f"{source.country} ({source.iso3})"
    yield _("Round"), f"{source.round_title} ({source.round_code})"
    if plan.number is not None and plan.adopted_at is not None:
        yield _("Edition"), plan.number
        yield _("Adopted"), moment(plan.adopted_at)
        yield _("Adopted by"), plan.adopted_by
        yield _("Hash of the edition (SHA-256)"), plan.sha256
    else:
        yield _("Edition"), _("the plan as it stands, not adopted")
    if source.is_illustrative:
        yield _("Illustrative"), _("The answers and this plan are invented.")


def _lists(book: Workbook) -> Worksheet:
    """Return a sheet with what can be chosen: a list within a cell may be too long."""
    sheet: Worksheet = book.create_sheet(_sheet_name(_("Lists")))
    for column, choices in enumerate((PlanAction.Status, PlanAction.Cost), start=1):
        for line, label in enumerate(choices.labels, start=1):
            sheet.cell(line, column, unarmed(str(label)))
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 24
    return sheet


def _choices(sheet: Worksheet, lists: Worksheet, last: int) -> None:
    """Let status and cost be chosen from lists, and dates be dates."""
    pairs = ((_STATUS, "A", PlanAction.Status), (_COST, "B", PlanAction.Cost))
    for column, letter, choices in pairs:
        span = f"'{lists.title}'!${letter}$1:${letter}${len(choices)}"
        rule = DataValidation(type="list", formula1=span, allow_blank=True)
        rule.error = _("Choose one of the list.")
        _apply(sheet, rule, column, last)
    for column in (_START, _END):
        rule = DataValidation(
            type="date",
            operator="between",
            formula1="32874",
            formula2="73415",
            allow_blank=True,
        )  # fmt: skip  1990 to 2100
        rule.error = _("Give a date between 1990 and 2100.")
        _apply(sheet, rule, column, last)
        for line in range(2, last + 1):
            sheet.cell(line, column).number_format = _DATE


def _apply(sheet: Worksheet, rule: DataValidation, column: int, last: int) -> None:
    letter = get_column_letter(column)
    rule.showErrorMessage = True
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{last}")


def _fill(
    sheet: Worksheet,
    head: Sequence[str],
    rows: Iterator[tuple[Value, ...]],
    widths: Sequence[int],
) -> None:
    for column, (title, width) in enumerate(zip(head, widths, strict=True), start=1):
        cell = sheet.cell(1, column, title)
        cell.font = Font(_FONT, bold=True, color="FFFFFF")
        cell.fill = _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[1].height = 2 * _LINE_HEIGHT
    for line, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(line, column, _kept(value))
            side = "center" if isinstance(value, date | int) else None
            cell.alignment = Alignment(side, "top", wrap_text=True)
            cell.border = Border(bottom=_LINE)
            cell.font = Font(_FONT)
        sheet.row_dimensions[line].height = _height(row, widths)
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _height(row: Sequence[Value], widths: Sequence[int]) -> int:
    """Return a height in which the longest text of a row is seen: programs do not ask."""
    lines = (
        sum(len(part) // width + 1 for part in str(value).splitlines() or [""])
        for value, width in zip(row, widths, strict=True)
    )
    return min(max(lines) * _LINE_HEIGHT, 400)


def _kept(value: Value) -> Any:
    return unarmed(value) if isinstance(value, str) else value
