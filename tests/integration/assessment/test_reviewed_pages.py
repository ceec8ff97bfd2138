"""Reviewed values on the pages: set, listed, changed and withdrawn, by whom and when."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.comment_queries import place_in
from assessment.models import Answer, Response, ReviewedValue
from assessment.services.comments import write_note
from assessment.services.reviewed import set_reviewed_value, withdraw_reviewed_value
from assessment.services.transitions import accept_response, return_response
from tests.factories import AdministratorFactory, MemberFactory
from tests.instruments import at, nmdc
from tests.saving import put, submit

PER = "/responses/PER/2025/"
LIST = f"{PER}reviewed/"
SET = f"{PER}reviewed/set/"
SRC = f"{PER}sections/src/"
COO = f"{PER}sections/coo/"
YEAR = "SRC-INV[SRC-CEN].latest_year"
REASON = "The census was held in 2007."


@pytest.fixture
def submitted(response, coordinator, fresh):
    put(
        response,
        coordinator,
        {
            "SRC-INV[SRC-CEN].exists": "yes",
            YEAR: 2017,
            "COO-01": "informal",
            "BAS-05": ["refugees", "asylum"],
            "GEN-03": "INEI",
            "GEN-05[i1].name": "Ana Quispe",
        },
    )
    submit(response, coordinator)
    return fresh(response)


@pytest.fixture
def one(submitted, officer):
    return review(submitted, officer)


@pytest.fixture
def client(submitted, officer, signed_in):
    return signed_in(officer)


def review(response, by, cell=YEAR, value=2007, reason=REASON):
    return set_reviewed_value(
        response=response, address=at(cell), value=value, reason=reason, by=by
    )


def post(client, cell=YEAR, reason=REASON, **values):
    sent = {"cell": cell, "reason": reason} | values
    return client.post(SET, sent, follow=True)


def text_of(page):
    content = html.unescape(page.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        page = client.get(url)
    assert page.status_code == 200, page.status_code
    return len(captured)


# Setting one


def test_officer_sets_a_value_beside_an_answer(client, officer):
    page = post(client, **{YEAR: "2007"})

    one = ReviewedValue.objects.get()
    assert (one.address, one.replaced, one.value, one.set_by) == (
        at(YEAR),
        2017,
        2007,
        officer,
    )
    assert page.redirect_chain == [(f"{LIST}#reviewed-{one.pk}", 302)]
    assert "The reviewed value is set beside the answer" in text_of(page)
    assert Answer.objects.get(question="SRC-INV", column="latest_year").value == 2017


def test_form_shows_question_answer_and_its_control(client):
    page = client.get(SET, {"cell": "COO-01"})

    content, text = page.content.decode(), text_of(page)
    question = nmdc().question_by_code["COO-01"]
    assert question.text in text
    assert "The country's answer: Informal but active" in text
    assert '<option value="informal" selected>' in content
    assert '<option value="dk">' in content
    main = content[content.index("<h1") : content.index("</main>")]
    assert main.count("btn-primary") == 1


def test_form_of_a_matrix_offers_its_cells_then_the_control(client):
    choosing = client.get(SET, {"cell": "SRC-INV"})
    chosen = client.get(SET, {"cell": YEAR})

    assert f'<option value="{YEAR}">' in choosing.content.decode()
    assert 'name="reason"' not in choosing.content.decode()
    assert f'<option value="{YEAR}" selected>' in chosen.content.decode()
    assert f'name="{YEAR}" value="2017"' in chosen.content.decode()


def test_form_of_a_group_offers_the_entries_given(client):
    content = client.get(SET, {"cell": "GEN-05"}).content.decode()

    assert '<option value="GEN-05[i1].name">' in content
    none = client.get(SET, {"cell": "GEN-06"})
    assert "This question has no entry to which a value could be set." in text_of(none)


def test_emptied_control_treats_the_answer_as_not_given(client):
    post(client, **{YEAR: ""})

    assert ReviewedValue.objects.get().value is None


def test_list_of_boxes_is_set(client):
    post(client, "BAS-05", **{"BAS-05": ["asylum", "students"]})

    assert ReviewedValue.objects.get().value == ["asylum", "students"]


@pytest.mark.parametrize(
    ("reason", "sent", "message"),
    [
        (" ", {YEAR: "2007"}, "Give the reason: the country reads it."),
        ("Since", {YEAR: "2017"}, "This is the country's answer already"),
        ("Since", {YEAR: "soon"}, "Enter a year with four digits"),
        ("Since", {}, "Give the reviewed value."),
    ],
)
def test_refused_value_is_shown_again_with_what_was_typed(
    client, reason, sent, message
):
    page = post(client, reason=reason, **sent)

    assert page.status_code == 422
    assert message in text_of(page)
    assert "Error: Reviewed value SRC-INV" in text_of(page)
    assert f'name="{YEAR}" value="{sent.get(YEAR, "")}"' in page.content.decode()
    assert f">{reason}</textarea>" in page.content.decode()
    assert ReviewedValue.objects.count() == 0


def test_standing_value_is_shown_in_the_form_and_changed(client, one):
    page = client.get(SET, {"cell": YEAR})

    assert "A reviewed value is set already" in text_of(page)
    assert f'name="{YEAR}" value="2007"' in page.content.decode()
    assert f">{REASON}</textarea>" in page.content.decode()
    post(client, reason="No, 2008.", **{YEAR: "2008"})
    assert [(v.value, v.is_standing) for v in ReviewedValue.objects.all()] == [
        (2007, False),
        (2008, True),
    ]


@pytest.mark.parametrize(
    "cell", ["", "XXX-01", "no address at all", f"{YEAR}.x", "../../etc"]
)
def test_form_of_what_is_no_cell_does_not_exist(client, cell):
    assert client.get(SET, {"cell": cell}).status_code == 404
    assert client.post(SET, {"cell": cell}).status_code == 404


def test_matrix_as_a_whole_takes_no_value(client):
    assert post(client, "SRC-INV").status_code == 404


@pytest.mark.parametrize("role", ["contributor", "coordinator", "observer"])
def test_nobody_of_the_country_sets_or_withdraws_one(one, peru, signed_in, role):
    client = signed_in(MemberFactory(country=peru, role=role))

    assert client.get(SET, {"cell": "COO-01"}).status_code == 403
    assert post(client, "COO-01", **{"COO-01": "formal"}).status_code == 403
    assert client.post(f"{LIST}{one.pk}/withdraw/").status_code == 403
    assert [v.is_standing for v in ReviewedValue.objects.all()] == [True]


@pytest.mark.parametrize("status", ["returned", "accepted"])
def test_nothing_is_set_unless_the_response_is_submitted(client, one, status):
    Response.objects.update(status=status)

    assert client.get(SET, {"cell": "COO-01"}).status_code == 409
    assert post(client, "COO-01", **{"COO-01": "formal"}).status_code == 409
    assert client.post(f"{LIST}{one.pk}/withdraw/").status_code == 409
    assert [v.is_standing for v in ReviewedValue.objects.all()] == [True]


def test_draft_does_not_exist_for_an_officer(response, officer, signed_in):
    client = signed_in(officer)

    assert client.get(LIST).status_code == 404
    assert client.get(SET, {"cell": "COO-01"}).status_code == 404


def test_administrator_sets_one_too(submitted, signed_in):
    post(signed_in(AdministratorFactory()), **{YEAR: "2007"})

    assert ReviewedValue.objects.count() == 1


# The list


@pytest.mark.parametrize("role", ["contributor", "coordinator", "observer", "officer"])
def test_both_sides_read_the_list(one, officer, peru, signed_in, role):
    person = officer if role == "officer" else MemberFactory(country=peru, role=role)

    page = signed_in(person).get(LIST)

    text = text_of(page)
    assert "Reviewed: “2007” instead of “2017”" in text
    assert f"Reason: {REASON}" in text
    assert f"Set by {officer.name} on submission 1" in text
    assert ("Withdraw" in text) is (role == "officer")
    assert f'href="{SRC}#c-SRC-INV%5BSRC-CEN%5D.latest_year"' in page.content.decode()
    assert f'href="{SRC}#q-SRC-INV"' in page.content.decode()


def test_list_without_values_says_so(client, submitted, coordinator, signed_in):
    assert "No reviewed value is set. To set one" in text_of(client.get(LIST))
    country = text_of(signed_in(coordinator).get(LIST))
    assert "No reviewed value is set on this response." in country


def test_officer_withdraws_one_and_it_stays_readable(client, one, officer):
    page = client.post(f"{LIST}{one.pk}/withdraw/", follow=True)

    text = text_of(page)
    assert "The reviewed value is withdrawn: the answer counts." in text
    assert "1 reviewed value withdrawn" in text
    assert f"Withdrawn by {officer.name}" in text
    assert ReviewedValue.objects.get().withdrawn_by == officer


def test_value_of_another_response_is_not_withdrawn(client, one, round_2025, officer):
    other = one.pk + 1

    assert client.post(f"{LIST}{other}/withdraw/").status_code == 404


def test_lapsed_value_says_what_is_answered_now(
    client, one, submitted, officer, coordinator
):
    return_response(response=submitted, by=officer, message="Please correct.")
    put(submitted, coordinator, {YEAR: 2012})
    submit(submitted, coordinator)

    text = text_of(client.get(LIST))

    assert "Reviewed: “2007” instead of “2017”" in text
    assert "Lapsed: the answer is “2012” now." in text


def test_internal_note_is_not_among_what_the_country_reads(
    one, submitted, officer, coordinator, signed_in
):
    place = place_in(nmdc(), YEAR)
    write_note(
        response=submitted,
        place=place,
        text="Between us: ask the embassy.",
        by=officer,
    )

    for path in ("", "reviewed/", "sections/src/", "report/", "report/reviewed/"):
        page = signed_in(coordinator).get(f"{PER}{path}")
        assert page.status_code == 200
        assert "Between us" not in page.content.decode()


# Where else they show


def test_section_shows_the_value_to_both_sides(
    one, client, coordinator, peru, signed_in
):
    for reader in (client, signed_in(coordinator)):
        text = text_of(reader.get(SRC))
        assert "Reviewed: “2007” instead of “2017”" in text
        assert f"Reason: {REASON}" in text


def test_section_leads_an_officer_from_answered_questions_to_the_form(
    client, coordinator, signed_in
):
    asked = rf'href="{SET}\?cell=([A-Z0-9-]+)"'

    assert re.findall(asked, client.get(SRC).content.decode()) == ["SRC-INV"]
    assert re.findall(asked, client.get(COO).content.decode()) == ["COO-01"]
    country = signed_in(coordinator).get(COO).content.decode()
    assert re.findall(asked, country) == []


def test_section_of_a_returned_response_leads_nowhere(client, submitted, officer):
    return_response(response=submitted, by=officer, message="Please correct.")

    assert SET not in client.get(COO).content.decode()


def test_hub_leads_to_the_values_in_force(client, one, submitted, coordinator, officer):
    link = f'<a href="{LIST}">1 reviewed value beside the answers</a>'
    assert link in client.get(PER).content.decode()

    withdraw_reviewed_value(response=submitted, reviewed=one, by=officer)

    assert LIST not in client.get(PER).content.decode()


def test_list_stays_readable_after_acceptance(client, one, submitted, officer):
    accept_response(response=submitted, by=officer, open_confirmed=1)

    text = text_of(client.get(LIST))

    assert "Reviewed: “2007” instead of “2017”" in text
    assert "Withdraw" not in text


# Queries


@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_the_same_for_one_value_and_for_three(
    client, submitted, officer, number
):
    values = [("GEN-03", "x"), ("COO-01", "dk"), (YEAR, 2007)]
    for cell, value in values[:number]:
        review(submitted, officer, cell, value)
    client.get(LIST)

    assert queries(client, LIST) == 6
    assert queries(client, f"{SET}?cell=BAS-05") == 6
    assert queries(client, SRC) == 7
    assert queries(client, PER) == 8
