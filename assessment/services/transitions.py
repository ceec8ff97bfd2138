"""Moving a response from status to status: one table (contracts: transitions).

Each transition takes the row's lock, looks at the status again and is idempotent under a
double click: asking for what has just happened answers with what happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.audit import record
from assessment.background import run_ahead
from assessment.comment_queries import (
    Point,
    asked_threads,
    open_threads,
    points_of,
    sections_by_question,
    threads_of,
)
from assessment.dissent import printed_views
from assessment.models import (
    Acceptance,
    AuditAction,
    Comment,
    Response,
    Round,
    Side,
    Submission,
    Transition,
    User,
)
from assessment.permissions import EDITABLE, Action, may, may_ever
from assessment.queries import (
    held_answers,
    held_in,
    instrument_of,
    latest_submission,
)
from assessment.records import (
    acceptance_record,
    canonical_text,
    names_text,
    sha256_of,
    submission_record,
    views_text,
)
from assessment.refusals import NotReady, ResponseClosed, RoleForbids
from assessment.reviewed import Reviewed, in_force, standing_of
from assessment.services.clearance import clearance_to_freeze
from assessment.services.telling import tell_moved
from questionnaire.consistency import contradictions, unexplained
from questionnaire.states import ResponseState

Status = Response.Status


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table; `to` is None where the status before comes back."""

    allowed_from: frozenset[Status]
    to: Status | None
    needs_message: bool = False
    needs_open_round: bool = False


RULES: dict[Action, Rule] = {
    Action.SUBMIT: Rule(EDITABLE, Status.SUBMITTED, needs_open_round=True),
    Action.WITHDRAW: Rule(frozenset({Status.SUBMITTED}), None, needs_open_round=True),
    Action.RETURN: Rule(
        frozenset({Status.SUBMITTED}), Status.RETURNED, needs_message=True
    ),
    Action.ACCEPT: Rule(frozenset({Status.SUBMITTED}), Status.ACCEPTED),
    Action.REOPEN: Rule(
        frozenset({Status.ACCEPTED}), Status.RETURNED, needs_message=True
    ),
}


@transaction.atomic
def submit_response(
    *, response: Response, by: User, missing_confirmed: int | None
) -> Submission:
    """Freeze the answers and hand the response to review.

    `missing_confirmed` is the number of required answers the person was shown as missing
    and confirmed, None if they confirmed nothing. Raises NotReady while an error-level
    contradiction stands, a warning lacks its remark, more is missing than was confirmed,
    a point that must be settled is left, or the round asks for a clearance and none
    stands for these answers.
    """
    if _is_done(response, Action.SUBMIT, by):
        return latest_submission(response)
    held = held_answers(response)
    state = ResponseState(
        instrument_of(response),
        {a: h.value for a, h in held.items() if h.is_confirmed and h.value is not None},
    )
    _refuse_contradictions(state)
    _refuse_points(
        points_of(threads_of(response), sections_by_question(state.instrument), held)
    )
    _refuse_missing(state, missing_confirmed)
    clearance = clearance_to_freeze(
        response=response, instrument=state.instrument, answers=state.answers
    )
    now = timezone.now()
    number = response.submissions.count() + 1
    text = canonical_text(
        submission_record(
            response=response,
            instrument=state.instrument,
            number=number,
            at=now,
            by=by,
            answers=[
                (a, value, held[a].revision) for a, value in state.answers.items()
            ],
            clearance=clearance,
        )
    )
    submission = Submission.objects.create(
        response=response,
        number=number,
        canonical_json=text,
        sha256=sha256_of(text),
        views_json=views_text(printed_views(response)),
        names_json=names_text(response),
        submitted_at=now,
        submitted_by=by,
    )
    _move(response, Action.SUBMIT, by=by, at=now)
    run_ahead("keep_report", "--ahead", str(response.pk))
    return submission


@transaction.atomic
def withdraw_response(*, response: Response, by: User) -> None:
    """Take a submission back; the status before it returns.

    Raises NotReady once its review has begun.
    """
    if _is_done(response, Action.WITHDRAW, by):
        return
    submission = latest_submission(response)
    _refuse_begun(submission)
    last = response.transitions.filter(action=Transition.Action.SUBMIT).latest(
        "made_at", "pk"
    )
    now = timezone.now()
    submission.withdrawn_at, submission.withdrawn_by = now, by
    submission.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _move(response, Action.WITHDRAW, by=by, at=now, to=Status(last.from_status))


@transaction.atomic
def return_response(*, response: Response, by: User, message: str) -> None:
    """Hand a submission back for correction, with a message or an open point.

    Raises NotReady without either.
    """
    _transit(response, Action.RETURN, by, message)


@transaction.atomic
def reopen_response(*, response: Response, by: User, message: str) -> None:
    """Open an accepted response for correction, with a reason. Raises NotReady without."""
    _transit(response, Action.REOPEN, by, message)


@transaction.atomic
def accept_response(
    *, response: Response, by: User, open_confirmed: int | None = 0
) -> Acceptance:
    """Accept the latest submission and freeze what was accepted, reviewed values included.

    `open_confirmed` is the number of open points the person was shown and confirmed, None
    if they confirmed nothing. Raises NotReady while more is open than was confirmed.
    """
    if _is_done(response, Action.ACCEPT, by):
        return Acceptance.objects.get(submission=latest_submission(response))
    submission = latest_submission(response)
    _refuse_open(response, open_confirmed)
    now = timezone.now()
    text = canonical_text(
        acceptance_record(
            submission=submission,
            at=now,
            by=by,
            reviewed=_reviewed(response, submission),
        )
    )
    acceptance = Acceptance.objects.create(
        submission=submission,
        canonical_json=text,
        sha256=sha256_of(text),
        accepted_at=now,
        accepted_by=by,
    )
    _move(response, Action.ACCEPT, by=by, at=now)
    run_ahead("keep_report", "--ahead", str(response.pk))
    return acceptance


