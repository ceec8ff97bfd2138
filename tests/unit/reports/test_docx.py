"""The Word document: what it holds, how it is built, and that nothing in it has a clock."""

import io
import re
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise

import docx
import pytest
from docx.oxml.ns import qn

from questionnaire.addresses import Address
from reports.exports.word import markup, render_docx
from reports.pdf import render_html
from tests.instruments import demo_answers
from tests.report_sources import draft, previous, submission
from tests.unit.reports.test_plan_document import PLAN

URL = "https://example.org/a?b=1&c=<2>"
NOTE = {
    Address("GEN-03", "", "@note"): "A bell \x07, a tag <w:p> & ]]> =1+1",
    Address("GEN-04", "", "@note"): "word " * 800,
    Address("GEN-11", "", "@evidence"): [{"title": "Law", "url": URL[:26]}],
}


def peru():
    answers = {**demo_answers("PER"), **NOTE}
    return submission("PER", answers, previous=previous("PRY"))


@pytest.fixture(scope="module")
def content():
    return render_docx(peru())


@pytest.fixture(scope="module")
def html():
    return render_html(peru())


@pytest.fixture(scope="module")
def document(content):
    return docx.Document(io.BytesIO(content))


@pytest.fixture(scope="module")
def arabic():
    """The words are English as long as they are not translated; the direction is not."""
    return docx.Document(io.BytesIO(render_docx(draft("PER", {}), language="ar")))


def texts(element):
    """Return the text of each paragraph under `element`."""
    for paragraph in element.iter(qn("w:p")):
        yield " ".join(
            "".join(
                node.text or "" if node.tag == qn("w:t") else " "
                for node in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab"))
            ).split()
        )


def headings(document, level):
    style = f"Heading {level}" if level else "TOC Heading"
    return [p.text for p in document.paragraphs if p.style.name == style]


