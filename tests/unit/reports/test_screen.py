"""The page of the report: sums that add up, charts as tables, actions that are filtered."""

import re
from dataclasses import replace

import pytest
from django.http import QueryDict

from questionnaire.addresses import Address
from reports.analysis import analyse
from reports.analysis.figures import half_up
from reports.document import document_of
from reports.document.reader import Reader
from reports.screen import ActionFilters, screen
from reports.sources import RegionMedian
from reports.what_if import read_link
from tests.report_sources import draft, previous, submission


def shown(source, query="", submission=None):
    reader = Reader.of(source, analyse(source.instrument, source.answers))
    return screen(
        document_of(reader, language="en"),
        reader,
        filters=ActionFilters.parse(QueryDict(query)),
        submission=submission,
    )


@pytest.fixture(scope="module")
def source():
    return submission("PER", previous=previous("GEO"))


@pytest.fixture(scope="module")
def peru(source):
    return shown(source)


# Sums


def numbers(text):
    return [float(found) for found in re.findall(r"\d+(?:\.\d+)?", text)]


def test_overall_score_is_the_mean_of_the_sections(peru):
    parts = [(float(p.weight), float(p.score)) for p in peru.overall.lines]

    assert len(parts) == 8
    total = sum(weight * score for weight, score in parts)
    assert round(total / sum(weight for weight, _ in parts), 1) == 40.2
    (formula,) = peru.overall.formulas
    assert formula == (
        "Each score times its weight, added up: 4022.3. Divided by the sum of the "
        "weights, 100: 40.2."
    )


def test_sums_of_sections_and_dimensions_give_their_scores(source, peru):
    analysis = analyse(source.instrument, source.answers)
    groups = {**analysis.sections, **analysis.dimensions}

    for line in (*peru.profile, *peru.dimensions):
        score = groups[line.line.code].score.final
        total, weights, printed = numbers(line.sum.formulas[0])
        assert printed == half_up(score, 1)
        assert total / weights == pytest.approx(score, abs=0.01)
        assert len(line.sum.lines) == len(groups[line.line.code].questions)


def test_severity_is_written_out_step_by_step(peru):
    rows = {row.gap.ref.code: row for g in peru.needs[0].groups for row in g.rows}

    assert rows["POL-A"].formulas == (
        "Availability A = 1.00, the lowest of: Data available 1.00.",
        (
            "Quality Q = 0.79, the mean by weight of: Latest reference year 1.00 (25%), "
            "How often 1.00 (15%), Breakdowns available 0.65 (25%), Fit for the purpose "
            "0.50 (25%) and Published 1.00 (10%)."
        ),
        "Adequacy D = A × (1 + Q) ÷ 2 = 0.89.",
        "Severity = 100 × N ÷ 3 × (1 − D) = 100 × 3 ÷ 3 × 0.11 = 10.6.",
    )
    assert rows["POL-E"].formulas[1] == "Quality Q = 0: there are no data to judge."
    assert rows["POL-G"].formulas[-1] == (
        "No priority is known, so there is no severity."
    )


def test_weighted_gap_adds_up(source, peru):
    weighted = analyse(source.instrument, source.answers).weighted_gaps
    need = peru.needs[0]

    total = sum(float(part.weight) for part in need.sum.lines)
    needs = sum(float(part.answer) for part in need.sum.lines)
    assert 100 * total / needs == pytest.approx(weighted["POL-NEEDS"], abs=0.1)
    assert need.sum.formulas[0] == "100 × 21.64 ÷ 32 = 67.6."
    assert len(need.sum.formulas) == 5  # all, and four themes


def test_rank_value_is_the_sum_of_its_parts(peru):
    for line in peru.actions.lines:
        parts = [
            float(part.share.rstrip("%")) / 100 * float(part.value)
            for part in line.rank
        ]
        assert sum(parts) == pytest.approx(float(line.view.rank_value), abs=0.11)


def test_shares_lead_to_what_they_are_shares_of(source, peru):
    answered, unknown, evidence = peru.shares

    assert [s.fact.value for s in peru.shares] == ["92.4%", "6.0%", "50.0%"]
    assert [ref.code for ref in answered.refs][:2] == ["BAS-STAT", "BAS-08"]
    assert len(unknown.refs) == 20
    assert len(evidence.refs) == 11
    assert evidence.formula == (
        "Of 22 scored answers that call for a document, 11 have a link. Those without:"
    )


def test_cells_of_a_row_say_what_they_score_and_weigh(peru):
    answers = {
        answer.question.code: answer for s in peru.sections for answer in s.scored
    }
    inventory = answers["SRC-INV"]
    census = inventory.rows[0]

    assert census.scores["Coverage"] == "score 50, weight 2"
    assert census.weight == "2"
    assert census.trial == "SRC-INV[SRC-CEN]"
    assert "rows that not every country needs" in inventory.formula


def test_empty_draft_says_that_nothing_adds_up():
    page = shown(draft("PER", {}))

    assert page.overall.formulas[0].endswith("weights, 100: 0.0.")
    assert page.needs[0].sum.formulas[0] == (
        "No need has a priority: there is no weighted data gap."
    )
    assert page.needs[0].sum.lines == ()


# The profile


