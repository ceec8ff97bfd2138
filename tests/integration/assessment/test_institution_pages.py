"""The page of institutions, its forms, the CSV, and adding from an answer."""

import csv
import html
import io
import json

import pytest

from assessment.models import Institution
from assessment.queries import held_answers
from assessment.services.rounds import open_response
from tests.factories import (
    AdministratorFactory,
    InstitutionFactory,
    MemberFactory,
    OfficerFactory,
)
from tests.instruments import at
from tests.saving import put, submit

LIST = "/responses/PER/2025/team/institutions/"
ADD = f"{LIST}add/"
ADOPT = f"{LIST}adopt/"
CSV = f"{LIST}holdings.csv"
CENSUS = "SRC-INV[SRC-CEN]"


@pytest.fixture
def named(response, coordinator):
    put(
        response,
        coordinator,
        {
            "GEN-03": "Statistical office",
            f"{CENSUS}.exists": "yes",
            f"{CENSUS}.holder": "=INEI",
        },
    )
    return response


@pytest.fixture
def office(peru):
    return InstitutionFactory(
        country=peru, name="Statistical office", contact_email="ana@example.org"
    )


@pytest.fixture
def client(response, coordinator, signed_in):
    return signed_in(coordinator)


def text(page):
    return html.unescape(page.content.decode())


def names():
    return sorted(
        Institution.objects.filter(merged_into=None).values_list("name", flat=True)
    )


def member(signed_in, peru, role):
    return signed_in(MemberFactory(country=peru, role=role))


# Who sees and does what


def test_list_shows_listed_unlisted_and_holdings(named, office, client):
    page = client.get(LIST)

    assert page.status_code == 200
    assert "ana@example.org" in text(page)
    assert "Named in answers, not listed yet" in text(page)
    assert f"{LIST}{office.pk}/merge/" in text(page)
    assert "List it" in text(page)


@pytest.mark.parametrize(
    ("role", "adds", "manages"),
    [("contributor", True, False), ("observer", False, False)],
)
def test_others_of_the_country_read(
    named, office, signed_in, peru, role, adds, manages
):
    page = member(signed_in, peru, role).get(LIST)

    assert page.status_code == 200
    assert ("List it" in text(page), ADD in text(page)) == (adds, adds)
    assert (f"{LIST}{office.pk}/" in text(page)) is manages


@pytest.mark.parametrize("factory", [OfficerFactory, AdministratorFactory])
def test_unsd_reads_what_was_submitted_without_contacts(
    named, office, coordinator, signed_in, factory
):
    client = signed_in(factory())
    assert client.get(LIST).status_code == 404
    submit(named, coordinator)

    page = client.get(LIST)

    assert page.status_code == 200
    assert "What they hold is read from submission 1." in text(page)
    assert "ana@example.org" not in text(page)
    assert ADD not in text(page)


@pytest.mark.parametrize(
    ("role", "codes"),
    [
        ("contributor", [200, 302, 302, 403, 403, 403, 403]),
        ("observer", [403, 403, 403, 403, 403, 403, 403]),
    ],
)
def test_roles_in_the_country_do_what_they_may(
    named, office, signed_in, peru, role, codes
):
    client = member(signed_in, peru, role)
    edit, merge = f"{LIST}{office.pk}/", f"{LIST}{office.pk}/merge/"

    found = [
        client.get(ADD).status_code,
        client.post(ADD, {"name": "New"}).status_code,
        client.post(ADOPT, {"name": "=INEI"}).status_code,
        client.get(edit).status_code,
        client.post(edit, {"name": "New"}).status_code,
        client.get(merge).status_code,
        client.post(merge, {"into": office.pk}).status_code,
    ]

    assert found == codes


@pytest.mark.parametrize("path", ["", "merge/"])
@pytest.mark.parametrize("pk", ["other", "merged", 99999, 10**30])
def test_institution_of_another_country_does_not_exist(client, peru, office, path, pk):
    chile = peru._meta.model.objects.get(iso3="CHL")
    pks = {
        "other": InstitutionFactory(country=chile).pk,
        "merged": InstitutionFactory(
            country=peru,
            merged_into=office,
            merged_at=office.created_at,
            merged_by=office.created_by,
        ).pk,
    }
    url = f"{LIST}{pks.get(pk, pk)}/{path}"

    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)


