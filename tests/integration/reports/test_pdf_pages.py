"""Tags and pages of the reports of extreme responses, as a reader's software sees them."""

from __future__ import annotations

import page
import pikepdf
import pytest

from reports.pdf import html_to_pdf
from tests import pdf_checks
from tests.extremes import SCRIPTS, SENTENCE, WORD, institutions, long_text
from tests.pdf_checks import PAGES, TAGS
from tests.pdf_reading import Printed, Tag

PAGE = (
    "<!doctype html><html lang='en'><head><title>t</title><style>"
    "@page {{ size: A4; margin: 22mm 18mm 19mm }} {0}</style></head><body>{1}</body>"
)


def found(name: str, printed: Printed) -> list[str]:
    return getattr(pdf_checks, name)(printed)


def headed(printed: Printed, heading: str) -> Tag:
    """Return the element with a chapter's heading."""
    return next(
        tag
        for tag in printed.tree.walk()
        if tag.kind in ("H1", "H2") and printed.text_of(tag).startswith(heading)
    )


def page_of(printed: Printed, heading: str) -> int:
    return next(page for page, _mark in headed(printed, heading).marks()) + 1


@pytest.mark.parametrize("name", ["blank", "worst", "best", "hidden", "long"])
def test_report_of_an_extreme_response_is_tagged_and_laid_out_well(
    extreme_report, name
):
    printed = extreme_report(name)

    wrong = {check.__name__: check(printed) for check in (*TAGS, *PAGES)}

    assert wrong == {check.__name__: [] for check in (*TAGS, *PAGES)}
    assert page_of(printed, "Contents") == 2
    after = "1.1 " if name in ("worst", "hidden", "long") else "2 The eight sections"
    assert page_of(printed, after) - page_of(printed, "1 Summary") == 1


@pytest.mark.parametrize(
    ("check", "styles", "body"),
    [
        ("no_heading_is_last_on_a_page", "", "<h1>a</h1><p>b</p><h2>Last</h2>"),
        (
            "no_heading_is_last_on_a_page",
            "",
            "<p>a</p><table><thead><tr><th>x</th></tr></thead></table>",
        ),
        ("text_stays_within_the_margins", "", "<p style='margin-left: -9mm'>out</p>"),
        (
            "text_stays_within_the_margins",
            "p {{ white-space: nowrap }}",
            "<p>" + "word " * 90,
        ),
        (
            "text_does_not_overlap",
            "b {{ position: absolute; left: 9mm }}",
            "<p>overlap <b>it</b>",
        ),
        (
            "rows_are_whole",
            "tr {{ break-inside: auto }}",
            "<table><tr><th>h</th><td>" + "a<br>" * 90 + "</td></tr></table>",
        ),
        (
            "no_chapter_leaves_its_page_nearly_empty",
            "",
            "<h1>Alone</h1>",
        ),
        ("headings_go_down_one_by_one", "", "<h1>a</h1><h3>b</h3><p>c"),
        ("tables_have_heads", "", "<table><tr><td>x</td></tr></table>"),
        (
            "links_are_described",
            "b {{ position: absolute }}",
            "<p><a href='http://a.example/'>a<b>c</b></a>",
        ),
        ("tree_goes_down_the_page", "div {{ position: absolute; top: 90mm }}",
         "<section><div>low</div><p>high</p></section>"),
        (
            "no_table_begins_anew_overleaf",
            "table + table {{ break-before: page }}",
            "<table><thead><tr><th>h</th></tr></thead><tr><td>x</td></tr></table>" * 2,
        ),
        ("bookmarks_are_the_headings", "h1 {{ bookmark-level: none }}", "<h1>a</h1>"),
    ],
)  # fmt: skip
def test_check_finds_what_is_wrong(check, styles, body):
    html = PAGE.format(styles.replace("{{", "{").replace("}}", "}"), body)

    assert found(check, Printed(html_to_pdf(html, identifier=b"x"))) != []


@pytest.mark.parametrize(
    "check", ["cells_name_their_heads", "content_leads_to_its_element"]
)
def test_check_finds_what_leads_nowhere(check):
    row = "<tr><th scope=row>h</th><td>x</td></tr>"
    html = PAGE.format("", f"<table>{row}</table>")
    printed = Printed(html_to_pdf(html, identifier=b"x"))
    before = found(check, printed)

    printed.pdf.Root.StructTreeRoot.IDTree.Names = pikepdf.Array()
    printed.pdf.Root.StructTreeRoot.ParentTree.Nums[1][0] = None

    assert before == []
    assert found(check, printed) != []


@pytest.mark.parametrize("profile", ["ua1", "2b"])
@pytest.mark.parametrize("name", ["blank", "worst", "long"])
def test_validator_finds_nothing(extreme_report, name, profile):
    assert broken_rules(extreme_report(name), profile) == set()


def test_validator_finds_what_is_wrong():
    printed = Printed(
        html_to_pdf(PAGE.format("", "<h1>a</h1><h3>b</h3>"), identifier=b"x")
    )

    assert broken_rules(printed, "ua1") == {"PDFUA1-HEADING-NESTING-001"}


def broken_rules(printed: Printed, profile: str) -> set[str]:
    """Return what a validator finds that passes the files that veraPDF is tested with."""
    report = page.validate_pdf_bytes(printed.content, profile=profile)
    return {failure.rule_id for failure in report.failures}


# The longest texts


def test_text_is_read_in_the_order_of_sentences_with_ligatures_apart(extreme_report):
    text = extreme_report("long").text_of(extreme_report("long").tree)

    assert text.count(SENTENCE.strip()) > 500
    assert "Office for affluent official offices: fi fl ffi ffl" in text
    assert "\ufb01" not in text


def test_every_character_of_a_long_note_is_printed(extreme_report):
    printed = extreme_report("long")
    words = " ".join(long_text(20_000).split())

    text = printed.text_of(printed.tree)

    assert text.count(words) == 2
    assert WORD in text.replace(" ", "")


def test_names_of_300_characters_are_printed_whole(extreme_report):
    printed = extreme_report("long")
    names = institutions()
    text = printed.text_of(printed.tree).replace(" ", "")

    latin = [n for n in (next(names) for _ in range(7)) if "affluent" in n]
    assert [len(name) for name in latin] == [300]
    assert latin[0].replace(" ", "") in text


def test_cover_says_how_many_names_it_leaves_to_the_annex(extreme_report):
    printed = extreme_report("long")

    assert "; and 2 more, named in annex E" in printed.text(0)
    assert SCRIPTS[4] in printed.text_of(printed.tree)


def test_what_no_font_has_is_named(extreme_report):
    printed = extreme_report("long")

    assert "[U+12000] \u1f00\u0361 [U+E000]" in printed.text_of(printed.tree)


# Sentences at the edges


def test_best_response_asks_for_nothing_and_wastes_no_page(extreme_report):
    printed = extreme_report("best")

    assert "100.0 of 100" in printed.text(2)
    assert page_of(printed, "6 Recommended") == page_of(printed, "Annex A")


def test_worst_response_does_not_say_that_too_little_was_answered(extreme_report):
    text = extreme_report("worst").text(2)

    assert "No strength can be named: no dimension has a score above 0." in text
    assert "too little has been answered" not in text


def test_running_heads_and_watermark_are_no_content(extreme_report):
    printed = extreme_report("blank")
    content = printed.text_of(printed.tree)

    assert "DRAFT" not in content
    assert "Page 5 of" not in content
    assert all("DRAFT" in printed.text(page) for page in range(len(printed.pieces)))
