"""What each side may say, settle and take back; and what a second click does."""

from datetime import timedelta

import pytest

from assessment.models import Comment, CommentThread, InternalNote
from assessment.refusals import ResponseClosed, RoleForbids
from assessment.services.comments import (
    CommentRefused,
    resolve_thread,
    unresolve_thread,
    withdraw_comment,
    withdraw_note,
)
from assessment.services.transitions import accept_response, return_response
from tests.commenting import MUST, answer, ask, note
from tests.factories import AdministratorFactory, MemberFactory, OfficerFactory
from tests.saving import submit


@pytest.fixture
def submitted(response, coordinator):
    submit(response, coordinator)
    return response


@pytest.fixture
def point(submitted, officer):
    return ask(submitted, officer, **MUST)


def thread_of(thread):
    return CommentThread.objects.get(pk=thread.pk)


def texts():
    return list(Comment.objects.order_by("pk").values_list("side", "text"))


# Beginning a thread


@pytest.mark.parametrize(
    ("at", "stored"),
    [
        ("GEN", ("GEN", "", "", "")),
        ("GEN-03", ("GEN", "GEN-03", "", "")),
        ("SRC-INV[SRC-CEN]", ("SRC", "SRC-INV", "SRC-CEN", "")),
        ("SRC-INV[SRC-CEN].exists", ("SRC", "SRC-INV", "SRC-CEN", "exists")),
    ],
)
def test_officer_comments_on_section_question_row_and_cell(
    submitted, officer, at, stored
):
    thread = ask(submitted, officer, at, "  Why?\n", **MUST)

    row = thread_of(thread)
    assert (row.section, row.question, row.row, row.column) == stored
    assert (row.kind, row.must_settle, row.side) == ("correction", True, "unsd")
    said = thread.comments.get()
    assert (said.text, said.side, said.written_by) == ("Why?", "unsd", officer)
    assert said.submission == submitted.submissions.get()


def test_country_asks_in_a_draft_a_question_that_holds_up_nothing(
    response, contributor
):
    thread = ask(response, contributor, kind="praise", must_settle=True)

    assert (thread.kind, thread.must_settle, thread.side) == (
        "question",
        False,
        "country",
    )
    assert thread.comments.get().submission is None


def test_praise_never_must_be_settled(submitted, officer):
    assert ask(submitted, officer, kind="praise", must_settle=True).must_settle is False


@pytest.mark.parametrize("text", ["", "  \n", "\x00", "x" * 20_001])
def test_comment_without_a_proper_text_is_refused(response, contributor, text):
    with pytest.raises(CommentRefused) as refused:
        ask(response, contributor, text=text)

    assert refused.value.details != []
    assert CommentThread.objects.count() == 0


def test_unknown_kind_is_refused(submitted, officer):
    with pytest.raises(CommentRefused):
        ask(submitted, officer, kind="complaint")

    assert CommentThread.objects.count() == 0


def test_observer_begins_and_replies_nothing(response, peru, contributor):
    observer = MemberFactory(country=peru, role="observer")
    thread = ask(response, contributor)

    with pytest.raises(RoleForbids):
        ask(response, observer)
    with pytest.raises(RoleForbids):
        answer(thread, observer)
    assert Comment.objects.count() == 1


def test_officer_begins_nothing_before_the_first_submission(response, officer):
    with pytest.raises(ResponseClosed):
        ask(response, officer)


def test_officer_answers_a_question_of_a_draft(response, contributor, officer):
    thread = ask(response, contributor)

    answer(thread, officer, "The lead agency.")

    assert texts() == [("country", "Which one?"), ("unsd", "The lead agency.")]


@pytest.mark.parametrize("times", [2, 3])
def test_same_words_within_a_minute_are_taken_once(submitted, officer, times):
    threads = {ask(submitted, officer).pk for _ in range(times)}
    thread = thread_of(CommentThread(pk=threads.pop()))
    replies = {answer(thread, officer, "Soon?").pk for _ in range(times)}

    assert (len(threads), len(replies), Comment.objects.count()) == (0, 1, 2)


def test_same_words_of_another_place_or_person_are_another_thread(submitted, officer):
    ask(submitted, officer)
    ask(submitted, officer, "GEN-04")
    ask(submitted, OfficerFactory())

    assert CommentThread.objects.count() == 3


