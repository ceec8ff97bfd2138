"""Tables for spreadsheet programs: CSV and XLSX, of which no text becomes a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

# A spreadsheet takes a cell that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Cell = str | int | float | datetime | None


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
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, title) for title in head])
    for row in rows:
        sheet.append([_kept(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return _download(content.getvalue(), f"{name}.xlsx", XLSX)


def _bold(sheet: object, title: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=title)
    cell.font = Font(bold=True)
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
