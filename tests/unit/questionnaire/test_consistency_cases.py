"""The cases of the consistency rules, and the rules that fire for the demo answers."""

import pytest

from questionnaire.consistency import contradictions
from questionnaire.states import ResponseState
from tests.instruments import (
    COUNTRIES,
    at,
    cells,
    demo_answers,
    flatten,
    nmdc,
    read_data,
)

DATA = read_data("consistency_cases.yaml")
CASES = DATA["cases"]


def fired(answers):
    return [c.rule.code for c in contradictions(ResponseState(nmdc(), answers))]


@pytest.mark.parametrize("case", CASES, ids=[case["code"] for case in CASES])
def test_rules_that_fire(case):
    assert fired(flatten(case["answers"])) == case["fires"]


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_rules_that_fire_for_the_demo_answers(iso3):
    assert fired(demo_answers(iso3)) == DATA["demo_sets"][iso3]


def test_there_is_a_case_for_each_rule():
    tested = {code for case in CASES for code in case["fires"]}

    assert len(CASES) == 167
    assert tested == {rule.code for rule in nmdc().consistency_rules}


def test_contradiction_names_the_cells_of_its_rule():
    answers = cells({"GEN-02": 2025, "STR-01": "adopted", "STR-02": 2026})

    (found,) = contradictions(ResponseState(nmdc(), answers))

    assert found.cells == tuple(at(cell) for cell in found.rule.cells)
    assert found.first == found.cells[0]
    assert found.rule.is_error is (found.rule.severity == "error")


def test_contradiction_names_the_rows_that_fired_in_place_of_every_row():
    answers = cells(
        {
            "GEN-02": 2025,
            "BAS-STAT[BAS-S01].produced": "regular",
            "BAS-STAT[BAS-S01].latest_year": 2024,
            "BAS-STAT[BAS-S04].produced": "regular",
            "BAS-STAT[BAS-S04].latest_year": 2026,
        }
    )

    (found,) = contradictions(ResponseState(nmdc(), answers))

    assert found.rule.code == "C-002"
    assert found.first == at("BAS-STAT[BAS-S04].latest_year")
    assert at("BAS-STAT[BAS-S01].latest_year") not in found.cells
