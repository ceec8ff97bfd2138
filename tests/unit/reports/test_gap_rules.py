"""Need, availability and quality of a row, and the gap they make (gap_method.md, 7)."""

from dataclasses import replace

import pytest

from reports.analysis import analyse
from reports.analysis.results import Gap
from tests.instruments import at, cells, nmdc

# Full availability and the best quality: 0.25, 0.15, 0.25, 0.25 and 0.10.
BEST = {
    "priority": "high",
    "available": "full",
    "latest_year": 2025,
    "frequency": "annual",
    "breakdowns": ["sex", "age", "citizenship", "birth", "other_country"],
    "fitness": "fit",
    "published": "open",
}


def policy(row="POL-A", **values):
    return {f"POL-NEEDS[{row}].{c}": v for c, v in (BEST | values).items()}


def indicator(row="SDG-8.5.2", **values):
    return {f"POL-SDG[{row}].{column}": value for column, value in values.items()}


def analysed(answers):
    return analyse(nmdc(), cells({"GEN-02": 2025} | answers))


def gap(answers, row="POL-A") -> Gap:
    return analysed(answers).gaps[row]


def test_rows_with_a_fixed_availability_cell_are_no_part_of_the_gap_matrix():
    gaps = analysed({}).gaps

    assert len(gaps) == 31
    assert not {"SDG-8.8.2", "SDG-9.C.1", "SDG-16.10.1", "SDG-16.10.2"} & set(gaps)


@pytest.mark.parametrize(
    ("values", "quality", "level", "kind", "weak_points"),
    [
        ({}, 1, 4, "none", ()),
        ({"fitness": "unfit"}, 0.75, 4, "none", ("fitness",)),
        (
            {"fitness": "unfit", "published": "request"},
            0.7, 3, "weak_quality", ("fitness",),
        ),
        (
            {"frequency": "dk", "breakdowns": ["none"], "published": None},
            0.5, 3, "weak_quality", ("frequency", "breakdowns", "published"),
        ),
        (
            {"frequency": "irregular", "breakdowns": None, "latest_year": None},
            0.365, 2, "weak_quality", ("latest_year", "frequency", "breakdowns"),
        ),
        (
            {"available": "partial", "frequency": "dk", "breakdowns": ["none"],
             "published": None},
            0.5, 2, "partial_data", ("frequency", "breakdowns", "published"),
        ),
        (
            {"available": "partial", "frequency": "dk", "breakdowns": ["none"],
             "published": None, "fitness": "limited"},
            0.375, 1, "partial_data", ("frequency", "breakdowns", "published"),
        ),
        ({"available": "none"}, 0, 0, "no_data", ()),
        ({"available": "dk"}, 0, 0, "no_data", ()),
        ({"available": None}, 0, 0, "no_data", ()),
    ],
)  # fmt: skip
def test_level_of_data(values, quality, level, kind, weak_points):
    found = gap(policy(**values))

    assert found.quality == pytest.approx(quality)
    assert (found.data_level, found.kind) == (level, kind)
    assert found.weak_points == weak_points


@pytest.mark.parametrize(
    ("excess", "level", "kind"), [(4e-7, 4, "none"), (9e-7, 3, "weak_quality")]
)
def test_quality_is_rounded_before_it_is_compared(excess, level, kind):
    """Fitness counts 0 and weighs a little more: quality is just below 0.75."""
    policies, indicators = nmdc().gap_inputs
    weights = {**policies.quality_weights, "fitness": 0.25 + excess}
    inputs = (replace(policies, quality_weights=weights), indicators)
    answers = cells({"GEN-02": 2025, **policy(fitness="unfit")})

    found = analyse(replace(nmdc(), gap_inputs=inputs), answers).gaps["POL-A"]

    assert found.quality < 0.75
    assert (found.data_level, found.kind) == (level, kind)


def test_what_is_not_known_counts_nothing_whatever_its_score():
    rules = replace(nmdc().scoring_rules, dk_score=0.5, blank_score_final=0.5)
    instrument = replace(nmdc(), scoring_rules=rules)
    unknown = policy("POL-B", available="dk") | policy("POL-C", available=None)
    answers = cells(unknown | policy("POL-A", fitness="dk", published=None))

    gaps = analyse(instrument, answers).gaps

    # The year counts nothing either: there is no assessment year.
    assert gaps["POL-A"].quality == pytest.approx(0.15 + 0.25)
    assert (gaps["POL-B"].availability, gaps["POL-C"].availability) == (0, 0)


def test_quality_that_does_not_apply_is_left_out_and_no_weak_point():
    values = {"breakdowns": "na", "fitness": "unfit", "published": "internal"}

    found = gap(policy("POL-E", **values), "POL-E")

    assert found.quality == pytest.approx((0.25 + 0.15) / 0.75)
    assert found.weak_points == ("fitness", "published")


@pytest.mark.parametrize("year", [None, "dk"])
def test_quality_of_the_year_counts_nothing_without_an_assessment_year(year):
    found = gap({"GEN-02": year, **policy()})

    assert found.quality == pytest.approx(0.75)
    assert found.weak_points == ("latest_year",)


