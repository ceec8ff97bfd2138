"""The worked examples of gap_method.md, 11, figure by figure."""

from functools import cache

import pytest

from reports.analysis import Analysis, analyse
from tests.instruments import at, demo_answers, nmdc


@cache
def analysed(iso3: str) -> Analysis:
    return analyse(nmdc(), demo_answers(iso3))


# 11.1 Section EXC, Peru


@pytest.mark.parametrize(
    ("code", "weight", "final", "provisional"),
    [
        ("EXC-01", 2, 0.5, 0.5),
        ("EXC-03", 1, 0, None),
        ("EXC-04", 1, 0.3, 0.3),
        ("EXC-05", 2, 0, None),
        ("EXC-06", 1, 0, None),
        ("EXC-07", 1, 0, None),
        ("EXC-REP", 2, 0.5, 0.5),
        ("EXC-08", 1, None, None),
    ],
)
def test_questions_of_the_exchange_section(code, weight, final, provisional):
    question = analysed("PER").questions[code]

    assert question.weight == weight
    assert (question.score.final, question.score.provisional) == (final, provisional)


def test_rows_of_international_reporting():
    rows = analysed("PER").questions["EXC-REP"].rows

    assert [(row.weight, row.score) for row in rows] == [
        (2, 0.5),
        (1, 0),
        (1, 1),
        (1, 0.5),
        (1, 0.5),
        (1, 0.5),
    ]


def test_exchange_section_has_insufficient_information():
    section = analysed("PER").sections["EXC"]

    assert section.score.final == pytest.approx(23.0)
    assert section.score.provisional == pytest.approx(46.0)
    assert section.completeness == pytest.approx(100 * 5 / 9)
    assert not section.is_publishable


# 11.2 A follow-up question, Paraguay


@pytest.mark.parametrize("number", range(4, 10))
def test_hidden_follow_ups_of_a_missing_strategy_count_zero(number):
    question = analysed("PRY").questions[f"STR-0{number}"]

    assert not question.is_shown
    assert (question.score.final, question.score.upper) == (0, 0)
    assert question.causes == (at("STR-01"),)


def test_hidden_follow_ups_that_are_not_scored_have_no_score():
    assert not {"STR-02", "STR-03"} & set(analysed("PRY").questions)


@pytest.mark.parametrize("code", ["SRC-08", "SRC-09"])
def test_follow_ups_of_a_missing_population_register_are_left_out(code):
    question = analysed("PRY").questions[code]

    assert not question.is_shown
    assert question.score.final is None
    assert question.causes == (at("SRC-INV[SRC-POP].exists"),)


# 11.3 A row of the policy questions, Peru, question B


def test_row_of_the_policy_questions():
    rows = {row.code: row for row in analysed("PER").questions["POL-NEEDS"].rows}

    assert rows["POL-B"].score == pytest.approx(0.675)
    assert rows["POL-B"].weight == 3


def test_gap_of_the_policy_question():
    gap = analysed("PER").gaps["POL-B"]

    assert (gap.need, gap.availability) == (3, 0.5)
    assert gap.quality == pytest.approx(0.765)
    assert gap.adequacy == pytest.approx(0.44125)
    assert gap.severity == pytest.approx(55.875)
    assert (gap.data_level, gap.gap_class, gap.kind) == (2, "moderate", "partial_data")
    assert gap.weak_points == ()
    assert not gap.is_unknown


def test_gap_of_the_policy_question_names_the_answers_behind_it():
    columns = (
        "priority", "available", "latest_year", "frequency", "breakdowns", "fitness",
        "published",
    )  # fmt: skip

    causes = analysed("PER").gaps["POL-B"].causes

    assert causes == (
        *(at(f"POL-NEEDS[POL-B].{column}") for column in columns),
        at("GEN-02"),
    )


# 11.4 An action, Peru, R-QUA-02


def test_action_on_quality_reports():
    action = next(a for a in analysed("PER").actions if a.code == "R-QUA-02")

    assert action.deficit == 100
    assert action.dimension_deficit == pytest.approx(86.25)
    assert action.need == pytest.approx(67.62, abs=0.005)
    assert action.rank_value == pytest.approx(86.16, abs=0.005)
    assert action.priority == "high"
    assert action.causes == (at("BAS-14"), at("OPN-14"), at("OPN-15"))
    assert action.gaps == ()
