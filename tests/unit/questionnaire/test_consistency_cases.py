"""The cases of the consistency rules, and the rules that fire for the demo answers."""

import pytest

from questionnaire.consistency import (
    codes_in,
    contradictions,
    rules_of,
    unexplained,
)
from questionnaire.states import CellState, ResponseState
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


def found_for(answers):
    return contradictions(ResponseState(nmdc(), cells(answers)))


def named(contradiction):
    return [str(cell) for cell in contradiction.cells]


# Which cells are named


def test_cells_that_had_no_part_are_left_out():
    """NEW-02 and the policy questions could name the census too, but do not."""
    answers = {
        "SRC-INV[SRC-CEN].exists": "no",
        "BAS-STAT[BAS-S01].produced": "regular",
        "BAS-STAT[BAS-S01].sources": ["census"],
        "BAS-STAT[BAS-S02].produced": "regular",
        "BAS-STAT[BAS-S02].sources": ["register"],
        "NEW-02": ["lfs"],
    }

    (found,) = (one for one in found_for(answers) if one.rule.code == "C-017")

    assert named(found) == ["SRC-INV[SRC-CEN].exists", "BAS-STAT[BAS-S01].sources"]


def test_branch_that_is_true_shows_the_row():
    answers = {
        "POL-SDG[SDG-8.5.2].produced": "regular",
        "POL-SDG[SDG-8.5.2].disaggregated": "published",
        "POL-SDG[SDG-8.5.2].sources": ["lfs"],
        "SRC-STDQ[STQ-01].lfs": "none",
        "SRC-STDQ[STQ-02].lfs": "none",
    }

    (found,) = (one for one in found_for(answers) if one.rule.code == "C-087")

    assert named(found) == [
        "POL-SDG[SDG-8.5.2].disaggregated",
        "SRC-STDQ[STQ-01].lfs",
        "SRC-STDQ[STQ-02].lfs",
    ]


def test_question_that_the_message_names_stays_though_it_had_no_part():
    """C-118 speaks of POL-05 and COO-10; one of them is enough."""
    case = next(case for case in CASES if "C-118" in case["fires"])

    (found,) = (
        one
        for one in contradictions(ResponseState(nmdc(), flatten(case["answers"])))
        if one.rule.code == "C-118"
    )

    assert [cell.question for cell in found.cells] == ["OPN-14", "POL-05", "COO-10"]


@pytest.mark.parametrize("case", CASES, ids=[case["code"] for case in CASES])
def test_named_cells_exist_and_are_in_sight(case):
    state = ResponseState(nmdc(), flatten(case["answers"]))

    for found in contradictions(state):
        assert (
            found.first.question == at(found.rule.cells[0].replace("[*]", "")).question
        )
        assert len(found.cells) == len(set(found.cells))
        for cell in found.cells[1:]:
            question = nmdc().question_by_code[cell.question]
            assert (cell.row != "") is question.is_matrix, (found.rule.code, cell)
            if cell.row:
                assert state.cell_state(cell) not in (
                    CellState.HIDDEN,
                    CellState.CLOSED,
                )


@pytest.mark.parametrize("rule", nmdc().consistency_rules, ids=lambda rule: rule.code)
def test_codes_in_a_message_are_those_of_its_cells(rule):
    """So the names of the cells below the message say what its codes mean."""
    said = {at(cell.replace("[*]", "")) for cell in rule.cells}
    known = {cell.question for cell in said} | {cell.row for cell in said}

    assert codes_in(rule.message) <= known


# What does not count


@pytest.mark.parametrize("case", CASES, ids=[case["code"] for case in CASES])
def test_hidden_and_closed_cells_never_make_a_rule_fire(case):
    answers = flatten(case["answers"])
    state = ResponseState(nmdc(), answers)
    before = [(c.rule.code, c.cells) for c in contradictions(state)]
    left_over = dict(answers)
    for question in nmdc().questions:
        if question.is_plain and not state.is_shown(question):
            left_over.setdefault(at(question.code), some_value(question))
        for row in question.rows:
            for column in question.columns:
                cell = at(f"{question.code}[{row.code}].{column.code}")
                if state.cell_state(cell) in (CellState.HIDDEN, CellState.CLOSED):
                    left_over.setdefault(cell, some_value(column))

    after = contradictions(ResponseState(nmdc(), left_over))

    assert len(left_over) > len(answers)
    assert [(c.rule.code, c.cells) for c in after] == before


def some_value(asked):
    """A value of the kind that rules object to: the first choice, all, a year to come."""
    values = [choice.value for choice in asked.choices]
    if asked.kind == "multiple_choice":
        return values
    return values[0] if values else 2035


# Sections and remarks


def test_rules_of_a_section_are_those_that_name_a_cell_in_it():
    found = [rule.code for rule in rules_of(nmdc(), nmdc().section_by_code["OPN"])]

    assert found == [
        rule.code
        for rule in nmdc().consistency_rules
        if any(cell.startswith("OPN-") for cell in rule.cells)
    ]
    assert found == [
        "C-110", "C-111", "C-112", "C-113", "C-114", "C-115", "C-116", "C-117", "C-118",
    ]  # fmt: skip


@pytest.mark.parametrize("section", nmdc().sections, ids=lambda section: section.code)
def test_contradictions_among_some_rules_are_the_same(section):
    state = ResponseState(nmdc(), demo_answers("PRY"))
    rules = rules_of(nmdc(), section)

    found = contradictions(state, rules)

    assert found == tuple(c for c in contradictions(state) if c.rule in rules)


def test_unexplained_are_the_warnings_without_a_note_on_their_first_question():
    answers = {
        "GEN-02": 2025,
        "SRC-01": 2024,
        "STR-01": "adopted",
        "STR-02": 2026,
    }

    def left(**notes):
        state = ResponseState(nmdc(), cells(answers | notes))
        return [c.rule.code for c in unexplained(state, contradictions(state))]

    assert fired(cells(answers)) == ["C-007", "C-010"]
    assert left() == ["C-010"]
    assert left(**{"SRC-01.@note": "Postponed."}) == []
    assert left(**{"GEN-02.@note": "Postponed."}) == ["C-010"]
