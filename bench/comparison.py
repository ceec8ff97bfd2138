"""Comparing 200 countries that have handed in, in one process.

Run as `python -m bench.comparison` by `bench.__main__` after `bench.dashboard`, whose
round it takes; prints one JSON object. Every country gets the submission of one.
"""

from __future__ import annotations

import hashlib
import json
from statistics import median

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from assessment.models import (  # noqa: E402
    Acceptance,
    RecordFigures,
    Response,
    Round,
    Submission,
    User,
)
from bench.dashboard import (  # noqa: E402
    COUNTRIES,
    PATTERN,
    QUIET_RUNS,
    ROUND,
    fill,
    milliseconds,
)
from bench.server import HOST  # noqa: E402

COLD_RUNS = 2
_TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def hand_in(round_: Round) -> None:
    """Give every country of a round an accepted submission."""
    officer, now = User.objects.get(email="officer@example.org"), timezone.now()
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
    client = Client(SERVER_NAME=HOST, HTTP_ACCEPT_ENCODING="gzip")
    client.force_login(User.objects.get(email="officer@example.org"))

    def page() -> int:
        found = client.get(f"/rounds/{ROUND}/compare/")
        if found.status_code != 200:
            message = f"the comparison was answered by {found.status_code}"
            raise RuntimeError(message)
        return len(found.content)

    def floor() -> None:
        client.get("/bench/empty/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page()
        return sum(not q["sql"].startswith(_TRANSACTION) for q in captured)

    cold = []
    for _ in range(COLD_RUNS):
        RecordFigures.objects.all().delete()
        cold.append(milliseconds(page))
    floor()
    found = {"queries": queries(), "bytes": page(), "countries": COUNTRIES}
    floors, kept = [], []
    for _ in range(QUIET_RUNS):
        floors.append(milliseconds(floor))
        kept.append(milliseconds(page))
    found |= {
        "floor_ms": median(floors),
        "kept_ms": median(kept),
        "cold_ms": median(cold),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
