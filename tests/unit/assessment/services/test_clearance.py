"""contracts.md, sections 3 and 4: clearance is a record, and submission asks for it."""

import dataclasses
import datetime
import json

import pytest
import time_machine

from assessment.models import Clearance, Response, Submission
from assessment.refusals import NotReady, NotTheirs, ResponseClosed, RoleForbids
from assessment.services.clearance import (
    NotCleared,
    SignatureRefused,
    withdraw_clearance,
)
from assessment.services.rounds import close_round
from assessment.services.transitions import return_response
from tests.clearing import DAY, HEAD, INTERIOR, ask_to_clear, board, clear, concur
from tests.delegating import give
from tests.factories import InstitutionFactory, MemberFactory
from tests.saving import put, submit


@pytest.fixture
def asked(response, coordinator):
    put(response, coordinator, {"GEN-03": "INEI", "POL-01": "adopted"})
    return ask_to_clear(response)


@pytest.fixture
def delegated(asked, coordinator, contributor):
    """Everything on policy is delegated to one person."""
    give(asked, coordinator, contributor, "POL")
    return ask_to_clear(asked)


def frozen(submission):
    return json.loads(submission.canonical_json)["clearance"]


def standing(response):
    found = Clearance.objects.filter(response=response, withdrawn_at__isnull=True)
    return [record.person_name for record in found.order_by("pk")]


def other(signature, **changes):
    return dataclasses.replace(signature, **changes)


# Submission


def test_round_that_asks_for_none_freezes_none(response, coordinator):
    assert frozen(submit(response, coordinator)) is None


def test_submission_is_refused_without_a_clearance(asked, coordinator):
    concur(asked, coordinator)

    with pytest.raises(NotCleared) as refused:
        submit(asked, coordinator)

    assert refused.value.message == (
        "The head of the statistical office has not cleared the answers yet. "
        "Record the clearance first."
    )
    assert Response.objects.get(pk=asked.pk).status == "draft"


def test_submission_freezes_who_cleared_and_who_concurred(asked, coordinator):
    concur(asked, coordinator, "POL")
    with time_machine.travel("2025-03-05T10:00:00Z", tick=False):
        clear(asked, coordinator, other(HEAD, remark="But for POL-01."))

    submission = submit(asked, coordinator)

    assert frozen(submission) == {
        "institution": "INEI",
        "name": "Ana Quispe",
        "function": "Director-General",
        "date": "2025-03-04",
        "remark": "But for POL-01.",
        "recorded_by": coordinator.name,
        "recorded_at": "2025-03-05T10:00:00.000000Z",
        "concurrences": [
            {
                "institution": "Ministry of Interior",
                "name": "Luz Rojas",
                "function": "Minister",
                "date": "2025-03-04",
                "remark": "",
                "parts": ["POL"],
            }
        ],
    }


def test_answer_changed_after_the_clearance_holds_up_the_submission(
    asked, coordinator, contributor
):
    clear(asked, coordinator)
    put(asked, contributor, {"GEN-03": "Another office"})

    with pytest.raises(NotCleared) as refused:
        submit(asked, coordinator)

    assert refused.value.message == (
        "Answers changed after Ana Quispe cleared them. Look at what changed, and "
        "record the clearance anew."
    )
    assert Submission.objects.count() == 0


@pytest.mark.parametrize("cell", ["GEN-03.@note", "GEN-11.@evidence"])
def test_note_or_document_added_after_the_clearance_counts_too(
    asked, coordinator, cell
):
    values = {
        "GEN-03.@note": "See law 1.",
        "GEN-11.@evidence": [{"title": "Law", "url": "https://example.org/"}],
    }
    clear(asked, coordinator)
    put(asked, coordinator, {cell: values[cell]})

    with pytest.raises(NotCleared):
        submit(asked, coordinator)


def test_answer_changed_and_changed_back_leaves_the_clearance_standing(
    asked, coordinator, contributor
):
    clear(asked, coordinator)
    put(asked, contributor, {"GEN-03": "Another office"})
    put(asked, contributor, {"GEN-03": "INEI"})

    assert frozen(submit(asked, coordinator))["name"] == "Ana Quispe"