def _reviewed(response: Response, submission: Submission) -> tuple[Reviewed, ...]:
    """Return the reviewed values in force. One query; the row is locked."""
    found = standing_of(response)
    if not found:
        return ()
    answers = {a: held.value for a, held in held_in(submission).items()}
    return in_force(instrument_of(response), answers, found)


def _transit(response: Response, action: Action, by: User, message: str) -> None:
    if _is_done(response, action, by):
        return
    if not message.strip() and not _speaks_for_itself(response, action):
        raise NotReady(_("Write a message first: the country reads what it should do."))
    _move(response, action, by=by, at=timezone.now(), message=message.strip())


def _speaks_for_itself(response: Response, action: Action) -> bool:
    """Whether no message is needed: open points of UNSD tell the country what to do."""
    if not RULES[action].needs_message:
        return True
    return action is Action.RETURN and bool(asked_threads(threads_of(response)))


def _is_done(response: Response, action: Action, by: User) -> bool:
    """Lock the row; return whether `action` is the last thing that happened to it.

    Raises RoleForbids or ResponseClosed if it neither happened nor may happen now.
    """
    row = Response.objects.select_for_update().get(pk=response.pk)
    response.status, response.prints_views = row.status, row.prints_views
    if not may_ever(by, action, response):
        raise RoleForbids
    if response.status in RULES[action].allowed_from and may(by, action, response):
        if RULES[action].needs_open_round:
            _refuse_closed_round(response)
        return False
    last = response.transitions.order_by("-made_at", "-pk").first()
    if last is not None and last.action == action.value:
        return True
    message = _("This response is %(status)s; that cannot be done now.")
    raise ResponseClosed(
        response.status, message % {"status": response.get_status_display().lower()}
    )


def _refuse_closed_round(response: Response) -> None:
    if not Round.objects.get(pk=response.round_id).is_open:
        raise ResponseClosed(
            "closed",
            _("The round is closed: the country cannot submit or withdraw now."),
        )


def _move(
    response: Response,
    action: Action,
    *,
    by: User,
    at: datetime,
    message: str = "",
    to: Status | None = None,
) -> None:
    target = to or RULES[action].to
    assert target is not None  # noqa: S101  only withdrawal has no fixed target; it gives one
    Transition.objects.create(
        response=response,
        action=action.value,
        from_status=response.status,
        to_status=target,
        message=message,
        made_by=by,
        made_at=at,
    )
    record(
        AuditAction(f"response.{action.value}"),
        by=by,
        response=response,
        from_status=response.status,
        to_status=target.value,
    )
    response.status = target
    response.save(update_fields=["status"])
    tell_moved(response, action, by=by)


def _refuse_contradictions(state: ResponseState) -> None:
    """Raise NotReady while answers exclude each other, or warnings are not explained."""
    found = contradictions(state)
    errors = [c.rule for c in found if c.rule.is_error]
    if errors:
        raise NotReady(
            ngettext(
                "One contradiction must be resolved before submission.",
                "%(count)d contradictions must be resolved before submission.",
                len(errors),
            )
            % {"count": len(errors)},
            [f"{rule.code}: {rule.message}" for rule in errors],
        )
    left = [c.rule for c in unexplained(state, found)]
    if left:
        raise NotReady(
            ngettext(
                "One point to check must be explained in a remark before submission, or "
                "its answers corrected.",
                "%(count)d points to check must be explained in a remark each before "
                "submission, or their answers corrected.",
                len(left),
            )
            % {"count": len(left)},
            [f"{rule.code}: {rule.message}" for rule in left],
        )


def _refuse_points(points: Sequence[Point]) -> None:
    left = [point.thread for point in points if point.is_left]
    if left:
        raise NotReady(
            ngettext(
                "One point of the review must be settled first: reply to it, or change "
                "the answer.",
                "%(count)d points of the review must be settled first: reply to each, or "
                "change the answer.",
                len(left),
            )
            % {"count": len(left)},
            [f"{one.thread.place}: {one.standing[0].text}" for one in left],
        )


def _refuse_begun(submission: Submission) -> None:
    """Raise NotReady once an officer has commented on the submission."""
    said = Comment.objects.filter(
        submission=submission, side=Side.UNSD, withdrawn_at__isnull=True
    )
    if said.exists():
        raise NotReady(
            _(
                "The review has begun: the submission cannot be withdrawn any more. "
                "Ask for its return in a comment."
            )
        )


def _refuse_open(response: Response, confirmed: int | None) -> None:
    left = len(open_threads(threads_of(response)))
    if left and confirmed != left:
        raise NotReady(
            ngettext(
                "One point is still open. Resolve it, or confirm that you accept the "
                "response with it.",
                "%(count)d points are still open. Resolve them, or confirm that you "
                "accept the response with them.",
                left,
            )
            % {"count": left}
        )


def _refuse_missing(state: ResponseState, confirmed: int | None) -> None:
    missing = state.missing()
    if missing and confirmed != len(missing):
        raise NotReady(
            ngettext(
                "One required question is not fully answered. Answer it, or confirm it.",
                "%(count)d required questions are not fully answered. Answer them, or "
                "confirm that they stay so.",
                len(missing),
            )
            % {"count": len(missing)},
            [f"{m.question.code} {m.question.short}" for m in missing],
        )
