"""Many people at once, each with a connection of their own.

The tests run on a copy of the test database, on SQLite in a file as in a trial: threads
cannot share a database in memory as processes share a real one, and the test's own
transaction would hide what others commit.
"""

import contextlib
import dataclasses
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.db.utils import load_backend

from assessment.live import changes_after
from assessment.models import (
    Answer,
    AnswerRevision,
    Clearance,
    Comment,
    CommentThread,
    Country,
    Delegation,
    Invitation,
    Membership,
    Response,
    ReviewedValue,
    Submission,
    Transition,
)
from assessment.queries import held_answers, responses_with_instrument
from assessment.refusals import (
    InvitationUnusable,
    LastCoordinator,
    NotReady,
    ResponseClosed,
    RoleForbids,
    TeamRefused,
)
from assessment.services.answers import Saved
from assessment.services.clearance import NotCleared, clear_response
from assessment.services.comments import CommentRefused, resolve_thread
from assessment.services.delegations import withdraw_delegation
from assessment.services.invitations import invite, register_invited
from assessment.services.reminders import send_reminders
from assessment.services.reviewed import set_reviewed_value
from assessment.services.rounds import open_response, open_round, system_user
from assessment.services.teams import change_role, deactivate_member, hand_over
from assessment.services.transitions import accept_response, return_response
from assessment.team_queries import coordinators_in, token_hash
from questionnaire.addresses import Address
from questionnaire.models import Questionnaire
from tests.clearing import HEAD, ask_to_clear, board, clear
from tests.commenting import answer, ask
from tests.delegating import age, give, switch
from tests.factories import MemberFactory, OfficerFactory, RoundFactory
from tests.instruments import nmdc
from tests.saving import change, save, submit

THREADS = 8
SAVES = 25
CELLS = ["GEN-01", "GEN-03", "SRC-INV[SRC-CEN].holder"]


@pytest.fixture
def db(django_db_setup):
    """The database without a transaction; pytest-django makes one for a fixture so named."""


@pytest.fixture
def together(db, django_db_blocker, tmp_path):
    """Run a function in several threads at once on a copy of the database."""
    with django_db_blocker.unblock(), copy_of_the_database(tmp_path) as connect:

        def run(function, arguments):
            barrier = Barrier(len(arguments))

            def one(argument):
                with connect():
                    barrier.wait(timeout=30)
                    return function(argument)

            with ThreadPoolExecutor(len(arguments)) as pool:
                return list(pool.map(one, arguments))

        with connect():
            yield run


@contextlib.contextmanager
def copy_of_the_database(folder):
    """Yield what makes a connection to the copy the current thread's one."""
    original = connections["default"]
    described = dict(original.settings_dict)
    if original.vendor == "sqlite":
        name = str(folder / "copy.sqlite3")
        original.ensure_connection()
        with contextlib.closing(sqlite3.connect(name)) as copy:
            original.connection.backup(copy)
    else:
        name = f"{described['NAME']}_copy"
        original.close()
        with original._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{described["NAME"]}"')
    described["NAME"] = name
    backend = load_backend(described["ENGINE"])

    @contextlib.contextmanager
    def connect():
        before = getattr(connections._connections, "default", None)
        connections["default"] = backend.DatabaseWrapper(described, "default")
        try:
            yield
        finally:
            connections["default"].close()
            if before is None:
                del connections["default"]
            else:
                connections["default"] = before

    try:
        yield connect
    finally:
        if original.vendor != "sqlite":
            with original._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}"')


@pytest.fixture
def peru_response(together):
    officer = OfficerFactory()
    peru = Country.objects.get(iso3="PER")
    round_ = RoundFactory(questionnaire=Questionnaire.objects.get(), code="2025")
    open_round(round_=round_, countries=[], by=officer)
    return open_response(round_=round_, country=peru, by=officer)


def people(role, number=THREADS):
    peru = Country.objects.get(iso3="PER")
    return [MemberFactory(country=peru, role=role) for _ in range(number)]


def read(response):
    return responses_with_instrument().get(pk=response.pk)


