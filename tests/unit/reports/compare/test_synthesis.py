"""The synthesis of a region: of five at least, of records only, and no country's figure."""

import re
from dataclasses import replace

import pytest

from assessment.refusals import NotReady
from reports.compare.figures import figures_of
from reports.compare.synthesis import build_synthesis
from reports.compare.synthesis_pdf import synthesis_html
from reports.compare.synthesis_structure import Topic
from tests.comparing import AMERICAS, answers_like
from tests.instruments import nmdc
from tests.unit.reports.compare.members import member


@pytest.fixture(scope="module")
def figures():
    return [figures_of(nmdc(), answers_like(number)) for number in range(6)]


def topic(figures, count=6, earlier=(), given=True, **changes):
    """Return a topic; the overall scores are 10, 20 … unless nothing is `given`."""
    found = [
        member(iso3, replace(one, overall=10.0 * n, level=1 + n // 2) if given else one)
        for n, (iso3, one) in enumerate(
            zip(AMERICAS[:count], figures, strict=False), start=1
        )
    ]
    made = Topic(
        "2025", "Round 2025", 2025, False, "Americas", nmdc(), found, tuple(earlier)
    )
    return replace(made, **changes)


def test_four_countries_are_refused_and_five_are_not(figures):
    with pytest.raises(NotReady) as refused:
        build_synthesis(topic(figures, 4), language="en")

    assert refused.value.message == (
        "A synthesis is made of at least 5 accepted responses, so that no country can be "
        "recognised. Americas has 4."
    )
    assert build_synthesis(topic(figures, 5), language="en").cover.country == "Americas"


def test_synthesis_says_what_countries_have_in_common(figures):
    found = build_synthesis(topic(figures), language="en")

    assert " ".join(found.summary[:2]) == (
        "The responses of 6 countries were accepted. The median overall score is 35.0 of "
        "100; half of the countries lie between 22.5 and 47.5."
    )
    assert [one.count for one in found.level_counts] == [1, 2, 2, 1, 0, 0]
    assert found.scores[0].lines[0].figures == ("22.5", "35.0", "47.5")
    assert [r.iso3 for r in found.records] == list(AMERICAS[:6])
    assert found.records[0].hash == "ARG2025".ljust(64, "f")
    assert found.running_foot == "Records up to 1 June 2025"
    assert found.changes_intro == "No response of an earlier round was accepted."


def test_score_that_few_have_is_a_dash(figures):
    some = topic(figures)
    found = [
        replace(one, figures=replace(one.figures, overall=None))
        for one in some.found[:2]
    ]
    shown = build_synthesis(
        replace(some, found=[*found, *some.found[2:]]), language="en"
    )

    assert shown.scores[0].lines[0].figures == ("–", "–", "–")
    assert "median overall" not in " ".join(shown.summary)


def test_ends_of_a_distribution_are_not_printed(figures):
    some = topic(figures)
    least, most = some.found[0], some.found[5]
    found = [
        replace(least, figures=replace(least.figures, overall=11.37)),
        *some.found[1:5],
        replace(most, figures=replace(most.figures, overall=93.68)),
    ]

    html = synthesis_html(replace(some, found=found), language="en")

    assert "35.0" in html
    assert "11.4" not in html
    assert "93.7" not in html


def test_same_records_give_the_same_document(figures):
    html = synthesis_html(topic(figures), language="en")

    assert synthesis_html(topic(figures), language="en") == html
    assert synthesis_html(topic(figures, 5), language="en") != html


@pytest.mark.parametrize(("count", "is_compared"), [(4, False), (5, True)])
def test_fewer_than_five_same_countries_are_not_compared(figures, count, is_compared):
    earlier = [
        member(iso3, replace(figures[0], overall=5.0), year=2022)
        for iso3 in AMERICAS[:count]
    ]

    found = build_synthesis(topic(figures, earlier=earlier), language="en")

    assert (found.same is not None) is is_compared
    if is_compared:
        assert found.changes_intro.startswith(
            "5 countries were accepted in both rounds, Round 2022 and Round 2025; only "
            "these are compared: Country ARG,"
        )
        overall = found.same.changes[0]
        assert (overall.before_text, overall.now_text) == ("5.0", "30.0")
        assert overall.mark.label == "+25.0"
    else:
        assert found.changes_intro == (
            "Fewer than 5 of the countries were accepted in the round before, "
            "Round 2022, so that nothing is compared."
        )
    assert len(found.records) == 6 + count


def test_empty_responses_still_make_a_synthesis():
    found = build_synthesis(
        topic([figures_of(nmdc(), {})] * 5, given=False), language="en"
    )

    assert found.summary == (
        "The responses of 5 countries were accepted.",
        "48 actions are recommended to 5 countries each, more often than any other.",
    )
    assert found.scores[0].lines[0].figures == ("–", "–", "–")
    assert (len(found.actions), found.actions_left) == (20, 28)


def test_illustrative_round_says_so(figures):
    found = build_synthesis(topic(figures, is_illustrative=True), language="en")

    assert found.notice == "Illustrative: invented answers, not statements of countries"


def test_what_is_equally_frequent_is_named_together(figures):
    same = replace(
        figures[0],
        gaps=dict.fromkeys(figures[0].gaps, ("met", 0.0))
        | {"POL-A": ("minor", 9.0), "POL-C": ("minor", 9.0)},
        actions=("R-GOV-01", "R-GOV-02"),
    )
    one = replace(same, gaps=same.gaps | {"POL-C": ("met", 0.0)}, actions=())

    both = build_synthesis(topic([same] * 5), language="en").summary
    alone = build_synthesis(topic([one] * 5), language="en").summary

    assert both[-2] == (
        "The policy questions that are most often a gap are A and C, in 5 countries each."
    )
    assert both[-1] == (
        "Most often recommended, to 5 countries each, are “Prepare a national migration "
        "data strategy” and “Adopt the strategy and start it”."
    )
    assert alone[-1].startswith("The policy question that is most often a gap is A, ")


def test_many_equally_frequent_actions_are_counted(figures):
    codes = tuple(r.code for r in nmdc().recommendations[:5])
    found = [replace(figures[0], actions=codes)] * 5

    assert build_synthesis(topic(found), language="en").summary[-1] == (
        "5 actions are recommended to 5 countries each, more often than any other."
    )


def test_shares_of_countries_are_rounded_and_contents_have_their_pages(figures):
    html = synthesis_html(topic(figures, given=False), language="en")

    shares = re.findall(r'<b>(\d)</b> <span class="muted">(\d+%)', html)
    assert set(shares) >= {("4", "67%"), ("5", "83%"), ("6", "100%")}
    assert html.count('class="contents__page" data-of="#') == 9