def test_line_of_the_profile_says_what_its_bar_shows(peru):
    line = peru.profile[0]

    assert [(fact.label, fact.value) for fact in line.tip][:3] == [
        ("Score", "41.8"),
        ("Level", "3 Developing"),
        ("Could rise to", "60.0"),
    ]
    assert line.tip[3].label == "Previous round"
    assert line.previous != ""
    assert peru.median_of == ""
    assert {line.median for line in (*peru.profile, *peru.dimensions)} == {""}


def test_median_of_a_region_is_shown_where_there_is_one(source):
    region = RegionMedian(
        "Americas", 7, 44.0, {"BAS": 51.25, "POL": None}, {"D-GOV": 40.0}
    )
    page = shown(replace(source, region_median=region))

    assert page.median_of == "Median of Americas (7 responses)"
    assert [line.median for line in page.profile][:2] == ["51.3", ""]
    assert page.profile[0].tip[-1].value == "51.3"
    assert [line.median for line in page.dimensions if line.median] == ["40.0"]


def test_key_names_every_mark_that_the_bars_have(source, peru):
    region = RegionMedian("Americas", 7, 44.0, {}, {})
    without = shown(replace(source, previous=None))
    beside = shown(replace(source, region_median=region))
    unknown = shown(replace(source, region_median=replace(region, overall=None)))

    rise = "How far it could rise if every missing or unknown answer were favourable"
    median = "Median of Americas (7 responses), this response not included"
    bands = "Bands: the five levels"
    assert [entry.label for entry in without.key] == ["Score", rise, bands]
    assert [entry.label for entry in peru.key] == [
        "Score", rise, "Previous round", bands,
    ]  # fmt: skip
    assert [entry.label for entry in beside.key] == [
        "Score", rise, "Previous round", f"{median}; overall: 44.0", bands,
    ]  # fmt: skip
    assert unknown.key[3].label == median
    assert len({entry.chart.svg for entry in beside.key}) == 5


def test_median_of_fewer_than_five_is_shown_nowhere(source):
    region = RegionMedian("Americas", 4, 44.0, {"BAS": 51.25}, {"D-GOV": 40.0})
    page = shown(replace(source, region_median=region))

    assert page.median_of == ""
    assert {line.median for line in (*page.profile, *page.dimensions)} == {""}
    assert "51.3" not in [fact.value for fact in page.profile[0].tip]


def test_needs_stand_by_class_and_by_severity(peru):
    need = peru.needs[0]

    assert sum(len(group.needs) for group in need.counts) == 15
    assert [g.mark.kind for g in need.counts][:2] == ["critical", "major"]
    assert need.ranked[0].sign == "E"


# Actions


def fitting(page):
    return [line for line in page.actions.lines if line.is_shown]


def test_actions_are_all_there_without_filters(peru):
    assert (peru.actions.shown, peru.actions.total) == (56, 56)
    assert peru.actions.is_filtered is False


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("horizon=short", lambda a: a.recommendation.horizon == "short"),
        ("kind=training", lambda a: a.recommendation.kind == "training"),
        ("partner=IOM", lambda a: "IOM" in a.recommendation.partners),
        ("priority=high", lambda a: a.priority == "high"),
        (
            "partner=ILO&horizon=medium",
            lambda a: (
                "ILO" in a.recommendation.partners
                and a.recommendation.horizon == "medium"
            ),
        ),
    ],
)
def test_actions_are_filtered(source, query, fits):
    page = shown(source, query)

    expected = [line.view.code for line in page.actions.lines if fits(line.action)]
    assert [line.view.code for line in fitting(page)] == expected
    assert 0 < page.actions.shown < page.actions.total
    assert page.actions.is_filtered is True


def test_goal_that_is_tried_out_is_reached(source, peru):
    goals = {goal.dimension: goal for goal in Reader.of(
        source, analyse(source.instrument, source.answers)).goals}  # fmt: skip

    tried = {}
    for line in peru.goals:
        trial = read_link(source, QueryDict(line.trial))
        assert (trial.refused, trial.ignored) == ({}, ())
        found = analyse(source.instrument, trial.answers)
        tried[line.view.ref.code] = found.dimensions[line.view.ref.code].score.final

    assert len(tried) == 8
    assert tried == pytest.approx({code: g.reached for code, g in goals.items()})
    assert shown(draft("PER", {})).goals == ()


def test_filter_that_is_none_filters_nothing(source):
    page = shown(source, "horizon=never&partner=%3Cb%3E&colour=red")

    assert page.actions.shown == 56
    assert page.actions.is_filtered is False


def test_filters_that_nothing_fits(source):
    page = shown(source, "priority=low&horizon=long")

    assert page.actions.shown == 0
    assert page.actions.first_wave_is_shown is False
    assert page.actions.others_are_shown is False


def test_action_leads_to_trying_out_its_answers(source, peru):
    line = peru.actions.lines[0]

    places = dict.fromkeys(str(Address(a.question, a.row)) for a in line.action.causes)
    assert QueryDict(line.trial).getlist("at") == list(places)[:6]
    assert shown(source, submission=2).what_if == (
        "/responses/PER/2025/report/what-if/?submission=2&"
    )


def test_counts_of_actions_lead_to_their_actions(source, peru):
    first = peru.actions.counts[0].cells[0]

    assert first.query == "horizon=short&priority=high"
    assert shown(source, first.query).actions.shown == first.count == 14
    assert [row.cells[-1].count for row in peru.actions.counts] == [26, 23, 7]
    assert peru.actions.counts[1].cells[-1].query == "horizon=medium"
