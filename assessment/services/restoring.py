"""Bringing back an earlier value of a cell, as a new revision."""

from __future__ import annotations

from assessment.models import AnswerRevision, Response, User, Via
from assessment.services.answers import Change, Outcome, save_changes
from questionnaire.addresses import Address


def restore_revision(
    *, response: Response, address: Address, revision: int, base: int, by: User
) -> Outcome:
    """Save the value of an earlier revision again, unless the answer moved on since `base`.

    What `save_changes` refuses is refused here too. Raises AnswerRevision.DoesNotExist
    if there is no such revision. One query more than saving.
    """
    question, row, column = address
    earlier = AnswerRevision.objects.get(
        answer__response=response.pk,
        answer__question=question,
        answer__row=row,
        answer__column=column,
        revision=revision,
    )
    (outcome,) = save_changes(
        response=response,
        changes=[Change(address, earlier.value, base)],
        by=by,
        via=Via.PAGE,
    )
    return outcome
