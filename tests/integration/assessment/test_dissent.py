"""Differing views on the pages: recorded, listed, adopted, withdrawn, printed or not."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.models import DifferingView, Response
from assessment.queries import held_answers
from assessment.services.dissent import record_view
from tests.factories import AdministratorFactory, MemberFactory, OfficerFactory
from tests.instruments import at
from tests.saving import change, put, save, submit

VIEWS = "/responses/PER/2025/views/"
SECTION = "/responses/PER/2025/sections/src/"
YEAR = "SRC-INV[SRC-CEN].latest_year"
VARIABLES = "SRC-INV[SRC-CEN].variables"


@pytest.fixture
def answered(response, coordinator):
    put(response, coordinator, {YEAR: 2017, "GEN-03": "INEI", VARIABLES: ["sex"]})
    return response


@pytest.fixture
def view(answered, contributor):
    return record(answered, contributor)


@pytest.fixture
def client(response, coordinator, signed_in):
    return signed_in(coordinator)


def record(response, by, cell=YEAR, value=2007, text="Not all regions."):
    return record_view(
        response=response,
        address=at(cell),
        value=value,
        text=text,
        institution="Ministry of Interior",
        by=by,
    )


def post(client, cell=YEAR, **data):
    sent = {"cell": cell, "text": "", "institution": "Ministry of Interior"} | data
    return client.post(f"{VIEWS}record/", sent, follow=True)


def text_of(page):
    content = html.unescape(page.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


@pytest.mark.parametrize("role", ["contributor", "coordinator", "observer"])
def test_people_of_the_country_read_the_views(view, peru, signed_in, role):
    client = signed_in(MemberFactory(country=peru, role=role))

    text = text_of(client.get(VIEWS))

    assert "National answer: 2017" in text
    assert "Ministry of Interior Differing answer: 2007 Not all regions." in text
    assert "1 differing view" in text_of(client.get(SECTION))


@pytest.mark.parametrize("factory", [OfficerFactory, AdministratorFactory])
def test_nobody_at_unsd_reads_them(view, answered, coordinator, signed_in, factory):
    submit(answered, coordinator)
    client = signed_in(factory())

    assert client.get(VIEWS).status_code == 404
    for path in ("", "check/", "sections/src/"):
        page = client.get(f"/responses/PER/2025/{path}")
        assert page.status_code == 200
        assert "differing" not in text_of(page)


def test_hub_and_check_lead_to_the_views(view, client):
    for path in ("", "check/"):
        page = client.get(f"/responses/PER/2025/{path}")
        assert f'<a href="{VIEWS}">1 differing view on the answers</a>' in (
            page.content.decode()
        )


def test_question_leads_to_its_views(view, client):
    content = client.get(SECTION).content.decode()

    links = dict(
        re.findall(rf'href="{VIEWS}\?question=([A-Z0-9-]+)">([^<]*)<', content)
    )
    assert links.pop("SRC-INV") == "1 differing view"
    assert set(links.values()) == {"Record a differing view"}


def test_observer_is_led_to_views_that_exist_only(view, peru, signed_in):
    client = signed_in(MemberFactory(country=peru, role="observer"))

    content = client.get(SECTION).content.decode()

    assert re.findall(rf'href="{VIEWS}\?question=([A-Z0-9-]+)"', content) == ["SRC-INV"]


def test_matrix_question_offers_its_cells_then_the_control(answered, client):
    url = f"{VIEWS}?question=SRC-INV"
    first = client.get(url).content.decode()

    assert (
        f'<option value="{YEAR}">Population and housing census – Latest year' in first
    )
    assert "Whose view this is" not in first

    second = client.get(url, {"question": "SRC-INV", "cell": YEAR}).content.decode()

    assert f'<option value="{YEAR}" selected>' in second
    assert f'name="{YEAR}" value=""' in second


def test_plain_question_shows_its_control_at_once(answered, client):
    page = client.get(f"{VIEWS}?question=COO-01")

    assert '<select class="form-select form-select-sm" name="COO-01"' in (
        page.content.decode()
    )


@pytest.mark.parametrize(
    "question", ["GEN-02", "GEN-05", "GEN-09", "GEN-12", "POL-NEEDS"]
)
def test_question_of_every_kind_opens(answered, client, question):
    page = client.get(VIEWS, {"question": question})

    assert page.status_code == 200
    assert "Record a differing view" in text_of(page)


def test_entry_of_a_group_is_named_by_its_number(answered, client, coordinator):
    put(answered, coordinator, {"GEN-05[abcdefgh].name": "Ana"})

    page = client.get(VIEWS, {"question": "GEN-05", "cell": "GEN-05[abcdefgh].name"})

    assert "Entry 1" in text_of(page)
    assert "National answer: Ana" in text_of(page)


@pytest.mark.parametrize("question", ["XXX", "gen-03", "GEN-03[x"])
def test_unknown_question_has_no_views(response, client, question):
    assert client.get(VIEWS, {"question": question}).status_code == 404


@pytest.mark.parametrize(
    ("cell", "sent", "value"),
    [
        (YEAR, {YEAR: "2007"}, 2007),
        (YEAR, {YEAR: "", f"{YEAR}~dk": "dk"}, "dk"),
        (VARIABLES, {VARIABLES: ["citizenship", "sex"]}, ["sex", "citizenship"]),
        ("GEN-03", {"GEN-03": "Migraciones"}, "Migraciones"),
        ("GEN-03", {"text": "It changed in spring."}, None),
    ],
)
def test_view_is_recorded_from_the_form(
    answered, client, coordinator, cell, sent, value
):
    page = post(client, cell, **sent)

    assert "The view is recorded. The national answer stays as it is." in text_of(page)
    view = DifferingView.objects.get()
    assert (str(view.address), view.value, view.recorded_by) == (
        cell,
        value,
        coordinator,
    )


@pytest.mark.parametrize(
    ("sent", "message", "kept"),
    [
        ({YEAR: "soon"}, "Enter a year", f'name="{YEAR}" value="soon"'),
        ({YEAR: "2017"}, "nothing differs", f'name="{YEAR}" value="2017"'),
        ({YEAR: "2007", "institution": ""}, "Say whose view this is.", 'value="2007"'),
        (
            {YEAR: "", f"{YEAR}~dk": "dk", "institution": ""},
            "whose",
            'value="dk" checked',
        ),
        ({}, "Give another answer, or a remark", f'name="{YEAR}" value=""'),
    ],
)
def test_refused_view_comes_back_as_it_was_sent(answered, client, sent, message, kept):
    page = post(client, **sent)

    assert page.status_code == 422
    assert message in text_of(page)
    assert kept in page.content.decode()
    assert DifferingView.objects.count() == 0


def test_own_view_is_where_a_change_starts(answered, client, coordinator):
    record(answered, coordinator)

    content = client.get(VIEWS, {"question": "SRC-INV", "cell": YEAR}).content.decode()

    assert "Replace my view" in content
    assert f'name="{YEAR}" value="2007"' in content
    assert ">Not all regions.</textarea>" in content
    assert 'value="Ministry of Interior"' in content


def test_coordinator_adopts_a_view(view, answered, client):
    page = client.get(VIEWS)
    (base,) = re.findall(r'name="base" value="(\d+)"', page.content.decode())

    page = client.post(f"{VIEWS}{view.pk}/adopt/", {"base": base}, follow=True)

    text = text_of(page)
    assert "This is the national answer now. The views stay attached." in text
    assert "National answer: 2007" in text
    assert "Is the national answer" in text
    assert "Adopt as" not in text
    assert held_answers(answered)[at(YEAR)].value == 2007


def test_adopting_over_a_newer_answer_is_a_conflict(
    view, answered, contributor, client
):
    save(answered, contributor, change(YEAR, 2019, 1))

    page = client.post(f"{VIEWS}{view.pk}/adopt/", {"base": "1"}, follow=True)

    assert f"{contributor.name} changed the national answer meanwhile." in text_of(page)
    assert held_answers(answered)[at(YEAR)].value == 2019


@pytest.mark.parametrize(
    ("number", "data", "status"),
    [
        ("9" * 30, {"base": "1"}, 404),
        ("0", {"base": "1"}, 404),
        (None, {"base": "x"}, 400),
        (None, {}, 400),
    ],
)
def test_odd_adoption_is_refused(view, client, number, data, status):
    page = client.post(f"{VIEWS}{number or view.pk}/adopt/", data)

    assert page.status_code == status


def test_view_of_another_response_is_not_found(view, client, nmdc_db):
    DifferingView.objects.update(response=other_response(view.response))

    assert client.post(f"{VIEWS}{view.pk}/withdraw/").status_code == 404


def other_response(response):
    country = response.country._meta.model.objects.get(iso3="CHL")
    return Response.objects.create(
        round=response.round, country=country, opened_by=response.opened_by
    )


def test_own_view_is_withdrawn(view, contributor, signed_in):
    client = signed_in(contributor)

    page = client.post(f"{VIEWS}{view.pk}/withdraw/", follow=True)

    assert "1 view withdrawn" in text_of(page)
    assert "differing view on the answers" not in text_of(
        client.get("/responses/PER/2025/")
    )


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        ("observer", (403, 403, 403, 403)),
        ("contributor", (200, 403, 403, 403)),
        ("coordinator", (200, 403, 200, 200)),
    ],
)
def test_actions_ask_the_access_table(view, peru, signed_in, role, statuses):
    client = signed_in(MemberFactory(country=peru, role=role))
    actions = [
        post(client, "GEN-03", **{"GEN-03": "X"}),
        client.post(f"{VIEWS}{view.pk}/withdraw/", follow=True),
        client.post(f"{VIEWS}{view.pk}/adopt/", {"base": "1"}, follow=True),
        client.post(f"{VIEWS}print/", {"printed": "yes"}, follow=True),
    ]

    assert tuple(page.status_code for page in actions) == statuses


def test_submitted_response_shows_views_and_changes_none(
    view, answered, coordinator, client
):
    submit(answered, coordinator)

    page = client.get(f"{VIEWS}?question=SRC-INV&cell={YEAR}")

    assert "Differing answer: 2007" in text_of(page)
    assert b"<form" not in page.content.split(b"<main")[1].split(b"</main>")[0]
    assert post(client, "GEN-03", **{"GEN-03": "X"}).status_code == 409


def test_printing_is_switched(view, answered, client, fresh):
    page = client.post(f"{VIEWS}print/", {"printed": "yes"}, follow=True)
    assert "The annex of the report prints the views that stand." in text_of(page)
    assert fresh(answered).prints_views is True

    client.post(f"{VIEWS}print/", {"printed": "no"})
    assert fresh(answered).prints_views is False


@pytest.mark.parametrize("path", ["", "?question=SRC-INV"])
def test_list_costs_the_same_with_one_view_and_with_many(
    view, answered, coordinator, client, path
):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(VIEWS + path).status_code == 200
        return len(captured)

    client.get(VIEWS + path)
    one = queries()
    for row in ("SRC-LFS", "SRC-DHS", "SRC-CEN"):
        record(answered, coordinator, f"SRC-INV[{row}].exists", "no")

    assert (one, queries()) == (6, 6)
