"""The expression form of conditions; the page's evaluator runs the same table."""

import json
from pathlib import Path

import pytest
import yaml

from questionnaire.addresses import Address
from questionnaire.conditions import (
    OPERATORS,
    addresses_asked,
    holds,
    leaves,
    rows_named,
    witnesses,
)
from tests.instruments import at

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "condition_cases.yaml").read_text("utf-8")
)


class StubFacts:
    """Answers by the text of their address; gap classes and scores by code."""

    def __init__(self, values=(), rows=(), gaps=(), scores=()):
        self.values = dict(values)
        self.row_codes = dict(rows)
        self.gaps = dict(gaps)
        self.scores = dict(scores)

    def value(self, address: Address):
        return self.values.get(str(address))

    def rows(self, question):
        return self.row_codes[question]

    def gap_class(self, row):
        return self.gaps.get(row)

    def score(self, code):
        return self.scores.get(code)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_condition_holds(case):
    facts = StubFacts(case["values"], case.get("rows", {}))

    assert holds(case["condition"], facts) is case["expected"]


def test_cases_are_json_and_cover_every_operator():
    used = {leaf["op"] for case in CASES for leaf in leaves(case["condition"])}

    assert json.loads(json.dumps(CASES)) == CASES
    assert used == set(OPERATORS)
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("form", [{}, {"question": "STR-01", "op": "answered"}])
def test_unknown_form_is_an_error(form):
    with pytest.raises(ValueError, match="unknown condition"):
        holds(form, StubFacts())


# Gaps and scores, in triggers only

URGENT = {"op": "in", "value": ["critical", "major"]}


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        ("POL-A", True),
        ("POL-B", False),
        (["POL-B", "POL-A"], True),
        (["POL-B", "POL-C"], False),
        ("POL-X", False),
    ],
)
def test_gap_class_of_one_row_or_of_any(gap, expected):
    facts = StubFacts(gaps={"POL-A": "major", "POL-B": "met", "POL-C": "moderate"})

    assert holds({"gap": gap, **URGENT}, facts) is expected


@pytest.mark.parametrize(
    ("code", "expected"), [("D-SRC", True), ("D-INT", False), ("D-STD", False)]
)
def test_score_compares_and_no_score_is_blank(code, expected):
    facts = StubFacts(scores={"D-SRC": 40.0, "D-INT": 39.9, "D-STD": None})

    assert holds({"score": code, "op": "gte", "value": 40}, facts) is expected


# What a condition asks about, and what made it true

NONE = {"op": "in", "value": ["none", "dk"]}
STATISTICS = {"q": "BAS-STAT", "row": ["BAS-S01", "BAS-S02"], "col": "produced", **NONE}
YEARS = {"q": "STR-02", "op": "gt", "value": {"q": "GEN-02", "add": 1}}
FACTS = StubFacts(
    {
        "BAS-STAT[BAS-S02].produced": "none",
        "STR-01": "dk",
        "STR-02": 2030,
        "STR-10": "objective",
        "GEN-02": 2025,
    },
    {"BAS-STAT": ["BAS-S01", "BAS-S02", "BAS-S03"]},
    {"POL-A": "critical"},
)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (STATISTICS, ["BAS-STAT[BAS-S02].produced"]),
        ({**STATISTICS, "row": "*"}, ["BAS-STAT[BAS-S02].produced"]),
        ({"all": [{"q": "STR-01", **NONE}, STATISTICS]},
         ["STR-01", "BAS-STAT[BAS-S02].produced"]),
        ({"any": [{"q": "STR-10", **NONE}, {"q": "STR-01", **NONE}]}, ["STR-01"]),
        ({"not": {"q": "STR-10", **NONE}}, ["STR-10"]),
        ({"not": {"any": [{"q": "STR-10", **NONE}, {"gap": "POL-B", **URGENT}]}},
         ["STR-10"]),
        (YEARS, ["STR-02", "GEN-02"]),
        ({"gap": "POL-A", **URGENT}, []),
        ({"all": [{"q": "STR-01", **NONE}, {"q": "STR-01", "op": "answered"}]},
         ["STR-01"]),
    ],
)  # fmt: skip
def test_witnesses_are_the_answers_that_make_it_true(condition, expected):
    assert holds(condition, FACTS)
    assert witnesses(condition, FACTS) == [at(text) for text in expected]


def test_addresses_asked_are_all_of_them_true_or_not():
    condition = {"any": [STATISTICS, {"all": [{"q": "STR-10", **NONE}, YEARS]}]}

    assert addresses_asked(condition, FACTS) == [
        at("BAS-STAT[BAS-S01].produced"),
        at("BAS-STAT[BAS-S02].produced"),
        at("STR-10"),
        at("STR-02"),
        at("GEN-02"),
    ]


@pytest.mark.parametrize(
    ("leaf", "rows"),
    [
        ({"q": "STR-01"}, ("",)),
        ({"q": "BAS-STAT"}, ("",)),
        ({"q": "BAS-STAT", "row": "BAS-S01", "col": "produced"}, ("BAS-S01",)),
        ({"q": "BAS-STAT", "row": ["BAS-S02", "BAS-S01"]}, ("BAS-S02", "BAS-S01")),
        ({"q": "BAS-STAT", "row": "*"}, ("BAS-S01", "BAS-S02", "BAS-S03")),
        ({"q": "BAS-STAT", "col": "produced"}, ("BAS-S01", "BAS-S02", "BAS-S03")),
    ],
)
def test_rows_named(leaf, rows):
    assert tuple(rows_named(leaf, FACTS)) == rows
