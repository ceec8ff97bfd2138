"""The report as PDF: the file, or how far the work on it is.

A browser does not wait: what is not rendered yet is made in the background, and a page
shows how far it is and leads to the file. Programs, which do not ask for HTML, wait.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from assessment.audit import record
from assessment.http import Request, get_response_for, signed_in
from assessment.models import (
    AuditAction,
    RenderedReport,
    Response,
    Submission,
    WorkStatus,
)
from assessment.permissions import Action
from assessment.queries import is_unsd, latest_submission
from assessment.views.responses import response_context
from reports.http import download, source_for
from reports.kept import content_of, kept_pdf, request_pdf, start_pdf
from reports.sources import name_of

OVER = (WorkStatus.READY, WorkStatus.FAILED)


@require_safe
@signed_in
def report_pdf(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Send the report as PDF in the active language, or lead to where it is made."""
    response, source = source_for(request, iso3, round_code, Action.DOWNLOAD)
    language = get_language() or "en"
    if not shows_pages(request):
        content = kept_pdf(response, source, language=language)
        return _file(request, response, source.number, content)
    row = request_pdf(response, source, language=language)
    kept = content_of(row)
    if kept is None:
        page = redirect("reports:pdf_detail", iso3, round_code, row.pk)
        page["Cache-Control"] = "private, no-store"
        return page
    return _file(request, response, source.number, kept)


def shows_pages(request: Request) -> bool:
    """Return whether a browser asks, which is led to a page and does not wait."""
    accepted = request.headers.get("Accept", "")
    return "text/html" in accepted and "wait" not in request.GET


@require_safe
@signed_in
def pdf_detail(request: Request, iso3: str, round_code: str, pk: int) -> HttpResponse:
    """Show how far the work on a report is, then the download."""
    response, row = _row(request, iso3, round_code, pk)
    context = response_context(request, response) | context_of(row)
    page = render(request, "reports/pdf_detail.html", context)
    page["Cache-Control"] = "private, no-store"
    return page


@require_safe
@signed_in
def pdf_status(request: Request, iso3: str, round_code: str, pk: int) -> JsonResponse:
    """Say how far the work is, for the page that shows it."""
    _response, row = _row(request, iso3, round_code, pk)
    return status_page(row)


def context_of(row: RenderedReport) -> dict[str, object]:
    """Return how far the work on a file is, as templates read it."""
    status = row.status_at(timezone.now())
    return {"row": row, "status": status.value, "is_over": status in OVER}


def status_page(row: RenderedReport) -> JsonResponse:
    """Return how far the work on a file is, as the script of its page reads it."""
    status = row.status_at(timezone.now())
    page = JsonResponse({"status": status, "is_over": status in OVER})
    page["Cache-Control"] = "private, no-store"
    return page


@require_POST
@signed_in
def pdf_restart(request: Request, iso3: str, round_code: str, pk: int) -> HttpResponse:
    """Try again what failed, or whose file is lost."""
    _response, row = _row(request, iso3, round_code, pk)
    start_pdf(row)
    return redirect("reports:pdf_detail", iso3, round_code, pk)


@require_safe
@signed_in
def pdf_download(request: Request, iso3: str, round_code: str, pk: int) -> HttpResponse:
    """Send the file that was waited for; what is lost is rendered again."""
    response, row = _row(request, iso3, round_code, pk)
    content = content_of(row)
    if content is None:
        start_pdf(row)
        return redirect("reports:pdf_detail", iso3, round_code, pk)
    return _file(request, response, row.number, content)


def _row(
    request: Request, iso3: str, round_code: str, pk: int
) -> tuple[Response, RenderedReport]:
    """Return a report of a response that the person may read; 404 otherwise.

    The draft is the country's; a submission is there for who may read it now.
    """
    response = get_response_for(request, iso3, round_code, Action.DOWNLOAD)
    row = RenderedReport.objects.filter(response=response, pk=pk).first()
    if row is None or (row.number is None and is_unsd(request.user, response)):
        raise Http404
    if row.number is not None:
        try:
            latest_submission(response, row.number)
        except Submission.DoesNotExist:
            raise Http404 from None
    return response, row


def _file(
    request: Request, response: Response, number: int | None, content: bytes
) -> HttpResponse:
    name = name_of(response.country.iso3, response.round.code, number, "pdf")
    record(
        AuditAction.DOWNLOAD_REPORT, by=request.user, response=response, subject=name
    )
    return download(content, name, "application/pdf", is_draft=number is None)
