"""Triggers, ranking, priority and first wave of actions (gap_method.md, 8)."""

from dataclasses import replace

import pytest

from questionnaire.conditions import holds
from questionnaire.states import ResponseState
from reports.analysis import Analysis, analyse
from reports.analysis.actions import first_wave
from reports.analysis.results import Action
from reports.analysis.triggers import Scored, TriggerFacts
from tests.instruments import at, cells, changed, demo_answers, nmdc

NO_NEED = {f"POL-NEEDS[POL-{letter}].priority": "none" for letter in "ABCDEFGHIJKLMNO"}


def analysed(answers, instrument=None) -> Analysis:
    return analyse(instrument or nmdc(), cells({"GEN-02": 2025} | answers))


def action(code, answers, instrument=None) -> Action | None:
    actions = analysed(answers, instrument).actions
    return next((found for found in actions if found.code == code), None)


def with_recommendation(code, **changes):
    """Return the instrument with one recommendation changed."""
    recommendations = tuple(
        replace(r, **changes) if r.code == code else r for r in nmdc().recommendations
    )
    return replace(nmdc(), recommendations=recommendations)


# What triggers


@pytest.mark.parametrize(
    ("code", "answers", "recommended"),
    [
        # A blank answer of a visible scored question is read as dk.
        ("R-GOV-01", {}, True),
        ("R-GOV-04", {}, True),
        ("R-GOV-04", {"STR-10": "na"}, False),
        ("R-GOV-02", {}, False),
        ("R-QUA-04", {"BAS-STAT[BAS-S03].produced": "regular"}, True),
        ("R-QUA-04", {"BAS-STAT[BAS-S03].produced": "regular", "BAS-13": 12}, False),
        ("R-QUA-04", {"BAS-STAT[BAS-S03].produced": "regular", "BAS-13": 13}, True),
        # A hidden question stays blank.
        ("R-QUA-04", {}, False),
        ("R-QUA-04", {"BAS-13": 13}, False),
        ("R-COO-02", {}, False),
        # An open scored cell is read as dk, a closed one stays blank.
        ("R-SRC-11", {"SRC-INV[SRC-CRV].exists": "no"}, False),
        ("R-SRC-11", {"SRC-INV[SRC-CRV].exists": "yes", "SRC-10": ["deceased_cit"],
                      "SRC-INV[SRC-CRV].nso_access": "regular"}, False),
        ("R-SRC-11", {"SRC-INV[SRC-CRV].exists": "yes",
                      "SRC-10": ["deceased_cit"]}, True),
        # The gate itself is never closed.
        ("R-SRC-15", {}, True),
        ("R-SRC-15", {f"SRC-INV[SRC-{s}].exists": "yes"
                      for s in ("CEN", "LFS", "CRV", "RES")}, False),
        # A gap in any of the rows.
        ("R-OUT-02", {}, False),
        ("R-OUT-02", {"POL-NEEDS[POL-J].priority": "medium"}, True),
        ("R-OUT-02", {"POL-NEEDS[POL-J].priority": "low"}, False),
    ],
)  # fmt: skip
def test_action_is_recommended(code, answers, recommended):
    assert (action(code, answers) is not None) is recommended


@pytest.mark.parametrize(
    ("score", "fits"),
    [(30.0, True), (29.9999996, True), (29.9999994, False), (None, False)],
)
def test_score_is_rounded_before_it_is_compared(score, fits):
    trigger = {"score": "D-SRC", "op": "gte", "value": 30}
    facts = TriggerFacts(ResponseState(nmdc(), {}), {}, {"D-SRC": Scored(score, ())})

    assert holds(trigger, facts) is fits


def test_facts_know_no_gap_of_a_row_outside_the_gap_matrix():
    facts = TriggerFacts(ResponseState(nmdc(), {}), {}, {})

    assert facts.gap_class("SDG-8.8.2") is None


@pytest.mark.parametrize("code", ["BAS", "D-STD", "OVERALL"])
def test_score_of_sections_and_overall_can_trigger(code):
    trigger = {"score": code, "op": "lt", "value": 1}
    instrument = with_recommendation("R-GOV-02", trigger=trigger)

    assert action("R-GOV-02", {}, instrument) is not None
    assert action("R-GOV-02", {"BAS-01": "both"}, instrument) is None


# Causes


def test_causes_are_the_branches_that_are_true():
    answers = {"BAS-02": "none", "BAS-04": "usual", "BAS-05": ["none"]}

    assert action("R-STD-01", answers).causes == (at("BAS-02"), at("BAS-05"))


def test_causes_of_a_gap_are_those_of_the_rows_that_fit():
    answers = {
        "POL-NEEDS[POL-I].priority": "low",
        "POL-NEEDS[POL-J].priority": "high",
        "POL-NEEDS[POL-J].available": "none",
    }

    found = action("R-OUT-02", answers)

    assert found.causes == (
        at("POL-NEEDS[POL-J].priority"),
        at("POL-NEEDS[POL-J].available"),
    )
    # POL-I is a moderate gap: it did not trigger, but the action addresses it.
    assert found.gaps == ("POL-I", "POL-J")


