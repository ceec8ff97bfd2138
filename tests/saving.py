"""Shortcuts of the tests to the one way to save answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from assessment.models import Response, Submission, User, Via
from assessment.queries import held_answers, instrument_of
from assessment.services.answers import Change, Outcome, save_changes
from assessment.services.transitions import submit_response
from questionnaire.addresses import Address
from questionnaire.consistency import contradictions, unexplained
from questionnaire.states import ResponseState


def change(cell: str, value: Any, base: int = 0) -> Change:
    return Change(Address.parse(cell), value, base)


def save(response: Response, by: User, *changes: Change, via: Via = Via.PAGE) -> Any:
    """Save a batch; return its outcomes, or the one outcome of a single change."""
    outcomes: list[Outcome] = save_changes(
        response=response, changes=changes, by=by, via=via
    )
    return outcomes[0] if len(changes) == 1 else outcomes


def put(response: Response, by: User, values: Mapping[str, Any]) -> None:
    """Write values over whatever stands."""
    held = held_answers(response)
    changes = []
    for cell, value in values.items():
        standing = held.get(Address.parse(cell))
        changes.append(change(cell, value, standing.revision if standing else 0))
    save_changes(response=response, changes=changes, by=by, via=Via.PAGE)


def state_of(response: Response) -> ResponseState:
    confirmed = {
        a: h.value for a, h in held_answers(response).items() if h.is_confirmed
    }
    return ResponseState(instrument_of(response), confirmed)


def explain(response: Response, by: User) -> None:
    """Give every warning that lacks one a remark."""
    state = state_of(response)
    left = unexplained(state, contradictions(state))
    if left:
        put(response, by, {str(one.remark_at): "It is so." for one in left})


def submit(response: Response, by: User) -> Submission:
    """Submit with whatever is missing confirmed, and warnings explained."""
    explain(response, by)
    return submit_response(
        response=response, by=by, missing_confirmed=len(state_of(response).missing())
    )


def sent(cell: str, value: Any, base: Any = 0) -> dict[str, Any]:
    """Return one change as the page sends it."""
    question, row, column = Address.parse(cell)
    return {
        "question": question,
        "row": row,
        "column": column,
        "value": value,
        "base": base,
    }


def body(*changes: dict[str, Any], **more: Any) -> str:
    return json.dumps({"changes": changes, **more})
