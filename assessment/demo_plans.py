"""Action plans of the demonstration, built and adopted as a coordinator would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from django.conf import settings

from assessment.models import Response, User
from assessment.plans import CONTENT, ActionContent, actions_of, plan_of
from assessment.services.plan_editions import adopt_plan, digest_of_plan
from assessment.services.plans import (
    Said,
    add_own,
    add_recommended,
    save_action,
    say_what_became,
)


def load_plan(response: Response, *, by: User) -> None:
    """Build the plan of a response that was made just now, if there is one, and adopt it."""
    path = settings.BASE_DIR / "fixtures/demo/plan.yaml"
    for entry in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["plans"]:
        if (entry["iso3"], entry["round"]) == (
            response.country.iso3,
            response.round.code,
        ):
            _load(response, entry, by)


def _load(response: Response, entry: Mapping[str, Any], by: User) -> None:
    _say(response, entry.get("became", {}), by)
    for action in entry["actions"]:
        content = _content(action)
        if "recommendation" not in action:
            add_own(response=response, content=content, by=by)
            continue
        codes = [action["recommendation"]]
        for made in add_recommended(response=response, codes=codes, by=by):
            save_action(action=made, content=content, base=made.revision, by=by)
    plan = plan_of(actions_of(response))
    assert plan is not None  # noqa: S101  the fixture has actions
    adopt_plan(response=response, seen=digest_of_plan(plan), by=by)


def _say(response: Response, became: Mapping[str, Any], by: User) -> None:
    """Say what became of the actions carried over, by code or number in that plan."""
    said = [
        Said(action.number, action.revision, **found)
        for action in actions_of(response)
        if (found := became.get(action.recommendation or str(action.earlier_number)))
    ]
    say_what_became(response=response, said=said, by=by)


def _content(action: Mapping[str, Any]) -> ActionContent:
    given = {name: action[name] for name in CONTENT if name in action}
    return ActionContent(**given | {"partners": tuple(given.get("partners", ()))})
