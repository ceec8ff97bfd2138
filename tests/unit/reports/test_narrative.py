"""The sentences of the summary: what is said when, and that each can be traced."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from django.utils import translation

from assessment.reviewed import Reviewed
from questionnaire.addresses import Address
from questionnaire.states import ResponseState
from reports.analysis import Analysis, analyse
from reports.document.narrative import RULES, Figures, narrative, sentences
from reports.document.narrative.references import REFERENCES
from reports.document.reader import Reader
from reports.sources import ReportSource
from tests.extremes import best_answers, unknown_answers, worst_answers
from tests.instruments import COUNTRIES, at, demo_answers, nmdc
from tests.report_sources import draft, previous, submission
from tests.unit.reports.test_boundaries import extreme


@cache
def analysed(iso3: str) -> Analysis:
    return analyse(nmdc(), demo_answers(iso3))


def reader_of(source: ReportSource, analysis: Analysis | None = None) -> Reader:
    earlier = source.previous and analyse(nmdc(), source.previous.answers)
    return Reader(
        source=source,
        analysis=analysis or analyse(source.instrument, source.answers),
        state=ResponseState(source.instrument, source.answers),
        earlier=earlier or None,
        is_rtl=False,
        self_assessed=source.own_answers and analyse(nmdc(), source.own_answers),
    )


def said(source: ReportSource, analysis: Analysis | None = None) -> dict[str, str]:
    with translation.override("en"):
        return {s.code: s.text for s in sentences(reader_of(source, analysis))}


def demo(iso3: str, **changes: object) -> dict[str, str]:
    return said(submission(iso3, **changes), analysed(iso3))


# The table


def test_codes_are_given_once():
    assert [c for c, n in Counter(rule.code for rule in RULES).items() if n > 1] == []
    assert all(re.fullmatch(r"S-\d\d", rule.code) for rule in RULES)


def test_rules_ask_and_name_only_what_exists():
    assert {rule.refs for rule in RULES} <= set(REFERENCES)
    figures = Figures(reader_of(submission("PER"), analysed("PER")))
    for rule in RULES:
        for name in re.findall(r"'q': '(\w+)'", str(rule.when)):
            figures.value(Address(name))


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_summary_has_four_paragraphs_and_every_sentence_ends(iso3):
    reader = reader_of(submission(iso3, previous=previous("PER")), analysed(iso3))

    paragraphs = narrative(reader)

    assert len(paragraphs) == 4
    found = [s for paragraph in paragraphs for s in paragraph.sentences]
    assert [s.code for s in found if not re.fullmatch(r".*[^.]\.", s.text)] == []
    assert [s.code for s in found if re.search(r"%\(|  |\bNone\b(?! of)", s.text)] == []
    for paragraph in paragraphs:  # no stutter
        openings = [sentence.text.split()[0] for sentence in paragraph.sentences]
        assert [a for a, b in pairwise(openings) if a == b] == []


# What is said


def test_peru_in_words():
    found = demo("PER", previous=previous("PRY"))

    assert found["S-06"] == (
        "The capacity of Peru to produce statistics on international migration stands "
        "at level 3 of 5, Developing, with a score of 40.2 of 100."
    )
    assert found["S-23"] == (
        "One dimension lies far behind the others: “Quality, timeliness and coherence” "
        "(13.8), 15.0 points below the next."
    )
    assert found["S-33"] == (
        "The gaps include two that are critical, since no data exist for them although "
        "their priority is high: “Public services” and “16.1.3 Physical, psychological, "
        "sexual violence”."
    )
    assert found["S-52"] == (
        "Since 2021 the overall score has risen from 11.8 to 40.2."
    )
    assert found["S-55"] == (
        "This lifts the country from level 1 (Initial) to level 3 (Developing)."
    )


SITUATIONS = [
    ("GEO", {"S-04", "S-22", "S-24", "S-33", "S-37", "S-40", "S-50", "S-72"}, {"S-09"}),
    ("MEX", {"S-04", "S-11", "S-35", "S-73"}, {"S-74", "S-12"}),
    ("PRY", {"S-05", "S-12", "S-21", "S-33", "S-39", "S-74"}, {"S-04", "S-22"}),
    ("PER", {"S-06", "S-09", "S-12", "S-13", "S-23", "S-41"}, {"S-24", "S-07"}),
]


@pytest.mark.parametrize(("iso3", "spoken", "silent"), SITUATIONS)
def test_situation_chooses_the_sentences(iso3, spoken, silent):
    found = set(demo(iso3))

    assert spoken <= found
    assert not silent & found


def test_one_is_written_without_a_plural():
    assert demo("GEO")["S-33"].startswith(
        "One gap is critical, since no data exist for it"
    )
    assert demo("PER")["S-26"].startswith("A single improvement would lift")


def test_nothing_answered():
    found = said(draft("PER", {}))

    assert set(found) == {"S-01", "S-30", "S-50", "S-71"}


def test_too_little_answered():
    answers = {at("GEN-02"): 2025, at("BAS-02"): "twelve"}
    found = said(draft("PER", answers, previous=previous("PRY")))

    assert found["S-02"].startswith("Peru has answered 2.2% of the required questions.")
    assert {"S-51", "S-71"} <= set(found)


@pytest.mark.parametrize(
    ("is_best", "spoken"),
    [
        (True, {"S-03", "S-14", "S-31", "S-43", "S-50", "S-70"}),
        (False, {"S-05", "S-42", "S-44", "S-38", "S-39", "S-50", "S-75"}),
    ],
)
def test_extremes(is_best, spoken):
    source = submission("PER", best_answers() if is_best else worst_answers())

    found = set(said(source, extreme(best=is_best)))

    assert spoken <= found
    assert not {"S-20", "S-21", "S-22", "S-26"} & found  # all dimensions are alike


def test_weakest_dimensions_limit_the_level():
    """Two dimensions are on the lowest level: better answers to one would not lift it."""
    worst = worst_answers()
    without = ("STR-", "OPN-", "COO-12", "SRC-19", "BAS-12", "BAS-13")
    answers = {
        address: worst[address] if address.question.startswith(without) else value
        for address, value in best_answers().items()
    }

    found = said(submission("PER", answers))

    assert found["S-07"] == (
        "By the score alone the level would be Established. It is held down by “Governance, "
        "mandate and resources” (5.0) and “Dissemination and openness” (6.7), for strength "
        "elsewhere cannot make up for what is missing there."
    )


def test_many_unknown_answers_are_named():
    analysis = analysed("PER")
    completeness = replace(analysis.completeness, share_dk=12.5)

    found = said(submission("PER"), replace(analysis, completeness=completeness))

    assert found["S-08"].startswith("“Do not know” is the answer to 12.5%")
    assert "S-09" not in found


def test_reviewed_values_are_named_with_the_country_s_own_score():
    reviewed = Reviewed(at("STR-01"), "drafted", "none", "Not seen.", "", None)
    source = submission("PER").reviewed_with((reviewed,))

    assert said(source)["S-10"].startswith(
        "One answer was replaced in review; from the country’s own answers the score "
        "would be 40.2."
    )


def test_a_round_that_changed_nothing():
    found = demo("GEO", previous=previous("GEO"))

    assert found["S-54"] == "The overall score is the same as in 2021, 79.3."
    assert found["S-63"] == (
        "None of the 31 needs assessed in both rounds has moved to another class of gap."
    )
    assert not {"S-55", "S-56", "S-57", "S-58", "S-59"} & set(found)


def test_a_fall_is_called_one():
    found = demo("PRY", previous=previous("PER"))

    assert found["S-53"] == "Since 2021 the overall score has fallen from 40.2 to 11.8."
    assert {"S-56", "S-60"} <= set(found)
    assert found["S-68"] == (
        "Most was lost in “Data needs for national migration policy” (−37.0), "
        "“Interagency coordination mechanism on migration statistics” (−35.8) and "
        "“National migration data strategy” (−35.3), and no section that can be compared "
        "gained ground: in some, one of the two rounds has too few answers."
    )


def test_figures_of_a_sentence_agree_as_they_are_printed():
    """79.3 less 37.8 is 41.5, and the difference of the unrounded scores prints 41.6."""
    found = demo("GEO", previous=previous("JOR"))

    assert found["S-52"] == "Since 2021 the overall score has risen from 37.8 to 79.3."
    assert found["S-25"] == (
        "The next level is near for “Integration, technology and data protection” (2.9 "
        "points short)."
    )
    assert found["S-60"] == (
        "Of the 30 needs assessed in both rounds, 10 are met better now and 12 less well."
    )


@pytest.mark.parametrize(
    ("iso3", "country", "beginning"),
    [
        ("PHL", "Philippines", "The capacity of the Philippines to produce"),
        ("PER", "Peru", "The capacity of Peru to produce"),
    ],
)
def test_country_has_the_article_that_belongs_to_it(iso3, country, beginning):
    source = replace(submission("PER"), iso3=iso3, country=country)

    assert said(source, analysed("PER"))["S-06"].startswith(beginning)


def test_article_begins_a_sentence_with_a_capital():
    source = replace(submission("GEO"), iso3="PHL", country="Philippines")

    found = said(source, analysed("GEO"))

    assert found["S-04"].startswith("The Philippines produces migration statistics")


def test_slight_gain_is_not_named_as_one_of_the_largest():
    found = demo("JOR", previous=previous("THA"))

    assert "“Traditional data sources” (+0.1)" not in found["S-57"]
    assert found["S-57"].startswith("Most was gained in “Interagency")


def test_what_is_as_high_or_low_is_named_too():
    """Two dimensions of Georgia print 73.3, two themes of Jordan have no data at all."""
    assert demo("GEO")["S-24"] == (
        "Least developed are “Quality, timeliness and coherence” (66.9), “Statistical "
        "output and policy relevance” (73.3) and “Dissemination and openness” (73.3)."
    )
    assert demo("JOR")["S-37"] == (
        "Among the policy questions the data gap is widest for “Emigration” and “Return "
        "and reintegration” (100.0 of 100) and narrowest for “Integration and services” "
        "(48.5)."
    )


def test_what_nobody_knows_is_not_said_to_be_missing():
    high = {
        address: "high"
        for address in best_answers()
        if address.question in ("POL-NEEDS", "POL-SDG") and address.column == "priority"
    }

    found = said(submission("PER", demo_answers("PER") | unknown_answers() | high))

    assert found["S-46"].startswith(
        "All these gaps are critical, since no data are known"
    )
    assert found["S-49"] == (
        "No SDG indicator is known to be published by migratory status."
    )


def test_needs_without_priority_are_not_called_met():
    none = {
        address: "none"
        for address in best_answers()
        if address.question in ("POL-NEEDS", "POL-SDG") and address.column == "priority"
    }
    source = submission("PER", best_answers() | none)

    found = said(source)

    assert found["S-45"] == (
        "None of the data needs whose priority is stated is a policy need, so that no gap "
        "can be named."
    )
    assert not {"S-30", "S-31", "S-41"} & set(found)


def test_level_that_moves_against_the_score_is_not_laid_to_it():
    analysis = analysed("GEO")
    levels = nmdc().maturity_levels
    overall = replace(analysis.overall, level=levels[4])

    found = said(
        submission("GEO", previous=previous("GEO")), replace(analysis, overall=overall)
    )

    assert found["S-54"] == "The overall score is the same as in 2021, 79.3."
    assert found["S-65"] == (
        "The level, which the weakest dimension can hold down, nevertheless rises from "
        "4 (Established) to 5 (Advanced)."
    )


def test_mostly_unknown_answers_do_not_pass_as_an_early_stage():
    found = said(submission("PER", unknown_answers()))

    assert found["S-15"] == (
        "So much about the capacity of Peru is unknown that its score, 0.0 of 100, says "
        "little: “do not know” is the answer to 100.0% of the scored questions."
    )
    assert not {"S-05", "S-08"} & set(found)


def test_sentences_lead_to_what_they_speak_of():
    reader = reader_of(submission("PER"), analysed("PER"))

    found = {s.code: [ref.code for ref in s.refs] for s in sentences(reader)}

    assert found["S-23"] == ["D-QUA"]
    assert found["S-26"] == ["SRC-19"]
    assert found["S-33"] == ["POL-E", "SDG-16.1.3"]
    assert found["S-13"] == ["EXC"]
    assert found["S-72"] == ["R-QUA-02", "R-QUA-01"]
