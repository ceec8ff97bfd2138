"""Reviewed values: the list, and setting or withdrawing one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessment.http import Request, get_response_for, signed_in
from assessment.models import Response, ReviewedValue
from assessment.permissions import Action
from assessment.queries import instrument_of, read_for
from assessment.reviewed import reviewed_values_of
from assessment.reviewed_page import Draft, ReviewedPage
from assessment.services.reviewed import (
    ReviewedRefused,
    set_reviewed_value,
    withdraw_reviewed_value,
)
from assessment.views.dissent import control_html
from assessment.views.responses import response_context
from questionnaire.addresses import Address
from questionnaire.fields import UNTOUCHED, posted_value, shown_value
from questionnaire.instrument import Cell, Question


@require_safe
@signed_in
def reviewed_list(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show the reviewed values of a response to both sides."""
    response = get_response_for(request, iso3, round_code)
    page = ReviewedPage(read_for(request.user, response), reviewed_values_of(response))
    return render(
        request,
        "assessment/reviewed_list.html",
        response_context(request, response) | {"page": page},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reviewed_set(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show the form of one cell, or the cells of a question to choose from; set a value."""
    response = get_response_for(request, iso3, round_code, Action.REVIEW_VALUE)
    if request.method == "POST":
        return _set(request, response)
    return _form(request, response, request.GET.get("cell", ""))


def _form(
    request: Request,
    response: Response,
    asked: str,
    refusal: ReviewedRefused | None = None,
) -> HttpResponse:
    question = _question(response, asked)
    reading = read_for(request.user, response)
    page = ReviewedPage(reading, reviewed_values_of(response))
    draft = page.draft(question, asked)
    if refusal is not None:
        _keep(request, draft, reading.instrument.cell(Address.parse(asked)), refusal)
    return render(
        request,
        "assessment/reviewed_set.html",
        response_context(request, response)
        | {
            "draft": draft,
            "question": question,
            "control": control_html(draft.control),
        },
        status=refusal.status if refusal else 200,
    )


def _set(request: Request, response: Response) -> HttpResponse:
    asked = request.POST.get("cell", "")
    question = _question(response, asked)
    address = Address.parse(asked)
    cell = instrument_of(response).cell(address)
    if cell is None:
        raise Http404
    value = posted_value(cell, request.POST)
    try:
        if value is UNTOUCHED:
            raise ReviewedRefused(_("Give the reviewed value."))
        reviewed = set_reviewed_value(
            response=response,
            address=address,
            value=value,
            reason=request.POST.get("reason", ""),
            by=request.user,
        )
    except ReviewedRefused as refusal:
        return _form(request, response, asked, refusal)
    messages.success(
        request,
        _(
            "The reviewed value is set beside the answer to %(question)s. The country "
            "reads it with your reason."
        )
        % {"question": question.short},
    )
    return _back(response, f"#reviewed-{reviewed.pk}")


@require_POST
@signed_in
def reviewed_withdraw(
    request: Request, iso3: str, round_code: str, reviewed_id: int
) -> HttpResponse:
    response = get_response_for(request, iso3, round_code, Action.REVIEW_VALUE)
    reviewed = get_object_or_404(ReviewedValue, pk=reviewed_id, response=response.pk)
    withdraw_reviewed_value(response=response, reviewed=reviewed, by=request.user)
    messages.success(request, _("The reviewed value is withdrawn: the answer counts."))
    return _back(response)


def _question(response: Response, asked: str) -> Question:
    """Return the question of a cell, or the one named. Raises Http404 for any other text."""
    try:
        code = Address.parse(asked).question
    except ValueError:
        raise Http404 from None
    question = instrument_of(response).question_by_code.get(code)
    if question is None:
        raise Http404
    return question


def _keep(
    request: Request, draft: Draft, cell: Cell | None, refusal: ReviewedRefused
) -> None:
    """Show what was refused again, as it was sent."""
    draft.errors = refusal.details
    draft.reason = request.POST.get("reason", "")
    if draft.control is not None and cell is not None:
        value = posted_value(cell, request.POST)
        draft.control.value = "" if value is UNTOUCHED else shown_value(value)


def _back(response: Response, fragment: str = "") -> HttpResponse:
    names = [response.country.iso3, response.round.code]
    return redirect(reverse("assessment:reviewed_list", args=names) + fragment)
