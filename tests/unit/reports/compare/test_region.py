"""The median of a region: of five others at least, as at the moment of the record."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.models import RecordFigures, Response
from reports.compare.figures import KeptFigures, figures_of, method
from reports.compare.records import accepted_by, figures_by_record, latest_records
from reports.compare.region import median_of, region_median
from reports.queries import report_source, report_source_for
from tests.comparing import (
    AFRICA,
    AMERICAS,
    START,
    accept,
    answers_like,
    hand_in,
    reopen,
)
from tests.factories import MemberFactory
from tests.instruments import demo_answers, nmdc

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def kept():
    """The figures of six countries, computed once."""
    return [figures_of(nmdc(), answers_like(number)) for number in range(6)]


def test_figures_come_back_as_they_were_kept(kept):
    again = json.loads(json.dumps(kept[0].as_data()))

    assert KeptFigures.from_data(again) == kept[0]


def test_score_that_may_not_be_published_is_none():
    nothing = figures_of(nmdc(), {})

    assert (nothing.overall, nothing.level, set(nothing.sections.values())) == (
        None,
        None,
        {None},
    )


def test_score_that_fewer_than_five_have_has_no_median(kept):
    code = next(iter(kept[0].sections))
    four = [*kept[:4], replace(kept[4], sections=kept[4].sections | {code: None})]

    assert median_of("R", four).sections[code] is None
    assert median_of("R", four).count == 5


@pytest.fixture
def others(round_2025, officer):
    """Bring the first of the countries of a region to acceptance, a day after another."""

    def made(count, iso3s=AMERICAS):
        return [
            hand_in(
                round_2025, iso3, officer, answers=answers_like(n), at=START + n * DAY
            )
            for n, iso3 in enumerate(iso3s[:count])
        ]

    return made


def later(days):
    return START + days * DAY


def test_four_others_have_no_median_and_five_have(others, response, fresh):
    others(5)
    peru = fresh(response)

    assert region_median(peru, later(4)) is None
    found = region_median(peru, later(5))
    scores = sorted(
        figures_of(nmdc(), answers_like(number)).dimensions["D-GOV"]
        for number in range(5)
    )
    assert (found.region, found.count) == ("Americas", 5)
    assert found.dimensions["D-GOV"] == scores[2]


def test_own_score_and_other_regions_are_not_counted(others, officer, fresh):
    own, *_ = others(5)
    others(5, AFRICA)

    assert region_median(fresh(own), later(9)) is None


def test_what_happens_later_changes_nothing(others, response, officer, fresh):
    made, peru = others(5), fresh(response)
    before = region_median(peru, later(5))

    reopen(made[2], officer, later(6))
    hand_in(response.round, "MEX", officer, answers=demo_answers("MEX"), at=later(7))

    assert region_median(peru, later(5)) == before
    assert region_median(peru, later(6)) is None
    assert region_median(peru, later(8)).count == 5


def test_accepted_again_counts_once(others, response, officer, fresh):
    made, peru = others(5), fresh(response)
    reopen(made[0], officer, later(6))
    second = made[0].submissions.get()
    second.pk, second.number, second.sha256 = None, 2, "f" * 64
    second._state.adding = True
    second.submitted_at = later(7)
    second.save()
    accept(second, officer, later(8))

    assert [region_median(peru, later(7)), region_median(peru, later(9)).count] == [
        None,
        5,
    ]


def test_draft_without_an_answer_and_country_without_region_have_none(
    others, response, fresh
):
    others(5)
    peru = fresh(response)
    peru.country.region = ""

    assert region_median(fresh(response), None) is None
    assert region_median(peru, later(9)) is None


def test_reports_carry_the_median_of_the_moment(
    round_2025, others, officer, peru, fresh
):
    own = hand_in(
        round_2025, "PER", officer, answers=demo_answers("PER"), at=later(4.5)
    )
    others(6)
    coordinator = MemberFactory(country=peru, role="coordinator")

    found = report_source_for(coordinator, fresh(own)).region_median

    assert found.count == 5
    assert report_source("PER", "2025").region_median == found


def test_kept_figures_are_read_in_one_query_and_another_method_is_not(others):
    others(6)
    records = accepted_by(Response.objects.all())
    first = figures_by_record(records)

    with CaptureQueriesContext(connection) as captured:
        again = figures_by_record(records)
    assert (len(captured), again == first, len(first)) == (1, True, 6)

    RecordFigures.objects.update(method="another")
    assert figures_by_record(records) == first
    assert RecordFigures.objects.filter(method=method()).count() == 6


def test_latest_record_is_the_acceptance_or_else_the_submission(
    round_2025, officer, response
):
    hand_in(round_2025, "CHL", officer, answers={}, is_accepted=False)
    hand_in(round_2025, "BOL", officer, answers={})

    bolivia, chile = latest_records(Response.objects.all())

    assert (bolivia.iso3, bolivia.is_accepted) == ("BOL", True)
    assert bolivia.hash == bolivia.acceptance_hash != bolivia.submission_hash
    assert (chile.iso3, chile.hash) == ("CHL", chile.submission_hash)


def test_figures_are_kept_ahead_by_a_command(others, round_2025, officer, capsys):
    others(2)
    hand_in(round_2025, "PER", officer, answers={}, is_accepted=False)

    call_command("keep_figures", round="none")
    call_command("keep_figures", round="2025")
    call_command("keep_figures")

    assert capsys.readouterr().out.splitlines() == [
        "Figures of 0 records are kept.",
        "Figures of 3 records are kept.",
        "Figures of 3 records are kept.",
    ]
    assert RecordFigures.objects.count() == 3
