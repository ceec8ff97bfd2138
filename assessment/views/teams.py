"""The team of a country: people, invitations, and what happened to them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment.http import Request, get_response_for, signed_in
from assessment.models import Invitation, Membership, Response
from assessment.navigation import TEAM_PAGES, tabs
from assessment.permissions import Action, may
from assessment.refusals import RoleForbids, TeamRefused
from assessment.services.invitations import (
    invite,
    resend_invitation,
    revoke_invitation,
)
from assessment.services.teams import (
    change_role,
    deactivate_member,
    hand_over,
    reactivate_member,
)
from assessment.team_forms import HandOverForm, InviteForm, RoleForm
from assessment.team_queries import (
    SHOWN_CHANGES,
    latest_changes_of,
    members_of,
    pending_invitations_of,
)
from assessment.views.responses import response_context

Role = Membership.Role


def get_team_for(
    request: Request, iso3: str, round_code: str, action: Action = Action.SEE_TEAM
) -> Response:
    """Return the response whose team this is; no answer of it need be readable."""
    return get_response_for(request, iso3, round_code, action, sees=Action.SEE_TEAM)


def team_context(request: Request, response: Response) -> dict[str, Any]:
    """Return the head of every page of a team. No query."""
    return response_context(request, response) | {
        "team_tabs": tabs(request, response, TEAM_PAGES)
    }


@require_safe
@signed_in
def team_detail(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """People; for who manages them, invitations and what happened too."""
    return _team_page(request, get_team_for(request, iso3, round_code))


def _team_page(
    request: Request,
    response: Response,
    *,
    form: InviteForm | None = None,
    refusal: TeamRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    manages = may(request.user, Action.INVITE, response)
    people = list(members_of(response.country))
    coordinators = [
        member
        for member in people
        if member.is_active
        and member.user.is_active
        and member.role == Role.COORDINATOR
    ]
    context: dict[str, Any] = {
        "manages": manages,
        "people": people if manages else [m for m in people if m.is_active],
        "coordinators": coordinators,
        "refusal": refusal,
    }
    if manages:
        first = Role.CONTRIBUTOR if coordinators else Role.COORDINATOR
        context |= {
            "form": form or InviteForm(initial={"role": first}),
            "invitations": list(pending_invitations_of(response.country)),
            "changes": list(latest_changes_of(response.country)),
            "most_changes": SHOWN_CHANGES,
            "now": timezone.now(),
        }
    return render(
        request,
        "assessment/team_detail.html",
        team_context(request, response) | context,
        status=status,
    )


# Invitations


@require_POST
@signed_in
def invitation_create(request: Request, iso3: str, round_code: str) -> HttpResponse:
    response = get_team_for(request, iso3, round_code, Action.INVITE)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _team_page(request, response, form=form, status=422)
    try:
        invitation = invite(
            country=response.country,
            **form.cleaned_data,
            by=request.user,
            site=request.build_absolute_uri("/"),
        )
    except TeamRefused as refusal:
        return _team_page(request, response, form=form, refusal=refusal, status=409)
    _say_whether_sent(request, invitation)
    return redirect("assessment:team_detail", iso3, round_code)


@require_POST
@signed_in
def invitation_resend(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    response = get_team_for(request, iso3, round_code, Action.INVITE)
    invitation = get_object_or_404(Invitation, country=response.country, pk=pk)
    try:
        sent = resend_invitation(
            invitation=invitation,
            by=request.user,
            site=request.build_absolute_uri("/"),
        )
    except TeamRefused as refusal:
        return _team_page(request, response, refusal=refusal, status=409)
    _say_whether_sent(request, sent)
    return redirect("assessment:team_detail", iso3, round_code)


@require_POST
@signed_in
def invitation_revoke(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    response = get_team_for(request, iso3, round_code, Action.INVITE)
    invitation = get_object_or_404(Invitation, country=response.country, pk=pk)
    try:
        revoke_invitation(invitation=invitation, by=request.user)
    except TeamRefused as refusal:
        return _team_page(request, response, refusal=refusal, status=409)
    messages.success(
        request,
        _("The invitation of %(email)s is withdrawn: its link no longer works.")
        % {"email": invitation.email},
    )
    return redirect("assessment:team_detail", iso3, round_code)


def _say_whether_sent(request: Request, invitation: Invitation) -> None:
    """Tell what became of the message; workers may send it later than this page shows."""
    invitation.refresh_from_db(fields=["sent_at", "failed_at"])
    if invitation.failed_at is not None:
        messages.error(
            request,
            _(
                "The invitation of %(email)s stands, but its message could not be sent. "
                "Send it again in a while; if that fails too, tell the administrators."
            )
            % {"email": invitation.email},
        )
        return
    said = (
        _("The invitation is on its way to %(email)s.")
        if invitation.sent_at is None
        else _("The invitation was sent to %(email)s.")
    )
    messages.success(request, said % {"email": invitation.email})


# People


@signed_in
def member_detail(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    """Change a person's role, or lead to deactivating them."""
    response = get_team_for(request, iso3, round_code, Action.INVITE)
    member = get_object_or_404(members_of(response.country), pk=pk)
    if request.method != "POST":
        return _member_page(request, response, member)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _member_page(request, response, member, form=form, status=422)
    try:
        changed = change_role(
            membership=member, role=form.cleaned_data["role"], by=request.user
        )
    except TeamRefused as refusal:
        return _member_page(request, response, member, refusal=refusal, status=409)
    role = Role(form.cleaned_data["role"]).label.lower()
    said = (
        _("%(person)s is %(role)s now.")
        if changed
        else _("%(person)s was %(role)s already: nothing changed.")
    )
    messages.success(request, said % {"person": member.user, "role": role})
    return redirect("assessment:team_detail", iso3, round_code)


