"""What is shown, open, blank and missing (gap_method.md, 4 and 9)."""

from dataclasses import replace

import pytest

from questionnaire.instrument import Section
from questionnaire.states import CellState, ResponseState
from tests.instruments import (
    COUNTRIES,
    at,
    cells,
    changed,
    demo_answers,
    nmdc,
    read_data,
)

GOLDEN = read_data("golden_figures.yaml")["countries"]


def state(answers=(), instrument=None) -> ResponseState:
    return ResponseState(instrument or nmdc(), cells(dict(answers)))


def is_shown(code, answers) -> bool:
    return state(answers).is_shown(nmdc().question_by_code[code])


# Visibility


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({}, False),
        ({"STR-01": "none"}, False),
        ({"STR-01": "dk"}, False),
        ({"STR-01": "drafted"}, True),
    ],
)
def test_question_is_shown_if_its_condition_holds(answers, shown):
    assert is_shown("STR-04", answers) is shown


def test_question_without_condition_is_always_shown():
    assert is_shown("STR-01", {})


def test_answer_of_a_hidden_question_hides_what_depends_on_it():
    """EXC-04 asked after EXC-03, which in turn is asked after EXC-01."""
    only_if = {"op": "eq", "value": "agreement"}
    instrument = changed(
        nmdc(), "EXC-03", show_if={"q": "EXC-01", "op": "eq", "value": "regular"}
    )
    instrument = changed(instrument, "EXC-04", show_if={"q": "EXC-03", **only_if})
    answers = {"EXC-01": "none", "EXC-03": "agreement", "EXC-04": ["flows"]}

    hidden = state(answers, instrument)
    shown = state(answers | {"EXC-01": "regular"}, instrument)

    follow_up = instrument.question_by_code["EXC-04"]
    assert not hidden.is_shown(follow_up)
    assert shown.is_shown(follow_up)
    assert hidden.value(at("EXC-03")) is None


def test_hidden_question_says_which_answers_hide_it():
    rows = ("BAS-S03", "BAS-S04", "BAS-S05", "BAS-S06")

    found = state().hidden_because(nmdc().question_by_code["BAS-13"])

    assert found == [at(f"BAS-STAT[{row}].produced") for row in rows]
    assert state().hidden_because(nmdc().question_by_code["BAS-01"]) == []


# States of cells


@pytest.mark.parametrize(
    ("address", "answers", "expected"),
    [
        ("BAS-01", {}, CellState.BLANK),
        ("BAS-01", {"BAS-01": None}, CellState.BLANK),
        ("BAS-01", {"BAS-01": ""}, CellState.BLANK),
        ("BAS-05", {"BAS-05": []}, CellState.BLANK),
        ("BAS-01", {"BAS-01": "both"}, CellState.ANSWERED),
        ("BAS-01", {"BAS-01": "dk"}, CellState.DONT_KNOW),
        ("BAS-05", {"BAS-05": "dk"}, CellState.DONT_KNOW),
        ("BAS-09", {"BAS-09": "na"}, CellState.NOT_APPLICABLE),
        ("SRC-01", {"SRC-01": "dk"}, CellState.DONT_KNOW),
        # In a text these are two letters.
        ("GEN-12", {"GEN-12": "dk"}, CellState.ANSWERED),
        ("GEN-08", {"GEN-08": "na"}, CellState.ANSWERED),
        ("POL-NEEDS[POL-A].remark", {"POL-NEEDS[POL-A].remark": "na"},
         CellState.ANSWERED),
        ("GEN-05[i1].name", {"GEN-05[i1].name": "dk"}, CellState.ANSWERED),
        ("GEN-05[i1].name", {}, CellState.BLANK),
        ("STR-04", {"STR-04": "nso"}, CellState.HIDDEN),
        ("STR-04", {"STR-04": "nso", "STR-01": "adopted"}, CellState.ANSWERED),
        # The gate and columns that are not gated are never closed.
        ("POL-NEEDS[POL-A].available", {}, CellState.BLANK),
        ("POL-NEEDS[POL-A].priority", {}, CellState.BLANK),
        ("POL-NEEDS[POL-A].fitness", {}, CellState.CLOSED),
        ("POL-NEEDS[POL-A].fitness",
         {"POL-NEEDS[POL-A].available": "none", "POL-NEEDS[POL-A].fitness": "fit"},
         CellState.CLOSED),
        ("POL-NEEDS[POL-A].fitness", {"POL-NEEDS[POL-A].available": "dk"},
         CellState.CLOSED),
        ("POL-NEEDS[POL-A].fitness", {"POL-NEEDS[POL-A].available": "partial"},
         CellState.BLANK),
        ("POL-NEEDS[POL-A].fitness",
         {"POL-NEEDS[POL-A].available": "full", "POL-NEEDS[POL-A].fitness": "fit"},
         CellState.ANSWERED),
        ("POL-SDG[SDG-8.8.2].disaggregated", {}, CellState.CLOSED),
        ("POL-SDG[SDG-8.8.2].disaggregated",
         {"POL-SDG[SDG-8.8.2].produced": "regular"}, CellState.FIXED),
        # Without a gate every row is open.
        ("SRC-STDQ[STQ-01].lfs", {}, CellState.BLANK),
        ("SRC-STDQ[STQ-01].lfs", {"SRC-STDQ[STQ-01].lfs": "na"},
         CellState.NOT_APPLICABLE),
    ],
)  # fmt: skip
def test_state_of_a_cell(address, answers, expected):
    assert state(answers).cell_state(at(address)) is expected


