"""Conditions that are ill-formed or impossible, and the one problem each must raise."""

from __future__ import annotations

from typing import Any

from tests.unit.questionnaire.mutating import Mutation, put

NEVER = {"q": "GEN-02", "op": "eq", "value": 2024}
YEAR = {"q": "GEN-02"}
INV = {"q": "SRC-INV", "row": "SRC-CEN"}
STATUS = {"q": "STR-01", "op": "eq"}
DEFINITIONS = {"q": "POL-10", "op": "includes"}


def when(condition: Any) -> Mutation:
    """Give the rule C-001, which asks about latest years, another condition."""
    return put("C-001/when", condition)


def trigger(condition: Any) -> Mutation:
    return put("R-GOV-01/trigger", condition)


def show_if(condition: Any) -> Mutation:
    return put("STR-05/show_if", condition)


FORMS = [
    (when("always"), "C-001", 'when: "always" is not a condition'),
    (when({"all": []}), "C-001", "'all' has no list"),
    (when({"all": [NEVER], "any": [NEVER]}), "C-001", "all, any stand together"),
    (when({"op": "eq", "value": 1}), "C-001", "asks about nothing"),
    (when(NEVER | {"note": "x"}), "C-001", "the key note is unknown"),
    (when(NEVER | {"op": "equals"}), "C-001", 'operator "equals" is unknown'),
    (when(NEVER | {"op": "answered"}), "C-001", "'answered' takes no value"),
    (when(NEVER | {"op": "in"}), "C-001", "'in' wants a list"),
    (when(NEVER | {"value": [2024]}), "C-001", "'eq' wants one value"),
    (
        when({"q": "GEN-10", "op": "eq", "value": True}),
        "C-001",
        "read as a truth value",
    ),
    (when(NEVER | {"q": "GEN-99"}), "C-001", 'question "GEN-99" does not exist'),
    (when(NEVER | {"row": "X"}), "C-001", "GEN-02 is not a matrix and has no rows"),
    (when(NEVER | {"col": "year"}), "C-001", 'GEN-02 has no column "year"'),
    (
        when(INV | {"op": "answered"}),
        "C-001",
        "a row of SRC-INV stands without a column",
    ),
    (
        when({"q": "SRC-INV", "col": "exists", "op": "answered"}),
        "C-001",
        "without a row",
    ),
    (
        when(INV | {"row": "SRC-X", "col": "used", "op": "answered"}),
        "C-001",
        "has no row",
    ),
    (when(INV | {"col": "exists", "op": "eq", "value": "maybe"}), "C-001", "cannot be"),
    (when(NEVER | {"value": "dk"}), "C-001", '"dk" cannot be answered in GEN-02'),
    (when(STATUS | {"value": "na"}), "C-001", '"na" cannot be answered in STR-01'),
    (when(STATUS | {"op": "lt", "value": 3}), "C-001", "'lt' does not fit the kind"),
    (
        when(STATUS | {"op": "includes", "value": "dk"}),
        "C-001",
        "'includes' does not fit",
    ),
    (
        when({"q": "SRC-INV", "op": "eq", "value": "yes"}),
        "C-001",
        "does not fit the whole",
    ),
    (when(NEVER | {"op": "gt", "value": {"q": "GEN-01"}}), "C-001", "are not numbers"),
    (
        when(NEVER | {"op": "gt", "value": {"q": "GEN-99"}}),
        "C-001",
        '"GEN-99" does not',
    ),
    (
        when(NEVER | {"op": "gt", "value": {"q": "GEN-02", "plus": 1}}),
        "C-001",
        "not name",
    ),
    (
        when(NEVER | {"op": "gt", "value": INV | {"row": "*", "col": "latest_year"}}),
        "C-001",
        "names several rows",
    ),
    (
        when(YEAR | {"op": "in", "value": {"q": "GEN-02"}}),
        "C-001",
        "'in' wants a list",
    ),
    (when({"q": "GEN-01", "op": "eq", "value": 5}), "C-001", "5 cannot be answered"),
    (
        when({"q": "BAS-03", "op": "includes", "value": {"q": "GEN-02"}}),
        "C-001",
        "'includes' cannot compare two answers",
    ),
    (
        when({"gap": "POL-A", "op": "eq", "value": "met"}),
        "C-001",
        "'gap' stands in when",
    ),
    (
        show_if({"score": "BAS", "op": "lt", "value": 9}),
        "STR-05",
        "'score' stands in show_if",
    ),
    (
        show_if(NEVER | {"op": "lt", "value": {"q": "GEN-02"}}),
        "STR-05",
        "is another answer",
    ),
    (
        show_if({"q": "STR-10", "op": "answered"}),
        "STR-05",
        "STR-10 is not an earlier question",
    ),
    (
        trigger({"gap": "SDG-8.8.2", "op": "eq", "value": "met"}),
        "R-GOV-01",
        "not a row of",
    ),
    (trigger({"gap": "POL-A", "op": "eq", "value": "bad"}), "R-GOV-01", "no gap class"),
    (
        trigger({"gap": "POL-A", "op": "lt", "value": 2}),
        "R-GOV-01",
        "does not fit a gap",
    ),
    (trigger({"score": "GEN", "op": "lt", "value": 50}), "R-GOV-01", 'no score "GEN"'),
    (
        trigger({"score": "BAS", "op": "lt", "value": 500}),
        "R-GOV-01",
        "a score is compared",
    ),
]
LAG = {"q": "BAS-13"}
IMPOSSIBLE = [
    (
        when(
            {
                "all": [
                    STATUS | {"value": "none"},
                    {
                        "any": [
                            {"not": {"all": [STATUS | {"op": "answered"}]}},
                            YEAR | {"op": "gt", "value": 2020},
                        ]
                    },
                ]
            }
        ),
        "C-001",
        "can never be true: not (all (STR-01 answered))",
    ),
    (
        when({"all": [STATUS | {"value": "none"}, STATUS | {"value": "adopted"}]}),
        "C-001",
        "when can never be true: nothing is left to answer in STR-01",
    ),
    (
        trigger(
            {
                "all": [
                    STATUS | {"op": "in", "value": ["adopted", "drafted"]},
                    STATUS | {"op": "not_in", "value": ["adopted", "drafted"]},
                ]
            }
        ),
        "R-GOV-01",
        "trigger can never be true",
    ),
    (
        when(
            {
                "all": [
                    YEAR | {"op": "lt", "value": 2020},
                    YEAR | {"op": "gt", "value": 2019},
                ]
            }
        ),
        "C-001",
        "nothing is left to answer in GEN-02",
    ),
    (when(YEAR | {"op": "lt", "value": 1900}), "C-001", "can never be true"),
    (
        when(LAG | {"op": "gt", "value": 120}),
        "C-001",
        "nothing is left to answer in BAS-13",
    ),
    (
        when(
            {
                "all": [
                    {"q": "STR-15", "op": "lt", "value": 2.5},
                    {"q": "STR-15", "op": "gte", "value": 2.5},
                ]
            }
        ),
        "C-001",
        "never be true",
    ),
    (
        when(
            {
                "all": [
                    LAG | {"op": "eq", "value": 3},
                    {"not": LAG | {"op": "lte", "value": 6}},
                ]
            }
        ),
        "C-001",
        "can never be true",
    ),
    (
        when({"all": [YEAR | {"op": "answered"}, YEAR | {"op": "not_answered"}]}),
        "C-001",
        "can never be true",
    ),
    (
        when(INV | {"col": "exists", "op": "eq", "value": "na"}),
        "C-001",
        "nothing is left to answer in SRC-INV[SRC-CEN].exists",
    ),
    (
        when(
            {
                "q": "POL-SDG",
                "row": "SDG-8.8.2",
                "col": "disaggregated",
                "op": "ne",
                "value": "na",
            }
        ),
        "C-001",
        "SDG-8.8.2",
    ),
    (
        when({"q": "BAS-03", "op": "includes_all", "value": ["none", "recall"]}),
        "C-001",
        "can never be true",
    ),
    (
        when(
            {
                "all": [
                    {"q": "GEN-09", "op": "includes", "value": "transit"},
                    {"q": "GEN-09", "op": "excludes", "value": "transit"},
                ]
            }
        ),
        "C-001",
        "nothing is left to answer in GEN-09",
    ),
    (
        when({"all": [STATUS | {"value": "none"}, {"q": "STR-05", "op": "answered"}]}),
        "C-001",
        "can never be true",
    ),
    (
        when(
            {
                "all": [
                    INV | {"col": "exists", "op": "eq", "value": "no"},
                    INV | {"col": "used", "op": "ne", "value": "none"},
                ]
            }
        ),
        "C-001",
        "nothing is left to answer in SRC-INV[SRC-CEN].exists",
    ),
    (
        when(
            {
                "all": [
                    STATUS | {"value": "none"},
                    {"any": [STATUS | {"value": "dk"}, STATUS | {"value": "adopted"}]},
                ]
            }
        ),
        "C-001",
        "can never be true",
    ),
    (
        when(
            {
                "all": [
                    STATUS | {"value": "none"},
                    {
                        "any": [
                            STATUS | {"value": "dk"},
                            YEAR | {"op": "gt", "value": 2020},
                        ]
                    },
                ]
            }
        ),
        "C-001",
        'a branch of any can never be true: STR-01 eq "dk"',
    ),
    (
        show_if(
            {
                "not": {
                    "any": [
                        STATUS | {"op": "answered"},
                        STATUS | {"op": "not_answered"},
                    ]
                }
            }
        ),
        "STR-05",
        "show_if can never be true",
    ),
]
CONDITION_MUTATIONS = [*FORMS, *IMPOSSIBLE]
