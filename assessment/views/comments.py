"""Comments of both sides and officers' internal notes: reading, writing, settling them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment.comment_board import Board, Choice, CommentsAt, rights_of
from assessment.comment_form import CommentFilterForm
from assessment.comment_places import (
    comments_url,
    place_of,
    within_page,
)
from assessment.comment_queries import (
    Place,
    comments_are_there,
    notes_for,
    notes_shown,
    place_in,
    threads_of,
    threads_shown,
)
from assessment.comment_tasks import tally_of
from assessment.dissent_page import cells_to_choose
from assessment.http import Request, get_response_for, signed_in, wants_json
from assessment.models import Comment, CommentThread, InternalNote, Response, User
from assessment.parsing import read_body
from assessment.permissions import Action, may_ever
from assessment.queries import Reading, instrument_of, read_for
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
from assessment.views.responses import response_context
from questionnaire.addresses import Address


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed into a box and refused, to be shown in it again with the reason."""

    box: str
    refusal: Refusal
    fields: Mapping[str, str]

    @property
    def text(self) -> str:
        return self.fields.get("text", "")

    @property
    def kind(self) -> str:
        return self.fields.get("kind", "")

    @property
    def must_settle(self) -> bool:
        return self.fields.get("must_settle") == "yes"


def _readable(request: Request, iso3: str, round_code: str) -> Response:
    """Return a response whose comments exist for the person. Raises Http404. One query."""
    response = get_response_for(
        request, iso3, round_code, Action.READ_COMMENTS, sees=Action.READ_COMMENTS
    )
    if not comments_are_there(request.user, response):
        raise Http404
    return response


def _place(response: Response, text: str) -> Place:
    place = place_in(instrument_of(response), text)
    if place is None:
        raise Http404
    return place


@require_safe
@signed_in
def comment_list(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show all that was said, filtered; or, with `at`, all of one place and where to write."""
    response = _readable(request, iso3, round_code)
    if "at" in request.GET:
        return _place_page(request, response, _place(response, request.GET["at"]))
    instrument = instrument_of(response)
    form = CommentFilterForm(request.GET, instrument=instrument)
    rights = rights_of(request.user, response)
    threads = [thread for thread in threads_shown(response) if thread.standing]
    board = Board(
        response,
        [thread for thread in threads if form.takes(thread)],
        [] if form.is_filtering else notes_shown(request.user, response),
        rights,
    )
    return render(
        request,
        "assessment/comment_list.html",
        response_context(request, response)
        | {
            "form": form,
            "parts": list(board.sections()),
            "total": len(threads),
            "tally": tally_of(threads, rights.side),
            "rights": rights,
            "sections": instrument.sections,
        },
    )


def _place_page(
    request: Request, response: Response, place: Place, kept: Kept | None = None
) -> HttpResponse:
    at = _comments_at(request.user, response, place)
    return render(
        request,
        "assessment/comment_place.html",
        response_context(request, response)
        | {
            "at": at,
            "kept": kept,
        },
        status=kept.refusal.status if kept else 200,
    )


def _comments_at(user: User, response: Response, place: Place) -> CommentsAt:
    """Return all that was said of a section or question. Two queries, three of a group."""
    board = Board(
        response,
        threads_of(response),
        notes_for(user, response),
        rights_of(user, response),
    )
    return board.at(
        within_page(place), _choices(user, response, place, board), str(place)
    )


def _choices(
    user: User, response: Response, place: Place, board: Board
) -> list[tuple[str, tuple[Choice, ...]]]:
    """Return the rows and cells of the question that a new comment can be about."""
    instrument = board.instrument
    question = instrument.question_by_code.get(place.address.question)
    can_write = board.rights.begins or board.rights.notes
    if question is None or question.is_plain or not can_write:
        return []
    reading = Reading(instrument, {})
    if question.is_group and board.rights.sees:
        reading = read_for(user, response)
    return [
        (label, (_row_choice(cells[0][0], label), *(Choice(*cell) for cell in cells)))
        for label, cells in cells_to_choose(reading, question)
        if cells
    ]


def _row_choice(cell: str, label: str) -> Choice:
    row = Address.parse(cell)._replace(column="")
    return Choice(str(row), _("%(row)s – the whole row") % {"row": label})


@require_safe
@signed_in
def comments_at(
    request: Request, iso3: str, round_code: str, place: str
) -> HttpResponse:
    """Show a fragment: what was said of a section, or of a question and within it."""
    response = _readable(request, iso3, round_code)
    return HttpResponse(_fragment(request, response, _place(response, place)))


def _fragment(request: Request, response: Response, place: Place) -> str:
    at = _comments_at(request.user, response, place)
    return render_to_string(
        "assessment/partials/comments_at.html",
        {"at": at, "response": response, "is_fragment": True},
        request,
    )


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
    response = _readable(request, iso3, round_code)
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
    response = _readable(request, iso3, round_code)
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
    response = _readable(request, iso3, round_code)
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
    if not may_ever(request.user, Action.NOTE, _readable(request, iso3, round_code)):
        raise Http404


def _asked(
    request: Request, iso3: str, round_code: str, place: str
) -> tuple[Response, dict[str, str], Place]:
    response = _readable(request, iso3, round_code)
    fields = _fields(request)
    shown = _place(response, place)
    about = _place(response, fields.get("at") or place)
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
        return _place_page(request, response, place, Kept(box, refusal, fields))
    if wants_json(request):
        return JsonResponse(
            {"message": message, "html": _fragment(request, response, place)}
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
