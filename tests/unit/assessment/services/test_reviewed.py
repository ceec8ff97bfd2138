"""Reviewed values: who sets which, when they lapse, and what acceptance freezes."""

import datetime
import hashlib
import json

import pytest
from django.db import IntegrityError, transaction

from assessment.models import (
    Acceptance,
    AnswerRevision,
    Comment,
    CommentThread,
    Response,
    ReviewedValue,
)
from assessment.permissions import Role
from assessment.queries import held_answers, held_in, latest_submission
from assessment.refusals import NotReady, ResponseClosed, RoleForbids
from assessment.reviewed import Reviewed, in_force, reviewed_in, standing_of
from assessment.services.comments import reply, resolve_thread
from assessment.services.reviewed import (
    ReviewedRefused,
    set_reviewed_value,
    withdraw_reviewed_value,
)
from assessment.services.rounds import close_round, open_round, system_user
from assessment.services.transitions import (
    accept_response,
    reopen_response,
    return_response,
    withdraw_response,
)
from tests.factories import (
    AdministratorFactory,
    MemberFactory,
    OfficerFactory,
    RoundFactory,
)
from tests.instruments import at, nmdc
from tests.saving import put, submit

YEAR = "SRC-INV[SRC-CEN].latest_year"
ANSWERS = {
    "SRC-INV[SRC-CEN].exists": "yes",
    YEAR: 2017,
    "GEN-02": 2025,
    "COO-01": "informal",
    "GEN-05[i1].name": "Ana Quispe",
    "EXC-01": "occasional",
}


@pytest.fixture
def submitted(response, coordinator):
    put(response, coordinator, ANSWERS)
    submit(response, coordinator)
    return response


def review(response, by, cell=YEAR, value=2007, reason="The census was held in 2007."):
    return set_reviewed_value(
        response=response, address=at(cell), value=value, reason=reason, by=by
    )


def accept(response, by):
    still_open = CommentThread.objects.filter(resolved_at__isnull=True).count()
    return accept_response(response=response, by=by, open_confirmed=still_open)


def resubmitted(response, officer, coordinator, values):
    return_response(response=response, by=officer, message="Please correct.")
    put(response, coordinator, values)
    return submit(response, coordinator)


def own(submission):
    return {address: held.value for address, held in held_in(submission).items()}


def standing(response):
    return [(str(one.address), one.value) for one in standing_of(response)]


def force(response):
    answers = own(latest_submission(response))
    return [
        (str(one.address), one.value)
        for one in in_force(nmdc(), answers, standing_of(response))
    ]


# Setting


def test_value_is_set_and_the_answer_stays(submitted, officer):
    revisions = AnswerRevision.objects.count()
    text = latest_submission(submitted).canonical_json

    one = review(submitted, officer, reason="  Held in 2007.\r\nSee the law. ")

    assert ReviewedValue.objects.get() == one
    assert (one.address, one.replaced, one.value, one.reason) == (
        at(YEAR),
        2017,
        2007,
        "Held in 2007.\nSee the law.",
    )
    assert (one.set_by, one.withdrawn_at) == (officer, None)
    assert one.submission == latest_submission(submitted)
    assert held_answers(submitted)[at(YEAR)].value == 2017
    assert AnswerRevision.objects.count() == revisions
    assert latest_submission(submitted).canonical_json == text


def test_reason_opens_a_thread_in_which_the_country_replies(
    submitted, officer, coordinator
):
    thread = review(submitted, officer).thread

    assert (thread.kind, thread.must_settle, thread.side) == (
        "correction",
        False,
        "unsd",
    )
    assert (thread.section, thread.address, thread.resolved_at) == (
        "SRC",
        at(YEAR),
        None,
    )
    reply(thread=thread, text="We disagree.", by=coordinator)
    assert [(c.side, c.text) for c in thread.comments.all()] == [
        ("unsd", "The census was held in 2007."),
        ("country", "We disagree."),
    ]


