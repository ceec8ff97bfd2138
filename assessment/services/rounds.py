"""Rounds and the responses in them: opening, closing, joining."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.audit import record
from assessment.models import (
    Answer,
    AnswerRevision,
    AuditAction,
    Country,
    Response,
    Round,
    Transition,
    User,
    Via,
)
from assessment.origin import current_origin
from assessment.queries import responses_with_instrument
from assessment.refusals import NotReady
from assessment.services.plan_editions import carry_over_plan
from assessment.services.prefill import carry_over
from questionnaire.models import Publication
from questionnaire.repository import publish

SYSTEM_EMAIL = "import@system.invalid"


def system_user() -> User:
    """Return the account in whose name imports and prefills are written. One query."""
    found = User.objects.filter(is_system=True, email=SYSTEM_EMAIL).first()
    if found is None:
        found = User.objects.create_user(SYSTEM_EMAIL, name="import", is_system=True)
    return found


@transaction.atomic
def open_round(*, round_: Round, countries: Iterable[Country], by: User) -> None:
    """Publish the questionnaire and open a response for each country. Idempotent."""
    row = Round.objects.select_for_update().get(pk=round_.pk)
    if not Publication.objects.filter(questionnaire=row.questionnaire_id).exists():
        publish(row.questionnaire)
        version = str(row.questionnaire)
        record(AuditAction.VERSION_PUBLISHED, by=by, round_=row, subject=version)
    if row.opened_at is None or row.closed_at is not None:
        row.opened_at = row.opened_at or timezone.now()
        row.closed_at = None
        row.save(update_fields=["opened_at", "closed_at"])
        record(AuditAction.ROUND_OPENED, by=by, round_=row, subject=row.code)
    round_.opened_at, round_.closed_at = row.opened_at, row.closed_at
    for country in countries:
        open_response(round_=row, country=country, by=by)


@transaction.atomic
def close_round(*, round_: Round, by: User) -> None:
    """Stop saving in every response of the round. Idempotent; opening undoes it."""
    row = Round.objects.select_for_update().get(pk=round_.pk)
    if row.opened_at is None:
        raise NotReady(_("This round has not been opened."))
    if row.closed_at is None:
        row.closed_at = timezone.now()
        row.save(update_fields=["closed_at"])
        record(AuditAction.ROUND_CLOSED, by=by, round_=row, subject=row.code)
    round_.closed_at = row.closed_at


@transaction.atomic
def open_response(*, round_: Round, country: Country, by: User) -> Response:
    """Return the country's response in the round, opened if there was none.

    The assessment year is prefilled from the round and counts as confirmed; the country's
    last accepted answers are carried over and wait to be confirmed, and so do the actions
    that the last plan it adopted left unfinished.
    """
    response, is_new = Response.objects.get_or_create(
        round=round_, country=country, defaults={"opened_by": by}
    )
    if is_new:
        now = timezone.now()
        Transition.objects.create(
            response=response,
            action=Transition.Action.OPEN,
            to_status=response.status,
            made_by=by,
            made_at=now,
        )
        record(AuditAction.RESPONSE_OPEN, by=by, response=response)
        system, origin = system_user(), current_origin()
        written = {"value": round_.year, "revision": 1, "changed_by": system}
        answer = Answer.objects.create(
            response=response,
            question=round_.questionnaire.assessment_year_question,
            changed_at=now,
            **written,
        )
        AnswerRevision.objects.create(
            answer=answer,
            changed_at=now,
            via=Via.PREFILL,
            ip=origin.ip,
            request_id=origin.request_id,
            **written,
        )
    found = responses_with_instrument().get(pk=response.pk)
    if not is_new:
        return found
    found = carry_over(response=found, by=system)
    is_planned = carry_over_plan(response=found, by=system) > 0
    setattr(found, "has_plan", is_planned)  # noqa: B010  as an annotation would be
    return found
