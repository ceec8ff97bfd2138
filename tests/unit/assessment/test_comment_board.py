"""Comments by place, what the reader may do with them, and the tasks they make."""

import pytest

from assessment.comment_board import Board, Rights, board_for, rights_of
from assessment.comment_places import place_url
from assessment.comment_queries import threads_of
from assessment.comment_tasks import said_on_hub, tally_of, tasks_of
from assessment.queries import held_answers, read_for, transitions_of
from assessment.services.comments import resolve_thread, withdraw_comment
from assessment.services.transitions import return_response
from tests.commenting import MUST, answer, ask, note, place
from tests.factories import AdministratorFactory, MemberFactory
from tests.instruments import nmdc
from tests.saving import put, submit

CENSUS = "SRC-INV[SRC-CEN].latest_year"


@pytest.fixture
def submitted(response, coordinator):
    put(response, coordinator, {CENSUS: 2017, "GEN-03": "INEI"})
    submit(response, coordinator)
    return response


def section(code):
    return nmdc().section_by_code[code]


def board(response, user, fresh):
    return board_for(user, fresh(response))


# The board


def test_question_gathers_its_rows_and_cells_and_the_section_its_own(
    submitted, officer, fresh
):
    for at in ("SRC", "SRC-INV", "SRC-INV[SRC-CEN]", CENSUS, "SRC-01"):
        ask(submitted, officer, at)
    note(submitted, officer, CENSUS)

    found = board(submitted, officer, fresh)
    question = found.of_question(section("SRC"), "SRC-INV")
    whole = found.of_section(section("SRC"))

    assert [thread.thread.place for thread in question.threads] == [
        "SRC-INV",
        "SRC-INV[SRC-CEN]",
        CENSUS,
    ]
    assert [line.where for line in question.lines] == [
        "",
        "Inventory of data sources · Population and housing census",
        "Inventory of data sources · Population and housing census · Latest year",
    ]
    assert [n.text for n in question.notes] == ["Between us."]
    assert [thread.thread.place for thread in whole.threads] == ["SRC"]
    assert (question.anchor, question.open_count) == ("comments-SRC-INV", 3)
    assert question.url == "/responses/PER/2025/comments/at/SRC-INV/"
    assert whole.page_url == "/responses/PER/2025/comments/?at=SRC"


def test_country_has_no_notes_on_its_board(submitted, officer, coordinator, fresh):
    note(submitted, officer)

    at = board(submitted, coordinator, fresh).of_question(section("GEN"), "GEN-03")

    assert (at.notes, at.note_lines, at.rights.notes) == ((), [], False)


def test_withdrawn_thread_is_on_no_board(submitted, officer, fresh):
    thread = ask(submitted, officer)
    withdraw_comment(comment=thread.comments.get(), by=officer)

    found = board(submitted, officer, fresh)

    assert found.threads == []
    assert list(found.sections()) == []


def test_sections_come_in_the_order_of_the_questionnaire(submitted, officer, fresh):
    for at in ("SRC-01", "GEN-03", "SRC", "GEN-01"):
        ask(submitted, officer, at)
    note(submitted, officer, "BAS")

    parts = board(submitted, officer, fresh).sections()

    assert [(s.code, [str(at.place) for at in places]) for s, places in parts] == [
        ("GEN", ["GEN-01", "GEN-03"]),
        ("BAS", ["BAS"]),
        ("SRC", ["SRC", "SRC-01"]),
    ]


def test_open_thread_is_found_at_its_own_cell_only(submitted, officer, fresh):
    resolved = ask(submitted, officer, CENSUS, "Old.")
    resolve_thread(thread=resolved, by=officer)
    thread = ask(submitted, officer, CENSUS)
    ask(submitted, officer, CENSUS, "Second.")

    found = board(submitted, officer, fresh)

    assert found.open_at(place(submitted, CENSUS).address) == thread.pk
    assert found.open_at(place(submitted, "SRC-INV[SRC-CEN]").address) == 0


@pytest.mark.parametrize(
    ("at", "anchor"),
    [
        ("SRC", "comments-SRC-box"),
        ("SRC-INV", "q-SRC-INV"),
        ("SRC-01", "q-SRC-01"),
        ("SRC-01.@note", "q-SRC-01"),
        ("SRC-INV[SRC-CEN]", "c-SRC-INV[SRC-CEN].exists"),
        ("SRC-INV[SRC-CEN].@note", "c-SRC-INV[SRC-CEN].exists"),
        (CENSUS, f"c-{CENSUS}"),
    ],
)
def test_place_leads_to_where_it_stands_on_its_page(response, at, anchor):
    assert place_url(response, nmdc(), place(response, at)) == (
        f"/responses/PER/2025/sections/src/#{anchor}"
    )


# Rights, as the pages show them; the services judge them again


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        ("coordinator", (True, True, True, False, False)),
        ("contributor", (True, True, True, False, False)),
        ("observer", (True, False, False, False, False)),
        ("officer", (False, False, True, True, True)),
        ("administrator", (False, False, True, True, True)),
    ],
)
def test_rights_in_a_draft(response, peru, officer, role, rights):
    person = {"officer": officer, "administrator": AdministratorFactory()}.get(role)
    person = person or MemberFactory(country=peru, role=role)

    found = rights_of(person, response)

    assert (
        found.sees,
        found.begins,
        found.replies,
        found.resolves,
        found.notes,
    ) == rights


