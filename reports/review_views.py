"""The page of review: for people at UNSD only."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment.comment_tasks import said_of
from assessment.forms import MessageForm
from assessment.http import Request, get_response_for, signed_in
from assessment.models import Side, Submission
from assessment.permissions import Action
from assessment.views.responses import response_context
from reports.queries import review_source_for
from reports.review import ReviewFilters, ReviewPage


@require_safe
@signed_in
def review_detail(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show the latest submission question by question, with what to look at."""
    response = get_response_for(
        request, iso3, round_code, Action.REVIEW, sees=Action.REVIEW
    )
    try:
        found = review_source_for(request.user, response)
    except Submission.DoesNotExist:
        raise Http404 from None
    instrument = found.source.instrument
    said = said_of(Side.UNSD, response, instrument, found.threads)
    filters = ReviewFilters.parse(request.GET, instrument)
    page = render(
        request,
        "reports/review_detail.html",
        response_context(request, response)
        | {
            "page": ReviewPage(found, filters),
            "filters": filters,
            "said": said,
            "refusal": None,
            "message_form": MessageForm(is_optional=bool(said.to_return)),
        },
    )
    page["Cache-Control"] = "private, no-cache"
    return page