def test_withdrawn_clearance_holds_up_the_submission(asked, coordinator):
    record = clear(asked, coordinator)
    withdraw_clearance(response=asked, clearance=record, by=coordinator)

    with pytest.raises(NotCleared):
        submit(asked, coordinator)


def test_concurrence_older_than_the_answers_is_not_frozen(asked, coordinator):
    concur(asked, coordinator, "POL")
    concur(asked, coordinator, "SRC", signature=other(INTERIOR, institution="RENIEC"))
    put(asked, coordinator, {"POL-01": "draft"})
    clear(asked, coordinator)

    found = frozen(submit(asked, coordinator))["concurrences"]

    assert [c["institution"] for c in found] == ["RENIEC"]


def test_returned_response_is_cleared_anew_once_answers_change(
    asked, coordinator, officer
):
    clear(asked, coordinator)
    submit(asked, coordinator)
    return_response(response=asked, by=officer, message="Please check GEN-03.")
    put(asked, coordinator, {"GEN-03": "Another office"})

    with pytest.raises(NotCleared):
        submit(asked, coordinator)
    clear(asked, coordinator, other(HEAD, remark="Second time."))

    assert frozen(submit(asked, coordinator))["remark"] == "Second time."


def test_clearance_recorded_before_the_round_stopped_asking_is_not_frozen(
    asked, coordinator
):
    clear(asked, coordinator)
    asked.round.asks_for_clearance = False

    assert frozen(submit(asked, coordinator)) is None


# The head's clearance


def test_clearance_is_recorded_as_it_was_signed(asked, coordinator):
    record = clear(asked, coordinator)

    assert (record.kind, record.institution, record.person_name) == (
        "clearance", "INEI", "Ana Quispe",
    )  # fmt: skip
    assert (record.function, record.signed_on, record.parts) == (
        "Director-General", DAY, [],
    )  # fmt: skip
    assert record.recorded_by == coordinator
    assert record.answers_sha256 == board(asked).digest


def test_double_click_records_one_clearance(asked, coordinator):
    assert clear(asked, coordinator).pk == clear(asked, coordinator).pk
    assert Clearance.objects.count() == 1


def test_another_clearance_withdraws_the_one_before(asked, coordinator, peru):
    colleague = MemberFactory(country=peru, role="coordinator")
    before = clear(asked, coordinator)

    clear(asked, colleague, other(HEAD, person_name="Juan Paz"))

    before.refresh_from_db()
    assert standing(asked) == ["Juan Paz"]
    assert before.withdrawn_by == colleague


def test_clearance_of_answers_that_moved_on_is_refused(asked, coordinator):
    seen = board(asked).digest
    put(asked, coordinator, {"GEN-03": "Another office"})

    with pytest.raises(NotReady) as refused:
        clear(asked, coordinator, seen=seen)

    assert refused.value.message.startswith(
        "Answers changed since this page was opened"
    )
    assert standing(asked) == []


def test_missing_concurrence_has_to_be_confirmed_by_name(
    delegated, coordinator, contributor
):
    with pytest.raises(NotReady) as refused:
        clear(delegated, coordinator, without=["Somebody else"])

    assert refused.value.details == [contributor.name]
    record = clear(delegated, coordinator, without=[contributor.name, "Somebody else"])
    assert record.without == [contributor.name]


def test_part_delegated_meanwhile_is_missing_too(asked, coordinator):
    seen = board(asked).digest
    give(asked, coordinator, "new@x.pe", "GEN")

    with pytest.raises(NotReady) as refused:
        clear(asked, coordinator, seen=seen)

    assert refused.value.details == ["new@x.pe"]


def test_concurrence_older_than_the_answers_has_to_be_confirmed_too(
    delegated, coordinator, contributor
):
    concur(delegated, contributor, "POL")
    put(delegated, contributor, {"POL-01": "draft"})

    with pytest.raises(NotReady) as refused:
        clear(delegated, coordinator)

    assert refused.value.details == [contributor.name]


