"""The PDF itself: structure, fonts, pages, text, same bytes, and what must fail."""

from __future__ import annotations

import datetime
import hashlib
import io
import os
import re
import subprocess
import sys
from collections import Counter

import pikepdf
import pytest

from questionnaire.addresses import Address
from reports import pdf
from reports.content_key import content_key
from reports.pdf import RenderingFailed, html_to_pdf, render_html, render_pdf
from reports.pdf_tags import repair_tags
from reports.sources import Clearance, Signed
from tests.instruments import ROOT
from tests.integration.reports.test_formats_agree import expected
from tests.pdf_reading import Printed, to_unicode
from tests.report_sources import draft, fullest, previous, submission

MAIN_PAGES = range(12, 21)
PAGE = "<!doctype html><html lang='en'><head><title>t</title>{head}</head>{body}"


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


@pytest.fixture(scope="module")
def content() -> bytes:
    return render_pdf(fullest())


@pytest.fixture(scope="module")
def html() -> str:
    return render_html(fullest())


@pytest.fixture(scope="module")
def peru(content: bytes) -> pikepdf.Pdf:
    return opened(content)


@pytest.fixture(scope="module")
def tags(content: bytes) -> Counter[str]:
    return Counter(tag.kind for tag in Printed(content).tree.walk())


@pytest.fixture(scope="module")
def empty_draft(extreme_report) -> pikepdf.Pdf:
    return extreme_report("blank").pdf


# Text of a page: WeasyPrint writes glyph numbers, each font says which text they stand for


def page_text(page: pikepdf.Page) -> str:
    maps = {name: to_unicode(font) for name, font in page.obj.Resources.Font.items()}
    pieces, current = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            current = maps[str(operands[0])]
        elif str(operator) == "TJ":
            pieces.extend(
                _decoded(bytes(operand), current)
                for operand in operands[0]
                if isinstance(operand, pikepdf.String)
            )
        elif str(operator) == "ET":
            pieces.append(" ")
    return re.sub(r"\s+", " ", "".join(pieces))


def _decoded(raw: bytes, glyphs: dict[int, str]) -> str:
    numbers = (int.from_bytes(raw[i : i + 2]) for i in range(0, len(raw), 2))
    return "".join(glyphs.get(glyph, "") for glyph in numbers)


def bookmarks(document: pikepdf.Pdf) -> list[str]:
    with document.open_outline() as outline:
        return [str(item.title) for item in outline.root]


def page_of(document: pikepdf.Pdf, heading: str) -> int:
    """Return the number of the page on which a chapter begins."""
    for number, text in enumerate(texts_of(document), start=1):
        if number > 2 and heading in text:
            return number
    raise AssertionError(heading)


def texts_of(document: pikepdf.Pdf) -> list[str]:
    """Return the text of every page, read once: a document of a fixture is asked often."""
    known = _TEXTS.get(id(document))
    if known is None:
        texts = [page_text(page) for page in document.pages]
        known = _TEXTS[id(document)] = (document, texts)
    return known[1]


_TEXTS: dict[int, tuple[pikepdf.Pdf, list[str]]] = {}


# Structure


def test_file_is_well_formed(peru):
    assert peru.check_pdf_syntax() == []


def test_pdf_is_tagged_and_says_its_language_and_title(peru):
    root = peru.Root

    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang) == "en"
    assert "/StructTreeRoot" in root
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert str(peru.docinfo.Title) == (
        "Migration data capacity of Peru: gap analysis, Round 2025"
    )
    assert "pdfuaid" in root.Metadata.read_bytes().decode()


def test_pdf_dates_come_from_the_record(peru):
    assert str(peru.docinfo.CreationDate) == "D:20260305140200Z"
    assert str(peru.docinfo.ModDate) == "D:20260305140200Z"


def test_pdf_has_bookmarks_for_every_chapter(peru):
    assert bookmarks(peru) == [
        "Contents",
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


def test_pdf_prints_the_figures_of_the_analysis(peru):
    known = expected("PER")

    text = " ".join(page_text(page) for page in peru.pages)

    assert f"{known.overall} of 100" in text
    assert [
        title
        for title, score in known.scores.items()
        if not re.search(rf"{re.escape(title)}\s+{re.escape(score)}\b", text)
    ] == []
    assert [t for rank, t in known.wave if f"{rank}. {t}" not in text] == []


def test_pdf_embeds_every_font_and_only_ours(peru):
    fonts = [o for o in peru.objects if _is(o, "/FontDescriptor")]

    assert fonts
    for font in fonts:
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys())
        assert "Noto" in str(font.FontName)


