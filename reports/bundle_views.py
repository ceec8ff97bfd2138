"""Reports of many countries as one ZIP: asking, following, downloading.

A bundle is there for the person who asked for it only: what they may read is in it.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessment.audit import record
from assessment.dashboard import Filters, chosen, round_lines
from assessment.http import Request, signed_in
from assessment.models import AuditAction, BundledReport, ReportBundle, Round
from assessment.views.rounds import followed_round, round_context
from reports.bundles import request_bundle, restart_bundle

Status, Outcome = ReportBundle.Status, BundledReport.Outcome
OVER = (Status.READY, Status.FAILED)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def bundle_list(request: Request, round_code: str) -> HttpResponse:
    """List what I asked for in a round; a POST asks for what is ticked or shown."""
    round_ = followed_round(request, round_code)
    if request.method == "POST":
        return _request(request, round_)
    now = timezone.now()
    found = _mine(request, round_)
    return render(
        request,
        "reports/bundle_list.html",
        round_context(request, round_)
        | {
            "bundles": [(bundle, bundle.status_at(now)) for bundle in found],
            "now": now,
        },
    )


def _request(request: Request, round_: Round) -> HttpResponse:
    filters = Filters.parse(request.GET)
    lines = chosen(
        round_lines(round_, request.user), filters, request.user, request.POST
    )
    if not lines:
        messages.error(request, _("Tick at least one country first."))
        page = redirect("assessment:round_detail", round_.code)
        page["Location"] += filters.query()
        return page
    bundle = request_bundle(
        round_=round_,
        responses=[line.response for line in lines],
        language=get_language() or "en",
        by=request.user,
    )
    return redirect("reports:bundle_detail", round_.code, bundle.pk)


def _mine(request: Request, round_: Round) -> Any:
    return (
        ReportBundle.objects.filter(round=round_, requested_by=request.user)
        .annotate(
            total=Count("reports"),
            done=Count("reports", filter=~Q(reports__outcome=Outcome.WAITING)),
            included=Count("reports", filter=Q(reports__outcome=Outcome.DONE)),
        )
        .order_by("-requested_at", "-pk")
    )


def _bundle(request: Request, round_: Round, pk: int) -> Any:
    bundle = _mine(request, round_).filter(pk=pk).first()
    if bundle is None:
        raise Http404
    return bundle


@require_safe
@signed_in
def bundle_detail(request: Request, round_code: str, pk: int) -> HttpResponse:
    """Show how far the work is, then the download and what is not in it."""
    round_ = followed_round(request, round_code)
    bundle, now = _bundle(request, round_, pk), timezone.now()
    status = bundle.status_at(now)
    missing = bundle.reports.filter(outcome__in=[Outcome.LEFT_OUT, Outcome.FAILED])
    return render(
        request,
        "reports/bundle_detail.html",
        round_context(request, round_)
        | {
            "bundle": bundle,
            "status": status.value,
            "is_over": status in OVER,
            "is_expired": bundle.is_expired(now),
            "missing": missing.select_related("response__country"),
        },
    )


@require_safe
@signed_in
def bundle_status(request: Request, round_code: str, pk: int) -> JsonResponse:
    """Say how far the work is, for the page that shows it."""
    bundle = _bundle(request, followed_round(request, round_code), pk)
    status = bundle.status_at(timezone.now())
    page = JsonResponse(
        {
            "status": status,
            "done": bundle.done,
            "total": bundle.total,
            "is_over": status in OVER,
        }
    )
    page["Cache-Control"] = "private, no-store"
    return page


@require_POST
@signed_in
def bundle_restart(request: Request, round_code: str, pk: int) -> HttpResponse:
    round_ = followed_round(request, round_code)
    restart_bundle(bundle=_bundle(request, round_, pk), by=request.user)
    return redirect("reports:bundle_detail", round_.code, pk)


@require_safe
@signed_in
def bundle_download(request: Request, round_code: str, pk: int) -> FileResponse:
    """Send the file, while it is kept."""
    round_ = followed_round(request, round_code)
    bundle, now = _bundle(request, round_, pk), timezone.now()
    if bundle.status_at(now) != Status.READY or bundle.is_expired(now):
        raise Http404
    try:
        content = bundle.file.open("rb")
    except (ValueError, FileNotFoundError):
        raise Http404 from None
    record(
        AuditAction.DOWNLOAD_BUNDLE,
        by=request.user,
        round_=round_,
        number=bundle.included,
    )
    name = f"reports_{round_.code}_{bundle.requested_at:%Y-%m-%d}_{bundle.pk}.zip"
    page = FileResponse(
        content, as_attachment=True, filename=name, content_type="application/zip"
    )
    page["Cache-Control"] = "private, no-store"
    return page
