import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.models import AnswerRevision, Country, Response
from assessment.queries import held_answers
from assessment.services.answers import Saved
from assessment.services.imports import import_answers
from assessment.services.rounds import SYSTEM_EMAIL, open_response, open_round
from assessment.services.transitions import reopen_response
from tests.carrying import accepted, next_version, opened
from tests.factories import RoundFactory
from tests.instruments import demo_answers
from tests.saving import change, put, save, state_of, submit

LAST = {
    "GEN-01": "Peru",
    "GEN-04": "nso",
    "GEN-05[abcd1234].name": "Rosa Quispe",
    "GEN-09": ["destination", "origin"],
    "GEN-10": "no",
    "GEN-01.@note": "In three languages.",
    "GEN-01.@evidence": [{"title": "Law", "url": "https://example.org/law"}],
    "SRC-01": "dk",
    "SRC-INV[SRC-CEN].exists": "yes",
    "SRC-INV[SRC-CEN].latest_year": 2017,
}


@pytest.fixture
def carried(nmdc_db, peru, officer):
    """Peru's response of 2025, opened after 2022 was accepted."""
    accepted(nmdc_db, 2022, peru, officer, LAST)
    return opened(nmdc_db, 2025, peru, officer)


def standing(response):
    return {
        str(address): (held.value, held.revision, held.is_confirmed)
        for address, held in held_answers(response).items()
    }


def test_last_accepted_answers_are_carried_over_unconfirmed(carried):
    assert standing(carried) == {
        "GEN-02": (2025, 1, True),
        **{cell: (value, 1, False) for cell, value in LAST.items()},
    }


def test_what_is_carried_over_is_history_by_the_system(carried):
    revisions = AnswerRevision.objects.filter(answer__response=carried)

    assert set(
        revisions.values_list("via", "changed_by__email", "revision", "is_confirmed")
    ) == {
        ("prefill", SYSTEM_EMAIL, 1, False),
        ("prefill", SYSTEM_EMAIL, 1, True),
    }
    assert revisions.filter(is_confirmed=True).count() == 1
    assert revisions.count() == len(LAST) + 1


def test_response_names_the_submission_it_was_prefilled_from(carried, nmdc_db):
    source = carried.prefilled_from

    assert (source.response.round.code, source.number) == ("2022", 1)
    assert (carried.prefilled_year, carried.prefilled_title) == (2022, "Round 2022")


def test_nothing_is_carried_over_into_a_first_round(response):
    assert response.prefilled_from is None
    assert (response.prefilled_year, response.prefilled_title) == (None, None)
    assert standing(response) == {"GEN-02": (2025, 1, True)}


def test_nothing_carried_over_counts(carried):
    assert [str(address) for address in state_of(carried).answers] == ["GEN-02"]


def test_newest_accepted_round_is_taken_by_its_year(nmdc_db, peru, officer):
    for year in (2019, 2022, 2016):
        accepted(nmdc_db, year, peru, officer, {"GEN-01": f"Peru in {year}"})
    accepted(nmdc_db, 2028, peru, officer, {"GEN-01": "Peru in 2028"})

    response = opened(nmdc_db, 2025, peru, officer)

    assert standing(response)["GEN-01"] == ("Peru in 2022", 1, False)


def test_round_that_was_not_accepted_is_passed_over(
    nmdc_db, peru, officer, coordinator
):
    accepted(nmdc_db, 2019, peru, officer, {"GEN-01": "Accepted"})
    later = opened(nmdc_db, 2022, peru, officer)
    put(later, coordinator, {"GEN-01": "Only submitted"})
    submit(later, coordinator)

    response = opened(nmdc_db, 2025, peru, officer)

    assert standing(response)["GEN-01"] == ("Accepted", 1, False)


def test_frozen_record_is_taken_not_what_was_changed_after_it(
    nmdc_db, peru, officer, coordinator, fresh
):
    accepted(nmdc_db, 2022, peru, officer, {"GEN-01": "As accepted"})
    earlier = fresh(Response.objects.get(round__code="2022"))
    reopen_response(response=earlier, by=officer, message="A late figure.")
    put(earlier, coordinator, {"GEN-01": "Changed since", "GEN-03": "INEI"})

    response = opened(nmdc_db, 2025, peru, officer)

    assert standing(response)["GEN-01"] == ("As accepted", 1, False)
    assert "GEN-03" not in standing(response)


def test_another_country_lends_nothing(nmdc_db, peru, officer):
    chile = Country.objects.get(iso3="CHL")
    accepted(nmdc_db, 2022, chile, officer, {"GEN-01": "Chile"})

    response = opened(nmdc_db, 2025, peru, officer)

    assert standing(response) == {"GEN-02": (2025, 1, True)}


