"""Differing views: recording, withdrawing, adopting one, and printing them or not."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.audit import record
from assessment.models import AuditAction, DifferingView, Response, User, Via
from assessment.permissions import Action
from assessment.refusals import Refusal, RoleForbids
from assessment.services.answers import (
    Change,
    Invalid,
    Outcome,
    Saved,
    judged,
    lock_open,
    save_changes,
)
from questionnaire.addresses import RESERVED_COLUMNS, Address
from questionnaire.instrument import Value
from questionnaire.values import LONG_TEXT_MAX, InvalidValue, clean_text

INSTITUTION_MAX = 200


class ViewRefused(Refusal):
    """The view cannot be recorded as it was sent; `details` say why."""

    status = 422
    code = "invalid"

    def __init__(self, *details: str) -> None:
        super().__init__(_("The view was not recorded."), details)


@transaction.atomic
def record_view(
    *,
    response: Response,
    address: Address,
    value: Any,
    text: str,
    institution: str,
    by: User,
) -> DifferingView:
    """Record what `institution` holds against the national answer, which stays as it is.

    A view that the same person recorded on the same cell before is withdrawn by it.
    Raises ViewRefused, and ResponseClosed or RoleForbids as saving does.
    """
    lock_open(response, by, Action.DISSENT)
    text, institution = _cleaned(text, institution)
    value = _judged(response, address, value)
    if value is None and not text:
        raise ViewRefused(_("Give another answer, or a remark that says what differs."))
    now = timezone.now()
    mine = DifferingView.objects.filter(
        response=response.pk,
        **address._asdict(),
        recorded_by=by,
        withdrawn_at__isnull=True,
    )
    before = mine.first()
    if before is not None:
        if before.says(value, text, institution):
            return before
        mine.update(withdrawn_at=now, withdrawn_by=by)
        _record(AuditAction.VIEW_WITHDRAWN, response, before, by)
    view = DifferingView.objects.create(
        response_id=response.pk,
        **address._asdict(),
        value=value,
        text=text,
        institution=institution,
        recorded_by=by,
        recorded_at=now,
    )
    _record(AuditAction.VIEW_RECORDED, response, view, by)
    return view


def _record(
    action: AuditAction, response: Response, view: DifferingView, by: User
) -> None:
    """Record where a view is, never what it says."""
    subject = str(view.address)
    record(action, by=by, response=response, subject=subject, number=view.pk)


def _cleaned(text: str, institution: str) -> tuple[str, str]:
    problems = []
    try:
        text = clean_text(text, LONG_TEXT_MAX)
    except InvalidValue as invalid:
        problems += invalid.messages
    try:
        institution = clean_text(institution, INSTITUTION_MAX)
    except InvalidValue as invalid:
        problems += invalid.messages
    else:
        if not institution:
            problems.append(_("Say whose view this is."))
    if problems:
        raise ViewRefused(*problems)
    return text, institution


def _judged(response: Response, address: Address, value: Any) -> Value:
    """Return the canonical value, judged as saving would judge it."""
    if address.column in RESERVED_COLUMNS:
        raise ViewRefused(_("Notes and documents take no differing view."))
    outcome = judged(response, address, value)
    if isinstance(outcome, Invalid):
        raise ViewRefused(*outcome.errors)
    if not outcome.is_new and outcome.value is not None:
        raise ViewRefused(_("This is the national answer already: nothing differs."))
    return outcome.value


@transaction.atomic
def withdraw_view(*, response: Response, view: DifferingView, by: User) -> None:
    """Withdraw one's own view; it stays readable. Twice is once."""
    lock_open(response, by, Action.DISSENT)
    if view.recorded_by_id != by.pk:
        raise RoleForbids
    standing = DifferingView.objects.filter(pk=view.pk, withdrawn_at__isnull=True)
    if standing.update(withdrawn_at=timezone.now(), withdrawn_by=by):
        _record(AuditAction.VIEW_WITHDRAWN, response, view, by)


@transaction.atomic
def adopt_view(
    *, response: Response, view: DifferingView, base: int, by: User
) -> Outcome:
    """Make a standing view the national answer, unless that moved on since `base`.

    All views stay attached. Raises ViewRefused for a view that was withdrawn or holds no
    value.
    """
    lock_open(response, by, Action.SETTLE)
    view.refresh_from_db(fields=["withdrawn_at"])
    if not view.is_standing or view.value is None:
        raise ViewRefused(_("This view was withdrawn, or proposes no answer."))
    (outcome,) = save_changes(
        response=response,
        changes=[Change(view.address, view.value, base)],
        by=by,
        via=Via.MERGE,
    )
    if isinstance(outcome, Saved) and outcome.is_new:
        _record(AuditAction.VIEW_ADOPTED, response, view, by)
    return outcome


@transaction.atomic
def print_views(*, response: Response, is_printed: bool, by: User) -> None:
    """Say whether the report's annex prints the standing views; frozen by submitting."""
    lock_open(response, by, Action.SETTLE)
    changed = Response.objects.filter(pk=response.pk, prints_views=not is_printed)
    if changed.update(prints_views=is_printed):
        record(AuditAction.VIEW_PRINTED, by=by, response=response, on=is_printed)
    response.prints_views = is_printed
