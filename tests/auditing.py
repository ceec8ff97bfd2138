"""Shortcuts of the tests to the audit trail."""

from __future__ import annotations

from typing import Any

from assessment.comment_queries import Place, place_in
from assessment.models import AuditEvent, Response
from assessment.queries import instrument_of


class Trail:
    """What was recorded since it was made, oldest first."""

    def __init__(self) -> None:
        self.start = last_number()

    @property
    def events(self) -> list[AuditEvent]:
        return list(AuditEvent.objects.filter(pk__gt=self.start).order_by("pk"))

    @property
    def actions(self) -> list[str]:
        return [event.action for event in self.events]

    @property
    def said(self) -> list[tuple[Any, ...]]:
        """Who, what, to what, how."""
        return [(e.actor_name, e.action, e.subject, e.detail) for e in self.events]


def last_number() -> int:
    newest = AuditEvent.objects.order_by("-pk").first()
    return newest.pk if newest else 0


def gen(response: Response) -> Place:
    """Return the place of the whole section GEN."""
    place = place_in(instrument_of(response), "GEN")
    assert place is not None
    return place
