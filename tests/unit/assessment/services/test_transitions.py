"""contracts.md, section 3: every line of the table of transitions."""

import hashlib
import json

import pytest
import rfc8785

from assessment.models import Acceptance, Response, Submission, Transition
from assessment.permissions import ACCESS, Action, Role
from assessment.queries import held_answers, latest_submission
from assessment.refusals import NotReady, ResponseClosed, RoleForbids
from assessment.services.answers import save_changes
from assessment.services.rounds import close_round, system_user
from assessment.services.transitions import (
    RULES,
    accept_response,
    reopen_response,
    return_response,
    submit_response,
    withdraw_response,
)
from questionnaire.addresses import Address
from tests.factories import AdministratorFactory, MemberFactory, OfficerFactory
from tests.instruments import demo_answers
from tests.saving import change, put, save, state_of, submit

DRAFT, SUBMITTED, RETURNED, ACCEPTED = Response.Status
MISSING = 92  # required questions of an empty response, the assessment year given
LATER_YEAR = {
    "SRC-INV[SRC-CEN].exists": "yes",
    "SRC-INV[SRC-CEN].latest_year": 2026,
}
LATER_YEAR_MESSAGE = (
    "C-001: The latest year of a source is later than the assessment year in GEN-02. "
    "Correct the year, or the assessment year."
)


@pytest.fixture
def submitted(response, coordinator):
    submit(response, coordinator)
    return response


@pytest.fixture
def returned(submitted, officer):
    return_response(response=submitted, by=officer, message="Please check GEN-01.")
    return submitted


@pytest.fixture
def accepted(submitted, officer):
    accept_response(response=submitted, by=officer)
    return submitted


@pytest.fixture
def in_status(request):
    """A response that came to a status by the transitions that lead there."""

    def brought(status):
        name = {DRAFT: "response"}.get(status, str(status))
        return request.getfixturevalue(name)

    return brought


def demo(iso3):
    return {str(address): value for address, value in demo_answers(iso3).items()}


def status_of(response):
    return Response.objects.get(pk=response.pk).status


def log(response):
    return list(
        Transition.objects.filter(response=response).values_list(
            "action", "from_status", "to_status", "message"
        )
    )


def perform(action, response, by):
    if action is Action.SUBMIT:
        return submit_response(response=response, by=by, missing_confirmed=MISSING)
    if action is Action.WITHDRAW:
        return withdraw_response(response=response, by=by)
    if action is Action.ACCEPT:
        return accept_response(response=response, by=by)
    service = {Action.RETURN: return_response, Action.REOPEN: reopen_response}[action]
    return service(response=response, by=by, message="Because.")


# The table

TABLE = {
    (DRAFT, Action.SUBMIT): SUBMITTED,
    (RETURNED, Action.SUBMIT): SUBMITTED,
    (SUBMITTED, Action.WITHDRAW): DRAFT,
    (SUBMITTED, Action.RETURN): RETURNED,
    (SUBMITTED, Action.ACCEPT): ACCEPTED,
    (ACCEPTED, Action.REOPEN): RETURNED,
}
WHO = {
    Action.SUBMIT: {Role.COORDINATOR},
    Action.WITHDRAW: {Role.COORDINATOR},
    Action.RETURN: {Role.OFFICER, Role.ADMINISTRATOR},
    Action.ACCEPT: {Role.OFFICER, Role.ADMINISTRATOR},
    Action.REOPEN: {Role.OFFICER, Role.ADMINISTRATOR},
}
# What has just happened and is asked again is answered with what happened.
AGAIN = {
    (SUBMITTED, Action.SUBMIT),
    (RETURNED, Action.RETURN),
    (ACCEPTED, Action.ACCEPT),
}


def person(role, peru):
    if role in (Role.OFFICER, Role.ADMINISTRATOR):
        return OfficerFactory(unsd_role=role.value)
    if role is Role.SYSTEM:
        return system_user()
    return MemberFactory(country=peru, role=role.value)