def test_nothing_is_lost_when_eight_people_write_into_the_same_cells(
    together, peru_response
):
    """Whoever meets a conflict reads again and saves anew, until it is through."""
    contributors = people("contributor")

    def write(number):
        by, own = contributors[number], read(peru_response)
        outcomes = []
        for turn in range(SAVES):
            cell = CELLS[(number + turn) % len(CELLS)]
            base = 0
            while True:
                outcome = save(own, by, change(cell, f"{number}-{turn}", base))
                outcomes.append((cell, outcome))
                if isinstance(outcome, Saved):
                    break
                base = outcome.revision
        return outcomes

    found = [pair for pairs in together(write, range(THREADS)) for pair in pairs]

    saved = [(cell, o.revision, o.value) for cell, o in found if isinstance(o, Saved)]
    kept = [
        (str(r.answer), r.revision, r.value)
        for r in AnswerRevision.objects.exclude(
            answer__question="GEN-02"
        ).select_related("answer")
    ]
    assert len(saved) == THREADS * SAVES
    assert sorted(saved) == sorted(kept)
    assert Answer.objects.count() == len(CELLS) + 1
    for cell in CELLS:
        revisions = sorted(revision for name, revision, _ in kept if name == cell)
        assert revisions == list(range(1, len(revisions) + 1))
        newest = max((r, value) for name, r, value in kept if name == cell)
        held = held_answers(peru_response)[Address.parse(cell)]
        assert (held.revision, held.value) == newest


def test_one_of_eight_first_saves_wins_and_the_others_see_it(together, peru_response):
    contributors = people("contributor")

    def write(number):
        return save(
            read(peru_response), contributors[number], change("GEN-01", f"{number}")
        )

    outcomes = together(write, range(THREADS))

    (saved,) = [outcome for outcome in outcomes if isinstance(outcome, Saved)]
    conflicts = [outcome for outcome in outcomes if not isinstance(outcome, Saved)]
    assert {(o.value, o.revision) for o in conflicts} == {(saved.value, 1)}
    assert AnswerRevision.objects.filter(answer__question="GEN-01").count() == 1


def test_batches_in_opposite_order_do_not_block_each_other(together, peru_response):
    contributors = people("contributor", 4)
    cells = [f"GEN-0{n}.@note" for n in range(1, 10)]

    def write(number):
        order = cells if number % 2 else list(reversed(cells))
        own = read(peru_response)
        return [
            len(save(own, contributors[number], *(change(c, f"{turn}") for c in order)))
            for turn in range(5)
        ]

    assert together(write, range(4)) == [[9] * 5] * 4


def test_two_coordinators_submitting_at_once_make_one_submission(
    together, peru_response
):
    coordinators = people("coordinator", 4)

    submissions = together(lambda by: submit(read(peru_response), by).pk, coordinators)

    assert len(set(submissions)) == 1
    assert Submission.objects.count() == 1
    assert Transition.objects.filter(action="submit").count() == 1


def test_two_officers_accepting_at_once_make_one_acceptance(together, peru_response):
    submit(peru_response, people("coordinator", 1)[0])
    officers = [OfficerFactory() for _ in range(4)]

    acceptances = together(
        lambda by: accept_response(response=read(peru_response), by=by).pk, officers
    )

    assert len(set(acceptances)) == 1
    assert Transition.objects.filter(action="accept").count() == 1


def test_officers_who_review_one_cell_at_once_leave_one_value(together, peru_response):
    submit(peru_response, people("coordinator", 1)[0])
    officers = [OfficerFactory() for _ in range(4)]

    together(
        lambda by: (
            set_reviewed_value(
                response=read(peru_response),
                address=Address("GEN-01"),
                value=f"Peru, says {by.pk}",
                reason="Because.",
                by=by,
            ).pk
        ),
        officers,
    )

    standing = ReviewedValue.objects.filter(withdrawn_at__isnull=True)
    assert (standing.count(), ReviewedValue.objects.count()) == (1, 4)
    assert ReviewedValue.objects.values("thread").distinct().count() == 1


def test_answer_saved_during_a_submission_is_in_it_or_refused(together, peru_response):
    """There is no third way: saved, but missing from what was frozen."""
    (coordinator,), contributors = people("coordinator", 1), people("contributor", 3)

    def act(person):
        own = read(peru_response)
        if person == coordinator:
            return submit(own, coordinator).pk
        saved = []
        for turn in range(SAVES):
            try:
                cell = f"GEN-0{turn % 9 + 1}.@note"
                base = held_revision(own, cell)
                outcome = save(own, person, change(cell, f"{person.pk}-{turn}", base))
            except ResponseClosed:
                break
            if isinstance(outcome, Saved):
                saved.append((cell, outcome.revision))
        return saved

    submission_pk, *kept = together(act, [coordinator, *contributors])

    frozen = Submission.objects.get(pk=submission_pk).canonical_json
    for cell, revision in (pair for pairs in kept for pair in pairs):
        standing = held_answers(peru_response)[Address.parse(cell)]
        assert standing.revision >= revision
        assert f'"revision":{standing.revision}' in frozen
        assert str(standing.value) in frozen