@pytest.mark.parametrize(
    ("cell", "value", "stored"),
    [
        (YEAR, None, None),
        (YEAR, "", None),
        ("COO-01", None, None),
        ("COO-01", "dk", "dk"),
        ("EXC-08", "na", "na"),
        ("GEN-05[i1].name", "Ana Q.", "Ana Q."),
    ],
)
def test_value_may_be_blank_or_reserved_where_the_cell_offers_it(
    submitted, officer, cell, value, stored
):
    one = review(submitted, officer, cell, value)

    one.refresh_from_db()
    assert one.value == stored


@pytest.mark.parametrize(
    ("cell", "value", "reason", "message"),
    [
        (YEAR, "soon", "x", "Enter a year with four digits"),
        (YEAR, 2036, "x", "Enter a year from 1900 to 2035."),
        (YEAR, 2017, "x", "This is the country's answer already"),
        ("BAS-01", None, "x", "This is the country's answer already"),
        ("COO-01", "maybe", "x", "Choose one of the answers listed."),
        ("EXC-01", "na", "x", "“Not applicable” is not offered here."),
        (YEAR, 2007, "", "Give the reason: the country reads it."),
        (YEAR, 2007, " \n", "Give the reason: the country reads it."),
        (YEAR, 2007, "x" * 20_001, "at most 20000 can be stored"),
        (YEAR, 2007, "\x00", "characters that cannot be stored"),
        ("GEN-01.@note", "x", "x", "Notes and documents take no reviewed value."),
        ("GEN-01.@evidence", [], "x", "Notes and documents take no reviewed value."),
        ("GEN-99", "x", "x", "not part of the questionnaire"),
        ("SRC-INV[XXX].exists", "yes", "x", "not part of the questionnaire"),
        ("GEN-05[i2].name", "x", "x", "This entry is not part of the submission."),
    ],
)
def test_what_cannot_be_a_reviewed_value_is_refused(
    submitted, officer, cell, value, reason, message
):
    with pytest.raises(ReviewedRefused) as refused:
        review(submitted, officer, cell, value, reason)

    assert message in " ".join(refused.value.details)
    assert ReviewedValue.objects.count() == CommentThread.objects.count() == 0


def test_same_value_twice_is_set_once(submitted, officer):
    first, second = review(submitted, officer), review(submitted, OfficerFactory())

    assert first == second
    assert (ReviewedValue.objects.count(), Comment.objects.count()) == (1, 1)


def test_other_value_takes_the_place_of_the_first_in_the_same_thread(
    submitted, officer
):
    first = review(submitted, officer)

    second = review(submitted, officer, value=2008, reason="No, in 2008.")

    first.refresh_from_db()
    assert (first.is_standing, first.withdrawn_by) == (False, officer)
    assert (second.replaced, second.value, second.is_standing) == (2017, 2008, True)
    assert first.thread == second.thread
    assert [c.text for c in second.thread.comments.all()] == [
        "The census was held in 2007.",
        "No, in 2008.",
    ]
    assert standing(submitted) == [(YEAR, 2008)]


def test_changed_value_opens_its_resolved_thread_again(submitted, officer):
    thread = review(submitted, officer).thread
    resolve_thread(thread=thread, by=officer)

    second = review(submitted, officer, value=2008, reason="No, in 2008.")

    assert second.thread == thread
    assert CommentThread.objects.get().resolved_at is None


def test_database_holds_one_standing_value_a_cell(submitted, officer):
    one = review(submitted, officer)
    one.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_database_holds_no_value_without_a_reason(submitted, officer):
    one = review(submitted, officer)
    one.reason = ""

    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(update_fields=["reason"])


# Who and when


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.COORDINATOR, Role.OBSERVER])
def test_nobody_of_the_country_sets_one(submitted, peru, role):
    with pytest.raises(RoleForbids):
        review(submitted, MemberFactory(country=peru, role=role.value))

    assert ReviewedValue.objects.count() == 0


def test_nobody_reviews_their_own_country(submitted, peru):
    person = MemberFactory(country=peru, role="observer", unsd_role="officer")

    with pytest.raises(RoleForbids):
        review(submitted, person)


