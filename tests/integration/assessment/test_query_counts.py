"""Speed is a promise: literal numbers of queries, the same for little and for much."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.models import Country
from assessment.services.rounds import open_response, open_round
from questionnaire import repository
from tests.factories import InstitutionFactory, RoundFactory
from tests.files import pdf, upload
from tests.instruments import demo_answers, nmdc
from tests.saving import body, put, sent, submit

POL = "/responses/PER/2025/sections/pol/"
# One query more where answers name institutions.
SECTIONS = {
    "gen": 6, "bas": 6, "pol": 6, "str": 5, "src": 6, "new": 5, "opn": 5, "coo": 5, "exc": 5,
}  # fmt: skip
NOTES = [f"{question.code}.@note" for question in nmdc().questions]


@pytest.fixture
def client(response, coordinator, signed_in):
    return signed_in(coordinator)


@pytest.fixture
def full(response, coordinator):
    put(response, coordinator, {str(a): v for a, v in demo_answers("MEX").items()})
    return response


def count(request):
    with CaptureQueriesContext(connection) as captured:
        page = request()
    assert page.status_code == 200, page.status_code
    return len(captured)


def queries(client, url):
    return count(lambda: client.get(url))


def save(client, changes):
    content = body(*changes)
    return count(
        lambda: client.post(
            "/responses/PER/2025/answers", content, content_type="application/json"
        )
    )


def test_section_page_costs_the_same_empty_and_full(client, response, coordinator):
    client.get(POL)
    empty = queries(client, POL)
    put(response, coordinator, {str(a): v for a, v in demo_answers("MEX").items()})

    full = queries(client, POL)

    assert (empty, full) == (6, 6)


def test_showing_a_section_costs_no_instrument_query(client, monkeypatch):
    monkeypatch.setattr(repository, "_instruments", type(repository._instruments)())
    cold = queries(client, POL)

    with CaptureQueriesContext(connection) as captured:
        client.get(POL)

    tables = {
        table
        for query in captured
        for table in ("section", "question", "recommendation", "consistencyrule")
        if f'"questionnaire_{table}"' in query["sql"]
    }
    assert (cold, len(captured)) == (12, 6)
    assert tables == set()


@pytest.mark.parametrize(("section", "number"), SECTIONS.items())
def test_every_section_page_costs_few_queries(client, full, section, number):
    url = f"/responses/PER/2025/sections/{section}/"
    client.get(url)

    assert queries(client, url) == number


@pytest.mark.parametrize("listed", [1, 3])
def test_institutions_cost_the_same_one_or_three(client, full, peru, listed):
    for name in ("INEI", "Migraciones", "RENIEC")[:listed]:
        InstitutionFactory(country=peru, name=name)
    client.get("/responses/PER/2025/sections/src/")

    section = queries(client, "/responses/PER/2025/sections/src/")
    page = queries(client, "/responses/PER/2025/team/institutions/")

    assert (section, page) == (6, 5)


@pytest.mark.parametrize("number", [1, 50])
def test_autosave_of_new_answers_costs_the_same_for_one_and_for_many(client, number):
    client.get(POL)

    assert save(client, [sent(cell, "x") for cell in NOTES[:number]]) == 9


@pytest.mark.parametrize("number", [1, 50])
def test_autosave_of_changed_answers_costs_the_same_for_one_and_for_many(
    client, number
):
    save(client, [sent(cell, "x") for cell in NOTES[:50]])

    assert save(client, [sent(cell, "y", 1) for cell in NOTES[:number]]) == 9


def test_autosave_of_an_unchanged_answer_writes_nothing(client):
    save(client, [sent("GEN-01", "x")])

    assert save(client, [sent("GEN-01", "x")]) == 7


@pytest.mark.parametrize("path", ["", "check/"])
def test_pages_of_a_response_cost_the_same_empty_and_full(
    client, response, coordinator, path
):
    url = f"/responses/PER/2025/{path}"
    client.get(url)
    empty = queries(client, url)
    put(response, coordinator, {str(a): v for a, v in demo_answers("MEX").items()})

    assert queries(client, url) == empty <= 8


@pytest.mark.parametrize("path", ["", "check/", "sections/pol/"])
def test_pages_of_a_submission_cost_few_queries(
    full, coordinator, officer, signed_in, path
):
    submit(full, coordinator)
    client = signed_in(officer)
    client.get(f"/responses/PER/2025/{path}")

    assert queries(client, f"/responses/PER/2025/{path}") <= 8


def test_round_page_costs_the_same_with_one_country_and_with_three(
    response, round_2025, officer, signed_in
):
    client = signed_in(officer)
    client.get("/rounds/2025/")
    one = queries(client, "/rounds/2025/")
    for country in Country.objects.filter(iso3__in=["CHL", "BOL"]):
        open_response(round_=round_2025, country=country, by=officer)

    three = queries(client, "/rounds/2025/")

    assert (one, three) == (8, 8)


def test_home_costs_the_same_with_one_response_and_with_three(
    response, nmdc_db, peru, client, officer
):
    one = queries(client, "/")
    for year in (2021, 2022):
        round_ = RoundFactory(questionnaire=nmdc_db, year=year)
        open_round(round_=round_, countries=[peru], by=officer)

    three = queries(client, "/")

    assert (one, three) == (4, 4)


@pytest.mark.parametrize("number", [1, 3])
def test_files_cost_the_same_one_or_three(client, response, media, number):
    for count in range(number):
        client.post(
            "/responses/PER/2025/evidence/gen-11/",
            {"file": upload(f"{count}.pdf", pdf(count))},
        )

    section = queries(client, "/responses/PER/2025/sections/gen/")
    page = queries(client, "/responses/PER/2025/evidence/gen-11/")

    assert (section, page) == (6, 5)
