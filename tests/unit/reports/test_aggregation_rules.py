"""Sections, dimensions, levels, completeness, rounding (gap_method.md, 1, 3, 6, 9)."""

from dataclasses import replace

import pytest

from questionnaire.addresses import Address
from reports.analysis import analyse
from reports.analysis.aggregation import is_enough, level_of, score_overall
from reports.analysis.figures import half_up
from reports.analysis.results import Completeness, Figures, GroupScore
from tests.instruments import at, cells, changed, nmdc

FULL = Completeness(100.0, {}, 0.0, 0.0)


def group(code, score) -> GroupScore:
    return GroupScore(
        code=code,
        title=code,
        score=Figures(score, score, score),
        level=level_of(nmdc(), score),
        questions=(),
        causes=(),
    )


def overall(sections, dimensions, completeness=FULL):
    return score_overall(
        nmdc(),
        {code: group(code, score) for code, score in sections.items()},
        {code: group(code, score) for code, score in dimensions.items()},
        completeness,
    )


# Rounding


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (0.15, 1, 0.2),
        (8.75, 1, 8.8),
        (2.675, 2, 2.68),
        (1.005, 2, 1.01),
        (0.25, 1, 0.3),
        (0.1 + 0.7, 1, 0.8),
        (39.9999995, 6, 40.0),
        (39.9999994, 6, 39.999999),
        (32.349349998, 4, 32.3493),
        (100.0, 4, 100.0),
        (0.0, 4, 0.0),
    ],
)
def test_half_up(value, decimals, rounded):
    assert half_up(value, decimals) == rounded


# Levels


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (0, 1),
        (19.9999994, 1),
        (19.9999996, 2),
        (20, 2),
        (39.999, 2),
        (40, 3),
        (60 - 1e-9, 4),
        (79.9, 4),
        (80, 5),
        (100, 5),
    ],
)
def test_level_of_a_score(score, level):
    assert level_of(nmdc(), score).level == level


def test_no_score_has_no_level():
    assert level_of(nmdc(), None) is None


# Overall and the balance rule


def test_overall_weighs_the_sections_that_have_a_score():
    found = overall({"BAS": 50.0, "EXC": 100.0, "STR": None}, {})

    assert found.score.final == pytest.approx((20 * 50 + 5 * 100) / 25)


@pytest.mark.parametrize(
    ("score", "weakest", "of_score", "reported", "limited_by"),
    [
        (64.0, 12.0, 4, 3, "D-STD"),
        (64.0, 19.9999996, 4, 4, ""),
        (80.0, 12.0, 5, 3, "D-STD"),
        (80.0, 39.9, 5, 4, "D-STD"),
        (80.0, 40.0, 5, 5, ""),
        (59.0, 0.0, 3, 3, ""),
    ],
)
def test_balance_rule(score, weakest, of_score, reported, limited_by):
    dimensions = {"D-GOV": 90.0, "D-STD": weakest, "D-INT": None}

    found = overall({"BAS": score}, dimensions)

    assert found.level_of_score.level == of_score
    assert found.level.level == reported
    assert found.limited_by == limited_by


def test_overall_is_limited_by_the_weakest_of_several_dimensions():
    found = overall({"BAS": 90.0}, {"D-GOV": 15.0, "D-STD": 12.0, "D-OUT": 18.0})

    assert found.limited_by == "D-STD"


def test_without_sections_there_is_no_overall_score():
    found = overall({"BAS": None}, {"D-GOV": None})

    assert found.score == Figures(None, None, None)
    assert (found.level_of_score, found.level, found.limited_by) == (None, None, "")


# Completeness and publication


@pytest.mark.parametrize(
    ("completeness", "enough"),
    [(60, True), (59.9999996, True), (59.99, False), (None, False)],
)
def test_enough_is_answered(completeness, enough):
    assert is_enough(nmdc(), completeness, 60) is enough


@pytest.mark.parametrize(("completeness", "printed"), [(80.0, True), (79.9, False)])
def test_overall_level_is_printed_from_80_on(completeness, printed):
    found = overall({"BAS": 50.0}, {}, Completeness(completeness, {}, 0.0, 0.0))

    assert found.is_publishable is printed


