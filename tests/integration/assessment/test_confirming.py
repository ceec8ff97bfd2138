"""Carried-over answers on the pages of a response, and what confirms them."""

import html
import json
import re

import pytest

from assessment.models import AnswerRevision
from assessment.queries import held_answers
from tests.carrying import accepted, opened
from tests.factories import MemberFactory
from tests.instruments import demo_answers
from tests.saving import body, put, sent, state_of, submit

HUB = "/responses/PER/2025/"
GEN = f"{HUB}sections/gen/"
SRC = f"{HUB}sections/src/"
LAST = {
    "GEN-01": "Peru",
    "GEN-01.@note": "In three languages.",
    "GEN-05[abcd1234].name": "Rosa Quispe",
    "GEN-09": ["destination", "origin"],
    "GEN-10": "yes",
    "GEN-11": "https://example.org/report",
    "SRC-INV[SRC-CEN].exists": "yes",
    "SRC-INV[SRC-CEN].holder": "INEI",
    "SRC-INV[SRC-LFS].exists": "no",
}


@pytest.fixture
def carried(nmdc_db, peru, officer):
    accepted(nmdc_db, 2022, peru, officer, LAST)
    return opened(nmdc_db, 2025, peru, officer)


@pytest.fixture
def client(carried, contributor, signed_in):
    return signed_in(contributor)


def unconfirmed(response):
    return {str(a) for a, h in held_answers(response).items() if not h.is_confirmed}


def shown(page):
    return " ".join(
        re.sub(r"<[^>]*>", " ", html.unescape(page.content.decode())).split()
    )


def press(client, url, scope, **typed):
    """Post the section's form as it stands but for `typed`, by a confirm button."""
    page = client.get(url).content.decode()
    bases = json.loads(
        html.unescape(re.search(r'name="_bases" value="([^"]*)"', page)[1])
    )
    fields = {cell: LAST[cell] for cell in bases if cell in LAST} | typed
    button = {"_confirm": scope} if scope else {"_next": "gen"}
    return client.post(url, {"_bases": json.dumps(bases)} | fields | button)


# The form without JavaScript


def test_posting_what_is_carried_over_unchanged_confirms_nothing(client, carried):
    press(client, GEN, "")

    assert unconfirmed(carried) == set(LAST)


@pytest.mark.parametrize(
    ("url", "scope", "confirmed", "place"),
    [
        (GEN, "GEN-10", {"GEN-10"}, "#q-GEN-10"),
        (GEN, "GEN-01", {"GEN-01", "GEN-01.@note"}, "#q-GEN-01"),
        (GEN, "GEN-01.@note", {"GEN-01.@note"}, "#q-GEN-01"),
        (
            GEN,
            "GEN-05[abcd1234]",
            {"GEN-05[abcd1234].name"},
            "#c-GEN-05%5Babcd1234%5D.name",
        ),
        (
            SRC,
            "SRC-INV[SRC-CEN].holder",
            {"SRC-INV[SRC-CEN].holder"},
            "#c-SRC-INV%5BSRC-CEN%5D.holder",
        ),
        (
            SRC,
            "SRC-INV[SRC-CEN]",
            {"SRC-INV[SRC-CEN].exists", "SRC-INV[SRC-CEN].holder"},
            "#c-SRC-INV%5BSRC-CEN%5D.exists",
        ),
        (
            SRC,
            "SRC-INV",
            {cell for cell in LAST if cell.startswith("SRC")},
            "#c-SRC-INV%5BSRC-CEN%5D.exists",
        ),
        (GEN, "section", {cell for cell in LAST if cell.startswith("GEN")}, ""),
    ],
)
def test_button_confirms_what_it_names(client, carried, url, scope, confirmed, place):
    page = press(client, url, scope)

    assert page.headers["Location"] == url + place
    assert set(LAST) - unconfirmed(carried) == confirmed
    assert {
        str(r.answer): (r.value, r.revision, r.via)
        for r in AnswerRevision.objects.filter(
            answer__response=carried, is_confirmed=True, revision__gt=1
        ).select_related("answer")
    } == {cell: (LAST[cell], 2, "form") for cell in confirmed}


