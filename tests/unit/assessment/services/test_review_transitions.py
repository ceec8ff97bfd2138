"""What comments hold up: submission, withdrawal, return and acceptance."""

import pytest

from assessment.models import Acceptance, Response, Submission, Transition
from assessment.refusals import NotReady
from assessment.services.comments import (
    resolve_thread,
    unresolve_thread,
    withdraw_comment,
)
from assessment.services.transitions import (
    accept_response,
    return_response,
    withdraw_response,
)
from tests.commenting import MUST, answer, ask, note
from tests.saving import put, submit

CENSUS = "SRC-INV[SRC-CEN].latest_year"


@pytest.fixture
def submitted(response, coordinator):
    put(response, coordinator, {CENSUS: 2017, "GEN-03": "INEI"})
    submit(response, coordinator)
    return response


@pytest.fixture
def returned(submitted, officer):
    """Returned with two points that must be settled and one that may be."""
    ask(submitted, officer, CENSUS, "Which year?", **MUST)
    ask(submitted, officer, "GEN", "Who leads?", **MUST)
    ask(submitted, officer, "GEN-01", "A note would help.", kind="suggestion")
    return_response(response=submitted, by=officer, message="")
    return submitted


def status(response):
    return Response.objects.get(pk=response.pk).status


def threads(response):
    return list(response.comment_threads.order_by("pk"))


# Submit


def test_submission_names_the_points_that_are_left(returned, coordinator):
    with pytest.raises(NotReady) as refused:
        submit(returned, coordinator)

    assert refused.value.message.startswith("2 points of the review must be settled")
    assert refused.value.details == [f"{CENSUS}: Which year?", "GEN: Who leads?"]
    assert status(returned) == "returned"
    assert Submission.objects.count() == 1


def test_half_of_the_points_settled_is_not_enough(returned, coordinator):
    answer(threads(returned)[0], coordinator)

    with pytest.raises(NotReady) as refused:
        submit(returned, coordinator)

    assert refused.value.message.startswith("One point of the review must be settled")
    assert refused.value.details == ["GEN: Who leads?"]


def test_reply_and_changed_answer_let_it_be_submitted(returned, coordinator):
    answer(threads(returned)[0], coordinator)
    put(returned, coordinator, {"GEN-03": "Migraciones"})

    assert submit(returned, coordinator).number == 2
    assert status(returned) == "submitted"


@pytest.mark.parametrize("settle", ["resolved", "withdrawn"])
def test_what_unsd_settles_itself_holds_up_nothing(
    returned, officer, coordinator, settle
):
    for thread in threads(returned)[:2]:
        if settle == "resolved":
            resolve_thread(thread=thread, by=officer)
        else:
            withdraw_comment(comment=thread.comments.get(), by=officer)

    assert submit(returned, coordinator).number == 2


def test_point_opened_again_holds_up_again(returned, officer, coordinator):
    first, second, _ = threads(returned)
    answer(first, coordinator)
    answer(second, coordinator)
    resolve_thread(thread=first, by=officer)
    unresolve_thread(thread=first, by=officer, text="Not yet.")

    with pytest.raises(NotReady) as refused:
        submit(returned, coordinator)

    assert refused.value.details == [f"{CENSUS}: Which year?"]


def test_point_left_open_at_resubmission_is_asked_anew_once_unsd_speaks(
    returned, officer, coordinator
):
    """A reply counts for good; only another word of UNSD asks for another one."""
    for thread in threads(returned)[:2]:
        answer(thread, coordinator)
    submit(returned, coordinator)
    answer(threads(returned)[0], officer, "And the source?")
    return_response(response=returned, by=officer, message="")

    with pytest.raises(NotReady) as refused:
        submit(returned, coordinator)

    assert refused.value.details == [f"{CENSUS}: Which year?"]


def test_submitting_twice_with_points_settled_is_once(returned, coordinator, officer):
    for thread in threads(returned)[:2]:
        answer(thread, coordinator)
    first = submit(returned, coordinator)
    ask(returned, officer, "GEN-04", **MUST)

    assert submit(returned, coordinator) == first
    assert Submission.objects.count() == 2


# Withdraw


@pytest.mark.parametrize("kind", ["praise", "suggestion", "correction"])
def test_submission_that_was_commented_on_is_not_withdrawn(
    submitted, officer, coordinator, kind
):
    ask(submitted, officer, kind=kind)

    with pytest.raises(NotReady) as refused:
        withdraw_response(response=submitted, by=coordinator)

    assert refused.value.message.startswith("The review has begun")
    assert status(submitted) == "submitted"


def test_reply_of_an_officer_begins_the_review_too(submitted, officer, coordinator):
    answer(ask(submitted, coordinator), officer)

    with pytest.raises(NotReady):
        withdraw_response(response=submitted, by=coordinator)


def test_own_questions_notes_and_what_was_withdrawn_do_not_begin_it(
    submitted, officer, coordinator
):
    ask(submitted, coordinator)
    note(submitted, officer)
    said = ask(submitted, officer).comments.get()
    withdraw_comment(comment=said, by=officer)

    withdraw_response(response=submitted, by=coordinator)

    assert status(submitted) == "draft"


def test_comment_on_an_earlier_submission_does_not_begin_the_next_review(
    returned, coordinator
):
    for thread in threads(returned)[:2]:
        answer(thread, coordinator)
    submit(returned, coordinator)

    withdraw_response(response=returned, by=coordinator)

    assert status(returned) == "returned"


# Return


@pytest.mark.parametrize("message", ["", "  \n"])
def test_return_needs_a_message_or_an_open_point(submitted, officer, message):
    resolve_thread(thread=ask(submitted, officer), by=officer)
    ask(submitted, officer, kind="praise")

    with pytest.raises(NotReady):
        return_response(response=submitted, by=officer, message=message)

    assert status(submitted) == "submitted"


def test_question_of_the_country_asks_nothing_of_it(submitted, officer, coordinator):
    ask(submitted, coordinator)

    with pytest.raises(NotReady):
        return_response(response=submitted, by=officer, message="")


def test_open_point_speaks_for_itself(submitted, officer):
    ask(submitted, officer)

    return_response(response=submitted, by=officer, message=" ")

    last = Transition.objects.latest("pk")
    assert (last.action, last.to_status, last.message) == ("return", "returned", "")


# Accept


@pytest.mark.parametrize("confirmed", [None, 0, 1, 3])
def test_acceptance_needs_the_open_points_confirmed(submitted, officer, confirmed):
    ask(submitted, officer)
    ask(submitted, officer, "GEN-04")

    with pytest.raises(NotReady) as refused:
        accept_response(response=submitted, by=officer, open_confirmed=confirmed)

    assert refused.value.message.startswith("2 points are still open.")
    assert (status(submitted), Acceptance.objects.count()) == ("submitted", 0)


def test_response_is_accepted_with_confirmed_open_points(
    submitted, officer, coordinator
):
    ask(submitted, officer)
    ask(submitted, coordinator, "GEN-04")

    accept_response(response=submitted, by=officer, open_confirmed=2)
    accept_response(response=submitted, by=officer, open_confirmed=None)

    assert (status(submitted), Acceptance.objects.count()) == ("accepted", 1)


def test_praise_and_resolved_points_need_no_confirmation(submitted, officer):
    ask(submitted, officer, kind="praise")
    resolve_thread(thread=ask(submitted, officer), by=officer)

    accept_response(response=submitted, by=officer, open_confirmed=None)

    assert status(submitted) == "accepted"
