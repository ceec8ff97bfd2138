"""Action plans as they are read: live, or an edition that the country adopted.

An edition is frozen text; a report prints the latest one, so that it rests on records only
(docs/adr/0011).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from assessment.models import (
    PlanAction,
    PlanActionRevision,
    PlanEdition,
    Response,
    User,
)
from assessment.permissions import Action, may

Status = PlanAction.Status
FINISHED = frozenset({Status.DONE, Status.DROPPED})


@dataclass(frozen=True, slots=True)
class ActionContent:
    """What a country says about one action; the names are those of `PlanAction`.

    `status` is empty for an action carried over of which nothing has been said yet.
    """

    title: str = ""
    text: str = ""
    owner: str = ""
    co_owners: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    cost: str = ""
    partners: tuple[str, ...] = ()
    partners_other: str = ""
    measure: str = ""
    status: str = Status.PLANNED.value
    remark: str = ""

    def as_json(self) -> dict[str, Any]:
        return {name: _plain(getattr(self, name)) for name in CONTENT}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ActionContent:
        """Return what `as_json` wrote; what a later version added is as by default."""
        given = {name: values[name] for name in CONTENT if name in values}
        for name in ("starts_on", "ends_on"):
            given[name] = date.fromisoformat(given[name]) if given.get(name) else None
        return cls(**given | {"partners": tuple(given.get("partners", ()))})

    def differences(self, other: ActionContent) -> tuple[str, ...]:
        """Return the names of the fields in which `other` is different."""
        return tuple(n for n in CONTENT if getattr(self, n) != getattr(other, n))


CONTENT = tuple(field.name for field in fields(ActionContent))


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """An action in its place; `earlier_…` is where it was carried over from, if it was."""

    number: int
    revision: int
    recommendation: str
    content: ActionContent
    earlier_number: int | None = None
    earlier_status: str = ""

    @property
    def is_carried(self) -> bool:
        return self.earlier_number is not None

    @property
    def is_finished_earlier(self) -> bool:
        """Whether it was carried over only to be told finished: no longer a plan."""
        return self.is_carried and self.content.status in FINISHED


@dataclass(frozen=True, slots=True)
class EarlierPlan:
    """The adopted plan of an earlier round whose unfinished actions were carried over.

    `count` is of all its actions, `finished` of those done or dropped in it by status.
    """

    round_code: str
    round_title: str
    year: int
    number: int
    sha256: str
    count: int
    finished: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """A plan to be read; the live one has no number, moment, person or hash."""

    actions: tuple[PlannedAction, ...]
    earlier: EarlierPlan | None = None
    number: int | None = None
    adopted_at: datetime | None = None
    adopted_by: str = ""
    sha256: str = ""

    @property
    def carried(self) -> tuple[PlannedAction, ...]:
        return tuple(action for action in self.actions if action.is_carried)

    @property
    def to_say(self) -> tuple[PlannedAction, ...]:
        """Return the carried-over actions of which nothing has been said yet."""
        return tuple(a for a in self.actions if not a.content.status)

    @property
    def current(self) -> tuple[PlannedAction, ...]:
        """Return what the plan consists of now, without what the earlier one finished."""
        return tuple(a for a in self.actions if not a.is_finished_earlier)


def content_of(action: PlanAction) -> ActionContent:
    values = {name: getattr(action, name) for name in CONTENT}
    return ActionContent(**values | {"partners": tuple(action.partners)})


def on_top(action: PlanAction, content: ActionContent, base: int) -> ActionContent:
    """Return what stands with what `content` changed since a revision. One query."""
    found = PlanActionRevision.objects.filter(action=action.pk, revision=base).first()
    if found is None:
        return content
    changed = ActionContent.from_json(found.content).differences(content)
    touched = {name: getattr(content, name) for name in changed}
    return replace(content_of(action), **touched)


def planned(action: PlanAction) -> PlannedAction:
    return PlannedAction(
        number=action.number,
        revision=action.revision,
        recommendation=action.recommendation,
        content=content_of(action),
        earlier_number=action.earlier_number,
        earlier_status=action.earlier_status,
    )


def actions_of(response: Response) -> list[PlanAction]:
    """Return every action in its order, those withdrawn too. One query."""
    found = PlanAction.objects.filter(response=response.pk)
    return list(
        found.select_related("changed_by", "withdrawn_by").order_by("position", "pk")
    )


def live_plan(response: Response) -> ActionPlan | None:
    """Return the plan as it stands, None where there is nothing. At most two queries."""
    if not has_plan(response):
        return None
    return plan_of(actions_of(response))


def plan_of(actions: Sequence[PlanAction]) -> ActionPlan | None:
    """Return the plan of `actions` that stand, None for none. At most one query."""
    standing = [action for action in actions if action.is_standing]
    if not standing:
        return None
    carried = [action.earlier_id for action in standing if action.earlier_id]
    return ActionPlan(
        actions=tuple(map(planned, standing)),
        earlier=_earlier(carried[0]) if carried else None,
    )


def _earlier(edition_pk: int) -> EarlierPlan:
    edition = PlanEdition.objects.select_related("response__round").get(pk=edition_pk)
    statuses = [a.content.status for a in edition_plan(edition).actions]
    round_ = edition.response.round
    return EarlierPlan(
        round_code=round_.code,
        round_title=round_.title,
        year=round_.year,
        number=edition.number,
        sha256=edition.sha256,
        count=len(statuses),
        finished={
            status.value: statuses.count(status)
            for status in (Status.DONE, Status.DROPPED)
        },
    )


def has_plan(response: Response) -> bool:
    """Whether a plan was ever begun: known without a query where it came with the response."""
    known = getattr(response, "has_plan", None)
    return known if known is not None else any_plan(response)


def any_plan(response: Response) -> bool:
    return PlanAction.objects.filter(response=response.pk).exists()


def plan_there() -> Exists:
    """Return whether a plan was ever begun, for a query of responses."""
    return Exists(PlanAction.objects.filter(response=OuterRef("pk")))


# Editions


def editions_of(response: Response) -> list[PlanEdition]:
    """Return the editions, the newest first. At most one query."""
    if not has_plan(response):
        return []
    found = PlanEdition.objects.filter(response=response.pk)
    return list(found.select_related("adopted_by").order_by("-number"))


def adopted_plan(response: Response, number: int | None = None) -> ActionPlan | None:
    """Return the latest edition, or edition `number`; None where none was adopted.

    At most one query. Raises PlanEdition.DoesNotExist if the number asked for is none.
    """
    if number is None and not has_plan(response):
        return None
    found = PlanEdition.objects.filter(response=response.pk).order_by("-number")
    if number is not None:
        return edition_plan(found.get(number=number))
    edition = found.first()
    return edition_plan(edition) if edition else None


def edition_plan(edition: PlanEdition) -> ActionPlan:
    """Return what an edition says. No query."""
    record = json.loads(edition.canonical_json)
    earlier = record["earlier"]
    return ActionPlan(
        actions=tuple(map(_frozen_action, record["actions"])),
        earlier=EarlierPlan(**earlier) if earlier else None,
        number=edition.number,
        adopted_at=edition.adopted_at,
        adopted_by=record["adopted_by"],
        sha256=edition.sha256,
    )


def _frozen_action(record: Mapping[str, Any]) -> PlannedAction:
    return PlannedAction(
        number=record["number"],
        revision=record["revision"],
        recommendation=record["recommendation"],
        content=ActionContent.from_json(record),
        earlier_number=record["earlier_number"],
        earlier_status=record["earlier_status"],
    )


def action_json(action: PlannedAction) -> dict[str, Any]:
    """Return an action as an edition freezes it."""
    return action.content.as_json() | {
        "number": action.number,
        "revision": action.revision,
        "recommendation": action.recommendation,
        "earlier_number": action.earlier_number,
        "earlier_status": action.earlier_status,
    }


def plan_json(plan: ActionPlan) -> dict[str, Any]:
    """Return what the country says in a plan, without who adopted it and when."""
    earlier = plan.earlier
    return {
        "earlier": {
            "round_code": earlier.round_code,
            "round_title": earlier.round_title,
            "year": earlier.year,
            "number": earlier.number,
            "sha256": earlier.sha256,
            "count": earlier.count,
            "finished": dict(earlier.finished),
        }
        if earlier
        else None,
        "actions": [action_json(action) for action in plan.actions],
    }


# What there is to do


@dataclass(frozen=True, slots=True)
class PlanToSay:
    """How many actions of an earlier plan wait to be told of, and of which year."""

    count: int
    year: int


def plan_to_say(response: Response, user: User) -> PlanToSay | None:
    """Return what an earlier plan waits for, None for nothing. At most one query.

    The live plan is the country's own: people at UNSD are told nothing of it.
    """
    if not (has_plan(response) and may(user, Action.READ_LIVE, response)):
        return None
    years = list(
        PlanAction.objects.filter(
            response=response.pk, status="", withdrawn_at__isnull=True
        ).values_list("earlier__response__round__year", flat=True)
    )
    return PlanToSay(len(years), years[0]) if years else None


def went_on_in(response: Response) -> int | None:
    """Return the year of the round that carried this plan over, if one did. One query."""
    return (
        PlanAction.objects.filter(earlier__response=response.pk)
        .values_list("response__round__year", flat=True)
        .first()
    )


def edition_to_carry(response: Response) -> PlanEdition | None:
    """Return the last adopted edition of the country's newest earlier plan. One query."""
    return (
        PlanEdition.objects.filter(
            response__country=response.country_id,
            response__round__year__lt=response.round.year,
        )
        .select_related("response__country", "response__round")
        .order_by("-response__round__year", "-response__round__code", "-number")
        .first()
    )


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One revision beside the one before it; `changed` names the fields that differ."""

    revision: PlanActionRevision
    before: ActionContent | None
    after: ActionContent
    changed: tuple[str, ...]
    what: str


def changes_of_plan(response: Response) -> list[PlanChange]:
    """Return every change of every action, the newest first. One query."""
    found: list[PlanChange] = []
    last: dict[int, PlanActionRevision] = {}
    revisions = PlanActionRevision.objects.filter(action__response=response.pk)
    for one in revisions.select_related("action", "changed_by").order_by(
        "action", "revision"
    ):
        found.append(_change(one, last.get(one.action_id)))
        last[one.action_id] = one
    found.sort(key=lambda c: (c.revision.changed_at, c.revision.pk), reverse=True)
    return found


def _change(one: PlanActionRevision, before: PlanActionRevision | None) -> PlanChange:
    after = ActionContent.from_json(one.content)
    was = ActionContent.from_json(before.content) if before else None
    if before is None:
        what = "carried" if one.action.earlier_id else "added"
    elif one.is_withdrawn is not before.is_withdrawn:
        what = "withdrawn" if one.is_withdrawn else "restored"
    else:
        what = "changed"
    return PlanChange(one, was, after, was.differences(after) if was else (), what)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
