"""Comments of both sides, and officers' internal notes."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment.comment_board import Board
from assessment.comment_queries import (
    may_read_comments,
    notes_for,
    place_in,
    threads_of,
)
from assessment.http import Request, get_response_for, signed_in
from assessment.permissions import Action
from assessment.queries import instrument_of


@require_safe
@signed_in
def comments_at(
    request: Request, iso3: str, round_code: str, place: str
) -> HttpResponse:
    """Show a fragment: what was said of a section, or of a question and within it."""
    response = get_response_for(
        request, iso3, round_code, Action.READ_COMMENTS, sees=Action.READ_COMMENTS
    )
    threads = threads_of(response)
    found = place_in(instrument_of(response), place)
    if found is None or not may_read_comments(request.user, response, threads):
        raise Http404
    board = Board(response, threads, notes_for(request.user, response))
    question = found.address.question
    at = (
        board.of_question(found.section, question)
        if question
        else board.of_section(found.section)
    )
    return render(
        request,
        "assessment/partials/comments_at.html",
        {"at": at, "response": response},
    )
