"""Load the demonstration: illustrative answers of six countries in two rounds."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from assessment.demo_institutions import list_institutions
from assessment.models import Country, Membership, Response, Round, User
from assessment.queries import held_answers, instrument_of
from assessment.services.imports import import_answers
from assessment.services.rounds import close_round, open_response, open_round
from assessment.services.transitions import (
    accept_response,
    return_response,
    submit_response,
)
from questionnaire.models import Questionnaire
from questionnaire.states import ResponseState

PASSWORD = "demo"  # noqa: S105  demonstration accounts exist in the local trial only
DOMAIN = "example.org"
RETURN_MESSAGE = (
    "Illustrative message: please check the latest year of the refugee registers in the "
    "inventory of sources, and say which agency coordinates the exchange of records."
)


@dataclass(frozen=True, slots=True)
class DemoRound:
    """A round of the demonstration and the status each country has in it."""

    code: str
    title: str
    year: int
    closes_on: datetime.date
    statuses: dict[str, str]


ROUNDS = [
    DemoRound(
        "2022",
        "Assessment round 2022 (illustrative)",
        2022,
        datetime.date(2022, 11, 30),
        dict.fromkeys(("GEO", "JOR", "THA", "MEX", "PRY", "PER"), "accepted"),
    ),
    DemoRound(
        "2025",
        "Assessment round 2025 (illustrative)",
        2025,
        datetime.date(2026, 12, 18),
        {
            "GEO": "accepted",
            "JOR": "returned",
            "THA": "submitted",
            "MEX": "accepted",
            "PRY": "draft",
            "PER": "draft",
        },
    ),
]


class Command(BaseCommand):
    help = "Load illustrative answers and demonstration accounts. Never in production."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError(
                "Demonstration data is never loaded in production (DEBUG=0)."
            )
        folder = settings.BASE_DIR / "fixtures" / "demo"
        people = _People()
        for demo in ROUNDS:
            made = self._load_round(demo, folder / f"answers_{demo.code}.yaml", people)
            self.stdout.write(f"Round {demo.code}: {made} responses loaded.")
        list_institutions(ROUNDS[-1].code)

    def _load_round(self, demo: DemoRound, path: Path, people: _People) -> int:
        missing = set(demo.statuses) - set(
            Response.objects.filter(round__code=demo.code).values_list(
                "country__iso3", flat=True
            )
        )
        if not missing:
            return 0
        round_ = _round(demo, people.officer)
        entries = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)[
            "countries"
        ]
        for entry in entries:
            if entry["iso3"] in missing:
                _load_response(round_, entry, demo.statuses[entry["iso3"]], people)
        if demo is not ROUNDS[-1]:
            close_round(round_=round_, by=people.officer)
        return len(missing)


def _round(demo: DemoRound, officer: User) -> Round:
    questionnaire = Questionnaire.objects.order_by("-pk").first()
    if questionnaire is None:
        raise CommandError(
            "There is no questionnaire yet: run `manage.py bootstrap` first."
        )
    round_, _ = Round.objects.get_or_create(
        code=demo.code,
        defaults={
            "title": demo.title,
            "year": demo.year,
            "questionnaire": questionnaire,
            "opens_on": datetime.date(demo.year, 9, 1),
            "closes_on": demo.closes_on,
            "is_illustrative": True,
        },
    )
    open_round(round_=round_, countries=[], by=officer)
    return round_


@transaction.atomic
def _load_response(
    round_: Round, entry: dict[str, Any], status: str, people: _People
) -> None:
    country = Country.objects.get(iso3=entry["iso3"])
    coordinator = people.coordinator(country)
    response = open_response(round_=round_, country=country, by=people.officer)
    import_answers(response=response, entry=entry)
    if status == "draft":
        return
    submit_response(
        response=response, by=coordinator, missing_confirmed=_missing(response)
    )
    if status == "returned":
        return_response(response=response, by=people.officer, message=RETURN_MESSAGE)
    elif status == "accepted":
        accept_response(response=response, by=people.officer)


def _missing(response: Response) -> int:
    answers = {a: held.value for a, held in held_answers(response).items()}
    return len(ResponseState(instrument_of(response), answers).missing())


class _People:
    """The demonstration accounts, made once; the password is hashed once for all."""

    def __init__(self) -> None:
        self._password = make_password(PASSWORD)
        self.officer = self._user("officer", "Officer (demo)", User.UnsdRole.OFFICER)
        self._user("admin", "Administrator (demo)", User.UnsdRole.ADMINISTRATOR)

    def coordinator(self, country: Country) -> User:
        """Return the coordinator of a country; contributor and observer are made too."""
        people = {}
        for role in Membership.Role:
            local = f"{role.value}.{country.iso3.lower()}"
            user = self._user(local, f"{role.label} {country.name} (demo)")
            Membership.objects.get_or_create(
                user=user, country=country, defaults={"role": role}
            )
            people[role] = user
        return people[Membership.Role.COORDINATOR]

    def _user(self, local: str, name: str, unsd_role: str = "") -> User:
        email = f"{local}@{DOMAIN}"
        user, _ = User.objects.get_or_create(
            email=email,
            defaults={"name": name, "unsd_role": unsd_role, "password": self._password},
        )
        return user