def test_same_words_after_a_minute_are_said_again(submitted, officer):
    thread = ask(submitted, officer)
    said = answer(thread, officer, "Any news?")
    Comment.objects.update(written_at=said.written_at - timedelta(minutes=2))

    answer(thread, officer, "Any news?")

    assert Comment.objects.count() == 3


# Settling


def test_resolving_twice_is_once(point, officer):
    resolve_thread(thread=point, by=officer, text="Clear now.")
    resolve_thread(thread=point, by=OfficerFactory(), text="Mine too.")

    row = thread_of(point)
    assert row.resolved_by == officer
    assert row.resolved_at is not None
    assert [text for _, text in texts()] == ["Which one?", "Clear now."]


def test_country_resolves_nothing(point, coordinator):
    with pytest.raises(RoleForbids):
        resolve_thread(thread=point, by=coordinator)
    with pytest.raises(RoleForbids):
        unresolve_thread(thread=point, by=coordinator, text="Again.")

    assert thread_of(point).resolved_at is None


def test_reply_to_a_resolved_point_is_refused_and_nothing_is_said(
    point, officer, coordinator
):
    resolve_thread(thread=point, by=officer)

    with pytest.raises(CommentRefused) as refused:
        answer(point, coordinator)

    assert "resolved" in refused.value.details[0]
    assert len(texts()) == 1


def test_point_is_opened_again_with_a_reason(point, officer):
    resolve_thread(thread=point, by=officer)
    with pytest.raises(CommentRefused):
        unresolve_thread(thread=point, by=officer, text=" ")
    assert thread_of(point).resolved_at is not None

    unresolve_thread(thread=point, by=officer, text="The year is still wrong.")
    unresolve_thread(thread=point, by=officer, text="Once more.")

    row = thread_of(point)
    assert (row.resolved_at, row.resolved_by) == (None, None)
    assert [text for _, text in texts()] == ["Which one?", "The year is still wrong."]


# Taking back


def test_own_comment_is_withdrawn_once_and_stays_on_record(point, officer):
    said = point.comments.get()
    withdraw_comment(comment=said, by=officer)
    first = Comment.objects.get().withdrawn_at
    withdraw_comment(comment=said, by=officer)

    row = Comment.objects.get()
    assert (row.withdrawn_at, row.withdrawn_by, row.text) == (
        first,
        officer,
        "Which one?",
    )


def test_comment_of_somebody_else_is_not_withdrawn(point, coordinator):
    said = point.comments.get()

    for person in (coordinator, OfficerFactory()):
        with pytest.raises(RoleForbids):
            withdraw_comment(comment=said, by=person)

    assert Comment.objects.get().withdrawn_at is None


def test_nobody_replies_to_what_was_withdrawn(point, officer, coordinator):
    withdraw_comment(comment=point.comments.get(), by=officer)

    with pytest.raises(CommentRefused) as refused:
        answer(point, coordinator)

    assert refused.value.details == [
        "The comment was withdrawn meanwhile. Write a new one."
    ]


# Notes


@pytest.mark.parametrize("factory", [OfficerFactory, AdministratorFactory])
def test_people_at_unsd_note_in_any_status(response, coordinator, officer, factory):
    person = factory()
    made = [note(response, person, text="draft").text]
    submit(response, coordinator)
    made.append(note(response, person, text="submitted").text)
    return_response(response=response, by=officer, message="Please.")
    made.append(note(response, person, text="returned").text)
    submit(response, coordinator)
    accept_response(response=response, by=officer)
    made.append(note(response, person, text="accepted").text)

    assert made == ["draft", "submitted", "returned", "accepted"]
    assert InternalNote.objects.filter(written_by=person).count() == 4


@pytest.mark.parametrize("role", ["coordinator", "contributor", "observer"])
def test_nobody_of_the_country_notes(submitted, peru, officer, role):
    person = MemberFactory(country=peru, role=role)
    written = note(submitted, officer)

    with pytest.raises(RoleForbids):
        note(submitted, person)
    with pytest.raises(RoleForbids):
        withdraw_note(note=written, by=person)
    assert InternalNote.objects.get().withdrawn_at is None


def test_note_is_taken_once_and_withdrawn_by_its_writer(submitted, officer):
    first, second = note(submitted, officer), note(submitted, officer)
    with pytest.raises(RoleForbids):
        withdraw_note(note=first, by=OfficerFactory())

    withdraw_note(note=first, by=officer)
    withdraw_note(note=first, by=officer)

    row = InternalNote.objects.get()
    assert (first.pk, row.withdrawn_by) == (second.pk, officer)
