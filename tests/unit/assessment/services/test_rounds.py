import pytest

from assessment.models import AnswerRevision, Country, Response, Transition, User
from assessment.queries import instrument_of
from assessment.refusals import NotReady
from assessment.services.rounds import (
    SYSTEM_EMAIL,
    close_round,
    open_response,
    open_round,
    system_user,
)
from questionnaire.models import Publication
from tests.factories import RoundFactory
from tests.saving import put, state_of


@pytest.fixture
def planned(nmdc_db):
    return RoundFactory(questionnaire=nmdc_db, year=2030)


def test_opening_a_round_opens_a_response_for_each_country(planned, officer):
    countries = list(Country.objects.filter(iso3__in=["PER", "CHL"]))

    open_round(round_=planned, countries=countries, by=officer)

    assert planned.is_open
    assert set(
        planned.responses.values_list("country__iso3", "status", "opened_by")
    ) == {("PER", "draft", officer.pk), ("CHL", "draft", officer.pk)}


def test_opening_a_round_again_changes_nothing(planned, officer, peru, coordinator):
    open_round(round_=planned, countries=[peru], by=officer)
    opened_at = planned.opened_at
    response = Response.objects.get(round=planned)
    put(response_of(planned, peru, officer), coordinator, {"GEN-01": "Peru"})

    open_round(round_=planned, countries=[peru], by=officer)

    assert planned.opened_at == opened_at
    assert Response.objects.get(round=planned) == response
    assert Transition.objects.filter(response=response).count() == 1
    assert state_of(response_of(planned, peru, officer)).completeness() > 2


def response_of(round_, country, by):
    return open_response(round_=round_, country=country, by=by)


def test_opening_a_closed_round_opens_it_again(planned, officer):
    open_round(round_=planned, countries=[], by=officer)
    opened_at = planned.opened_at
    close_round(round_=planned, by=officer)

    open_round(round_=planned, countries=[], by=officer)

    planned.refresh_from_db()
    assert (planned.opened_at, planned.closed_at) == (opened_at, None)


def test_closing_twice_keeps_the_first_moment(planned, officer):
    open_round(round_=planned, countries=[], by=officer)
    close_round(round_=planned, by=officer)
    closed_at = planned.closed_at

    close_round(round_=planned, by=officer)

    planned.refresh_from_db()
    assert planned.closed_at == closed_at
    assert not planned.is_open


def test_round_that_was_never_opened_cannot_be_closed(planned, officer):
    with pytest.raises(NotReady):
        close_round(round_=planned, by=officer)

    planned.refresh_from_db()
    assert planned.closed_at is None


def test_opening_a_round_pins_its_published_questionnaire(planned, officer, peru):
    open_round(round_=planned, countries=[peru], by=officer)

    publication = Publication.objects.get(questionnaire=planned.questionnaire)
    instrument = instrument_of(response_of(planned, peru, officer))
    assert (instrument.code, instrument.version) == ("NMDC", "1.0")
    assert instrument.content_hash == publication.content_hash


def test_country_that_joins_twice_has_one_response(response, round_2025, peru, officer):
    again = open_response(round_=round_2025, country=peru, by=officer)

    assert again == response
    assert Response.objects.count() == 1
    assert Transition.objects.count() == 1
    assert AnswerRevision.objects.count() == 1


def test_assessment_year_is_prefilled_by_the_system(response):
    revision = AnswerRevision.objects.get()

    assert str(revision.answer) == "GEN-02"
    assert (revision.value, revision.revision, revision.via) == (2025, 1, "prefill")
    assert revision.changed_by.is_system
    assert revision.is_confirmed


def test_system_account_is_made_once_and_cannot_sign_in(db):
    first, second = system_user(), system_user()

    assert first == second
    assert User.objects.filter(is_system=True).count() == 1
    assert (first.email, first.name) == (SYSTEM_EMAIL, "import")
    assert not first.has_usable_password()
    assert not first.is_staff
