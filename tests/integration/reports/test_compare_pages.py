"""Comparing countries and rounds: who sees what, and nothing of another country."""

import csv
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.models import AuditEvent, Country, RecordFigures
from assessment.services.rounds import close_round, open_round
from reports.document.wording import figure
from reports.published import published_figures
from reports.queries import report_source_for
from tests.comparing import AFRICA, AMERICAS, DAY, START, answers_like, hand_in
from tests.factories import (
    AdministratorFactory,
    MemberFactory,
    OfficerFactory,
    RoundFactory,
)
from tests.instruments import demo_answers

ROUND = "/rounds/2025/"
COMPARE = f"{ROUND}compare/"
TABLES = ("scores", "changes", "distribution", "policy-needs", "sdg", "recommendations")
OVER_TIME = "/responses/PER/2025/over-time/"


@pytest.fixture
def client(officer, signed_in):
    return signed_in(officer)


def text(page, status=200):
    assert page.status_code == status
    return " ".join(page.content.decode().split())


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        page = client.get(url)
    assert page.status_code == 200
    return len(captured)


def countries(page):
    """Return the countries of the heat map, in its order."""
    rows = text(page).split('<th scope="row" class="heat__country">')[1:]
    return [row.split("</a>")[0].rpartition(">")[2] for row in rows]


# Officers


@pytest.mark.parametrize(
    "path",
    [
        COMPARE,
        *(f"{COMPARE}{table}.csv" for table in TABLES),
        f"{COMPARE}scores.xlsx",
        "/regions/americas/over-time/",
        "/regions/americas/over-time.csv",
        "/regions/americas/same-countries.xlsx",
    ],
)
def test_comparison_is_for_unsd_only(handed_in, peru, signed_in, path):
    handed_in(1)
    people = [OfficerFactory(), AdministratorFactory()]
    people += [MemberFactory(country=peru, role=r) for r in ("coordinator", "observer")]

    statuses = [signed_in(person).get(path).status_code for person in people]

    assert statuses == [200, 200, 404, 404]


@pytest.mark.parametrize(
    "path",
    [
        "/rounds/none/compare/",
        "/rounds/2025/compare/nothing.csv",
        "/rounds/2025/compare/scores.exe",
        "/rounds/2025/synthesis.pdf?region=Nowhere",
        "/regions/nowhere/over-time/",
        "/regions/nowhere/over-time.csv",
        "/regions/asia/over-time.csv",
        "/regions/americas/nothing.csv",
        "/responses/PER/2025/over-time.csv",
        "/responses/PER/none/over-time.csv",
    ],
)
def test_what_is_not_there_is_404(round_2025, client, path):
    assert client.get(path).status_code == 404


def test_round_without_a_submission_says_so(response, client):
    assert "Nothing to compare yet" in text(client.get(COMPARE))
    for table in TABLES:
        page = client.get(f"{COMPARE}{table}.csv")
        assert len(page.content.decode().splitlines()) == 1


def test_round_that_was_never_opened_has_nothing_to_compare(nmdc_db, client):
    RoundFactory(code="later", questionnaire=nmdc_db)

    assert "Nothing to compare yet" in text(client.get("/rounds/later/compare/"))


def test_countries_stand_by_region_and_name_whatever_is_asked_for(
    handed_in, response, client
):
    handed_in(3)
    handed_in(2, AFRICA, is_accepted=False)
    by_name = ["Algeria", "Egypt", "Argentina", "Bolivia (Plurinational State of)"]

    for query in ("", "?sort=-overall", "?of=sections&sort=score", "?of=nonsense"):
        assert countries(client.get(COMPARE + query)) == [*by_name, "Brazil"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?region=Africa", ["Algeria", "Egypt"]),
        ("?state=accepted", ["Argentina"]),
        (
            "?state=submitted&region=Africa&subregion=Northern+Africa",
            ["Algeria", "Egypt"],
        ),
        ("?subregion=Western+Africa", []),
        ("?region=%00&state=accepted", ["Argentina"]),
        ("?state=draft", []),
    ],
)
def test_comparison_is_filtered_by_the_address(handed_in, client, query, expected):
    handed_in(1)
    handed_in(2, AFRICA, is_accepted=False)

    assert countries(client.get(COMPARE + query)) == expected


def test_table_has_the_figures_of_the_report(
    handed_in, round_2025, officer, client, fresh
):
    mexico = hand_in(round_2025, "MEX", officer, answers=demo_answers("MEX"))
    handed_in(1)
    figures = published_figures(report_source_for(officer, fresh(mexico)))

    page = client.get(f"{COMPARE}scores.csv?region=Americas")

    head, _argentina, row = [
        line.split(",") for line in page.content.decode("utf-8-sig").splitlines()
    ]
    found = dict(zip(head, row, strict=True))
    scores = figures["scores_final"]
    assert {code: float(found[code]) for code in scores} == scores
    assert (found["country"], found["level"]) == ("Mexico", "5")
    assert found["record"] == fresh(mexico).submissions.get().acceptance.sha256
    assert AuditEvent.objects.latest("pk").subject == "scores_2025.csv"


