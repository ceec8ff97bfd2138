"""Reviewed values: the only writer. The country's answer is never touched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.audit import record
from assessment.comment_queries import Place
from assessment.models import AuditAction, CommentThread, Response, ReviewedValue, User
from assessment.permissions import Action
from assessment.queries import held_in, instrument_of, latest_submission
from assessment.refusals import Refusal
from assessment.reviewed import same
from assessment.services.answers import Invalid, judged
from assessment.services.comments import (
    lock_for,
    open_thread,
    reply,
    resolve_thread,
    unresolve_thread,
)
from questionnaire.addresses import RESERVED_COLUMNS, Address
from questionnaire.instrument import Instrument, Value
from questionnaire.values import LONG_TEXT_MAX, InvalidValue, clean_text


class ReviewedRefused(Refusal):
    """The reviewed value cannot be set as it was sent; `details` say why."""

    status = 422
    code = "invalid"

    def __init__(self, *details: str) -> None:
        super().__init__(_("The reviewed value was not set."), details)


@transaction.atomic
def set_reviewed_value(
    *, response: Response, address: Address, value: Any, reason: str, by: User
) -> ReviewedValue:
    """Set `value` in place of what the latest submission answers in one cell.

    None stands for an answer treated as blank. The reason opens a thread, in which the
    country can reply; it goes on with every further value of the cell. A value that stood
    in the cell is withdrawn. What stands already is returned as it is. Raises
    ReviewedRefused, and RoleForbids or ResponseClosed where no value may be set now.
    """
    lock_for(response, by, Action.REVIEW_VALUE)
    reason = _cleaned(reason)
    submission = latest_submission(response)
    answers = {found: held.value for found, held in held_in(submission).items()}
    value = _judged(response, address, value, answers)
    replaced = answers.get(address)
    last = (
        ReviewedValue.objects.select_related("thread__response")
        .filter(response=response.pk, **address._asdict())
        .order_by("set_at", "pk")
        .last()
    )
    if last is None:
        thread = _opened(response, address, reason, by)
    elif last.is_standing and last.says(replaced, value, reason):
        return last
    else:
        _withdraw(last, by)
        thread = _continued(last.thread, reason, by)
    _record(AuditAction.REVIEWED_SET, response, address, submission.number, by)
    return ReviewedValue.objects.create(
        response_id=response.pk,
        submission=submission,
        **address._asdict(),
        replaced=replaced,
        value=value,
        reason=reason,
        thread=thread,
        set_at=timezone.now(),
        set_by=by,
    )


@transaction.atomic
def withdraw_reviewed_value(
    *, response: Response, reviewed: ReviewedValue, by: User
) -> None:
    """Withdraw a reviewed value and settle its thread. Twice is once."""
    lock_for(response, by, Action.REVIEW_VALUE)
    if _withdraw(reviewed, by):
        number = reviewed.submission.number
        _record(AuditAction.REVIEWED_WITHDRAWN, response, reviewed.address, number, by)
        resolve_thread(thread=reviewed.thread, by=by)


def _record(
    action: AuditAction, response: Response, address: Address, number: int, by: User
) -> None:
    record(action, by=by, response=response, subject=str(address), submission=number)


def _withdraw(reviewed: ReviewedValue, by: User) -> bool:
    """Withdraw it; return whether it stood until now."""
    standing = ReviewedValue.objects.filter(pk=reviewed.pk, withdrawn_at__isnull=True)
    return bool(standing.update(withdrawn_at=timezone.now(), withdrawn_by=by))


def _opened(
    response: Response, address: Address, reason: str, by: User
) -> CommentThread:
    instrument = instrument_of(response)
    section = instrument.question_by_code[address.question].section
    return open_thread(
        response=response,
        place=Place(instrument.section_by_code[section], address),
        kind=CommentThread.Kind.CORRECTION,
        must_settle=False,
        text=reason,
        by=by,
    )


def _continued(thread: CommentThread, reason: str, by: User) -> CommentThread:
    if thread.resolved_at is None:
        reply(thread=thread, text=reason, by=by)
    else:
        unresolve_thread(thread=thread, text=reason, by=by)
    return thread


def _cleaned(reason: str) -> str:
    try:
        reason = clean_text(reason, LONG_TEXT_MAX)
    except InvalidValue as invalid:
        raise ReviewedRefused(*invalid.messages) from None
    if not reason:
        raise ReviewedRefused(_("Give the reason: the country reads it."))
    return reason


def _judged(
    response: Response, address: Address, value: Any, answers: Mapping[Address, Value]
) -> Value:
    """Return the canonical value, judged as saving would judge it."""
    if address.column in RESERVED_COLUMNS:
        raise ReviewedRefused(_("Notes and documents take no reviewed value."))
    if _is_new_entry(instrument_of(response), address, answers):
        raise ReviewedRefused(_("This entry is not part of the submission."))
    outcome = judged(response, address, value)
    if isinstance(outcome, Invalid):
        raise ReviewedRefused(*outcome.errors)
    if same(outcome.value, answers.get(address)):
        raise ReviewedRefused(
            _("This is the country's answer already: there is nothing to replace.")
        )
    return outcome.value


def _is_new_entry(
    instrument: Instrument, address: Address, answers: Mapping[Address, Value]
) -> bool:
    """Whether it would be an item of a repeating group that the country did not give."""
    question = instrument.question_by_code.get(address.question)
    if question is None or not question.is_group:
        return False
    given = {a.row for a in answers if a.question == address.question and a.column}
    return address.row not in given