def _member_page(
    request: Request,
    response: Response,
    member: Membership,
    *,
    form: RoleForm | None = None,
    refusal: TeamRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "assessment/member_detail.html",
        team_context(request, response)
        | {
            "member": member,
            "form": form or RoleForm(initial={"role": member.role}),
            "refusal": refusal,
        },
        status=status,
    )


@require_POST
@signed_in
def member_deactivate(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    response = get_team_for(request, iso3, round_code, Action.INVITE)
    member = get_object_or_404(members_of(response.country), pk=pk)
    try:
        deactivate_member(membership=member, by=request.user)
    except TeamRefused as refusal:
        return _member_page(request, response, member, refusal=refusal, status=409)
    messages.success(
        request,
        _("%(person)s is deactivated and no longer sees this country.")
        % {"person": member.user},
    )
    if member.user_id == request.user.pk:
        return redirect("assessment:home")
    return redirect("assessment:team_detail", iso3, round_code)


@require_POST
@signed_in
def member_reactivate(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    response = get_team_for(request, iso3, round_code, Action.INVITE)
    member = get_object_or_404(members_of(response.country), pk=pk)
    reactivate_member(membership=member, by=request.user)
    messages.success(
        request,
        _("%(person)s is active again, as %(role)s.")
        % {"person": member.user, "role": member.get_role_display().lower()},
    )
    return redirect("assessment:team_detail", iso3, round_code)


@signed_in
def coordinator_hand_over(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Ask to whom one's own coordinator role goes, and what that means; then do it."""
    response = get_team_for(request, iso3, round_code, Action.INVITE)
    country = response.country
    if request.user.role_in(country.pk) != Role.COORDINATOR:
        raise RoleForbids  # an administrator changes roles one by one
    is_post = request.method == "POST"
    form = HandOverForm(request.POST if is_post else None, country=country)
    refusal, status = None, 200
    if is_post:
        status = 422
        if form.is_valid():
            heir = form.cleaned_data["to"]
            try:
                hand_over(country=country, to=heir, by=request.user)
            except TeamRefused as refused:
                refusal, status = refused, 409
            else:
                messages.success(
                    request,
                    _("%(person)s is coordinator now, and you are a contributor.")
                    % {"person": heir.user},
                )
                return redirect("assessment:team_detail", iso3, round_code)
    return render(
        request,
        "assessment/coordinator_hand_over.html",
        team_context(request, response) | {"form": form, "refusal": refusal},
        status=status,
    )