def held_revision(response, cell):
    held = held_answers(response).get(Address.parse(cell))
    return held.revision if held else 0


def test_country_that_joins_twice_at_once_has_one_response(together, peru_response):
    officers = [OfficerFactory() for _ in range(4)]
    chile = Country.objects.get(iso3="CHL")
    system_user()

    found = together(
        lambda by: open_response(round_=peru_response.round, country=chile, by=by).pk,
        officers,
    )

    assert len(set(found)) == 1
    assert Response.objects.filter(country=chile).count() == 1
    assert Transition.objects.filter(response__country=chile).count() == 1


def test_different_cells_of_one_row_never_conflict(together, peru_response):
    """Eight people, a column each, at once: everything is saved at the first attempt."""
    contributors = people("contributor")
    columns = [
        c.code for c in nmdc().question_by_code["SRC-INV"].columns if c.kind != "year"
    ][:THREADS]
    values = {"text": "INEI", "multiple_choice": "dk"}

    def write(number):
        question = nmdc().question_by_code["SRC-INV"]
        column = question.column_by_code[columns[number]]
        value = values.get(column.kind) or column.choices[0].value
        cell = f"SRC-INV[SRC-CEN].{column.code}"
        return save(read(peru_response), contributors[number], change(cell, value))

    outcomes = together(write, range(len(columns)))

    assert len(columns) > 4
    assert {type(outcome) for outcome in outcomes} == {Saved}
    assert {outcome.revision for outcome in outcomes} == {1}


def write_turns(response, by, number, cells):
    """Write into the cells in turn; return what was saved, as cell and revision."""
    own, saved = read(response), []
    for turn in range(SAVES):
        cell = cells[(number + turn) % len(cells)]
        outcome = save(
            own, by, change(cell, f"{number}-{turn}", held_revision(own, cell))
        )
        if isinstance(outcome, Saved):
            saved.append((cell, outcome.revision))
    return saved


def follow_changes(response, questions, is_over):
    """Ask for changes until all is written; return the cursor and all that was told."""
    cursor, told = 0, []
    while True:
        is_last = is_over()
        cursor, changes = changes_after(response, questions, cursor)
        told += [(str(change.address), change.revision) for change in changes]
        if is_last:
            return cursor, told


def newest_of(pairs):
    return {cell: max(r for c, r in pairs if c == cell) for cell, _ in pairs}


def test_readers_of_changes_miss_none_while_others_write(together, peru_response):
    """Each goes on from its own cursor; another country's revisions come in between."""
    chile = Country.objects.get(iso3="CHL")
    other = open_response(
        round_=peru_response.round, country=chile, by=peru_response.opened_by
    )
    writers = [(peru_response, by, CELLS) for by in people("contributor", 4)]
    stranger = MemberFactory(country=chile, role="contributor")
    writers.append((other, stranger, ["GEN-01"]))
    finished = []

    def act(number):
        if number >= len(writers):
            codes = {"GEN-01", "GEN-03", "SRC-INV"}
            return follow_changes(
                peru_response, codes, lambda: len(finished) == len(writers)
            )
        response, by, cells = writers[number]
        saved = write_turns(response, by, number, cells)
        finished.append(number)
        return saved

    *kept, foreign, first, second = together(act, range(len(writers) + 2))

    saved = [pair for pairs in kept for pair in pairs]
    assert len(foreign) == SAVES
    for cursor, told in (first, second):
        assert cursor == len(saved)
        assert newest_of(told) == newest_of(saved)
        assert len(told) == len(set(told))
        for cell in CELLS:  # never back to an older value
            revisions = [revision for name, revision in told if name == cell]
            assert revisions == sorted(revisions)


# Teams


def attempt(function, **arguments):
    """Return what came of it: nothing, or the name of the refusal."""
    try:
        function(**arguments)
    except (LastCoordinator, RoleForbids, TeamRefused, InvitationUnusable) as refusal:
        return type(refusal).__name__
    return ""


