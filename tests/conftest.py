"""Fixtures of all tests."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from assessment.models import Country, Response, Round, User
from assessment.queries import responses_with_instrument
from assessment.services.rounds import open_response, open_round
from questionnaire.models import Questionnaire
from questionnaire.repository import publish
from tests.factories import MemberFactory, OfficerFactory, RoundFactory

QUESTIONNAIRE_FIXTURES = sorted(
    (Path(settings.BASE_DIR) / "fixtures/questionnaire").glob("*.yaml")
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--with-database-only",
        action="store_true",
        help="leave out tests that use no database: another one changes nothing in them",
    )


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    if not config.getoption("--with-database-only"):
        return
    kept = [item for item in items if _uses_database(item)]
    left = [item for item in items if not _uses_database(item)]
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def _uses_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    is_marked = item.get_closest_marker("django_db") is not None
    return is_marked or not fixtures.isdisjoint({"db", "transactional_db"})


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Load countries and publish the questionnaire once: no test changes them."""
    with django_db_blocker.unblock():
        call_command(
            "loaddata",
            str(Path(settings.BASE_DIR) / "fixtures/countries.yaml"),
            *map(str, QUESTIONNAIRE_FIXTURES),
            verbosity=0,
        )
        publish(Questionnaire.objects.get(code="NMDC", version="1.0"))
    gc.collect()
    gc.freeze()  # modules, models and the instrument stay: they need no looking through


@pytest.fixture
def nmdc_db(db: None) -> Questionnaire:
    return Questionnaire.objects.get(code="NMDC", version="1.0")


@pytest.fixture
def officer(db: None) -> User:
    return OfficerFactory()


@pytest.fixture
def round_2025(nmdc_db: Questionnaire, officer: User) -> Round:
    """An open round that nobody has joined."""
    round_ = RoundFactory(code="2025", year=2025, questionnaire=nmdc_db)
    open_round(round_=round_, countries=[], by=officer)
    return round_


@pytest.fixture
def peru(db: None) -> Country:
    return Country.objects.get(iso3="PER")


@pytest.fixture
def response(round_2025: Round, peru: Country, officer: User) -> Response:
    """Peru's response, open and empty but for the assessment year."""
    return open_response(round_=round_2025, country=peru, by=officer)


@pytest.fixture
def coordinator(peru: Country) -> User:
    return MemberFactory(country=peru, role="coordinator")


@pytest.fixture
def contributor(peru: Country) -> User:
    return MemberFactory(country=peru, role="contributor")


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def fresh() -> Callable[[Response], Response]:
    """Read a response again, as a request would."""

    def again(response: Response) -> Response:
        return responses_with_instrument().get(pk=response.pk)

    return again


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """An empty folder for evidence files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"
