import datetime

import pytest
from django.utils import translation

from assessment.templatetags.assessment_tags import anchor, day, lookup, moment, percent
from questionnaire.addresses import Address


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (Address("GEN-02"), "q-GEN-02"),
        (Address("SRC-INV"), "q-SRC-INV"),
        (Address("SRC-INV", "", "@note"), "q-SRC-INV"),
        (
            Address("SRC-INV", "SRC-CEN", "latest_year"),
            "c-SRC-INV[SRC-CEN].latest_year",
        ),
    ],
)
def test_anchor_names_the_question_or_its_cell(address, expected):
    assert anchor(address) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, "0%"),
        (0.2, "1%"),
        (54.5, "54%"),
        (99.9, "99%"),
        (100.0, "100%"),
    ],
)
def test_percent_rounds_down_and_never_hides_a_start(share, expected):
    assert percent(share) == expected


def test_lookup_finds_by_the_text_of_a_key():
    remarks = {"SRC-INV.@note": "checked"}

    assert lookup(remarks, Address("SRC-INV", "", "@note")) == "checked"
    assert lookup(remarks, "SRC-01.@note") == ""


def test_moment_names_its_time_zone():
    at = datetime.datetime(2026, 11, 22, 14, 2, 5, 999, datetime.UTC)

    assert moment(at) == (
        '<time datetime="2026-11-22T14:02:05Z" data-moment>22 Nov 2026, 14:02 UTC</time>'
    )


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "18 Dec 2026"),
        ("fr", "18 déc. 2026"),
        ("zh-hans", "2026年12月18日"),
        ("ar", "18 ديسمبر 2026"),
    ],
)
def test_day_is_written_as_its_language_does(language, expected):
    with translation.override(language):
        written = day(datetime.date(2026, 12, 18))

    assert written == f'<time datetime="2026-12-18">{expected}</time>'
