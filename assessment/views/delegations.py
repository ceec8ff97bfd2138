"""The page of delegations, and what is done with one of them."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessment.delegation_forms import DelegationForm, HandBackForm, ModeForm
from assessment.delegation_page import left_over, lines_of, picks, without_part
from assessment.delegation_queries import delegations_of, is_delegated
from assessment.http import Request, get_response_for, signed_in
from assessment.models import Delegation, Membership, Response, Team, User
from assessment.models.delegations import today
from assessment.navigation import TEAM_PAGES, tabs
from assessment.permissions import Action
from assessment.queries import Reading, held_answers, instrument_of
from assessment.refusals import NotReady
from assessment.services.delegations import (
    delegate,
    finish_delegation,
    hand_back_delegation,
    nudge_delegate,
    reopen_delegation,
    set_team_mode,
    withdraw_delegation,
)
from assessment.views.responses import response_context

USUAL_TIME = datetime.timedelta(days=14)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def delegation_list(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show who has which part, and delegate another."""
    if request.method == "POST":
        return _delegate(request, iso3, round_code)
    response = get_response_for(
        request, iso3, round_code, Action.INVITE, sees=Action.SEE_TEAM
    )
    members = _members(response)
    form = DelegationForm(
        initial=_initial(request, response),
        instrument=instrument_of(response),
        members=[member.user for member in members],
    )
    return _list_page(request, response, members, form)


def _delegate(request: Request, iso3: str, round_code: str) -> HttpResponse:
    response = get_response_for(
        request, iso3, round_code, Action.DELEGATE, sees=Action.SEE_TEAM
    )
    members = _members(response)
    form = DelegationForm(
        request.POST,
        instrument=instrument_of(response),
        members=[member.user for member in members],
    )
    if form.is_valid():
        replaced = form.cleaned_data["replaces"]
        replaces = (
            get_object_or_404(response.delegations, pk=replaced) if replaced else None
        )
        try:
            made = delegate(
                response=response,
                parts=form.cleaned_data["parts"],
                by=request.user,
                user=form.user,
                email=form.cleaned_data["email"],
                due_on=form.cleaned_data["due_on"],
                message=form.cleaned_data["message"],
                replaces=replaces,
            )
        except NotReady as refusal:
            form.add_error(None, refusal.message)
        else:
            words = _("Delegated to %(person)s, who is told by e-mail.")
            messages.success(request, words % {"person": made.user or made.email})
            return redirect("assessment:delegation_list", iso3, round_code)
    return _list_page(request, response, members, form, status=422)


def _members(response: Response) -> list[Membership]:
    """Return who can be given a part, by name. One query."""
    return list(
        Membership.objects.filter(
            country=response.country_id,
            is_active=True,
            user__is_active=True,
            role__in=[Membership.Role.CONTRIBUTOR, Membership.Role.COORDINATOR],
        )
        .select_related("user")
        .order_by("user__name", "pk")
    )


def _initial(request: Request, response: Response) -> dict[str, Any]:
    """Return what the form begins with: an old delegation, or a part that was clicked."""
    usual = max(today(), min(response.round.closes_on, today() + USUAL_TIME))
    initial: dict[str, Any] = {
        "due_on": usual,
        "parts": request.GET.getlist("part"),
    }
    replaced = request.GET.get("replaces", "")
    if not replaced.isdecimal() or len(replaced) > 18:
        return initial
    old = response.delegations.filter(pk=int(replaced), ended_at=None).first()
    if old is None:
        return initial
    return initial | {
        "parts": old.parts,
        "due_on": max(old.due_on, today()),
        "message": old.message,
        "replaces": old.pk,
    }


