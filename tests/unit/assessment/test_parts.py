"""Parts of a response and how much of them is answered."""

import pytest

from assessment.parts import (
    all_parts,
    normal,
    parts_over,
    place_of,
    progress_in,
    started_parts,
    uncovered,
)
from questionnaire.states import ResponseState
from tests.instruments import at, cells, demo_answers, nmdc

ROWS = [row.code for row in nmdc().question_by_code["SRC-INV"].rows]


def progress(answers, *parts):
    state = ResponseState(nmdc(), cells(answers))
    found = progress_in(state, parts, started_parts(state))
    first = str(found.first) if found.first else None
    return found.answered, found.total, first, found.has_any


def test_every_section_question_and_row_is_a_part():
    found = list(all_parts(nmdc()))

    assert len(found) == len(set(found)) == 9 + 141 + 114
    assert found[:2] == ["GEN", "GEN-01"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("GEN-01", ("GEN", "GEN-01")),
        ("GEN-01.@note", ("GEN", "GEN-01")),
        ("GEN-05[abcd1234].name", ("GEN", "GEN-05")),
        ("SRC-INV.@evidence", ("SRC", "SRC-INV")),
        ("SRC-INV[SRC-RES].exists", ("SRC", "SRC-INV", "SRC-INV[SRC-RES]")),
        ("SRC-INV[SRC-RES].@note", ("SRC", "SRC-INV", "SRC-INV[SRC-RES]")),
        ("SRC-INV[NOWHERE].exists", ("SRC", "SRC-INV")),
        ("XXX-99", ()),
    ],
)
def test_parts_over_a_cell(cell, expected):
    assert parts_over(nmdc(), at(cell)) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["SRC-07", "SRC"], ["SRC"]),
        (["SRC-INV[SRC-RES]", "SRC-INV"], ["SRC-INV"]),
        (["SRC-INV[SRC-RES]", "SRC"], ["SRC"]),
        (["SRC-07", "GEN-01", "GEN-01"], ["GEN-01", "SRC-07"]),
        (
            ["SRC-INV[SRC-RES]", "SRC-INV[SRC-CEN]"],
            ["SRC-INV[SRC-CEN]", "SRC-INV[SRC-RES]"],
        ),
        (["NOTHING", "SRC-INV[NOWHERE]", ""], []),
    ],
)
def test_parts_are_kept_once_in_the_order_of_the_instrument(asked, expected):
    assert normal(nmdc(), asked) == expected


@pytest.mark.parametrize(
    ("part", "section", "name", "anchor"),
    [
        ("GEN", "GEN", "Respondents and agencies", ""),
        ("SRC-13", "SRC", "SRC-13 Detail of residence permits", "q-SRC-13"),
        (
            "SRC-INV[SRC-RES]",
            "SRC",
            "SRC-INV Inventory of data sources · Residence permits",
            "c-SRC-INV[SRC-RES].exists",
        ),
    ],
)
def test_part_is_named_and_placed(part, section, name, anchor):
    place = place_of(nmdc(), part)

    assert (place.code, place.section.code, place.name, place.anchor) == (
        part, section, name, anchor,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "part", "expected"),
    [
        # A plain question is one cell; an optional one asks for nothing.
        ({}, "GEN-01", (0, 1, "GEN-01", False)),
        ({"GEN-01": "Peru"}, "GEN-01", (1, 1, None, True)),
        ({"GEN-01.@note": "So far"}, "GEN-01", (0, 1, "GEN-01", False)),
        # A row asks for its gate, and once that is open for its required columns.
        ({}, "SRC-INV[SRC-RES]", (0, 1, "SRC-INV[SRC-RES].exists", False)),
        ({"SRC-INV[SRC-RES].exists": "no"}, "SRC-INV[SRC-RES]", (1, 1, None, True)),
        (
            {"SRC-INV[SRC-RES].exists": "yes"},
            "SRC-INV[SRC-RES]",
            (1, 9, "SRC-INV[SRC-RES].latest_year", True),
        ),
        ({"SRC-INV[SRC-CEN].exists": "no"}, "SRC-INV[SRC-RES]",
         (0, 1, "SRC-INV[SRC-RES].exists", False)),
        # A question that is not asked counts for nothing.
        ({}, "SRC-13", (0, 0, None, False)),
        ({"SRC-INV[SRC-RES].exists": "yes"}, "SRC-13", (0, 1, "SRC-13", False)),
    ],
)  # fmt: skip
def test_progress_counts_required_cells_that_are_asked(answers, part, expected):
    assert progress(answers, part) == expected


def test_repeating_group_counts_as_one_cell():
    group = next(
        q for q in nmdc().questions if q.is_group and q.is_required and not q.show_if
    )
    column = group.columns[0].code

    empty = progress({}, group.code)
    filled = progress({f"{group.code}[abcd1234].{column}": "x"}, group.code)

    assert empty == (0, 1, group.code, False)
    assert filled == (1, 1, None, True)


def test_progress_of_all_sections_agrees_with_what_is_missing():
    state = ResponseState(nmdc(), demo_answers("PER"))

    found = progress_in(
        state, [section.code for section in nmdc().sections], started_parts(state)
    )

    blank = sum(missing.blank for missing in state.missing())
    assert blank > 0
    assert found.total - found.answered == blank
    assert found.first == state.missing()[0].first


def test_rows_of_a_question_add_up_to_it():
    answers = {str(a): v for a, v in demo_answers("PER").items()}

    rows = [progress(answers, f"SRC-INV[{row}]") for row in ROWS]
    whole = progress(answers, "SRC-INV")

    assert whole[:2] == (sum(r[0] for r in rows), sum(r[1] for r in rows))
    assert progress(answers, *(f"SRC-INV[{row}]" for row in ROWS)) == whole


def test_uncovered_names_sections_then_questions_then_rows():
    covered = [section.code for section in nmdc().sections[2:]]
    questions = [q.code for q in nmdc().section_by_code["GEN"].questions]
    covered += questions[1:]

    first, second = uncovered(nmdc(), covered)

    assert (first.section.code, [p.code for p in first.places]) == ("GEN", ["GEN-01"])
    assert (second.section.code, second.places) == ("BAS", ())


def test_uncovered_rows_of_a_matrix_are_named():
    others = [q.code for q in nmdc().section_by_code["SRC"].questions][1:]

    (found,) = [
        u
        for u in uncovered(nmdc(), [*others, "SRC-INV[SRC-RES]"])
        if u.section.code == "SRC"
    ]

    assert [p.code for p in found.places] == [
        f"SRC-INV[{row}]" for row in ROWS if row != "SRC-RES"
    ]


def test_everything_covered_leaves_nothing():
    assert uncovered(nmdc(), [section.code for section in nmdc().sections]) == []
