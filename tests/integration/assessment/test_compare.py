"""Comparing submissions: who may compare what, the page, the CSV."""

import csv
import io

import pytest

from assessment.models import Country
from assessment.services.transitions import return_response, withdraw_response
from tests.factories import MemberFactory
from tests.saving import put, submit

COMPARE = "/responses/PER/2025/compare/"
EXPORT = "/responses/PER/2025/compare.csv"


@pytest.fixture
def once(response, coordinator, fresh):
    put(response, coordinator, {"GEN-01": "Peru", "GEN-03": "A", "GEN-12": "x"})
    submit(fresh(response), coordinator)
    return fresh(response)


@pytest.fixture
def returned(once, officer, fresh):
    return_response(response=once, by=officer, message="Please correct.")
    return fresh(once)


@pytest.fixture
def twice(returned, coordinator, fresh):
    put(returned, coordinator, {"GEN-01": "=Peru", "GEN-03": None, "EXC-10": "new"})
    submit(fresh(returned), coordinator)
    return fresh(returned)


def read(client, query=""):
    page = client.get(COMPARE + query)
    assert page.status_code == 200
    return page.content.decode()


def rows(client, query=""):
    page = client.get(EXPORT + query)
    assert page.status_code == 200
    text = page.content.decode("utf-8-sig")
    return [list(row.values()) for row in csv.DictReader(io.StringIO(text))]


def shown(text):
    """Return the questions of a page in their order."""
    parts = text.split('<article class="compared__question" id="q-')[1:]
    return [part.partition('"')[0] for part in parts]


def test_two_submissions_differ_cell_by_cell(twice, officer, coordinator, signed_in):
    for person in (officer, coordinator):
        text = read(signed_in(person), "?from=1&to=2")

        assert shown(text) == ["GEN-01", "GEN-03", "EXC-10"]
        assert "x</span>" not in text


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ("&kind=added", ["EXC-10"]),
        ("&kind=changed", ["GEN-01"]),
        ("&kind=removed", ["GEN-03"]),
        ("&kind=removed&kind=added", ["GEN-03", "EXC-10"]),
        ("&kind=confirmed", []),
        ("&kind=nothing", ["GEN-01", "GEN-03", "EXC-10"]),
    ],
)
def test_kinds_are_filtered(twice, officer, signed_in, kinds, expected):
    assert shown(read(signed_in(officer), f"?from=1&to=2{kinds}")) == expected


def test_without_a_word_the_latest_is_compared_with_the_one_before(
    twice, officer, signed_in
):
    client = signed_in(officer)

    assert rows(client) == rows(client, "?from=1&to=2")


def test_the_other_way_round_is_compared_as_asked(twice, officer, signed_in):
    found = rows(signed_in(officer), "?from=2&to=1")

    assert [(row[1], row[5]) for row in found] == [
        ("GEN-01", "changed"),
        ("GEN-03", "added"),
        ("EXC-10", "removed"),
    ]


def test_the_same_twice_differs_in_nothing(twice, officer, signed_in):
    text = read(signed_in(officer), "?from=2&to=2")

    assert "No answer differs between the two." in text


def test_the_country_compares_with_its_answers_as_they_stand(
    returned, coordinator, signed_in
):
    put(returned, coordinator, {"GEN-03": "B"})
    client = signed_in(coordinator)

    assert rows(client) == rows(client, "?from=1&to=live")
    assert rows(client) == [["GEN", "GEN-03", "", "", "Answer", "changed", "A", "B"]]
    assert "Answers as they stand" in read(client)


@pytest.mark.parametrize("page", [COMPARE, EXPORT])
def test_officers_never_compare_with_live_answers(
    returned, coordinator, officer, signed_in, page
):
    put(returned, coordinator, {"GEN-03": "Not submitted"})
    client = signed_in(officer)

    assert client.get(f"{page}?from=1&to=live").status_code == 404
    assert b"Not submitted" not in client.get(COMPARE).content


@pytest.mark.parametrize(
    "query",
    ["?from=1&to=3", "?from=0&to=1", "?from=x&to=2", "?from=live&to=2", "?to=²"],
)
@pytest.mark.parametrize("page", [COMPARE, EXPORT])
def test_unknown_submissions_are_not_there(twice, officer, signed_in, page, query):
    assert signed_in(officer).get(page + query).status_code == 404


def test_withdrawn_submissions_are_neither_offered_nor_there(
    twice, coordinator, officer, signed_in, fresh
):
    withdraw_response(response=twice, by=coordinator)
    client = signed_in(officer)

    text = read(client)

    assert "There is one submission so far" in text
    assert client.get(f"{COMPARE}?from=1&to=2").status_code == 404


def test_before_the_first_submission_there_is_nothing(
    response, coordinator, officer, signed_in
):
    text = read(signed_in(coordinator))

    assert "Nothing has been submitted yet." in text
    assert signed_in(coordinator).get(EXPORT).status_code == 404
    assert signed_in(officer).get(COMPARE).status_code == 404


@pytest.mark.parametrize("page", [COMPARE, EXPORT])
def test_another_country_finds_nothing(twice, signed_in, page):
    chile = Country.objects.get(iso3="CHL")
    stranger = signed_in(MemberFactory(country=chile, role="coordinator"))

    assert stranger.get(page).status_code == 404


def test_export_disarms_what_a_spreadsheet_takes_for_a_formula(
    twice, officer, signed_in
):
    page = signed_in(officer).get(f"{EXPORT}?from=1&to=2")

    assert page["Content-Disposition"] == (
        'attachment; filename="comparison_PER_2025_1-2.csv"'
    )
    assert page.content.decode().splitlines() == [
        "\ufeffsection,question,row,column,label,change,from,to",
        "GEN,GEN-01,,,Answer,changed,Peru,'=Peru",
        "GEN,GEN-03,,,Answer,removed,A,",
        "EXC,EXC-10,,,Answer,added,,new",
    ]


def test_hub_leads_to_the_comparison_where_there_is_one(
    once, coordinator, officer, signed_in
):
    before = signed_in(coordinator).get("/responses/PER/2025/").content
    return_response(response=once, by=officer, message="Please correct.")

    after = signed_in(coordinator).get("/responses/PER/2025/").content

    assert COMPARE.encode() not in before
    assert COMPARE.encode() in after
    assert (
        COMPARE.encode() not in signed_in(officer).get("/responses/PER/2025/").content
    )


def test_report_leads_to_the_comparison_of_its_editions(twice, officer, signed_in):
    assert (
        COMPARE.encode()
        in signed_in(officer).get("/responses/PER/2025/report/").content
    )
