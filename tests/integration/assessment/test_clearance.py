"""Clearance on the pages: who concurred, who cleared, and what holds up the submission."""

import dataclasses
import html
import json
import re

import pytest

from assessment.clearance_queries import WHOLE, digests_of
from assessment.models import Clearance, Response
from tests.clearing import HEAD, ask_to_clear, board, clear, concur, reading_of
from tests.delegating import give
from tests.factories import AdministratorFactory, MemberFactory, OfficerFactory
from tests.saving import put, state_of, submit

BASE = "/responses/PER/2025/"
PAGE = f"{BASE}clearance/"
CONCUR = f"{PAGE}concur/"
PAPER = f"{PAGE}paper/"
SIGNED = {
    "institution": "INEI",
    "person_name": "Ana Quispe",
    "function": "Director-General",
    "signed_on": "2025-03-04",
    "remark": "",
}


@pytest.fixture
def asked(response, coordinator):
    put(response, coordinator, {"GEN-03": "INEI", "POL-01": "adopted"})
    return ask_to_clear(response)


@pytest.fixture
def delegated(asked, coordinator, contributor):
    give(asked, coordinator, contributor, "POL")
    return ask_to_clear(asked)


@pytest.fixture
def client(response, coordinator, signed_in):
    return signed_in(coordinator)


