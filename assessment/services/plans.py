"""The action plan: adding actions, changing, moving, taking out and bringing back.

Each service locks the response and looks at the rights again. A change names the revision
it was based on: a stale one changes nothing and says what stands (design, decision 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.audit import record
from assessment.models import (
    AuditAction,
    PlanAction,
    PlanActionRevision,
    Response,
    User,
)
from assessment.permissions import Action, may, may_ever
from assessment.plan_content import cleaned
from assessment.plans import CONTENT, ActionContent, content_of, on_top, went_on_in
from assessment.queries import instrument_of
from assessment.refusals import NotReady, Refusal, ResponseClosed, RoleForbids

ACTIONS_MAX = 200


class PlanFull(Refusal):
    code = "plan_full"

    def __init__(self) -> None:
        super().__init__(
            _("A plan has at most %(maximum)s actions.") % {"maximum": ACTIONS_MAX}
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """The action holds what was asked for; `is_new` unless it did already."""

    action: PlanAction
    is_new: bool


@dataclass(frozen=True, slots=True)
class Stale:
    """The action changed meanwhile and stays as it is: `mine` was not saved.

    `mine` is what stands with the fields that were changed: of the others nobody said
    anything, so that saving it does not undo what a colleague wrote there.
    """

    action: PlanAction
    mine: ActionContent


Outcome = Kept | Stale


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says became of an action: its number, and what it was based on."""

    number: int
    base: int
    status: str
    remark: str


def lock_plan(response: Response, by: User) -> None:
    """Lock the response and look again whether `by` may change its plan. Two queries.

    Raises RoleForbids, ResponseClosed, and NotReady once a later round carried it over.
    """
    response.status = (
        Response.objects.select_for_update(of=("self",)).get(pk=response.pk).status
    )
    if not may_ever(by, Action.PLAN, response):
        raise RoleForbids
    if not may(by, Action.PLAN, response):
        raise ResponseClosed(response.status, _("The plan cannot be changed now."))
    year = went_on_in(response)
    if year is not None:
        raise NotReady(
            _("This plan goes on in the round of %(year)s. Change it there.")
            % {"year": year}
        )


@transaction.atomic
def add_recommended(
    *, response: Response, codes: Iterable[str], by: User
) -> list[PlanAction]:
    """Add recommendations of the catalogue, in the order given; return those added.

    One that is in the plan stays as it is; one that was taken out comes back with what was
    said about it. Raises NotReady for a code that is none, and PlanFull.
    """
    lock_plan(response, by)
    asked = list(dict.fromkeys(codes))
    known = {one.code for one in instrument_of(response).recommendations}
    if not set(asked) <= known:
        raise NotReady(_("This recommendation is not in the catalogue."))
    there = {
        action.recommendation: action
        for action in PlanAction.objects.filter(
            response=response.pk, recommendation__in=asked
        ).order_by("-withdrawn_at", "pk")
    }
    made = []
    for code in asked:
        action = there.get(code)
        if action is None:
            made.append(_add(response, by, ActionContent(), recommendation=code))
        elif not action.is_standing:
            made.append(_restore(response, action, by))
    return made


@transaction.atomic
def add_own(*, response: Response, content: ActionContent, by: User) -> PlanAction:
    """Add an action of the country's own; the very same twice is once.

    Raises PlanRefused and PlanFull.
    """
    lock_plan(response, by)
    content = cleaned(content, instrument_of(response), is_own=True)
    same = PlanAction.objects.filter(
        response=response.pk, title=content.title, withdrawn_at__isnull=True
    )
    for action in same:
        if content_of(action) == content:
            return action
    return _add(response, by, content)


@transaction.atomic
def save_action(
    *, action: PlanAction, content: ActionContent, base: int, by: User
) -> Outcome:
    """Save what is said about an action, if it is still at revision `base`.

    Saying what stands is kept whatever the base, so that a double click is none. Raises
    PlanRefused, and NotReady for one that was taken out.
    """
    response = action.response
    lock_plan(response, by)
    action = _fresh(action)
    content = cleaned(
        content,
        instrument_of(response),
        is_own=not action.recommendation,
        kept=content_of(action),
    )
    return _save(response, action, content, base, by)


@transaction.atomic
def say_what_became(
    *, response: Response, said: Sequence[Said], by: User
) -> list[Outcome]:
    """Save status and remark of several actions; each is judged for itself, in order.

    Raises PlanRefused if one of them cannot be: nothing is saved then.
    """
    lock_plan(response, by)
    instrument = instrument_of(response)
    found = {
        action.number: action
        for action in PlanAction.objects.filter(
            response=response.pk,
            number__in=[one.number for one in said],
            withdrawn_at__isnull=True,
        )
    }
    outcomes = []
    for one in said:
        if one.number not in found:
            raise NotReady(_("This action is not in the plan any more."))
        action = found[one.number]
        now = content_of(action)
        content = cleaned(
            replace(now, status=one.status, remark=one.remark),
            instrument,
            is_own=not action.recommendation,
            kept=now,
        )
        outcomes.append(_save(response, action, content, one.base, by))
    return outcomes


