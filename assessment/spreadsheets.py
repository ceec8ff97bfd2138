"""Tables for spreadsheet programs: CSV and XLSX, of which no text becomes a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

# A spreadsheet takes a cell that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Cell = str | int | float | date | datetime | None

_HEAD_FILL = PatternFill("solid", start_color="E3EBF3")
_HEAD_FONT = Font(name="Calibri", size=11, bold=True)
_LINE_HEIGHT, _MOST_LINES = 15.0, 12
_LETTERS = 1.12  # to the width of a digit, on average
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_TOP = Alignment(vertical="top")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_SHEET_NAME_LENGTH = 31


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `widths` in letters; with `decimals` numbers are shown so, kept whole."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[float] = ()
    decimals: int | None = None
    has_filter: bool = False
    wraps: bool = False


def printable(text: str) -> str:
    """Return `text` without the control characters that no XML document may hold."""
    return _UNPRINTABLE.sub("", text)


def unarmed(text: str) -> str:
    """Return `text` such that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_page(
    name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Return a CSV download in UTF-8 with a mark, so that spreadsheets see it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    content = text.getvalue().encode("utf-8-sig")
    return _download(content, f"{name}.csv", "text/csv; charset=utf-8")


def xlsx_page(
    name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Return an XLSX download; numbers and moments (in UTC) are such in the sheet."""
    return _download(workbook([Sheet(name, head, rows)]), f"{name}.xlsx", XLSX)


def workbook(
    sheets: Iterable[Sheet], *, is_rtl: bool = False, title: str = "", author: str = ""
) -> bytes:
    """Return an XLSX file; `is_rtl` begins its sheets at the right."""
    book = Workbook(write_only=True)
    book.properties.title = printable(title) or None
    book.properties.creator = printable(author) or None
    for given in sheets:
        sheet = book.create_sheet(_SHEET_NAME.sub(" ", given.name)[:_SHEET_NAME_LENGTH])
        sheet.freeze_panes = "A2"
        sheet.sheet_view.rightToLeft = is_rtl
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight = (
            0  # as many pages as it takes, each as wide as all
        )
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_title_rows = "1:1"
        for index, width in enumerate(given.widths, start=1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        rows = list(given.rows)
        for index, row in enumerate((given.head, *rows), start=1):
            if given.wraps:
                sheet.row_dimensions[index].height = _height(row, given.widths)
        sheet.append([_bold(sheet, title) for title in given.head])
        for row in rows:
            sheet.append([_shown(sheet, given, cell) for cell in row])
        if given.has_filter:
            last = get_column_letter(len(given.head))
            sheet.auto_filter.ref = f"A1:{last}{len(rows) + 1}"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _height(row: Sequence[Cell], widths: Sequence[float]) -> float:
    """Return how high a row must be for its texts to be read, in points, to a limit.

    Not every program finds it out by itself.
    """
    lines = [
        sum(max(1, ceil(len(line) / (_LETTERS * width))) for line in cell.split("\n"))
        for cell, width in zip(row, widths, strict=True)
        if isinstance(cell, str)
    ]
    return _LINE_HEIGHT * min(max(lines, default=1), _MOST_LINES)


def _bold(sheet: object, title: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=unarmed(printable(title)))
    cell.font = _HEAD_FONT
    cell.fill = _HEAD_FILL
    cell.alignment = _WRAPPED
    return cell


def _shown(sheet: object, given: Sheet, value: Cell) -> Cell | WriteOnlyCell:
    """Return a cell as the sheet shows it; a plain value where nothing is said of it."""
    kept = _kept(value)
    is_figure = given.decimals is not None and isinstance(kept, float)
    if not is_figure and not given.wraps:
        return kept
    cell = WriteOnlyCell(sheet, value=kept)
    if is_figure:
        cell.number_format = f"0.{'0' * (given.decimals or 0)}"
    cell.alignment = _WRAPPED if isinstance(kept, str) else _TOP
    return cell


def _written(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds").replace("+00:00", "Z")
    return "" if cell is None else unarmed(cell) if isinstance(cell, str) else str(cell)


def _kept(cell: Cell) -> Cell:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None, microsecond=0)  # a sheet knows no time zones
    return unarmed(printable(cell)) if isinstance(cell, str) else cell


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    page = HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    page["Cache-Control"] = "private, no-store"
    return page
