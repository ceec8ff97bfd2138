"""contracts.md, section 1: the canonical value of each type, case by case."""

import json
import math

import pytest

from questionnaire.addresses import EVIDENCE, NOTE, Address
from questionnaire.instrument import Cell, Choice
from questionnaire.values import (
    DECIMALS,
    EVIDENCE_MAX,
    LARGEST,
    LONG_TEXT_MAX,
    READERS,
    TEXT_MAX,
    TITLE_MAX,
    URL_MAX,
    YEAR_MIN,
    YEARS_AHEAD,
    InvalidValue,
    canonical,
)

YEAR = 2025
CHOICES = (
    Choice("a", "First"),
    Choice("b", "Second"),
    Choice("c", "Third"),
    Choice("none", "None of these", is_exclusive=True),
)
DK_KINDS = (
    "yes_no", "single_choice", "multiple_choice", "integer", "decimal", "year",
)  # fmt: skip
TEXT_KINDS = ("text", "long_text")
KINDS = (*DK_KINDS, "date", *TEXT_KINDS, "url", "evidence")

LISTED = "Choose one of the answers listed."
FROM_LIST = "Choose from the answers listed."
NUMBER = "Enter a number."
WHOLE = "Enter a whole number."
TOO_LARGE = "This number is too large."
FOUR_DIGITS = "Enter a year with four digits, for example 2024."
YEARS = "Enter a year from 1900 to 2035."
DATE = "Enter a date as year-month-day, for example 2025-06-20."
TEXT = "Enter text."
FORBIDDEN = "The text contains characters that cannot be stored."
ADDRESS = "Enter a web address that begins with http:// or https://."
ALONE = "“None of these” cannot be combined with other answers."
RESERVED = "“Do not know” and “Not applicable” cannot be combined with other answers."
NA_NOT_OFFERED = "“Not applicable” is not offered here."
DOCUMENTS = "Give a title and a web address for each document."
BOTH = "Give both a title and a web address for each document."

E_ACUTE, DECOMPOSED = "\u00e9", "e\u0301"


def cell(kind, *, allows_dk=None, **details):
    offers = kind in DK_KINDS if allows_dk is None else allows_dk
    choices = CHOICES if "choice" in kind else ()
    if kind == "yes_no":
        choices = (Choice("yes", "Yes"), Choice("no", "No"))
    return Cell(
        Address("Q-1"), kind, "A cell", choices=choices, allows_dk=offers, **details
    )


def stored(kind, raw, **details):
    return canonical(cell(kind, **details), raw, assessment_year=YEAR)


def refused(kind, raw, **details):
    with pytest.raises(InvalidValue) as caught:
        stored(kind, raw, **details)
    return caught.value.messages


def test_every_kind_has_a_reader():
    assert set(READERS) == set(KINDS)


def test_limits_are_those_of_the_contract():
    limits = (
        TEXT_MAX, LONG_TEXT_MAX, URL_MAX, YEAR_MIN, YEARS_AHEAD, DECIMALS, LARGEST,
    )  # fmt: skip

    assert limits == (1_000, 20_000, 2_000, 1900, 10, 6, 9_007_199_254_740_991)


@pytest.mark.parametrize("raw", [None, "", []])
@pytest.mark.parametrize("kind", KINDS)
def test_null_empty_text_and_empty_list_are_blank(kind, raw):
    assert stored(kind, raw) is None


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        ("yes_no", "yes", "yes"),
        ("yes_no", "no", "no"),
        ("yes_no", "dk", "dk"),
        ("single_choice", "b", "b"),
        ("single_choice", "none", "none"),
        ("single_choice", "dk", "dk"),
        ("multiple_choice", ["a"], ["a"]),
        ("multiple_choice", ["c", "a"], ["a", "c"]),
        ("multiple_choice", ["b", "b", "a", "b"], ["a", "b"]),
        ("multiple_choice", ["none"], ["none"]),
        ("multiple_choice", ["none", "none"], ["none"]),
        ("multiple_choice", "dk", "dk"),
        ("integer", 0, 0),
        ("integer", -7, -7),
        ("integer", 7.0, 7),
        ("integer", -0.0, 0),
        ("integer", 2**53 - 1, 9_007_199_254_740_991),
        ("integer", -(2**53) + 1, -9_007_199_254_740_991),
        ("integer", "dk", "dk"),
        ("decimal", 0, 0),
        ("decimal", 1.5, 1.5),
        ("decimal", 2.0, 2),
        ("decimal", -0.0, 0),
        ("decimal", 0.1234564, 0.123456),
        ("decimal", 0.1234567, 0.123457),
        ("decimal", 0.9999999, 1),
        ("decimal", 0.0000001, 0),
        ("decimal", 2**53 - 1, 9_007_199_254_740_991),
        ("decimal", "dk", "dk"),
        ("year", 1900, 1900),
        ("year", 2025, 2025),
        ("year", 2035, 2035),
        ("year", 2020.0, 2020),
        ("year", "dk", "dk"),
        ("date", "2025-06-20", "2025-06-20"),
        ("date", "2024-02-29", "2024-02-29"),
        ("date", "0001-01-01", "0001-01-01"),
        ("date", "9999-12-31", "9999-12-31"),
        ("text", "x", "x"),
        ("text", "  padded\t", "padded"),
        ("text", "dk", "dk"),
        ("text", "na", "na"),
        ("text", "null", "null"),
        ("text", "0", "0"),
        ("text", "مكتب", "مكتب"),
        ("text", "😀", "😀"),
        ("text", f"caf{DECOMPOSED}", f"caf{E_ACUTE}"),
        ("text", "a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("text", "<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("long_text", "dk", "dk"),
        ("long_text", "one\r\n\r\ntwo\r\n", "one\n\ntwo"),
        ("url", "https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("url", "http://example.org", "http://example.org"),
        ("url", "HTTPS://EXAMPLE.ORG", "HTTPS://EXAMPLE.ORG"),
        ("url", "  https://example.org  ", "https://example.org"),
        ("url", "https://[::1]:8000/", "https://[::1]:8000/"),
        ("url", "https://пример.рф/", "https://пример.рф/"),
    ],
)
def test_accepted_value_is_stored_in_one_form(kind, raw, expected):
    value = stored(kind, raw)

    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize("blank", [" ", "\t\n", "\u00a0", "\u2003"])
