"""What every view of a report asks of a request: the record, and how long it is kept."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse

from assessment.http import Request, get_response_for
from assessment.models import PlanEdition, Response, Submission
from assessment.permissions import Action
from reports.queries import report_source_for
from reports.sources import ReportSource


def source_for(
    request: Request, iso3: str, round_code: str, action: Action
) -> tuple[Response, ReportSource]:
    """Return what the person may read a report of; 404 if there is none."""
    response = get_response_for(request, iso3, round_code, action)
    try:
        source = report_source_for(
            request.user,
            response,
            submission=number_asked(request),
            edition=number_asked(request, "plan"),
        )
    except (Submission.DoesNotExist, PlanEdition.DoesNotExist):
        raise Http404 from None
    return response, source


def number_asked(request: Request, name: str = "submission") -> int | None:
    """Return the submission, or `plan` edition, asked for. Raises Http404 if it is none."""
    asked = request.GET.get(name, "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= 4):
        raise Http404
    return int(asked)


def query_of(**parameters: object) -> str:
    """Return a query string of what is not None, or nothing."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"?{urlencode(given)}" if given else ""


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