@pytest.mark.parametrize("scope", ["junk!", "POL-01", "SRC-INV[SRC-XXX]"])
def test_button_that_names_nothing_here_confirms_nothing(client, carried, scope):
    press(client, GEN, scope)

    assert unconfirmed(carried) == set(LAST)


def test_what_was_typed_is_saved_with_the_confirmation(client, carried):
    press(client, GEN, "GEN-10", **{"GEN-01": "Perú", "GEN-12": "A remark"})

    held = {str(a): (h.value, h.revision) for a, h in held_answers(carried).items()}
    assert held["GEN-01"] == ("Perú", 2)
    assert held["GEN-12"] == ("A remark", 1)
    assert "GEN-10" not in unconfirmed(carried)
    assert "Saved. 1 answer is confirmed." in shown(client.get(GEN))


def test_question_no_longer_asked_is_not_confirmed_with_its_section(
    client, carried, coordinator
):
    put(carried, coordinator, {"GEN-10": "no"})

    press(client, GEN, "section", **{"GEN-10": "no"})

    assert "GEN-11" in unconfirmed(carried)


def test_confirming_what_a_colleague_changed_is_a_conflict(
    client, carried, coordinator
):
    bases = {"GEN-01": 1}
    put(carried, coordinator, {"GEN-01": "Perú"})

    page = client.post(
        GEN, {"_bases": json.dumps(bases), "GEN-01": "Peru", "_confirm": "GEN-01"}
    )

    assert page.status_code == 422
    assert "Stored now: Perú" in shown(page)
    assert "GEN-01" not in unconfirmed(carried)


def test_confirming_what_a_colleague_confirmed_is_no_conflict(
    client, carried, coordinator
):
    bases = {"GEN-01": 1}
    put(carried, coordinator, {"GEN-01": "Peru"})

    page = client.post(
        GEN, {"_bases": json.dumps(bases), "GEN-01": "Peru", "_confirm": "GEN-01"}
    )

    assert page.status_code == 302
    answer = carried.answers.get(question="GEN-01", column="")
    assert (answer.revision, answer.changed_by) == (2, coordinator)


def test_observer_reads_what_is_carried_over_and_confirms_nothing(
    carried, peru, signed_in
):
    observer = MemberFactory(country=peru, role="observer")
    client = signed_in(observer)

    assert "From 2022, to be confirmed" in shown(client.get(GEN))
    assert 'name="_confirm"' not in client.get(GEN).content.decode()
    assert press_refused(client) == 403


def press_refused(client):
    data = {
        "_bases": json.dumps({"GEN-01": 1}),
        "GEN-01": "Peru",
        "_confirm": "section",
    }
    return client.post(GEN, data).status_code


# The autosave


def test_autosave_of_the_same_value_confirms_it(client, carried):
    page = client.post(
        f"{HUB}answers",
        body(sent("GEN-10", "yes", 1)),
        content_type="application/json",
    )

    assert page.json()["results"][0]["status"] == "saved"
    assert page.json()["results"][0]["revision"] == 2
    assert unconfirmed(carried) == set(LAST) - {"GEN-10"}


# What counts


def test_submission_freezes_confirmed_answers_only(carried, coordinator):
    put(carried, coordinator, {"GEN-01": "Peru", "GEN-10": "no"})

    submission = submit(carried, coordinator)

    answers = json.loads(submission.canonical_json)["answers"]
    assert [(a["question"], a["column"], a["value"]) for a in answers] == [
        ("GEN-01", "", "Peru"),
        ("GEN-02", "", 2025),
        ("GEN-10", "", "no"),
    ]


def test_section_page_with_everything_carried_over_costs_five_queries(
    nmdc_db, peru, officer, contributor, signed_in, django_assert_num_queries
):
    values = {str(a): v for a, v in demo_answers("MEX").items() if str(a) != "GEN-02"}
    accepted(nmdc_db, 2025, peru, officer, values)
    opened(nmdc_db, 2028, peru, officer)
    client = signed_in(contributor)
    url = "/responses/PER/2028/sections/pol/"
    client.get(url)

    with django_assert_num_queries(6):
        client.get(url)