@pytest.mark.parametrize("kind", [*TEXT_KINDS, "url"])
def test_white_space_alone_is_blank(kind, blank):
    assert stored(kind, blank) is None


@pytest.mark.parametrize(
    ("kind", "raw", "message"),
    [
        ("yes_no", "maybe", LISTED),
        ("yes_no", "Yes", LISTED),
        ("yes_no", " yes", LISTED),
        ("yes_no", True, LISTED),
        ("yes_no", False, LISTED),
        ("yes_no", 1, LISTED),
        ("yes_no", 0, LISTED),
        ("yes_no", ["yes"], LISTED),
        ("yes_no", {"yes": True}, LISTED),
        ("single_choice", "z", LISTED),
        ("single_choice", "\x00", LISTED),
        ("single_choice", "\ud800", LISTED),
        ("single_choice", ["a"], LISTED),
        ("single_choice", ["dk"], LISTED),
        ("multiple_choice", "a", FROM_LIST),
        ("multiple_choice", ["z"], FROM_LIST),
        ("multiple_choice", ["a", "z"], FROM_LIST),
        ("multiple_choice", ["a", 1], FROM_LIST),
        ("multiple_choice", ["a", None], FROM_LIST),
        ("multiple_choice", ["a", ["b"]], FROM_LIST),
        ("multiple_choice", [""], FROM_LIST),
        ("multiple_choice", {"a": True}, FROM_LIST),
        ("multiple_choice", 1, FROM_LIST),
        ("multiple_choice", True, FROM_LIST),
        ("multiple_choice", ["a", "none"], ALONE),
        ("multiple_choice", ["none", "a"], ALONE),
        ("multiple_choice", ["dk"], RESERVED),
        ("multiple_choice", ["na"], RESERVED),
        ("multiple_choice", ["a", "dk"], RESERVED),
        ("integer", 1.5, WHOLE),
        ("integer", "1", NUMBER),
        ("integer", True, NUMBER),
        ("integer", False, NUMBER),
        ("integer", math.nan, NUMBER),
        ("integer", math.inf, NUMBER),
        ("integer", -math.inf, NUMBER),
        ("integer", json.loads("1e400"), NUMBER),
        ("integer", [1], NUMBER),
        ("integer", {}, NUMBER),
        ("integer", 2**53, TOO_LARGE),
        ("integer", -(2**53), TOO_LARGE),
        ("integer", 1e300, TOO_LARGE),
        ("integer", 10**400, TOO_LARGE),
        ("decimal", "1.5", NUMBER),
        ("decimal", True, NUMBER),
        ("decimal", math.nan, NUMBER),
        ("decimal", math.inf, NUMBER),
        ("decimal", json.loads("-1e400"), NUMBER),
        ("decimal", 2.0**53, TOO_LARGE),
        ("decimal", 10**400, TOO_LARGE),
        ("year", 1899, YEARS),
        ("year", 2036, YEARS),
        ("year", -2025, YEARS),
        ("year", 0, YEARS),
        ("year", 2025.5, FOUR_DIGITS),
        ("year", "2025", FOUR_DIGITS),
        ("year", True, FOUR_DIGITS),
        ("year", math.nan, FOUR_DIGITS),
        ("year", 10**400, FOUR_DIGITS),
        ("date", "2025-02-29", DATE),
        ("date", "2025-13-01", DATE),
        ("date", "0000-01-01", DATE),
        ("date", "2025-6-2", DATE),
        ("date", "20250602", DATE),
        ("date", "2025-W23-1", DATE),
        ("date", "2025-06-02T00:00", DATE),
        ("date", " 2025-06-02", DATE),
        ("date", "2025-06-02\n", DATE),
        ("date", "٢٠٢٥-٠٦-٠٢", DATE),
        ("date", "dk", DATE),
        ("date", 20250602, DATE),
        ("date", True, DATE),
        ("text", 1, TEXT),
        ("text", True, TEXT),
        ("text", ["x"], TEXT),
        ("text", {"x": 1}, TEXT),
        ("text", "a\x00b", FORBIDDEN),
        ("text", "\x00", FORBIDDEN),
        ("text", "a\ud800", FORBIDDEN),
        ("text", "\udfffa", FORBIDDEN),
        ("long_text", "a\x00b", FORBIDDEN),
        ("long_text", "\udc00", FORBIDDEN),
        ("long_text", 5, TEXT),
        ("url", "example.org", ADDRESS),
        ("url", "ftp://example.org", ADDRESS),
        ("url", "javascript:alert(1)", ADDRESS),
        ("url", "data:text/html,x", ADDRESS),
        ("url", "https://", ADDRESS),
        ("url", "https:///path", ADDRESS),
        ("url", "https://[::1", ADDRESS),
        ("url", "//example.org", ADDRESS),
        ("url", "https://exa mple.org", ADDRESS),
        ("url", "https://example.org/\nx", ADDRESS),
        ("url", "java\tscript:alert(1)", ADDRESS),
        ("url", "dk", ADDRESS),
        ("url", "https://example.org/\x00", FORBIDDEN),
        ("url", "https://example.org/\ud800", FORBIDDEN),
        ("url", 1, TEXT),
        ("url", ["https://example.org"], TEXT),
    ],
)  # fmt: skip
def test_other_value_is_refused_with_what_to_do(kind, raw, message):
    assert refused(kind, raw) == [message]


