"""The forms in which a report is handed out: what writes each, and what it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assessment.spreadsheets import XLSX
from reports.exports.table import render_csv
from reports.exports.workbook import render_xlsx
from reports.pdf import render_pdf
from reports.sources import ReportSource


@dataclass(frozen=True, slots=True)
class Format:
    """`write` returns the file of a source; its name ends in `ending`."""

    ending: str
    content_type: str
    write: Callable[[ReportSource, str], bytes]


def _pdf(source: ReportSource, language: str) -> bytes:
    return render_pdf(source, language=language)


def _docx(source: ReportSource, language: str) -> bytes:
    from reports.exports.word import render_docx  # python-docx takes a while to load

    return render_docx(source, language=language)


def _xlsx(source: ReportSource, language: str) -> bytes:
    return render_xlsx(source, language=language)


def _csv(source: ReportSource, _language: str) -> bytes:
    return render_csv(source)


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS = {
    one.ending: one
    for one in (
        Format("pdf", "application/pdf", _pdf),
        Format("docx", DOCX, _docx),
        Format("xlsx", XLSX, _xlsx),
        Format("csv", "text/csv; charset=utf-8", _csv),
    )
}
