"""The logo of an installation: what may be one, and where it is printed."""

from __future__ import annotations

import base64
import io

import pikepdf
import pytest
from django.core.checks import run_checks
from PIL import Image

from reports.logo import MAX_BYTES, problem_of
from reports.pdf import html_to_pdf, render_html
from reports.templatetags.report_tags import report_logo, screen_logo
from tests.report_sources import draft

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'viewBox="0 0 20 10">{0}<rect width="20" height="10" fill="url(#g)"/></svg>'
)
OUTSIDE = "it refers to something outside of itself, or holds a script"


def png(width: int = 20) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, 10), "navy").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def logo(settings, tmp_path):
    path = tmp_path / "logo.svg"
    path.write_text(SVG.format("<style>.a { fill: url(#g) }</style>"))
    settings.REPORT_LOGO = str(path)
    settings.INSTALLATION_NAME = "Office of <Statistics>"
    return path


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.svg", SVG.format("").encode(), ""),
        ("a.SVG", SVG.format("<use href='#g'/>").encode(), ""),
        ("a.png", png(), ""),
        ("a.png", png()[:50], "it is no PNG: "),
        ("a.png", png(5_000), "it is more than 4000 pixels wide or high"),
        ("a.png", SVG.format("").encode(), "it is no PNG: cannot identify image file"),
        ("a.svg", png(), "it is no SVG: not well-formed"),
        ("a.svg", b"<html/>", "it is no SVG"),
        ("a.gif", b"GIF89a", "it is neither an SVG nor a PNG file"),
        ("a.svg", b" " * (MAX_BYTES + 1), "it is larger than 1 MB"),
        (
            "a.svg",
            b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("").encode(),
            "it declares types, entities or style sheets",
        ),
        *(
            ("a.svg", SVG.format(content).encode(), OUTSIDE)
            for content in (
                "<image href='http://example.org/a.png'/>",
                "<image xlink:href='file:///etc/passwd'/>",
                "<use href='other.svg#a'/>",
                "<image href='data:image/svg+xml;base64,AAAA'/>",
                "<script>alert(1)</script>",
                "<rect onload='alert(1)'/>",
                "<rect style='fill: url( \"http://example.org/\" )'/>",
                "<style>@import 'http://example.org/a.css';</style>",
                "<foreignObject/>",
            )
        ),
    ],
)
def test_file_is_looked_at(tmp_path, name, content, problem):
    path = tmp_path / name
    path.write_bytes(content)

    assert problem_of(path).startswith(problem)
    assert bool(problem_of(path)) is bool(problem)


def test_missing_file_and_missing_name_are_errors_on_starting(settings):
    settings.REPORT_LOGO, settings.INSTALLATION_NAME = "no/such.svg", ""

    found = [error for error in run_checks() if error.id.startswith("reports.")]

    assert [error.id for error in found] == ["reports.E001", "reports.E002"]
    assert "no/such.svg, cannot be a logo: there is no such file." in found[0].msg


def test_good_logo_or_none_is_no_error(logo, settings):
    assert [e for e in run_checks() if e.id.startswith("reports.")] == []

    settings.REPORT_LOGO = ""

    assert [e for e in run_checks() if e.id.startswith("reports.")] == []
    assert report_logo() is None


def test_logo_is_on_the_cover_with_the_name_of_the_installation(logo):
    html = render_html(draft("PER", {}))

    coded = base64.b64encode(logo.read_bytes()).decode()
    image = f'<img src="data:image/svg+xml;base64,{coded}" alt="Office of &lt;Statistics&gt;">'
    assert image in html


@pytest.mark.parametrize("name", ["logo.svg", "logo.png"])
def test_logo_is_drawn_in_the_file(logo, settings, tmp_path, name):
    (tmp_path / "logo.png").write_bytes(png())
    settings.REPORT_LOGO = str(tmp_path / name)
    picture = f"<img src='{report_logo().data_uri}' alt='{report_logo().alt}'>"
    page = f"<html lang=en><head><title>t</title></head><body>{picture}"

    pdf = pikepdf.open(io.BytesIO(html_to_pdf(page, identifier=b"x")))

    figures = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
    assert "Office of <Statistics>" in [str(o.get("/Alt", "")) for o in figures]


def test_page_does_without_a_logo_that_is_gone_but_the_file_does_not(logo):
    logo.unlink()

    assert screen_logo() is None
    with pytest.raises(FileNotFoundError):
        report_logo()