def test_system_sets_none(submitted):
    with pytest.raises(RoleForbids):
        review(submitted, system_user())


def test_administrator_sets_one_as_an_officer_does(submitted):
    assert review(submitted, AdministratorFactory()).is_standing


def test_value_is_set_while_the_round_is_closed(submitted, officer):
    close_round(round_=submitted.round, by=officer)

    assert review(submitted, officer).is_standing


@pytest.mark.parametrize("status", ["draft", "returned", "accepted"])
def test_nothing_is_set_or_withdrawn_unless_submitted(submitted, officer, status):
    one = review(submitted, officer)
    Response.objects.filter(pk=submitted.pk).update(status=status)  # seen as submitted

    with pytest.raises(ResponseClosed):
        review(submitted, officer, value=2008)
    with pytest.raises(ResponseClosed):
        withdraw_reviewed_value(response=submitted, reviewed=one, by=officer)

    assert standing(submitted) == [(YEAR, 2007)]


def test_submission_with_a_reviewed_value_is_not_withdrawn(
    submitted, officer, coordinator
):
    review(submitted, officer)

    with pytest.raises(NotReady):
        withdraw_response(response=submitted, by=coordinator)


# Withdrawing


def test_any_officer_withdraws_a_value_and_its_thread_is_settled(submitted, officer):
    one, other = review(submitted, officer), OfficerFactory()

    withdraw_reviewed_value(response=submitted, reviewed=one, by=other)

    one.refresh_from_db()
    assert (one.is_standing, one.withdrawn_by) == (False, other)
    assert CommentThread.objects.get().resolved_by == other
    assert force(submitted) == []


def test_withdrawing_twice_is_withdrawing_once(submitted, officer):
    one = review(submitted, officer)
    withdraw_reviewed_value(response=submitted, reviewed=one, by=officer)
    first = ReviewedValue.objects.get().withdrawn_at

    withdraw_reviewed_value(response=submitted, reviewed=one, by=OfficerFactory())

    assert ReviewedValue.objects.get().withdrawn_at == first
    assert ReviewedValue.objects.get().withdrawn_by == officer


def test_country_withdraws_none(submitted, officer, coordinator):
    one = review(submitted, officer)

    with pytest.raises(RoleForbids):
        withdraw_reviewed_value(response=submitted, reviewed=one, by=coordinator)


def test_withdrawn_value_can_be_set_again(submitted, officer):
    one = review(submitted, officer)
    withdraw_reviewed_value(response=submitted, reviewed=one, by=officer)

    again = review(submitted, officer)

    assert (again.pk != one.pk, again.is_standing) == (True, True)
    assert CommentThread.objects.get(pk=again.thread_id).resolved_at is None


# In force and lapsed


def test_value_stays_in_force_where_the_country_leaves_its_answer(
    submitted, officer, coordinator
):
    review(submitted, officer)

    resubmitted(submitted, officer, coordinator, {"COO-01": "formal"})

    assert force(submitted) == [(YEAR, 2007)]


@pytest.mark.parametrize("answer", [2007, 2012, None])
def test_value_lapses_when_the_country_answers_otherwise(
    submitted, officer, coordinator, answer
):
    review(submitted, officer)
    review(submitted, officer, "COO-01", "dk")

    resubmitted(submitted, officer, coordinator, {YEAR: answer})

    assert standing(submitted) == [(YEAR, 2007), ("COO-01", "dk")]
    assert force(submitted) == [("COO-01", "dk")]


def test_value_set_on_a_blank_cell_lapses_once_it_is_answered(
    submitted, officer, coordinator
):
    review(submitted, officer, "GEN-01", "Republic of Peru")
    assert force(submitted) == [("GEN-01", "Republic of Peru")]

    resubmitted(submitted, officer, coordinator, {"GEN-01": "Peru"})

    assert force(submitted) == []