def _is(item: object, kind: str) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == kind


def test_every_figure_has_a_description(peru):
    figures = [
        o for o in peru.objects if _is(o, "/StructElem") and o.get("/S") == "/Figure"
    ]

    assert len(figures) > 50
    assert [f for f in figures if not str(f.get("/Alt", ""))] == []


def test_links_lead_to_places_that_exist(peru):
    names = {str(name) for name in list(peru.Root.Names.Dests.Names)[::2]}
    targets = {
        str(o.A.D)
        for o in peru.objects
        if isinstance(o, pikepdf.Dictionary)
        and o.get("/Subtype") == "/Link"
        and "/D" in o.get("/A", {})
    } | {
        str(o.Dest)
        for o in peru.objects
        if isinstance(o, pikepdf.Dictionary)
        and o.get("/Subtype") == "/Link"
        and "/Dest" in o
    }

    assert len(targets) > 200
    assert targets - names == set()


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("main", "Part"),
        ("section", "Sect"),
        ("article", "Art"),
        ("h1", "H1"),
        ("h2", "H2"),
        ("h3", "H3"),
        ("p", "P"),
        ("ul|ol|dl", "L"),
        ("li|dt|dd", "LI"),
        ("table", "Table"),
        ("thead", "THead"),
        ("tr", "TR"),
        ("th", "TH"),
        ("td", "TD"),
        ("img", "Figure"),
    ],
)
def test_element_of_the_document_is_one_element_of_the_tags(tags, html, names, kind):
    """Also where it goes on overleaf."""
    assert tags[kind] == len(re.findall(rf"<(?:{names})[ >]", html)) > 0


# Pages and text


def test_main_part_is_12_to_20_pages(peru, empty_draft):
    for document in (peru, empty_draft):
        assert page_of(document, "Annex A Further actions") - 1 in MAIN_PAGES


def test_summary_is_one_page(peru):
    assert page_of(peru, "1 Summary") == 3
    assert page_of(peru, "1.1 The most severe gaps") == 4


def test_contents_give_the_page_of_every_chapter(peru):
    text = texts_of(peru)[1]

    for chapter in bookmarks(peru)[1:]:
        assert f"{chapter} {page_of(peru, chapter)} " in text


def test_every_page_says_illustrative_and_its_number(peru):
    total = len(peru.pages)
    texts = texts_of(peru)

    assert all("Illustrative" in text for text in texts)
    assert all(
        f"Page {number} of {total}" in text
        for number, text in enumerate(texts[1:], start=2)
    )


def test_real_answers_do_not_say_illustrative():
    html = render_html(submission("MEX", is_illustrative=False))

    assert "Illustrative:" not in html


def test_section_with_too_few_answers_prints_no_score(peru):
    text = page_text(peru.pages[page_of(peru, "2.8 Data exchange") - 1])

    assert "insufficient information" in text


def test_submission_prints_its_hash_and_a_draft_its_watermark(peru, empty_draft):
    assert "3f2a" * 16 in page_text(peru.pages[-2])  # before the annex of documents
    assert "DRAFT" not in page_text(peru.pages[5])
    assert all("DRAFT" in text for text in texts_of(empty_draft))


def test_cover_holds_a_long_clearance_on_its_one_page():
    day = datetime.date(2026, 3, 4)
    words = "Public Administration, Directorate-General of Planning"
    signed = [Signed(f"Ministry {n} of {words}", "A", "B", day) for n in range(12)]
    head = Signed(f"Office of {words}", "Ana Quispe", "Director-General", day)

    found = opened(
        render_pdf(submission("PER", {}, clearance=Clearance(head, tuple(signed))))
    )

    cover = page_text(found.pages[0])
    assert "Ana Quispe, Director-General, Office of Public" in cover
    assert "Ministry 11 of Public" in cover
    assert "3f2a" * 16 in cover
    assert page_of(found, "1 Summary") == 3


def test_text_of_respondents_is_printed_as_text():
    words = "<img src=file:///etc/passwd> & <b>bold</b> " + "x" * 400
    answers = {Address("BAS-17"): words}

    text = render_html(submission("PER", answers))

    assert "<img src=file" not in text
    assert "&lt;img src=file:///etc/passwd&gt; &amp;" in text


