"""Threads as they are read: whose turn it is, what a point needs, who reads what."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.comment_queries import (
    comments_are_there,
    notes_for,
    notes_shown,
    place_in,
    points_of,
    sections_by_question,
    threads_of,
    threads_shown,
)
from assessment.models import Side
from assessment.queries import held_answers
from assessment.services.comments import resolve_thread, withdraw_comment, withdraw_note
from assessment.services.transitions import return_response
from tests.commenting import MUST, answer, ask, note
from tests.factories import MemberFactory, OfficerFactory, UserFactory
from tests.instruments import nmdc
from tests.saving import put, submit

CENSUS = "SRC-INV[SRC-CEN].latest_year"


@pytest.fixture
def submitted(response, coordinator):
    put(response, coordinator, {CENSUS: 2017, "GEN-03": "INEI"})
    submit(response, coordinator)
    return response


@pytest.fixture
def returned(submitted, officer):
    """Returned with nothing asked yet."""
    return_response(response=submitted, by=officer, message="Please check.")
    return submitted


def only(response):
    (thread,) = threads_of(response)
    return thread


def points(response):
    return points_of(
        threads_of(response), sections_by_question(nmdc()), held_answers(response)
    )


def met(response):
    return [(p.has_reply, p.has_change, p.is_left) for p in points(response)]


# Places


@pytest.mark.parametrize(
    ("text", "section", "address"),
    [
        ("SRC", "SRC", ("", "", "")),
        ("GEN-03", "GEN", ("GEN-03", "", "")),
        ("GEN-03.@note", "GEN", ("GEN-03", "", "@note")),
        ("SRC-INV", "SRC", ("SRC-INV", "", "")),
        ("SRC-INV[SRC-CEN]", "SRC", ("SRC-INV", "SRC-CEN", "")),
        (CENSUS, "SRC", ("SRC-INV", "SRC-CEN", "latest_year")),
        ("GEN-05[abcdefgh]", "GEN", ("GEN-05", "abcdefgh", "")),
        ("GEN-05[abcdefgh].name", "GEN", ("GEN-05", "abcdefgh", "name")),
    ],
)
def test_place_is_a_section_question_row_or_cell(text, section, address):
    place = place_in(nmdc(), text)

    assert (place.section.code, tuple(place.address)) == (section, address)
    assert str(place) == text


@pytest.mark.parametrize(
    "text", ["", "XXX", "src", "GEN-03[x]", "SRC-INV[XXX]", "SRC-INV.exists", "GEN-03.x",
             "SRC-INV[SRC-CEN].x", "GEN-05.name", "<b>", "SRC-INV[SRC-CEN"],
)  # fmt: skip
def test_what_is_no_place_is_none(text):
    assert place_in(nmdc(), text) is None


# Threads


def test_threads_come_in_one_query_with_what_was_said(submitted, officer, coordinator):
    first = ask(submitted, officer, CENSUS, **MUST)
    answer(first, coordinator)
    ask(submitted, officer, "GEN")

    with CaptureQueriesContext(connection) as captured:
        found = threads_of(submitted)
        read = [
            [(s.text, s.by, s.side, s.number) for s in thread.standing]
            for thread in found
        ]

    assert len(captured) == 1
    assert read == [
        [
            ("Which one?", officer.name, "unsd", 1),
            ("This one.", coordinator.name, "country", 1),
        ],
        [("Which one?", officer.name, "unsd", 1)],
    ]


def test_turn_goes_from_side_to_side_and_ends(submitted, officer, coordinator):
    thread = ask(submitted, officer)
    assert only(submitted).turn == Side.COUNTRY
    answer(thread, coordinator)
    assert only(submitted).turn == Side.UNSD
    answer(thread, officer, "And since when?")
    assert only(submitted).turn == Side.COUNTRY
    resolve_thread(thread=thread, by=officer)

    assert (only(submitted).turn, only(submitted).is_open) == ("", False)


def test_question_of_the_country_waits_for_unsd(response, contributor):
    ask(response, contributor)

    assert only(response).turn == Side.UNSD


def test_praise_is_never_open(submitted, officer):
    ask(submitted, officer, kind="praise")

    assert (only(submitted).is_open, only(submitted).turn) == (False, "")


def test_withdrawn_comment_is_empty_and_its_thread_not_open(submitted, officer):
    thread = ask(submitted, officer)
    withdraw_comment(comment=thread.comments.get(), by=officer)

    found = only(submitted)
    assert found.standing == ()
    assert [(s.text, s.is_withdrawn) for s in found.comments] == [("", True)]
    assert found.is_open is False


# Points


def test_point_is_met_by_a_reply_after_it(returned, officer, coordinator):
    thread = ask(returned, officer, **MUST)
    assert met(returned) == [(False, False, True)]

    answer(thread, coordinator)
    assert met(returned) == [(True, False, False)]

    answer(thread, officer, "That is another one.")
    assert met(returned) == [(False, False, True)]


def test_withdrawn_reply_meets_nothing(returned, officer, coordinator):
    thread = ask(returned, officer, **MUST)
    withdraw_comment(comment=answer(thread, coordinator), by=coordinator)

    assert met(returned) == [(False, False, True)]


@pytest.mark.parametrize(
    ("at", "cell", "value", "is_met"),
    [
        ("GEN-03", "GEN-03", "Migraciones", True),
        ("GEN-03", "GEN-03", None, True),
        ("GEN-03", "GEN-03", "INEI", False),
        ("GEN-03", "GEN-03.@note", "Renamed.", True),
        ("GEN-03", "GEN-01", "Peru", False),
        ("GEN", "GEN-01", "Peru", True),
        ("GEN", CENSUS, 2018, False),
        ("SRC-INV", CENSUS, 2018, True),
        ("SRC-INV[SRC-CEN]", CENSUS, 2018, True),
        ("SRC-INV[SRC-LFS]", CENSUS, 2018, False),
        (CENSUS, CENSUS, 2018, True),
        (CENSUS, "SRC-INV[SRC-CEN].exists", "yes", False),
    ],
)
def test_point_is_met_by_a_changed_answer_within_its_place(
    returned, officer, coordinator, at, cell, value, is_met
):
    ask(returned, officer, at, **MUST)

    put(returned, coordinator, {cell: value})

    assert met(returned) == [(False, is_met, not is_met)]


def test_answer_changed_there_and_back_meets_nothing(returned, officer, coordinator):
    ask(returned, officer, **MUST)
    put(returned, coordinator, {"GEN-03": "Migraciones"})
    put(returned, coordinator, {"GEN-03": "INEI"})

    assert met(returned) == [(False, False, True)]


def test_what_may_be_settled_holds_up_nothing(returned, officer):
    ask(returned, officer, kind="suggestion")

    assert met(returned) == [(False, False, False)]


def test_own_question_unanswered_is_no_point(returned, coordinator):
    ask(returned, coordinator)

    assert points(returned) == []


def test_points_cost_one_query_for_one_and_for_three(returned, officer):
    def queries():
        threads, held = threads_of(returned), held_answers(returned)
        with CaptureQueriesContext(connection) as captured:
            points_of(threads, sections_by_question(nmdc()), held)
        return len(captured)

    ask(returned, officer, **MUST)
    one = queries()
    ask(returned, officer, "GEN", **MUST)
    ask(returned, officer, CENSUS, **MUST)

    assert (one, queries()) == (1, 1)


# Who reads what


def test_officer_reads_of_a_draft_what_was_asked_only(
    response, contributor, officer, fresh
):
    assert comments_are_there(officer, fresh(response)) is False
    ask(response, contributor)

    assert comments_are_there(officer, fresh(response)) is True


def test_stranger_reads_no_comments(submitted, officer, fresh):
    ask(submitted, officer)
    stranger = UserFactory()

    assert comments_are_there(stranger, fresh(submitted)) is False


@pytest.mark.parametrize("role", ["coordinator", "contributor", "observer"])
def test_notes_are_for_people_at_unsd_only(submitted, peru, officer, role):
    kept = note(submitted, officer)
    gone = note(submitted, officer, text="Mistaken.")
    withdraw_note(note=gone, by=officer)

    assert notes_for(OfficerFactory(), submitted) == [kept]
    person = MemberFactory(country=peru, role=role)
    assert notes_for(person, submitted) == []


def test_officer_of_ones_own_country_reads_no_notes(submitted, peru, officer):
    note(submitted, officer)
    both = MemberFactory(country=peru, role="contributor", unsd_role="officer")

    assert notes_for(both, submitted) == []


def test_nothing_is_asked_for_where_nothing_was_said(
    submitted, officer, fresh, django_assert_num_queries
):
    empty = fresh(submitted)
    with django_assert_num_queries(0):
        assert threads_shown(empty) == []
        assert notes_shown(officer, empty) == []
    ask(submitted, officer)
    note(submitted, officer)

    full = fresh(submitted)
    assert len(threads_shown(full)) == 1
    assert len(notes_shown(officer, full)) == 1
