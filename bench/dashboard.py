"""The dashboard of a round with 200 countries of about 300 answers each, in one process.

Run as `python -m bench.dashboard` by `bench.__main__`; prints one JSON object. The
countries are made up from the answers of one, and stay in the bench's own database.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from assessment.models import Answer, Country, Response, Round, User  # noqa: E402
from bench.server import HOST  # noqa: E402

COUNTRIES, ANSWERS = 200, 300
QUIET_RUNS, MOVED_RUNS = 15, 5
ROUND, PATTERN = "bench", "MEX"
_TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def fill() -> Round:
    """Make a round of its own with the countries and their answers."""
    officer = User.objects.get(email="officer@example.org")
    pattern = Answer.objects.filter(
        response__country__iso3=PATTERN, response__round__code="2025"
    ).order_by("pk")
    cells = list(pattern.values("question", "row", "column", "value")[:ANSWERS])
    round_ = Round.objects.get(code="2025")
    round_.pk, round_.code = None, ROUND
    round_._state.adding = True
    round_.save()
    Response.objects.bulk_create(
        Response(round=round_, country=country, opened_by=officer)
        for country in Country.objects.order_by("name")[:COUNTRIES]
    )
    now = timezone.now()
    for response in Response.objects.filter(round=round_):
        Answer.objects.bulk_create(
            Answer(
                response=response,
                revision=1,
                changed_by=officer,
                changed_at=now,
                **cell,
            )
            for cell in cells
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return round_


def milliseconds(action: Callable[[], Any]) -> float:
    before = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - before)


def main() -> None:
    round_ = fill()
    client = Client(SERVER_NAME=HOST, HTTP_ACCEPT_ENCODING="gzip")
    client.force_login(User.objects.get(email="officer@example.org"))

    def page() -> int:
        found = client.get(f"/rounds/{ROUND}/")
        if found.status_code != 200:
            message = f"the dashboard was answered by {found.status_code}"
            raise RuntimeError(message)
        return len(found.content)

    def floor() -> None:
        client.get("/bench/empty/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page()
        return sum(not q["sql"].startswith(_TRANSACTION) for q in captured)

    def move() -> None:
        """Change an answer of every country."""
        Answer.objects.filter(response__round=round_, question="GEN-01").update(
            revision=F("revision") + 1
        )

    page(), floor()
    move()
    found = {"moved_queries": queries(), "quiet_queries": queries(), "bytes": page()}
    floors, quiet, moved = [], [], []
    for _ in range(QUIET_RUNS):
        floors.append(milliseconds(floor))
        quiet.append(milliseconds(page))
    for _ in range(MOVED_RUNS):
        move()
        moved.append(milliseconds(page))
    found |= {
        "countries": COUNTRIES,
        "answers": ANSWERS,
        "floor_ms": median(floors),
        "quiet_ms": median(quiet),
        "moved_ms": median(moved),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
