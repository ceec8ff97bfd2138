"""Speed is a promise: literal numbers of queries, the same for little and for much."""

import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.models import Answer, Country, Response, ResponseProgress
from assessment.services.plans import add_recommended
from assessment.services.rounds import open_response, open_round
from assessment.services.transitions import accept_response, return_response
from questionnaire import repository
from tests.clearing import INTERIOR, ask_to_clear, clear, concur
from tests.commenting import answer, ask, note
from tests.delegating import give, switch
from tests.factories import (
    AdministratorFactory,
    InstitutionFactory,
    MemberFactory,
    RoundFactory,
)
from tests.files import pdf, upload
from tests.instruments import demo_answers, nmdc
from tests.saving import body, put, sent, submit
from tests.teams import offer

POL = "/responses/PER/2025/sections/pol/"
# One query more where answers name institutions.
SECTIONS = {
    "gen": 6, "bas": 6, "pol": 6, "str": 5, "src": 6, "new": 5, "opn": 5, "coo": 5, "exc": 5,
}  # fmt: skip
NOTES = [f"{question.code}.@note" for question in nmdc().questions]

DOCUMENTS = [f"{question.code}.@evidence" for question in nmdc().questions]
EVIDENCE = [{"title": "Law", "url": "https://example.org/"}]


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


def test_checks_of_a_section_cost_the_same_for_none_and_for_many(
    client, response, coordinator
):
    """Session, person, response and answers."""
    url = f"{POL}checks"
    client.get(url)
    none = queries(client, url)
    put(response, coordinator, {str(a): v for a, v in demo_answers("THA").items()})

    assert len(client.get(url).json()["places"]) > 0
    assert (none, queries(client, url)) == (4, 4)


def test_checks_of_a_section_cost_one_query_more_where_parts_are_delegated(
    response, coordinator, contributor, signed_in
):
    client = signed_in(contributor)
    client.get(f"{POL}checks")
    give(response, coordinator, contributor, "POL")

    assert queries(client, f"{POL}checks") == 5


@pytest.mark.parametrize("listed", [1, 3])
def test_institutions_cost_the_same_one_or_three(client, full, peru, listed):
    for name in ("INEI", "Migraciones", "RENIEC")[:listed]:
        InstitutionFactory(country=peru, name=name)
    client.get("/responses/PER/2025/sections/src/")

    section = queries(client, "/responses/PER/2025/sections/src/")
    page = queries(client, "/responses/PER/2025/team/institutions/")

    assert (section, page) == (6, 6)


@pytest.mark.parametrize("number", [1, 3])
def test_plan_costs_the_same_for_one_action_or_three(
    client, response, coordinator, number
):
    """Session, person, response, answers, files, actions, editions, what goes on."""
    codes = ("R-GOV-01", "R-GOV-02", "R-GOV-03")[:number]
    add_recommended(response=response, codes=codes, by=coordinator)
    client.get("/responses/PER/2025/plan/")

    page = queries(client, "/responses/PER/2025/plan/")
    form = queries(client, "/responses/PER/2025/plan/actions/1/")
    hub = queries(client, "/responses/PER/2025/")

    assert (page, form, hub) == (13, 15, 8)


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


def test_autosave_of_new_and_changed_answers_together_costs_the_same(client):
    save(client, [sent(cell, "x") for cell in NOTES[:2]])
    changes = [sent(cell, "y", 1) for cell in NOTES[:2]] + [sent(NOTES[5], "x")]

    assert save(client, changes) == 9


@pytest.fixture
def delegate(response, peru, coordinator, contributor, signed_in):
    """A contributor whose country is delegated, with a part and colleagues with others."""
    switch(peru, coordinator)
    give(response, coordinator, contributor, "GEN", "BAS", "POL")
    for code in ("STR", "SRC", "NEW"):
        give(response, coordinator, coordinator, code)
    return signed_in(contributor)