def doer(action, peru):
    return person(sorted(WHO[action])[-1], peru)


def test_table_names_every_transition():
    assert {action for _, action in TABLE} == set(RULES) == set(WHO)


@pytest.mark.parametrize("action", RULES)
def test_rules_and_rights_name_the_same_statuses(action):
    from_table = {status for status, a in TABLE if a is action}

    assert RULES[action].allowed_from == from_table
    for role in Role:
        expected = from_table if role in WHO[action] else set()
        assert ACCESS[role].get(action, set()) == expected


@pytest.mark.parametrize(("status", "action"), TABLE)
def test_transition_leads_to_the_status_of_the_table(in_status, peru, status, action):
    response = in_status(status)

    perform(action, response, doer(action, peru))

    assert status_of(response) == TABLE[status, action]
    assert response.status == TABLE[status, action]
    last = log(response)[-1]
    assert last[:3] == (action.value, status, TABLE[status, action])


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (status, action)
        for status in Response.Status
        for action in RULES
        if (status, action) not in TABLE and (status, action) not in AGAIN
    ],
)
def test_other_transition_is_refused_with_the_status(in_status, peru, status, action):
    response = in_status(status)
    before = log(response)

    with pytest.raises(ResponseClosed) as refused:
        perform(action, response, doer(action, peru))

    assert refused.value.state == status
    assert refused.value.status == 409
    assert status_of(response) == status
    assert log(response) == before


@pytest.mark.parametrize(
    ("status", "action", "role"),
    [
        (status, action, role)
        for status, action in (*TABLE, *sorted(AGAIN))
        for role in Role
        if role not in WHO[action]
    ],
)
def test_transition_is_refused_to_other_roles(in_status, peru, status, action, role):
    response = in_status(status)
    before = log(response)

    with pytest.raises(RoleForbids):
        perform(action, response, person(role, peru))

    assert status_of(response) == status
    assert log(response) == before


@pytest.mark.parametrize("action", RULES)
def test_nobody_from_another_country_moves_a_response(submitted, peru, action):
    chile = peru._meta.model.objects.get(iso3="CHL")
    stranger = MemberFactory(country=chile, role="coordinator")

    with pytest.raises(RoleForbids):
        perform(action, submitted, stranger)

    assert status_of(submitted) == SUBMITTED


def test_officer_who_is_a_member_does_not_review_the_own_country(
    submitted, peru, coordinator
):
    coordinator.unsd_role = "officer"
    coordinator.save()

    with pytest.raises(RoleForbids):
        accept_response(response=submitted, by=coordinator)


def test_administrator_accepts_as_an_officer_does(submitted):
    accept_response(response=submitted, by=AdministratorFactory())

    assert status_of(submitted) == ACCEPTED


# Double clicks


def test_double_submit_makes_one_submission(response, coordinator):
    first = submit_response(
        response=response, by=coordinator, missing_confirmed=MISSING
    )

    second = submit_response(
        response=response, by=coordinator, missing_confirmed=MISSING
    )

    assert second == first
    assert Submission.objects.count() == 1
    assert [action for action, *_ in log(response)] == ["open", "submit"]


def test_second_click_needs_no_confirmation(response, coordinator):
    first = submit(response, coordinator)

    second = submit_response(response=response, by=coordinator, missing_confirmed=None)

    assert second == first


def test_double_return_keeps_the_first_message(submitted, officer):
    return_response(response=submitted, by=officer, message="First.")

    return_response(response=submitted, by=officer, message="Second.")

    assert log(submitted)[-1] == ("return", SUBMITTED, RETURNED, "First.")
    assert len(log(submitted)) == 3


def test_double_accept_makes_one_acceptance(submitted, officer):
    first = accept_response(response=submitted, by=officer)

    second = accept_response(response=submitted, by=officer)

    assert second == first
    assert Acceptance.objects.count() == 1
    assert len(log(submitted)) == 3


