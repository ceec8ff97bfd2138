"""Adopting a plan, and carrying it over into the next round."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.audit import record
from assessment.background import run_ahead
from assessment.models import AuditAction, PlanAction, PlanEdition, Response, User
from assessment.plans import (
    FINISHED,
    ActionPlan,
    PlannedAction,
    actions_of,
    edition_plan,
    edition_to_carry,
    plan_json,
    plan_of,
)
from assessment.queries import instrument_of, responses_with_instrument
from assessment.records import canonical_text, moment, sha256_of
from assessment.refusals import NotReady
from assessment.services.plans import lock_plan, new_action, next_places
from assessment.services.telling import tell_plan_adopted
from questionnaire.instrument import Instrument


def digest_of_plan(plan: ActionPlan) -> str:
    """Return the SHA-256 of what a plan says, whoever adopts it and when."""
    return sha256_of(canonical_text(plan_json(plan)))


@transaction.atomic
def adopt_plan(*, response: Response, seen: str, by: User) -> PlanEdition:
    """Freeze the plan as it stands as its next edition.

    `seen` is its digest as it was shown. Where the last edition says the same it is the
    one: two clicks make one. Raises NotReady if there is nothing, or if the plan changed.
    """
    lock_plan(response, by)
    plan = plan_of(actions_of(response))
    if plan is None:
        raise NotReady(_("There is no action in the plan yet."))
    digest = digest_of_plan(plan)
    if seen != digest:
        raise NotReady(
            _("The plan changed since this page was opened. Look at it as it is now.")
        )
    last = PlanEdition.objects.filter(response=response.pk).order_by("-number").first()
    if last is not None and digest_of_plan(edition_plan(last)) == digest:
        return last
    now = timezone.now()
    number = last.number + 1 if last else 1
    text = canonical_text(
        edition_record(response=response, number=number)
        | {"adopted_at": moment(now), "adopted_by": by.name}
        | plan_json(plan)
    )
    edition = PlanEdition.objects.create(
        response=response,
        number=number,
        canonical_json=text,
        sha256=sha256_of(text),
        adopted_at=now,
        adopted_by=by,
    )
    record(
        AuditAction.PLAN_ADOPTED, by=by, response=response, number=number,
        count=len(plan.actions),
    )  # fmt: skip
    tell_plan_adopted(edition, by=by)
    if response.status != Response.Status.DRAFT:
        run_ahead("keep_report", "--ahead", str(response.pk))
    return edition


def edition_record(*, response: Response, number: int) -> dict[str, Any]:
    """Return what an edition says of where it belongs. No query."""
    instrument = instrument_of(response)
    return {
        "country": response.country.iso3,
        "round": response.round.code,
        "questionnaire": {
            "code": instrument.code,
            "version": instrument.version,
            "hash": instrument.content_hash,
        },
        "number": number,
    }


@transaction.atomic
def carry_over_plan(*, response: Response, by: User) -> int:
    """Copy the unfinished actions of the last adopted plan into a later round's response.

    They wait there without a status until the country says what became of them. What the
    catalogue of this round no longer recommends stays as an action of the country's own.
    Return how many; what was carried over already is not again. Two queries and two an
    action; raises as `lock_plan` does.
    """
    edition = edition_to_carry(response)
    if edition is None:
        return 0
    lock_plan(response, by)
    left = [
        action
        for action in edition_plan(edition).actions
        if action.content.status not in FINISHED
    ]
    standing = PlanAction.objects.filter(response=response.pk)
    there = set(
        standing.filter(earlier=edition).values_list("earlier_number", flat=True)
    )
    chosen = set(
        standing.filter(withdrawn_at__isnull=True).values_list(
            "recommendation", flat=True
        )
    )
    old = instrument_of(
        responses_with_instrument().get(pk=edition.response_id), _language(edition)
    )
    made = 0
    for action in left:
        if action.number not in there:
            _carry(response, edition, action, old, chosen, by)
            made += 1
    if made:
        record(
            AuditAction.PLAN_CARRIED, by=by, response=response, count=made,
            subject=edition.response.round.code,
        )  # fmt: skip
    return made


def _language(edition: PlanEdition) -> str:
    return edition.response.round.questionnaire.language


def _carry(
    response: Response,
    edition: PlanEdition,
    action: PlannedAction,
    old: Instrument,
    chosen: set[str],
    by: User,
) -> None:
    instrument = instrument_of(response)
    number, position = next_places(response)
    content = replace(
        action.content, status="", remark="",
        partners=tuple(
            code
            for code in action.content.partners
            if code in instrument.catalogue.partners
        ),
    )  # fmt: skip
    code = action.recommendation
    if code and code in chosen:  # it is in this plan already: one action, not two
        PlanAction.objects.filter(
            response=response.pk, recommendation=code, withdrawn_at__isnull=True
        ).update(
            earlier=edition,
            earlier_number=action.number,
            earlier_status=action.content.status,
        )
        return
    known = {one.code for one in instrument.recommendations}
    if code and code not in known:
        titles = {one.code: one.title for one in old.recommendations}
        content, code = replace(content, title=titles.get(code, code)), ""
    new_action(
        response, by, content, number=number, position=position,
        recommendation=code, earlier=edition, earlier_number=action.number,
        earlier_status=action.content.status,
    )  # fmt: skip
