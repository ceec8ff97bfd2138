"""Scores of rows and matrices (gap_method.md, 5.3)."""

from dataclasses import replace

import pytest

from reports.analysis.results import Figures
from tests.instruments import at, changed, nmdc
from tests.unit.reports.scores import FIRST, LEFT_OUT, ONE_ROW, question, same, score

BASIC_SOURCES = ("SRC-CEN", "SRC-LFS", "SRC-CRV", "SRC-BOR", "SRC-RES", "SRC-ASY")
BEST_SOURCE = {
    "exists": "yes",
    "latest_year": 2025,
    "coverage": "complete",
    "format": "individual",
    "variables": ["sex", "birth_date", "birth_country", "citizenship", "residence",
                  "dates", "reason", "socio"],
    "nso_access": "regular",
    "quality": "good",
    "used": "regular",
}  # fmt: skip


def source(code, **values):
    return {f"SRC-INV[{code}].{column}": value for column, value in values.items()}


def inventory(**sources):
    """Leave out all basic sources but those given, by code without `SRC-`."""
    answers = {f"SRC-INV[{code}].exists": "no" for code in BASIC_SOURCES}
    for code, values in sources.items():
        answers |= source(f"SRC-{code}", **values)
    return answers


# Rows of a matrix


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        ("none", same(0)),
        ("dk", Figures(0, 0, 1)),
        (None, Figures(0, None, 1)),
        ("na", LEFT_OUT),
    ],
)
def test_ordinary_row_that_is_not_open(gate, expected):
    stored = {f"{FIRST}.produced": gate, f"{FIRST}.latest_year": 2025}

    assert score("POL-MIG", ONE_ROW | stored) == expected


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2025, same(1)),
        ("dk", Figures(round(2 / 3, 9), round(2 / 3, 9), 1)),
        (None, Figures(round(2 / 3, 9), 1, 1)),
        ("na", same(1)),
    ],
)
def test_cells_of_an_open_row(year, expected):
    answers = {f"{FIRST}.produced": "regular", f"{FIRST}.latest_year": year}

    assert score("POL-MIG", ONE_ROW | answers) == expected


def test_fixed_cell_is_left_out_of_its_row():
    agencies = ("BOR", "INT", "LAB", "FOR", "ASY", "CIV", "EDU", "SOC", "JUS")
    answers = {f"COO-MOU[AGY-{agency}].agreement": "na" for agency in agencies}
    answers |= {
        "COO-MOU[AGY-BNK].agreement": "informal",
        "COO-MOU[AGY-BNK].level": "individual",
        "COO-MOU[AGY-BNK].rhythm": "regular",
    }

    found = question("COO-MOU", answers)

    assert found.score.final == pytest.approx((2 * 0.4 + 1 * 1) / 3)
    assert at("COO-MOU[AGY-BNK].level") not in found.causes


@pytest.mark.parametrize(
    ("fixed", "year", "expected"),
    [
        ({"coverage": "partial"}, 2025, same(0.5)),
        ({"latest_year": 2020}, 2025, same(0.3)),
        ({"latest_year": 2020}, "dk", Figures(0, 0, 1)),
    ],
)
def test_fixed_cell_with_a_meaning_has_its_score(fixed, year, expected):
    """No row of this instrument has one; another version may."""
    matrix = nmdc().question_by_code["SRC-INV"]
    columns = tuple(
        replace(column, is_scored=column.code in fixed) for column in matrix.columns
    )
    row = replace(matrix.row_by_code["SRC-LFS"], fixed=fixed)
    instrument = changed(nmdc(), "SRC-INV", rows=(row,), columns=columns)
    answers = {"GEN-02": year, "SRC-INV[SRC-LFS].exists": "yes"}

    assert score("SRC-INV", answers, instrument) == expected
    assert question("SRC-INV", answers, instrument).causes == ()


def test_row_without_a_gate_is_left_out_only_if_all_its_cells_are():
    answers = {
        f"EXC-REP[REP-{row}].reporting": "na"
        for row in ("DYB", "ILO", "UNHCR", "UIS", "REG", "UNODC")
    }

    assert score("EXC-REP", answers) == LEFT_OUT
    assert score("EXC-REP", answers | {"EXC-REP[REP-ILO].reporting": None}) == Figures(
        0, None, 1
    )


# Optional rows: the basic sources weigh 8.5, the census 2