@pytest.mark.parametrize(
    ("priority", "need", "classes"),
    [
        ("high", 3, ["critical", "major", "moderate", "minor", "met"]),
        ("medium", 2, ["major", "moderate", "minor", "met", "met"]),
        ("low", 1, ["moderate", "minor", "minor", "met", "met"]),
        ("none", 0, ["no_need"] * 5),
        ("dk", None, ["not_assessed"] * 5),
        (None, None, ["not_assessed"] * 5),
    ],
)
def test_class_by_need_and_level(priority, need, classes):
    weak = {"fitness": "unfit", "breakdowns": ["none"], "published": "internal"}
    levels = (
        {"available": "none"},
        {"available": "partial", **weak},
        {"available": "full", **weak},
        {"fitness": "unfit", "published": "internal"},
        {},
    )

    found = [gap(policy(priority=priority, **level)) for level in levels]

    assert [g.data_level for g in found] == [0, 1, 2, 3, 4]
    assert [g.gap_class for g in found] == classes
    assert {g.need for g in found} == {need}


@pytest.mark.parametrize(
    ("values", "severity"),
    [
        ({"available": "none"}, 100),
        ({"available": "none", "priority": "medium"}, 200 / 3),
        ({"available": "partial", "priority": "low"}, 50 / 3),
        ({}, 0),
        ({"available": "none", "priority": "none"}, 0),
        ({"available": "none", "priority": "dk"}, None),
    ],
)
def test_severity(values, severity):
    assert gap(policy(**values)).severity == pytest.approx(severity)


@pytest.mark.parametrize(
    ("values", "availability", "is_unknown"),
    [
        ({"produced": "regular", "disaggregated": "published"}, 1, False),
        ({"produced": "occasional", "disaggregated": "published"}, 0.5, False),
        ({"produced": "regular", "disaggregated": "none"}, 0, False),
        ({"produced": "regular", "disaggregated": "dk"}, 0, True),
        ({"produced": "regular"}, 0, True),
        ({"produced": "none", "disaggregated": "published"}, 0, False),
        ({"produced": "none"}, 0, False),
        ({"produced": "dk"}, 0, True),
        ({}, 0, True),
    ],
)
def test_availability_is_the_lowest_of_its_columns(values, availability, is_unknown):
    found = gap(indicator(priority="high", **values), "SDG-8.5.2")

    assert found.availability == availability
    assert found.is_unknown is is_unknown


def test_causes_are_the_cells_that_could_be_read():
    closed = gap(policy(available="none"))
    no_data = indicator(produced="regular", disaggregated="none", latest_year=2025)

    assert closed.causes == (
        at("POL-NEEDS[POL-A].priority"),
        at("POL-NEEDS[POL-A].available"),
    )
    assert gap(no_data, "SDG-8.5.2").causes == (
        at("POL-SDG[SDG-8.5.2].priority"),
        at("POL-SDG[SDG-8.5.2].produced"),
        at("POL-SDG[SDG-8.5.2].disaggregated"),
    )


def test_gaps_come_by_class_then_severity_then_order_of_the_file():
    answers = (
        policy("POL-O", available="none")
        | policy("POL-D", available="partial")
        | policy("POL-C", available="partial", fitness="limited")
        | policy("POL-B", available="partial")
        | policy("POL-A", available="none")
        | policy("POL-F")
        | policy("POL-E", priority="none")
        | indicator(priority="high", produced="none")
    )

    analysis = analysed(answers)

    assert analysis.gap_order == (
        "POL-A", "POL-O", "SDG-8.5.2", "POL-C", "POL-B", "POL-D",
    )  # fmt: skip
    assert analysis.without_gap[:3] == ("POL-F", "POL-E", "POL-G")
    assert len(analysis.gap_order + analysis.without_gap) == 31


def test_severities_that_differ_by_noise_only_keep_the_order_of_the_file():
    """Both qualities are 0.5875, but their sums end in different last digits."""
    four = ["sex", "age", "citizenship", "birth"]
    first = {
        "latest_year": 2020,
        "breakdowns": four,
        "fitness": "unfit",
        "published": "request",
    }
    second = {"latest_year": 2000, "frequency": "dk", "breakdowns": [*four, "socio"]}

    analysis = analysed(
        policy("POL-A", available="partial", **first)
        | policy("POL-B", available="partial", **second)
    )

    assert 0 < analysis.gaps["POL-B"].severity - analysis.gaps["POL-A"].severity < 1e-9
    assert analysis.gap_order == ("POL-A", "POL-B")


def test_weighted_gap_weighs_by_need():
    answers = (
        policy("POL-A", available="none")
        | policy("POL-B", priority="low")
        | policy("POL-E", priority="none", available="none")
        | policy("POL-F", priority="dk", available="none")
        | policy("POL-I", priority="medium", available="partial")
    )

    assert analysed(answers).weighted_gaps == {
        "POL-NEEDS": pytest.approx(100 * (3 + 2 * 0.5) / 6),
        "POL-SDG": None,
        "theme_immigration": pytest.approx(75),
        "theme_integration": None,
        "theme_emigration": pytest.approx(50),
        "theme_return": None,
    }
