"""The report before it is printed: what it says, and that every figure can be traced."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from questionnaire.addresses import NOTE, Address
from reports.analysis import analyse
from reports.analysis.results import Figures
from reports.document import ReportDocument, build_document
from reports.document.findings import findings
from reports.document.reader import Reader
from reports.document.structure import Ref
from reports.document.wording import (
    clipped,
    figure,
    listed,
    mark_of_change,
    mark_of_score,
    number,
    signed,
)
from reports.sources import ReportSource
from tests.extremes import extreme_source
from tests.instruments import COUNTRIES, demo_answers, nmdc
from tests.report_sources import draft, previous, submission


def report_of(source: ReportSource, language: str = "en") -> ReportDocument:
    with translation.override(language):
        return build_document(
            source, analyse(source.instrument, source.answers), language=language
        )


def section_of(report: ReportDocument, code: str) -> Any:
    return next(section for section in report.sections if section.code == code)


def findings_of(report: ReportDocument, code: str) -> dict[str, Any]:
    return {f.label: f for f in section_of(report, code).findings}


def parts(value: Any) -> Iterator[Any]:
    """Yield every dataclass inside a structure, itself included."""
    if dataclasses.is_dataclass(value):
        yield value
        for field in dataclasses.fields(value):
            yield from parts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from parts(item)


# Words and figures


@pytest.mark.parametrize(
    ("value", "text"),
    [(40.25, "40.3"), (40.249999, "40.2"), (0.05, "0.1"), (100, "100.0"), (None, "–")],
)
def test_figure_rounds_half_up_to_one_decimal(value, text):
    assert figure(value) == text


def test_figure_follows_the_language():
    with translation.override("fr"):
        assert figure(40.25) == "40,3"


def test_signed_uses_a_true_minus():
    assert [signed(v) for v in (7.96, -0.26, 0.04)] == ["+8.0", "−0.3", "0.0"]


@pytest.mark.parametrize(
    ("value", "text"), [(2, "2"), (1.5, "1.5"), (8.0, "8"), (0.25, "0.25")]
)
def test_number_is_printed_as_it_was_given(value, text):
    assert number(value) == text


def test_listed_joins_with_and():
    assert [listed(["a", "b", "c"][:n]) for n in range(4)] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_clipped_cuts_at_a_word():
    assert clipped("one two  three four", 12) == "one two…"
    assert clipped("one two", 12) == "one two"


@pytest.mark.parametrize(
    ("score", "symbol"),
    [(0, "○"), (0.001, "◔"), (0.5, "◑"), (0.75, "◕"), (0.999, "◕"), (1, "●")],
)
def test_only_zero_is_empty_and_only_one_is_full(score, symbol):
    assert mark_of_score(score).symbol == symbol


def test_a_change_that_would_print_as_zero_is_none():
    assert [mark_of_change(v).kind for v in (0.04, 0.06, -0.06)] == [
        "same",
        "better",
        "worse",
    ]


# Publication limits


def test_section_below_the_limit_prints_insufficient_information():
    report = report_of(submission("PER"))

    line = section_of(report, "EXC").line

    assert (line.score, line.level) == ("insufficient information", None)
    assert [s.code for s in report.sections if not s.line.is_published] == ["EXC"]
    assert findings_of(report, "EXC")["Insufficient information"].text == (
        "55.6% of the required questions are answered. A score is printed from 60%; "
        "what is known still enters the overall score."
    )


def test_summary_prints_the_range_beside_the_overall_score():
    summary = report_of(submission("PER")).summary

    assert (summary.score, summary.level.number) == ("40.2", 3)
    assert summary.interval == (
        "Range 40.2 to 52.1: the upper end if every missing or unknown answer were "
        "favourable."
    )


def test_overall_level_is_not_printed_below_the_limit():
    summary = report_of(draft("PER", {})).summary

    assert (summary.is_published, summary.level) == (False, None)
    assert summary.headline == "Insufficient information for an overall level"
    assert {line.level for line in summary.dimensions} == {None}
    assert summary.strengths == ()
    assert summary.gaps == ()


# Summary


def test_five_most_severe_gaps_in_order():
    gaps = report_of(submission("PER")).summary.gaps

    assert [(g.ref.code, g.gap_class.label, g.severity) for g in gaps] == [
        ("POL-E", "Critical gap", "100.0"),
        ("SDG-16.1.3", "Critical gap", "100.0"),
        ("POL-L", "Major gap", "66.7"),
        ("POL-N", "Major gap", "66.7"),
        ("POL-O", "Major gap", "66.7"),
    ]


def test_three_strengths_are_the_best_dimensions():
    summary = report_of(submission("GEO")).summary

    assert [(s.ref.code, s.score) for s in summary.strengths] == [
        ("D-SRC", "89.0"),
        ("D-GOV", "87.3"),
        ("D-COO", "83.1"),
    ]
    assert summary.strengths_note == ""


def test_strengths_of_an_early_stage_are_called_relative():
    early = report_of(submission("PRY")).summary
    sources = {a: v for a, v in demo_answers("JOR").items() if a.question[:3] == "SRC"}
    mixed = report_of(submission("PRY", demo_answers("PRY") | sources)).summary

    assert [s.level.number for s in early.strengths] == [2, 1, 1]
    assert early.strengths_note.startswith("Relative to the others: no dimension")
    assert [s.level.number for s in mixed.strengths] == [4, 1, 1]
    assert mixed.strengths_note.startswith("Relative to the others where")


def said(summary, topic):
    return [s.text for s in summary.sentences if s.topic == topic]


def test_without_a_previous_round_it_says_so():
    summary = report_of(submission("PER")).summary

    assert said(summary, "changes") == [
        "There is no earlier accepted round to compare with."
    ]


def test_change_of_a_section_is_printed_where_both_rounds_have_a_score():
    report = report_of(submission("PER", previous=previous("PRY")))

    assert section_of(report, "BAS").line.change.label == "+26.4"
    assert section_of(report, "EXC").line.change is None


def test_actions_of_an_almost_empty_draft_come_with_a_warning():
    report = report_of(draft("PER", {}))

    (next_steps,) = said(report.summary, "next")
    assert next_steps.startswith("It is too early to choose")
    assert report.actions.sentences[0].startswith("Too little has been answered")


# Sections


def test_findings_name_what_is_unknown_and_what_is_missing():
    found = findings_of(report_of(submission("PER")), "NEW")

    assert found["Unknown"].text == "3 answers are “do not know”:"
    assert [(r.code, r.note) for r in found["Missing"].refs] == [
        ("NEW-INNOV", "1 cell"),
        ("NEW-09", ""),
    ]


def test_weakest_questions_leave_out_what_was_not_answered():
    found = findings_of(report_of(submission("PER")), "BAS")

    assert [r.code for r in found["Weakest"].refs] == [
        "BAS-14",
        "BAS-07",
        "BAS-02",
        "BAS-05",
    ]


def test_table_of_which_nothing_is_known_is_no_answer():
    report = report_of(extreme_source("unknown"))

    assert all("Weakest" not in findings_of(report, s.code) for s in report.sections)


def test_findings_count_what_applies_and_say_what_is_printed():
    """A score of 49.6 prints 50: it is not called one below 50."""
    source = submission("PRY")
    with translation.override("en"):
        reader = Reader.of(source, analyse(source.instrument, source.answers))
        almost = dataclasses.replace(
            reader.analysis.questions["COO-MOU"],
            score=Figures(0.496, 0.496, 0.496),
        )
        questions = {**reader.analysis.questions, "COO-MOU": almost}
        analysis = dataclasses.replace(reader.analysis, questions=questions)
        reader = dataclasses.replace(reader, analysis=analysis)
        section = next(s for s in nmdc().sections if s.code == "COO")

        found = {f.label: f.text for f in findings(reader, section)}

    assert found["Data-sharing agreements"] == "3 of 9 in place; 1 not applicable."
    assert found["Weakest"] == "4 of 5 answered questions score below 50:"


def test_hidden_follow_ups_that_count_zero_are_explained():
    found = findings_of(report_of(submission("PRY")), "STR")["Follows from it"]

    assert found.text.startswith("6 follow-up questions are not asked and count 0")
    assert [r.code for r in found.refs] == ["STR-01"]


def test_matrix_tells_the_states_of_its_cells_apart():
    report = report_of(submission("PER"))
    matrix = next(
        m for m in section_of(report, "BAS").matrices if m.ref.code == "BAS-STAT"
    )
    rows = {
        row.ref.code: [(c.mark.kind, c.text) for c in row.cells] for row in matrix.rows
    }

    assert rows["BAS-S04"] == [("none", ""), *[("closed", "")] * 3]
    assert rows["BAS-S10"] == [("dk", ""), *[("closed", "")] * 3]
    assert rows["BAS-S12"] == [("blank", ""), *[("closed", "")] * 3]
    assert rows["BAS-S15"][1] == ("dk", "")
    assert rows["BAS-S16"][1] == ("full", "2024")


# Needs


def test_grid_places_each_need_once():
    report = report_of(submission("PER"))

    for chapter, total, outside in ((report.needs, 15, 1), (report.sdg, 16, 0)):
        placed = [r.code for row in chapter.grid for c in row.cells for r in c.refs]
        assert len(placed) == len(set(placed)) == total - outside
        assert sum(count.count for count in chapter.counts) == total
    assert [r.code for r in report.sdg.outside] == [
        "SDG-8.8.2",
        "SDG-9.C.1",
        "SDG-16.10.1",
        "SDG-16.10.2",
    ]


def test_sdg_indicators_stand_under_their_policy_areas():
    groups = report_of(submission("PER")).sdg.groups

    assert [(g.note, len(g.rows)) for g in groups] == [
        ("Targets 1.3, 3.8, 4.5, 11.1", 5),
        ("Targets 8.3, 8.5, 8.7, 8.8", 5),
        ("Targets 10.3, 16.1, 16.9", 5),
        ("Targets 9.c, 16.10", 1),
    ]


# Holders


def test_holders_gather_the_sources_of_an_agency():
    holders = report_of(submission("PER")).holders

    first = holders.agencies[0]
    assert (first.name, len(first.sources)) == ("Statistical office", 5)
    assert holders.sentences[0] == (
        "The country lists 15 sources; the statistical office can use individual records "
        "of 9."
    )


def test_one_agency_written_in_two_ways_is_one():
    answers = demo_answers("PER") | {
        Address("BAS-STAT", "BAS-S01", "producer"): "statistical  OFFICE"
    }

    first = report_of(submission("PER", answers)).holders.agencies[0]

    assert [ref.code for ref in first.statistics] == ["BAS-S01"]


# Actions


def test_actions_say_what_triggered_them():
    report = report_of(submission("PER"))
    found = {a.code: a for h in report.actions.first_wave for a in h.actions}

    action = found["R-QUA-02"]

    assert (action.rank, action.rank_value) == (1, "86.2")
    assert [(r.code, r.text, r.note) for r in action.causes] == [
        ("BAS-14", "Quality report", "No"),
        ("OPN-14", "One figure for one subject", "Unexplained differences"),
        ("OPN-15", "Revision policy", "No"),
    ]


def test_first_wave_and_others_are_all_actions_once():
    actions = report_of(submission("PER")).actions
    first = [a.code for horizon in actions.first_wave for a in horizon.actions]
    others = [a.code for horizon in actions.others for a in horizon.actions]

    assert (len(first), len(others)) == (12, 44)
    assert not set(first) & set(others)
    assert sorted(a.code for a in actions.plan) == sorted(first)


# Annex


def annex_of(report: ReportDocument, code: str) -> Any:
    return next(q for s in report.annex for q in s.questions if q.code == code)


@pytest.mark.parametrize(
    ("code", "text", "state"),
    [
        ("BAS-01", "Country of birth only", "answered"),
        ("BAS-06", "Do not know", "dk"),
        ("EXC-08", "Not applicable", "na"),
        ("EXC-03", "Not answered", "blank"),
        ("GEN-11", "Not asked (depends on GEN-10)", "hidden"),
    ],
)
def test_annex_tells_states_apart(code, text, state):
    answer = annex_of(report_of(submission("PER")), code).answer

    assert (answer.text, answer.state) == (text, state)


def test_annex_shows_what_is_stored_without_effect():
    answers = demo_answers("PER") | {
        Address("GEN-11"): "https://example.org/old",
        Address("BAS-STAT", "BAS-S04", "latest_year"): 2019,
    }
    report = report_of(submission("PER", answers))

    row = next(
        r for r in annex_of(report, "BAS-STAT").rows if r.anchor.endswith("BAS-S04")
    )

    assert annex_of(report, "GEN-11").answer.text == (
        "Not asked (depends on GEN-10) – stored without effect: https://example.org/old"
    )
    assert [(c.label, c.text, c.state) for c in row.cells][1:] == [
        ("Latest reference year", "Not asked – stored without effect: 2019", "closed")
    ]
    assert row.closed == "Other cells not asked."


def test_annex_leads_over_from_a_label_to_its_answer():
    row = annex_of(report_of(submission("PER")), "BAS-STAT").rows[0]

    assert [cell.lead for cell in row.cells] == [
        "Produced?",
        "Sources used:",
        "Latest reference year:",
        "Breakdowns available:",
        "Published?",
    ]


def test_annex_prints_notes_and_evidence():
    answers = demo_answers("PER") | {Address("BAS-14", "", NOTE): "Planned for 2027."}
    report = report_of(submission("PER", answers))

    assert annex_of(report, "BAS-14").note == "Planned for 2027."
    assert [e.url for e in annex_of(report, "BAS-STAT").evidence] == [
        "https://example.org/per/bas-stat"
    ]


def test_contradictions_print_their_cells_and_the_remarks_on_them():
    answers = demo_answers("PER") | {
        Address("SRC-19", "", NOTE): "Checked once, by a consultant."
    }
    report = report_of(submission("PER", answers))
    found = {c.code: c for c in report.contradictions}

    assert list(found) == ["C-013", "C-015", "C-036", "C-051"]
    assert found["C-051"].remarks == ("Checked once, by a consultant.",)


def test_provenance_names_record_hashes_and_utc():
    report = report_of(submission("PER"))
    facts = {fact.label: fact.value for fact in report.provenance}

    assert facts["Submitted"] == "5 March 2026, 14:02 UTC, by Ana Quispe"
    assert facts["Hash of the submission (SHA-256)"] == "3f2a" * 16
    assert report.created == "2026-03-05T14:02:00Z"


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_every_reference_leads_somewhere(iso3):
    report = report_of(submission(iso3, previous=previous("PER")))
    anchors = {
        part.anchor
        for part in parts(report)
        if hasattr(part, "anchor") and not isinstance(part, Ref)
    } | {"summary", "sections", "plan", *(f"annex-{n}" for n in _ANNEXES)}

    led_to = {part.anchor for part in parts(report) if isinstance(part, Ref)}

    assert led_to - anchors == set()


_ANNEXES = ("actions", "answers", "checks", "method", "provenance")


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_every_scored_question_stands_in_its_section_and_dimension(iso3):
    report = report_of(submission(iso3))
    scored = sorted(
        q.code for q in submission(iso3).instrument.questions if q.is_scored
    )

    in_sections = [line.ref.code for s in report.sections for line in s.questions]
    in_dimensions = [r.code for row in report.method.dimensions for r in row.questions]

    assert sorted(in_sections) == sorted(in_dimensions) == scored


def test_notice_and_watermark():
    assert report_of(submission("PER", is_illustrative=False)).notice == ""
    assert report_of(submission("PER")).notice.startswith("Illustrative")
    assert report_of(submission("PER")).watermark == ""
    assert report_of(draft("PER")).watermark == "DRAFT"


def test_direction_follows_the_language():
    assert report_of(submission("PER"), "ar").direction == "rtl"
    assert report_of(submission("PER")).direction == "ltr"


def test_anchor_of_a_cell_is_its_row():
    assert Reader.anchor(Address("SRC-INV", "SRC-CEN", "exists")) == (
        "answer-SRC-INV--SRC-CEN"
    )
