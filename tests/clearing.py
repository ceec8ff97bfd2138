"""Shortcuts of the tests to clearance."""

from __future__ import annotations

import datetime
from typing import Any

from assessment.clearance_queries import WHOLE, Board, board_of, digests_of
from assessment.models import Clearance, Response, Round, User
from assessment.queries import (
    Reading,
    held_answers,
    instrument_of,
    responses_with_instrument,
)
from assessment.services.clearance import (
    Signature,
    clear_response,
    record_concurrence,
)

DAY = datetime.date(2025, 3, 4)
HEAD = Signature("INEI", "Ana Quispe", "Director-General", DAY)
INTERIOR = Signature("Ministry of Interior", "Luz Rojas", "Minister", DAY)


def ask_to_clear(response: Response) -> Response:
    """Let the round ask for clearance; return the response as a request would read it."""
    Round.objects.filter(pk=response.round_id).update(asks_for_clearance=True)
    return responses_with_instrument().get(pk=response.pk)


def reading_of(response: Response) -> Reading:
    return Reading(instrument_of(response), held_answers(response))


def board(response: Response) -> Board:
    return board_of(response, reading_of(response))


def concur(
    response: Response,
    by: User,
    *parts: str,
    signature: Signature = INTERIOR,
    **terms: Any,
) -> Clearance:
    """Record a concurrence with the answers as they are, the whole if no part is named."""
    reading = reading_of(response)
    seen = digests_of(reading.instrument, reading.answers, parts or [WHOLE])
    return record_concurrence(
        response=response, signature=signature, parts=parts, by=by,
        **{"seen": seen} | terms,
    )  # fmt: skip


def clear(
    response: Response, by: User, signature: Signature = HEAD, **terms: Any
) -> Clearance:
    """Record the head's clearance of the answers as they are."""
    seen = board(response).digest
    return clear_response(
        response=response,
        signature=signature,
        by=by,
        **{"without": (), "seen": seen} | terms,
    )