def test_lines_offer_what_the_reader_may_do(submitted, officer, coordinator, fresh):
    thread = ask(submitted, officer)
    answer(thread, coordinator)

    def offered(user):
        at = board(submitted, user, fresh).of_question(section("GEN"), "GEN-03")
        (line,) = at.lines
        own = [one.can_withdraw for one in line.said]
        return (line.can_reply, line.can_resolve, line.can_reopen, own)

    assert offered(coordinator) == (True, False, False, [False, True])
    assert offered(officer) == (True, True, False, [True, False])
    resolve_thread(thread=thread, by=officer)
    assert offered(coordinator) == (False, False, False, [False, True])
    assert offered(officer) == (False, False, True, [True, False])


def test_board_without_rights_is_for_reading(submitted, officer):
    ask(submitted, officer)
    found = Board(submitted, threads_of(submitted))

    (line,) = found.of_question(section("GEN"), "GEN-03").lines

    assert found.rights == Rights()
    assert (line.can_reply, line.can_resolve, line.said[0].can_withdraw) == (
        False,
        False,
        False,
    )


# Tasks


def tasks(response):
    return tasks_of(response, nmdc(), threads_of(response), held_answers(response))


def test_tasks_put_first_what_must_be_settled(submitted, officer, coordinator):
    ask(submitted, officer, "GEN-01", kind="suggestion")
    ask(submitted, officer, CENSUS, **MUST)
    ask(submitted, officer, "SRC", "The section.", **MUST)
    ask(submitted, officer, "GEN-03", kind="praise")
    ask(submitted, coordinator, "GEN-04")

    found = tasks(submitted)

    assert [(str(t.place), t.is_left) for t in found.tasks] == [
        ("SRC", True),
        (CENSUS, True),
        ("GEN-01", False),
    ]
    assert found.tasks[1].url.endswith(f"/sections/src/#c-{CENSUS}")
    assert found.to_do_by_section == {"SRC": 2, "GEN": 1}


def test_task_says_how_it_was_done(submitted, officer, coordinator, fresh):
    threads = {
        at: ask(submitted, officer, at, **MUST)
        for at in ("GEN-01", "GEN-03", "GEN-04", CENSUS)
    }
    return_response(response=submitted, by=officer, message="")
    answer(threads["GEN-01"], coordinator)
    put(submitted, coordinator, {"GEN-03": "Migraciones"})
    resolve_thread(thread=threads["GEN-04"], by=officer)

    response = fresh(submitted)
    asked = said_on_hub(
        coordinator,
        response,
        read_for(coordinator, response),
        list(transitions_of(response)),
    ).asked

    assert {str(t.place): t.state.value for t in asked.tasks} == {
        "GEN-01": "replied",
        "GEN-03": "changed",
        "GEN-04": "resolved",
        CENSUS: "to_do",
    }
    assert (asked.done, len(asked.tasks), len(asked.left)) == (3, 4, 1)


def test_what_was_resolved_before_the_return_is_no_task(
    submitted, officer, coordinator, fresh
):
    resolve_thread(thread=ask(submitted, officer, "GEN-01", **MUST), by=officer)
    return_response(response=submitted, by=officer, message="Please.")

    response = fresh(submitted)
    said = said_on_hub(
        coordinator,
        response,
        read_for(coordinator, response),
        list(transitions_of(response)),
    )

    assert said.asked.tasks == ()


def test_officer_has_open_points_and_no_tasks(submitted, officer, coordinator, fresh):
    ask(submitted, officer, "GEN-01")
    ask(submitted, coordinator, "GEN-03")
    response = fresh(submitted)

    said = said_on_hub(officer, response, read_for(officer, response))

    assert said.asked.tasks == ()
    assert [str(t.place) for t in said.open_points] == ["GEN-01", "GEN-03"]
    assert (said.tally.open, said.tally.waiting) == (2, 1)


def test_tally_counts_by_section_what_waits_for_a_side(submitted, officer, coordinator):
    ask(submitted, officer, "GEN-01")
    ask(submitted, officer, "GEN-03", kind="praise")
    answer(ask(submitted, officer, CENSUS), coordinator)

    country = tally_of(threads_of(submitted), "country")
    unsd = tally_of(threads_of(submitted), "unsd")

    assert (country.open, country.waiting, unsd.waiting) == (2, 1, 1)
    assert country.by_section == {"GEN": 1, "SRC": 1}


@pytest.mark.parametrize("has_said", [True, False])
def test_review_has_begun_once_unsd_commented_on_the_submission(
    submitted, officer, coordinator, fresh, has_said
):
    ask(submitted, coordinator)
    if has_said:
        ask(submitted, officer)
    response = fresh(submitted)

    said = said_on_hub(
        coordinator,
        response,
        read_for(coordinator, response),
        list(transitions_of(response)),
    )

    assert said.has_begun is has_said
