"""The synthesis of a region as PDF: the file, or how far the work on it is.

As the report of a country it is rendered once and kept by what it prints, and a browser
waits on a page, not in a request (docs/adr/0012).
"""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from assessment.audit import record
from assessment.http import Request, signed_in
from assessment.models import AuditAction, RenderedReport, Round
from assessment.views.rounds import followed_round, round_context
from reports.compare.stages import region_called
from reports.compare.synthesis_pdf import topic_of
from reports.http import download
from reports.kept import content_of, kept_synthesis, request_synthesis, start_pdf
from reports.pdf_views import context_of, shows_pages, status_page


@require_safe
@signed_in
def round_synthesis(request: Request, round_code: str) -> HttpResponse:
    """Send the synthesis of a region, or of all if none is asked for, or lead to it."""
    round_ = followed_round(request, round_code)
    asked = request.GET.get("region", "")
    region = region_called(slugify(asked)) if asked else ""
    if region is None:
        raise Http404
    topic = topic_of(round_, region)
    language = get_language() or "en"
    if not shows_pages(request):
        content = kept_synthesis(round_, topic, language=language)
        return _file(request, round_, region, content)
    row = request_synthesis(round_, topic, language=language)
    kept = content_of(row)
    if kept is None:
        page = redirect("reports:synthesis_detail", round_code, row.pk)
        page["Cache-Control"] = "private, no-store"
        return page
    return _file(request, round_, region, kept)


@require_safe
@signed_in
def synthesis_detail(request: Request, round_code: str, pk: int) -> HttpResponse:
    """Show how far the work on a synthesis is, then the download."""
    round_, row = _row(request, round_code, pk)
    context = round_context(request, round_) | context_of(row)
    page = render(request, "reports/synthesis_detail.html", context)
    page["Cache-Control"] = "private, no-store"
    return page


@require_safe
@signed_in
def synthesis_status(request: Request, round_code: str, pk: int) -> JsonResponse:
    """Say how far the work is, for the page that shows it."""
    _round, row = _row(request, round_code, pk)
    return status_page(row)


@require_POST
@signed_in
def synthesis_restart(request: Request, round_code: str, pk: int) -> HttpResponse:
    """Try again what failed, or whose file is lost."""
    _round, row = _row(request, round_code, pk)
    start_pdf(row)
    return redirect("reports:synthesis_detail", round_code, pk)


@require_safe
@signed_in
def synthesis_download(request: Request, round_code: str, pk: int) -> HttpResponse:
    """Send the file that was waited for; what is lost is rendered again."""
    round_, row = _row(request, round_code, pk)
    content = content_of(row)
    if content is None:
        start_pdf(row)
        return redirect("reports:synthesis_detail", round_code, pk)
    return _file(request, round_, row.region, content)


def _row(request: Request, round_code: str, pk: int) -> tuple[Round, RenderedReport]:
    """Return a synthesis of a round for those who follow rounds; 404 otherwise."""
    round_ = followed_round(request, round_code)
    row = RenderedReport.objects.filter(round=round_, pk=pk).first()
    if row is None:
        raise Http404
    return round_, row


def _file(request: Request, round_: Round, region: str, content: bytes) -> HttpResponse:
    place = slugify(region) or "all-regions"
    name = f"migration-data-capacity-synthesis-{place}-{round_.code}.pdf"
    record(AuditAction.DOWNLOAD_REPORT, by=request.user, round_=round_, subject=name)
    return download(content, name, "application/pdf", is_draft=False)
