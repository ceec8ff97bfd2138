"""Reminders for cron: who gets which, and never twice a day."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from assessment.models import Response
from assessment.services.delegations import (
    finish_delegation,
    nudge_delegate,
    withdraw_delegation,
)
from assessment.services.reminders import send_reminders
from assessment.services.rounds import close_round, open_response
from tests.delegating import age, give
from tests.factories import MemberFactory

MORNING = datetime.datetime(2026, 3, 10, 14, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def morning():
    """Two in the afternoon in UTC: the same day in UTC−12 as here."""
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


@pytest.fixture
def made(response, coordinator, contributor):
    return give(response, coordinator, contributor, "SRC-INV[SRC-RES]")


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    def send(days=3, is_trial=False):
        """Return the addresses written to: reminders, then summaries."""
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            send_reminders(days=days, is_trial=is_trial)
        reminders = [m for m in mail.outbox if "Overdue parts" not in m.subject]
        summaries = [m for m in mail.outbox if "Overdue parts" in m.subject]
        return [m.to[0] for m in reminders], sorted(m.to[0] for m in summaries)

    return send


@pytest.mark.parametrize(
    ("due_in", "days", "reminds", "tells"),
    [
        (4, 3, False, False),
        (3, 3, True, False),
        (0, 3, True, False),
        (0, 0, True, False),
        (1, 0, False, False),
        (-1, 3, True, True),
        (-30, 0, True, True),
        (20, 30, True, False),
    ],
)
def test_parts_due_soon_or_overdue_are_reminded_of(
    made, run, coordinator, contributor, due_in, days, reminds, tells
):
    age(made, due_in)

    assert run(days) == (
        [contributor.email] * reminds,
        [coordinator.email] * tells,
    )


def test_nothing_is_sent_twice_a_day_but_again_the_next(
    made, run, coordinator, contributor, morning
):
    age(made, -1)

    first, second = run(), run()
    morning.move_to(MORNING + datetime.timedelta(hours=9, minutes=59))
    evening = run()
    morning.move_to(MORNING + datetime.timedelta(hours=20))
    next_day = run()

    both = ([contributor.email], [coordinator.email])
    assert (first, second, evening, next_day) == (both, ([], []), ([], []), both)


def test_trial_run_sends_and_writes_nothing(made, run, contributor):
    age(made, -1)

    reminded, told = send_reminders(days=3, is_trial=True)

    assert [one.delegation for one in reminded] == [made]
    assert [one.delegations for one in told] == [(made,)]
    assert run(is_trial=True) == ([], [])
    made.refresh_from_db()
    assert (made.reminded_at, made.escalated_at) == (None, None)
    assert run()[0] == [contributor.email]


def test_who_was_reminded_by_hand_today_is_left_alone(
    made, run, coordinator, contributor, morning
):
    age(made, 1)
    nudge_delegate(delegation=made, by=coordinator)

    assert run() == ([], [])
    morning.move_to(MORNING + datetime.timedelta(days=1))
    assert run() == ([contributor.email], [])


@pytest.mark.parametrize("why", ["done", "withdrawn", "left", "inactive"])
def test_nobody_is_reminded_in_vain(made, run, coordinator, contributor, why):
    if why == "done":
        finish_delegation(delegation=made, by=contributor)
    elif why == "withdrawn":
        withdraw_delegation(delegation=made, by=coordinator)
    elif why == "left":
        contributor.memberships.update(is_active=False)
    else:
        contributor.is_active = False
        contributor.save()

    age(made, 1)

    assert run() == ([], [])


@pytest.mark.parametrize("status", ["submitted", "accepted"])
def test_response_that_cannot_be_edited_is_left_alone(made, run, response, status):
    age(made, -1)
    Response.objects.filter(pk=response.pk).update(status=status)

    assert run() == ([], [])


def test_returned_response_is_reminded_of(made, run, response, contributor):
    age(made, 1)
    Response.objects.filter(pk=response.pk).update(status="returned")

    assert run() == ([contributor.email], [])


def test_closed_round_is_left_alone(made, run, round_2025, officer):
    age(made, -1)
    close_round(round_=round_2025, by=officer)

    assert run() == ([], [])


def test_address_that_nobody_has_yet_is_reminded_too(response, run, coordinator):
    age(give(response, coordinator, "luis@example.org", "SRC"), 1)

    assert run() == (["luis@example.org"], [])


def test_coordinators_get_one_summary_for_each_response(
    response, run, peru, round_2025, officer, coordinator, contributor
):
    second = MemberFactory(country=peru, role="coordinator")
    chile = type(peru).objects.get(iso3="CHL")
    other = open_response(round_=round_2025, country=chile, by=officer)
    chilean = MemberFactory(country=chile, role="coordinator")
    age(give(response, coordinator, contributor, "SRC"), -2)
    age(give(response, coordinator, "luis@example.org", "EXC"), -1)
    age(give(response, coordinator, contributor, "GEN"), 1)
    age(give(other, chilean, "ana@example.org", "POL"), -1)

    _, told = run()

    assert told == sorted([coordinator.email, second.email, chilean.email])
    (body,) = [m.body for m in mail.outbox if m.to == [second.email]]
    assert f"{contributor.email}, due 2026-03-08" in body
    assert "luis@example.org, due 2026-03-09" in body
    assert "Respondents and agencies" not in body
    assert "ana@example.org" not in body


def test_day_of_a_deadline_ends_in_the_last_time_zone(made, run, coordinator, morning):
    """At eleven in UTC it is still the day before in UTC−12."""
    age(made, 0)  # 10 March
    morning.move_to(datetime.datetime(2026, 3, 11, 11, 0, tzinfo=datetime.UTC))

    assert run()[1] == []

    morning.move_to(datetime.datetime(2026, 3, 11, 12, 1, tzinfo=datetime.UTC))

    assert run()[1] == [coordinator.email]


def test_moment_of_the_reminder_is_kept(made, run):
    age(made, -1)

    run()

    made.refresh_from_db()
    assert (made.reminded_at, made.escalated_at) == (MORNING, MORNING)
    assert made.reminded_at == timezone.now()
