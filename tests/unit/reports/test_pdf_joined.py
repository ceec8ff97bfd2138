"""What goes on overleaf: one element of the tags, with its content on several pages."""

from __future__ import annotations

import pytest

from reports.pdf import html_to_pdf
from tests.pdf_reading import Printed, Tag

PAGE = (
    "<!doctype html><html lang='en'><head><title>t</title><style>"
    "@page {{ size: 60mm 30mm; margin: 4mm }} "
    "* {{ font: 4mm/5mm Noto Sans; margin: 0; padding: 0; orphans: 1; widows: 1 }}"
    "</style></head><body>{0}</body>"
)
LINES = "".join(f"l{number}<br>" for number in range(9))
HEAD = "<thead><tr><th>h1</th><th>h2</th></tr></thead>"


def printed(body: str) -> Printed:
    return Printed(html_to_pdf(PAGE.format(body), identifier=b"x"))


def outline(document: Printed, tag: Tag | None = None) -> str:
    """Return kinds of elements with the pages of their content, those of lines left out."""
    tag = tag or document.tree
    kids = [kid for kid in tag.tags() if kid.kind not in ("Span", "NonStruct")]
    pages = "".join(str(page + 1) for page in sorted({page for page, _ in tag.marks()}))
    inside = " ".join(outline(document, kid) for kid in kids)
    return f"{tag.kind}{pages}" + (f"({inside})" if inside else "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<p>{LINES}</p>", "P123"),
        (f"<p>a</p><p>{LINES}</p><p>z</p>", "P1 P123 P3"),
        ("<p>a</p>" * 5, "P1 P1 P1 P1 P2"),
        (
            "<ul>" + "<li>a</li>" * 5 + "</ul>",
            f"L12({'LI1(Lbl1 LBody1) ' * 4}LI2(Lbl2 LBody2))",
        ),
        (
            f"<main><section>{'<p>a</p>' * 5}</section><section>b</section></main>",
            "Part12(Sect12(P1 P1 P1 P1 P2) Sect2)",
        ),
        (
            (
                f"<table>{HEAD}<tbody><tr><th scope=row>a</th><td>{LINES}</td></tr></tbody>"
                "<tbody><tr><th scope=row>b</th><td>z</td></tr></tbody></table>"
            ),
            (
                "Table1234(THead1(TR1(TH1 TH1)) TBody123(TR123(TH1 TD123))"
                " TBody4(TR4(TH4 TD4)))"
            ),
        ),
    ],
)
def test_what_goes_on_overleaf_is_one_element(body, expected):
    document = printed(body)

    assert " ".join(outline(document, tag) for tag in document.tree.tags()) == expected


def test_link_has_an_element_and_an_annotation_on_each_page():
    document = printed("<p>a<br>b<br>c<br><a href='http://a.example/'>d<br>e</a></p>")

    links = [tag for tag in document.tree.walk() if tag.kind == "Link"]
    assert [len(link.annotations) for link in links] == [1, 1]
    assert outline(document) == "Document12(P12(Link1 Link2))"


def test_repeated_heads_are_artifacts():
    rows = "<tr><th scope=row>a</th><td>z</td></tr>" * 6
    document = printed(f"<table>{HEAD}<tbody>{rows}</tbody></table>")

    assert [document.text(page).count("h1") for page in range(2)] == [1, 1]
    assert document.text_of(document.tree).count("h1") == 1
    assert [piece.text for piece in document.pieces[1] if piece.mark is None] == [
        "h1",
        "h2",
    ]


def test_cells_overleaf_name_the_heads_of_the_first_page():
    title = "<tr><th colspan=2>{0}</th></tr>"
    row = "<tr><th scope=row>{0}</th><td>z</td></tr>"
    rows = "".join((title + row * 2).format(name) for name in "ABC")
    document = printed(f"<table>{HEAD}<tbody>{rows}</tbody></table>")

    texts = {}
    named = []
    for tag in document.tree.walk():
        if tag.kind == "TH":
            texts[bytes(tag.item.ID)] = document.text_of(tag)
        elif tag.kind == "TD":
            named.append([texts[bytes(name)] for name in tag.attributes.Headers])

    assert named == [[name, name, "h2"] for name in "AABBCC"]
