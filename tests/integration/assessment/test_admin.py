"""The admin sets up people and rounds; it deletes nothing and writes no answers."""

import pytest
from django.contrib import admin

from assessment.models import Country, Membership, Round, User
from assessment.services.rounds import system_user
from tests.factories import AdministratorFactory, MemberFactory, RoundFactory
from tests.teams import log_of

OURS = {"user", "country", "round"}


@pytest.fixture
def administrator(db):
    return AdministratorFactory()


@pytest.fixture
def client(signed_in, administrator):
    return signed_in(administrator)


def test_answers_submissions_and_memberships_are_not_in_the_admin():
    registered = {
        model._meta.model_name
        for model in admin.site._registry
        if model._meta.app_label == "assessment"
    }

    assert registered == OURS


@pytest.mark.parametrize("model", [User, Country, Round])
def test_nothing_is_deleted(client, model, response):
    record = model.objects.filter(**({"is_system": False} if model is User else {}))[0]
    path = f"/admin/assessment/{model._meta.model_name}/"
    count = model.objects.count()

    codes = [
        client.get(f"{path}{record.pk}/delete/").status_code,
        client.post(f"{path}{record.pk}/delete/", {"post": "yes"}).status_code,
    ]
    client.post(
        path,
        {"action": "delete_selected", "_selected_action": record.pk, "post": "yes"},
    )

    assert codes == [403, 403]
    assert model.objects.count() == count


def test_countries_are_read_only(client, peru):
    path = "/admin/assessment/country/"

    assert client.get(path).status_code == 200
    assert client.get(f"{path}add/").status_code == 403
    assert client.post(f"{path}{peru.pk}/change/", {"name": "X"}).status_code == 403
    peru.refresh_from_db()
    assert peru.name == "Peru"


def test_administrator_makes_a_person_with_a_role(client, peru):
    page = client.post(
        "/admin/assessment/user/add/",
        {
            "email": "ana@example.org",
            "name": "Ana",
            "unsd_role": "",
            "is_active": "on",
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "0",
            "memberships-0-country": peru.pk,
            "memberships-0-role": "coordinator",
            "memberships-0-is_active": "on",
        },
    )

    assert page.status_code == 302
    ana = User.objects.get(email="ana@example.org")
    assert list(Membership.objects.values_list("user", "country", "role")) == [
        (ana.pk, peru.pk, "coordinator")
    ]
    assert log_of(peru) == [("added", "Ana", "", "", "coordinator")]


def test_memberships_that_exist_are_changed_on_the_team_page_only(client, peru):
    """Else the last coordinator could be removed here, and nobody would read of it."""
    ana = MemberFactory(country=peru, role="coordinator", name="Ana")
    chile = Country.objects.get(iso3="CHL")
    pk = ana.memberships.get().pk
    path = f"/admin/assessment/user/{ana.pk}/change/"

    page = client.post(
        path,
        {
            "email": ana.email,
            "name": "Ana",
            "unsd_role": "",
            "is_active": "on",
            "memberships-TOTAL_FORMS": "2",
            "memberships-INITIAL_FORMS": "1",
            "memberships-0-id": pk,
            "memberships-0-user": ana.pk,
            "memberships-0-country": peru.pk,
            "memberships-0-role": "observer",
            "memberships-1-user": ana.pk,
            "memberships-1-country": chile.pk,
            "memberships-1-role": "observer",
        },
    )

    assert client.get(path).status_code == 200
    assert page.status_code == 302
    assert set(ana.memberships.values_list("country", "role", "is_active")) == {
        (peru.pk, "coordinator", True),
        (chile.pk, "observer", True),
    }
    assert (log_of(peru), log_of(chile)) == (
        [],
        [("added", "Ana", "", "", "observer")],
    )


def test_address_taken_in_another_case_is_refused(client, administrator):
    page = client.post(
        "/admin/assessment/user/add/",
        {
            "email": administrator.email.upper(),
            "name": "Other",
            "is_active": "on",
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        },
    )

    assert page.status_code == 200
    assert User.objects.count() == 1


def test_system_account_is_not_shown(client):
    account = system_user()

    listed = client.get("/admin/assessment/user/")
    page = client.get(f"/admin/assessment/user/{account.pk}/change/")

    assert account.email not in listed.content.decode()
    assert page.status_code == 302


ROUND_FORM = {
    "code": "changed", "title": "New title", "year": "1999",
    "opens_on": "2025-01-01", "closes_on": "2099-12-31",
}  # fmt: skip


def test_opened_round_keeps_its_code_year_and_questionnaire(client, round_2025):
    path = f"/admin/assessment/round/{round_2025.pk}/change/"

    page = client.post(path, ROUND_FORM | {"questionnaire": "999"})

    round_2025.refresh_from_db()
    assert page.status_code == 302
    assert (round_2025.code, round_2025.year, round_2025.title) == (
        "2025",
        2025,
        "New title",
    )


def test_round_not_opened_yet_can_be_corrected(client, nmdc_db):
    planned = RoundFactory(questionnaire=nmdc_db)

    client.post(
        f"/admin/assessment/round/{planned.pk}/change/",
        ROUND_FORM | {"questionnaire": nmdc_db.pk},
    )

    planned.refresh_from_db()
    assert (planned.code, planned.year) == ("changed", 1999)


def test_round_that_closes_before_it_opens_is_refused(client, nmdc_db):
    page = client.post(
        "/admin/assessment/round/add/",
        ROUND_FORM | {"questionnaire": nmdc_db.pk, "closes_on": "2020-01-01"},
    )

    assert page.status_code == 200
    assert Round.objects.count() == 0
