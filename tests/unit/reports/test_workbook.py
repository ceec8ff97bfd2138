"""The workbook and the CSV of a report: numbers as numbers, texts as texts."""

import csv
import io
from datetime import datetime

import openpyxl
import pytest

from questionnaire.addresses import Address
from reports.exports.table import HEAD, render_csv
from reports.exports.workbook import render_xlsx
from tests.instruments import demo_answers, read_data
from tests.report_sources import SUBMITTED, draft, submission
from tests.unit.reports.test_reviewed_figures import EXCHANGE, accepted

GOLDEN = read_data("golden_figures.yaml")["countries"]["PER"]
SHEETS = ["About", "Scores", "Questions", "Gaps", "Recommendations", "Answers"]
FORMULA = '=HYPERLINK("https://example.org/","x")'
WILD = {
    Address("GEN-03"): FORMULA,
    Address("GEN-08"): "2025-06-20",
    Address("GEN-03", "", "@note"): "@SUM(A1)\x07",
    Address("SRC-INV", "", "@note"): "-1+1",
    Address("GEN-11", "", "@evidence"): [
        {"title": "+1", "url": "https://example.org/"}
    ],
}


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def content():
    return render_xlsx(submission("PER", {**demo_answers("PER"), **WILD}))


@pytest.fixture(scope="module")
def book(content):
    return opened(content)


@pytest.fixture(scope="module")
def empty():
    return opened(render_xlsx(draft("PER", {}), language="ar"))


def lines_of(source):
    text = render_csv(source).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def rows(book, sheet):
    """Return the rows of a sheet by what stands in their second column."""
    return {row[1]: row for row in book[sheet].iter_rows(min_row=2, values_only=True)}


# The workbook


def test_sheets_are_there_with_frozen_heads_and_filters(book):
    assert book.sheetnames == SHEETS
    assert [sheet.freeze_panes for sheet in book] == ["A2"] * 6
    assert [sheet.auto_filter.ref for sheet in book][:4] == [
        None,
        "A1:K18",
        "A1:G142",
        "A1:L32",
    ]


def test_about_names_the_record_and_says_how_to_read_it(book):
    facts = [row[:2] for row in book["About"].iter_rows(values_only=True)]

    assert ("Country or area", "Peru (PER)") in facts
    assert ("Hash of the submission (SHA-256)", "3f2a" * 16) in facts
    assert (
        "Note",
        "Illustrative: invented answers, not statements of the country",
    ) in facts


def test_scores_are_whole_numbers_shown_with_one_decimal(book):
    sheet = book["Scores"]
    overall, first = sheet["D2"], sheet["D3"]

    assert round(overall.value, 4) == GOLDEN["scores_final"]["OVERALL"] == 40.2228
    assert overall.value != 40.2228
    assert overall.number_format == "0.0"
    assert round(first.value, 4) == GOLDEN["scores_final"]["BAS"]
    assert [cell.value for cell in sheet[2]][6:9] == ["yes", 3, "Developing"]


def test_score_that_rests_on_too_few_answers_has_no_level(book):
    exchange = rows(book, "Scores")["EXC"]

    assert exchange[6:9] == ("no", None, None)
    assert round(exchange[9], 1) == 55.6


def test_gaps_come_the_most_severe_first(book):
    sheet = book["Gaps"]
    codes = [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)]

    assert codes[: len(GOLDEN["gap_order"])] == GOLDEN["gap_order"]
    assert set(codes) == set(GOLDEN["gaps"])
    assert rows(book, "Gaps")["POL-A"][:11] == (
        None,
        "POL-A",
        "Total number of immigrants who enter the country every year",
        "High",
        100.0,
        78.75,
        "Adequate data",
        2022,
        "Need met",
        10.625,
        None,
    )
    assert rows(book, "Gaps")["POL-E"][11] == (
        "POL-NEEDS[POL-E].priority, POL-NEEDS[POL-E].available"
    )


def test_recommendations_are_in_the_order_of_their_rank(book):
    found = list(book["Recommendations"].iter_rows(min_row=2, values_only=True))

    assert [row[1] for row in found] == [a["code"] for a in GOLDEN["actions"]]
    assert [row[0] for row in found] == list(range(1, len(found) + 1))
    first = [row[1] for row in found if row[8] == "yes"]
    assert sorted(first) == sorted(GOLDEN["first_wave"])


