"""Shortcuts of the tests to action plans."""

from __future__ import annotations

import datetime
from typing import Any

from assessment.models import PlanAction, PlanEdition, Response, User
from assessment.plans import ActionContent, actions_of, content_of, plan_of
from assessment.services.plan_editions import adopt_plan, digest_of_plan
from assessment.services.plans import add_own, add_recommended, save_action

FULL = ActionContent(
    title="Hold a yearly meeting of producers",
    text="In March, with minutes.",
    owner="INEI",
    co_owners="Migraciones; RENIEC",
    starts_on=datetime.date(2026, 1, 15),
    ends_on=datetime.date(2026, 12, 31),
    cost=PlanAction.Cost.FROM_10,
    partners=("IOM", "UNSD"),
    partners_other="A donor",
    measure="Minutes are published.",
    status=PlanAction.Status.UNDER_WAY,
    remark="The first one was held.",
)


def add(response: Response, by: User, *codes: str) -> list[PlanAction]:
    return add_recommended(response=response, codes=codes, by=by)


def own(response: Response, by: User, content: ActionContent = FULL) -> PlanAction:
    return add_own(response=response, content=content, by=by)


def say(action: PlanAction, by: User, base: int | None = None, **values: Any) -> Any:
    """Change some of what is said about an action, based on what stands."""
    now = PlanAction.objects.select_related("response").get(pk=action.pk)
    now.response = action.response
    content = ActionContent(**content_as_values(now) | values)
    based = now.revision if base is None else base
    return save_action(action=now, content=content, base=based, by=by)


def content_as_values(action: PlanAction) -> dict[str, Any]:
    content = content_of(action)
    return {name: getattr(content, name) for name in content.__slots__}


def adopt(response: Response, by: User) -> PlanEdition:
    plan = plan_of(actions_of(response))
    seen = digest_of_plan(plan) if plan else ""
    return adopt_plan(response=response, seen=seen, by=by)
