"""Rules that fire, on the page of a section and as an open page asks for them."""

import html
import re

import pytest

from assessment.services.answers import save_changes
from tests.delegating import give, switch
from tests.factories import MemberFactory, OfficerFactory
from tests.saving import change, put, submit

HUB = "/responses/PER/2025/"
LATE = {"SRC-INV[SRC-CEN].exists": "yes", "SRC-INV[SRC-CEN].latest_year": 2026}
EARLIER_CENSUS = {"SRC-01": 2024}
STRATEGY = {"STR-01": "adopted", "STR-02": 2026}


def url(code, end=""):
    return f"{HUB}sections/{code}/{end}"


def text(page):
    assert page.status_code == 200, page.status_code
    return page.content.decode()


def words(markup):
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(markup)).split())


@pytest.fixture
def client(response, coordinator, signed_in):
    return signed_in(coordinator)


# The page


def test_message_stands_under_the_row_of_its_cell(response, coordinator, client):
    put(response, coordinator, LATE)

    page = text(client.get(url("src")))

    row = page.split('<tr data-row="SRC-CEN"')[1].split("<tr data-row")[0]
    assert '<tr class="matrix__rules"><td colspan="11">' in row
    assert "The latest year of a source is later than the assessment year" in row
    assert f'href="{url("gen")}#q-GEN-02"' in row
    assert 'aria-describedby="rule-C-001"' in row
    assert 'data-mark="error"' in row
    assert page.count('id="rule-C-001"') == 1


def test_rule_across_sections_stands_in_both(response, coordinator, client):
    put(response, coordinator, LATE)

    page = text(client.get(url("gen")))

    place = page.split('data-rules-at="GEN-02">')[1].split("question__more")[0]
    assert "Contradiction: cannot both be true." in words(place)
    assert "Population and housing census · Latest year SRC-INV" in words(place)
    assert "Inventory of data sources" not in words(text(client.get(url("str"))))


def test_plain_question_is_described_by_its_message(response, coordinator, client):
    put(response, coordinator, STRATEGY)

    page = text(client.get(url("str")))

    assert re.search(
        r'<fieldset class="field" aria-describedby="[^"]*rule-C-007"', page
    )
    assert re.search(r'name="STR-02"[^>]* aria-describedby="[^"]*rule-C-007"', page)
    assert page.count('data-mark="error"') == 2


def test_counts_stand_at_the_top_with_links_to_the_messages(
    response, coordinator, client
):
    put(response, coordinator, LATE | EARLIER_CENSUS | {"SRC-01": 2020})

    page = text(client.get(url("src")))

    place = page.split('id="section-checks"')[1].split("section-form")[0]
    assert "■ 2 contradictions ▲ 1 point to explain" in words(place)
    assert place.count('href="#rule-C-') == 3


def test_section_without_any_says_so_where_one_may_answer(
    response, coordinator, client
):
    assert "No contradictions in this section." in text(client.get(url("src")))


def test_note_is_open_while_a_remark_is_waited_for(response, coordinator, client):
    put(response, coordinator, EARLIER_CENSUS)

    before = text(client.get(url("src")))
    put(response, coordinator, {"SRC-01.@note": "Postponed <late>."})
    after = text(client.get(url("src")))

    question = before.split('id="q-SRC-01"')[1].split('id="q-')[0]
    assert '<details class="question__detail" open>' in question
    assert "Explain in the note" in question
    assert f'href="{url("src")}#c-SRC-01.%40note"' in question
    assert "Unusual together: explained." in after
    assert "Postponed &lt;late&gt;." in after
    assert "Change the explanation" in after


def test_reader_of_the_country_is_offered_no_note(
    response, coordinator, peru, signed_in
):
    put(response, coordinator, EARLIER_CENSUS)
    observer = MemberFactory(country=peru, role="observer")

    page = text(signed_in(observer).get(url("src")))

    assert "Unusual together: check, or explain." in page
    assert "No explanation given." in page
    assert "in the note" not in page
    assert "Why this is pointed out" not in page


def test_note_is_offered_only_where_the_person_may_write_it(
    response, coordinator, contributor, peru, signed_in
):
    put(response, coordinator, EARLIER_CENSUS)
    switch(peru, coordinator)
    give(response, coordinator, contributor, "SRC-INV")
    client = signed_in(contributor)

    assert "in the note" not in text(client.get(url("src")))
    assert (
        "in the note" not in client.get(url("src", "checks")).json()["places"]["SRC-01"]
    )
    give(response, coordinator, contributor, "SRC-01")
    assert "in the note" in client.get(url("src", "checks")).json()["places"]["SRC-01"]


# What an open page asks


def test_checks_are_what_the_page_shows(response, coordinator, client):
    put(response, coordinator, LATE | EARLIER_CENSUS)

    found = client.get(url("src", "checks")).json()

    page = text(client.get(url("src")))
    assert set(found) == {"said", "summary", "places", "cells"}
    assert set(found["places"]) == {"SRC-INV[SRC-CEN]", "SRC-01"}
    assert found["places"]["SRC-01"].index("C-011") < found["places"]["SRC-01"].index(
        "C-010"
    )
    assert found["cells"] == {
        "SRC-INV[SRC-CEN].latest_year": {
            "level": "error",
            "ids": "rule-C-001 rule-C-010 rule-C-011",
        },
        "SRC-01": {"level": "error", "ids": "rule-C-010 rule-C-011"},
    }
    assert found["said"] == "In this section: 2 contradictions, 1 point to explain."
    for place in (*found["places"].values(), found["summary"]):
        assert " ".join(place.split()) in " ".join(page.split())


def test_checks_of_an_empty_section(response, client):
    found = client.get(url("src", "checks")).json()

    none = "No contradictions in this section."
    assert (found["said"], words(found["summary"])) == (none, none)
    assert (found["places"], found["cells"]) == ({}, {})


def test_checks_are_never_kept(response, client):
    page = client.get(url("src", "checks"))

    assert "no-store" in page.headers["Cache-Control"]


def test_unknown_section_has_no_checks(response, client):
    assert client.get(url("xxx", "checks")).status_code == 404


def test_officers_never_read_live_checks(response, coordinator, signed_in):
    submit(response, coordinator)

    assert signed_in(OfficerFactory()).get(url("src", "checks")).status_code == 404


def test_session_that_ended_is_told_as_json(response, client):
    client.logout()

    page = client.get(
        url("src", "checks"), headers={"Content-Type": "application/json"}
    )

    assert (page.status_code, page.json()["code"]) == (401, "session")


def test_carried_over_remark_is_to_be_confirmed(response, coordinator, client):
    put(response, coordinator, EARLIER_CENSUS)
    save_changes(
        response=response,
        changes=[change("SRC-01.@note", "Postponed.")],
        by=coordinator,
        via="prefill",
        is_confirmed=False,
    )

    place = client.get(url("src", "checks")).json()["places"]["SRC-01"]

    assert "The remark of the last round is not confirmed yet." in place
    assert "Confirm in the note" in place
    assert "Unusual together: check, or explain." in place