@pytest.mark.parametrize("kind", ["integer", "decimal", "year"])
def test_number_as_text_is_refused(kind):
    """Text that is a number is not JSON's number: one form in, one form stored."""
    with pytest.raises(InvalidValue):
        stored(kind, "2020")


# Reserved values


@pytest.mark.parametrize("kind", DK_KINDS)
def test_na_is_stored_where_it_is_offered(kind):
    assert stored(kind, "na", allows_na=True) == "na"


@pytest.mark.parametrize("kind", DK_KINDS)
def test_na_is_refused_where_it_is_not_offered(kind):
    assert refused(kind, "na") == [NA_NOT_OFFERED]


@pytest.mark.parametrize("reserved", ["dk", "na"])
@pytest.mark.parametrize("kind", DK_KINDS)
def test_fields_of_groups_offer_neither_dk_nor_na(kind, reserved):
    with pytest.raises(InvalidValue):
        stored(kind, reserved, allows_dk=False)


@pytest.mark.parametrize("reserved", ["DK", "Na", " dk", "dk "])
@pytest.mark.parametrize("kind", DK_KINDS)
def test_reserved_values_are_written_exactly(kind, reserved):
    with pytest.raises(InvalidValue):
        stored(kind, reserved, allows_na=True)


# Limits


@pytest.mark.parametrize(
    ("raw", "errors"),
    [
        (0, None),
        (120, None),
        (-1, ["Enter 0 or more."]),
        (121, ["Enter 120 or less."]),
    ],
)
def test_integer_keeps_to_its_limits(raw, errors):
    limits = {"minimum": 0.0, "maximum": 120.0}

    if errors is None:
        assert stored("integer", raw, **limits) == raw
    else:
        assert refused("integer", raw, **limits) == errors


def test_decimal_is_rounded_before_its_limits_are_looked_at():
    assert stored("decimal", 500.0000001, minimum=0.0, maximum=500.0) == 500
    assert stored("decimal", -0.0000001, minimum=0.0, maximum=500.0) == 0
    assert refused("decimal", 500.000001, maximum=500.0) == ["Enter 500 or less."]


@pytest.mark.parametrize(
    ("assessment_year", "latest"), [(2025, 2035), (2000, 2010), (1900, 1910)]
)
def test_years_reach_ten_years_past_the_assessment_year(assessment_year, latest):
    year = cell("year")

    assert canonical(year, latest, assessment_year=assessment_year) == latest
    with pytest.raises(InvalidValue):
        canonical(year, latest + 1, assessment_year=assessment_year)