def _list_page(
    request: Request,
    response: Response,
    members: list[Membership],
    form: DelegationForm,
    *,
    status: int = 200,
) -> HttpResponse:
    reading = Reading(instrument_of(response), held_answers(response))
    users = [member.user for member in members]
    lines = lines_of(reading.state, delegations_of(response), users)
    running = [line for line in lines if line.delegation.ended_at is None]
    chosen = form["parts"].value() or []
    return render(
        request,
        "assessment/delegation_list.html",
        response_context(request, response)
        | {
            "team_tabs": tabs(request, response, TEAM_PAGES),
            "is_delegated": is_delegated(response),
            "lines": running,
            "ended": [line for line in lines if line.delegation.ended_at is not None],
            "left_over": left_over(reading.instrument, running),
            "without_part": without_part(running, _contributors(members)),
            "picks": picks(reading.instrument, running, chosen),
            "form": form,
            "replaced": _replaced(running, form),
        },
        status=status,
    )


def _contributors(members: list[Membership]) -> list[User]:
    return [m.user for m in members if m.role == Membership.Role.CONTRIBUTOR]


def _replaced(running: list[Any], form: DelegationForm) -> str:
    """Return whose delegation the form replaces, if it does."""
    value = str(form["replaces"].value() or "")
    return next((li.name for li in running if str(li.delegation.pk) == value), "")


@require_POST
@signed_in
def team_switch(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Switch the country between open and delegated."""
    response = get_response_for(
        request, iso3, round_code, Action.DELEGATE, sees=Action.SEE_TEAM
    )
    form = ModeForm(request.POST)
    if not form.is_valid():
        raise NotReady(_("Choose “open” or “delegated”."))
    mode = Team.Mode(form.cleaned_data["mode"])
    set_team_mode(response=response, mode=mode, by=request.user)
    messages.success(
        request,
        _("Contributors now answer only what is delegated to them.")
        if mode == Team.Mode.DELEGATED
        else _("Contributors now answer everything."),
    )
    return redirect("assessment:delegation_list", iso3, round_code)


def _delegation(response: Response, pk: int) -> Delegation:
    """Return a delegation of this very response. Raises Http404. One query."""
    return get_object_or_404(response.delegations.select_related("user"), pk=pk)


@require_POST
@signed_in
def delegation_withdraw(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    response = get_response_for(
        request, iso3, round_code, Action.DELEGATE, sees=Action.SEE_TEAM
    )
    withdraw_delegation(delegation=_delegation(response, pk), by=request.user)
    messages.success(request, _("Withdrawn. All answers given are kept."))
    return redirect("assessment:delegation_list", iso3, round_code)


@require_POST
@signed_in
def delegation_nudge(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    response = get_response_for(
        request, iso3, round_code, Action.DELEGATE, sees=Action.SEE_TEAM
    )
    delegation = _delegation(response, pk)
    if nudge_delegate(delegation=delegation, by=request.user):
        words = _("A reminder goes to %(person)s by e-mail.")
    else:
        words = _("%(person)s was reminded a few minutes ago.")
    messages.success(request, words % {"person": delegation.user or delegation.email})
    return redirect("assessment:delegation_list", iso3, round_code)


@require_POST
@signed_in
def delegation_done(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    response = get_response_for(request, iso3, round_code)
    finish_delegation(delegation=_delegation(response, pk), by=request.user)
    messages.success(request, _("Marked as done. Answers can still be changed."))
    return _back(request, iso3, round_code)


@require_POST
@signed_in
def delegation_reopen(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    response = get_response_for(request, iso3, round_code)
    reopen_delegation(delegation=_delegation(response, pk), by=request.user)
    messages.success(request, _("No longer marked as done."))
    return _back(request, iso3, round_code)


@require_POST
@signed_in
def delegation_hand_back(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    response = get_response_for(request, iso3, round_code)
    form = HandBackForm(request.POST)
    if not form.is_valid():
        raise NotReady(_("The message is too long: at most 5,000 characters."))
    hand_back_delegation(
        delegation=_delegation(response, pk),
        by=request.user,
        message=form.cleaned_data["message"],
    )
    words = _("Handed back. The coordinator is told, and all answers given are kept.")
    messages.success(request, words)
    return redirect("assessment:response_detail", iso3, round_code)


def _back(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Return to the page whose button was pressed."""
    is_list = request.POST.get("_next") == "list"
    page = "delegation_list" if is_list else "response_detail"
    return redirect(f"assessment:{page}", iso3, round_code)
