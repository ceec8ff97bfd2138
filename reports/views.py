"""The report on the screen, its downloads, and the panel of the hub."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from assessment.audit import record
from assessment.clearance_queries import board_of
from assessment.http import Request, signed_in
from assessment.models import AuditAction, Response
from assessment.permissions import Action
from assessment.queries import is_unsd
from assessment.views.clearance import clearance_response_for
from assessment.views.responses import response_context
from reports.analysis import Analysis, analyse
from reports.clearance_sheet import sheet_of
from reports.document import document_of
from reports.document.reader import Reader
from reports.exports.formats import FORMATS
from reports.http import download, number_asked, private, query_of, source_for
from reports.live import standing
from reports.published import published_figures
from reports.queries import submission_numbers, under_review
from reports.screen import ActionFilters, screen
from reports.sources import ReportSource, file_name
from reports.under_review import Preview, preview


@dataclass(frozen=True, slots=True)
class Edition:
    """One record a report can be made of; `number` is None for the live draft."""

    number: int | None
    url: str
    is_shown: bool


@require_safe
@signed_in
def report_detail(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show the gap analysis, each figure with the answers behind it."""
    response, source = source_for(request, iso3, round_code, Action.VIEW)
    analysis = analyse(source.instrument, source.answers)
    language = get_language() or "en"
    reader = Reader.of(source, analysis)
    document = document_of(reader, language=language)
    editions = _editions(request, response, source)
    number = number_asked(request)
    # The questionnaire shows the edition that is read by default.
    is_older = number is not None and not editions[0].is_shown
    page = render(
        request,
        "reports/report_detail.html",
        response_context(request, response)
        | {
            "report": document,
            "screen": screen(
                document,
                reader,
                filters=ActionFilters.parse(request.GET),
                submission=number,
            ),
            "source": source,
            "standing": standing(analysis, is_draft=source.is_draft),
            "editions": editions,
            "preview": None if is_older else _preview(response, source, analysis),
            "is_older": is_older,
            "is_open_all": request.GET.get("answers") == "open",
            "open_all": query_of(submission=number, answers="open"),
            "close_all": query_of(submission=number),
            "query": query_of(submission=number),
        },
    )
    return private(page, is_draft=source.is_draft)


@require_safe
@signed_in
def report_docx(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Send the report as a Word document in the active language."""
    return _export(request, iso3, round_code, "docx")


@require_safe
@signed_in
def report_xlsx(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Send scores, gaps, recommendations and answers as a workbook."""
    return _export(request, iso3, round_code, "xlsx")


@require_safe
@signed_in
def report_csv(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Send the figures as one flat table."""
    return _export(request, iso3, round_code, "csv")


def _export(request: Request, iso3: str, round_code: str, ending: str) -> HttpResponse:
    response, source = source_for(request, iso3, round_code, Action.DOWNLOAD)
    form, name = FORMATS[ending], file_name(source, ending)
    content = form.write(source, get_language() or "en")
    record(
        AuditAction.DOWNLOAD_REPORT, by=request.user, response=response, subject=name
    )
    return download(content, name, form.content_type, is_draft=source.is_draft)


@require_safe
@signed_in
def report_json(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Send the figures as `manage.py analyse --format json` prints them."""
    response, source = source_for(request, iso3, round_code, Action.DOWNLOAD)
    name = file_name(source, "json")
    record(
        AuditAction.DOWNLOAD_REPORT, by=request.user, response=response, subject=name
    )
    figures = published_figures(source)
    content = json.dumps(figures, indent=2, ensure_ascii=False).encode()
    return download(content, name, "application/json", is_draft=source.is_draft)


@require_safe
@signed_in
def report_panel(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show a fragment for the hub: where the response stands now."""
    response, source = source_for(request, iso3, round_code, Action.VIEW)
    analysis = analyse(source.instrument, source.answers)
    page = render(
        request,
        "reports/partials/report_panel.html",
        {
            "round": response.round,
            "country": response.country,
            "standing": standing(analysis, is_draft=source.is_draft),
        },
    )
    return private(page, is_draft=source.is_draft)


@require_safe
@signed_in
def reviewed_panel(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show a fragment: what the reviewed values in force would change; empty for none."""
    response, source = source_for(request, iso3, round_code, Action.VIEW)
    analysis = analyse(source.instrument, source.answers)
    page = render(
        request,
        "reports/partials/reviewed_panel.html",
        {
            "round": response.round,
            "country": response.country,
            "preview": _preview(response, source, analysis),
        },
    )
    return private(page, is_draft=source.is_draft)


def _preview(
    response: Response, source: ReportSource, analysis: Analysis
) -> Preview | None:
    """Return what the review would change by now. At most one query."""
    return preview(analysis, source, under_review(response, source))


@require_safe
@signed_in
def clearance_paper(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show the sheet that is printed and signed: the head's, or an institution's."""
    response, reading = clearance_response_for(request, iso3, round_code)
    board = board_of(response, reading)
    asked = request.GET.get("for", "")
    line = next((line for line in board.expected if line.key == asked), None)
    page = render(
        request,
        "reports/clearance_paper.html",
        response_context(request, response)
        | {
            "board": board,
            "line": line,
            "sheet": sheet_of(reading, line.parts if line else ()),
        },
    )
    page["Cache-Control"] = "private, no-store"
    return page


def _editions(
    request: Request, response: Response, source: ReportSource
) -> list[Edition]:
    """Return what else can be read, what is read by default first. One query."""
    numbers: list[int | None] = [*submission_numbers(response)]
    if response.is_editable and not is_unsd(request.user, response):
        numbers.insert(0, None)
    page = reverse("reports:report_detail", args=[source.iso3, source.round_code])
    return [
        Edition(
            number=number,
            url=page + query_of(submission=number if index else None),
            is_shown=number == source.number,
        )
        for index, number in enumerate(numbers)
    ]