@pytest.mark.parametrize("number", [1, 40])
@pytest.mark.parametrize("kind", ["new", "changed", "mixed", "refused"])
def test_autosave_of_a_delegate_costs_one_query_more(delegate, kind, number):
    delegate.get(POL)
    save(delegate, [sent(cell, "x") for cell in NOTES[:number]])
    changes = {
        "new": [sent(cell, EVIDENCE) for cell in DOCUMENTS[:number]],
        "changed": [sent(cell, "y", 1) for cell in NOTES[:number]],
        "mixed": [sent(cell, "y", 1) for cell in NOTES[:number]]
        + [sent(NOTES[41], "y")],
        "refused": [sent(NOTES[0], "y", 1), sent(NOTES[-1], "y")],
    }[kind]

    assert save(delegate, changes) <= 10


def test_autosave_of_a_year_by_a_delegate_stays_within_ten(delegate):
    """Years are judged by the assessment year, which is read with them."""
    assert save(delegate, [sent("GEN-02", 2024, 1), sent("GEN-01", "Peru")]) == 10


@pytest.mark.parametrize(("mode", "before"), [("open", 6), ("delegated", 5)])
def test_section_page_costs_one_query_more_where_parts_are_delegated(
    response, peru, coordinator, contributor, signed_in, mode, before
):
    """Institutions are asked for where the person may answer: here not before."""
    client = signed_in(contributor)
    switch(peru, coordinator, mode)
    client.get(POL)
    without = queries(client, POL)
    give(response, coordinator, contributor, "POL")
    one = queries(client, POL)
    give(response, coordinator, coordinator, "GEN")
    give(response, coordinator, "somebody@example.org", "BAS", "POL-NEEDS")

    assert (without, one, queries(client, POL)) == (before, 7, 7)


def test_overview_costs_one_query_more_where_parts_are_delegated(
    response, coordinator, contributor, signed_in
):
    client = signed_in(contributor)
    url = "/responses/PER/2025/"
    client.get(url)
    without = queries(client, url)
    give(response, coordinator, contributor, "POL")
    one = queries(client, url)
    for code in ("GEN", "BAS", "SRC-INV[SRC-RES]"):
        give(response, coordinator, contributor, code)

    assert (without, one, queries(client, url)) == (7, 8, 8)


def test_page_of_delegations_costs_the_same_for_one_and_for_three(
    response, peru, coordinator, contributor, client
):
    url = "/responses/PER/2025/team/delegations/"
    give(response, coordinator, contributor, "POL")
    client.get(url)
    one = queries(client, url)
    give(response, coordinator, coordinator, "GEN")
    give(response, coordinator, "somebody@example.org", "BAS")
    MemberFactory(country=peru, role="contributor")

    assert (one, queries(client, url)) == (7, 7)


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


def submitted_twice(response, coordinator, officer, fresh):
    submit(fresh(response), coordinator)
    return_response(response=fresh(response), by=officer, message="Please correct.")
    put(fresh(response), coordinator, {"GEN-03": "Another office"})
    submit(fresh(response), coordinator)


def ask_and_note(response, officer, places):
    for place in places:
        ask(response, officer, place, must_settle=True)
        note(response, officer, place)


@pytest.mark.parametrize("asked", [1, 40])
def test_review_of_a_full_response_costs_few_queries(
    full, coordinator, officer, signed_in, fresh, asked
):
    """All questions and cells, the submission before, comments and notes."""
    submitted_twice(full, coordinator, officer, fresh)
    codes = [question.code for question in nmdc().questions[:asked]]
    ask_and_note(fresh(full), officer, codes)
    client = signed_in(officer)
    url = "/responses/PER/2025/review/"
    client.get(url)

    assert queries(client, url) == 10
    assert queries(client, f"{url}?show=changed&section=SRC") == 10


def test_review_of_an_empty_response_costs_no_more(
    response, coordinator, officer, signed_in
):
    submit(response, coordinator)
    client = signed_in(officer)
    client.get("/responses/PER/2025/review/")

    assert queries(client, "/responses/PER/2025/review/") == 9


