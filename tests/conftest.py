"""Fixtures of all tests."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from assessment.models import Country, Response, Round, User
from assessment.queries import responses_with_instrument
from questionnaire.models import Questionnaire
from questionnaire.repository import publish
from tests.standing import Standing, make_standing

QUESTIONNAIRE_FIXTURES = sorted(
    (Path(settings.BASE_DIR) / "fixtures/questionnaire").glob("*.yaml")
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--with-database-only",
        action="store_true",
        help="leave out tests that use no database: another one changes nothing in them",
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect without looking for garbage: all of it stays and needs no looking through."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        gc.set_threshold(50_000, 20, 100)  # what a test leaves is found a little later


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
    gc.freeze()  # the models and the instrument stay too


@pytest.fixture
def nmdc_db(db: None) -> Questionnaire:
    return Questionnaire.objects.get(code="NMDC", version="1.0")


@pytest.fixture(scope="session")
def standing(django_db_setup: None, django_db_blocker: Any) -> dict[str, Standing]:
    with django_db_blocker.unblock():
        return make_standing()


@pytest.fixture
def officer(db: None, standing: dict[str, Standing]) -> User:
    return standing["officer"].put()


@pytest.fixture
def round_2025(officer: User, standing: dict[str, Standing]) -> Round:
    """An open round that nobody has joined."""
    return standing["round_2025"].put()


@pytest.fixture
def peru(db: None) -> Country:
    return Country.objects.get(iso3="PER")


@pytest.fixture
def response(round_2025: Round, standing: dict[str, Standing]) -> Response:
    """Peru's response, open and empty but for the assessment year."""
    return standing["response"].put()


@pytest.fixture
def coordinator(db: None, standing: dict[str, Standing]) -> User:
    return standing["coordinator"].put()


@pytest.fixture
def contributor(db: None, standing: dict[str, Standing]) -> User:
    return standing["contributor"].put()


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