def test_double_reopen_reopens_once(accepted, officer):
    reopen_response(response=accepted, by=officer, message="First.")

    reopen_response(response=accepted, by=officer, message="Second.")

    assert log(accepted)[-1] == ("reopen", ACCEPTED, RETURNED, "First.")
    assert len(log(accepted)) == 4


def test_double_withdraw_withdraws_once(submitted, coordinator):
    withdraw_response(response=submitted, by=coordinator)

    withdraw_response(response=submitted, by=coordinator)

    assert status_of(submitted) == DRAFT
    assert len(log(submitted)) == 3


def test_stale_accept_after_a_return_is_refused(submitted, officer):
    """Two officers look at the same page; the second decides otherwise."""
    in_the_other_tab = Response.objects.get(pk=submitted.pk)
    return_response(response=submitted, by=officer, message="Check.")

    with pytest.raises(ResponseClosed):
        accept_response(response=in_the_other_tab, by=OfficerFactory())

    assert Acceptance.objects.count() == 0


def test_return_is_not_taken_for_done_after_a_reopening(accepted, officer):
    reopen_response(response=accepted, by=officer, message="Reopened.")

    with pytest.raises(ResponseClosed):
        return_response(response=accepted, by=officer, message="Returned.")


# Submit: only if


def test_error_level_contradiction_blocks_submission(response, coordinator):
    put(response, coordinator, LATER_YEAR)

    with pytest.raises(NotReady) as refused:
        submit(response, coordinator)

    assert (
        refused.value.message == "One contradiction must be resolved before submission."
    )
    assert refused.value.details == [LATER_YEAR_MESSAGE]
    assert status_of(response) == DRAFT
    assert Submission.objects.count() == 0


def test_several_contradictions_are_all_named(response, coordinator):
    put(
        response,
        coordinator,
        LATER_YEAR
        | {
            "BAS-STAT[BAS-S01].produced": "regular",
            "BAS-STAT[BAS-S01].latest_year": 2026,
        },
    )

    with pytest.raises(NotReady) as refused:
        submit(response, coordinator)

    assert (
        refused.value.message == "2 contradictions must be resolved before submission."
    )
    assert [detail[:5] for detail in refused.value.details] == ["C-001", "C-002"]


def test_contradiction_of_unconfirmed_answers_does_not_block(response, coordinator):
    put(response, coordinator, {"SRC-INV[SRC-CEN].exists": "yes"})
    save_changes(
        response=response,
        changes=[change("SRC-INV[SRC-CEN].latest_year", 2026)],
        by=coordinator,
        via="prefill",
        is_confirmed=False,
    )

    submission = submit(response, coordinator)

    assert "latest_year" not in submission.canonical_json


EARLIER_CENSUS = {"SRC-01": 2024}


def submit_as_it_stands(response, by):
    missing = len(state_of(response).missing())
    return submit_response(response=response, by=by, missing_confirmed=missing)


def test_warning_without_a_remark_blocks_submission(response, coordinator):
    put(response, coordinator, EARLIER_CENSUS)

    with pytest.raises(NotReady) as refused:
        submit_as_it_stands(response, coordinator)

    assert refused.value.message == (
        "One point to check must be explained in a remark before submission, or its "
        "answers corrected."
    )
    assert [detail[:36] for detail in refused.value.details] == [
        "C-010: The next census is planned fo"
    ]
    assert status_of(response) == DRAFT
    assert Submission.objects.count() == 0


def test_all_warnings_without_a_remark_are_named(response, coordinator):
    put(response, coordinator, demo("JOR"))
    put(response, coordinator, {"SRC-19.@note": "They check themselves."})

    with pytest.raises(NotReady) as refused:
        submit_as_it_stands(response, coordinator)

    assert refused.value.message == (
        "2 points to check must be explained in a remark each before submission, or their "
        "answers corrected."
    )
    assert [detail[:5] for detail in refused.value.details] == ["C-013", "C-129"]


def test_contradiction_is_told_before_what_is_to_be_explained(response, coordinator):
    put(response, coordinator, EARLIER_CENSUS | {"STR-01": "adopted", "STR-02": 2026})

    with pytest.raises(NotReady) as refused:
        submit_as_it_stands(response, coordinator)

    assert [detail[:5] for detail in refused.value.details] == ["C-007"]


