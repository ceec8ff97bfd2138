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

from assessment.background import nothing_ahead
from assessment.demo_comments import DRAFT, RETURNED, REVIEWED, DemoComments
from assessment.demo_institutions import list_institutions
from assessment.demo_plans import load_plan
from assessment.demo_remarks import explain_warnings
from assessment.mails import no_mails
from assessment.models import Country, Invitation, Membership, Response, Round, User
from assessment.models.delegations import today
from assessment.queries import Reading, held_answers, instrument_of
from assessment.services.comments import resolve_thread
from assessment.services.delegations import delegate
from assessment.services.dissent import record_view
from assessment.services.imports import import_answers
from assessment.services.invitations import invite
from assessment.services.reviewed import set_reviewed_value
from assessment.services.rounds import close_round, open_response, open_round
from assessment.services.transitions import (
    accept_response,
    return_response,
    submit_response,
)
from questionnaire.addresses import Address
from questionnaire.models import Questionnaire

PASSWORD = "demo"  # noqa: S105  demonstration accounts exist in the local trial only
DOMAIN = "example.org"
RETURN_MESSAGE = (
    "Illustrative message: please check the latest year of the refugee registers in the "
    "inventory of sources, and say which agency coordinates the exchange of records."
)
# Country → to whom (a role, or an address nobody has yet), which parts, in how many days.
DELEGATIONS: dict[tuple[str, str], list[tuple[str, list[str], int]]] = {
    ("PER", "2025"): [
        ("contributor", ["SRC-INV[SRC-RES]", "SRC-INV[SRC-BOR]", "SRC-13"], 10),
        ("migration.office@example.org", ["EXC"], 20),
    ]
}
# What a country submitted first, was asked to correct, and corrected to what the file says.
FIRST_ANSWERS: dict[tuple[str, str], dict[str, Any]] = {
    ("THA", "2025"): {
        "GEN-11": "https://example.org/tha/statistics",
        "BAS-13": 12,
        "SRC-02": None,
        "SRC-INV": {
            "SRC-CEN": {"quality": None},
            "SRC-RES": {"latest_year": 2020, "coverage": "complete"},
        },
        "EXC-10": "Neighbouring countries, and countries of origin of students.",
    }
}
# Country → cell, reviewed value and reason; the point is settled before acceptance.
REVIEWED_VALUES: dict[tuple[str, str], tuple[str, Any, str]] = {
    ("MEX", "2022"): (
        "EXC-01",
        "occasional",
        "Illustrative reason: tables went to the partners in two of the last five years.",
    )
}
DELEGATION_MESSAGE = (
    "Illustrative message: please ask the archive about the years before 2020."
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

    @no_mails()
    @nothing_ahead()
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
        people.invite(Country.objects.get(iso3="PER"))
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
    _delegate_parts(response, people)
    _load_views(response, people)
    comments = DemoComments(response, lambda role: people.speaker(country, role))
    comments.say(DRAFT)
    if status == "draft":
        return
    _submit_first(response, entry, people)
    explain_warnings(response=response, by=coordinator)
    submit_response(
        response=response, by=coordinator, missing_confirmed=_missing(response)
    )
    comments.say(REVIEWED)
    if status == "returned":
        return_response(response=response, by=people.officer, message=RETURN_MESSAGE)
        comments.say(RETURNED)
    elif status == "accepted":
        _review(response, people.officer)
        accept_response(response=response, by=people.officer)
        load_plan(response, by=coordinator)


def _submit_first(response: Response, entry: dict[str, Any], people: _People) -> None:
    """Submit what `FIRST_ANSWERS` says, have it returned and correct it."""
    first = FIRST_ANSWERS.get((response.country.iso3, response.round.code))
    if first is None:
        return
    import_answers(response=response, entry={"answers": first})
    explain_warnings(response=response, by=people.coordinator(response.country))
    submit_response(
        response=response,
        by=people.coordinator(response.country),
        missing_confirmed=_missing(response),
    )
    return_response(response=response, by=people.officer, message=RETURN_MESSAGE)
    answers = dict.fromkeys(first) | entry["answers"]
    import_answers(response=response, entry={"answers": answers})


def _review(response: Response, officer: User) -> None:
    """Set the reviewed value of a response, if it has one, and settle its point."""
    place = (response.country.iso3, response.round.code)
    if place in REVIEWED_VALUES:
        cell, value, reason = REVIEWED_VALUES[place]
        reviewed = set_reviewed_value(
            response=response,
            address=Address.parse(cell),
            value=value,
            reason=reason,
            by=officer,
        )
        resolve_thread(thread=reviewed.thread, by=officer)


def _delegate_parts(response: Response, people: _People) -> None:
    """Delegate what `DELEGATIONS` says; the mode stays open and nobody is written to."""
    country = response.country
    for who, parts, days in DELEGATIONS.get((country.iso3, response.round.code), []):
        is_role = who in Membership.Role.values
        delegate(
            response=response,
            parts=parts,
            by=people.coordinator(country),
            email=f"{who}.{country.iso3.lower()}@{DOMAIN}" if is_role else who,
            due_on=today() + datetime.timedelta(days=days),
            message=DELEGATION_MESSAGE,
            is_announced=False,
        )


def _load_views(response: Response, people: _People) -> None:
    """Record the differing views of a response that was made just now, if there are any."""
    path = settings.BASE_DIR / "fixtures/demo" / f"views_{response.round.code}.yaml"
    if not path.exists():
        return
    for entry in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["views"]:
        if entry["iso3"] != response.country.iso3:
            continue
        record_view(
            response=response,
            address=Address.parse(entry["cell"]),
            value=entry["value"],
            text=entry["text"],
            institution=entry["institution"],
            by=people.member(response.country, entry["role"]),
        )


def _missing(response: Response) -> int:
    reading = Reading(instrument_of(response), held_answers(response))
    return len(reading.state.missing())


def _email(role: Membership.Role, country: Country) -> str:
    return f"{role.value}.{country.iso3.lower()}@{DOMAIN}"


class _People:
    """The demonstration accounts, made once; the password is hashed once for all."""

    def __init__(self) -> None:
        self._password = make_password(PASSWORD)
        self.officer = self._user(
            f"officer@{DOMAIN}", "Officer (demo)", User.UnsdRole.OFFICER
        )
        self._user(
            f"admin@{DOMAIN}", "Administrator (demo)", User.UnsdRole.ADMINISTRATOR
        )

    def coordinator(self, country: Country) -> User:
        """Return the coordinator of a country; contributor and observer are made too."""
        people = {}
        for role in Membership.Role:
            user = self._user(
                _email(role, country), f"{role.label} {country.name} (demo)"
            )
            Membership.objects.get_or_create(
                user=user, country=country, defaults={"role": role}
            )
            people[role] = user
        return people[Membership.Role.COORDINATOR]

    def invite(self, country: Country) -> None:
        """Leave one invitation open, of which no message was sent."""
        email = f"interior.{country.iso3.lower()}@{DOMAIN}"
        if not Invitation.objects.filter(country=country, email=email).exists():
            invite(
                country=country,
                email=email,
                name="Ministry of the Interior (demo)",
                role=Membership.Role.CONTRIBUTOR,
                by=self.coordinator(country),
            )

    def member(self, country: Country, role: str) -> User:
        return User.objects.get(email=_email(Membership.Role(role), country))

    def speaker(self, country: Country, role: str) -> User:
        """Return who speaks in a comment: the officer, or a person of the country."""
        return self.officer if role == "officer" else self.member(country, role)

    def _user(self, email: str, name: str, unsd_role: str = "") -> User:
        user, _ = User.objects.get_or_create(
            email=email,
            defaults={"name": name, "unsd_role": unsd_role, "password": self._password},
        )
        return user
