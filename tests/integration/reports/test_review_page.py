"""The page of review: who reads it, what it shows, how it is filtered."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from assessment.comment_queries import place_in
from assessment.models import Response
from assessment.queries import instrument_of
from assessment.services.comments import open_thread, resolve_thread, write_note
from assessment.services.transitions import (
    accept_response,
    return_response,
    withdraw_response,
)
from tests.factories import AdministratorFactory, MemberFactory, OfficerFactory
from tests.instruments import nmdc
from tests.saving import put, submit

REVIEW = "/responses/PER/2025/review/"
QUESTIONS = [f"q-{question.code}" for question in nmdc().questions]


class Page(HTMLParser):
    """The ids, the articles and the links of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.items, self.links = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        if "data-item" in found:
            self.items.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])


def read(client, query=""):
    page = client.get(REVIEW + query)
    assert page.status_code == 200
    return page.content.decode()


def comment(response, by, place="GEN-03", text="Which register is meant?"):
    return open_thread(
        response=response,
        place=place_in(instrument_of(response), place),
        kind="question",
        must_settle=True,
        text=text,
        by=by,
    )


@pytest.fixture
def twice(submitted, coordinator, officer, fresh):
    """Submitted, returned, changed and submitted again."""
    return_response(response=submitted, by=officer, message="Please correct.")
    put(
        submitted,
        coordinator,
        {
            "GEN-03": "Migraciones",
            "GEN-12": None,
            "BAS-13": "dk",
            "GEN-03.@note": "A note",
        },
    )
    submit(fresh(submitted), coordinator)
    return fresh(submitted)


# Who


@pytest.mark.parametrize("role", ["contributor", "coordinator", "observer"])
def test_the_country_has_no_such_page(submitted, peru, signed_in, role):
    client = signed_in(MemberFactory(country=peru, role=role))

    assert client.get(REVIEW).status_code == 404
    assert b"/review/" not in client.get("/responses/PER/2025/").content


def test_an_officer_with_a_role_in_the_country_does_not_review_it(
    submitted, peru, signed_in
):
    person = MemberFactory(country=peru, role="observer", unsd_role="officer")

    assert signed_in(person).get(REVIEW).status_code == 404


@pytest.mark.parametrize("factory", [OfficerFactory, AdministratorFactory])
def test_unsd_reads_every_question(submitted, signed_in, factory):
    client = signed_in(factory())
    page = Page(read(client))

    assert page.items == QUESTIONS
    assert len(page.ids) == len(set(page.ids))
    assert REVIEW in Page(client.get("/responses/PER/2025/").content.decode()).links


def test_a_draft_is_not_there_to_review(filled, officer, signed_in):
    assert signed_in(officer).get(REVIEW).status_code == 404


def test_a_withdrawn_submission_is_not_there_to_review(
    submitted, coordinator, officer, signed_in
):
    withdraw_response(response=submitted, by=coordinator)

    assert signed_in(officer).get(REVIEW).status_code == 404


def test_signed_out_people_are_asked_to_sign_in(response):
    assert Client().get(REVIEW)["Location"] == f"/accounts/login/?next={REVIEW}"


def test_a_returned_response_is_read_as_it_was_submitted(
    submitted, coordinator, officer, signed_in
):
    return_response(response=submitted, by=officer, message="Please correct.")
    put(submitted, coordinator, {"GEN-03": "Not submitted yet"})

    text = read(signed_in(officer))

    assert "Not submitted yet" not in text
    assert "Returned to the country, which corrects its answers." in text
    assert "the next submission can be returned or accepted." in text


# What


def test_marks_and_the_way_to_the_comparison(twice, officer, signed_in):
    text = read(signed_in(officer), "?show=changed")
    page = Page(text)

    assert page.items == ["q-GEN-03", "q-GEN-12", "q-BAS-13"]
    assert "3 of 141 questions shown." in text
    assert "/responses/PER/2025/compare/?from=1&amp;to=2" in text
    assert [text.count(f"change--{kind}") for kind in ("changed", "added", "removed")] == [
        2, 1, 1,
    ]  # fmt: skip


def test_first_submission_says_that_nothing_is_to_compare(
    submitted, officer, signed_in
):
    text = read(signed_in(officer))

    assert "first submission" in text
    assert "/compare/" not in text


def test_filters_combine_in_the_address(twice, officer, signed_in):
    client = signed_in(officer)

    assert Page(read(client, "?show=changed&show=dk")).items == ["q-BAS-13"]
    assert Page(read(client, "?show=changed&section=GEN")).items == [
        "q-GEN-03", "q-GEN-12",
    ]  # fmt: skip


def test_nothing_fits_leads_back_to_everything(submitted, officer, signed_in):
    text = read(signed_in(officer), "?show=changed")

    assert "No question fits these filters." in text
    assert Page(text).items == []


def test_comments_are_shown_where_they_belong(submitted, officer, signed_in):
    found = comment(submitted, officer)
    client = signed_in(officer)

    opened = read(client, "?show=open")
    resolve_thread(thread=found, by=officer)

    assert Page(opened).items == ["q-GEN-03"]
    assert "Which register is meant?" in opened
    assert "1 open point<" in opened
    assert Page(read(client, "?show=open")).items == []
    assert Page(read(client, "?show=commented")).items == ["q-GEN-03"]


def test_a_question_without_comments_offers_the_way_to_one(
    submitted, officer, signed_in
):
    text = read(signed_in(officer), "?section=GEN")

    assert 'data-comments="/responses/PER/2025/comments/at/GEN-03/"' in text
    assert 'data-comments="/responses/PER/2025/comments/at/GEN/"' in text


def test_internal_notes_stay_among_officers(submitted, officer, signed_in, coordinator):
    write_note(
        response=submitted,
        place=place_in(instrument_of(submitted), "GEN-03"),
        text="Ask the desk first.",
        by=officer,
    )

    assert Page(read(signed_in(officer), "?show=commented")).items == ["q-GEN-03"]
    assert signed_in(coordinator).get(f"{REVIEW}?show=commented").status_code == 404


@pytest.mark.parametrize(
    ("status", "action"), [("submitted", "accept"), ("accepted", "reopen")]
)
def test_decision_stands_at_the_end(submitted, officer, signed_in, status, action):
    if status == "accepted":
        accept_response(response=submitted, by=officer)
    assert Response.objects.get(pk=submitted.pk).status == status

    text = read(signed_in(officer))

    assert f'action="/responses/PER/2025/{action}/"' in text
    assert 'href="#decision"' in text


def test_answers_are_escaped_in_tables_too(filled, coordinator, officer, signed_in):
    put(filled, coordinator, {"SRC-INV[SRC-CEN].holder": "<b>Office</b>"})
    submit(filled, coordinator)

    text = read(signed_in(officer), "?section=SRC")

    assert "&lt;b&gt;Office&lt;/b&gt;" in text
    assert "<b>Office</b>" not in text