def test_changes_are_since_the_last_round_that_stands_accepted(
    handed_in, round_2025, nmdc_db, officer, client
):
    earlier = RoundFactory(code="2021", year=2021, questionnaire=nmdc_db)
    open_round(round_=earlier, countries=[], by=officer)
    hand_in(earlier, "BOL", officer, answers=answers_like(3))
    hand_in(earlier, "ARG", officer, answers=answers_like(4), is_accepted=False)
    handed_in(2)
    then, now = (
        {row["iso3"]: row for row in lines_of(client.get(f"/rounds/{code}/compare/scores.csv"))}
        for code in ("2021", "2025")
    )  # fmt: skip

    argentina, bolivia = lines_of(client.get(f"{COMPARE}changes.csv?of=sections"))
    page = client.get(f"{COMPARE}?of=changes")

    assert (argentina["since"], argentina["OVERALL"], argentina["SRC"]) == ("", "", "")
    assert bolivia["since"] == "2021"
    for code in ("OVERALL", "SRC", "COO"):
        moved = float(now["BOL"][code]) - float(then["BOL"][code])
        assert float(bolivia[code]) == pytest.approx(moved, abs=1e-3)
    assert printed(bolivia["OVERALL"]).lstrip("-") in text(page)
    assert "/responses/BOL/2025/over-time/" in text(page)
    assert "/responses/ARG/2025/over-time/" not in text(page)
    assert queries(client, f"{COMPARE}?of=changes") == 8


@pytest.mark.parametrize(
    ("table", "width", "length"),
    [
        ("scores", 26, 3),
        ("distribution", 9, 18),
        ("policy-needs", 13, 16),
        ("sdg", 13, 17),
        ("recommendations", 7, None),
    ],
)
def test_tables_are_saved_as_workbooks(handed_in, client, table, width, length):
    handed_in(2)

    page = client.get(f"{COMPARE}{table}.xlsx")

    rows = list(openpyxl.load_workbook(io.BytesIO(page.content)).active.values)
    assert len(rows[0]) == width
    assert length is None or len(rows) == length


def test_comparison_costs_the_same_with_one_country_and_with_six(handed_in, client):
    handed_in(1)
    client.get(COMPARE)
    one = queries(client, COMPARE)
    handed_in(6, AFRICA)
    client.get(COMPARE)

    assert (one, queries(client, COMPARE)) == (6, 6)
    assert queries(client, f"{COMPARE}scores.csv") == 7
    assert RecordFigures.objects.count() == 7


def lines_of(page):
    assert page.status_code == 200
    return list(csv.DictReader(io.StringIO(page.content.decode("utf-8-sig"))))


def printed(value):
    return figure(float(value)) if value else "–"


# A country over time


def test_country_reads_itself_over_time_and_nothing_of_others(
    handed_in, round_2025, nmdc_db, peru, officer, fresh, signed_in
):
    earlier = RoundFactory(code="2021", year=2021, questionnaire=nmdc_db)
    open_round(round_=earlier, countries=[], by=officer)
    hand_in(earlier, "PER", officer, answers=answers_like(3))
    hand_in(round_2025, "PER", officer, answers=demo_answers("PER"), at=START + 9 * DAY)
    handed_in(4)
    client = signed_in(MemberFactory(country=peru, role="observer"))

    four = text(client.get(OVER_TIME))
    handed_in(1, AMERICAS[4:])
    five = text(client.get(OVER_TIME))

    assert "The median of the region is shown once" in four
    assert "◇ region" not in four
    assert '<span class="course__score">40.2</span>' in four
    assert "Americas: median of 5 other countries" in five
    assert five.count("◇ region") == 17
    for iso3 in AMERICAS[:5]:
        assert Country.objects.get(iso3=iso3).name not in five


def test_table_of_a_country_over_time_holds_what_its_page_shows(
    handed_in, round_2025, nmdc_db, peru, officer, signed_in
):
    earlier = RoundFactory(code="2021", year=2021, questionnaire=nmdc_db)
    open_round(round_=earlier, countries=[], by=officer)
    hand_in(earlier, "PER", officer, answers=answers_like(3))
    hand_in(round_2025, "PER", officer, answers=demo_answers("PER"), at=START + 9 * DAY)
    handed_in(5)
    client = signed_in(MemberFactory(country=peru, role="observer"))

    lines = lines_of(client.get("/responses/PER/2025/over-time.csv"))
    page = text(client.get(OVER_TIME))

    scores = [line for line in lines if line["kind"] != "gap"]
    assert re.findall(r'course__score">([^<]+)<', page) == [
        printed(line["score"]) for line in scores
    ]
    assert re.findall(r"◇ region (\S+?)<", page) == [
        printed(line["region_median"]) for line in lines if line["region_median"]
    ]
    classes = re.findall(r'gap-class--([\w-]+)">', page)
    assert [name.replace("-", "_") for name in classes] == [
        line["gap_class"] for line in lines if line["kind"] == "gap"
    ]
    assert {line["region_countries"] for line in lines} == {"", "5"}
    assert [(x["round"], x["score"]) for x in lines[:2]][1] == ("2025", "40.2228")
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.subject) == ("download.comparison", "over-time_PER.csv")
    assert event.response.country == peru


