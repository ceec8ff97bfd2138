import datetime

import pytest
from django.db.models import Q
from django.utils import translation

from assessment.models import Response, Submission, Transition
from assessment.queries import (
    Held,
    acceptance_of,
    coordinators_of,
    held_answers,
    held_in,
    instrument_of,
    is_unsd,
    latest_submission,
    read_for,
    response_for,
    responses_with_instrument,
    rounds_with_responses_of,
    transitions_of,
)
from assessment.services.answers import save_changes
from assessment.services.rounds import open_round
from assessment.services.transitions import (
    accept_response,
    return_response,
    withdraw_response,
)
from questionnaire.addresses import Address
from questionnaire.models import Translation
from tests.factories import (
    MemberFactory,
    MembershipFactory,
    OfficerFactory,
    RoundFactory,
    UserFactory,
)
from tests.instruments import at
from tests.saving import change, put, submit


@pytest.fixture
def chile(peru):
    return peru._meta.model.objects.get(iso3="CHL")


def values(reading):
    return {str(a): held.value for a, held in reading.held.items()}


# Finding a response


@pytest.mark.parametrize("iso3", ["PER", "per", "Per"])
def test_response_is_found_by_country_in_any_case(response, coordinator, iso3):
    assert response_for(coordinator, iso3, "2025") == response


@pytest.mark.parametrize(
    ("iso3", "round_code"), [("CHL", "2025"), ("PER", "2022"), ("XXX", "2025"), ("", "")]
)  # fmt: skip
def test_response_that_is_not_there_is_not_found(
    response, coordinator, iso3, round_code
):
    with pytest.raises(Response.DoesNotExist):
        response_for(coordinator, iso3, round_code)


def test_response_not_theirs_to_see_is_not_found(response, chile, officer):
    stranger = MemberFactory(country=chile, role="coordinator")

    for person in (stranger, officer, UserFactory()):
        with pytest.raises(Response.DoesNotExist):
            response_for(person, "PER", "2025")


def test_response_is_found_with_all_it_needs_in_one_query(
    response, coordinator, django_assert_num_queries
):
    instrument_of(response)

    with django_assert_num_queries(1):
        found = response_for(coordinator, "PER", "2025")
        name = (found.country.name, found.round.title, str(found.round.questionnaire))
        instrument_of(found)

    assert name == ("Peru", "A round", "NMDC 1.0")


# The instrument in memory


def test_instrument_is_the_same_object_for_every_request(response, fresh):
    assert instrument_of(fresh(response)) is instrument_of(fresh(response))


def test_new_translation_is_seen_at_the_next_request(response, fresh, nmdc_db):
    with translation.override("es"):
        before = instrument_of(fresh(response)).question_by_code["GEN-01"].short
        Translation.objects.create(
            questionnaire=nmdc_db, address="GEN-01:short", language="es", text="País"
        )
        after = instrument_of(fresh(response)).question_by_code["GEN-01"].short

    assert (before, after) == ("Country or area", "País")
    english = instrument_of(fresh(response)).question_by_code["GEN-01"].short
    assert english == "Country or area"


def test_corrected_translation_is_seen_at_the_next_request(response, fresh, nmdc_db):
    row = Translation.objects.create(
        questionnaire=nmdc_db, address="GEN-01:short", language="es", text="Pais"
    )
    with translation.override("es"):
        before = instrument_of(fresh(response)).question_by_code["GEN-01"].short
        row.text = "País"
        row.save()
        after = instrument_of(fresh(response)).question_by_code["GEN-01"].short

    assert (before, after) == ("Pais", "País")


# Answers


def test_held_answers_say_who_and_when(response, coordinator, time_machine):
    moment = datetime.datetime(2025, 3, 1, 9, 0, 0, 100, tzinfo=datetime.UTC)
    time_machine.move_to(moment, tick=False)
    put(response, coordinator, {"GEN-01": "Peru"})

    held = held_answers(response)[Address("GEN-01")]

    assert held == Held("Peru", 1, coordinator.name, moment, is_confirmed=True)


