"""The page on which answers are tried out: what the figures would be, nothing saved."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assessment.http import Request, signed_in
from assessment.permissions import Action
from assessment.views.responses import response_context
from reports.http import number_asked, private, query_of, source_for
from reports.sources import ReportSource
from reports.what_if import Trial, UnknownPlace, compare, read_form, read_link
from reports.what_if.page import WhatIfPage
from reports.what_if.trial import BEST, LONGEST_QUERY


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def what_if(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show what changed answers would move; a form leads to an address that says them.

    Nothing is written, whatever the method: the answers are those of the report that
    the person may read, the changes those that came with the request.
    """
    response, source = source_for(request, iso3, round_code, Action.VIEW)
    trial = _trial(request, source)
    number = number_asked(request)
    names = [source.iso3, source.round_code]
    url = reverse("reports:what_if", args=names)
    query = trial.query(submission=number)
    is_complete = request.method != "POST" and BEST not in request.GET
    is_said = bool(trial.refused or trial.ignored)
    if not (is_complete or is_said or _is_too_long(query)):
        return private(redirect(url + query), is_draft=source.is_draft)
    report = reverse("reports:report_detail", args=names)
    page = render(
        request,
        "reports/what_if.html",
        response_context(request, response)
        | {
            "trial": trial,
            "page": WhatIfPage(trial),
            "differences": compare(trial),
            "form_url": url + query_of(submission=number),
            "report_url": report + query_of(submission=number),
            "is_unlinkable": _is_too_long(query),
        },
        status=422 if trial.refused else 200,
    )
    return private(page, is_draft=source.is_draft)


def _trial(request: Request, source: ReportSource) -> Trial:
    """Return what the form or the address says. Raises Http404 for a form of no page."""
    try:
        if request.method == "POST":
            return read_form(source, request.POST)
        return read_link(source, request.GET)
    except UnknownPlace:
        raise Http404 from None


def _is_too_long(query: str) -> bool:
    """Whether an address with this query is one that servers may refuse."""
    return len(query) > LONGEST_QUERY
