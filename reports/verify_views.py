"""The page on which the hash of a printed report is looked up."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment.http import Request, signed_in
from reports.record_check import LONGEST, SHORTEST, check_record, parse_hash

_LONGEST_ASKED = 200


@require_safe
@signed_in
def record_verify(request: Request) -> HttpResponse:
    """Say which record a hash belongs to and whether it is intact.

    What the person may not read and what does not exist get the same answer.
    """
    asked = request.GET.get("hash", "").strip()[:_LONGEST_ASKED]
    beginning = parse_hash(asked)
    page = render(
        request,
        "reports/record_verify.html",
        {
            "asked": asked,
            "is_hash": beginning is not None,
            "found": check_record(request.user, beginning) if beginning else None,
            "shortest": SHORTEST,
            "longest": LONGEST,
        },
    )
    page["Cache-Control"] = "private, no-store"
    return page