def test_causes_of_a_score_are_those_of_the_dimension():
    analysis = analyse(nmdc(), demo_answers("JOR"))
    found = next(a for a in analysis.actions if a.code == "R-INT-01")

    assert found.causes == (at("NEW-01"), *analysis.dimensions["D-SRC"].causes)


def test_causes_of_a_negation_are_what_it_asks():
    answers = {"POL-NEEDS[POL-O].priority": "high"}

    found = action("R-SRC-05", answers)

    assert found.causes == (
        at("SRC-INV[SRC-SMS].exists"),
        at("POL-NEEDS[POL-O].priority"),
        at("POL-NEEDS[POL-O].available"),
    )


def test_causes_of_a_negated_gap_are_those_of_all_its_rows():
    trigger = {
        "not": {"gap": ["POL-A", "SDG-8.8.2", "POL-B"], "op": "eq", "value": "met"}
    }
    instrument = with_recommendation("R-GOV-02", trigger=trigger)

    found = action("R-GOV-02", {}, instrument)

    assert found.causes == tuple(
        at(f"POL-NEEDS[POL-{letter}].{column}")
        for letter in "AB"
        for column in ("priority", "available")
    )


# Ranking


STANDARD_QUESTIONS = {
    "SRC-STDQ[STQ-01].census": "all",
    "SRC-STDQ[STQ-01].lfs": "na",
    "SRC-STDQ[STQ-01].other_survey": "na",
    "SRC-STDQ[STQ-02].census": "part",
    "SRC-STDQ[STQ-02].lfs": "all",
    "SRC-STDQ[STQ-02].other_survey": "na",
}


def test_subject_is_the_rows_named_by_their_weight():
    found = action("R-SRC-01", NO_NEED | STANDARD_QUESTIONS)

    rows = (2 * 1 + 2 * (3 * 0.5 + 2 * 1) / 5 + 2 * 0) / 6
    assert found.deficit == pytest.approx(100 * (1 - rows))


@pytest.mark.parametrize("row", ["*", None])
def test_subject_is_the_whole_matrix_if_it_is_named_as_one(row):
    whole = {"q": "SRC-STDQ", "col": "census", "op": "in", "value": ["part", "dk"]}
    some = {**whole, "row": ["STQ-01"]}
    trigger = {"any": [some, whole if row is None else {**whole, "row": row}]}
    instrument = with_recommendation("R-SRC-01", trigger=trigger)

    analysis = analysed(NO_NEED | STANDARD_QUESTIONS, instrument)

    found = next(a for a in analysis.actions if a.code == "R-SRC-01")
    matrix = analysis.questions["SRC-STDQ"].score.final
    assert found.deficit == pytest.approx(100 * (1 - matrix))


def test_subject_counts_each_question_once_with_its_weight():
    answers = {"NEW-11": "partly", "NEW-12": "partly"}
    trigger = {
        "any": [
            {"q": "NEW-11", "op": "ne", "value": "full"},
            {"q": "NEW-11", "op": "eq", "value": "none"},
            {"q": "NEW-12", "op": "eq", "value": "none"},
            {"q": "NEW-02", "op": "answered"},
        ]
    }
    instrument = with_recommendation("R-INT-06", trigger=trigger)

    found = action("R-INT-06", {**answers, "NEW-12": "none"}, instrument)

    # NEW-11 weighs 1 and scores 0.5, NEW-12 weighs 2 and scores 0; NEW-02 has no score.
    assert found.deficit == pytest.approx(100 * (1 - 0.5 / 3))


def test_subject_leaves_out_what_does_not_apply():
    found = action("R-COO-05", NO_NEED | {"EXC-01": "occasional", "EXC-03": "agreement",
                                          "EXC-08": "na"})  # fmt: skip

    assert found.deficit == pytest.approx(100 * (1 - (2 * 0.5 + 1) / 3))


def test_optional_rows_count_in_the_subject_like_ordinary_ones():
    answers = {
        "SRC-INV[SRC-WRK].exists": "yes",
        "SRC-INV[SRC-WRK].nso_access": "regular",
        "SRC-INV[SRC-RES].exists": "no",
        "SRC-INV[SRC-VIS].exists": "yes",
    }

    found = action("R-SRC-09", NO_NEED | answers)

    # Work permits weigh 1, residence permits 1.5 (closed: 0); SRC-13 is hidden and 0.
    work = (1 * 1 + 3 * 1) / 13
    matrix = 1 * work / 2.5
    assert found.deficit == pytest.approx(100 * (1 - (8 * matrix + 1 * 0) / 9))


@pytest.mark.parametrize("other", ["no", None])
def test_matrix_of_which_only_closed_optional_rows_are_named_is_not_counted(other):
    answers = {"POL-NEEDS[POL-O].priority": "medium", "SRC-INV[SRC-SMS].exists": other}

    found = action("R-SRC-05", answers)

    assert found.need == pytest.approx(200 / 3)
    assert found.deficit == found.need