def test_concurrence_that_stands_needs_no_confirmation(
    delegated, coordinator, contributor
):
    concur(delegated, contributor, "POL")

    assert clear(delegated, coordinator).without == []


@pytest.mark.parametrize("role", ["contributor", "observer"])
def test_only_a_coordinator_clears(asked, peru, role):
    with pytest.raises(RoleForbids):
        clear(asked, MemberFactory(country=peru, role=role))


# What was signed


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({"institution": " "}, ["Institution is missing."]),
        ({"person_name": ""}, ["Name is missing."]),
        ({"function": "\n"}, ["Function is missing."]),
        (
            {"remark": "a\x00b"},
            ["Remark: The text contains characters that cannot be stored."],
        ),
        (
            {"institution": "x" * 201},
            ["Institution: The text has 201 characters; at most 200 can be stored."],
        ),
    ],
)
def test_signature_that_cannot_be_kept_is_refused(asked, coordinator, changes, details):
    with pytest.raises(SignatureRefused) as refused:
        clear(asked, coordinator, other(HEAD, **changes))

    assert refused.value.details == details
    assert standing(asked) == []


def test_names_are_kept_on_one_line(asked, coordinator):
    record = clear(asked, coordinator, other(HEAD, person_name=" Ana \n Quispe "))

    assert record.person_name == "Ana Quispe"


@pytest.mark.parametrize(
    ("now", "is_refused"),
    [("2025-03-03T09:59:59Z", True), ("2025-03-03T10:00:00Z", False)],
)
def test_day_signed_is_not_to_come_anywhere(asked, coordinator, now, is_refused):
    """In UTC+14 the day begins fourteen hours before it does in UTC."""
    with time_machine.travel(now):
        if not is_refused:
            assert clear(asked, coordinator).signed_on == DAY
            return
        with pytest.raises(SignatureRefused) as refused:
            clear(asked, coordinator)

    assert refused.value.details == ["Nothing can have been signed on a day to come."]


# Concurrences


def test_contributor_concurs_with_what_is_delegated_to_them(delegated, contributor):
    record = concur(delegated, contributor, "POL")

    assert (record.kind, record.parts, record.recorded_by) == (
        "concurrence", ["POL"], contributor,
    )  # fmt: skip


@pytest.mark.parametrize("parts", [(), ("GEN",), ("POL", "GEN-03")])
def test_contributor_speaks_of_nothing_else(delegated, contributor, parts):
    with pytest.raises(NotTheirs):
        concur(delegated, contributor, *parts)

    assert standing(delegated) == []


def test_contributor_may_concur_with_less_than_they_have(delegated, contributor):
    assert concur(delegated, contributor, "POL-01").parts == ["POL-01"]


def test_contributor_does_not_replace_what_another_concurred_with(
    delegated, coordinator, contributor
):
    concur(delegated, coordinator, "SRC")

    with pytest.raises(NotTheirs) as refused:
        concur(delegated, contributor, "POL")

    assert refused.value.message == (
        "Ministry of Interior has concurred with more than is delegated to you. Ask your "
        "coordinator to record it anew."
    )
    assert [r.parts for r in Clearance.objects.all()] == [["SRC"]]


def test_contributor_replaces_a_colleagues_record_of_their_own_part(
    delegated, coordinator, contributor
):
    concur(delegated, coordinator, "POL")

    concur(delegated, contributor, "POL", signature=other(INTERIOR, person_name="Eva"))

    assert standing(delegated) == ["Eva"]


def test_coordinator_concurs_for_anybody_with_anything(asked, coordinator):
    assert concur(asked, coordinator).parts == []
    reniec = other(INTERIOR, institution="RENIEC")
    assert concur(asked, coordinator, "SRC", signature=reniec).parts == ["SRC"]


def test_institution_has_one_standing_concurrence_however_it_is_spelt(
    asked, coordinator
):
    concur(asked, coordinator, "POL")

    concur(
        asked, coordinator, "SRC",
        signature=other(INTERIOR, institution="MINISTRY  of interior"),
    )  # fmt: skip

    kept = Clearance.objects.filter(withdrawn_at__isnull=True)
    assert [(r.institution, r.parts) for r in kept] == [
        ("MINISTRY of interior", ["SRC"])
    ]
    assert Clearance.objects.count() == 2