def test_table_over_time_names_no_region_of_four(
    handed_in, round_2025, peru, officer, signed_in
):
    hand_in(round_2025, "PER", officer, answers=demo_answers("PER"), at=START + 9 * DAY)
    handed_in(4)
    client = signed_in(MemberFactory(country=peru, role="coordinator"))

    lines = lines_of(client.get("/responses/PER/2025/over-time.csv"))

    assert {(x["region_median"], x["region_countries"]) for x in lines} == {("", "")}


def test_median_stays_as_in_the_report_until_the_round_is_closed(
    handed_in, round_2025, peru, officer, fresh, signed_in
):
    own = hand_in(
        round_2025, "PER", officer, answers=demo_answers("PER"), at=START + 4.5 * DAY
    )
    handed_in(7)
    coordinator = MemberFactory(country=peru, role="coordinator")
    client = signed_in(coordinator)

    while_open = text(client.get(OVER_TIME))
    close_round(round_=round_2025, by=officer)
    once_closed = text(client.get(OVER_TIME))

    assert report_source_for(coordinator, fresh(own)).region_median.count == 5
    assert "median of 5 other countries" in while_open
    assert "median of 7 other countries" in once_closed


def test_country_without_a_submission_has_nothing_over_time(
    response, coordinator, signed_in
):
    assert "Nothing to show yet" in text(signed_in(coordinator).get(OVER_TIME))


def test_officer_reads_a_country_over_time_once_it_has_submitted(
    response, round_2025, officer, handed_in, client
):
    handed_in(1)

    assert client.get(OVER_TIME).status_code == 404
    assert client.get("/responses/ARG/2025/over-time/").status_code == 200


def test_over_time_costs_the_same_with_five_others_and_with_nine(
    handed_in, round_2025, peru, officer, signed_in
):
    hand_in(
        round_2025, "PER", officer, answers=demo_answers("PER"), at=START + 20 * DAY
    )
    client = signed_in(MemberFactory(country=peru, role="coordinator"))
    handed_in(5)
    client.get(OVER_TIME)
    five = queries(client, OVER_TIME)
    handed_in(4, AMERICAS[5:])
    client.get(OVER_TIME)

    assert (five, queries(client, OVER_TIME)) == (8, 8)


# A region


def test_region_is_followed_with_the_same_countries(
    handed_in, round_2025, nmdc_db, officer, client
):
    earlier = RoundFactory(code="2021", year=2021, questionnaire=nmdc_db)
    open_round(round_=earlier, countries=[], by=officer)
    handed_in(3, round_=earlier)
    handed_in(2)
    handed_in(1, AFRICA)

    page = text(client.get("/regions/americas/over-time/"))

    assert '2021 <span class="course__small">3 countries</span>' in page
    assert '2025 <span class="course__small">2 countries</span>' in page
    assert "Argentina and Bolivia (Plurinational State of)." in page
    assert "Algeria" not in page


def test_tables_of_a_region_hold_what_its_page_shows(
    handed_in, round_2025, nmdc_db, officer, client
):
    earlier = RoundFactory(code="2021", year=2021, questionnaire=nmdc_db)
    open_round(round_=earlier, countries=[], by=officer)
    handed_in(3, round_=earlier)
    handed_in(2)
    base = "/regions/americas/"

    lines = lines_of(client.get(f"{base}over-time.csv"))
    same = lines_of(client.get(f"{base}same-countries.csv"))
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(f"{base}over-time.xlsx").content)
    )
    page = text(client.get(f"{base}over-time/"))

    assert re.findall(r'course__score">([^<]+)<', page) == [
        printed(line["median"]) for line in lines
    ]
    assert re.findall(r'small">([\d.]+ to [\d.]+)<', page) == [
        f"{printed(line['lower_quartile'])} to {printed(line['upper_quartile'])}"
        for line in lines
        if line["median"]
    ]
    names = ("countries", "median_before", "median_now")
    assert re.findall(r'course__number">([\d.]+)<', page) == [
        line[name] if name == "countries" else printed(line[name])
        for line in same
        for name in names
    ]
    assert [row[0] for row in book.active.values][:3] == ["kind", "overall", "overall"]
    assert {(x["round"], x["accepted"]) for x in lines} == {
        ("2021", "3"),
        ("2025", "2"),
    }
    assert AuditEvent.objects.latest("pk").subject == "over-time_americas.xlsx"


def test_region_without_an_acceptance_says_so(response, client):
    page = text(client.get("/regions/asia/over-time/"))

    assert "No response of the region has been accepted." in page
