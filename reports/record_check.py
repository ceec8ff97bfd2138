"""Whether a hash from a printed report is that of a record, for who may read the record."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from assessment.models import Acceptance, Submission, User
from assessment.permissions import responses_visible_to
from assessment.queries import acceptance_of
from assessment.records import sha256_of

SHORTEST, LONGEST = 16, 64

_HASH = re.compile(rf"[0-9a-f]{{{SHORTEST},{LONGEST}}}")


@dataclass(frozen=True, slots=True)
class CheckedRecord:
    """A submission and its acceptance, if there is one; `hash` is the one asked for.

    `is_intact` says whether the texts stored still have the hashes stored beside them.
    """

    iso3: str
    country: str
    round_code: str
    round_title: str
    number: int
    submitted_at: datetime
    accepted_at: datetime | None
    hash: str
    is_acceptance: bool
    is_intact: bool


def parse_hash(text: str) -> str | None:
    """Return the hash, or its beginning, as it is stored; None if the text is none.

    Spaces and the ellipsis of the printed page are left out.
    """
    found = re.sub(r"[\s….]", "", text.lower().replace("sha-256", ""))
    return found if _HASH.fullmatch(found) else None


def check_record(user: User, beginning: str) -> CheckedRecord | None:
    """Return the record whose hash begins so; None unless `user` may read its report.

    Two queries. A hash that two records begin with is not known either.
    """
    found = (
        Submission.objects.filter(
            Q(sha256__startswith=beginning)
            | Q(acceptance__sha256__startswith=beginning),
            response__in=responses_visible_to(user),
            withdrawn_at__isnull=True,
        )
        .select_related("response__country", "response__round", "acceptance")
        .order_by("pk")[:2]
    )
    return _checked(found[0], beginning) if len(found) == 1 else None


def _checked(submission: Submission, beginning: str) -> CheckedRecord:
    response, acceptance = submission.response, acceptance_of(submission)
    is_acceptance = not submission.sha256.startswith(beginning)
    asked = acceptance if acceptance and is_acceptance else submission
    return CheckedRecord(
        iso3=response.country.iso3,
        country=response.country.name,
        round_code=response.round.code,
        round_title=response.round.title,
        number=submission.number,
        submitted_at=submission.submitted_at,
        accepted_at=acceptance.accepted_at if acceptance else None,
        hash=asked.sha256,
        is_acceptance=is_acceptance,
        is_intact=_is_intact(submission, acceptance),
    )


def _is_intact(submission: Submission, acceptance: Acceptance | None) -> bool:
    """Compute the hashes anew, and see whether the acceptance names the submission's."""
    if sha256_of(submission.canonical_json) != submission.sha256:
        return False
    if acceptance is None:
        return True
    if sha256_of(acceptance.canonical_json) != acceptance.sha256:
        return False
    return bool(
        json.loads(acceptance.canonical_json)["submission"] == submission.sha256
    )