def test_what_was_never_confirmed_is_not_carried_on(
    nmdc_db, peru, officer, coordinator
):
    accepted(nmdc_db, 2019, peru, officer, {"GEN-01": "Peru", "GEN-03": "INEI"})
    accepted(nmdc_db, 2022, peru, officer, {"GEN-01": "Perú"})

    response = opened(nmdc_db, 2025, peru, officer)

    assert standing(response) == {
        "GEN-02": (2025, 1, True),
        "GEN-01": ("Perú", 1, False),
    }


def test_response_that_exists_is_never_touched(carried, nmdc_db, peru, officer):
    put(carried, officer_of(carried), {"GEN-01": "Perú"})
    before = standing(carried)

    again = open_response(round_=carried.round, country=peru, by=officer)

    assert again == carried
    assert standing(again) == before


def officer_of(response):
    return response.country.memberships.get(role="coordinator").user


def test_answers_are_matched_by_code_across_versions(nmdc_db, peru, officer, caplog):
    """Left out: unknown codes, values no longer listed, fixed cells, items too many."""

    def change_question(question):
        if question.code == "GEN-04":
            question.choices = [c for c in question.choices if c["value"] != "nso"]
        elif question.code == "GEN-05":
            question.max_items = 1
        elif question.code == "SRC-INV":
            for row in question.rows:
                if row["code"] == "SRC-CEN":
                    row["fixed"] = {"exists": "yes"}
            question.columns = [
                column | ({"kind": "text"} if column["code"] == "holder" else {})
                for column in question.columns
            ]
        elif question.code == "GEN-03":
            question.kind = "year"
        return question.code != "GEN-12"

    last = LAST | {
        "GEN-03": "INEI",
        "GEN-05[zyxw9876].name": "Luis Huamán",
        "GEN-12": "A remark",
        "SRC-INV[SRC-CEN].holder": "INEI",
    }
    accepted(nmdc_db, 2022, peru, officer, last)
    caplog.set_level(logging.INFO, "assessment.services.prefill")

    response = opened(next_version(nmdc_db, change_question), 2025, peru, officer)

    left_out = {
        "GEN-03",
        "GEN-04",
        "GEN-05[zyxw9876].name",
        "GEN-12",
        "SRC-INV[SRC-CEN].exists",
    }
    assert response.round.questionnaire.version == "2.0"
    assert set(standing(response)) == {"GEN-02", *last} - left_out
    assert standing(response)["SRC-INV[SRC-CEN].holder"] == ("INEI", 1, False)
    (line,) = caplog.messages
    assert "5 of 14 answers of" in line
    assert all(cell in line for cell in left_out)


def test_assessment_year_is_that_of_the_round(nmdc_db, peru, officer):
    accepted(nmdc_db, 2022, peru, officer, {"GEN-02": 2021})

    response = opened(nmdc_db, 2025, peru, officer)

    assert standing(response) == {"GEN-02": (2025, 1, True)}


def test_items_keep_their_codes_and_order(nmdc_db, peru, officer):
    items = {"GEN-05[zz000000].name": "First", "GEN-05[aa000000].name": "Second"}
    accepted(nmdc_db, 2022, peru, officer, items)

    response = opened(nmdc_db, 2025, peru, officer)

    assert [str(a) for a in held_answers(response)] == ["GEN-02", *items]


def test_items_carried_over_count_for_the_largest_number(nmdc_db, peru, officer):
    limit = 5
    items = {f"GEN-05[item000{n}].name": f"Person {n}" for n in range(limit)}
    accepted(nmdc_db, 2022, peru, officer, items)
    response = opened(nmdc_db, 2025, peru, officer)

    outcome = save(
        response, officer_of(response), change("GEN-05[item1234].name", "One more")
    )

    assert outcome.errors == [f"At most {limit} entries can be given here."]


def test_another_value_replaces_and_counts(carried):
    outcome = save(carried, officer_of(carried), change("GEN-04", "other", 1))

    assert isinstance(outcome, Saved)
    assert standing(carried)["GEN-04"] == ("other", 2, True)


def test_import_confirms_what_it_names(carried):
    import_answers(response=carried, entry={"answers": {"GEN-04": "nso"}})

    assert standing(carried)["GEN-04"] == ("nso", 2, True)
    assert standing(carried)["GEN-01"] == ("Peru", 1, False)


def test_carrying_over_is_few_statements(nmdc_db, peru, officer):
    values = {str(a): v for a, v in demo_answers("MEX").items() if str(a) != "GEN-02"}
    accepted(nmdc_db, 2025, peru, officer, values)
    round_ = RoundFactory(questionnaire=nmdc_db, year=2028)
    open_round(round_=round_, countries=[], by=officer)

    with CaptureQueriesContext(connection) as captured:
        response = open_response(round_=round_, country=peru, by=officer)

    writes = [q["sql"] for q in captured if q["sql"].startswith("INSERT")]
    assert len(standing(response)) == 1 + len(values)
    assert len(captured) - len(writes) <= 17  # one asks for an earlier plan
    assert len(writes) <= 22  # SQLite takes about a hundred rows at a time