def test_every_answer_stands_at_its_address(book):
    sheet = book["Answers"]
    found = {row[0]: row for row in sheet.iter_rows(min_row=2, values_only=True)}

    year = found["SRC-INV[SRC-CEN].latest_year"]
    assert year[1:7] == (
        "SRC",
        "Inventory of data sources",
        "Population and housing census – Latest year",
        "2017",
        2017,
        "answered",
    )
    assert found["BAS-14"][4:7] == ("No", "none", "answered")
    assert found["GEN-08"][4:6] == ("20 June 2025", datetime(2025, 6, 20))  # noqa: DTZ001
    answers = demo_answers("PER")
    stored = {str(a) for a in answers if not a.column.startswith("@")}
    assert stored - set(found) == set()


def test_no_text_is_a_formula_and_control_characters_are_gone(book):
    found = {
        row[0]: row for row in book["Answers"].iter_rows(min_row=2, values_only=True)
    }

    assert found["GEN-03"][4] == f"'{FORMULA}"
    assert found["GEN-03"][8] == "'@SUM(A1)"
    assert found["GEN-11"][9] == "'+1 https://example.org/"
    assert found["SRC-INV"][8] == "'-1+1"
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert "f" not in kinds


def test_workbook_is_the_same_every_time_and_dated_by_the_record(content, book):
    answers = {**demo_answers("PER"), **WILD}

    assert render_xlsx(submission("PER", answers)) == content
    assert book.properties.created == SUBMITTED.replace(tzinfo=None)
    assert book.properties.creator == "Peru"


def test_draft_without_answers_is_a_workbook_that_runs_from_right_to_left(empty):
    assert empty.sheetnames == SHEETS
    assert [sheet.sheet_view.rightToLeft for sheet in empty] == [True] * 6
    overall = next(empty["Scores"].iter_rows(min_row=2, values_only=True))
    assert overall[:9] == (
        "Overall", "OVERALL", "Overall", 0, None, overall[5], "no", None, None,
    )  # fmt: skip
    assert round(overall[5], 1) == 86.4


def test_reviewed_values_are_beside_what_the_country_answered():
    source = accepted(EXCHANGE)

    book = opened(render_xlsx(source))
    lines = lines_of(source)

    exchange = rows(book, "Scores")["EXC"]
    assert (round(exchange[3], 1), round(exchange[10], 1)) == (33.0, 23.0)
    answers = {r[0]: r for r in book["Answers"].iter_rows(min_row=2, values_only=True)}
    assert answers["EXC-01"][5] == "regular"
    assert answers["EXC-01"][7] == "Yes, on occasion"
    assert [
        (line["figure"], line["value"])
        for line in lines
        if line["code"] == "EXC"
        and line["figure"] in ("score_final", "score_self_assessed")
    ] == [("score_final", "33.0"), ("score_self_assessed", "23.0")]


# The CSV


def test_csv_has_a_line_a_figure_with_four_decimals():
    content = render_csv(submission("PER"))

    assert content.startswith(b"\xef\xbb\xbf" + ",".join(HEAD).encode() + b"\r\n")
    lines = lines_of(submission("PER"))
    place = {"country": "PER", "round": "2025", "record": "submission-2"}
    assert lines[0] == {
        **place,
        "hash": "3f2a" * 16,
        "kind": "overall",
        "code": "OVERALL",
        "title": "",
        "figure": "score_final",
        "value": "40.2228",
        "category": "",
    }
    coded = {line["figure"]: line for line in lines if line["category"]}
    assert set(coded) == {"class", "priority", "horizon"}
    assert {line["value"] for line in coded.values()} == {""}
    finals = {
        line["code"]: float(line["value"])
        for line in lines
        if line["figure"] == "score_final" and line["kind"] != "question"
    }
    assert finals == GOLDEN["scores_final"]
    names = [(line["kind"], line["code"], line["figure"]) for line in lines]
    assert len(names) == len(set(names))


def test_csv_of_a_draft_without_answers_has_empty_values():
    lines = lines_of(draft("PER", {}))

    provisional = [line for line in lines if line["figure"] == "score_provisional"]
    assert {line["value"] for line in provisional} == {""}
    assert {line["record"] for line in lines} == {"draft"}
