"""Comments of both sides and officers' internal notes, as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment.comment_board import Board, Choice, CommentsAt, rights_of
from assessment.comment_form import CommentFilterForm
from assessment.comment_places import (
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
from assessment.http import Request, get_response_for, signed_in
from assessment.models import Response, User
from assessment.permissions import Action
from assessment.queries import Reading, instrument_of, read_for
from assessment.refusals import Refusal
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


def readable(request: Request, iso3: str, round_code: str) -> Response:
    """Return a response whose comments exist for the person. Raises Http404. One query."""
    response = get_response_for(
        request, iso3, round_code, Action.READ_COMMENTS, sees=Action.READ_COMMENTS
    )
    if not comments_are_there(request.user, response):
        raise Http404
    return response


def place_asked(response: Response, text: str) -> Place:
    place = place_in(instrument_of(response), text)
    if place is None:
        raise Http404
    return place


@require_safe
@signed_in
def comment_list(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show all that was said, filtered; or, with `at`, all of one place and where to write."""
    response = readable(request, iso3, round_code)
    if "at" in request.GET:
        return place_page(request, response, place_asked(response, request.GET["at"]))
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


def place_page(
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
    response = readable(request, iso3, round_code)
    return HttpResponse(fragment(request, response, place_asked(response, place)))


def fragment(request: Request, response: Response, place: Place) -> str:
    at = _comments_at(request.user, response, place)
    return render_to_string(
        "assessment/partials/comments_at.html",
        {"at": at, "response": response, "is_fragment": True},
        request,
    )