@pytest.mark.parametrize(("kind", "maximum"), [("text", 1_000), ("long_text", 20_000)])
def test_text_keeps_to_its_length(kind, maximum):
    message = f"The text has {maximum + 1} characters; at most {maximum} can be stored."

    assert stored(kind, "é" * maximum) == "é" * maximum
    assert refused(kind, "é" * (maximum + 1)) == [message]


@pytest.mark.parametrize("kind", TEXT_KINDS)
def test_length_is_counted_after_trimming_and_composing(kind):
    maximum = {"text": 1_000, "long_text": 20_000}[kind]
    raw = "  " + DECOMPOSED * maximum + "\r\n"

    assert stored(kind, raw) == E_ACUTE * maximum


def test_web_address_keeps_to_its_length():
    longest = "https://example.org/" + "a" * 1_980

    assert stored("url", longest) == longest
    assert refused("url", longest + "a") == [
        "The text has 2001 characters; at most 2000 can be stored."
    ]


# Fixed cells


@pytest.mark.parametrize("raw", [None, "", [], "na", "a", 1])
@pytest.mark.parametrize("kind", KINDS)
def test_fixed_cell_takes_nothing(kind, raw):
    assert refused(kind, raw, is_fixed=True) == ["This cell is not asked in this row."]


# Notes and evidence


def test_note_is_a_long_text():
    note = Cell(Address("Q-1", "", NOTE), "long_text", "A note")

    assert canonical(note, " dk\r\n", assessment_year=YEAR) == "dk"


def evidence(raw):
    document = Cell(Address("Q-1", "", EVIDENCE), "evidence", "Documents")
    return canonical(document, raw, assessment_year=YEAR)


URL = "https://example.org/law.pdf"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([{"title": "Law", "url": URL}], [{"title": "Law", "url": URL}]),
        ([{"url": URL, "title": " Law "}], [{"title": "Law", "url": URL}]),
        (
            [{"title": f"caf{DECOMPOSED}", "url": URL}],
            [{"title": f"caf{E_ACUTE}", "url": URL}],
        ),
        ([{"title": "dk", "url": URL}], [{"title": "dk", "url": URL}]),
        ([{}], None),
        ([{"title": "", "url": ""}], None),
        ([{"title": None, "url": None}], None),
        ([{"title": " ", "url": " "}], None),
        (
            [{}, {"title": "Law", "url": URL}, {"title": "", "url": ""}],
            [{"title": "Law", "url": URL}],
        ),
        (
            [{"title": "B", "url": URL}, {"title": "A", "url": URL}],
            [{"title": "B", "url": URL}, {"title": "A", "url": URL}],
        ),
    ],
)
def test_evidence_is_stored_as_titles_and_addresses(raw, expected):
    assert evidence(raw) == expected


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("law", DOCUMENTS),
        ("dk", DOCUMENTS),
        ({"title": "Law", "url": URL}, DOCUMENTS),
        (["law"], DOCUMENTS),
        ([None], DOCUMENTS),
        ([[{"title": "Law", "url": URL}]], DOCUMENTS),
        ([{"title": "Law", "url": URL, "id": 1}], DOCUMENTS),
        ([{"title": "Law"}], BOTH),
        ([{"url": URL}], BOTH),
        ([{"title": "Law", "url": " "}], BOTH),
        ([{"title": 5, "url": URL}], TEXT),
        ([{"title": ["Law"], "url": URL}], TEXT),
        ([{"title": "Law", "url": 5}], TEXT),
        ([{"title": "Law", "url": {"a": 1}}], TEXT),
        ([{"title": "a\x00", "url": URL}], FORBIDDEN),
        ([{"title": "Law", "url": URL + "\ud800"}], FORBIDDEN),
        ([{"title": "Law", "url": "javascript:alert(1)"}], ADDRESS),
        (5, DOCUMENTS),
        (True, DOCUMENTS),
    ],
)
def test_other_evidence_is_refused_with_what_to_do(raw, message):
    with pytest.raises(InvalidValue) as caught:
        evidence(raw)

    assert caught.value.messages == [message]


def test_evidence_keeps_to_its_number_of_documents():
    documents = [{"title": f"{n}", "url": URL} for n in range(EVIDENCE_MAX)]

    assert evidence(documents) == documents
    with pytest.raises(InvalidValue) as caught:
        evidence([*documents, {"title": "51", "url": URL}])
    assert caught.value.messages == ["At most 50 documents."]


def test_title_of_evidence_keeps_to_its_length():
    assert evidence([{"title": "t" * TITLE_MAX, "url": URL}]) == [
        {"title": "t" * 300, "url": URL}
    ]
    with pytest.raises(InvalidValue):
        evidence([{"title": "t" * (TITLE_MAX + 1), "url": URL}])
