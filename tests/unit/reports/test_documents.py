"""The annex of documents: links and files by question."""

import pytest

from questionnaire.addresses import EVIDENCE, Address
from reports.analysis import analyse
from reports.document import build_document
from reports.sources import SourceFile
from tests.report_sources import submission

LINK = {"title": "Act", "url": "https://example.org/act"}


def file(**changes):
    values = {
        "pk": 7, "question": "GEN-11", "row": "", "title": "", "name": "a.pdf",
        "label": "PDF", "size": 2048, "sha256": "0123456789abcdef" * 4,
    }  # fmt: skip
    return SourceFile(**values | changes)


def documents(answers, *files):
    source = submission("PER", answers, files=files)
    analysis = analyse(source.instrument, source.answers)
    return build_document(source, analysis, language="en").documents


def test_links_and_files_stand_in_the_order_of_the_questionnaire():
    found = documents(
        {
            Address("STR-01", "", EVIDENCE): [LINK],
            Address("SRC-INV", "SRC-CEN", EVIDENCE): [LINK],
            Address("GEN-11", "", EVIDENCE): [LINK],
        },
        file(question="SRC-INV", row="SRC-CEN"),
        file(),
    )

    assert [(d.ref.code, d.title, d.url, d.pk) for d in found] == [
        ("GEN-11", "Act", "https://example.org/act", None),
        ("GEN-11", "a.pdf", "", 7),
        ("STR-01", "Act", "https://example.org/act", None),
        ("SRC-CEN", "Act", "https://example.org/act", None),
        ("SRC-CEN", "a.pdf", "", 7),
    ]
    assert found[1].ref.anchor == "answer-GEN-11"
    assert found[3].ref.anchor == "answer-SRC-INV--SRC-CEN"


@pytest.mark.parametrize(
    ("changes", "title", "name", "facts"),
    [
        ({}, "a.pdf", "", "PDF, 2 KB, SHA-256 0123456789abcdef…"),
        ({"title": "Act"}, "Act", "a.pdf", "PDF, 2 KB, SHA-256 0123456789abcdef…"),
        ({"size": 5}, "a.pdf", "", "PDF, 5 bytes, SHA-256 0123456789abcdef…"),
        ({"size": 1_600_000}, "a.pdf", "", "PDF, 1.5 MB, SHA-256 0123456789abcdef…"),
    ],
)
def test_file_is_told_by_kind_size_and_hash(changes, title, name, facts):
    (document,) = documents({}, file(**changes))

    assert (document.title, document.name, document.facts) == (title, name, facts)


def test_no_document_is_an_empty_annex():
    assert documents({}) == ()
