"""The key of a report: another one for whatever changes the document, and only then."""

from __future__ import annotations

import dataclasses
import datetime
from types import MappingProxyType

import pytest

from questionnaire.addresses import Address
from reports.content_key import _pieces, content_key
from reports.sources import (
    Clearance,
    DifferingView,
    Kind,
    ReportSource,
    Signed,
    SourceFile,
)
from tests.instruments import nmdc
from tests.report_sources import previous, submission

NOW = datetime.datetime(2026, 3, 5, 14, 3, tzinfo=datetime.UTC)
ADDRESS = Address("BAS-17")
SIGNED = Signed("Office", "Ana", "Director", datetime.date(2026, 3, 4))
CHANGES = {
    "iso3": "PRY",
    "country": "Peru (Republic)",
    "region": "Americas",
    "subregion": "Andes",
    "round_code": "2026",
    "round_title": "Another",
    "year": 2026,
    "is_illustrative": False,
    "kind": Kind.ACCEPTANCE,
    "number": 3,
    "dated_at": NOW,
    "submitted_at": NOW,
    "submitted_by": "Rosa",
    "accepted_at": NOW,
    "accepted_by": "Officer",
    "submission_hash": "beef" * 16,
    "acceptance_hash": "beef" * 16,
    "instrument": dataclasses.replace(nmdc(), title="Another"),
    "answers": {ADDRESS: "text"},
    "previous": previous("PRY"),
    "views": (DifferingView(ADDRESS, "x", "", "Ministry", "Ana", NOW),),
    "files": (SourceFile(1, "GEN-11", "", "Law", "law.pdf", "PDF", 9, "ab"),),
    "clearance": Clearance(SIGNED, ()),
    "reviewed": ("reviewed",),
    "own_answers": {ADDRESS: "text"},
    "region_median": ("median",),
    "plan": ("plan",),
}


def test_every_field_of_a_source_is_changed_here():
    assert set(CHANGES) == {field.name for field in dataclasses.fields(ReportSource)}


@pytest.mark.parametrize("field", CHANGES)
def test_key_changes_with_every_field(field):
    source = submission("PER")

    changed = dataclasses.replace(source, **{field: CHANGES[field]})

    assert content_key(changed, "en") != content_key(source, "en")


def test_key_changes_with_the_language_and_what_the_installation_prints(settings):
    source = submission("PER")
    before = content_key(source, "en")

    languages = content_key(source, "ar")
    settings.INSTALLATION_NAME = "Office"
    with_a_setting = content_key(source, "en")
    settings.SITE_URL = "https://other.example.org"
    elsewhere = content_key(source, "en")

    assert len({before, languages, with_a_setting, elsewhere}) == 4


def test_logo_counts_by_what_is_in_the_file(settings, tmp_path):
    settings.REPORT_LOGO = tmp_path / "logo.svg"
    settings.REPORT_LOGO.write_text("<svg/>")
    before = content_key(submission("PER"), "en")

    settings.REPORT_LOGO.write_text("<svg></svg>")

    assert content_key(submission("PER"), "en") != before


def test_key_is_the_same_for_the_same_source():
    first, second = submission("PER"), submission("PER")

    assert content_key(first, "en") == content_key(second, "en")
    assert len(content_key(first, "en")) == 64


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("ab", "c"), ("a", "bc")),
        (("a", ("b",)), (("a", "b"),)),
        ((1,), ("1",)),
        ((True,), (1,)),
        ((None,), ("None",)),
        (({"a": 1, "b": 2},), ({"b": 2, "a": 1},)),
        (([],), ((),)),
        ((b"1",), ("1",)),
    ],
)
def test_different_values_have_different_pieces(first, second):
    assert b"".join(_pieces(first)) != b"".join(_pieces(second))


def test_order_of_a_set_does_not_count():
    assert list(_pieces({"a", "b", "c"})) == list(_pieces({"c", "b", "a"}))
    assert next(_pieces(MappingProxyType({"a": 1}))) == b"mappingproxy("


def test_unknown_kind_of_value_is_an_error():
    with pytest.raises(TypeError, match="object is not known"):
        content_key(submission("PER", submitted_by=object()), "en")