def test_held_answers_are_in_the_order_of_first_save(response, coordinator):
    for cell in ("GEN-12", "GEN-05[zzzzzzzz].name", "GEN-05[aaaaaaaa].name"):
        put(response, coordinator, {cell: "x"})
    put(response, coordinator, {"GEN-05[zzzzzzzz].name": "y"})

    order = [str(address) for address in held_answers(response)]

    assert order == [
        "GEN-02",
        "GEN-12",
        "GEN-05[zzzzzzzz].name",
        "GEN-05[aaaaaaaa].name",
    ]


def test_held_answers_are_one_query(response, coordinator, django_assert_num_queries):
    put(response, coordinator, {f"GEN-0{n}": "2020" for n in (1, 3)})

    with django_assert_num_queries(1):
        held = held_answers(response)

    assert {h.by for h in held.values()} == {coordinator.name, "import"}


def test_answers_of_some_questions_are_only_those(response, coordinator):
    put(response, coordinator, {"GEN-01": "Peru", "GEN-05[abcd1234].name": "Ana"})

    found = held_answers(response, Q(question="GEN-05"))

    assert list(found) == [at("GEN-05[abcd1234].name")]


# What a person reads


def test_country_reads_live_answers(response, coordinator):
    put(response, coordinator, {"GEN-01": "Peru"})
    submit(response, coordinator)

    reading = read_for(coordinator, response)

    assert values(reading) == {"GEN-02": 2025, "GEN-01": "Peru"}
    assert reading.submission is None


@pytest.mark.parametrize("role", ["officer", "administrator"])
def test_people_at_unsd_read_the_latest_submission_never_live_answers(
    response, coordinator, officer, role
):
    put(response, coordinator, {"GEN-01": "Submitted"})
    submission = submit(response, coordinator)
    return_response(response=response, by=officer, message="Check.")
    put(response, coordinator, {"GEN-01": "Draft again", "GEN-03": "New"})

    reading = read_for(OfficerFactory(unsd_role=role), response)

    assert values(reading) == {"GEN-01": "Submitted", "GEN-02": 2025}
    assert reading.submission == submission


def test_withdrawn_submission_is_not_read(response, coordinator, officer):
    put(response, coordinator, {"GEN-01": "First"})
    first = submit(response, coordinator)
    return_response(response=response, by=officer, message="Check.")
    put(response, coordinator, {"GEN-01": "Second"})
    submit(response, coordinator)
    withdraw_response(response=response, by=coordinator)

    reading = read_for(officer, response)

    assert values(reading)["GEN-01"] == "First"
    assert reading.submission == first


def test_officer_who_is_a_member_reads_the_live_answers(response, peru, officer):
    MembershipFactory(user=officer, country=peru, role="observer")

    assert read_for(officer, response).submission is None


def test_reading_without_any_submission_is_refused_to_officers(response, officer):
    with pytest.raises(Submission.DoesNotExist):
        read_for(officer, response)


def test_unconfirmed_value_is_shown_but_does_not_count(response, coordinator):
    save_changes(
        response=response,
        changes=[change("GEN-10", "yes")],
        by=coordinator,
        via="prefill",
        is_confirmed=False,
    )

    reading = read_for(coordinator, response)

    assert values(reading)["GEN-10"] == "yes"
    assert Address("GEN-10") not in reading.answers
    question = reading.instrument.question_by_code["GEN-11"]
    assert not reading.state.is_shown(question)


def test_blank_answer_does_not_count(response, coordinator):
    put(response, coordinator, {"GEN-01": "x"})
    put(response, coordinator, {"GEN-01": None})

    assert read_for(coordinator, response).answers == {Address("GEN-02"): 2025}


def test_frozen_cells_come_back_as_they_were(response, coordinator):
    documents = [{"title": "Law", "url": "https://example.org/"}]
    put(
        response,
        coordinator,
        {
            "STR-15": 0.1,
            "GEN-12": "Líne\ntwo",
            "BAS-01.@evidence": documents,
            "GEN-05[zzzzzzzz].name": "Ana",
            "GEN-05[aaaaaaaa].name": "Luis",
        },
    )
    submission = submit(response, coordinator)

    found = held_in(submission)

    assert {str(a): (h.value, h.revision) for a, h in found.items()} == {
        "GEN-02": (2025, 1),
        "GEN-05[zzzzzzzz].name": ("Ana", 1),
        "GEN-05[aaaaaaaa].name": ("Luis", 1),
        "GEN-12": ("Líne\ntwo", 1),
        "BAS-01.@evidence": (documents, 1),
        "STR-15": (0.1, 1),
    }
    assert [str(a) for a in found][1:3] == [
        "GEN-05[zzzzzzzz].name",
        "GEN-05[aaaaaaaa].name",
    ]
    assert {(h.by, h.at) for h in found.values()} == {
        (coordinator.name, submission.submitted_at)
    }