def text_of(page):
    content = html.unescape(page.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


def send(client, response, **data):
    return client.post(PAGE, SIGNED | {"seen": board(response).digest} | data)


def send_concurrence(client, response, *parts, query="", **data):
    reading = reading_of(response)
    seen = digests_of(reading.instrument, reading.answers, parts or [WHOLE])
    sent = SIGNED | {"seen": json.dumps(seen), "parts": parts} | data
    return client.post(CONCUR + query, sent)


def standing():
    found = Clearance.objects.filter(withdrawn_at__isnull=True).order_by("pk")
    return [(r.kind, r.institution) for r in found]


# Where it is found


def test_round_that_asks_for_none_has_no_such_page(response, client):
    assert [client.get(url).status_code for url in (PAGE, CONCUR, PAPER)] == [404] * 3
    assert send(client, response).status_code == 409
    assert "clearance" not in text_of(client.get(f"{BASE}check/")).lower()
    assert "clearance" not in text_of(client.get(BASE)).lower()


@pytest.mark.parametrize("path", ["", "check/"])
def test_hub_and_check_lead_to_it(asked, client, path):
    page = client.get(BASE + path)

    assert f'href="{PAGE}"' in page.content.decode()
    assert "This round asks for a clearance" in text_of(page)


def test_submit_stands_where_the_answers_are_cleared_only(asked, client, coordinator):
    button = f'formaction="{BASE}submit/"'
    assert button not in client.get(f"{BASE}check/").content.decode()

    clear(asked, coordinator)
    page = client.get(f"{BASE}check/")
    assert button in page.content.decode()
    assert (
        "The answers are cleared by Ana Quispe, Director-General, 4 Mar 2025 ."
        in text_of(page)
    )

    put(asked, coordinator, {"GEN-03": "Another office"})
    page = client.get(f"{BASE}check/")
    assert button not in page.content.decode()
    assert "Answers changed after Ana Quispe cleared them:" in text_of(page)


def test_submission_by_hand_is_refused_with_the_way_to_the_clearance(asked, client):
    missing = len(state_of(asked).missing())

    page = client.post(f"{BASE}submit/", {"missing_confirmed": missing})

    assert page.status_code == 409
    assert (
        "Not submitted The head of the statistical office has not cleared the answers "
        "yet. Record the clearance first. Go to the clearance" in text_of(page)
    )
    assert Response.objects.get(pk=asked.pk).status == "draft"


@pytest.mark.parametrize("factory", [OfficerFactory, AdministratorFactory])
def test_nobody_at_unsd_reads_the_page(asked, coordinator, signed_in, factory):
    clear(asked, coordinator)
    submit(asked, coordinator)
    client = signed_in(factory())

    assert client.get(BASE).status_code == 200
    assert [client.get(url).status_code for url in (PAGE, PAPER)] == [404, 404]
    assert client.get(CONCUR).status_code == 403


@pytest.mark.parametrize("role", ["contributor", "observer"])
def test_others_in_the_country_read_it_without_a_form(asked, peru, signed_in, role):
    client = signed_in(MemberFactory(country=peru, role=role))

    page = client.get(PAGE)

    assert page.status_code == 200
    assert "Not cleared yet." in text_of(page)
    assert b'name="person_name"' not in page.content
    assert send(client, asked).status_code == 403
    assert standing() == []


# The head's clearance


def test_coordinator_records_the_clearance(asked, client, coordinator):
    page = send(client, asked, remark="But for POL-01.")
    shown = text_of(client.get(PAGE))

    assert (page.status_code, page.headers["Location"]) == (302, PAGE)
    assert standing() == [("clearance", "INEI")]
    assert "The answers are cleared as they stand." in shown
    assert "Ana Quispe , Director-General, INEI Signed on 4 Mar 2025 ." in shown
    assert f"Recorded by {coordinator.name}," in shown
    assert "But for POL-01." in shown
    assert "Go on to submit" in shown


def test_clearance_without_a_name_comes_back_with_what_was_typed(asked, client):
    page = send(client, asked, person_name="", remark="Kept.")

    assert page.status_code == 422
    assert "Name of who signed : This field is required." in text_of(page)
    assert "Kept." in text_of(page)
    assert standing() == []


def test_day_to_come_is_refused(asked, client):
    page = send(client, asked, signed_on="2999-01-01")

    assert page.status_code == 422
    assert "Signed on : This day is still to come." in text_of(page)


def test_clearance_of_answers_that_moved_on_is_refused(asked, client, coordinator):
    seen = board(asked).digest
    put(asked, coordinator, {"GEN-03": "Another office"})

    page = send(client, asked, seen=seen)

    assert page.status_code == 409
    assert "Answers changed since this page was opened." in text_of(page)
    assert "Director-General" in page.content.decode()
    assert standing() == []


def test_missing_concurrence_is_confirmed_by_name(delegated, client, contributor):
    refused = send(client, delegated, missing=[contributor.name])
    shown = text_of(refused)

    recorded = send(client, delegated, missing=[contributor.name], without="yes")

    assert refused.status_code == 409
    assert (
        f"The clearance is given without the concurrence of: {contributor.name}"
        in shown
    )
    assert recorded.status_code == 302
    assert f"Given without the concurrence of: {contributor.name}" in text_of(
        client.get(PAGE)
    )


def test_page_names_what_changed_after_the_clearance(asked, client, coordinator):
    clear(asked, coordinator)
    put(asked, coordinator, {"GEN-03": "Another office"})

    page = client.get(PAGE)

    assert "the clearance no longer counts" in text_of(page)
    assert (
        f"1 answer changed after the clearance Lead agency GEN-03 · changed, "
        f"{coordinator.name}," in text_of(page)
    )
    assert f'href="{BASE}sections/gen/#q-GEN-03"' in page.content.decode()


def test_submitted_response_shows_it_read_only(asked, client, coordinator):
    clear(asked, coordinator)
    submit(asked, coordinator)

    page = client.get(PAGE)

    assert "can be read, not changed" in text_of(page)
    assert b"<form" not in page.content.split(b"<main")[1].split(b"</main")[0]
    assert client.get(CONCUR).status_code == 409


# Concurrences


def test_contributor_concurs_with_their_part(delegated, contributor, signed_in):
    client = signed_in(contributor)
    offered = client.get(CONCUR).content.decode()

    page = send_concurrence(client, delegated, "POL", institution="RENIEC")

    assert re.findall(r'name="parts"[^>]*value="([^"]+)"', offered) == ["POL"]
    assert (page.status_code, page.headers["Location"]) == (302, PAGE)
    assert standing() == [("concurrence", "RENIEC")]
    assert f"{contributor.name} Concurred Data needs" in text_of(client.get(PAGE))


def test_contributor_does_not_concur_with_the_part_of_another(
    delegated, contributor, signed_in
):
    page = send_concurrence(signed_in(contributor), delegated, "GEN")

    assert page.status_code == 422
    assert standing() == []


def test_contributor_without_a_part_is_told_so(asked, contributor, signed_in):
    client = signed_in(contributor)

    assert "Nothing is delegated to you" in text_of(client.get(PAGE))
    assert "Nothing is delegated to you" in text_of(client.get(CONCUR))
    assert send_concurrence(client, asked).status_code == 422


def test_observer_does_not_concur(delegated, peru, signed_in):
    client = signed_in(MemberFactory(country=peru, role="observer"))

    assert client.get(CONCUR).status_code == 403
    assert send_concurrence(client, delegated, "POL").status_code == 403


def test_coordinator_records_for_an_institution_that_is_expected(
    delegated, client, contributor
):
    key = board(delegated).expected[0].key
    form = client.get(f"{CONCUR}?for={key}")

    send_concurrence(
        client, delegated, "POL", query=f"?for={key}", institution="RENIEC"
    )

    assert f"Concurrence of {contributor.name}" in text_of(form)
    assert re.findall(r'value="POL"[^>]*checked', form.content.decode()) != []
    assert [line.state for line in board(delegated).expected] == ["current"]


def test_coordinator_records_for_another_institution_on_the_whole(asked, client):
    page = send_concurrence(client, asked)

    assert page.status_code == 302
    assert Clearance.objects.get().parts == []
    assert "Others who concurred The whole questionnaire Ana Quispe" in text_of(
        client.get(PAGE)
    )


@pytest.mark.parametrize("seen", ["", "{", "[]", "[" * 20_000, '{"": 1}'])
def test_damaged_form_records_nothing(asked, client, seen):
    page = send_concurrence(client, asked, seen=seen)

    assert page.status_code == 409
    assert standing() == []


def test_concurrence_of_answers_that_changed_is_marked(delegated, client, coordinator):
    concur(delegated, coordinator, "POL")
    put(delegated, coordinator, {"POL-01": "draft"})

    shown = text_of(client.get(PAGE))

    assert "Answers changed since" in shown
    assert "1 of these answers changed after they concurred" in shown


# Withdrawing


def test_record_is_withdrawn_and_kept(asked, client, coordinator):
    record = clear(asked, coordinator)

    page = client.post(f"{PAGE}{record.pk}/withdraw/")
    shown = text_of(client.get(PAGE))

    assert (page.status_code, page.headers["Location"]) == (302, PAGE)
    assert standing() == []
    assert (
        "Withdrawn and replaced (1) Clearance: Ana Quispe , Director-General" in shown
    )
    # What was said is offered again.
    assert 'value="Ana Quispe"' in client.get(PAGE).content.decode()


def test_record_of_a_colleague_is_not_withdrawn_by_a_contributor(
    delegated, coordinator, contributor, signed_in
):
    record = concur(delegated, coordinator, "POL")

    page = signed_in(contributor).post(f"{PAGE}{record.pk}/withdraw/")

    assert page.status_code == 403
    assert standing() == [("concurrence", "Ministry of Interior")]


def test_record_of_another_response_is_not_found(asked, client):
    assert client.post(f"{PAGE}999/withdraw/").status_code == 404


# On paper


def test_sheet_of_the_head_has_the_key_figures_and_lines_to_sign(delegated, client):
    shown = text_of(client.get(PAPER))

    assert "Peru: clearance of the answers" in shown
    assert "Name Function Institution Remark Date Signature" in shown
    assert "Contradictions to resolve 0" in shown
    assert f"Fingerprint of these answers: {board(delegated).digest[:12]}" in shown


def test_sheet_of_an_institution_names_its_parts(delegated, client, contributor):
    line = board(delegated).expected[0]

    shown = text_of(client.get(f"{PAPER}?for={line.key}"))

    assert "Peru: concurrence with the answers" in shown
    assert contributor.name in shown
    digest = digests_of(
        reading_of(delegated).instrument, reading_of(delegated).answers, ["POL"]
    )["POL"]
    assert f"Fingerprint of these answers: {digest[:12]}" in shown


# The report


def test_report_of_a_submission_names_who_cleared_and_a_draft_does_not(
    asked, client, coordinator
):
    concur(asked, coordinator, "POL")
    clear(asked, coordinator)
    draft = text_of(client.get(f"{BASE}report/"))
    submit(asked, coordinator)

    shown = text_of(client.get(f"{BASE}report/"))

    assert "Cleared by" not in draft
    assert "Cleared by: Ana Quispe, Director-General, INEI" in shown
    assert "Cleared on: 4 March 2025" in shown
    assert "Concurred: Ministry of Interior" in shown


def test_name_is_escaped_everywhere(asked, client, coordinator):
    clear(asked, coordinator, dataclasses.replace(HEAD, person_name="<b>Ana</b>"))

    for path in ("", "check/", "clearance/"):
        content = client.get(BASE + path).content.decode()
        assert "<b>Ana</b>" not in content
    assert "&lt;b&gt;Ana&lt;/b&gt;" in client.get(PAGE).content.decode()
