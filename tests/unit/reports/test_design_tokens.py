"""The sizes and colours of the report are those of its design, and can be told apart."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from reports import charts
from reports.palette import FILLS, INKS, NO_FILL
from tests.instruments import ROOT

CSS = ROOT / "static" / "css"
SHEETS = (
    "report.css",
    "report_base.css",
    "report_content.css",
    "report_draft.css",
    "report_plan.css",
    "report_rtl.css",
    "report_synthesis.css",
)
DESIGN = (ROOT / "docs" / "report_design.md").read_text("utf-8")
SIZES = {float(size) for size in re.findall(r"\| ([\d.]+) pt \|", DESIGN)}
COLOURS = set(re.findall(r"`(#[0-9a-f]{3,6})`", DESIGN))
WATERMARK = 120.0
UNSEEN = 0.1  # the sign of division, read where the bar of a fraction is seen

# How much red, green and blue contribute to what a dichromat sees (Machado 2009).
VISION = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}


def linear(colour: str) -> list[float]:
    """Return red, green and blue as light, 0 to 1."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def luminance(colour: str, vision: str = "usual") -> float:
    light = linear(colour)
    seen = (
        min(1.0, max(0.0, sum(w * p for w, p in zip(weights, light, strict=True))))
        for weights in VISION[vision]
    )
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), seen, strict=True))


def lightness(colour: str, vision: str = "usual") -> float:
    """Return CIE L*, 0 to 100: equal steps look equal."""
    return 116 * luminance(colour, vision) ** (1 / 3) - 16


def contrast(first: str, second: str) -> float:
    """Return the ratio of WCAG 2, 1 to 21."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def rule(selector: str) -> dict[str, str]:
    """Return what report.css declares for a selector, its last rules first."""
    found: dict[str, str] = {}
    for selectors, body in re.findall(
        r"^([^@{}/]+) \{([^}]*)\}", (CSS / "report.css").read_text(), re.MULTILINE
    ):
        if selector in [one.strip() for one in selectors.split(",")]:
            found |= dict(re.findall(r"([\w-]+): ([^;]+);", body))
    return found


@pytest.mark.parametrize("sheet", SHEETS)
def test_sheet_uses_the_sizes_and_colours_of_the_design(sheet):
    text = (CSS / sheet).read_text()
    sizes = set(re.findall(r"font(?:-size)?: (?:\d+ )?([\d.]+)pt", text))

    assert {float(size) for size in sizes} - SIZES - {WATERMARK, UNSEEN} == set()
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", text)) - COLOURS == set()


def test_charts_use_the_colours_of_the_design():
    used = {charts.BAR, charts.RANGE, charts.PREVIOUS, charts.TRACK, charts.INK}

    assert used | set(charts.BANDS) | {*FILLS.values(), *INKS.values()} <= COLOURS


@pytest.mark.parametrize("vision", VISION)
def test_classes_of_gaps_differ_in_lightness_however_colours_are_seen(vision):
    steps = [lightness(fill, vision) for fill in (*FILLS.values(), NO_FILL)]

    assert [round(b - a) for a, b in pairwise(steps)] == {
        "usual": [39, 12, 10, 6, 5],
        "protanopia": [41, 14, 11, 8, 5],
        "deuteranopia": [38, 12, 9, 5, 5],
    }[vision]


@pytest.mark.parametrize("kind", FILLS)
def test_text_on_the_colour_of_a_class_can_be_read(kind):
    style = rule(f".class--{kind}")

    assert style["background"] == FILLS[kind]
    assert rule(f".grid__cell--{kind}")["background"] == FILLS[kind]
    assert contrast(style["color"], style["background"]) >= 4.5


@pytest.mark.parametrize("kind", INKS)
def test_sign_of_a_class_can_be_read_on_paper(kind):
    assert rule(f".mark--{kind}")["color"] == INKS[kind]
    assert contrast(INKS[kind], "#fff") >= 4.5


@pytest.mark.parametrize("surface", ["#fff", "#f4f7fa"])
def test_inks_can_be_read_on_every_surface(surface):
    inks = re.findall(r"\| `(#[0-9a-f]+)` \| ink", DESIGN)

    assert len(inks) >= 10
    assert [ink for ink in inks if contrast(ink, surface) < 4.5] == []


def test_white_can_be_read_on_the_cover():
    assert contrast("#fff", rule(".cover__panel")["background"]) >= 7