@pytest.mark.parametrize("turn", range(3))
def test_coordinators_who_demote_each_other_at_once_leave_one(together, turn):
    first, second = people("coordinator", 2)
    pairs = [(first, second), (second, first)]

    outcomes = together(
        lambda pair: attempt(
            change_role,
            membership=Membership.objects.get(user=pair[1]),
            role="contributor",
            by=pair[0],
        ),
        pairs,
    )

    assert sorted(outcomes) == ["", "RoleForbids"]
    assert coordinators_in(Country.objects.get(iso3="PER")).count() == 1


def test_coordinators_who_leave_at_once_leave_one(together):
    coordinators = people("coordinator", 4)

    outcomes = together(
        lambda by: attempt(
            deactivate_member, membership=Membership.objects.get(user=by), by=by
        ),
        coordinators,
    )

    assert sorted(outcomes) == ["", "", "", "LastCoordinator"]
    assert coordinators_in(Country.objects.get(iso3="PER")).count() == 1


def test_role_handed_over_twice_at_once_goes_to_one(together):
    (coordinator,), heirs = people("coordinator", 1), people("contributor", 2)
    peru = Country.objects.get(iso3="PER")

    outcomes = together(
        lambda heir: attempt(
            hand_over,
            country=peru,
            to=Membership.objects.get(user=heir),
            by=coordinator,
        ),
        heirs,
    )

    assert sorted(outcomes) == ["", "RoleForbids"]
    assert coordinators_in(peru).count() == 1


def test_address_invited_twice_at_once_has_one_invitation(together):
    peru = Country.objects.get(iso3="PER")

    outcomes = together(
        lambda by: attempt(
            invite, country=peru, email="a@example.org", name="", role="observer", by=by
        ),
        people("coordinator", 4),
    )

    assert sorted(outcomes) == ["", *["TeamRefused"] * 3]
    assert Invitation.objects.count() == 1


def test_link_opened_twice_at_once_is_accepted_once(together):
    peru = Country.objects.get(iso3="PER")
    (coordinator,) = people("coordinator", 1)
    invite(
        country=peru, email="a@example.org", name="", role="observer", by=coordinator
    )
    Invitation.objects.update(token_sha256=token_hash("token"))

    outcomes = together(
        lambda name: attempt(
            register_invited, token="token", name=name, password="long enough"
        ),
        ["Luz", "Eva", "Noa"],
    )

    assert sorted(outcomes) == ["", "InvitationUnusable", "InvitationUnusable"]
    assert Membership.objects.filter(user__email="a@example.org").count() == 1


def test_delegation_made_twice_at_once_is_made_once(together, peru_response):
    coordinators, (contributor,) = people("coordinator", 4), people("contributor", 1)

    made = together(
        lambda by: give(read(peru_response), by, contributor, "SRC").pk, coordinators
    )

    assert len(set(made)) == 1
    assert Delegation.objects.count() == 1


def test_reminders_run_at_once_are_sent_once(together, peru_response):
    (coordinator,), contributors = people("coordinator", 1), people("contributor", 3)
    for person in contributors:
        age(give(peru_response, coordinator, person, "SRC"), -1)

    runs = together(lambda _: send_reminders(days=3, is_trial=False), range(4))

    reminded = [one.delegation.user_id for found, _ in runs for one in found]
    told = [d.user_id for _, found in runs for one in found for d in one.delegations]
    assert sorted(reminded) == sorted(person.pk for person in contributors)
    assert sorted(told) == sorted(person.pk for person in contributors)


def test_what_is_saved_during_a_withdrawal_was_saved_before_it(together, peru_response):
    (coordinator,), (contributor,) = people("coordinator", 1), people("contributor", 1)
    made = give(peru_response, coordinator, contributor, "GEN")
    switch(peru_response.country, coordinator)

    def act(person):
        if person == coordinator:
            withdraw_delegation(delegation=made, by=coordinator)
            return []
        return [
            save(read(peru_response), contributor, change("GEN-01", f"{turn}", turn))
            for turn in range(SAVES)
        ]

    _, outcomes = together(act, [coordinator, contributor])

    made.refresh_from_db()
    saved = AnswerRevision.objects.filter(changed_by=contributor)
    assert saved.count() == sum(isinstance(o, Saved) for o in outcomes)
    assert all(revision.changed_at <= made.ended_at for revision in saved)


