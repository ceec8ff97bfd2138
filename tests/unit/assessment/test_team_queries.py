from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from assessment.models import Country, Invitation, Membership
from assessment.services.rounds import close_round, open_response, open_round
from assessment.services.teams import change_role
from assessment.team_queries import (
    account_of,
    active_members_of,
    coordinators_in,
    invitation_by_token,
    latest_changes_of,
    members_of,
    newest_response_of,
    open_invitations_of,
    pending_invitations_of,
    rank,
)
from tests.factories import (
    MemberFactory,
    MembershipFactory,
    RoundFactory,
    UserFactory,
)
from tests.teams import offer


@pytest.fixture
def chile(db):
    return Country.objects.get(iso3="CHL")


def names(members):
    return [member.user.name for member in members]


@pytest.fixture
def team(peru, chile):
    """People in the order of their names, which is not that of the list."""
    MemberFactory(country=peru, role="observer", name="A")
    MemberFactory(country=peru, role="contributor", name="B")
    MemberFactory(country=peru, role="coordinator", name="C")
    MemberFactory(country=peru, role="coordinator", name="D", is_active=False)
    MembershipFactory(
        user=UserFactory(name="E"), country=peru, role="coordinator", is_active=False
    )
    MemberFactory(country=chile, role="coordinator", name="F")
    MemberFactory(country=peru, role="contributor", name="G", is_system=True)


def test_people_are_listed_active_first_and_by_rank(
    peru, team, django_assert_num_queries
):
    with django_assert_num_queries(1):
        assert names(members_of(peru)) == ["C", "B", "A", "D", "E"]


def test_active_people_have_membership_and_account(peru, team):
    assert names(active_members_of(peru)) == ["C", "B", "A"]
    assert names(coordinators_in(peru)) == ["C"]


def test_roles_rank_from_reading_to_coordinating():
    assert sorted(Membership.Role, key=rank) == [
        "observer",
        "contributor",
        "coordinator",
    ]


def test_invitations_of_a_country_are_pending_until_used_or_withdrawn(peru, chile):
    ana = MemberFactory(country=peru, role="coordinator")
    now = timezone.now()
    for number, values in enumerate(
        [
            {},
            {"accepted_at": now, "accepted_by": ana},
            {"revoked_at": now, "revoked_by": ana},
            {"invited_at": now - timedelta(days=15), "expires_at": now},
        ]
    ):
        made = offer(peru, ana, email=f"{number}@example.org")
        Invitation.objects.filter(pk=made.pk).update(**values)
    offer(chile, MemberFactory(country=chile, role="coordinator"))

    pending = [i.email for i in pending_invitations_of(peru)]

    assert pending == ["0@example.org", "3@example.org"]
    assert [i.email for i in open_invitations_of(peru)] == ["0@example.org"]


def test_latest_changes_are_twenty_and_newest_first(
    peru, chile, time_machine, django_assert_num_queries
):
    ana = MemberFactory(country=peru, role="coordinator", name="Ana")
    luz = MemberFactory(country=peru, role="observer", name="Luz").memberships.get()
    start = datetime(2025, 3, 1, tzinfo=UTC)
    for number in range(21):
        time_machine.move_to(start + timedelta(hours=number), tick=False)
        role = ("contributor", "observer")[number % 2]
        change_role(membership=luz, role=role, by=ana)

    with django_assert_num_queries(1):
        found = [
            (c.made_at, c.person.name, c.made_by.name) for c in latest_changes_of(peru)
        ]

    hours = range(20, 0, -1)
    assert found == [(start + timedelta(hours=h), "Luz", "Ana") for h in hours]
    assert list(latest_changes_of(chile)) == []


@pytest.mark.parametrize("email", ["luz@example.org", "LUZ@Example.org"])
def test_account_is_found_in_any_case(db, email):
    luz = UserFactory(email="Luz@example.org")

    assert account_of(email) == luz
    assert account_of("eve@example.org") is None


def test_invitation_without_a_token_is_found_by_none(peru):
    offer(peru, MemberFactory(country=peru, role="coordinator"))

    assert invitation_by_token("") is None


def test_newest_response_is_of_an_open_round_before_a_closed_one(
    nmdc_db, peru, officer
):
    rounds = {
        year: RoundFactory(code=str(year), year=year, questionnaire=nmdc_db)
        for year in (2022, 2024, 2025, 2026)
    }
    assert newest_response_of(peru) is None
    found = []
    for year in (2022, 2025, 2024):
        open_round(round_=rounds[year], countries=[], by=officer)
        open_response(round_=rounds[year], country=peru, by=officer)
        found.append(newest_response_of(peru).round.year)
    close_round(round_=rounds[2025], by=officer)
    found.append(newest_response_of(peru).round.year)

    assert found == [2022, 2025, 2025, 2024]
