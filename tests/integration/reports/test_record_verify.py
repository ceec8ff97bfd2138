"""The page on which a printed hash is checked: who learns what."""

from __future__ import annotations

import pytest
from django.urls import reverse

from assessment.models import Acceptance, Country, Submission
from assessment.services.transitions import accept_response, withdraw_response
from tests.factories import MemberFactory
from tests.saving import submit

INTACT = "The record is known and intact"
CHANGED = "The record is known, but it has been changed"
NOT_KNOWN = "No record that you may read has this hash."
NO_HASH = "This is no hash"


@pytest.fixture
def submission(response, coordinator) -> Submission:
    return submit(response, coordinator)


@pytest.fixture
def ask(signed_in):
    def asked(user, text):
        page = signed_in(user).get(reverse("reports:record_verify"), {"hash": text})
        assert page.status_code == 200
        assert page["Cache-Control"] == "private, no-store"
        said = [t for t in (INTACT, CHANGED, NOT_KNOWN, NO_HASH) if t in page.text]
        return said, page.text.partition("<main")[2].partition("</main>")[0]

    return asked


@pytest.mark.parametrize(
    "written",
    [
        lambda hash_: hash_,
        lambda hash_: hash_[:16],
        lambda hash_: f" SHA-256 {hash_[:16].upper()}… ",
    ],
)
def test_hash_or_its_beginning_names_the_record(ask, submission, coordinator, written):
    said, text = ask(coordinator, written(submission.sha256))

    assert said == [INTACT]
    assert "Submission 1 of Peru" in text
    assert submission.sha256 in text
    assert (
        f"{reverse('reports:report_detail', args=['PER', '2025'])}?submission=1" in text
    )


def test_hash_of_the_acceptance_is_known_too(ask, submission, coordinator, officer):
    accept_response(response=submission.response, by=officer)
    acceptance = Acceptance.objects.get(submission=submission)

    for user in (coordinator, officer):
        said, text = ask(user, acceptance.sha256[:20])
        assert said == [INTACT]
        assert acceptance.sha256 in text


def test_what_one_may_not_read_and_what_is_not_there_look_the_same(ask, submission):
    chile = Country.objects.get(iso3="CHL")
    stranger = MemberFactory(country=chile, role="coordinator")

    said, theirs = ask(stranger, submission.sha256)
    _, nobodys = ask(stranger, "0" * 64)

    assert said == [NOT_KNOWN]
    assert theirs.replace(submission.sha256, "0" * 64) == nobodys


def test_withdrawn_submission_is_not_known(ask, submission, coordinator, officer):
    withdraw_response(response=submission.response, by=coordinator)

    for user in (coordinator, officer):
        assert ask(user, submission.sha256)[0] == [NOT_KNOWN]


def test_changed_text_is_noticed(ask, submission, coordinator):
    text = submission.canonical_json.replace('"PER"', '"PRY"')
    Submission.objects.filter(pk=submission.pk).update(canonical_json=text)

    assert ask(coordinator, submission.sha256)[0] == [CHANGED]


@pytest.mark.parametrize(
    "text", ["abc", "g" * 16, "a" * 65, "%", "'; --", "\x00" * 20, "<b>" * 90]
)
def test_what_is_no_hash_is_said_to_be_none(ask, submission, coordinator, text):
    said, page = ask(coordinator, text)

    assert said == [NO_HASH]
    assert "<b><b>" not in page


def test_without_a_hash_only_the_form_is_shown(ask, coordinator):
    assert ask(coordinator, "  ")[0] == []
