"""Responsible institutions in plans follow when an institution is renamed or merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assessment.institution_queries import name_key
from assessment.models import PlanAction, User
from assessment.plans import content_of
from assessment.queries import responses_with_instrument
from assessment.refusals import NotReady
from assessment.services.plans import save_action


def rename_owners(*, country_id: int, names: Mapping[str, str], by: User) -> None:
    """Write new names into live plans; editions keep what was said.

    `names` has them by the key of the old ones. A plan that went on in a later round, or
    an action taken out, stays as it is. One query where no plan names an institution.
    """
    named = (
        PlanAction.objects.filter(
            response__country=country_id, withdrawn_at__isnull=True
        )
        .exclude(owner="")
        .order_by("pk")
    )
    for action in named:
        new = names.get(name_key(action.owner), action.owner)
        if new == action.owner:
            continue
        action.response = responses_with_instrument().get(pk=action.response_id)
        content = replace(content_of(action), owner=new)
        try:
            save_action(action=action, content=content, base=action.revision, by=by)
        except NotReady:  # it went on in a later round, which has its own
            continue