def test_cell_of_a_hidden_matrix_is_hidden():
    never = {"q": "GEN-10", "op": "eq", "value": "yes"}
    instrument = changed(nmdc(), "SRC-STDQ", show_if=never)
    answers = {"SRC-STDQ[STQ-01].lfs": "all"}

    found = state(answers, instrument)

    assert found.cell_state(at("SRC-STDQ[STQ-01].lfs")) is CellState.HIDDEN
    assert found.value(at("SRC-STDQ[STQ-01].lfs")) is None


# What conditions see


@pytest.mark.parametrize(
    ("address", "answers", "expected"),
    [
        ("STR-01", {"STR-01": "none"}, "none"),
        ("STR-01", {}, None),
        ("STR-04", {"STR-04": "nso"}, None),
        ("XXX-01", {}, None),
        ("SRC-INV[SRC-CEN].used", {"SRC-INV[SRC-CEN].used": "regular"}, None),
        ("SRC-INV[SRC-CEN].used",
         {"SRC-INV[SRC-CEN].exists": "yes", "SRC-INV[SRC-CEN].used": "regular"},
         "regular"),
        ("SRC-INV[SRC-XXX].used", {}, None),
        ("POL-SDG[SDG-8.8.2].disaggregated",
         {"POL-SDG[SDG-8.8.2].produced": "regular"}, "na"),
        ("SRC-INV", {}, None),
        ("SRC-INV", {"SRC-INV[SRC-CEN].exists": "no", "SRC-INV.@note": "Text"},
         [at("SRC-INV[SRC-CEN].exists")]),
        ("SRC-INV[SRC-CEN].@note", {"SRC-INV[SRC-CEN].@note": "Text"}, "Text"),
        ("GEN-05", {}, None),
        ("GEN-05", {"GEN-05[i2].name": "B", "GEN-05[i1].name": "A",
                    "GEN-05[i2].agency": "C"},
         [{"name": "B", "agency": "C"}, {"name": "A"}]),
        ("GEN-05[i1].name", {"GEN-05[i1].name": "A"}, "A"),
    ],
)  # fmt: skip
def test_value_is_what_the_instrument_sees(address, answers, expected):
    assert state(answers).value(at(address)) == expected


