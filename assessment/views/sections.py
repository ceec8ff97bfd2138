"""The form of one section, and the two ways in to the save service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessment.carried import is_within
from assessment.comment_board import board_for
from assessment.delegation_queries import Territory, holdings_shown, territory_in
from assessment.dissent import DissentLinks, view_counts
from assessment.evidence_queries import ResponseFiles
from assessment.http import Request, get_response_for, signed_in
from assessment.institution_choices import Offered, offered_in
from assessment.live import values_at
from assessment.models import Response, Via
from assessment.parsing import parse_changes, read_body
from assessment.permissions import Action, may
from assessment.queries import Reading, is_unsd, read_for
from assessment.reviewed import ReviewLinks, reviewed_to_show
from assessment.reviewed_page import lines_by_question
from assessment.section_form import SectionForm, confirmed_scope, posted_changes
from assessment.section_page import SectionPage
from assessment.services.answers import (
    Conflict,
    Invalid,
    Outcome,
    Saved,
    save_changes,
)
from assessment.templatetags.assessment_tags import anchor
from assessment.views.live import live_context
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
    territory = _territory(request, response, reading)
    may_edit = may(request.user, Action.EDIT, response) and response.round.is_open
    can_edit = may_edit and any(map(territory.covers_any_of, section.questions))
    conflicts = [o for o in (outcomes or {}).values() if isinstance(o, Conflict)]
    page = SectionPage(
        section,
        reading,
        is_readonly=not can_edit,
        outcomes=outcomes,
        prefilled_year=getattr(response, "prefilled_year", None),
        territory=territory,
        began=values_at(response, {o.address: o.base for o in conflicts}),
        files=ResponseFiles(response, reading.submission),
        comments=board_for(request.user, response),
        review=_review(request, response, reading),
        **_links(request, response),
    )
    sections = reading.instrument.sections
    index = sections.index(section)
    return render(
        request,
        "assessment/section_detail.html",
        response_context(request, response)
        | live_context(request, response, reading, section)
        | {
            "section": section,
            "number": index + 1,
            "sections": sections,
            "previous": sections[index - 1] if index else None,
            "next": sections[index + 1] if index + 1 < len(sections) else None,
            "page": page,
            "form": SectionForm(page),
            "can_edit": can_edit,
            "is_elsewhere": may_edit and not can_edit,
            "offered": offered_in(section, reading, response)
            if can_edit
            else Offered(),
            "is_unsd": is_unsd(request.user, response),
            "submission": reading.submission,
        },
        status=status,
    )


def _territory(request: Request, response: Response, reading: Reading) -> Territory:
    """Return whose part is whose while the country answers, for its own people."""
    instrument = reading.instrument
    is_asked = response.is_editable and response.round.is_open
    if not is_asked or is_unsd(request.user, response):
        return Territory(instrument)
    return territory_in(holdings_shown(response), request.user, response, instrument)


def _links(request: Request, response: Response) -> dict[str, Any]:
    """Return what leads from a question to its history and its differing views."""
    if not may(request.user, Action.READ_LIVE, response):
        return {}
    names = [response.country.iso3, response.round.code]
    may_record = may(request.user, Action.DISSENT, response) and response.round.is_open
    return {
        "history_url": reverse("assessment:history_list", args=names),
        "dissent": DissentLinks(
            reverse("assessment:dissent_list", args=names),
            view_counts(response),
            may_record,
        ),
    }


def _review(request: Request, response: Response, reading: Reading) -> ReviewLinks:
    """Return the reviewed values, and the way to set one for who may. At most one query."""
    names = [response.country.iso3, response.round.code]
    may_set = may(request.user, Action.REVIEW_VALUE, response)
    return ReviewLinks(
        set_url=reverse("assessment:reviewed_set", args=names) if may_set else "",
        lines=lines_by_question(reading, reviewed_to_show(response)),
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
    saved = [o.address for o in outcomes if isinstance(o, Saved) and o.is_new]
    scope = confirmed_scope(request.POST)
    messages.success(request, _saved_words(saved, scope))
    url = _after(request, iso3, round_code, section_code)
    if scope and scope.question:
        place = next((a for a in saved if is_within(a, scope)), scope)
        url += f"#{quote(anchor(place))}"
    return redirect(url)


def _saved_words(saved: list[Address], scope: Address | None) -> str:
    if not saved:
        return _("Nothing had changed: there was nothing to save.")
    if scope is None:
        return _("Saved.")
    confirmed = sum(not scope.question or is_within(a, scope) for a in saved)
    message = ngettext(
        "Saved. %(count)d answer is confirmed.",
        "Saved. %(count)d answers are confirmed.",
        confirmed,
    )
    return message % {"count": confirmed}


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
    changes, via = parse_changes(request, body)

    outcomes = save_changes(
        response=response, changes=changes, by=request.user, via=via
    )

    return JsonResponse({"results": [outcome.as_json() for outcome in outcomes]})
