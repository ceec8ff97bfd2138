"""The report on the screen, its downloads, and the panel of the hub."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlencode

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
from reports.document import build_document
from reports.downloads import download, number_asked, private, source_for
from reports.live import standing
from reports.published import published_figures
from reports.queries import submission_numbers, under_review
from reports.screen import screen
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
    document = build_document(source, analysis, language=language)
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
            "screen": screen(document, source),
            "source": source,
            "standing": standing(analysis, is_draft=source.is_draft),
            "editions": editions,
            "preview": None if is_older else _preview(response, source, analysis),
            "is_older": is_older,
            "is_open_all": request.GET.get("answers") == "open",
            "open_all": _query(submission=number, answers="open"),
            "close_all": _query(submission=number),
            "query": _query(submission=number),
        },
    )
    return private(page, is_draft=source.is_draft)


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
            url=page + _query(submission=number if index else None),
            is_shown=number == source.number,
        )
        for index, number in enumerate(numbers)
    ]


def _query(**parameters: object) -> str:
    """Return a query string of what is not None, or nothing."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"?{urlencode(given)}" if given else ""
