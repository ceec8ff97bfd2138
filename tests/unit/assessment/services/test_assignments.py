import pytest

from assessment.models import Country, OfficerAssignment, Response
from assessment.refusals import RoleForbids
from assessment.services.assignments import NotInCharge, assign_officer
from assessment.services.rounds import open_response
from tests.factories import AdministratorFactory, MembershipFactory, OfficerFactory


def kept():
    rows = OfficerAssignment.objects.order_by("pk")
    return list(rows.values_list("from_officer", "to_officer", "assigned_by"))


def test_officer_is_put_in_charge_replaced_and_taken_away(response, officer):
    other, admin = OfficerFactory(), AdministratorFactory()

    counts = [
        assign_officer(responses=[response.pk], officer=to, by=admin)
        for to in (officer, officer, other, None)
    ]

    response.refresh_from_db()
    assert (counts, response.officer) == ([1, 0, 1, 1], None)
    assert kept() == [
        (None, officer.pk, admin.pk),
        (officer.pk, other.pk, admin.pk),
        (other.pk, None, admin.pk),
    ]


def test_many_responses_cost_as_many_queries_as_one(
    response, round_2025, officer, django_assert_num_queries
):
    for iso3 in ("CHL", "BOL"):
        country = Country.objects.get(iso3=iso3)
        open_response(round_=round_2025, country=country, by=officer)
    officer.country_roles  # noqa: B018  read once a request
    everyone = list(Response.objects.values_list("pk", flat=True))

    with django_assert_num_queries(6):  # one of them is the savepoint of the test
        count = assign_officer(responses=everyone, officer=officer, by=officer)

    assert count == 3


def test_only_people_at_unsd_assign(response, coordinator, officer):
    with pytest.raises(RoleForbids):
        assign_officer(responses=[response.pk], officer=officer, by=coordinator)

    assert kept() == []


def test_only_people_at_unsd_are_put_in_charge(response, coordinator, officer):
    former = OfficerFactory(is_active=False)

    for person in (coordinator, former):
        with pytest.raises(NotInCharge, match="role at UNSD"):
            assign_officer(responses=[response.pk], officer=person, by=officer)

    assert kept() == []


def test_nobody_is_put_in_charge_of_their_own_country(response, peru, officer):
    own = OfficerFactory()
    MembershipFactory(user=own, country=peru, role="observer")

    with pytest.raises(NotInCharge) as refusal:
        assign_officer(responses=[response.pk], officer=own, by=officer)

    assert refusal.value.details == ["Peru"]
    assert kept() == []
