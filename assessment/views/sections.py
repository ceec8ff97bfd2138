"""The form of one section, and the two ways in to the save service."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessment.evidence_queries import ResponseFiles
from assessment.http import Request, get_response_for, signed_in
from assessment.institution_choices import Offered, offered_in
from assessment.models import Response, Via
from assessment.parsing import parse_changes, read_body
from assessment.permissions import Action, may
from assessment.queries import Reading, is_unsd, read_for
from assessment.section_form import SectionForm, posted_changes
from assessment.section_page import SectionPage
from assessment.services.answers import (
    Conflict,
    Invalid,
    Outcome,
    Saved,
    save_changes,
)
from assessment.views.responses import response_context
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Section


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def section_detail(
    request: Request, iso3: str, round_code: str, section_code: str
) -> HttpResponse:
    """One section: its questions to answer, or to read where answering is not possible."""
    if request.method == "POST":
        return _section_save(request, iso3, round_code, section_code)
    response = get_response_for(request, iso3, round_code)
    reading = read_for(request.user, response)
    section = _section(reading.instrument, section_code)
    return _section_page(request, response, reading, section)


def _section(instrument: Instrument, code: str) -> Section:
    section = instrument.section_by_code.get(code.upper())
    if section is None:
        raise Http404
    return section


def _section_page(
    request: Request,
    response: Response,
    reading: Reading,
    section: Section,
    *,
    outcomes: Mapping[Address, Outcome] | None = None,
    status: int = 200,
) -> HttpResponse:
    can_edit = may(request.user, Action.EDIT, response) and response.round.is_open
    page = SectionPage(
        section,
        reading,
        is_readonly=not can_edit,
        outcomes=outcomes,
        files=ResponseFiles(response, reading.submission),
    )
    sections = reading.instrument.sections
    index = sections.index(section)
    return render(
        request,
        "assessment/section_detail.html",
        response_context(request, response)
        | {
            "section": section,
            "number": index + 1,
            "sections": sections,
            "previous": sections[index - 1] if index else None,
            "next": sections[index + 1] if index + 1 < len(sections) else None,
            "page": page,
            "form": SectionForm(page),
            "can_edit": can_edit,
            "offered": offered_in(section, reading, response)
            if can_edit
            else Offered(),
            "is_unsd": is_unsd(request.user, response),
            "submission": reading.submission,
        },
        status=status,
    )


def _section_save(
    request: Request, iso3: str, round_code: str, section_code: str
) -> HttpResponse:
    response = get_response_for(request, iso3, round_code, Action.EDIT)
    reading = read_for(request.user, response)
    section = _section(reading.instrument, section_code)
    changes = list(posted_changes(request.POST, response, reading))

    outcomes = save_changes(
        response=response, changes=changes, by=request.user, via=Via.FORM
    )

    refused = {o.address: o for o in outcomes if isinstance(o, (Invalid, Conflict))}
    if refused:
        fresh = read_for(request.user, response)
        return _section_page(
            request, response, fresh, section, outcomes=refused, status=422
        )
    saved = sum(isinstance(o, Saved) and o.is_new for o in outcomes)
    messages.success(
        request,
        _("Saved.") if saved else _("Nothing had changed: there was nothing to save."),
    )
    return redirect(_after(request, iso3, round_code, section_code))


def _after(request: Request, iso3: str, round_code: str, section_code: str) -> str:
    code = request.POST.get("_next") or section_code
    if code == "hub":
        return reverse("assessment:response_detail", args=[iso3, round_code])
    try:
        return reverse("assessment:section_detail", args=[iso3, round_code, code])
    except NoReverseMatch:
        raise Http404 from None


@require_POST
@signed_in
def answers_save(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Save a batch of changes sent as JSON (contracts: saving)."""
    body = read_body(request)
    response = get_response_for(request, iso3, round_code, Action.EDIT, to_save=True)
    changes = parse_changes(request, body)

    outcomes = save_changes(
        response=response, changes=changes, by=request.user, via=Via.PAGE
    )

    return JsonResponse({"results": [outcome.as_json() for outcome in outcomes]})