def test_explained_warning_does_not_block_submission(response, coordinator):
    put(response, coordinator, EARLIER_CENSUS | {"SRC-01.@note": "Postponed."})

    submission = submit_as_it_stands(response, coordinator)

    assert submission.number == 1
    assert "Postponed." in submission.canonical_json


@pytest.mark.parametrize("remark", ["", "  ", "\n\t "])
def test_remark_of_spaces_explains_nothing(response, coordinator, remark):
    put(response, coordinator, EARLIER_CENSUS | {"SRC-01.@note": remark})

    with pytest.raises(NotReady):
        submit_as_it_stands(response, coordinator)


def test_remark_that_is_carried_over_explains_nothing_until_it_is_confirmed(
    response, coordinator
):
    put(response, coordinator, EARLIER_CENSUS)
    save_changes(
        response=response,
        changes=[change("SRC-01.@note", "Postponed.")],
        by=coordinator,
        via="prefill",
        is_confirmed=False,
    )

    with pytest.raises(NotReady):
        submit_as_it_stands(response, coordinator)

    save_changes(
        response=response,
        changes=[change("SRC-01.@note", "Postponed.", 1)],
        by=coordinator,
        via="page",
    )
    assert submit_as_it_stands(response, coordinator).number == 1


def test_empty_response_lacks_every_required_question(response, coordinator):
    with pytest.raises(NotReady) as refused:
        submit_response(response=response, by=coordinator, missing_confirmed=None)

    assert refused.value.message == (
        "92 required questions are not fully answered. "
        "Answer them, or confirm that they stay so."
    )
    assert len(refused.value.details) == MISSING
    assert refused.value.details[0] == "GEN-01 Country or area"
    assert status_of(response) == DRAFT


@pytest.mark.parametrize("confirmed", [None, 0, 1, MISSING - 1, MISSING + 1])
def test_other_number_than_what_is_missing_confirms_nothing(
    response, coordinator, confirmed
):
    with pytest.raises(NotReady):
        submit_response(response=response, by=coordinator, missing_confirmed=confirmed)

    assert status_of(response) == DRAFT
    assert Submission.objects.count() == 0


def test_answer_blanked_after_the_check_page_makes_the_confirmation_stale(
    response, coordinator
):
    put(response, coordinator, {"GEN-01": "Peru"})
    put(response, coordinator, {"GEN-01": None})

    with pytest.raises(NotReady):
        submit_response(
            response=response, by=coordinator, missing_confirmed=MISSING - 1
        )


def test_unconfirmed_answer_is_missing(response, coordinator):
    save_changes(
        response=response,
        changes=[change("GEN-01", "Peru")],
        by=coordinator,
        via="prefill",
        is_confirmed=False,
    )

    with pytest.raises(NotReady) as refused:
        submit_response(
            response=response, by=coordinator, missing_confirmed=MISSING - 1
        )

    assert "GEN-01 Country or area" in refused.value.details


def test_complete_response_needs_no_confirmation(response, coordinator):
    put(response, coordinator, demo("GEO"))

    submission = submit_response(
        response=response, by=coordinator, missing_confirmed=None
    )

    assert submission.number == 1
    assert status_of(response) == SUBMITTED


# What a submission freezes


