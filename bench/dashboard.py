"""The dashboard of a round with 200 countries of about 300 answers each, in one process.

Run as `python -m bench.dashboard` by `bench.__main__`; prints one JSON object. The
countries are made up from the answers of one, and stay in the bench's own database.
"""

from __future__ import annotations

import json
from statistics import median

from django.db import connection
from django.db.models import F
from django.utils import timezone

from bench.following import COUNTRIES, OFFICER, ROUND, Follower, milliseconds

from assessment.models import (  # isort: skip  once Django is set up
    Answer,
    Country,
    Response,
    Round,
    User,
)

ANSWERS = 300
QUIET_RUNS, MOVED_RUNS = 15, 5
PATTERN = "MEX"


def fill() -> Round:
    """Make a round of its own with the countries and their answers."""
    officer = User.objects.get(email=OFFICER)
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


def main() -> None:
    round_ = fill()
    officer = Follower(f"/rounds/{ROUND}/")

    def move() -> None:
        """Change an answer of every country."""
        Answer.objects.filter(response__round=round_, question="GEN-01").update(
            revision=F("revision") + 1
        )

    officer.page()
    officer.floor()
    move()
    found: dict[str, float] = {
        "countries": COUNTRIES,
        "answers": ANSWERS,
        "moved_queries": officer.queries(),
        "quiet_queries": officer.queries(),
        "bytes": officer.page(),
    }
    floors, quiet = officer.in_turns(QUIET_RUNS)
    moved = []
    for _ in range(MOVED_RUNS):
        move()
        moved.append(milliseconds(officer.page))
    found |= {
        "floor_ms": median(floors),
        "quiet_ms": median(quiet),
        "moved_ms": median(moved),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