def test_review_costs_one_query_more_after_an_accepted_round(
    full, nmdc_db, peru, coordinator, officer, signed_in, fresh
):
    earlier = RoundFactory(questionnaire=nmdc_db, year=2021)
    open_round(round_=earlier, countries=[peru], by=officer)
    before = fresh(earlier.responses.get())
    put(before, coordinator, {str(a): v for a, v in demo_answers("MEX").items()})
    submit(before, coordinator)
    accept_response(response=fresh(before), by=officer)
    submitted_twice(full, coordinator, officer, fresh)
    client = signed_in(officer)
    client.get("/responses/PER/2025/review/")

    assert queries(client, "/responses/PER/2025/review/") == 11


@pytest.mark.parametrize("changed", [1, 40])
def test_comparison_costs_the_same_for_one_change_and_for_many(
    full, coordinator, officer, signed_in, fresh, changed
):
    submitted_twice(full, coordinator, officer, fresh)
    return_response(response=fresh(full), by=officer, message="Please correct.")
    put(fresh(full), coordinator, dict.fromkeys(NOTES[:changed], "x"))
    client = signed_in(coordinator)
    frozen = "/responses/PER/2025/compare/?from=1&to=2"
    live = "/responses/PER/2025/compare/?from=2&to=live"
    client.get(frozen)

    assert (queries(client, frozen), queries(client, live)) == (6, 7)


def test_round_page_costs_the_same_with_one_country_and_with_three(
    response, round_2025, officer, signed_in
):
    """Two more, one to read and one to keep, on the first visit after answers changed."""
    client = signed_in(officer)
    client.get("/rounds/2025/")
    one = queries(client, "/rounds/2025/")
    for country in Country.objects.filter(iso3__in=["CHL", "BOL"]):
        open_response(round_=round_2025, country=country, by=officer)

    three = queries(client, "/rounds/2025/"), queries(client, "/rounds/2025/")

    assert (one, three) == (8, (10, 8))


def test_round_page_of_two_hundred_countries(round_2025, officer, signed_in):
    client = signed_in(officer)
    client.get("/rounds/2025/")
    Response.objects.bulk_create(
        Response(round=round_2025, country=country, opened_by=officer)
        for country in Country.objects.order_by("name")[:200]
    )
    Answer.objects.bulk_create(
        Answer(
            response=response,
            question="GEN-01",
            value=response.country.name,
            revision=1,
            changed_by=officer,
            changed_at=timezone.now(),
        )
        for response in Response.objects.select_related("country")
    )

    counts = [queries(client, "/rounds/2025/?sort=-progress") for _ in range(2)]

    assert counts == [10, 8]
    assert ResponseProgress.objects.count() == 200


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("progress/", 4),
        ("countries.csv", 7),
        ("countries.xlsx", 7),
        ("remind/?country=PER&country=CHL&country=BOL", 5),
        ("reports/", 4),
        ("compare/", 5),
    ],
)
def test_pages_of_a_round_cost_the_same_with_one_country_and_with_three(
    response, round_2025, officer, signed_in, path, number
):
    client, url = signed_in(officer), f"/rounds/2025/{path}"
    client.get(url)
    one = queries(client, url)
    for country in Country.objects.filter(iso3__in=["CHL", "BOL"]):
        open_response(round_=round_2025, country=country, by=officer)
    client.get(url)

    assert (one, queries(client, url)) == (number, number)


@pytest.mark.parametrize("ending", ["docx", "csv"])
def test_report_as_a_file_costs_the_same_with_few_answers_and_with_many(
    client, response, coordinator, ending
):
    url = f"/responses/PER/2025/report.{ending}"
    client.get(url)
    few = queries(client, url)
    put(response, coordinator, {str(a): v for a, v in demo_answers("MEX").items()})

    assert (few, queries(client, url)) == (8, 8)


def test_home_costs_the_same_with_one_response_and_with_three(
    response, nmdc_db, peru, client, officer
):
    one = queries(client, "/")
    for year in (2021, 2022):
        round_ = RoundFactory(questionnaire=nmdc_db, year=year)
        open_round(round_=round_, countries=[peru], by=officer)

    three = queries(client, "/")

    assert (one, three) == (5, 5)


