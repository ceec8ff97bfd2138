"""Reviewed values in the report (gap_method.md, 10), over Peru's fictional answers.

By hand, from the worked example (11.1): EXC-01 has weight 2 of 10. From "on occasion"
(0.5) to "regularly" (1) it raises the section from 23.0 to 33.0, and the overall score,
in which the section weighs 5 of 100, by 0.5: from 40.2228 to 40.7228.
"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assessment.reviewed import Reviewed
from reports.analysis import analyse
from reports.document import build_document
from reports.published import published_figures
from reports.sources import DifferingView, Kind
from reports.under_review import preview
from tests.instruments import at, read_data
from tests.report_sources import submission

GOLDEN = read_data("golden_figures.yaml")["countries"]["PER"]
WHEN = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
YEAR = "SRC-INV[SRC-CEN].latest_year"


def reviewed(cell, answer, value, reason="See the annual report."):
    return Reviewed(at(cell), answer, value, reason, "Olga Petrova", WHEN)


EXCHANGE = reviewed("EXC-01", "occasional", "regular")


def accepted(*values, **changes):
    source = submission(
        "PER",
        kind=Kind.ACCEPTANCE,
        dated_at=WHEN,
        accepted_at=WHEN,
        accepted_by="Olga Petrova",
        acceptance_hash="ab" * 32,
        **changes,
    )
    return source.reviewed_with(values)


def document(source):
    return build_document(
        source, analyse(source.instrument, source.answers), language="en"
    )


def annex_cell(report, cell):
    """Return what annex B prints of a cell of a plain question or a matrix."""
    address = at(cell)
    (question,) = (
        q for s in report.annex for q in s.questions if q.code == address.question
    )
    if question.answer is not None:
        return question.answer
    return next(c for row in question.rows for c in row.cells if c.reviewed)


def test_both_scores_of_a_case_computed_by_hand():
    figures = published_figures(accepted(EXCHANGE))

    assert figures["scores_final"]["EXC"] == 33.0
    assert figures["scores_final"]["OVERALL"] == 40.7228
    assert figures["self_assessed"] == {
        "scores_final": {
            code: GOLDEN["scores_final"][code]
            for code in (
                "BAS", "POL", "STR", "SRC", "NEW", "OPN", "COO", "EXC", "OVERALL",
            )
        },
        "level_reported": 3,
    }  # fmt: skip
    assert figures["self_assessed"]["scores_final"]["EXC"] == 23.0
    assert figures["self_assessed"]["scores_final"]["OVERALL"] == 40.2228
    assert figures["reviewed_values"] == [
        {
            "cell": "EXC-01",
            "answer": "occasional",
            "value": "regular",
            "reason": "See the annual report.",
        }
    ]


def test_figures_without_reviewed_values_have_no_further_keys():
    figures = published_figures(accepted())

    assert list(figures) == ["record", *GOLDEN, "causes", "scores", "action_plan"]
    assert figures["scores"]["EXC"] == {
        "score_final": 23.0,
        "score_provisional": 46.0,
        "score_upper": 75.8571,
        "is_published": 0,
        "level": 2,
    }


def test_summary_shows_both_overall_scores_and_leads_to_the_list():
    report = document(accepted(EXCHANGE))

    assert report.summary.score == "40.7"
    assert report.summary.review is not None
    assert report.summary.review.anchor == "annex-reviewed"
    assert report.summary.review.text == (
        "Reviewed score: 40.7; self-assessed score: 40.2. "
        "1 answer was replaced in review: annex G."
    )


def test_levels_are_named_where_they_differ():
    """Without any answer to it the largest section falls, and the level with it."""
    source = submission("PER")
    gone = [
        Reviewed(address, value, None, "x", "Olga", WHEN)
        for address, value in source.answers.items()
        if address.question.startswith(("BAS-STAT", "SRC-INV", "OPN-"))
        and not address.column.startswith("@")
    ]

    report = document(replace(source, kind=Kind.ACCEPTANCE).reviewed_with(tuple(gone)))

    assert "self-assessed score: 40.2 (level 3, Developing)." in (
        report.summary.review.text
    )


def test_document_without_reviewed_values_has_no_trace_of_them():
    report = document(accepted())

    assert (report.summary.review, report.reviewed) == (None, None)
    assert [e.anchor for e in report.contents][-1] == "annex-documents"
    assert len(report.reading) == 3


def test_contents_name_the_annex_after_that_of_differing_views():
    views = (DifferingView(at("EXC-01"), "none", "", "Ministry", "Ana", WHEN),)

    alone = document(accepted(EXCHANGE))
    after = document(accepted(EXCHANGE, views=views))

    assert alone.contents[-1].title == "Annex G Reviewed values"
    assert [e.title for e in after.contents[-2:]] == [
        "Annex G Differing views",
        "Annex H Reviewed values",
    ]
    assert "annex H lists" in after.reading[-1]
    assert after.summary.review.text.endswith("annex H.")


def test_differing_view_stands_beside_the_answer_of_the_country():
    views = (DifferingView(at("EXC-01"), "none", "", "Ministry", "Ana", WHEN),)

    (row,) = document(accepted(EXCHANGE, views=views)).views

    assert (row.national, row.view) == ("Yes, on occasion", "No")


def test_annex_lists_the_changes_and_the_scores():
    chapter = document(
        accepted(EXCHANGE, reviewed(YEAR, 2017, None, "No census was held."))
    ).reviewed

    assert (chapter.scores[0].title, chapter.scores[0].own) == ("Overall", "40.2")
    assert [
        (r.ref.code, r.ref.text, r.own, r.value, r.reason, r.who, r.set_on)
        for r in chapter.rows
    ] == [
        (
            "EXC-01", "Exchange of statistics", "Yes, on occasion", "Yes, regularly",
            "See the annual report.", "Olga Petrova", "20 March 2026",
        ),
        (
            "SRC-INV", "Population and housing census – Latest year", "2017",
            "Not answered", "No census was held.", "Olga Petrova", "20 March 2026",
        ),
    ]  # fmt: skip


def test_score_of_a_section_is_listed_only_where_its_printed_figure_differs():
    """EXC rests on too few answers to be printed, with the reviewed value and without."""
    chapter = document(accepted(EXCHANGE)).reviewed

    assert [(p.title, p.own, p.reviewed) for p in chapter.scores] == [
        ("Overall", "40.2", "40.7")
    ]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (EXCHANGE, "Country: Yes, on occasion; reviewed: Yes, regularly."),
        (
            reviewed("EXC-03", None, "dk"),
            "Country: Not answered; reviewed: Do not know.",
        ),
        (
            reviewed("EXC-01", "occasional", None),
            "Country: Yes, on occasion; reviewed: Not answered.",
        ),
        (reviewed(YEAR, 2017, 2007), "Country: 2017; reviewed: 2007."),
    ],
)
def test_annex_b_marks_reviewed_answers(one, words):
    report = document(accepted(one))

    assert annex_cell(report, str(one.address)).reviewed == (
        f"{words} Reason: See the annual report."
    )
    marked = [
        cell
        for section in report.annex
        for question in section.questions
        for cell in (question.answer, *(c for r in question.rows for c in r.cells))
        if cell is not None and cell.reviewed
    ]
    assert len(marked) == 1


def test_reviewed_answer_of_a_question_that_is_not_asked_says_so():
    """Without a strategy nobody is asked for its year."""
    report = document(
        accepted(
            reviewed("STR-01", "draft", "none"),
            reviewed("STR-02", None, 2020),
        )
    )

    text = annex_cell(report, "STR-02").reviewed
    assert text.startswith("Not asked (depends on STR-01)")
    assert ". Country: Not answered; reviewed: 2020. Reason: " in text


def test_closed_cell_that_was_reviewed_is_printed():
    gate = reviewed("SRC-INV[SRC-CEN].exists", "yes", "no")
    report = document(accepted(gate, reviewed(YEAR, 2017, 2007)))

    (question,) = (q for s in report.annex for q in s.questions if q.code == "SRC-INV")
    cells = [c.reviewed for row in question.rows for c in row.cells if c.reviewed]
    assert cells[0].startswith("Country: Yes; reviewed: No. Reason: ")
    assert cells[1].startswith("Not asked – stored without effect: 2007. Country: 2017")


def test_section_line_says_that_its_answer_was_reviewed():
    report = document(accepted(EXCHANGE))

    lines = {
        line.ref.code: line.answer for s in report.sections for line in s.questions
    }
    assert lines["EXC-01"] == "Yes, regularly (reviewed)"
    assert not any("(reviewed)" in a for code, a in lines.items() if code != "EXC-01")


def test_what_the_reviewer_wrote_is_not_quoted_as_words_of_the_country():
    texts = [
        (q.ref.code, q.text) for s in document(accepted()).sections for q in s.quotes
    ]
    code, text = texts[0]
    value = accepted().answers[at(code)]

    report = document(accepted(reviewed(code, value, "Words of the reviewer.")))

    quoted = [q.text for s in report.sections for q in s.quotes]
    assert text not in quoted
    assert "Words of the reviewer." not in quoted
    assert len(quoted) == len(texts) - 1


def test_preview_tells_both_scores_of_a_submission():
    source = submission("PER")
    analysis = analyse(source.instrument, source.answers)

    found = preview(analysis, source, (EXCHANGE,))

    assert (found.count, found.own, found.reviewed) == (1, "40.2", "40.7")
    assert preview(analysis, source, ()) is None
