"""What the report says besides sentences: needs, sources, exchange, formulas, outlook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from reports.analysis import analyse
from reports.document import ReportDocument, build_document
from reports.document.structure import Term
from reports.sources import RegionMedian, ReportSource
from reports.versions import renderer_version, template_version
from tests.instruments import at, demo_answers, nmdc
from tests.report_sources import draft, submission


def report_of(source: ReportSource) -> ReportDocument:
    with translation.override("en"):
        analysis = analyse(source.instrument, source.answers)
        return build_document(source, analysis, language="en")


@cache
def peru() -> ReportDocument:
    return report_of(submission("PER"))


@cache
def blank() -> ReportDocument:
    return report_of(draft("PER", {}))


def median(count: int) -> RegionMedian:
    dimensions = dict.fromkeys((d.code for d in nmdc().dimensions), 41.25)
    return RegionMedian(
        "Americas", count, 45.04, {"BAS": 60.0, "EXC": None}, dimensions
    )


# The median of the region


def test_median_of_the_region_stands_beside_each_score():
    summary = report_of(submission("PER", region_median=median(5))).summary

    sections = {line.code: line for line in summary.sections}
    assert (sections["BAS"].median, sections["EXC"].median) == ("60.0", "")
    assert {line.median for line in summary.dimensions} == {"41.3"}
    assert sections["BAS"].chart.alt == (
        "Basic statistics on international migration: 41.8; median of the region: 60.0"
    )
    assert summary.median_caption == (
        "Upright line and column “Region”: median of 5 accepted responses of Americas, "
        "this one not included. Overall: 45.0."
    )


def test_median_of_a_small_group_is_not_shown():
    summary = report_of(submission("PER", region_median=median(4))).summary

    assert summary.median_caption == ""
    assert {ln.median for ln in (*summary.sections, *summary.dimensions)} == {""}
    assert [ln.chart for ln in summary.sections] == [
        ln.chart for ln in peru().summary.sections
    ]


# Needs


def test_each_policy_question_shows_availability_and_quality():
    rows = {row.sign: row for group in peru().needs.groups for row in group.rows}

    assert "".join(rows) == "ABCDEFGHIJKLMNO"
    assert [
        (rows[sign].availability[0].text, rows[sign].quality.text) for sign in "ABEK"
    ] == [("Full", "79"), ("Partial", "77"), ("None", "–"), ("Do not know", "–")]
    assert [rows[sign].quality.mark.symbol for sign in "ABEH"] == ["◕", "◕", "·", "◑"]


def test_each_indicator_shows_production_and_disaggregation():
    rows = {row.sign: row for group in peru().sdg.groups for row in group.rows}

    assert [cell.text for cell in rows["1.3.1"].availability] == [
        "Regularly, on a fixed cycle",
        "Source allows it, not yet done",
    ]
    assert [cell.mark.symbol for cell in rows["1.3.1"].availability] == ["●", "◑"]


# Sources and exchange


def test_map_of_sources_says_what_each_records():
    heat = next(s.heat for s in peru().sections if s.code == "SRC")

    found = {row.ref.code: row for row in heat.rows}
    assert len(found) == 15
    assert "".join(m.symbol for m in found["SRC-CEN"].cells) == "●●●●●●○○"
    assert (found["SRC-CEN"].count, found["SRC-CON"].count) == ("6", "1")
    assert heat.totals == ("13", "13", "6", "10", "4", "5", "4", "1")
    assert [s.code for s in peru().sections if s.heat] == ["SRC"]


def test_map_of_sources_tells_unknown_from_not_recorded():
    answers = demo_answers("PER") | {at("SRC-INV[SRC-LFS].variables"): "dk"}
    report = report_of(submission("PER", answers))

    heat = next(s.heat for s in report.sections if s.code == "SRC")

    row = next(row for row in heat.rows if row.ref.code == "SRC-LFS")
    assert ({m.symbol for m in row.cells}, row.count) == ({"?"}, "–")
    assert heat.intro.endswith("Not known or not answered for: Labour force survey.")


def test_without_a_source_there_is_no_map():
    assert [s.code for s in blank().sections if s.heat] == []


def test_partners_of_exchange_are_listed():
    exchange = peru().holders.exchange

    assert exchange.sentence == "Exchange of statistics: Yes, on occasion."
    assert [(p.name, p.cells) for p in exchange.partners] == [
        ("Regional working group", ("Regional", "Tables on stocks", "2021"))
    ]
    assert peru().holders.agreements_note == (
        "The statistical office receives data from 8 agencies: from four by law or "
        "signed agreement, from two as individual records."
    )
    assert blank().holders.exchange.partners == ()


# Method and provenance


def read_aloud(terms: Sequence[Term]) -> str:
    """Return the text of a formula as it stands in the page, seen or only read."""
    html = render_to_string("reports/partials/terms.html", {"terms": terms})
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_formulas_read_in_order_and_are_worked():
    found = {formula.label: formula for formula in peru().method.formulas}

    assert read_aloud(found["Section or dimension"].terms) == (
        "S = 100 × (Σ w × s) ÷ (Σ w)"
    )
    assert read_aloud(found["Adequacy of data"].terms) == "D = A × (1 + Q) ÷ 2"
    assert found["Section or dimension"].example == "BAS: 100 × 10.856 ÷ 26 = 41.8"
    assert found["Severity of a gap"].example == (
        "POL-C: 100 × 3 ÷ 3 × (1 − 0.422) = 57.8"
    )
    assert found["Rank of an action"].example == (
        "R-QUA-02: 0.4 × 100.0 + 0.3 × 86.3 + 0.3 × 67.6 = 86.2"
    )


def test_a_score_that_is_not_printed_is_not_worked_out_either():
    (formula,) = (f for f in peru().method.formulas if f.label == "Overall score")

    assert formula.example.endswith("+ 8 × 37.7 + 5 × EXC) ÷ 100 = 40.2")
    assert {f.example for f in blank().method.formulas} >= {""}


def test_provenance_names_versions_and_where_the_hash_is_checked(settings):
    settings.SITE_URL = "https://assessment.example.org"

    facts = {f.label: f.value for f in report_of(submission("PER")).provenance}

    assert facts["To check the hash"] == (
        "https://assessment.example.org/verify/?hash=3f2a3f2a3f2a3f2a (signed in), or on "
        "the server: manage.py verify --response PER 2025"
    )
    assert facts["Renderer"] == renderer_version()
    assert facts["Templates (beginning of their SHA-256)"] == template_version()
    assert len(template_version()) == 16
    assert "To check the hash" not in {f.label for f in blank().provenance}


# Outlook


def test_a_severe_gap_says_why_and_what_would_close_it():
    gap = peru().outlook.gaps[0]

    assert (gap.row.ref.code, gap.place) == ("POL-E", "POL-NEEDS[POL-E]")
    assert [(ref.text, ref.note) for ref in gap.causes] == [
        ("Policy priority", "High priority"),
        ("Data available", "None"),
    ]
    assert [(s.title, s.gap_class.label, s.severity) for s in gap.steps] == [
        ("To improve it", "Moderate gap", "50.0"),
        ("To meet the need", "Need met", "12.5"),
    ]
    assert [ref.note for ref in gap.steps[1].answers][:2] == ["Full", "2022 or later"]
    assert [ref.code for ref in gap.actions] == ["R-OUT-08", "R-COO-04", "R-OUT-06"]


@pytest.mark.parametrize(
    ("dimension", "text"),
    [
        ("D-GOV", "“Yes, regularly, with a published report” in place of “No”"),
        ("D-QUA", "“Yes, systematically with a written method” in place of “No”"),
    ],
)
def test_a_goal_names_the_better_answer_and_its_points(dimension, text):
    goal = next(g for g in peru().outlook.goals if g.ref.code == dimension)

    assert text in [step.text for step in goal.improvements]
    assert (goal.target.number, goal.remark) == (goal.level.number + 1, "")


def test_choices_that_are_added_stand_beside_those_chosen():
    goal = next(g for g in peru().outlook.goals if g.ref.code == "D-DIS")

    assert goal.improvements[1].text == (
        "“CSV or another open table format” besides “Spreadsheet; PDF, image or web page”"
    )


def test_an_empty_draft_has_no_outlook_but_says_why():
    outlook = blank().outlook

    assert (outlook.gaps, outlook.goals) == ((), ())
    assert outlook.gaps_intro.startswith("No gap can be named yet")
    assert outlook.goals_intro.startswith("Goals are set once enough is answered")
