"""Responses with the fictional answers of the demonstration, in every state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from assessment.models import Country, Response, Round, User
from assessment.queries import read_for, responses_with_instrument
from assessment.services.imports import import_answers
from assessment.services.rounds import open_response
from assessment.services.transitions import return_response, submit_response
from reports.pdf import render_pdf
from tests.comparing import AMERICAS, DAY, START, answers_like, hand_in
from tests.extremes import extreme_source
from tests.pdf_reading import Printed
from tests.saving import explain
from tests.standing import Standing, make_more


@cache
def demo_entries() -> dict[str, dict[str, Any]]:
    path = Path(settings.BASE_DIR) / "fixtures/demo/answers_2025.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    demo = yaml.load(path.read_text("utf-8"), Loader=loader)  # noqa: S506  safe loaders
    return {country["iso3"]: country for country in demo["countries"]}


@pytest.fixture(scope="session", autouse=True)
def standing_answers(standing: dict[str, Standing], django_db_blocker: Any) -> Standing:
    """Made before any test stands on the same rows, in whatever order tests come."""

    def fill_in(response: Response) -> Response:
        import_answers(response=response, entry=demo_entries()["PER"])
        return responses_with_instrument().get(pk=response.pk)

    with django_db_blocker.unblock():
        return make_more(standing, "filled", fill_in)


@pytest.fixture
def filled(response: Response, standing_answers: Standing) -> Response:
    """Peru's response with all demonstration answers, still a draft."""
    found: Response = standing_answers.put()
    return found


@pytest.fixture
def submitted(
    filled: Response, coordinator: User, fresh: Callable[[Response], Response]
) -> Response:
    submit(filled, coordinator)
    return fresh(filled)


@pytest.fixture
def returned(
    submitted: Response, officer: User, fresh: Callable[[Response], Response]
) -> Response:
    return_response(response=submitted, by=officer, message="Please correct.")
    return fresh(submitted)


@pytest.fixture
def response_of(
    round_2025: Round, officer: User, fresh: Callable[[Response], Response]
) -> Callable[[str], Response]:
    """Open a country's response and fill in its demonstration answers."""

    def made(iso3: str) -> Response:
        country = Country.objects.get(iso3=iso3)
        response = open_response(round_=round_2025, country=country, by=officer)
        import_answers(response=fresh(response), entry=demo_entries()[iso3])
        return fresh(response)

    return made


def submit(response: Response, by: User) -> None:
    explain(response, by)
    missing = read_for(by, response).state.missing()
    submit_response(response=response, by=by, missing_confirmed=len(missing) or None)


@pytest.fixture(scope="session")
def extreme_report() -> Callable[[str], Printed]:
    """Return the report of one of the extremes, rendered once."""

    @cache
    def printed(name: str) -> Printed:
        return Printed(render_pdf(extreme_source(name)))

    return printed


@pytest.fixture
def handed_in(round_2025: Round, officer: User) -> Callable[..., list[Response]]:
    """Let the first countries of a region hand in, a day after another."""

    def made(
        count: int = 2,
        iso3s: Sequence[str] = AMERICAS,
        round_: Round = round_2025,
        **options: bool,
    ) -> list[Response]:
        return [
            hand_in(
                round_,
                iso3,
                officer,
                answers=answers_like(n),
                at=START + n * DAY,
                **options,
            )
            for n, iso3 in enumerate(iso3s[:count])
        ]

    return made
