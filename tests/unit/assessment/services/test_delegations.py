"""Delegating, withdrawing, handing back, marking as done, reminding by hand."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessment.models import AnswerRevision, Delegation, Response, Team
from assessment.models.delegations import today
from assessment.refusals import NotReady, NotTheirs, ResponseClosed, RoleForbids
from assessment.services.delegations import (
    delegate,
    finish_delegation,
    hand_back_delegation,
    nudge_delegate,
    reopen_delegation,
    set_team_mode,
    withdraw_delegation,
)
from assessment.services.rounds import close_round
from tests.delegating import age, give
from tests.factories import (
    AdministratorFactory,
    MemberFactory,
    OfficerFactory,
    UserFactory,
)
from tests.saving import put, submit

WEEK = datetime.timedelta(days=7)


def person(role, country):
    if role == "officer":
        return OfficerFactory()
    if role == "administrator":
        return AdministratorFactory()
    return MemberFactory(country=country, role=role)


def again(delegation):
    return Delegation.objects.get(pk=delegation.pk)


@pytest.fixture
def made(response, coordinator, contributor):
    return give(response, coordinator, contributor, "SRC-01")


# Delegating


def test_delegation_holds_what_was_said(response, coordinator, contributor):
    due = today() + WEEK

    made = delegate(
        response=response,
        parts=["SRC-INV[SRC-RES]", "SRC-01", "SRC-01"],
        by=coordinator,
        user=contributor,
        due_on=due,
        message=" Please ask the archive. ",
    )

    held = again(made)
    assert (held.parts, held.due_on, held.message) == (
        ["SRC-INV[SRC-RES]", "SRC-01"],
        due,
        "Please ask the archive.",
    )
    assert (held.user, held.email, held.delegated_by) == (contributor, "", coordinator)
    assert (held.done_at, held.ended_at, held.ending) == (None, None, "")


def test_address_of_nobody_is_kept_in_small_letters(response, coordinator):
    made = give(response, coordinator, " Luis@Example.ORG ", "SRC-01")

    assert (made.user, made.email) == (None, "luis@example.org")


def test_address_of_a_member_is_that_person(response, coordinator, contributor):
    made = give(response, coordinator, contributor.email.upper(), "SRC-01")

    assert (made.user, made.email) == (contributor, "")


def test_address_of_somebody_elsewhere_stays_an_address(response, coordinator):
    stranger = UserFactory(email="luis@example.org")

    made = give(response, coordinator, stranger.email, "SRC-01")

    assert (made.user, made.email) == (None, "luis@example.org")


@pytest.mark.parametrize(
    "parts",
    [[], ["NOTHING"], ["SRC-01", "NOTHING"], ["SRC-INV[NOWHERE]"], ["SRC-01."], [""]],
)
def test_parts_that_are_none_are_refused(response, coordinator, contributor, parts):
    with pytest.raises(NotReady) as refused:
        give(response, coordinator, contributor, *parts)

    assert refused.value.message == (
        "Choose sections, questions or rows of the questionnaire."
    )
    assert Delegation.objects.count() == 0


def test_past_day_is_refused_and_today_is_not(response, coordinator, contributor):
    with pytest.raises(NotReady):
        delegate(
            response=response,
            parts=["SRC"],
            by=coordinator,
            user=contributor,
            due_on=today() - datetime.timedelta(days=1),
        )

    assert give(response, coordinator, contributor, "SRC", days=0).due_on == today()


@pytest.mark.parametrize("kind", ["observer", "stranger", "gone", "left", "nobody"])
def test_people_who_cannot_answer_are_refused(response, peru, coordinator, kind):
    to = {
        "observer": lambda: MemberFactory(country=peru, role="observer"),
        "stranger": UserFactory,
        "gone": lambda: MemberFactory(
            country=peru, role="contributor", is_active=False
        ),
        "left": lambda: MemberFactory(country=peru, role="contributor"),
        "nobody": lambda: " ",
    }[kind]()
    if kind == "left":
        to.memberships.update(is_active=False)

    with pytest.raises(NotReady):
        give(response, coordinator, to, "SRC")

    assert Delegation.objects.count() == 0


@pytest.mark.parametrize("role", ["contributor", "observer", "officer"])
def test_others_do_not_delegate(response, peru, contributor, role):
    by = person(role, peru)

    with pytest.raises((RoleForbids, ResponseClosed)):
        give(response, by, contributor, "SRC")

    assert Delegation.objects.count() == 0


@pytest.mark.parametrize("status", ["draft", "returned"])
def test_administrator_delegates_whether_submitted_yet_or_not(
    response, contributor, status
):
    Response.objects.filter(pk=response.pk).update(status=status)

    made = give(response, AdministratorFactory(), contributor, "SRC")

    assert again(made).parts == ["SRC"]


def test_second_click_makes_no_second_delegation(response, coordinator, contributor):
    first = give(response, coordinator, contributor, "SRC", message="Please")
    second = give(response, coordinator, contributor, "SRC", message="Please")
    other = give(response, coordinator, contributor, "SRC", message="Soon")

    assert first.pk == second.pk != other.pk
    assert Delegation.objects.count() == 2


def test_delegating_anew_withdraws_the_old_in_the_same_step(
    response, peru, coordinator, contributor, made
):
    ana = MemberFactory(country=peru, role="contributor")
    put(response, contributor, {"SRC-01": 2030})
    before = AnswerRevision.objects.count()

    new = give(response, coordinator, ana, "SRC-01", replaces=made)
    give(response, coordinator, ana, "SRC-01", replaces=made)

    old = again(made)
    assert (old.ending, old.ended_by) == ("withdrawn", coordinator)
    assert list(Delegation.objects.filter(ended_at=None)) == [new]
    assert AnswerRevision.objects.count() == before


@pytest.mark.parametrize("service", [withdraw_delegation, nudge_delegate])
@pytest.mark.parametrize("role", ["contributor", "observer", "officer"])
def test_only_coordinators_withdraw_and_remind(made, peru, service, role):
    with pytest.raises(RoleForbids):
        service(delegation=made, by=person(role, peru))

    assert (again(made).ended_at, again(made).reminded_at) == (None, None)


# Ending


def test_withdrawing_says_who_and_when_once(made, peru, coordinator):
    withdraw_delegation(delegation=made, by=coordinator)
    first = again(made)
    withdraw_delegation(
        delegation=made, by=MemberFactory(country=peru, role="coordinator")
    )

    assert (first.ending, first.ended_by) == ("withdrawn", coordinator)
    assert again(made).ended_at == first.ended_at
    assert again(made).ended_by == coordinator


def test_delegate_hands_their_part_back_with_a_message(made, contributor):
    hand_back_delegation(delegation=made, by=contributor, message=" Not ours. ")

    held = again(made)
    assert (held.ending, held.ended_by) == ("handed_back", contributor)
    assert held.ending_message == "Not ours."


@pytest.mark.parametrize("role", ["contributor", "coordinator", "observer"])
def test_nobody_hands_back_the_part_of_another(made, peru, role):
    with pytest.raises(NotTheirs):
        hand_back_delegation(delegation=made, by=person(role, peru))

    assert again(made).ended_at is None


# Done


def test_delegate_marks_their_part_as_done_and_takes_it_back(made, contributor):
    finish_delegation(delegation=made, by=contributor)
    done = again(made)
    finish_delegation(delegation=made, by=contributor)

    assert done.done_by == contributor
    assert again(made).done_at == done.done_at

    reopen_delegation(delegation=made, by=contributor)
    reopen_delegation(delegation=made, by=contributor)

    assert (again(made).done_at, again(made).done_by) == (None, None)


def test_coordinator_marks_a_part_as_done(made, coordinator):
    finish_delegation(delegation=made, by=coordinator)

    assert again(made).done_by == coordinator


@pytest.mark.parametrize("service", [finish_delegation, reopen_delegation])
@pytest.mark.parametrize("role", ["contributor", "observer"])
def test_others_do_not_mark_a_part(made, peru, service, role):
    with pytest.raises(NotTheirs):
        service(delegation=made, by=person(role, peru))


@pytest.mark.parametrize(
    "service", [finish_delegation, reopen_delegation, nudge_delegate]
)
def test_ended_delegation_stays_as_it_is(made, coordinator, service):
    withdraw_delegation(delegation=made, by=coordinator)

    with pytest.raises(NotReady):
        service(delegation=made, by=coordinator)


# Closed


@pytest.mark.parametrize("state", ["submitted", "accepted", "closed"])
@pytest.mark.parametrize(
    "act",
    [
        lambda made, by, own: withdraw_delegation(delegation=made, by=by),
        lambda made, by, own: nudge_delegate(delegation=made, by=by),
        lambda made, by, own: finish_delegation(delegation=made, by=by),
        lambda made, by, own: finish_delegation(delegation=made, by=own),
        lambda made, by, own: reopen_delegation(delegation=made, by=own),
        lambda made, by, own: hand_back_delegation(delegation=made, by=own),
        lambda made, by, own: give(made.response, by, own, "GEN"),
        lambda made, by, own: set_team_mode(
            response=made.response, mode=Team.Mode.DELEGATED, by=by
        ),
    ],
)
def test_nothing_changes_while_nothing_can_be_answered(
    response, round_2025, officer, made, coordinator, contributor, act, state
):
    if state == "closed":
        close_round(round_=round_2025, by=officer)
    else:
        Response.objects.filter(pk=response.pk).update(status=state)

    with pytest.raises(ResponseClosed):
        act(made, coordinator, contributor)

    assert (again(made).done_at, again(made).ended_at) == (None, None)
    assert Delegation.objects.count() == 1


# The switch


def test_switch_is_kept_with_who_and_when(response, peru, coordinator):
    set_team_mode(response=response, mode=Team.Mode.DELEGATED, by=coordinator)
    first = Team.objects.get(country=peru)
    other = MemberFactory(country=peru, role="coordinator")
    set_team_mode(response=response, mode=Team.Mode.DELEGATED, by=other)

    assert (first.mode, first.changed_by) == ("delegated", coordinator)
    assert Team.objects.get(country=peru).changed_by == coordinator

    set_team_mode(response=response, mode=Team.Mode.OPEN, by=other)

    team = Team.objects.get(country=peru)
    assert (team.mode, team.changed_by) == ("open", other)


@pytest.mark.parametrize("role", ["contributor", "observer", "officer"])
def test_only_coordinators_switch(response, peru, role):
    with pytest.raises(RoleForbids):
        set_team_mode(
            response=response, mode=Team.Mode.DELEGATED, by=person(role, peru)
        )

    assert Team.objects.count() == 0


# E-mails


def test_delegate_is_told_what_where_and_until_when(
    response, coordinator, contributor, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        made = give(
            response,
            coordinator,
            contributor,
            "SRC-INV[SRC-RES]",
            "EXC",
            message="O'Brien <knows> & helps",
        )

    (message,) = mail.outbox
    assert message.to == [contributor.email]
    assert message.subject == (
        "Please answer a part of the questionnaire: Peru, A round"
    )
    site = "http://127.0.0.1:8000/responses/PER/2025"
    for words in (
        coordinator.name,
        "SRC-INV Inventory of data sources · Residence permits",
        f"{site}/sections/src/#c-SRC-INV%5BSRC-RES%5D.exists",
        f"{site}/sections/exc/\n",
        made.due_on.isoformat(),
        "O'Brien <knows> & helps",
        f"{site}/\n",
    ):
        assert words in message.body


def test_nothing_is_sent_if_the_delegation_is_undone(
    response, coordinator, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        give(response, coordinator, "luis@example.org", "SRC")
        transaction.set_rollback(True)

    assert mail.outbox == []


def test_invited_address_is_told_that_an_account_follows(
    response, coordinator, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        give(response, coordinator, "luis@example.org", "SRC")

    assert mail.outbox[0].to == ["luis@example.org"]
    assert "You have no account with this address yet." in mail.outbox[0].body


def test_coordinators_are_told_what_is_handed_back(
    made, peru, coordinator, contributor, django_capture_on_commit_callbacks
):
    second = MemberFactory(country=peru, role="coordinator")

    with django_capture_on_commit_callbacks(execute=True):
        hand_back_delegation(delegation=made, by=contributor, message="Not ours.")
        hand_back_delegation(delegation=made, by=contributor, message="Again.")

    assert sorted(m.to[0] for m in mail.outbox) == sorted(
        [coordinator.email, second.email]
    )
    assert contributor.name in mail.outbox[0].body
    assert "Not ours." in mail.outbox[0].body
    assert "/responses/PER/2025/team/delegations/" in mail.outbox[0].body


def test_reminder_by_hand_is_sent_once_in_ten_minutes(
    made, coordinator, contributor, django_capture_on_commit_callbacks
):
    now = timezone.now()
    sent = []
    for minutes in (0, 1, 9, 11):
        with (
            time_machine.travel(now + datetime.timedelta(minutes=minutes), tick=False),
            django_capture_on_commit_callbacks(execute=True),
        ):
            sent.append(nudge_delegate(delegation=made, by=coordinator))

    assert sent == [True, False, False, True]
    assert [m.to for m in mail.outbox] == [[contributor.email]] * 2
    assert mail.outbox[0].subject == (
        "Reminder: your part of the questionnaire, Peru, A round"
    )


def test_reminder_of_an_overdue_part_says_so(
    made, coordinator, django_capture_on_commit_callbacks
):
    age(made, -1)

    with django_capture_on_commit_callbacks(execute=True):
        nudge_delegate(delegation=made, by=coordinator)

    assert mail.outbox[0].subject.startswith("Overdue:")
    assert "is overdue" in mail.outbox[0].body


def test_part_that_is_done_is_not_reminded_of(made, coordinator, contributor):
    finish_delegation(delegation=made, by=contributor)

    with pytest.raises(NotReady):
        nudge_delegate(delegation=made, by=coordinator)


# What the database holds to


@pytest.mark.parametrize(
    "fields",
    [
        {"user": None, "email": ""},
        {"email": "luis@example.org"},
        {"done_at": "2026-01-01T00:00Z"},
        {"ended_at": "2026-01-01T00:00Z", "ending": "withdrawn"},
        {"ending": "withdrawn"},
        {"ending": "forgotten"},
    ],
)
def test_halves_of_a_pair_are_refused(made, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.filter(pk=made.pk).update(**fields)


def test_mode_is_one_of_two(response, peru, coordinator):
    with pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.create(
            country=peru,
            mode="other",
            changed_at=timezone.now(),
            changed_by=coordinator,
        )


def test_submission_and_return_keep_delegations(
    response, coordinator, made, contributor
):
    submit(response, coordinator)

    assert again(made).ended_at is None