def test_double_click_records_one_concurrence(delegated, contributor):
    assert (
        concur(delegated, contributor, "POL").pk
        == concur(delegated, contributor, "POL").pk
    )
    assert Clearance.objects.count() == 1


def test_concurrence_with_answers_that_moved_on_is_refused(delegated, contributor):
    with pytest.raises(NotReady):
        concur(delegated, contributor, "POL", seen={"POL": "0" * 64})
    with pytest.raises(NotReady):
        concur(delegated, contributor, "POL", seen={})

    assert standing(delegated) == []


def test_change_elsewhere_does_not_disturb_a_concurrence(delegated, contributor):
    seen = {"POL": concur(delegated, contributor, "POL").answers_sha256}
    put(delegated, contributor, {"GEN-03": "Another office"})

    concur(
        delegated, contributor, "POL",
        signature=other(INTERIOR, person_name="Eva"), seen=seen,
    )  # fmt: skip

    assert standing(delegated) == ["Eva"]


def test_part_that_is_none_is_refused(asked, coordinator):
    with pytest.raises(SignatureRefused) as refused:
        concur(asked, coordinator, "XXX", seen={"XXX": ""})

    assert refused.value.details == ["This is not a part of the questionnaire."]


# Withdrawing


def test_coordinator_withdraws_any_record_and_it_is_kept(
    delegated, coordinator, contributor
):
    record = concur(delegated, contributor, "POL")

    withdraw_clearance(response=delegated, clearance=record, by=coordinator)
    record.refresh_from_db()
    at = record.withdrawn_at
    withdraw_clearance(response=delegated, clearance=record, by=coordinator)
    record.refresh_from_db()

    assert (record.withdrawn_by, record.withdrawn_at) == (coordinator, at)


def test_contributor_withdraws_only_what_they_recorded(
    delegated, coordinator, contributor
):
    mine = concur(delegated, contributor, "POL")
    reniec = other(INTERIOR, institution="RENIEC")
    theirs = concur(delegated, coordinator, "POL", signature=reniec)

    withdraw_clearance(response=delegated, clearance=mine, by=contributor)
    with pytest.raises(NotTheirs):
        withdraw_clearance(response=delegated, clearance=theirs, by=contributor)

    assert [r.institution for r in Clearance.objects.filter(withdrawn_at=None)] == [
        "RENIEC"
    ]


def test_contributor_does_not_withdraw_the_clearance(asked, coordinator, contributor):
    record = clear(asked, coordinator)

    with pytest.raises(RoleForbids):
        withdraw_clearance(response=asked, clearance=record, by=contributor)


# When nothing can be recorded


def test_nothing_is_recorded_where_the_round_does_not_ask(response, coordinator):
    with pytest.raises(NotReady):
        clear(response, coordinator)
    with pytest.raises(NotReady):
        concur(response, coordinator)


def test_nothing_is_recorded_of_a_submitted_response(asked, coordinator):
    record = clear(asked, coordinator)
    submit(asked, coordinator)

    for act in (
        lambda: clear(asked, coordinator),
        lambda: concur(asked, coordinator),
        lambda: withdraw_clearance(response=asked, clearance=record, by=coordinator),
    ):
        with pytest.raises(ResponseClosed):
            act()


def test_nothing_is_recorded_in_a_closed_round(asked, coordinator, officer):
    close_round(round_=asked.round, by=officer)

    with pytest.raises(ResponseClosed):
        clear(asked, coordinator)


# What the board says


def states(response):
    return [(line.name, line.state.value) for line in board(response).expected]


def test_institution_of_a_contact_is_expected_once(asked, coordinator, peru):
    luz = MemberFactory(country=peru, role="contributor", name="Luz", email="luz@x.pe")
    InstitutionFactory(country=peru, name="RENIEC", contact_email="Luz@x.pe")
    give(asked, coordinator, luz, "POL")
    give(asked, coordinator, luz, "SRC-01")
    give(asked, coordinator, "new@x.pe", "GEN")
    asked = ask_to_clear(asked)

    found = [(x.name, x.people, x.parts) for x in board(asked).expected]

    assert found == [
        ("RENIEC", ("Luz",), ("POL", "SRC-01")),
        ("new@x.pe", ("new@x.pe",), ("GEN",)),
    ]


