"""Comments and internal notes, as they are written, settled and taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessment.comment_places import (
    comments_url,
    place_of,
    within_page,
)
from assessment.comment_queries import (
    Place,
    notes_for,
)
from assessment.http import Request, signed_in, wants_json
from assessment.models import Comment, CommentThread, InternalNote, Response
from assessment.parsing import read_body
from assessment.permissions import Action, may_ever
from assessment.queries import instrument_of
from assessment.refusals import Malformed, Refusal, RoleForbids
from assessment.services.comments import (
    open_thread,
    reply,
    resolve_thread,
    unresolve_thread,
    withdraw_comment,
    withdraw_note,
    write_note,
)
from assessment.views.comments import Kept, fragment, place_asked, place_page, readable

# What follows asks only whether the comments exist for the person: the services judge
# role and status under the lock.


@require_POST
@signed_in
def comment_open(
    request: Request, iso3: str, round_code: str, place: str
) -> HttpResponse:
    """Open a thread on a section, a question or, with `at`, a row or cell of it."""
    response, fields, about = _asked(request, iso3, round_code, place)

    def act() -> None:
        open_thread(
            response=response,
            place=about,
            kind=fields.get("kind", CommentThread.Kind.QUESTION),
            must_settle=fields.get("must_settle") == "yes",
            text=fields.get("text", ""),
            by=request.user,
        )

    return _done(
        request,
        response,
        about,
        act,
        f"new-{within_page(about)}",
        fields,
        _("The comment is sent."),
    )


@require_POST
@signed_in
def note_write(
    request: Request, iso3: str, round_code: str, place: str
) -> HttpResponse:
    """Note something for other officers; for the country there is no such address."""
    _officers_only(request, iso3, round_code)
    response, fields, about = _asked(request, iso3, round_code, place)

    def act() -> None:
        write_note(
            response=response, place=about, text=fields.get("text", ""), by=request.user
        )

    return _done(
        request,
        response,
        about,
        act,
        f"note-{within_page(about)}",
        fields,
        _("The note is saved."),
    )


@require_POST
@signed_in
def comment_reply(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    return _in_thread(
        request,
        iso3,
        round_code,
        pk,
        _("The reply is sent."),
        lambda thread, text: reply(thread=thread, text=text, by=request.user),
    )


@require_POST
@signed_in
def comment_resolve(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    return _in_thread(
        request,
        iso3,
        round_code,
        pk,
        _("The point is resolved."),
        lambda thread, text: resolve_thread(thread=thread, text=text, by=request.user),
    )


@require_POST
@signed_in
def comment_reopen(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    return _in_thread(
        request,
        iso3,
        round_code,
        pk,
        _("The point is open again."),
        lambda thread, text: unresolve_thread(
            thread=thread, text=text, by=request.user
        ),
    )


def _in_thread(
    request: Request,
    iso3: str,
    round_code: str,
    pk: int,
    message: str,
    service: Callable[[CommentThread, str], object],
) -> HttpResponse:
    response = readable(request, iso3, round_code)
    fields = _fields(request)
    thread = get_object_or_404(
        CommentThread.objects.select_related("response"), pk=pk, response=response.pk
    )
    return _done(
        request,
        response,
        place_of(instrument_of(response), thread),
        lambda: service(thread, fields.get("text", "")),
        f"thread-{thread.pk}",
        fields,
        message,
    )


@require_POST
@signed_in
def comment_withdraw(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    """Withdraw one's own comment."""
    response = readable(request, iso3, round_code)
    comment = get_object_or_404(
        Comment.objects.select_related("thread__response"),
        pk=pk,
        thread__response=response.pk,
    )
    return _done(
        request,
        response,
        place_of(instrument_of(response), comment.thread),
        lambda: withdraw_comment(comment=comment, by=request.user),
        f"thread-{comment.thread_id}",
        _fields(request),
        _("The comment is withdrawn."),
    )


@require_POST
@signed_in
def note_withdraw(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    """Withdraw one's own note."""
    response = readable(request, iso3, round_code)
    notes = InternalNote.objects.select_related("response").filter(
        pk__in=[note.pk for note in notes_for(request.user, response)]
    )
    note = get_object_or_404(notes, pk=pk)
    place = place_of(instrument_of(response), note)
    return _done(
        request,
        response,
        place,
        lambda: withdraw_note(note=note, by=request.user),
        f"note-{within_page(place)}",
        _fields(request),
        _("The note is withdrawn."),
    )


def _officers_only(request: Request, iso3: str, round_code: str) -> None:
    if not may_ever(request.user, Action.NOTE, readable(request, iso3, round_code)):
        raise Http404


def _asked(
    request: Request, iso3: str, round_code: str, place: str
) -> tuple[Response, dict[str, str], Place]:
    response = readable(request, iso3, round_code)
    fields = _fields(request)
    shown = place_asked(response, place)
    about = place_asked(response, fields.get("at") or place)
    if within_page(about) != within_page(shown):
        raise Http404
    return response, fields, about


def _fields(request: Request) -> dict[str, str]:
    """Return what was sent, as a form or as JSON. Raises Malformed."""
    if not wants_json(request):
        return {name: str(value) for name, value in request.POST.items()}
    try:
        found = json.loads(read_body(request))
    except (ValueError, RecursionError):
        raise Malformed(_("The request is not JSON.")) from None
    if not isinstance(found, dict) or not all(
        isinstance(value, str) for value in found.values()
    ):
        raise Malformed(_("The request needs texts by name."))
    return found


def _done(
    request: Request,
    response: Response,
    place: Place,
    act: Callable[[], Any],
    box: str,
    fields: Mapping[str, str],
    message: str,
) -> HttpResponse:
    """Do it and go back; what is refused comes back in its box, with the reason."""
    try:
        act()
    except RoleForbids:
        raise
    except Refusal as refusal:
        if wants_json(request):
            raise
        return place_page(request, response, place, Kept(box, refusal, fields))
    if wants_json(request):
        return JsonResponse(
            {"message": message, "html": fragment(request, response, place)}
        )
    messages.success(request, message)
    return redirect(_next(request, fields) or comments_url(response, place))


def _next(request: Request, fields: Mapping[str, str]) -> str:
    """Return where the person was, if that is a page of this site."""
    url = fields.get("next", "")
    is_ours = url.startswith("/") and url_has_allowed_host_and_scheme(
        url, {request.get_host()}, require_https=request.is_secure()
    )
    return url if is_ours else ""