# The hub and the check page


def test_hub_says_what_is_to_be_confirmed_and_where(client, carried):
    text = shown(client.get(HUB))

    assert "9 answers are carried over from “Round 2022”." in text
    assert "6 answers carried over, to be confirmed" in text
    assert "3 answers carried over, to be confirmed" in text
    assert text.count("carried over, to be confirmed") == 2


def test_nothing_carried_over_is_not_mentioned(response, coordinator, signed_in):
    client = signed_in(coordinator)

    for url in (HUB, f"{HUB}check/", GEN):
        assert "carried" not in shown(client.get(url)), url


def test_completeness_counts_confirmed_answers_only(client, carried, coordinator):
    before = shown(client.get(HUB))
    put(carried, coordinator, {"GEN-01": "Peru"})

    after = shown(client.get(HUB))

    assert "1% given" not in before
    assert re.findall(r"(\d+)% given", before)[0] == "12"
    assert re.findall(r"(\d+)% given", after)[0] == "25"


def test_check_page_lists_what_is_not_confirmed_as_missing(
    carried, coordinator, signed_in
):
    text = shown(signed_in(coordinator).get(f"{HUB}check/"))

    assert "Country or area GEN-01 · From 2022, not yet confirmed" in text
    assert "Focal points GEN-05 · From 2022, not yet confirmed" in text
    assert "From 2022, not yet confirmed: 2 cells" in text
    assert "9 carried-over answers are not confirmed and will not be part" in text


def test_submission_asks_for_what_is_not_confirmed(carried, coordinator, signed_in):
    page = signed_in(coordinator).post(f"{HUB}submit/", {})

    assert page.status_code == 409
    assert carried.submissions.count() == 0


@pytest.fixture
def remarked(nmdc_db, peru, officer, coordinator):
    """A census in the past is unusual; the last round explained one."""
    last = {"SRC-01": 2030, "SRC-01.@note": "Postponed."}
    accepted(nmdc_db, 2022, peru, officer, last)
    response = opened(nmdc_db, 2025, peru, officer)
    put(response, coordinator, {"SRC-01": 2024})
    return response


def remark(response):
    answer = response.answers.get(question="SRC-01", column="@note")
    return answer.value, answer.revision, answer.is_confirmed


@pytest.mark.parametrize(
    ("typed", "button", "expected"),
    [
        ("Postponed.", {}, ("Postponed.", 1, False)),
        ("Held late.", {}, ("Held late.", 2, True)),
        ("Postponed.", {"_confirm": "SRC-01.@note"}, ("Postponed.", 2, True)),
    ],
)
def test_remark_of_the_last_round_is_kept_changed_or_confirmed(
    remarked, coordinator, signed_in, typed, button, expected
):
    client = signed_in(coordinator)
    page = client.get(f"{HUB}check/")
    assert "Postponed. From 2022, to be confirmed" in shown(page)

    bases = json.dumps({"SRC-01.@note": 1})
    client.post(f"{HUB}check/", {"_bases": bases, "SRC-01.@note": typed} | button)

    assert remark(remarked) == expected


@pytest.mark.parametrize(
    ("button", "status", "said"),
    [
        ({}, 409, "Confirm this remark, or write another."),
        ({"_confirm": "SRC-01.@note"}, 302, ""),
    ],
)
def test_remark_that_is_not_confirmed_explains_nothing(
    remarked, coordinator, signed_in, button, status, said
):
    bases = json.dumps({"SRC-01.@note": 1})
    missing = str(len(state_of(remarked).missing()))
    typed = {"_bases": bases, "SRC-01.@note": "Postponed."}

    page = signed_in(coordinator).post(
        f"{HUB}submit/", typed | {"missing_confirmed": missing} | button
    )

    assert page.status_code == status
    assert said in shown(page)
    assert remarked.submissions.count() == (status == 302)
