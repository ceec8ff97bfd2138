"""The three artificial answer sets (gap_method.md, 12.6), built from the instrument."""

from functools import cache

import pytest

from questionnaire.addresses import Address
from questionnaire.instrument import Choice, Question, Value
from reports.analysis import Analysis, analyse
from tests.instruments import Answers, at, nmdc

YEAR = 2025
SECTIONS = ("BAS", "POL", "STR", "SRC", "NEW", "OPN", "COO", "EXC")
DIMENSIONS = (
    "D-GOV", "D-STD", "D-OUT", "D-SRC", "D-QUA", "D-INT", "D-DIS", "D-COO",
)  # fmt: skip
MODES = ("final", "provisional", "upper")


def one_of(choices: tuple[Choice, ...], *, best: bool) -> str:
    """Return the choice with the highest or lowest score, else the first one."""
    sign = -1 if best else 1
    return min(choices, key=lambda choice: sign * (choice.score or 0)).value


def some_of(choices: tuple[Choice, ...], *, best: bool) -> list[str]:
    exclusive = [choice.value for choice in choices if choice.is_exclusive]
    if not best and exclusive:
        return exclusive[:1]
    return [choice.value for choice in choices if not choice.is_exclusive]


def answer(kind: str, choices: tuple[Choice, ...], *, best: bool) -> Value:
    if kind in ("yes_no", "single_choice"):
        return one_of(choices, best=best)
    if kind == "multiple_choice":
        return some_of(choices, best=best)
    return {"year": YEAR, "integer": 0, "date": "2025-01-01"}.get(
        kind, "https://example.org/"
    )


def matrix_answers(question: Question, *, best: bool) -> Answers:
    answers: Answers = {}
    for row in question.rows:
        for column in question.columns:
            if column.code in row.fixed:
                continue
            choices = column.choices
            if column.code == question.gate:
                choices = tuple(
                    choice
                    for choice in choices
                    if (choice.value in question.gate_open) is best
                )
            address = Address(question.code, row.code, column.code)
            answers[address] = answer(column.kind, choices, best=best)
    return answers


@cache
def extreme(*, best: bool) -> Analysis:
    return analyse(nmdc(), extreme_answers(best=best))


def extreme_answers(*, best: bool) -> Answers:
    answers: Answers = {}
    for question in nmdc().questions:
        if question.is_matrix:
            answers |= matrix_answers(question, best=best)
        elif question.is_group:
            for field in question.columns:
                answers[Address(question.code, "i1", field.code)] = "Something"
        else:
            answers[Address(question.code)] = answer(
                question.kind, question.choices, best=best
            )
    return answers


@cache
def only_the_year() -> Analysis:
    return analyse(nmdc(), {at("GEN-02"): YEAR})


def figures(analysis: Analysis) -> dict[str, float | None]:
    """Return all sections, all dimensions and overall, in the three modes."""
    groups = {**analysis.sections, **analysis.dimensions, "OVERALL": analysis.overall}
    return {
        f"{code} {mode}": None
        if (score := getattr(group.score, mode)) is None
        else round(score, 9)
        for code, group in groups.items()
        for mode in MODES
    }


NAMES = [
    f"{code} {mode}" for code in (*SECTIONS, *DIMENSIONS, "OVERALL") for mode in MODES
]


def gap_classes(analysis: Analysis) -> list[str]:
    return [gap.gap_class for gap in analysis.gaps.values()]


def test_best_answers_score_100_everywhere():
    assert figures(extreme(best=True)) == dict.fromkeys(NAMES, 100)


def test_best_answers_meet_all_needs_and_call_for_no_action():
    analysis = extreme(best=True)

    assert gap_classes(analysis) == ["met"] * 31
    assert analysis.gap_order == ()
    assert analysis.actions == ()
    assert analysis.first_wave == ()
    assert analysis.overall.level.level == 5


def test_worst_answers_score_0_everywhere():
    assert figures(extreme(best=False)) == dict.fromkeys(NAMES, 0)


def test_worst_answers_leave_all_needs_critical():
    analysis = extreme(best=False)

    assert gap_classes(analysis) == ["critical"] * 31
    assert analysis.gap_order == tuple(analysis.gaps)
    assert analysis.overall.level.level == 1
    assert set(analysis.weighted_gaps.values()) == {100}


@pytest.mark.parametrize(("mode", "score"), [("final", 0), ("provisional", None)])
def test_only_the_year_answered_scores_nothing(mode, score):
    found = figures(only_the_year())

    assert {name: found[name] for name in found if name.endswith(mode)} == {
        name: score for name in NAMES if name.endswith(mode)
    }


def test_only_the_year_answered_could_still_reach_the_upper_score():
    assert round(only_the_year().overall.score.upper, 1) == 86.4


def test_only_the_year_answered_assesses_no_gap():
    analysis = only_the_year()

    assert gap_classes(analysis) == ["not_assessed"] * 31
    assert set(analysis.weighted_gaps.values()) == {None}
    assert analysis.without_gap == tuple(analysis.gaps)
    assert not analysis.overall.is_publishable
