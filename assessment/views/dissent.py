"""Differing views: the list, recording and withdrawing one, adopting it, printing them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment.dissent import views_of
from assessment.dissent_page import DissentPage, Draft
from assessment.http import (
    Request,
    get_response_for,
    live_response_for,
    signed_in,
)
from assessment.models import DifferingView, Response
from assessment.permissions import Action, may
from assessment.queries import instrument_of, read_for
from assessment.refusals import Malformed
from assessment.section_views import CellView
from assessment.services.answers import Conflict, Saved
from assessment.services.dissent import (
    ViewRefused,
    adopt_view,
    print_views,
    record_view,
    withdraw_view,
)
from assessment.views.responses import response_context
from questionnaire.addresses import Address
from questionnaire.fields import UNTOUCHED, posted_value, shown_value
from questionnaire.instrument import Cell


@require_safe
@signed_in
def dissent_list(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show all differing views, or those on one question with a form for another."""
    response = live_response_for(request, iso3, round_code)
    code = request.GET.get("question", "")
    if code and code not in instrument_of(response).question_by_code:
        raise Http404
    return _page(request, response, code, request.GET.get("cell", ""))


def _page(
    request: Request,
    response: Response,
    code: str,
    asked: str,
    *,
    refusal: ViewRefused | None = None,
) -> HttpResponse:
    reading = read_for(request.user, response)
    views = list(views_of(response))
    is_open = response.round.is_open
    page = DissentPage(
        reading,
        (view for view in views if code in ("", view.question)),
        request.user,
        may_record=is_open and may(request.user, Action.DISSENT, response),
        may_settle=is_open and may(request.user, Action.SETTLE, response),
    )
    draft = None
    if code and page.may_record:
        mine = [v.institution for v in views if v.recorded_by_id == request.user.pk]
        question = reading.instrument.question_by_code[code]
        draft = page.draft(question, asked, mine[-1] if mine else "")
        if refusal is not None:
            cell = reading.instrument.cell(draft.address or Address(""))
            _keep(request, draft, cell, refusal)
    return render(
        request,
        "assessment/dissent_list.html",
        response_context(request, response)
        | {
            "page": page,
            "draft": draft,
            "control": control_html(draft.control) if draft else "",
            "question": reading.instrument.question_by_code.get(code),
        },
        status=refusal.status if refusal else 200,
    )


def control_html(cell: CellView | None) -> SafeString:
    """Return the control of one cell outside of its section; nothing without a cell."""
    if cell is None:
        return mark_safe("")
    html = render_to_string("assessment/control.html", {"cell": cell}, using="jinja2")
    return mark_safe(html)  # noqa: S308  Jinja2 has escaped every value


def _keep(
    request: Request, draft: Draft, cell: Cell | None, refusal: ViewRefused
) -> None:
    """Show what was refused again, as it was sent."""
    draft.errors = refusal.details
    draft.text = request.POST.get("text", "")
    draft.institution = request.POST.get("institution", "")
    if draft.control is not None and cell is not None:
        value = posted_value(cell, request.POST)
        draft.control.value = "" if value is UNTOUCHED else shown_value(value)


@require_POST
@signed_in
def dissent_record(request: Request, iso3: str, round_code: str) -> HttpResponse:
    response = get_response_for(request, iso3, round_code, Action.DISSENT)
    instrument = instrument_of(response)
    name = request.POST.get("cell", "")
    try:
        address = Address.parse(name)
    except ValueError:
        raise Http404 from None
    cell = instrument.cell(address)
    if cell is None:
        raise Http404
    value = posted_value(cell, request.POST)
    try:
        record_view(
            response=response,
            address=address,
            value=None if value is UNTOUCHED else value,
            text=request.POST.get("text", ""),
            institution=request.POST.get("institution", ""),
            by=request.user,
        )
    except ViewRefused as refusal:
        return _page(request, response, address.question, name, refusal=refusal)
    messages.success(
        request, _("The view is recorded. The national answer stays as it is.")
    )
    return _back(response, address.question)


@require_POST
@signed_in
def dissent_withdraw(
    request: Request, iso3: str, round_code: str, view_id: int
) -> HttpResponse:
    response = get_response_for(request, iso3, round_code, Action.DISSENT)
    view = _view(response, view_id)
    withdraw_view(response=response, view=view, by=request.user)
    messages.success(request, _("The view is withdrawn."))
    return _back(response, view.question)


@require_POST
@signed_in
def dissent_adopt(
    request: Request, iso3: str, round_code: str, view_id: int
) -> HttpResponse:
    response = get_response_for(request, iso3, round_code, Action.SETTLE)
    view = _view(response, view_id)
    base = request.POST.get("base", "")
    if not base.isdecimal() or len(base) > 9:
        raise Malformed(_("The form arrived incomplete; nothing was changed."))
    outcome = adopt_view(response=response, view=view, base=int(base), by=request.user)
    if isinstance(outcome, Saved):
        messages.success(
            request, _("This is the national answer now. The views stay attached.")
        )
    elif isinstance(outcome, Conflict):
        message = _(
            "%(person)s changed the national answer meanwhile. Nothing was adopted: "
            "look at it first."
        )
        messages.warning(request, message % {"person": outcome.by})
    else:
        messages.error(request, " ".join(outcome.errors))
    return _back(response, view.question)


@require_POST
@signed_in
def dissent_print(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Switch the printing of views in the report's annex on or off."""
    response = get_response_for(request, iso3, round_code, Action.SETTLE)
    is_printed = request.POST.get("printed") == "yes"
    print_views(response=response, is_printed=is_printed, by=request.user)
    messages.success(
        request,
        _("The report's annex prints the differing views.")
        if is_printed
        else _("The report prints no differing views."),
    )
    return _back(response)


def _view(response: Response, view_id: int) -> DifferingView:
    return get_object_or_404(DifferingView, pk=view_id, response=response.pk)


def _back(response: Response, question: str = "") -> HttpResponse:
    arguments = [response.country.iso3, response.round.code]
    url = reverse("assessment:dissent_list", args=arguments)
    return redirect(f"{url}?question={question}" if question else url)