@pytest.mark.parametrize("into", ["other", "self", "", "x", 10**30])
def test_merging_into_what_is_not_offered_is_refused(client, peru, office, into):
    chile = peru._meta.model.objects.get(iso3="CHL")
    pks = {"other": InstitutionFactory(country=chile).pk, "self": office.pk}

    page = client.post(f"{LIST}{office.pk}/merge/", {"into": pks.get(into, into)})

    assert page.status_code == 422
    assert Institution.objects.get(pk=office.pk).merged_into is None


# Adding


def test_form_adds_and_comes_back(client, peru, office):
    page = client.post(
        ADD,
        {
            "name": "Migraciones",
            "short_name": "MIG",
            "kind": "border",
            "parent": office.pk,
            "contact_name": "Ana",
            "contact_email": "ana@example.org",
            "aliases": "DIGEMIN\r\n\r\nDirección",
        },
    )

    made = Institution.objects.get(name="Migraciones")
    assert (page.status_code, page.headers["Location"]) == (302, LIST)
    assert (made.short_name, made.kind, made.parent) == ("MIG", "border", office)
    assert made.aliases == ["DIGEMIN", "Dirección"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": " \u200a "}, "This field is required."),
        ({"name": "x" * 301}, "at most 300 characters"),
        ({"name": "STATISTICAL office"}, "it is a name of Statistical office."),
        ({"name": "A", "aliases": "Statistical office"}, "it is a name of"),
        ({"name": "A", "contact_email": "nobody"}, "Enter a valid email address."),
        ({"name": "A", "kind": "circus"}, "Select a valid choice."),
        ({"name": "A", "aliases": "\n".join(map(str, range(51)))}, "At most 50"),
        ({"name": "A", "aliases": "y" * 301}, "at most 300 characters"),
        ({"name": "A\x00"}, "Null characters are not allowed."),
    ],
)
def test_form_refuses_in_words_and_keeps_the_text(client, office, data, message):
    page = client.post(ADD, data)

    assert page.status_code == 422
    assert message in text(page)
    assert text(page).count("Error:") == 1
    assert names() == ["Statistical office"]


def add_in_place(client, body):
    return client.post(ADD, body, content_type="application/json")


def test_answer_adds_in_place_once(named, client):
    first = add_in_place(client, json.dumps({"name": " Migraciones "}))
    second = add_in_place(client, json.dumps({"name": "MIGRACIONES"}))

    assert (first.status_code, first.json()) == (
        201,
        {"name": "Migraciones", "is_new": True},
    )
    assert (second.status_code, second.json()) == (
        200,
        {"name": "Migraciones", "is_new": False},
    )
    assert names() == ["Migraciones"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (" ", 400),
        ("[]", 400),
        ("{}", 400),
        ("[" * 100_000, 400),
        ('{"name": ""}', 422),
        ('{"name": null}', 422),
        ('{"name": "\\ud800"}', 422),
        ('{"name": "\\u0000"}', 422),
        (json.dumps({"name": "x" * 301}), 422),
    ],
)
def test_malformed_name_in_place_is_refused(client, body, code):
    page = add_in_place(client, body)

    assert (page.status_code, names()) == (code, [])
    assert page.json()["message"] != ""


def test_name_that_is_a_number_becomes_text(client):
    assert add_in_place(client, '{"name": 5}').json() == {"name": "5", "is_new": True}


def test_observer_adds_nothing_in_place(response, signed_in, peru):
    page = add_in_place(member(signed_in, peru, "observer"), '{"name": "A"}')

    assert (page.status_code, page.json()["code"]) == (403, "forbidden")


def test_submitted_response_takes_no_institution_of_a_contributor(
    response, coordinator, signed_in, contributor
):
    submit(response, coordinator)

    page = add_in_place(signed_in(contributor), '{"name": "A"}')

    assert (page.status_code, page.json()["state"]) == (409, "submitted")


def test_signed_out_is_told_so(response, client):
    client.logout()

    page = add_in_place(client, '{"name": "A"}')

    assert (page.status_code, page.json()["code"]) == (401, "session")


@pytest.mark.parametrize(
    ("data", "made"),
    [
        ({"name": "=INEI"}, ["=INEI"]),
        ({"name": ["=inei", "Nowhere"]}, ["=INEI"]),
        ({"all": "1"}, ["=INEI", "Statistical office"]),
        ({}, []),
    ],
)
def test_names_in_answers_are_listed_by_one_click(named, client, data, made):
    page = client.post(ADOPT, data, follow=True)

    assert names() == made
    expected = {
        0: "Every one of these names was listed already.",
        1: "1 institution was",
    }
    assert expected.get(len(made), "2 institutions were") in text(page)