def test_inventory_is_the_mean_of_the_ordinary_rows():
    assert score("SRC-INV", inventory(CEN=BEST_SOURCE)) == same(round(2 / 8.5, 9))


def test_ordinary_row_that_does_not_apply_leaves_the_inventory():
    answers = inventory(CEN=BEST_SOURCE, ASY={"exists": "na"})

    assert score("SRC-INV", answers) == same(round(2 / 7.5, 9))


@pytest.mark.parametrize("gate", ["no", "na", "dk", None])
def test_optional_row_that_is_not_open_is_left_out_in_every_mode(gate):
    answers = inventory(CEN=BEST_SOURCE, WRK={**BEST_SOURCE, "exists": gate})

    assert score("SRC-INV", answers) == same(round(2 / 8.5, 9))


def test_open_optional_row_is_a_bonus_above_the_line():
    answers = inventory(CEN=BEST_SOURCE, WRK=BEST_SOURCE, VIS=BEST_SOURCE)

    assert score("SRC-INV", answers) == same(round((2 + 0.1 * 1.5) / 8.5, 9))


def test_cells_of_an_open_optional_row_follow_the_modes():
    answers = inventory(CEN=BEST_SOURCE, WRK={"exists": "yes", "used": "dk"})

    final, provisional = 1 / 13, 1 / 3

    assert score("SRC-INV", answers) == Figures(
        round((2 + 0.1 * final) / 8.5, 9),
        round((2 + 0.1 * provisional) / 8.5, 9),
        round((2 + 0.1) / 8.5, 9),
    )


def test_bonus_never_lifts_the_inventory_above_one():
    every = {row.code: BEST_SOURCE for row in nmdc().question_by_code["SRC-INV"].rows}
    answers = {}
    for code, values in every.items():
        answers |= source(code, **values)

    assert score("SRC-INV", answers) == same(1)


@pytest.mark.parametrize(
    ("optional", "expected"),
    [
        ({}, LEFT_OUT),
        ({"WRK": BEST_SOURCE}, same(1)),
        (
            {"WRK": BEST_SOURCE, "VIS": {**BEST_SOURCE, "nso_access": "none"}},
            same(round((1 + 0.5 * 10 / 13) / 1.5, 9)),
        ),
    ],
)
def test_without_ordinary_rows_the_optional_ones_are_averaged(optional, expected):
    absent = {code.removeprefix("SRC-"): {"exists": "na"} for code in BASIC_SOURCES}

    assert score("SRC-INV", inventory(**absent, **optional)) == expected


# Weights of rows by priority

LETTERS = "ABCDEFGHIJKLMNO"
BEST_NEED = {
    "available": "full",
    "latest_year": 2025,
    "frequency": "annual",
    "breakdowns": ["sex", "age", "citizenship", "birth", "other_country"],
    "fitness": "fit",
    "published": "open",
}


def needs(**rows):
    """No policy need but those given, by letter."""
    answers = {f"POL-NEEDS[POL-{letter}].priority": "none" for letter in LETTERS}
    for letter, values in rows.items():
        for column, value in values.items():
            answers[f"POL-NEEDS[POL-{letter}].{column}"] = value
    return answers


@pytest.mark.parametrize(
    ("priority", "weight"),
    [("high", 3), ("medium", 2), ("low", 1), ("none", 0), ("dk", 2), (None, 2)],
)
def test_priority_weighs_a_row_even_if_it_is_closed(priority, weight):
    closed = {"priority": priority, "available": "none"}
    answers = needs(A={**BEST_NEED, "priority": "high"}, B=closed)

    assert score("POL-NEEDS", answers) == same(round(3 / (3 + weight), 9))


def test_matrix_in_which_no_row_has_weight_is_left_out():
    assert score("POL-NEEDS", needs(A=BEST_NEED)) == LEFT_OUT


def test_matrix_causes_are_the_cells_read():
    answers = needs(A={**BEST_NEED, "priority": "high"})

    causes = question("POL-NEEDS", answers).causes

    assert causes[:7] == tuple(
        at(f"POL-NEEDS[POL-A].{column}") for column in ("priority", *BEST_NEED)
    )
    assert causes[7:9] == (
        at("POL-NEEDS[POL-B].priority"),
        at("POL-NEEDS[POL-B].available"),
    )
    assert causes[-1] == at("GEN-02")
    assert len(causes) == 7 + 14 * 2 + 1