def test_submission_is_the_canonical_text_and_its_hash(response, coordinator):
    put(
        response,
        coordinator,
        {
            "GEN-12": "Líne one\nline two \u2028 <b>",
            "GEN-04": "dk",
            "STR-15": 0.1,
            "SRC-INV[SRC-CEN].exists": "yes",
        },
    )

    submission = submit(response, coordinator)

    stored = Submission.objects.get(pk=submission.pk)
    assert stored.sha256 == hashlib.sha256(stored.canonical_json.encode()).hexdigest()
    document = json.loads(stored.canonical_json)
    assert rfc8785.dumps(document).decode() == stored.canonical_json
    assert document == {
        "country": "PER",
        "round": "2025",
        "questionnaire": {
            "code": "NMDC",
            "version": "1.0",
            "hash": response.round.questionnaire.publication.content_hash,
        },
        "number": 1,
        "submitted_at": stored.submitted_at.isoformat(
            timespec="microseconds"
        ).replace("+00:00", "Z"),
        "submitted_by": coordinator.name,
        "clearance": None,
        "answers": [
            {"question": "GEN-02", "row": "", "column": "", "value": 2025, "revision": 1},
            {"question": "GEN-04", "row": "", "column": "", "value": "dk", "revision": 1},
            {
                "question": "GEN-12",
                "row": "",
                "column": "",
                "value": "Líne one\nline two \u2028 <b>",
                "revision": 1,
            },
            {"question": "STR-15", "row": "", "column": "", "value": 0.1, "revision": 1},
            {
                "question": "SRC-INV",
                "row": "SRC-CEN",
                "column": "exists",
                "value": "yes",
                "revision": 1,
            },
        ],
    }  # fmt: skip


def test_submission_leaves_blank_and_unconfirmed_answers_out(response, coordinator):
    put(response, coordinator, {"GEN-01": "Peru", "GEN-03": "INEI"})
    put(response, coordinator, {"GEN-03": None})
    save_changes(
        response=response,
        changes=[change("GEN-04", "nso")],
        by=coordinator,
        via="prefill",
        is_confirmed=False,
    )

    submission = submit(response, coordinator)

    assert frozen(submission) == ["GEN-01", "GEN-02"]


def test_submission_keeps_hidden_and_closed_answers(response, coordinator):
    values = {
        "GEN-10": "no",
        "GEN-11": "https://example.org/",
        "SRC-INV[SRC-CEN].exists": "no",
        "SRC-INV[SRC-CEN].holder": "INEI",
    }
    put(response, coordinator, values)

    submission = submit(response, coordinator)

    assert frozen(submission) == ["GEN-02", *values]


def frozen(submission):
    answers = json.loads(submission.canonical_json)["answers"]
    return [str(Address(a["question"], a["row"], a["column"])) for a in answers]


def test_submission_stays_as_it_was_when_answers_change(returned, coordinator):
    first = latest_submission(returned)
    text, sha256 = first.canonical_json, first.sha256

    put(returned, coordinator, {"GEN-01": "Changed", "GEN-02": 2024})

    first.refresh_from_db()
    assert (first.canonical_json, first.sha256) == (text, sha256)


def test_second_submission_has_the_next_number_and_the_new_answers(
    returned, coordinator
):
    put(returned, coordinator, {"GEN-01": "Peru"})

    second = submit(returned, coordinator)

    assert second.number == 2
    assert frozen(second) == ["GEN-01", "GEN-02"]
    assert latest_submission(returned) == second
    assert Submission.objects.count() == 2


def test_submissions_of_the_same_answers_differ_in_number_and_moment(
    returned, coordinator
):
    first = latest_submission(returned)

    second = submit(returned, coordinator)

    assert second.sha256 != first.sha256


# Withdraw: the status before


def test_withdrawn_submission_is_not_read(submitted, coordinator):
    withdraw_response(response=submitted, by=coordinator)

    submission = Submission.objects.get()
    assert submission.withdrawn_by == coordinator
    assert submission.withdrawn_at is not None
    with pytest.raises(Submission.DoesNotExist):
        latest_submission(submitted)
    with pytest.raises(Submission.DoesNotExist):
        latest_submission(submitted, number=1)


def test_withdrawal_of_a_correction_leads_back_to_returned(returned, coordinator):
    first = latest_submission(returned)
    submit(returned, coordinator)

    withdraw_response(response=returned, by=coordinator)

    assert status_of(returned) == RETURNED
    assert latest_submission(returned) == first


def test_submission_after_a_withdrawal_has_a_number_of_its_own(submitted, coordinator):
    withdraw_response(response=submitted, by=coordinator)

    again = submit(submitted, coordinator)

    assert again.number == 2
    assert latest_submission(submitted) == again


