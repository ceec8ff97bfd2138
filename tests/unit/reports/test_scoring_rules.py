"""Scores of single answers and of hidden questions (gap_method.md, 4, 5.1, 5.2)."""

import pytest

from reports.analysis.results import Figures
from tests.instruments import at, changed, nmdc
from tests.unit.reports.scores import FIRST, LEFT_OUT, ONE_ROW, question, same, score

# Single answers


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("BAS-01", "both", same(1)),
        ("BAS-01", "citizenship", same(0.5)),
        ("BAS-01", "dk", Figures(0, 0, 1)),
        ("BAS-01", None, Figures(0, None, 1)),
        ("BAS-01", "", Figures(0, None, 1)),
        ("BAS-09", "na", LEFT_OUT),
        ("OPN-15", "yes", same(1)),
        ("OPN-04", ["csv", "pdf"], same(0.7)),
        ("OPN-04", ["csv", "json", "xlsx", "pdf"], same(1)),
        ("OPN-04", ["none"], same(0)),
        ("OPN-04", [], Figures(0, None, 1)),
        ("OPN-04", "dk", Figures(0, 0, 1)),
        ("SRC-17", "na", LEFT_OUT),
    ],
)
def test_plain_question(code, value, expected):
    assert score(code, {code: value}) == expected


@pytest.mark.parametrize(
    ("months", "expected"),
    [(0, 1), (6, 1), (7, 0.75), (12, 0.75), (18, 0.5), (24, 0.25), (25, 0), (120, 0)],
)
def test_number_takes_the_first_band_that_reaches_it(months, expected):
    shown = {"BAS-STAT[BAS-S03].produced": "regular"}

    assert score("BAS-13", shown | {"BAS-13": months}) == same(expected)


@pytest.mark.parametrize(
    ("year", "expected"), [(2026, 1), (2025, 1), (2022, 1), (2021, 0.75), (2014, 0)]
)
def test_year_is_scored_by_its_age(year, expected):
    answers = {f"{FIRST}.produced": "regular", f"{FIRST}.latest_year": year}

    assert score("POL-MIG", ONE_ROW | answers) == same(round((2 + expected) / 3, 9))


@pytest.mark.parametrize(("row", "expected"), [("BAS-S01", 0.75), ("BAS-S03", 0.3)])
def test_bands_of_a_row_replace_those_of_the_column(row, expected):
    answers = {
        f"BAS-STAT[{row}].produced": "regular",
        f"BAS-STAT[{row}].latest_year": 2020,
        f"BAS-STAT[{row}].breakdowns": ["none"],
        f"BAS-STAT[{row}].published": "internal",
    }

    rows = {r.code: r.score for r in question("BAS-STAT", answers).rows}

    assert rows[row] == pytest.approx((3 * 1 + 2 * expected) / 8)


# The assessment year is missing (contracts, 5)


@pytest.mark.parametrize("assessment_year", [None, "dk"])
@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2025, Figures(round(2 / 3, 9), round(2 / 3, 9), 1)),
        ("dk", Figures(round(2 / 3, 9), round(2 / 3, 9), 1)),
        (None, Figures(round(2 / 3, 9), 1, 1)),
    ],
)
def test_year_without_assessment_year_is_read_as_dont_know(
    assessment_year, year, expected
):
    answers = {
        "GEN-02": assessment_year,
        f"{FIRST}.produced": "regular",
        f"{FIRST}.latest_year": year,
    }

    assert score("POL-MIG", ONE_ROW | answers) == expected


def test_number_does_not_need_the_assessment_year():
    shown = {"GEN-02": None, "BAS-STAT[BAS-S03].produced": "regular"}

    assert score("BAS-13", shown | {"BAS-13": 6}) == same(1)


# Hidden questions


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("none", same(0)),
        ("dk", same(0)),
        (None, Figures(0, None, 0)),
        ("na", LEFT_OUT),
        ("adopted", same(1)),
    ],
)
def test_hidden_follow_up_that_counts_zero(strategy, expected):
    answers = {"STR-01": strategy, "STR-04": "government"}

    assert score("STR-04", answers) == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("none", LEFT_OUT), (None, LEFT_OUT), ("dk", LEFT_OUT), ("draft", same(1))],
)
def test_hidden_follow_up_that_is_left_out(policy, expected):
    assert score("POL-02", {"POL-01": policy, "POL-02": "full"}) == expected


@pytest.mark.parametrize(
    ("produced", "expected"),
    [
        ((None, None, None, None), Figures(0, None, 0)),
        ((None, None, None, "none"), same(0)),
        ((None, None, None, "na"), same(0)),
        (("na", "na", "na", "dk"), same(0)),
        (("na", "na", "na", "na"), LEFT_OUT),
    ],
)
def test_condition_on_several_rows_is_blank_or_na_only_if_all_cells_are(
    produced, expected
):
    rows = ("BAS-S03", "BAS-S04", "BAS-S05", "BAS-S06")
    answers = {
        f"BAS-STAT[{row}].produced": value
        for row, value in zip(rows, produced, strict=True)
    }

    assert score("BAS-13", answers) == expected
    assert question("BAS-13", answers).causes == tuple(
        at(f"BAS-STAT[{row}].produced") for row in rows
    )


@pytest.mark.parametrize("joint", ["any", "all"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [("na", LEFT_OUT), (None, Figures(0, None, 0)), ("none", same(0))],
)
def test_one_of_several_conditions_suffices_to_be_left_out(joint, value, expected):
    show_if = {
        joint: [
            {"q": "BAS-01", "op": "eq", "value": "both"},
            {"q": "BAS-09", "op": "eq", "value": "full"},
        ]
    }
    instrument = changed(nmdc(), "COO-10", show_if=show_if, when_hidden="zero")
    answers = {"BAS-01": "none", "BAS-09": value, "COO-10": "full"}

    assert score("COO-10", answers, instrument) == expected