def test_team_page_costs_the_same_with_one_person_and_with_many(
    client, peru, coordinator
):
    url = "/responses/PER/2025/team/"
    one = queries(client, url)
    for number in range(3):
        MemberFactory(country=peru, role="contributor")
        offer(peru, coordinator, email=f"person{number}@example.com")

    many = queries(client, url)

    assert (one, many) == (7, 7)


@pytest.mark.parametrize("number", [1, 3])
def test_files_cost_the_same_one_or_three(client, response, media, number):
    for count in range(number):
        client.post(
            "/responses/PER/2025/evidence/gen-11/",
            {"file": upload(f"{count}.pdf", pdf(count))},
        )

    section = queries(client, "/responses/PER/2025/sections/gen/")
    page = queries(client, "/responses/PER/2025/evidence/gen-11/")

    assert (section, page) == (7, 6)


@pytest.fixture
def said(full, coordinator, officer):
    """A returned response with a point that must be settled, and a way to make more."""
    submit(full, coordinator)
    ask(full, officer, "SRC-INV[SRC-CEN].latest_year", must_settle=True)
    note(full, officer, "SRC-INV")
    return_response(response=full, by=officer, message="")

    def more():
        for place in ("SRC", "SRC-INV", "SRC-01", "GEN-03"):
            answer(ask(full, officer, place, must_settle=True), coordinator)
            note(full, officer, place)

    return more


@pytest.mark.parametrize(
    ("path", "country", "unsd"),
    [
        ("", 9, 7),
        ("check/", 8, 7),
        ("sections/src/", 7, 7),
        ("comments/", 5, 6),
        ("comments/?at=SRC-INV", 5, 6),
        ("comments/?at=GEN-05", 6, 7),
        ("comments/at/SRC-INV/", 4, 5),
    ],
)
def test_pages_cost_the_same_with_one_comment_and_with_many(
    said, client, officer, signed_in, path, country, unsd
):
    url, review = f"/responses/PER/2025/{path}", signed_in(officer)
    client.get(url)
    one = (queries(client, url), queries(review, url))
    said()

    many = (queries(client, url), queries(review, url))

    assert (one, many) == ((country, unsd), (country, unsd))


def test_autosave_costs_the_same_with_comments(said, client):
    assert save(client, [sent(NOTES[0], "x")]) == 9


def test_audit_trail_costs_the_same_with_little_and_with_much(
    response, coordinator, signed_in
):
    client = signed_in(AdministratorFactory())
    client.get("/audit/")
    few = queries(client, "/audit/")
    put(response, coordinator, {str(a): v for a, v in demo_answers("MEX").items()})
    submit(response, coordinator)

    assert (few, queries(client, "/audit/")) == (7, 7)
    assert queries(client, "/audit/?group=-answer&person=a&country=1") == 6


def test_clearance_costs_the_same_with_one_institution_and_with_many(
    client, response, coordinator
):
    url = "/responses/PER/2025/clearance/"

    def costs():
        pages = (url, f"{url}concur/", f"{url}paper/", "/responses/PER/2025/check/")
        return [queries(client, page) for page in pages]

    asked = ask_to_clear(response)
    give(asked, coordinator, "a@x.pe", "POL")
    concur(asked, coordinator, "POL")
    clear(asked, coordinator, without=["a@x.pe"])
    put(asked, coordinator, {"POL-01": "draft"})
    costs()
    one = costs()
    for number in range(3):
        give(asked, coordinator, f"b{number}@x.pe", "SRC")
        named = dataclasses.replace(INTERIOR, institution=f"Ministry {number}")
        concur(asked, coordinator, "SRC", signature=named)
    put(asked, coordinator, {"SRC-01": 2020, "GEN-03": "INEI"})

    many = costs()

    assert (one, many) == ([9, 9, 9, 7], [9, 9, 9, 7])
