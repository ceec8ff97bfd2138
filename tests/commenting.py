"""Shortcuts of the tests to the services of comments."""

from __future__ import annotations

from assessment.comment_queries import Place, place_in
from assessment.models import Comment, CommentThread, InternalNote, Response, User
from assessment.queries import instrument_of
from assessment.services.comments import open_thread, reply, write_note

MUST = {"kind": "correction", "must_settle": True}


def place(response: Response, text: str) -> Place:
    found = place_in(instrument_of(response), text)
    assert found is not None
    return found


def ask(
    response: Response,
    by: User,
    at: str = "GEN-03",
    text: str = "Which one?",
    kind: str = "question",
    must_settle: bool = False,
) -> CommentThread:
    return open_thread(
        response=response,
        place=place(response, at),
        kind=kind,
        must_settle=must_settle,
        text=text,
        by=by,
    )


def answer(thread: CommentThread, by: User, text: str = "This one.") -> Comment:
    return reply(thread=thread, text=text, by=by)


def note(
    response: Response, by: User, at: str = "GEN-03", text: str = "Between us."
) -> InternalNote:
    return write_note(response=response, place=place(response, at), text=text, by=by)
