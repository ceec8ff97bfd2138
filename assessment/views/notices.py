"""Notices: the list, opening one, choosing e-mails, and ending them from an e-mail."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from assessment.http import Request, signed_in
from assessment.models import Kind, Notification, User
from assessment.notice_mails import read_token
from assessment.notice_page import NoticeSettingsForm, notice_page
from assessment.services.notices import (
    choose_channels,
    read_all_notices,
    read_notice,
    unsubscribe,
)

_LARGEST = 2**63 - 1  # what a database takes as a number


def _number(text: str) -> int | None:
    """Return a number of a notice; None for what is none."""
    is_number = text.isascii() and text.isdecimal() and len(text) < len(str(_LARGEST))
    return int(text) if is_number else None


@require_safe
@signed_in
def notification_list(request: Request) -> HttpResponse:
    """Show the person's notices, newest first; `before` goes on with older ones."""
    before = _number(request.GET.get("before", ""))
    page = notice_page(request.user, before)
    return render(
        request,
        "assessment/notification_list.html",
        {"page": page, "is_first": before is None},
    )


@require_GET
@signed_in
def notification_open(request: Request, pk: int) -> HttpResponse:
    """Mark a notice as read and go where it leads; another's does not exist."""
    if pk > _LARGEST:
        raise Http404
    try:
        notice = read_notice(pk=pk, by=request.user)
    except Notification.DoesNotExist:
        raise Http404 from None
    return redirect(notice.path or "assessment:notification_list")


@require_POST
@signed_in
def notification_read_all(request: Request) -> HttpResponse:
    """Mark as read what the page showed, and all that is older."""
    until = _number(request.POST.get("until", ""))
    if until is not None:
        read_all_notices(until=until, by=request.user)
        messages.success(request, _("All notices are marked as read."))
    return redirect("assessment:notification_list")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def notification_settings(request: Request) -> HttpResponse:
    """Choose of what one gets e-mails, and when."""
    is_sent = request.method == "POST"
    form = NoticeSettingsForm(request.POST if is_sent else None, person=request.user)
    if is_sent and form.is_valid():
        choose_channels(channels=form.wanted, language=form.language, by=request.user)
        messages.success(request, _("Your choice of e-mails is saved."))
        return redirect("assessment:notification_settings")
    return render(
        request,
        "assessment/notification_settings.html",
        {"form": form},
        status=422 if is_sent else 200,
    )


# A mail program that ends e-mails by itself sends neither cookie nor token: the signed
# address is what allows it (RFC 8058), and it can do nothing else.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def notification_unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to end e-mails; a POST ends them. No sign-in is needed."""
    found = read_token(token)
    if found is None:
        raise Http404
    person = get_object_or_404(User, pk=found.person)
    kind = "" if found.is_digest else found.kind
    is_done = request.method == "POST"
    if is_done:
        unsubscribe(person=person, kind=kind)
    return render(
        request,
        "assessment/notification_unsubscribe.html",
        {
            "kind": Kind(kind).label if kind else "",
            "is_done": is_done,
        },
    )
