"""Who cleared the answers inside the country stands on the cover of the report."""

from __future__ import annotations

import datetime

from django.utils import translation

from reports.analysis import analyse
from reports.document import ReportDocument, build_document
from reports.document.structure import Fact
from reports.sources import Clearance, ReportSource, Signed
from tests.report_sources import submission

DAY = datetime.date(2026, 3, 4)
HEAD = Signed("INEI", "Ana Quispe", "Director-General", DAY)
INTERIOR = Signed("Ministry of Interior", "Luz Rojas", "Minister", DAY)
LABOUR = Signed("Ministry of Labour", "Eva Paz", "Minister", DAY)


def report_of(source: ReportSource, language: str = "en") -> ReportDocument:
    with translation.override(language):
        return build_document(
            source, analyse(source.instrument, source.answers), language=language
        )


def test_cover_names_who_cleared_and_who_concurred():
    cleared = Clearance(HEAD, (INTERIOR, LABOUR))

    cover = report_of(submission("PER", {}, clearance=cleared)).cover

    expected = (
        Fact("Cleared by", "Ana Quispe, Director-General, INEI"),
        Fact("Cleared on", "4 March 2026"),
        Fact("Concurred", "Ministry of Interior; Ministry of Labour"),
    )
    assert cover.cleared == expected
    assert cover.facts[5:8] == expected


def test_cover_names_no_institutions_where_none_concurred():
    cover = report_of(submission("PER", {}, clearance=Clearance(HEAD, ()))).cover

    assert [fact.label for fact in cover.cleared] == ["Cleared by", "Cleared on"]


def test_cover_without_a_clearance_is_what_it_was():
    cover = report_of(submission("PER", {})).cover

    assert cover.cleared == ()
    assert [fact.label for fact in cover.facts] == [
        "Round",
        "Assessment year",
        "Status",
        "Date of the record",
        "Submitted by",
        "Questionnaire",
    ]


def test_day_is_written_in_the_language_of_the_report():
    source = submission("PER", {}, clearance=Clearance(HEAD, ()))

    assert report_of(source, "es").cover.cleared[1].value == "4 marzo 2026"
