"""What views of reports have in common: which record is read, and how it is sent."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from assessment.http import Request, get_response_for
from assessment.models import Response, Submission
from assessment.permissions import Action
from reports.queries import report_source_for
from reports.sources import ReportSource


def source_for(
    request: Request, iso3: str, round_code: str, action: Action
) -> tuple[Response, ReportSource]:
    """Return what the person may read a report of; 404 if there is none."""
    response = get_response_for(request, iso3, round_code, action)
    number = number_asked(request)
    try:
        source = report_source_for(request.user, response, submission=number)
    except Submission.DoesNotExist:
        raise Http404 from None
    return response, source


def number_asked(request: Request) -> int | None:
    """Return the submission asked for. Raises Http404 if it can be none."""
    asked = request.GET.get("submission", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= 4):
        raise Http404
    return int(asked)


def download(
    content: bytes, name: str, content_type: str, *, is_draft: bool
) -> HttpResponse:
    page = HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    return private(page, is_draft=is_draft)


def private(page: HttpResponse, *, is_draft: bool) -> HttpResponse:
    """Keep a draft nowhere, and what was submitted only with the person who read it."""
    page["Cache-Control"] = "private, no-store" if is_draft else "private, no-cache"
    return page
