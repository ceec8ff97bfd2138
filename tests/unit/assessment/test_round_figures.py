import datetime

from assessment.models import Round
from assessment.round_figures import overview_of, rate_of, regions_of
from assessment.round_queries import Milestones, milestones
from assessment.services.transitions import accept_response, reopen_response
from tests.saving import submit

UTC = datetime.UTC
DAY = datetime.date
ROUND = Round(opens_on=DAY(2025, 1, 1), closes_on=DAY(2025, 1, 10))
NOW = datetime.datetime(2025, 1, 6, 15, tzinfo=UTC)


def at(day, hour=15):
    return datetime.datetime(2025, 1, day, hour, tzinfo=UTC)


def country(iso3, region, status="draft", submitted=None, accepted=None):
    return Milestones(iso3, iso3, region, f"{region} 1", status, submitted, accepted)


COUNTRIES = [
    country("PER", "A", "accepted", at(2), at(4)),
    country("CHL", "A", "submitted", at(4)),
    country("FRA", "B", "returned", at(4)),
    country("ATA", ""),
]


def test_rate_counts_first_submissions_and_acceptances_by_day():
    rate = rate_of(ROUND, COUNTRIES, now=NOW)

    assert [(s.day, s.submitted, s.accepted) for s in rate.steps] == [
        (DAY(2025, 1, 2), 1, 0),
        (DAY(2025, 1, 4), 3, 1),
    ]
    assert [(s.submitted_share, s.accepted_share) for s in rate.steps] == [
        (25.0, 0.0),
        (75.0, 25.0),
    ]
    assert (rate.first, rate.last) == (DAY(2025, 1, 1), DAY(2025, 1, 10))


def test_chart_steps_up_and_ends_today():
    rate = rate_of(ROUND, COUNTRIES, now=NOW)

    assert rate.submitted_path == "M0 100H40V75.00H120V25.00H240"
    assert rate.accepted_path == "M0 100H40V100.00H120V75.00H240"
    assert rate.deadline_x == 400


def test_chart_is_mirrored_for_scripts_from_right_to_left():
    rate = rate_of(ROUND, COUNTRIES, now=NOW, is_mirrored=True)

    assert rate.submitted_path == "M400 100H360V75.00H280V25.00H160"
    assert rate.deadline_x == 0


def test_last_day_is_that_of_the_last_time_zone():
    """A deadline is the end of its day in UTC−12."""
    eleventh = [
        country("PER", "A", "submitted", at(11, hour=11)),
        country("CHL", "A", "submitted", at(11, hour=13)),
    ]

    rate = rate_of(ROUND, eleventh, now=at(12))

    assert [(s.day, s.is_late) for s in rate.steps] == [
        (DAY(2025, 1, 10), False),
        (DAY(2025, 1, 11), True),
    ]
    assert rate.last == DAY(2025, 1, 11)
    assert rate.deadline_x == 363.64


def test_there_is_no_rate_before_the_first_submission():
    assert rate_of(ROUND, COUNTRIES[3:], now=NOW) is None
    assert rate_of(ROUND, [], now=NOW) is None


def test_overview_has_a_row_a_region_and_one_of_all():
    rows = overview_of(COUNTRIES)

    assert [(r.name, r.counts, r.total, r.submitted, r.rate) for r in rows] == [
        ("A", (0, 1, 0, 1), 2, 2, 100.0),
        ("B", (0, 0, 1, 0), 1, 1, 100.0),
        ("", (1, 0, 0, 0), 1, 0, 0.0),
        ("", (1, 1, 1, 1), 4, 3, 75.0),
    ]
    assert overview_of([]) == []


def test_regions_hold_their_subregions():
    regions = regions_of(COUNTRIES)

    assert [
        (r.name, [(s.name, [c.iso3 for c in s.countries]) for s in r.subregions])
        for r in regions
    ] == [
        ("A", [("A 1", ["PER", "CHL"])]),
        ("B", [("B 1", ["FRA"])]),
        ("", [(" 1", ["ATA"])]),
    ]


def test_milestones_count_an_acceptance_until_it_is_reopened(
    response, round_2025, coordinator, officer, django_assert_num_queries
):
    submission = submit(response, coordinator)
    accept_response(response=response, by=officer)
    with django_assert_num_queries(1):
        (accepted,) = milestones(round_2025)
    reopen_response(response=response, by=officer, message="Again.")
    (reopened,) = milestones(round_2025)

    assert (accepted.iso3, accepted.region) == ("PER", "Americas")
    assert accepted.submitted_at == submission.submitted_at
    assert accepted.accepted_at == submission.acceptance.accepted_at
    assert (reopened.status, reopened.accepted_at) == ("returned", None)
    assert reopened.submitted_at == submission.submitted_at