def test_section_in_which_nothing_is_required_has_no_completeness():
    instrument = nmdc()
    for question in instrument.section_by_code["EXC"].questions:
        instrument = changed(instrument, question.code, is_required=False)

    analysis = analyse(instrument, {})

    assert analysis.completeness.sections["EXC"] is None
    assert analysis.sections["EXC"].completeness is None
    assert not analysis.sections["EXC"].is_publishable


def test_sections_are_completed_question_by_question():
    answers = {
        "EXC-01": "none",
        "EXC-08": "na",
        "EXC-05": "dk",
        "EXC-REP[REP-DYB].reporting": "dk",
        "EXC-REP[REP-ILO].reporting": "none",
        "EXC-REP[REP-ILO].last_year": 2020,
    }

    found = analyse(nmdc(), cells(answers)).completeness.sections["EXC"]

    # EXC-02 and EXC-04 are hidden; EXC-09 and EXC-10 are not required.
    assert found == pytest.approx(100 * (3 + 2 / 6) / 7)


def test_repeating_group_is_filled_by_its_first_item():
    shown = {"EXC-01": "regular"}
    item = {"EXC-02[i1].partner": "Somewhere"}

    without, with_item = (
        analyse(nmdc(), cells(answers)).completeness.sections["EXC"]
        for answers in (shown, shown | item)
    )

    assert without == pytest.approx(100 * 1 / 9)
    assert with_item == pytest.approx(100 * 2 / 9)


# "Do not know": without any answer 83 scored questions are shown and required


def test_share_of_dont_know_counts_scored_questions_and_required_cells():
    answers = {
        "BAS-01": "dk",
        "BAS-09": "na",
        "GEN-04": "dk",
        "EXC-REP[REP-DYB].reporting": "dk",
        "EXC-REP[REP-ILO].reporting": "dk",
        "EXC-REP[REP-ILO].last_year": "dk",
        "COO-MOU[AGY-BNK].agreement": "law",
        "COO-MOU[AGY-BNK].rhythm": "dk",
    }

    found = analyse(nmdc(), cells(answers)).completeness.share_dk

    # COO-MOU: ten gates and one more cell, since the level is fixed in that row.
    assert found == pytest.approx(100 * (1 + 2 / 6 + 1 / 11) / 83)


def test_matrix_without_required_cells_holds_no_dont_know():
    matrix = nmdc().question_by_code["EXC-REP"]
    columns = tuple(replace(column, is_required=False) for column in matrix.columns)
    instrument = changed(nmdc(), "EXC-REP", columns=columns)
    answers = cells({"BAS-01": "dk", "EXC-REP[REP-DYB].reporting": "dk"})

    found = analyse(instrument, answers).completeness.share_dk

    assert found == pytest.approx(100 / 83)


# Evidence

DOCUMENT = [{"title": "Law", "url": "https://example.org/law"}]


@pytest.mark.parametrize(
    ("evidence", "share"),
    [
        ({}, 0),
        ({"BAS-01": DOCUMENT}, 50),
        ({"BAS-01": [{"title": "Law", "url": ""}]}, 0),
        ({"BAS-01": [{"url": "https://example.org/law"}, *DOCUMENT]}, 50),
        # Not answered, or without a score above 0, or not asked for evidence.
        ({"COO-01": DOCUMENT, "BAS-02": DOCUMENT, "BAS-04": DOCUMENT}, 0),
        # Hidden.
        ({"SRC-05": DOCUMENT}, 0),
    ],
)
def test_share_with_evidence(evidence, share):
    answers = cells(
        {"BAS-01": "both", "STR-01": "planned", "BAS-02": "none", "BAS-04": "usual"}
    )
    given = {Address(code, "", "@evidence"): found for code, found in evidence.items()}

    analysis = analyse(nmdc(), answers | given)

    assert analysis.completeness.share_evidence == share


def test_evidence_of_a_row_counts_for_its_matrix():
    answers = cells({"BAS-STAT[BAS-S03].produced": "regular"})
    answers[at("BAS-STAT[BAS-S03].@evidence")] = DOCUMENT

    assert analyse(nmdc(), answers).completeness.share_evidence == 100


def test_share_with_evidence_is_none_if_none_is_expected():
    assert analyse(nmdc(), {}).completeness.share_evidence is None
