"""Many countries with accepted responses, written as the services would, but at once."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from assessment.models import (
    Acceptance,
    Country,
    Response,
    Round,
    Submission,
    Transition,
    User,
)
from assessment.queries import instrument_of, responses_with_instrument
from assessment.records import (
    acceptance_record,
    canonical_text,
    names_text,
    sha256_of,
    submission_record,
)
from questionnaire.addresses import Address
from questionnaire.instrument import Value
from tests.instruments import COUNTRIES as DEMO
from tests.instruments import demo_answers

START = datetime(2025, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
AMERICAS = ("ARG", "BOL", "BRA", "CHL", "COL", "CRI", "CUB", "DOM", "ECU", "GTM")
AFRICA = ("DZA", "EGY", "GHA", "KEN", "MAR", "NGA", "SEN", "ZAF", "TUN", "UGA")


def answers_like(number: int) -> dict[Address, Value]:
    """Return made-up answers, the same for the same number."""
    chosen = random.Random(number)
    answers = demo_answers(DEMO[number % len(DEMO)])
    share = chosen.choice((0.0, 0.1, 0.25))
    return {a: v for a, v in answers.items() if chosen.random() >= share}


def hand_in(
    round_: Round,
    iso3: str,
    by: User,
    *,
    answers: Mapping[Address, Value],
    at: datetime = START,
    is_accepted: bool = True,
) -> Response:
    """Write a response with one submission, accepted a minute later."""
    status = Response.Status.ACCEPTED if is_accepted else Response.Status.SUBMITTED
    made = Response.objects.create(
        round=round_,
        country=Country.objects.get(iso3=iso3),
        status=status,
        opened_by=by,
    )
    response = responses_with_instrument().get(pk=made.pk)
    text = canonical_text(
        submission_record(
            response=response,
            instrument=instrument_of(response),
            number=1,
            at=at,
            by=by,
            answers=[(address, value, 1) for address, value in answers.items()],
        )
    )
    submission = Submission.objects.create(
        response=response,
        number=1,
        canonical_json=text,
        sha256=sha256_of(text),
        names_json=names_text(response),
        submitted_at=at,
        submitted_by=by,
    )
    move(response, "submit", "draft", "submitted", by, at)
    if is_accepted:
        accept(submission, by, at + timedelta(minutes=1))
    return response


def accept(submission: Submission, by: User, at: datetime) -> None:
    text = canonical_text(acceptance_record(submission=submission, at=at, by=by))
    Acceptance.objects.create(
        submission=submission,
        canonical_json=text,
        sha256=sha256_of(text),
        accepted_at=at,
        accepted_by=by,
    )
    move(submission.response, "accept", "submitted", "accepted", by, at)


def reopen(response: Response, by: User, at: datetime) -> None:
    move(response, "reopen", "accepted", "returned", by, at)
    response.status = Response.Status.RETURNED
    response.save(update_fields=["status"])


def move(
    response: Response, action: str, before: str, after: str, by: User, at: datetime
) -> None:
    Transition.objects.create(
        response=response,
        action=action,
        from_status=before,
        to_status=after,
        made_by=by,
        made_at=at,
    )
