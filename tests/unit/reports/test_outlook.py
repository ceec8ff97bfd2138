"""What would close a gap, and what lifts a dimension one level: scored again, it does."""

from dataclasses import replace

import pytest

from questionnaire.consistency import contradictions
from questionnaire.states import ResponseState
from reports.analysis import analyse
from reports.analysis.closing import closing
from reports.analysis.goals import goals
from tests.instruments import COUNTRIES, at, demo_answers, nmdc

GOALS = {  # the dimension's score, improvements, score reached
    "D-GOV": (35.5, ["STR-09"], 40.5),
    "D-STD": (28.75, ["COO-10"], 41.25),
    "D-SRC": (51.8198, ["SRC-08", "SRC-16"], 60.9107),
    "D-QUA": (13.75, ["SRC-19"], 26.25),
    "D-DIS": (47.3333, ["OPN-01", "OPN-04"], 60.6667),
}


def read(answers):
    return analyse(nmdc(), answers), ResponseState(nmdc(), answers)


def answered(*steps):
    return {c.address: c.value for step in steps for c in step.changes}


def errors(answers):
    found = contradictions(ResponseState(nmdc(), answers))
    return {one.rule.code for one in found if one.rule.is_error}


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_what_is_proposed_contradicts_no_other_answer(iso3):
    answers = demo_answers(iso3)
    analysis, state = read(answers)
    gaps = [closing(state, analysis.gaps[code]) for code in analysis.gap_order[:5]]

    proposed = [answered(*goal.improvements) for goal in goals(analysis, state)]
    proposed += [answered(s) for gap in gaps for s in (gap.first, gap.last) if s]

    before = errors(answers)
    assert len(proposed) > 10
    assert [found for found in proposed if errors(answers | found) - before] == []


def test_what_contradicts_other_answers_is_not_proposed():
    """Peru's strategy is approved by nobody, so that adopting it alone is an error."""
    answers = demo_answers("PER")
    adopted = answers | {at("STR-01"): "implemented"}
    goal = next(g for g in goals(*read(answers)) if g.dimension == "D-GOV")

    assert errors(adopted) - errors(answers) == {"C-093"}
    assert answered(*goal.improvements) == {at("STR-09"): "regular"}


def test_answers_that_a_new_answer_would_bring_back_are_heeded():
    """Paraguay has no strategy, so that the years once given of one are not asked."""
    years = {at("STR-02"): 2024, at("STR-03"): 2020}
    proposed = {}
    for answers in (demo_answers("PRY"), demo_answers("PRY") | years):
        goal = next(g for g in goals(*read(answers)) if g.dimension == "D-GOV")
        proposed[len(answers)] = [step.question for step in goal.improvements]

    assert list(proposed.values()) == [["STR-01", "STR-11"], ["STR-11", "STR-12"]]


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_scored_again_the_improvements_lift_every_dimension(iso3):
    answers = demo_answers(iso3)
    analysis, state = read(answers)

    for goal in goals(analysis, state):
        after, _ = read(answers | answered(*goal.improvements))
        found = after.dimensions[goal.dimension]
        assert found.score.final == pytest.approx(goal.reached)
        assert goal.reached == pytest.approx(
            goal.score + sum(step.gain for step in goal.improvements)
        )
        if goal.target is None:
            assert (goal.level.level, goal.improvements) == (5, ())
        else:
            assert found.level.level >= goal.target.level
            assert goal.reached - goal.improvements[-1].gain < goal.target.min_score


def test_the_improvements_that_gain_most_are_chosen():
    found = {goal.dimension: goal for goal in goals(*read(demo_answers("PER")))}

    for code, (score, questions, reached) in GOALS.items():
        goal = found[code]
        assert goal.score == pytest.approx(score, abs=1e-4)
        assert [step.question for step in goal.improvements] == questions
        assert goal.reached == pytest.approx(reached, abs=1e-4)


def test_a_follow_up_that_is_not_asked_is_opened_first():
    """SRC-12 counts for integration, but is asked only where borders are recorded."""
    levels = nmdc().maturity_levels
    strict = replace(
        nmdc(), maturity_levels=(*levels[:-1], replace(levels[-1], min_score=100))
    )
    border = at("SRC-INV[SRC-BOR].exists")
    answers = demo_answers("MEX") | {border: "no"}

    found = goals(analyse(strict, answers), ResponseState(strict, answers))

    goal = next(goal for goal in found if goal.dimension == "D-INT")
    step = next(step for step in goal.improvements if step.question == "SRC-12")
    assert [(c.address, c.value) for c in step.changes] == [
        (border, "yes"),
        (at("SRC-12"), "used"),
    ]
    assert goal.is_reached


def test_without_an_assessment_year_no_year_is_proposed():
    answers = demo_answers("PER") | {at("GEN-02"): None}

    for goal in goals(*read(answers)):
        columns = [c.address.column for step in goal.improvements for c in step.changes]
        assert "latest_year" not in columns


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_scored_again_every_gap_is_closed(iso3):
    """Paraguay has no definition of migratory status: nothing can be published by it."""
    answers = demo_answers(iso3)
    analysis, state = read(answers)
    order = {c.code: c.order for c in nmdc().gap_rules.classes}

    for code in analysis.gap_order[::5]:
        found = closing(state, analysis.gaps[code])
        if (iso3, code[:3]) == ("PRY", "SDG"):
            assert (found.first, found.last) == (None, None)
            continue
        assert found.last is not None
        for step in filter(None, (found.first, found.last)):
            after, _ = read(answers | answered(step))
            gap = after.gaps[code]
            assert (gap.gap_class, gap.severity) == (step.gap_class, step.severity)
            assert order[step.gap_class] > order[analysis.gaps[code].gap_class]
        assert found.last.gap_class == "met"


def test_a_gap_is_closed_by_the_fewest_answers():
    analysis, state = read(demo_answers("PER"))

    violence = closing(state, analysis.gaps["SDG-16.1.3"])

    assert (violence.first.gap_class, violence.last.gap_class) == ("moderate", "met")
    assert answered(violence.first) == {
        at("POL-SDG[SDG-16.1.3].disaggregated"): "published"
    }
    assert answered(violence.last) == {
        at("POL-SDG[SDG-16.1.3].produced"): "regular",
        at("POL-SDG[SDG-16.1.3].disaggregated"): "published",
    }