def test_concurrence_counts_until_an_answer_of_its_part_changes(
    delegated, coordinator, contributor
):
    name = contributor.name
    assert states(delegated) == [(name, "missing")]
    concur(delegated, contributor, "POL")
    assert states(delegated) == [(name, "current")]
    put(delegated, coordinator, {"GEN-03": "Another office"})
    assert states(delegated) == [(name, "current")]
    put(delegated, coordinator, {"POL-01": "draft"})
    assert states(delegated) == [(name, "changed")]


def test_part_delegated_after_the_concurrence_is_not_covered(
    delegated, coordinator, contributor
):
    concur(delegated, contributor, "POL")
    give(delegated, coordinator, contributor, "SRC-01")

    assert states(delegated) == [(contributor.name, "partial")]


def test_coordinator_may_answer_for_a_person_of_an_unknown_institution(
    delegated, coordinator, contributor
):
    concur(delegated, coordinator, "POL")

    assert states(delegated) == [(contributor.name, "current")]
    assert board(delegated).others == ()


def test_concurrence_of_another_institution_is_no_answer(
    asked, coordinator, contributor, peru
):
    contributor.email = "luz@x.pe"
    contributor.save()
    InstitutionFactory(country=peru, name="RENIEC", contact_email="luz@x.pe")
    give(asked, coordinator, contributor, "POL")
    asked = ask_to_clear(asked)

    concur(asked, coordinator, "POL")

    assert states(asked) == [("RENIEC", "missing")]
    assert [s.record.institution for s in board(asked).others] == [
        "Ministry of Interior"
    ]


def test_institution_concurs_by_any_of_its_names(asked, coordinator, contributor, peru):
    InstitutionFactory(
        country=peru, name="Registro Nacional", short_name="RENIEC",
        contact_email=contributor.email,
    )  # fmt: skip
    give(asked, coordinator, contributor, "POL")
    asked = ask_to_clear(asked)

    concur(asked, coordinator, signature=other(INTERIOR, institution="reniec"))

    assert states(asked) == [("Registro Nacional", "current")]


def test_board_names_what_changed_after_the_clearance(asked, coordinator, contributor):
    put(asked, coordinator, {"GEN-01": "Peru"})
    clear(asked, coordinator)
    put(
        asked, contributor, {"GEN-03": "Another office", "GEN-01": "", "BAS-01": "both"}
    )
    put(asked, contributor, {"GEN-03": "A third office"})
    put(asked, contributor, {"POL-01": "draft"})
    put(asked, contributor, {"POL-01": "adopted"})

    head = board(asked).head

    assert not head.is_current
    assert [(str(c.address), c.change.value, c.by) for c in head.changes] == [
        ("GEN-01", "removed", contributor.name),
        ("GEN-03", "changed", contributor.name),
        ("BAS-01", "added", contributor.name),
    ]


def test_board_asks_the_same_number_of_queries_for_little_and_for_much(
    delegated, coordinator, contributor, django_assert_num_queries
):
    concur(delegated, contributor, "POL")
    put(delegated, coordinator, {"POL-01": "draft", "GEN-03": "Another office"})
    with django_assert_num_queries(5):
        board(delegated)
    for number in range(3):
        give(delegated, coordinator, f"p{number}@x.pe", "SRC")
        sign = other(INTERIOR, institution=f"Ministry {number}")
        concur(delegated, coordinator, "SRC", signature=sign)
    put(delegated, coordinator, {"SRC-01": 2020})

    with django_assert_num_queries(5):
        board(delegated)


def test_earlier_day_is_always_possible(asked, coordinator):
    day = datetime.date(1999, 12, 31)

    assert clear(asked, coordinator, other(HEAD, signed_on=day)).signed_on == day