# Changing


def test_renaming_says_how_many_answers_follow(named, office, client):
    page = client.post(f"{LIST}{office.pk}/", {"name": "INE"}, follow=True)

    assert "1 answer now gives the new name" in text(page)
    assert held_answers(named)[at("GEN-03")].value == "INE"
    history = text(client.get(f"{LIST}{office.pk}/"))
    assert "<del>Statistical office</del> → INE (1 answer rewritten)" in history


def test_change_to_a_taken_name_is_refused(named, office, client, peru):
    InstitutionFactory(country=peru, name="INE")

    page = client.post(f"{LIST}{office.pk}/", {"name": "ine"})

    assert page.status_code == 422
    assert "“ine” is already listed" in text(page)
    assert held_answers(named)[at("GEN-03")].value == "Statistical office"


def test_history_reads_in_words(office, client):
    client.post(
        f"{LIST}{office.pk}/",
        {"name": office.name, "kind": "bank", "is_retired": "on"},
    )

    page = text(client.get(f"{LIST}{office.pk}/"))

    assert "<strong>Kind</strong>: Central bank" in page
    assert "<strong>No longer offered</strong>: <del>no</del> → yes" in page


# Merging


def test_merge_shows_each_place_before_it_changes(named, office, client, peru):
    into = InstitutionFactory(country=peru, name="INEI")
    url = f"{LIST}{office.pk}/merge/"

    choose = client.get(url)
    confirm = client.get(url, {"into": into.pk})

    assert "Show what changes" in text(choose)
    assert "Merge Statistical office into INEI?" in text(confirm)
    assert "1 answer changes." in text(confirm)
    assert "<del>Statistical office</del> → INEI" in text(confirm)
    assert held_answers(named)[at("GEN-03")].value == "Statistical office"

    done = client.post(url, {"into": into.pk}, follow=True)

    assert "Statistical office is now a name of INEI." in text(done)
    assert held_answers(named)[at("GEN-03")].value == "INEI"
    assert names() == ["INEI"]


def test_merge_that_changes_no_answer_says_so(response, office, client, peru):
    into = InstitutionFactory(country=peru, name="INEI")

    page = client.get(f"{LIST}{office.pk}/merge/", {"into": into.pk})

    assert "so no answer changes" in text(page)


# Who holds what


def rows(page):
    return list(csv.reader(io.StringIO(page.content.decode("utf-8-sig"))))


def test_holdings_are_sent_as_csv_without_formulas(named, office, client):
    page = client.get(CSV)

    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert page.headers["Content-Disposition"] == (
        'attachment; filename="who-holds-what-PER-2025.csv"'
    )
    assert page.headers["Cache-Control"] == "private, no-store"
    assert rows(page) == [
        ["institution", "short_name", "kind", "listed", "part", "code", "what", "note"],
        [
            "'=INEI",
            "",
            "",
            "no",
            "sources",
            f"{CENSUS}.holder",
            "Population and housing census",
            "",
        ],
        ["Statistical office", "", "", "yes", "roles", "GEN-03", "Lead agency", ""],
    ]


def test_holdings_of_a_draft_are_not_for_unsd(named, officer, signed_in):
    assert signed_in(officer).get(CSV).status_code == 404


def test_institutions_of_one_country_are_not_offered_in_another(
    named, office, peru, round_2025, officer, signed_in
):
    chile = peru._meta.model.objects.get(iso3="CHL")
    open_response(round_=round_2025, country=chile, by=officer)
    stranger = signed_in(MemberFactory(country=chile, role="coordinator"))

    page = stranger.get("/responses/CHL/2025/sections/gen/")

    assert page.status_code == 200
    assert "Statistical office" not in text(page).split('id="institution-data"')[1]


# The field in an answer


def test_field_works_without_scripts_by_a_plain_list(named, office, client):
    page = text(client.get("/responses/PER/2025/sections/src/"))

    assert '<option value="=INEI"></option>' in page
    assert '<option value="Statistical office"></option>' in page
    assert 'list="institutions" data-institution' in page


def test_reader_is_offered_nothing(named, office, signed_in, peru):
    page = text(
        member(signed_in, peru, "observer").get("/responses/PER/2025/sections/src/")
    )

    assert "data-institution" not in page
    assert "<datalist" not in page


# The demonstration
