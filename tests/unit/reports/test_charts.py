"""Charts as text: where bars begin and end, and that no letter stands inside."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from reports import charts

LIMITS = (0, 20, 40, 60, 80, 100)
SVG = "{http://www.w3.org/2000/svg}"


def rects(svg: str) -> list[tuple[float, float, str]]:
    """Return left edge, width and colour of each rectangle."""
    found = ET.fromstring(svg).iter(f"{SVG}rect")  # noqa: S314  our own text
    return [(float(r.get("x")), float(r.get("width")), r.get("fill")) for r in found]


def test_profile_bar_is_as_long_as_the_score():
    svg = charts.profile_bar(41.8, limits=LIMITS)

    assert rects(svg)[-1] == (0.0, 83.6, charts.BAR)


def test_profile_bar_shows_how_far_the_score_could_rise():
    svg = charts.profile_bar(40, upper=52, limits=LIMITS)

    assert rects(svg)[-2:] == [(80.0, 24.0, charts.RANGE), (103.2, 1.6, charts.RANGE)]


def test_profile_bar_leaves_out_a_range_that_would_not_be_seen():
    assert charts.RANGE not in charts.profile_bar(40, upper=40.04, limits=LIMITS)


def test_profile_bar_without_score_draws_only_the_levels():
    svg = charts.profile_bar(None, upper=80, limits=LIMITS)

    assert [rect[2] for rect in rects(svg)] == [
        charts.BANDS[0],
        charts.BANDS[1],
        charts.BANDS[0],
        charts.BANDS[1],
        charts.BANDS[0],
    ]


def test_profile_bar_marks_the_previous_round():
    assert "<polygon" in charts.profile_bar(40, previous=30, limits=LIMITS)
    assert "<polygon" not in charts.profile_bar(40, limits=LIMITS)


def test_mirrored_bar_begins_on_the_right():
    svg = charts.profile_bar(25, limits=LIMITS, is_mirrored=True)

    assert rects(svg)[-1] == (150.0, 50.0, charts.BAR)


def test_strip_divides_the_width_by_counts():
    svg = charts.strip([(1, "#a00"), (0, "#b00"), (3, "#c00")])

    assert rects(svg)[1:3] == [(0.0, 50.0, "#a00"), (50.0, 150.0, "#c00")]


def test_strip_without_counts_is_an_empty_track():
    assert rects(charts.strip([(0, "#a00")])) == [(0.0, 200.0, charts.TRACK)]


def test_meter_shows_nothing_at_zero():
    assert rects(charts.meter(0, "#a00"))[-1] == (0.0, 0.0, "#a00")


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_charts_hold_no_letters(is_mirrored):
    drawn = [
        charts.profile_bar(
            40, upper=60, previous=30, limits=LIMITS, is_mirrored=is_mirrored
        ),
        charts.axis(LIMITS, is_mirrored=is_mirrored),
        charts.meter(30, "#a00", is_mirrored=is_mirrored),
        charts.strip([(2, "#a00")], is_mirrored=is_mirrored),
    ]

    texts = [text for svg in drawn for text in re.findall(r">([^<]+)<", svg)]

    assert texts == ["0", "20", "40", "60", "80", "100"]


def test_spread_draws_box_median_and_dots_from_either_side():
    limits = (0.0, 50.0, 100.0)

    box = charts.spread((20.0, 30.0, 40.0), dots=(10.0, 90.0), limits=limits)
    mirrored = charts.spread((20.0, 30.0, 40.0), limits=limits, is_mirrored=True)

    assert f'<rect x="40" y="3" width="40" height="8" fill="{charts.RANGE}"/>' in box
    assert (
        f'<rect x="59.2" y="1" width="1.6" height="12" fill="{charts.PREVIOUS}"/>'
        in box
    )
    assert f'<rect x="20" y="6.5" width="160" height="1" fill="{charts.RANGE}"/>' in box
    assert '<circle cx="20" cy="7" r="1.5"' in box
    assert (
        f'<rect x="120" y="3" width="40" height="8" fill="{charts.RANGE}"/>' in mirrored
    )
    assert "<circle" not in mirrored


def test_spread_of_nothing_draws_the_bands_only():
    assert charts.spread(None, limits=(0.0, 50.0, 100.0)).count("<rect") == 2


def test_course_leaves_a_gap_where_a_round_has_no_score():
    limits = (0.0, 100.0)

    through = charts.course([0.0, 50.0, 100.0], limits=limits)
    broken = charts.course([0.0, None, 100.0], [None, 50.0], limits=limits)

    assert '<path d="M8 59L100 32"' in through
    assert '<path d="M100 32L192 5"' in through
    assert broken.count(charts.BAR) == 2
    assert broken.count("<polygon") == 1


def test_course_runs_from_right_to_left_and_one_round_stands_in_the_middle():
    one = charts.course([50.0], limits=(0.0,))
    mirrored = charts.course([0.0, 100.0], limits=(0.0,), is_mirrored=True)

    assert '<circle cx="100" cy="32"' in one
    assert '<path d="M192 59L8 5"' in mirrored