@transaction.atomic
def move_action(*, action: PlanAction, is_up: bool, at: int, by: User) -> None:
    """Move an action one place up or down; at the end of the list it stays.

    `at` is the place from 1 at which it was shown: NotReady if it is another by now.
    """
    response = action.response
    lock_plan(response, by)
    order = list(
        PlanAction.objects.filter(
            response=response.pk, withdrawn_at__isnull=True
        ).order_by("position", "pk")
    )
    places = {one.pk: place for place, one in enumerate(order)}
    place = places.get(action.pk)
    if place is None or place + 1 != at:
        raise NotReady(
            _("The order changed meanwhile. Nothing was moved: look at the plan again.")
        )
    to = place - 1 if is_up else place + 1
    if not 0 <= to < len(order):
        return
    order[place], order[to] = order[to], order[place]
    for position, one in enumerate(order, start=1):
        if one.position != position:
            PlanAction.objects.filter(pk=one.pk).update(position=position)
    record(
        AuditAction.PLAN_MOVED,
        by=by,
        response=response,
        number=action.number,
        to=to + 1,
    )


@transaction.atomic
def withdraw_action(*, action: PlanAction, by: User) -> None:
    """Take an action out of the plan; it is kept and can be brought back. Twice is once.

    Raises NotReady for one carried over: of that the country says what became.
    """
    response = action.response
    lock_plan(response, by)
    action = _read(action)
    if action.earlier_id is not None:
        raise NotReady(
            _(
                "This action stood in the earlier plan: give it the status “dropped” "
                "instead, so that the report says what became of it."
            )
        )
    if action.is_standing:
        now = timezone.now()
        action.withdrawn_at, action.withdrawn_by = now, by
        _keep(action, by, now)
        record(AuditAction.PLAN_WITHDRAWN, by=by, response=response, **_named(action))


@transaction.atomic
def restore_action(*, action: PlanAction, by: User) -> None:
    """Bring an action back, at the end of the plan, with what was said. Twice is once.

    Raises NotReady if its recommendation stands in the plan by another way.
    """
    response = action.response
    lock_plan(response, by)
    action = _read(action)
    if action.is_standing:
        return
    again = PlanAction.objects.filter(
        response=response.pk,
        recommendation=action.recommendation,
        withdrawn_at__isnull=True,
    ).exclude(recommendation="")
    if again.exists():
        raise NotReady(_("This recommendation is in the plan already."))
    _restore(response, action, by)


# Inside


def _add(
    response: Response, by: User, content: ActionContent, *, recommendation: str = ""
) -> PlanAction:
    number, position = next_places(response)
    if number > ACTIONS_MAX:
        raise PlanFull
    action = new_action(
        response, by, content, number=number, position=position,
        recommendation=recommendation,
    )  # fmt: skip
    record(AuditAction.PLAN_ADDED, by=by, response=response, **_named(action))
    return action


def next_places(response: Response) -> tuple[int, int]:
    """Return the next number and position of a response's plan. One query."""
    last = PlanAction.objects.filter(response=response.pk).aggregate(
        number=Max("number", default=0), position=Max("position", default=0)
    )
    return last["number"] + 1, last["position"] + 1


def new_action(
    response: Response, by: User, content: ActionContent, **places: Any
) -> PlanAction:
    """Write an action and its first revision; the caller locks and records."""
    now = timezone.now()
    action = PlanAction(
        response=response,
        changed_by=by,
        changed_at=now,
        revision=0,
        **_columns(content),
        **places,
    )
    _keep(action, by, now)
    return action


def _columns(content: ActionContent) -> dict[str, Any]:
    values = {name: getattr(content, name) for name in CONTENT}
    return values | {"partners": list(content.partners)}


def _read(action: PlanAction) -> PlanAction:
    return PlanAction.objects.select_related("changed_by", "response").get(pk=action.pk)


def _fresh(action: PlanAction) -> PlanAction:
    found = _read(action)
    if not found.is_standing:
        raise NotReady(
            _("This action was taken out of the plan meanwhile. Bring it back first.")
        )
    return found


def _save(
    response: Response,
    action: PlanAction,
    content: ActionContent,
    base: int,
    by: User,
) -> Outcome:
    before = content_of(action)
    changed = before.differences(content)
    if not changed:
        return Kept(action, is_new=False)
    if base != action.revision:
        mine = on_top(action, content, base)
        return Stale(action, mine) if mine != before else Kept(action, is_new=False)
    for name, value in _columns(content).items():
        setattr(action, name, value)
    _keep(action, by, timezone.now())
    status: dict[str, Any] = (
        {"from_status": before.status, "to_status": content.status}
        if "status" in changed
        else {}
    )
    record(
        AuditAction.PLAN_CHANGED, by=by, response=response, **_named(action),
        fields=list(changed), **status,
    )  # fmt: skip
    return Kept(action, is_new=True)


def _restore(response: Response, action: PlanAction, by: User) -> PlanAction:
    _number, action.position = next_places(response)
    action.withdrawn_at = action.withdrawn_by = None
    _keep(action, by, timezone.now())
    record(AuditAction.PLAN_RESTORED, by=by, response=response, **_named(action))
    return action


def _keep(action: PlanAction, by: User, now: datetime) -> None:
    """Write the action and the revision that says so."""
    action.revision += 1
    action.changed_by, action.changed_at = by, now
    action.save()
    PlanActionRevision.objects.create(
        action=action,
        revision=action.revision,
        content=content_of(action).as_json(),
        is_withdrawn=not action.is_standing,
        changed_by=by,
        changed_at=now,
    )


def _named(action: PlanAction) -> dict[str, Any]:
    """Return what the audit trail calls an action: never what people wrote."""
    return {"number": action.number, "recommendation": action.recommendation}