# Submissions


def test_latest_submission_is_the_one_with_the_highest_number(
    response, coordinator, officer
):
    first = submit(response, coordinator)
    return_response(response=response, by=officer, message="Check.")
    second = submit(response, coordinator)

    assert latest_submission(response) == second
    assert latest_submission(response, number=1) == first
    assert latest_submission(response, number=2) == second


@pytest.mark.parametrize("number", [None, 0, 1, 99])
def test_submission_that_is_not_there_is_not_found(response, number):
    with pytest.raises(Submission.DoesNotExist):
        latest_submission(response, number=number)


def test_acceptance_comes_with_the_submission(
    response, coordinator, officer, django_assert_num_queries
):
    submit(response, coordinator)
    assert acceptance_of(latest_submission(response)) is None
    acceptance = accept_response(response=response, by=officer)

    with django_assert_num_queries(1):
        found = acceptance_of(latest_submission(response))

    assert found == acceptance


# Lists


def test_home_lists_the_responses_of_the_own_countries_newest_first(
    response, nmdc_db, peru, chile, officer, coordinator
):
    older = RoundFactory(questionnaire=nmdc_db, year=2020)
    newer = RoundFactory(questionnaire=nmdc_db, year=2028)
    for round_ in (older, newer):
        open_round(round_=round_, countries=[peru, chile], by=officer)

    found = rounds_with_responses_of(coordinator)

    assert [(r.country.iso3, r.round.year) for r in found] == [
        ("PER", 2028),
        ("PER", 2025),
        ("PER", 2020),
    ]


def test_home_of_a_former_member_lists_nothing(response, peru):
    person = UserFactory()
    MembershipFactory(user=person, country=peru, role="observer", is_active=False)

    assert rounds_with_responses_of(person) == []


def test_transitions_are_newest_first(response, coordinator, officer):
    submit(response, coordinator)
    return_response(response=response, by=officer, message="Check.")

    found = list(transitions_of(response))

    assert [t.action for t in found] == ["return", "submit", "open"]


def test_transitions_of_the_same_moment_are_newest_first(response, coordinator):
    at_ = datetime.datetime(2025, 3, 1, tzinfo=datetime.UTC)
    for action in ("submit", "withdraw"):
        Transition.objects.create(
            response=response,
            action=action,
            to_status="draft",
            made_by=coordinator,
            made_at=at_,
        )

    found = [t.action for t in transitions_of(response) if t.made_at == at_]

    assert found == ["withdraw", "submit"]


def test_coordinators_are_the_active_ones_of_the_country(
    response, peru, chile, coordinator, contributor
):
    MemberFactory(country=chile, role="coordinator")
    MemberFactory(country=peru, role="coordinator", is_active=False)
    former = UserFactory()
    MembershipFactory(user=former, country=peru, role="coordinator", is_active=False)
    elsewhere = MemberFactory(country=chile, role="coordinator")
    MembershipFactory(user=elsewhere, country=peru, role="observer")

    assert coordinators_of(response) == [coordinator]


def test_coordinator_who_became_a_contributor_is_none_of_the_coordinators(
    response, peru, chile
):
    """Role, country and activity have to be those of one membership."""
    person = MemberFactory(country=chile, role="coordinator")
    MembershipFactory(user=person, country=peru, role="contributor")

    assert coordinators_of(response) == []


@pytest.mark.parametrize(
    ("role", "expected"),
    [("coordinator", False), ("contributor", False), ("observer", False)],
)
def test_members_do_not_read_from_unsds_side(response, peru, role, expected):
    assert is_unsd(MemberFactory(country=peru, role=role), response) is expected


def test_officers_read_from_unsds_side(response, officer):
    assert is_unsd(officer, response) is True


def test_stamp_is_absent_where_nothing_is_translated(response):
    assert responses_with_instrument().get(pk=response.pk).stamp is None
