"""The audit trail for administrators, and its exports (docs/audit_export.md)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessment.audit import record
from assessment.history import PAGE_SIZE, Cursor
from assessment.history_form import encoded
from assessment.http import Request, require, signed_in
from assessment.models import AuditAction
from assessment.permissions import GlobalAction
from assessment.spreadsheets import unarmed
from assessment.trail import Entry, entries
from assessment.trail_form import TrailForm
from assessment.views.history import BOM

COLUMNS = (
    "moment", "person", "email", "action", "subject", "country", "round", "detail",
    "address", "request",
)  # fmt: skip


@require_safe
@signed_in
def audit_list(request: Request) -> HttpResponse:
    """Show who did what and when, anywhere."""
    require(request, GlobalAction.READ_AUDIT)
    form = TrailForm(request.GET)
    after = Cursor.parse(request.GET.get("before", ""))
    found = list(entries(form.filters, after=after, limit=PAGE_SIZE + 1))
    shown, asked = found[:PAGE_SIZE], form.address
    older = ""
    if len(found) > PAGE_SIZE:
        cursor = encoded({"before": str(shown[-1].cursor)})
        older = _url("audit_list", f"{asked}&{cursor}" if asked else cursor)
    return render(
        request,
        "assessment/audit_list.html",
        {
            "form": form,
            "entries": shown,
            "older_url": older,
            "newest_url": _url("audit_list", asked) if after else "",
            "list_url": _url("audit_list"),
            "export_url": _url("audit_csv", asked),
            "lines_url": _url("audit_jsonl", asked),
        },
    )


@require_safe
@signed_in
def audit_csv(request: Request) -> StreamingHttpResponse:
    """Send the filtered trail as CSV, row by row."""
    found = _found(request, "audit.csv")
    return _download(_csv_lines(found), "audit.csv", "text/csv; charset=utf-8")


@require_safe
@signed_in
def audit_jsonl(request: Request) -> StreamingHttpResponse:
    """Send the filtered trail as JSON, one object a line."""
    found = _found(request, "audit.jsonl")
    lines = (_json(_object(entry)) + "\n" for entry in found)
    return _download(lines, "audit.jsonl", "application/x-ndjson; charset=utf-8")


def _found(request: Request, name: str) -> Iterator[Entry]:
    """Return all that the filters leave; that it was asked for is recorded first."""
    require(request, GlobalAction.READ_AUDIT)
    form = TrailForm(request.GET)
    asked = form.address if form.is_filtering else ""
    record(AuditAction.DOWNLOAD_AUDIT, by=request.user, subject=name, filters=asked)
    return entries(form.filters, limit=None)


def _url(name: str, query: str = "") -> str:
    url = reverse(f"assessment:{name}")
    return f"{url}?{query}" if query else url


def _download(
    lines: Iterator[str], name: str, content_type: str
) -> StreamingHttpResponse:
    page = StreamingHttpResponse(lines, content_type=content_type)
    page["Content-Disposition"] = f'attachment; filename="{name}"'
    page["Cache-Control"] = "private, no-store"
    return page


class _Line:
    """Takes what csv writes and hands it on."""

    def write(self, text: str) -> str:
        return text


def _csv_lines(found: Iterator[Entry]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield BOM + writer.writerow(COLUMNS)
    yield from map(writer.writerow, map(_row, found))


def _row(entry: Entry) -> list[str]:
    detail = _json(entry.detail) if entry.detail else ""
    texts = [
        entry.by, entry.email, entry.action, entry.subject, entry.iso3, entry.round_code,
        detail, entry.ip, entry.request_id,
    ]  # fmt: skip
    return [_moment(entry), *map(unarmed, texts)]


def _object(entry: Entry) -> dict[str, object]:
    return {
        "moment": _moment(entry),
        "person": entry.by,
        "email": entry.email,
        "action": entry.action,
        "subject": entry.subject,
        "country": entry.iso3,
        "round": entry.round_code,
        "detail": entry.detail,
        "address": entry.ip or None,
        "request": entry.request_id or None,
    }


def _json(value: object) -> str:
    """Return JSON, the same from every database: PostgreSQL keeps no order of keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _moment(entry: Entry) -> str:
    return entry.at.isoformat(timespec="microseconds").replace("+00:00", "Z")
