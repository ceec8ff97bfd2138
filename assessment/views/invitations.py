"""What an invitation's link opens. Looking never changes anything: mail scanners look too."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from assessment.models import Country, Invitation, Membership, User
from assessment.refusals import InvitationUnusable, TeamRefused
from assessment.services.invitations import accept_invitation, register_invited
from assessment.team_forms import AccountForm
from assessment.team_queries import (
    account_of,
    invitation_by_token,
    membership_of,
    newest_response_of,
    rank,
)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_detail(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is offered and take the answer of who was invited.

    An unknown, used, withdrawn or expired link gives one and the same page.
    """
    invitation = invitation_by_token(token)
    if invitation is not None and _is_theirs(request, invitation):
        return _landing(invitation.country)
    if invitation is None or not invitation.is_open(timezone.now()):
        return _gone(request)
    account = account_of(invitation.email)
    if account is not None and not account.is_active:
        return _page(request, invitation, "closed", status=403)
    if request.user.is_authenticated:
        return _for_who_is_signed_in(request, invitation, account, token)
    if account is not None:
        if request.method == "POST":
            return redirect_to_login(request.path)
        return _page(request, invitation, "sign_in")
    return _for_who_is_new(request, invitation, token)


def _is_theirs(request: HttpRequest, invitation: Invitation) -> bool:
    """Whether this person has accepted it: the link in the mailbox leads on then."""
    pk = invitation.accepted_by_id
    return pk is not None and pk == request.user.pk


def _for_who_is_signed_in(
    request: HttpRequest, invitation: Invitation, account: User | None, token: str
) -> HttpResponse:
    is_post = request.method == "POST"
    if account is None or request.user.pk != account.pk:
        return _page(request, invitation, "other", status=403 if is_post else 200)
    if not is_post:
        return _page(
            request,
            invitation,
            "confirm",
            stays=_role_that_stays(
                membership_of(account, invitation.country), invitation
            ),
        )
    try:
        accepted = accept_invitation(token=token, by=account)
    except InvitationUnusable:
        return _gone(request)
    member = accepted.membership
    said = (
        _("Welcome: you are %(role)s for %(country)s.")
        if accepted.is_changed
        else _("You are %(role)s for %(country)s already, and stay it.")
    )
    role = member.get_role_display().lower()
    messages.success(request, said % {"role": role, "country": invitation.country})
    return _landing(invitation.country)


def _role_that_stays(member: Membership | None, invitation: Invitation) -> str:
    """Return the role that accepting would not change, or an empty text."""
    if member is None or not member.is_active:
        return ""
    return (
        member.get_role_display() if rank(invitation.role) <= rank(member.role) else ""
    )


def _for_who_is_new(
    request: HttpRequest, invitation: Invitation, token: str
) -> HttpResponse:
    if request.method != "POST":
        form = AccountForm(email=invitation.email, initial={"name": invitation.name})
        return _page(request, invitation, "register", form=form)
    form = AccountForm(request.POST, email=invitation.email)
    if not form.is_valid():
        return _page(request, invitation, "register", form=form, status=422)
    try:
        person = register_invited(
            token=token,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password1"],
        )
    except InvitationUnusable:
        return _gone(request)
    except TeamRefused:  # the account was made this instant
        return redirect_to_login(request.path)
    login(request, person, backend=BACKEND)
    request.session.set_expiry(0)  # many computers are shared
    said = _("Welcome: you are %(role)s for %(country)s.")
    role = invitation.get_role_display().lower()
    messages.success(request, said % {"role": role, "country": invitation.country})
    return _landing(invitation.country)


def _page(
    request: HttpRequest,
    invitation: Invitation,
    state: str,
    *,
    form: AccountForm | None = None,
    stays: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "invitation": invitation,
        "country": invitation.country,
        "state": state,
        "form": form,
        "stays": stays,
    }
    return render(request, "assessment/invitation_detail.html", context, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "assessment/invitation_gone.html", status=410)


def _landing(country: Country) -> HttpResponse:
    """Lead to the country's response that is being worked on."""
    response = newest_response_of(country)
    if response is None:
        return redirect("assessment:home")
    return redirect("assessment:response_detail", country.iso3, response.round.code)
