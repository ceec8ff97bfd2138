"""Scores and counts of many countries, over figures that are given."""

from dataclasses import replace

import pytest

from reports.compare.figures import figures_of
from reports.compare.scores import Scope, axes, heat_map, spread_line
from reports.compare.tallies import (
    action_tallies,
    gap_classes,
    need_tallies,
    source_tallies,
)
from reports.document.build import POLICY
from tests.comparing import answers_like
from tests.instruments import nmdc
from tests.unit.reports.compare.members import member


@pytest.fixture(scope="module")
def one():
    return figures_of(nmdc(), answers_like(0))


def with_gaps(one, **classes):
    """Return figures in which some policy questions are in a class, the rest met."""
    met = dict.fromkeys(one.gaps, ("met", 0.0))
    return replace(
        one, gaps=met | {f"POL-{code}": (c, 50.0) for code, c in classes.items()}
    )


def test_need_that_is_most_often_a_gap_comes_first(one):
    found = [
        with_gaps(one, B="minor", C="critical", D="not_assessed"),
        with_gaps(one, B="major", C="not_assessed", A="no_need"),
    ]

    tallies = need_tallies(nmdc(), POLICY, found)

    assert [t.sign for t in tallies][:3] == ["B", "C", "A"]
    assert [one.code for one in gap_classes(nmdc())] == [
        "critical", "major", "moderate", "minor", "met", "no_need", "not_assessed",
    ]  # fmt: skip
    shown = {t.sign: (t.counts, t.gaps, t.assessed, t.share) for t in tallies}
    assert shown["B"] == ((0, 1, 0, 1, 0, 0, 0), 2, 2, 100.0)
    assert shown["C"] == ((1, 0, 0, 0, 0, 0, 1), 1, 1, 100.0)
    assert shown["A"] == ((0, 0, 0, 0, 1, 1, 0), 0, 2, 0.0)
    assert shown["D"] == ((0, 0, 0, 0, 1, 0, 1), 0, 1, 0.0)
    assert tallies[0].strip.alt == "Major gap 1; Minor gap 1"


def test_need_that_nobody_could_assess_has_no_share(one):
    tallies = need_tallies(nmdc(), POLICY, [with_gaps(one, A="not_assessed")])

    assert (tallies[0].sign, tallies[0].share) == ("A", None)


def test_actions_are_counted(one):
    found = [
        replace(one, actions=("R-GOV-02", "R-GOV-01")),
        replace(one, actions=("R-GOV-02",)),
        replace(one, actions=("R-GONE",)),
    ]

    tallies = action_tallies(nmdc(), found)

    assert [(t.code, t.count, round(t.share)) for t in tallies] == [
        ("R-GOV-02", 2, 67),
        ("R-GOV-01", 1, 33),
    ]
    assert tallies[0].dimension == "Governance, mandate and resources"
    assert tallies[0].horizon == "Short term, up to 12 months"


def test_sources_are_counted(one):
    found = [
        replace(one, sources={"SRC-CEN": "yes"}, access={"SRC-CEN": "tables"}),
        replace(one, sources={"SRC-CEN": "yes"}, access={"SRC-CEN": "none"}),
        replace(one, sources={"SRC-CEN": "dk"}, access={"SRC-CEN": ""}),
        replace(one, sources={}, access={}),
    ]

    census = source_tallies(nmdc(), found)[0]

    assert (census.code, census.has, census.accessible) == ("SRC-CEN", 2, 1)
    assert (census.has_not, census.unknown, census.not_applicable) == (0, 2, 0)


def test_heat_map_stands_by_region_and_marks_levels_as_the_report_does(one):
    weak = replace(one, overall=12.0, level=1, sections=one.sections | {"BAS": None})
    unsure = replace(one, overall=None, level=None)
    found = [member("DZA", weak), member("ARG", unsure), member("BOL", one)]

    groups = heat_map(nmdc(), found, axes(nmdc(), Scope.SECTIONS))
    dimensions = heat_map(nmdc(), found, axes(nmdc(), Scope.DIMENSIONS))

    assert [(g.region, [r.record.iso3 for r in g.rows]) for g in groups] == [
        ("Africa", ["DZA"]),
        ("Americas", ["ARG", "BOL"]),
    ]
    basic = groups[0].rows[0].cells[0]
    assert (basic.text, basic.mark.symbol, basic.mark.kind) == ("–", "", "none")
    argentina = dimensions[1].rows[0].cells[0]
    assert argentina.text != "–"
    assert argentina.mark.kind == "none"


def test_spread_that_is_handed_out_shows_no_ends():
    scores = [10.0, 20.0, 30.0, 40.0, 50.0]
    limits = (0.0, 20.0, 100.0)

    own = spread_line("Africa", scores, limits, is_mirrored=False)
    given = spread_line("Africa", scores, limits, is_mirrored=False, has_ends=False)

    assert own.figures == ("10.0", "20.0", "30.0", "40.0", "50.0")
    assert given.figures == ("20.0", "30.0", "40.0")
    assert (own.chart.svg.count("<circle"), given.chart.svg.count("<circle")) == (5, 0)
    assert given.chart.alt == (
        "Africa: median 30.0, half of the scores from 20.0 to 40.0"
    )


def test_spread_of_nothing_is_a_dash():
    line = spread_line("Africa", [None], (0.0, 100.0), is_mirrored=True)

    assert (line.count, line.figures) == (0, ("–",) * 5)
