"""What a reminder would be, country by country, before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone, translation

from assessment.models import Response, User
from assessment.round_queries import coordinators_in
from assessment.services.country_reminders import (
    REST,
    reason_against,
    worded,
    words_of,
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What the coordinators of a country would read; with a reason nothing is sent."""

    response: Response
    people: tuple[User, ...]
    subject: str
    text: str
    reason: str
    reminded_at: datetime | None


def previews(
    responses: Sequence[Response],
    *,
    subject: str,
    text: str,
    language: str,
    is_again: bool,
) -> list[Preview]:
    """Return a preview of each response from `followed_responses`. One query."""
    people = coordinators_in(response.country_id for response in responses)
    since = timezone.now() - REST
    found = []
    for response in responses:
        to = people.get(response.country_id, [])
        at: datetime | None = getattr(response, "reminded_at", None)
        is_recent = at is not None and at > since and not is_again
        with translation.override(language):
            words = words_of(response)
        found.append(
            Preview(
                response=response,
                people=tuple(to),
                subject=worded(subject, words),
                text=worded(text, words),
                reason=reason_against(response, to, is_recent=is_recent),
                reminded_at=at,
            )
        )
    return found