def test_officers_resolving_one_point_at_once_resolve_it_once(together, peru_response):
    submit(peru_response, people("coordinator", 1)[0])
    officers = [OfficerFactory() for _ in range(4)]
    thread = ask(read(peru_response), officers[0])

    together(lambda by: resolve_thread(thread=thread, by=by, text="Clear."), officers)

    assert CommentThread.objects.get().resolved_by in officers
    assert Comment.objects.filter(text="Clear.").count() == 1


def test_reply_during_a_resolution_is_said_before_it_or_refused(
    together, peru_response
):
    (coordinator,), officer = people("coordinator", 1), OfficerFactory()
    submit(peru_response, coordinator)
    threads = [ask(read(peru_response), officer, f"GEN-0{n}") for n in range(1, 9)]

    def act(person):
        refused = 0
        for thread in threads:
            try:
                if person == officer:
                    resolve_thread(thread=thread, by=officer)
                else:
                    answer(thread, coordinator, f"Reply {thread.pk}")
            except CommentRefused:
                refused += 1
        return refused

    _, refused = together(act, [officer, coordinator])

    assert CommentThread.objects.filter(resolved_at__isnull=True).count() == 0
    said = Comment.objects.filter(side="country").select_related("thread")
    assert said.count() == len(threads) - refused
    assert all(one.written_at <= one.thread.resolved_at for one in said)


def test_point_opened_during_a_submission_holds_it_up_or_comes_after_it(
    together, peru_response
):
    (coordinator,), officer = people("coordinator", 1), OfficerFactory()
    first = submit(peru_response, coordinator)
    return_response(response=read(peru_response), by=officer, message="Please.")

    def act(person):
        own = read(peru_response)
        if person == officer:
            return ask(own, officer, must_settle=True).comments.get().submission_id
        try:
            return submit(own, coordinator).pk
        except NotReady:
            return None

    spoken_of, submitted = together(act, [officer, coordinator])

    assert spoken_of == (submitted or first.pk)


def test_same_question_sent_twice_at_once_is_asked_once(together, peru_response):
    (contributor,) = people("contributor", 1)

    together(lambda _: ask(read(peru_response), contributor).pk, range(4))

    assert CommentThread.objects.count() == Comment.objects.count() == 1


def test_of_coordinators_who_clear_at_once_one_record_stands(together, peru_response):
    """Different signatures: the later one withdraws the earlier, none is lost."""
    coordinators = people("coordinator", 4)
    ask_to_clear(peru_response)
    seen = board(peru_response).digest

    def act(number):
        head = dataclasses.replace(HEAD, person_name=f"Head {number}")
        return clear_response(
            response=read(peru_response), signature=head, without=[], seen=seen,
            by=coordinators[number],
        )  # fmt: skip

    made = together(act, range(4))

    assert {r.person_name for r in made} == {f"Head {n}" for n in range(4)}
    assert Clearance.objects.count() == 4
    assert Clearance.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_a_double_click_of_many_records_one_clearance(together, peru_response):
    coordinators = people("coordinator", 4)
    ask_to_clear(peru_response)
    seen = board(peru_response).digest

    together(
        lambda by: clear_response(
            response=read(peru_response), signature=HEAD, without=[], seen=seen, by=by
        ),
        coordinators,
    )

    assert Clearance.objects.count() == 1


def test_nothing_is_submitted_that_was_not_cleared(together, peru_response):
    """An answer is changed while the coordinator submits: either comes first."""
    (coordinator,) = people("coordinator", 1)
    contributors = people("contributor", 3)
    save(peru_response, coordinator, change("GEN-01", "As cleared"))
    clear(ask_to_clear(peru_response), coordinator)

    def act(person):
        own = read(peru_response)
        try:
            if person == coordinator:
                return submit(own, person)
            return save(own, person, change("GEN-01", f"By {person}", 1))
        except (NotCleared, ResponseClosed) as refused:
            return refused

    outcomes = together(act, [coordinator, *contributors])

    submitted = Submission.objects.first()
    if submitted is None:
        assert isinstance(outcomes[0], NotCleared)
        assert board(read(peru_response)).is_cleared is False
    else:
        answers = json.loads(submitted.canonical_json)["answers"]
        (given,) = [a["value"] for a in answers if a["question"] == "GEN-01"]
        assert given == "As cleared"
        assert all(isinstance(o, ResponseClosed) for o in outcomes[1:])
