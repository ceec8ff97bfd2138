"""Recording into the audit trail: one row for what was done, in the same transaction.

Saves of answers are recorded by their revisions (docs/adr/0010).
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from assessment.models import AuditAction, AuditEvent, Response, Round, User
from assessment.models.audit import SUBJECT_MAX
from assessment.origin import current_origin


def record(
    action: AuditAction,
    *,
    by: User | None,
    response: Response | None = None,
    country_id: int | None = None,
    round_: Round | None = None,
    subject: str = "",
    **detail: Any,
) -> None:
    """Record what `by` did, None being who is not signed in. One query.

    `subject` names what it was done to; `detail` is codes, counts and roles, without those
    that are empty, and never what people wrote. A response brings its country and round.
    """
    origin = current_origin()
    AuditEvent.objects.create(
        at=timezone.now(),
        actor=by,
        actor_name=_kept(by.name or by.email, 254) if by else "",
        action=action.value,
        response=response,
        country_id=response.country_id if response else country_id,
        round_id=response.round_id if response else round_.pk if round_ else None,
        subject=_kept(subject, SUBJECT_MAX),
        detail={
            name: value for name, value in detail.items() if value not in ("", None)
        },
        ip=origin.ip,
        request_id=origin.request_id,
    )


def shortened(address: str) -> str:
    """Return an e-mail address as far as it may be kept: it may be a mistyped password."""
    local, _at, domain = address.strip().rpartition("@")
    return f"{local[:2]}…@{domain}" if local and "." in domain else "…"


def _kept(text: str, longest: int) -> str:
    """Return a text that every database takes."""
    text = text.replace("\x00", "")
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
