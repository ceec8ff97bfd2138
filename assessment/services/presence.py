"""Signs of presence: one small write each."""

from __future__ import annotations

from django.utils import timezone

from assessment.live import SEEN_FOR
from assessment.models import Presence, Response, User


def record_presence(*, response: Response, by: User, section: str) -> None:
    """Note that `by` is here now. One query, one more at the first sign of all.

    Two first signs at once, from two windows, make one row.
    """
    now = timezone.now()
    seen = Presence.objects.filter(response=response.pk, user=by.pk)
    if not seen.update(section=section, seen_at=now):
        Presence.objects.bulk_create(
            [Presence(response=response, user=by, section=section, seen_at=now)],
            update_conflicts=True,
            unique_fields=["response", "user"],
            update_fields=["section", "seen_at"],
        )


def end_presence(*, response: Response, by: User, section: str) -> None:
    """Note that `by` left a section, unless they were seen in another since. One query."""
    here = Presence.objects.filter(response=response.pk, user=by.pk, section=section)
    here.update(seen_at=timezone.now() - SEEN_FOR)
