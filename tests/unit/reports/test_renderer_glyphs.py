"""Lines of glyphs, as WeasyPrint draws them and as they are written from memory."""

from __future__ import annotations

import pytest

from reports import pdf
from reports.renderer import glyphs

PAGE = (
    '<!DOCTYPE html>\n<html lang="en"><head><title>x</title><style>'
    'body {{ font: 9pt "Noto Sans", "Vazirmatn", "Noto Sans SC" }} '
    "</style></head><body>{body}</body></html>\n"
)


def without(monkeypatch, html: str) -> bytes:
    def never(*_: object) -> None:
        raise glyphs.Unknown

    with monkeypatch.context() as patch:
        patch.setattr("reports.renderer.text.shown", never)
        return pdf.html_to_pdf(html, identifier=b"x")


@pytest.mark.parametrize(
    "body",
    [
        # Kerning, and a second line of glyphs that are known by then.
        "<p>AVATAR To</p><p>To AVATAR, To</p>",
        # Several fonts in one line, right to left, marks over letters, nothing but spaces.
        (
            '<p>A 中 ا ✓</p><p>ا A ✓ 中</p><p dir="rtl">السلام A لسا</p><p>مَا مَ A</p>'
            "<p><b> </b></p>"
        ),
        # Distances between letters and words, and more than one size of a font.
        (
            '<p style="letter-spacing: 2pt">To Av</p><p style="word-spacing: 3pt">To Av A</p>'
            '<p style="text-align: justify; width: 60pt">To Av To Av To Av To Av To Av</p>'
            '<p style="font-size: 20pt">To Av To</p><p>To\u200b Av\u00ad</p>'
        ),
    ],
)
def test_line_is_written_as_weasyprint_draws_it(monkeypatch, body):
    html = PAGE.format(body=body)

    assert pdf.html_to_pdf(html, identifier=b"x") == without(monkeypatch, html)
