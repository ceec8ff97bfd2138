"""Shortcuts of the tests to invitations and their links."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail

from assessment.models import Country, Invitation, MembershipChange, User
from assessment.services.invitations import invite

SITE = "https://assessment.example.org/"
EMAIL = "interior@example.org"


def offer(country: Country, by: User, **values: Any) -> Invitation:
    """Invite somebody; the message leaves only where the test runs what follows a commit."""
    values = {"email": EMAIL, "name": "Luz", "role": "contributor"} | values
    return invite(country=country, by=by, site=SITE, **values)


def last_token() -> str:
    """Return the token of the message sent last."""
    found = re.search(r"/invitations/([^/]+)/", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def log_of(country: Country) -> list[tuple[Any, ...]]:
    """Return what happened to a team, oldest first."""
    changes = MembershipChange.objects.filter(country=country).order_by("pk")
    return list(
        changes.values_list("kind", "person__name", "email", "from_role", "to_role")
    )