def test_lapsed_value_is_set_anew_over_the_new_answer(submitted, officer, coordinator):
    first = review(submitted, officer)
    second = resubmitted(submitted, officer, coordinator, {YEAR: 2012})

    again = review(submitted, officer)

    assert (again.pk != first.pk, again.replaced) == (True, 2012)
    assert again.submission == second
    assert force(submitted) == [(YEAR, 2007)]


# Acceptance


def test_acceptance_freezes_the_values_in_force(submitted, officer):
    review(submitted, officer)
    coo = review(submitted, officer, "COO-01", None, "Nothing supports it.")
    gone = review(submitted, officer, "EXC-01", "regular")
    withdraw_reviewed_value(response=submitted, reviewed=gone, by=officer)
    review(submitted, officer, "GEN-01", "Peru")

    accept(submitted, officer)

    stored = Acceptance.objects.get()
    record = json.loads(stored.canonical_json)
    assert stored.sha256 == hashlib.sha256(stored.canonical_json.encode()).hexdigest()
    assert [
        (v["question"], v["row"], v["column"], v["answer"], v["value"])
        for v in record["reviewed_values"]
    ] == [
        ("GEN-01", "", "", None, "Peru"),
        ("SRC-INV", "SRC-CEN", "latest_year", 2017, 2007),
        ("COO-01", "", "", "informal", None),
    ]
    assert record["reviewed_values"][2] == {
        "question": "COO-01",
        "row": "",
        "column": "",
        "answer": "informal",
        "value": None,
        "reason": "Nothing supports it.",
        "reviewed_by": officer.name,
        "reviewed_at": coo.set_at.astimezone(datetime.UTC)
        .isoformat(timespec="microseconds")
        .replace("+00:00", "Z"),
    }


def test_frozen_values_are_read_back_as_they_were_set(submitted, officer):
    one = review(submitted, officer)

    acceptance = accept(submitted, officer)

    assert reviewed_in(acceptance) == (
        Reviewed(
            at(YEAR),
            2017,
            2007,
            "The census was held in 2007.",
            officer.name,
            one.set_at,
        ),
    )
    assert reviewed_in(None) == ()


def test_lapsed_value_is_not_frozen(submitted, officer, coordinator):
    review(submitted, officer)
    resubmitted(submitted, officer, coordinator, {YEAR: 2012})

    acceptance = accept(submitted, officer)

    assert json.loads(acceptance.canonical_json)["reviewed_values"] == []


def test_value_set_after_the_page_was_read_stops_the_acceptance(submitted, officer):
    """The reason is an open point, and more of them are open than was confirmed."""
    review(submitted, OfficerFactory())

    with pytest.raises(NotReady):
        accept_response(response=submitted, by=officer, open_confirmed=0)


def test_acceptance_reads_what_was_set_after_the_response_was(
    submitted, officer, fresh
):
    seen = fresh(submitted)
    review(submitted, officer)

    acceptance = accept(seen, officer)

    assert [one.value for one in reviewed_in(acceptance)] == [2007]


def test_reopened_response_gets_a_second_record_and_keeps_the_first(
    submitted, officer, coordinator
):
    review(submitted, officer)
    review(submitted, officer, "COO-01", "dk")
    first = accept(submitted, officer)
    text = first.canonical_json
    reopen_response(response=submitted, by=officer, message="A late figure.")
    put(submitted, coordinator, {YEAR: 2012})
    submit(submitted, coordinator)

    second = accept(submitted, officer)

    first.refresh_from_db()
    assert (first.canonical_json, Acceptance.objects.count()) == (text, 2)
    assert [one.value for one in reviewed_in(first)] == [2007, "dk"]
    assert [one.value for one in reviewed_in(second)] == ["dk"]


def test_prefill_takes_the_answers_of_the_country(
    submitted, officer, nmdc_db, peru, fresh
):
    review(submitted, officer)
    accept(submitted, officer)
    later = RoundFactory(code="2028", year=2028, questionnaire=nmdc_db)
    open_round(round_=later, countries=[peru], by=officer)

    response = fresh(Response.objects.get(round=later))

    assert held_answers(response)[at(YEAR)].value == 2017