def test_rows_are_those_of_the_matrix_or_the_items_of_the_group():
    answers = {"GEN-05[i2].name": "B", "GEN-05[i1].name": "A", "GEN-05[i1].@note": "N"}

    found = state(answers)

    assert found.rows("GEN-05") == ["i2", "i1"]
    assert tuple(found.rows("EXC-REP"))[:2] == ("REP-DYB", "REP-ILO")


def test_answers_know_neither_gaps_nor_scores():
    assert state().gap_class("POL-A") is None
    assert state().score("OVERALL") is None


@pytest.mark.parametrize(
    ("answers", "year"),
    [({"GEN-02": 2025}, 2025), ({"GEN-02": "dk"}, None), ({}, None)],
)
def test_assessment_year(answers, year):
    assert state(answers).assessment_year == year


# Completeness and what is missing


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_completeness_is_the_golden_one(iso3):
    found = ResponseState(nmdc(), demo_answers(iso3))

    assert {
        "overall": round(found.completeness(), 4),
        **{s.code: round(found.completeness([s]), 4) for s in nmdc().sections},
    } == GOLDEN[iso3]["completeness"]


def test_section_without_required_questions_has_no_completeness():
    section: Section = replace(nmdc().sections[0], questions=())

    assert state().completeness([section]) is None


@pytest.mark.parametrize(
    ("code", "answers", "share"),
    [
        ("BAS-01", {}, 0),
        ("BAS-01", {"BAS-01": "dk"}, 1),
        ("BAS-09", {"BAS-09": "na"}, 1),
        ("GEN-05", {}, 0),
        ("GEN-05", {"GEN-05[i1].name": "A"}, 1),
        # Seven gates, of which one opens one more required cell.
        ("POL-MIG", {"POL-MIG[MIG-10.7.1].produced": "regular"}, 1 / 8),
        ("POL-MIG", {"POL-MIG[MIG-10.7.1].produced": "dk"}, 1 / 7),
        ("POL-MIG", {"POL-MIG[MIG-10.7.1].produced": "regular",
                     "POL-MIG[MIG-10.7.1].latest_year": "dk",
                     "POL-MIG[MIG-10.7.2].latest_year": 2020}, 2 / 8),
    ],
)  # fmt: skip
def test_filled_share(code, answers, share):
    assert state(answers).filled_share(nmdc().question_by_code[code]) == share


def test_matrix_without_required_cells_is_filled():
    columns = tuple(
        replace(column, is_required=False)
        for column in nmdc().question_by_code["EXC-REP"].columns
    )
    instrument = changed(nmdc(), "EXC-REP", columns=columns)

    found = state({}, instrument)

    assert found.filled_share(instrument.question_by_code["EXC-REP"]) == 1


def test_missing_names_the_first_blank_cell_and_counts():
    answers = {
        "EXC-01": "regular",
        "EXC-03": "none",
        "EXC-04": ["flows"],
        "EXC-05": "dk",
        "EXC-06": "full",
        "EXC-07": "none",
        "EXC-08": "na",
        "EXC-REP[REP-DYB].reporting": "none",
    }

    missing = state(answers).missing([nmdc().section_by_code["EXC"]])

    assert [(m.question.code, m.first, m.blank) for m in missing] == [
        ("EXC-02", at("EXC-02"), 1),
        ("EXC-REP", at("EXC-REP[REP-ILO].reporting"), 5),
    ]


def test_nothing_is_missing_in_a_complete_response():
    assert ResponseState(nmdc(), demo_answers("MEX")).missing() == []


# Evidence


def test_evidence_is_that_of_the_question_then_of_its_rows():
    first, second = {"title": "A", "url": "x"}, {"title": "B", "url": "y"}
    answers = {
        "EXC-REP[REP-ILO].@evidence": [second],
        "EXC-REP.@evidence": [first],
        "EXC-01.@evidence": [first],
    }

    found = state(answers)

    assert found.evidence(nmdc().question_by_code["EXC-REP"]) == [first, second]
    assert found.evidence(nmdc().question_by_code["EXC-03"]) == []