def test_answers_can_be_changed_after_a_withdrawal(submitted, contributor, coordinator):
    withdraw_response(response=submitted, by=coordinator)

    outcome = save(submitted, contributor, change("GEN-01", "Peru"))

    assert outcome.revision == 1


# Return and reopen: a message


@pytest.mark.parametrize("message", ["", " ", "\n\t"])
def test_return_without_a_message_is_refused(submitted, officer, message):
    with pytest.raises(NotReady) as refused:
        return_response(response=submitted, by=officer, message=message)

    assert refused.value.message == (
        "Write a message first: the country reads what it should do."
    )
    assert status_of(submitted) == SUBMITTED


@pytest.mark.parametrize("message", ["", " "])
def test_reopening_without_a_reason_is_refused(accepted, officer, message):
    with pytest.raises(NotReady):
        reopen_response(response=accepted, by=officer, message=message)

    assert status_of(accepted) == ACCEPTED


def test_message_is_kept_with_who_and_when(submitted, officer):
    return_response(response=submitted, by=officer, message="  Check GEN-01.\n")

    transition = Transition.objects.get(response=submitted, action="return")
    assert transition.message == "Check GEN-01."
    assert transition.made_by == officer


# Accept


def test_acceptance_freezes_the_hash_of_the_submission(submitted, officer):
    acceptance = accept_response(response=submitted, by=officer)

    stored = Acceptance.objects.get(pk=acceptance.pk)
    assert stored.submission == latest_submission(submitted)
    assert stored.accepted_by == officer
    assert stored.sha256 == hashlib.sha256(stored.canonical_json.encode()).hexdigest()
    document = json.loads(stored.canonical_json)
    assert rfc8785.dumps(document).decode() == stored.canonical_json
    assert document == {
        "submission": stored.submission.sha256,
        "reviewed_values": [],
        "accepted_at": stored.accepted_at.isoformat(timespec="microseconds").replace(
            "+00:00", "Z"
        ),
        "accepted_by": officer.name,
    }


def test_acceptance_is_of_the_latest_submission(returned, coordinator, officer):
    second = submit(returned, coordinator)

    acceptance = accept_response(response=returned, by=officer)

    assert acceptance.submission == second


def test_reopened_response_is_submitted_and_accepted_again(
    accepted, coordinator, officer
):
    reopen_response(response=accepted, by=officer, message="A late figure.")
    second = submit(accepted, coordinator)

    acceptance = accept_response(response=accepted, by=officer)

    assert acceptance.submission == second
    assert Acceptance.objects.count() == 2
    assert status_of(accepted) == ACCEPTED


# Opening


def test_opening_is_the_first_transition(response, officer):
    assert log(response) == [("open", "", DRAFT, "")]
    assert Transition.objects.get().made_by == officer


def test_opened_response_holds_the_year_of_the_round(response):
    held = held_answers(response)

    assert {str(a): (h.value, h.revision, h.is_confirmed) for a, h in held.items()} == {
        "GEN-02": (2025, 1, True)
    }


def test_review_goes_on_after_the_round_is_closed(submitted, officer, round_2025):
    close_round(round_=round_2025, by=officer)

    accept_response(response=submitted, by=officer)

    assert status_of(submitted) == ACCEPTED


def test_country_does_not_submit_after_closing(response, coordinator, officer):
    close_round(round_=response.round, by=officer)

    with pytest.raises(ResponseClosed) as refused:
        submit(response, coordinator)

    assert refused.value.state == "closed"
    assert not response.submissions.exists()


def test_country_does_not_withdraw_after_closing(response, coordinator, officer):
    submit(response, coordinator)
    close_round(round_=response.round, by=officer)

    with pytest.raises(ResponseClosed) as refused:
        withdraw_response(response=response, by=coordinator)

    assert refused.value.state == "closed"
    assert response.submissions.filter(withdrawn_at=None).count() == 1
