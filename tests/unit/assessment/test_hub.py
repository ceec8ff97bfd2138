import pytest

from assessment.carried import CarriedOver
from assessment.hub import (
    contradiction_lines,
    progress_of,
)
from questionnaire.consistency import contradictions
from questionnaire.states import ResponseState
from tests.instruments import at, cells, demo_answers, flatten, nmdc, read_data

CASES = read_data("consistency_cases.yaml")["cases"]
EARLIER_CENSUS = {"GEN-02": 2025, "SRC-01": 2024}
STRATEGY = {"STR-01": "adopted", "STR-02": 2026}


def state(answers):
    return ResponseState(nmdc(), cells(answers))


def test_line_names_its_cells_its_section_and_its_remark():
    answers = EARLIER_CENSUS | {"SRC-01.@note": "Postponed."}

    (line,) = contradiction_lines(state(answers))

    assert (line.section.code, line.remark_at, line.remark) == (
        "SRC",
        at("SRC-01.@note"),
        "Postponed.",
    )
    assert [(cell.name, cell.code, cell.section.code) for cell in line.cells] == [
        ("Year of next census", "SRC-01", "SRC"),
        ("Assessment year", "GEN-02", "GEN"),
    ]


@pytest.mark.parametrize(
    ("answers", "level", "to_explain"),
    [
        (STRATEGY | {"GEN-02": 2025}, "error", False),
        (EARLIER_CENSUS, "warning", True),
        (EARLIER_CENSUS | {"SRC-01.@note": "Postponed."}, "explained", False),
    ],
)
def test_level_of_a_line(answers, level, to_explain):
    (line,) = contradiction_lines(state(answers))

    assert (line.level, line.to_explain) == (level, to_explain)


def test_code_of_a_row_is_given_where_the_message_calls_it_so():
    case = next(case for case in CASES if "C-053" in case["fires"])

    found = contradiction_lines(ResponseState(nmdc(), flatten(case["answers"])))

    codes = {
        cell.code
        for line in found
        if line.contradiction.rule.code == "C-053"
        for cell in line.cells
    }
    assert codes == {"SRC-15", "SRC-STDQ STQ-10"}


@pytest.mark.parametrize(("rows", "shown", "more"), [(3, 4, 0), (5, 6, 0), (6, 5, 2)])
def test_many_cells_are_named_on_demand(rows, shown, more):
    answers = {"GEN-02": 2025, "SRC-19": "none"}
    for row in [row.code for row in nmdc().question_by_code["SRC-INV"].rows][-rows:]:
        answers[f"SRC-INV[{row}].exists"] = "yes"
        answers[f"SRC-INV[{row}].quality"] = "good"

    (line,) = (
        line
        for line in contradiction_lines(state(answers))
        if line.contradiction.rule.code == "C-051"
    )

    assert (len(line.cells), len(line.main_cells), len(line.more_cells)) == (
        rows + 1,
        shown,
        more,
    )


def test_progress_counts_what_is_to_explain_among_the_warnings():
    answers = demo_answers("JOR") | cells({"SRC-19.@note": "They check themselves."})
    read = ResponseState(nmdc(), answers)

    lines = progress_of(read, contradictions(read), CarriedOver(read, ()))

    counted = {
        line.section.code: (line.errors, line.warnings, line.to_explain, line.explained)
        for line in lines
        if line.warnings
    }
    assert counted == {"SRC": (0, 2, 1, 1), "COO": (0, 1, 1, 0)}


@pytest.mark.parametrize("case", CASES, ids=[case["code"] for case in CASES])
def test_every_cell_of_every_rule_has_a_name_and_a_code_of_its_own(case):
    for line in contradiction_lines(ResponseState(nmdc(), flatten(case["answers"]))):
        names = [cell.name for cell in line.cells]
        assert len(set(names)) == len(names)
        for cell in line.cells:
            question = nmdc().question_by_code[cell.address.question]
            assert cell.name.startswith(question.short)
            assert cell.code.startswith(question.code)
            assert cell.address.row not in cell.name.split(" · ")