class Texts(HTMLParser):
    """The pieces of text of a page, without spaces at their ends, and of its pictures."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.pictures = []
        self.is_inside = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.is_inside = self.is_inside or tag == "main"
        if tag == "img":
            self.pictures.append(dict(attrs)["alt"])

    def handle_data(self, data):
        text = " ".join(data.split()).strip("•()“”.;: ")
        if self.is_inside and text:
            self.found.append(text)


# What it holds


def test_document_holds_every_text_of_the_pdf(document, html):
    held = " ".join(texts(document.element.body))

    missing = [
        text for text in Texts(html).found if text not in held and "A bell" not in text
    ]

    assert missing == []


def test_plan_of_the_country_stands_in_place_of_the_table_to_fill_in():
    source = submission("PER", plan=PLAN)

    body = docx.Document(io.BytesIO(render_docx(source))).element.body
    held = " ".join(texts(body))

    assert "Agreed on ____" not in held
    assert [text for text in Texts(render_html(source)).found if text not in held] == []


def test_chapters_are_those_of_the_pdf(document):
    assert headings(document, 1) == [
        "How to read this report",
        "1 Summary",
        "2 The eight sections",
        "3 Policy questions A to O",
        "4 SDG indicators by migratory status",
        "5 Who holds which data",
        "6 Recommended actions",
        "7 Action plan",
        "Annex A Further actions",
        "Annex B Every answer",
        "Annex C Answers to check",
        "Annex D Method",
        "Annex E How this report was made",
        "Annex F Documents",
    ]


def test_contents_are_a_field_that_is_filled_in(document):
    lines = [p for p in document.paragraphs if p.style.name.startswith("toc ")]

    shown = {p.hyperlinks[0].text.split("\t")[0] for p in lines}
    assert shown == set(headings(document, 1)) | set(headings(document, 2))
    codes = [node.text for node in document.element.iter(qn("w:instrText"))]
    assert codes[0] == ' TOC \\o "1-2" \\h \\z \\u '
    assert len([code for code in codes if "PAGEREF" in code]) == len(lines)


def test_levels_of_headings_are_never_skipped(document):
    levels = [
        int(p.style.name[-1])
        for p in document.paragraphs
        if p.style.name.startswith("Heading")
    ]

    assert [pair for pair in pairwise(levels) if pair[1] - pair[0] > 1] == []
    assert set(levels) == {1, 2, 3}


def test_every_style_that_is_used_is_there(document):
    known = {style.style_id for style in document.styles}
    tags = [qn(f"w:{name}") for name in ("pStyle", "rStyle", "tblStyle")]
    used = {node.get(qn("w:val")) for node in document.element.iter(*tags)}

    assert used - known == set()
    assert {"Title", "Heading1", "ListBullet", "Caption", "ReportTable"} <= used


def test_every_link_leads_somewhere_and_no_place_has_two_names(document):
    body = document.element.body
    places = [node.get(qn("w:name")) for node in body.iter(qn("w:bookmarkStart"))]
    links = {node.get(qn("w:anchor")) for node in body.iter(qn("w:hyperlink"))}

    assert len(places) == len(set(places))
    assert links - {None} - set(places) == set()
    assert max(map(len, places)) <= 40


def test_document_given_as_evidence_is_a_link(document):
    targets = {
        relation.target_ref
        for relation in document.part.rels.values()
        if relation.is_external
    }

    assert URL[:26] in targets


def test_every_picture_of_the_pdf_is_there_with_its_words(document, html):
    drawn = [node.get("descr") for node in document.element.iter(qn("wp:docPr"))]

    assert drawn == Texts(html).pictures
    assert (
        "Basic statistics on international migration: 41.8; previous round: 15.3"
        in drawn
    )


def test_tables_repeat_their_heads_and_keep_rows_whole(document):
    heads, repeated, split = [], [], []
    for table in document.element.body.iter(qn("w:tbl")):
        rows = list(table.iter(qn("w:tr")))
        split += [r for r in rows if r.find(f".//{qn('w:cantSplit')}") is None]
        widths = [int(c.get(qn("w:w"))) for c in table.iter(qn("w:gridCol"))]
        assert 9850 < sum(widths) < 9880
        style = rows[0].find(f".//{qn('w:pStyle')}").get(qn("w:val"))
        heads.append(style.startswith("TableHead"))
        repeated.append(rows[0].find(f".//{qn('w:tblHeader')}") is not None)
    assert repeated == heads
    assert True in heads
    assert [next(texts(row)) for row in split] == ["GEN-04"]  # it might fill a page


def test_control_characters_are_left_out_and_markup_is_text(document):
    held = " ".join(texts(document.element.body))

    assert "A bell , a tag <w:p> & ]]> =1+1" in held


def test_running_foot_counts_pages(document):
    section = document.sections[0]

    foot = section.footer._element
    codes = [node.text.strip() for node in foot.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]
    assert [p.text for p in section.header.paragraphs] == [
        "Peru – Round 2025",
        "Illustrative: invented answers, not statements of the country",
    ]


# How it is kept


def test_properties_come_from_the_record(document):
    properties = document.core_properties

    assert properties.title == (
        "Migration data capacity of Peru: gap analysis, Round 2025"
    )
    assert properties.author == "Peru"
    assert properties.language == "en-GB"
    assert properties.identifier == "3f2a" * 16
    assert properties.created == datetime(2026, 3, 5, 14, 2, tzinfo=UTC)
    assert properties.modified == properties.created


def test_same_source_gives_the_same_bytes(content):
    assert render_docx(peru()) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {
            (1980, 1, 1, 0, 0, 0)
        }
        assert not any("thumbnail" in name for name in archive.namelist())


# Drafts, and scripts that run leftwards


def test_draft_says_so_in_words_and_across_the_page(arabic):
    section = arabic.sections[0]

    for head in (section.header, section.first_page_header):
        shapes = head._element.findall(".//{urn:schemas-microsoft-com:vml}textpath")
        assert [shape.get("string") for shape in shapes if shape.get("string")] == [
            "DRAFT"
        ]
    assert "DRAFT" in section.header.paragraphs[0].text
    assert arabic.core_properties.identifier == ""


def test_draft_without_answers_has_no_moment(arabic):
    blob = next(
        part.blob
        for part in arabic.part.package.iter_parts()
        if part.partname == "/docProps/core.xml"
    )

    assert b"dcterms:created" not in blob


def test_report_in_arabic_runs_from_right_to_left(arabic):
    body = arabic.element.body

    for paragraph in body.iter(qn("w:p")):
        assert paragraph.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None
    for table in body.iter(qn("w:tbl")):
        assert table.find(f"{qn('w:tblPr')}/{qn('w:bidiVisual')}") is not None
    assert body.sectPr.find(qn("w:bidi")) is not None


@pytest.mark.parametrize(
    ("text", "is_marked"),
    [("مرحبا 12", True), ("12 %", True), ("LFS 2024", False), ("(LFS) مسح", False)],
)
def test_run_follows_its_first_letter(text, is_marked):
    assert ("<w:rtl/>" in markup.run(text, is_rtl=True)) is is_marked
    assert "<w:rtl/>" not in markup.run(text)


def test_bookmark_names_are_plain_and_differ_as_anchors_do():
    anchors = ["answer-SRC-INV--SRC-CEN", "answer-SRC_INV--SRC-CEN", "a-1.2", "a" * 41]

    names = [markup.bookmark_name(anchor) for anchor in anchors]

    assert names[0] == "answer_SRC_INV__SRC_CEN"
    assert all(re.fullmatch(r"a_[0-9a-f]{16}", name) for name in names[1:])
    assert len(set(names)) == 4