def test_short_style_sheet_gives_the_pages_that_the_whole_one_gives():
    html = render_html(draft("PER", {}), language="ar")

    ours = opened(html_to_pdf(html, identifier=b"x"))
    whole = pdf._weasyprint().HTML(string=html, url_fetcher=pdf._fetcher())
    theirs = opened(
        whole.write_pdf(
            pdf_variant="pdf/ua-1",
            finisher=lambda drawn, content: repair_tags(drawn.pages, content),
        )
    )
    assert [page.Contents.read_bytes() for page in ours.pages] == [
        page.Contents.read_bytes() for page in theirs.pages
    ]


def test_no_cell_ends_with_a_space():
    html = render_html(submission("PER"))

    assert re.findall(r"\s</t[dh]>", html) == []


def test_undefined_variables_are_not_relied_upon(settings):
    options = settings.TEMPLATES[0]["OPTIONS"] | {"string_if_invalid": "UNDEFINED %s"}
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"OPTIONS": options}]

    for source in (submission("PER", previous=previous("PRY")), draft("PER", {})):
        assert "UNDEFINED" not in render_html(source)


def test_texts_in_all_scripts_find_a_glyph(extreme_report):
    document = extreme_report("long").pdf

    names = {str(o.FontName) for o in document.objects if _is(o, "/FontDescriptor")}
    for family in ("Vazirmatn", "Noto-Sans-SC", "Noto-Sans-Thai"):
        assert any(family in name for name in names)


# Same bytes

_RENDER = """
import hashlib, os
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from reports import renderer
from reports.content_key import content_key
from reports.pdf import render_pdf
from tests.report_sources import fullest
renderer.KNOWN_VERSION = "another"
renderer.tree._DOCTYPE = "another"
source = fullest()
print(content_key(source, "en"))
print(hashlib.sha256(render_pdf(source)).hexdigest())
"""


def test_same_record_gives_same_bytes_in_every_process(content):
    """The other process renders with WeasyPrint as it comes, without our short cuts."""
    done = subprocess.run(
        [sys.executable, "-c", _RENDER],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )

    key, rendered = done.stdout.split()
    assert key == content_key(fullest(), "en")
    assert rendered == hashlib.sha256(content).hexdigest()


def test_identifier_is_that_of_the_record_and_the_document(peru, html, empty_draft):
    whole = f"{'3f2a' * 16}\nen\n{html}"

    assert bytes(peru.trailer.ID[0]) == hashlib.sha256(whole.encode()).digest()
    assert bytes(empty_draft.trailer.ID[0]) != bytes(peru.trailer.ID[0])


def test_identifier_is_what_was_given_and_a_hash_of_the_file():
    page = PAGE.format(head="", body="<body>x")
    more = PAGE.format(head="", body="<body>y")

    first, second = (html_to_pdf(html, identifier=b"\xffx") for html in (page, more))

    assert [len(bytes(part)) for part in opened(first).trailer.ID] == [2, 32]
    assert bytes(opened(first).trailer.ID[0]) == b"\xffx"
    assert bytes(opened(first).trailer.ID[1]) != bytes(opened(second).trailer.ID[1])
    assert opened(first).check_pdf_syntax() == []


# What must fail


@pytest.mark.parametrize(
    "address",
    [
        "asset:css/absent.css",
        "asset:../manage.py",
        "asset:../../../../etc/hostname",
        "file:///etc/hostname",
        "https://example.org/logo.png",
        "logo.png",
    ],
)
@pytest.mark.parametrize(
    "html",
    [
        PAGE.format(head="<link rel=stylesheet href='{0}'>", body="<body>x"),
        PAGE.format(head="", body="<body><img alt=x src='{0}'>"),
        PAGE.format(
            head="<style>body {{ background: url({0}) }}</style>", body="<body>x"
        ),
    ],
)
def test_missing_or_foreign_asset_is_an_error(html, address):
    with pytest.raises(RenderingFailed):
        html_to_pdf(
            html.replace("{{", "{").replace("}}", "}").replace("{0}", address),
            identifier=b"x",
        )


def test_warning_of_the_renderer_is_an_error():
    html = PAGE.format(head="<style>p { colour: red }</style>", body="<body><p>x")

    with pytest.raises(RenderingFailed, match="colour"):
        html_to_pdf(html, identifier=b"x")


def test_picture_that_cannot_be_read_is_an_error():
    html = PAGE.format(head="", body="<body><img alt=x src='data:image/png,nothing'>")

    with pytest.raises(RenderingFailed):
        html_to_pdf(html, identifier=b"x")


def test_missing_fonts_are_an_error_before_the_renderer_starts(settings, tmp_path):
    settings.BASE_DIR = tmp_path

    with pytest.raises(RenderingFailed, match=r"fonts\.conf"):
        pdf.check_fonts()
