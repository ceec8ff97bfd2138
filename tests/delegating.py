"""Shortcuts of the tests to delegations."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from assessment.models import Country, Delegation, Response, Team, User
from assessment.models.delegations import today
from assessment.services.delegations import delegate


def switch(country: Country, by: User, mode: str = "delegated") -> None:
    Team.objects.update_or_create(
        country=country,
        defaults={"mode": mode, "changed_at": timezone.now(), "changed_by": by},
    )


def give(
    response: Response, by: User, to: User | str, *parts: str, **terms: Any
) -> Delegation:
    """Delegate to a person or an address, due in a week unless said otherwise."""
    days = terms.pop("days", 7)
    person = {"email": to} if isinstance(to, str) else {"user": to}
    return delegate(
        response=response,
        parts=parts,
        by=by,
        due_on=today() + datetime.timedelta(days=max(days, 0)),
        **person,
        **terms,
    )


def age(delegation: Delegation, days: int) -> Delegation:
    """Let a delegation be due `days` from today: a past day cannot be delegated to."""
    delegation.due_on = today() + datetime.timedelta(days=days)
    delegation.save(update_fields=["due_on"])
    return delegation