def test_subject_of_a_trigger_on_gaps_only_is_the_need():
    found = action("R-OUT-02", {"POL-NEEDS[POL-I].priority": "high"})

    assert found.deficit == found.need == 100


def test_deficit_of_the_dimension_and_rank():
    found = action("R-OUT-02", {"POL-NEEDS[POL-I].priority": "medium", "POL-09": "few"})

    # D-OUT weighs 29 less one hidden question; POL-09 weighs 1 and scores 0.5.
    assert found.dimension_deficit == pytest.approx(100 - 50 / 28)
    assert found.rank_value == pytest.approx(
        0.4 * 200 / 3 + 0.3 * (100 - 50 / 28) + 0.3 * 200 / 3
    )


def test_dimension_without_score_has_no_deficit():
    trigger = {"q": "GEN-02", "op": "answered"}
    instrument = with_recommendation("R-GOV-02", trigger=trigger, dimension="D-NEW")
    dimensions = (*nmdc().dimensions, replace(nmdc().dimensions[0], code="D-NEW"))
    instrument = replace(instrument, dimensions=dimensions)

    found = action("R-GOV-02", {}, instrument)

    assert found.dimension_deficit == 0


@pytest.mark.parametrize(
    ("answers", "need"),
    [
        ({}, 0),
        (NO_NEED, 0),
        ({"POL-NEEDS[POL-A].priority": "low"}, 100 / 3),
        (
            {"POL-NEEDS[POL-A].priority": "low", "POL-NEEDS[POL-L].priority": "medium"},
            200 / 3,
        ),
        ({"POL-NEEDS[POL-E].priority": "high"}, 0),
    ],
)
def test_need_is_the_highest_severity_addressed(answers, need):
    assert action("R-GOV-06", answers).need == pytest.approx(need)


@pytest.mark.parametrize(
    ("answers", "need"),
    [
        ({}, 0),
        (NO_NEED, 0),
        (
            {
                "POL-NEEDS[POL-A].priority": "high",
                "POL-NEEDS[POL-E].priority": "low",
                "POL-NEEDS[POL-E].available": "partial",
            },
            100 * (3 + 0.75) / 4,
        ),
    ],
)
def test_need_of_an_action_without_addresses_is_the_weighted_gap(answers, need):
    assert action("R-GOV-01", answers).need == pytest.approx(need)


# Priority, order and first wave


@pytest.mark.parametrize(
    ("below", "priority"),
    [(0, "high"), (4e-7, "high"), (6e-7, "medium"), (11, "medium")],
)
def test_priority_compares_six_decimals(below, priority):
    """Without answers both deficits are 100 and there is no need: R is 70."""
    weights = {"QD": 0.4 - below / 100, "DD": 0.3, "NS": 0.3}
    limits = {"low": 0, "medium": 40, "high": 70}
    catalogue = replace(nmdc().catalogue, ranking_weights=weights, priority_from=limits)
    instrument = replace(nmdc(), catalogue=catalogue)

    assert action("R-GOV-01", {}, instrument).priority == priority


def test_low_priority_begins_at_zero():
    limits = {"high": 101, "medium": 101, "low": 0}
    catalogue = replace(nmdc().catalogue, priority_from=limits)
    instrument = replace(nmdc(), catalogue=catalogue)

    assert action("R-GOV-01", {}, instrument).priority == "low"


def test_equal_ranks_come_by_horizon_then_code():
    horizons = {"short": 0, "medium": 1, "long": 2}

    actions = analysed({}).actions

    keys = [
        (-round(a.rank_value, 6), horizons[a.recommendation.horizon], a.code)
        for a in actions
    ]
    assert keys == sorted(keys)
    assert len({key[0] for key in keys}) < len(keys)


def test_ranks_that_differ_beyond_six_decimals_are_equal():
    """STR-01 scores a trifle, so that R-GOV-01 ranks below R-GOV-04 by 0.0000004."""
    choices = tuple(
        replace(c, score=1e-8 if c.value == "none" else c.score)
        for c in nmdc().question_by_code["STR-01"].choices
    )
    instrument = changed(nmdc(), "STR-01", choices=choices)

    actions = analysed({"STR-01": "none"}, instrument).actions

    ranked = {a.code: (place, a.rank_value) for place, a in enumerate(actions)}
    (first, lower), (second, higher) = ranked["R-GOV-01"], ranked["R-GOV-04"]
    assert 0 < higher - lower < 5e-7
    assert first < second


def test_first_wave_takes_three_of_a_dimension_and_twelve_in_all():
    actions = analyse(nmdc(), demo_answers("PRY")).actions

    wave = first_wave(actions, nmdc().catalogue)

    dimensions = [a.recommendation.dimension for a in actions if a.code in wave]
    assert len(wave) == 12
    assert max(dimensions.count(dimension) for dimension in dimensions) == 3


def test_first_wave_ends_with_the_list():
    actions = analyse(nmdc(), demo_answers("PRY")).actions
    governance = [a for a in actions if a.recommendation.dimension == "D-GOV"]

    wave = first_wave(governance, nmdc().catalogue)

    assert len(governance) > 3
    assert wave == tuple(a.code for a in governance[:3])
