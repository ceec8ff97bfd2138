"""Comparing 200 countries that have handed in, in one process.

Run as `python -m bench.comparison` by `bench.__main__` after `bench.dashboard`, whose
round it takes; prints one JSON object. Every country gets the submission of one.
"""

from __future__ import annotations

import hashlib
import json
from statistics import median

from django.utils import timezone

from bench.dashboard import PATTERN, QUIET_RUNS, fill
from bench.following import COUNTRIES, OFFICER, ROUND, Follower, milliseconds

from assessment.models import (  # isort: skip  once Django is set up
    Acceptance,
    RecordFigures,
    Response,
    Round,
    Submission,
    User,
)

COLD_RUNS = 2


def hand_in(round_: Round) -> None:
    """Give every country of a round an accepted submission."""
    officer, now = User.objects.get(email=OFFICER), timezone.now()
    pattern = Submission.objects.filter(
        response__country__iso3=PATTERN, response__round__code="2025"
    ).latest("number")
    responses = Response.objects.filter(round=round_).select_related("country")
    submissions = Submission.objects.bulk_create(
        Submission(
            response=response,
            number=1,
            canonical_json=pattern.canonical_json,
            sha256=_hash("submission", response),
            submitted_at=now,
            submitted_by=officer,
        )
        for response in responses
    )
    Acceptance.objects.bulk_create(
        Acceptance(
            submission=submission,
            canonical_json=json.dumps({"reviewed_values": []}),
            sha256=_hash("acceptance", submission.response),
            accepted_at=now,
            accepted_by=officer,
        )
        for submission in submissions
    )
    responses.update(status=Response.Status.ACCEPTED)


def _hash(kind: str, response: Response) -> str:
    return hashlib.sha256(f"{kind} {response.country.iso3}".encode()).hexdigest()


def main() -> None:
    round_ = Round.objects.filter(code=ROUND).first() or fill()
    hand_in(round_)
    officer = Follower(f"/rounds/{ROUND}/compare/")
    cold = []
    for _ in range(COLD_RUNS):
        RecordFigures.objects.all().delete()
        cold.append(milliseconds(officer.page))
    officer.floor()
    found: dict[str, float] = {
        "countries": COUNTRIES,
        "queries": officer.queries(),
        "bytes": officer.page(),
    }
    floors, kept = officer.in_turns(QUIET_RUNS)
    found |= {
        "floor_ms": median(floors),
        "kept_ms": median(kept),
        "cold_ms": median(cold),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
