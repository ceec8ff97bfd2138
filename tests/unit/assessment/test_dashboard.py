import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.comment_queries import Place, threads_of
from assessment.dashboard import SORTED_BY, Filters, folded, headings, round_lines
from assessment.models import Comment, Country, Response, ResponseProgress
from assessment.round_queries import Points, open_points, round_to_follow, turn_of
from assessment.services.answers import save_changes
from assessment.services.assignments import assign_officer
from assessment.services.comments import (
    open_thread,
    reply,
    resolve_thread,
    withdraw_comment,
)
from assessment.services.rounds import open_response, open_round
from assessment.services.transitions import (
    accept_response,
    return_response,
    withdraw_response,
)
from questionnaire.addresses import Address
from tests.factories import AdministratorFactory, OfficerFactory, RoundFactory
from tests.instruments import nmdc
from tests.saving import change, put, submit

Status = Response.Status


@pytest.fixture
def chile(db):
    return Country.objects.get(iso3="CHL")


def lines_of(officer):
    return round_lines(round_to_follow("2025", officer), officer)


def line_of(officer, iso3="PER"):
    (line,) = [x for x in lines_of(officer) if x.response.country.iso3 == iso3]
    return line


def say(response, by, *, kind="question", must=False, text="Why?"):
    place = Place(nmdc().sections[0], Address(""))
    return open_thread(
        response=response, place=place, kind=kind, must_settle=must, text=text, by=by
    )


# Lines


def test_round_lines_tell_state_and_progress(
    response, chile, round_2025, coordinator, officer, time_machine
):
    moment = datetime.datetime(2030, 3, 1, 9, tzinfo=datetime.UTC)
    empty = open_response(round_=round_2025, country=chile, by=officer)
    time_machine.move_to(moment, tick=False)
    put(response, coordinator, {"GEN-01": "Peru"})
    submission = submit(response, coordinator)
    time_machine.move_to(moment + datetime.timedelta(days=3, hours=2), tick=False)

    chilean, peruvian = lines_of(officer)

    assert (peruvian.response, peruvian.is_readable) == (response, True)
    assert peruvian.submitted_at == submission.submitted_at == moment
    assert peruvian.first_submitted_at == moment
    assert (peruvian.last_change, peruvian.active_at) == (moment, moment)
    assert (peruvian.idle_days, peruvian.turn) == (3, "unsd")
    assert round(peruvian.progress, 2) == 2.15
    assert (chilean.response, chilean.is_readable) == (empty, False)
    assert (chilean.submitted_at, chilean.first_submitted_at) == (None, None)
    assert (chilean.points, chilean.turn) == (Points(), "")
    assert round(chilean.progress, 2) == 1.08


def test_activity_is_what_the_country_said_last(
    response, coordinator, officer, time_machine
):
    moment = datetime.datetime(2030, 3, 1, 9, tzinfo=datetime.UTC)
    submit(response, coordinator)
    thread = say(response, officer)
    time_machine.move_to(moment, tick=False)
    reply(thread=thread, text="Because.", by=coordinator)
    time_machine.move_to(moment + datetime.timedelta(days=1), tick=False)
    reply(thread=thread, text="I see.", by=officer)

    assert line_of(officer).active_at == moment


def test_round_lines_show_no_withdrawn_submission(response, coordinator, officer):
    submit(response, coordinator)
    withdraw_response(response=response, by=coordinator)

    line = line_of(officer)

    assert (line.submitted_at, line.first_submitted_at) == (None, None)
    assert not line.is_readable


def test_round_lines_ignore_unconfirmed_answers_in_the_progress(
    response, coordinator, officer
):
    save_changes(
        response=response,
        changes=[change("GEN-01", "Peru")],
        by=coordinator,
        via="prefill",
        is_confirmed=False,
    )

    assert round(line_of(officer).progress, 2) == 1.08


def test_round_lines_keep_rounds_apart(response, nmdc_db, officer):
    other = RoundFactory(questionnaire=nmdc_db)
    open_round(round_=other, countries=[], by=officer)

    assert round_lines(round_to_follow(other.code, officer), officer) == []


def test_country_of_an_officer_is_read_with_the_role_there(
    response, peru, officer, coordinator
):
    peru.memberships.create(user=officer, role="observer")

    assert line_of(officer).is_readable  # a draft, for those of the country


# Progress is kept, and never stale


def counted(officer):
    with CaptureQueriesContext(connection) as captured:
        lines_of(officer)
    return len(captured)


def test_lines_cost_the_same_with_one_country_and_with_three(
    response, round_2025, chile, officer
):
    costs = [counted(officer), counted(officer)]
    for iso3 in ("CHL", "BOL"):
        country = Country.objects.get(iso3=iso3)
        open_response(round_=round_2025, country=country, by=officer)
    costs += [counted(officer), counted(officer)]

    assert costs == [6, 4, 6, 4]


def test_progress_follows_every_change(response, coordinator, officer):
    before = line_of(officer).progress
    put(response, coordinator, {"GEN-01": "Peru"})
    after = line_of(officer).progress
    put(response, coordinator, {"GEN-01": None})

    assert [round(p, 2) for p in (before, after)] == [1.08, 2.15]
    assert line_of(officer).progress == before
    assert ResponseProgress.objects.get().revisions == 3


def test_kept_progress_is_what_is_shown(response, officer):
    line_of(officer)
    ResponseProgress.objects.update(completeness=77)

    assert line_of(officer).progress == 77


def test_progress_of_another_questionnaire_is_computed_anew(response, officer):
    line_of(officer)
    ResponseProgress.objects.update(completeness=77, content_hash="0" * 64)

    assert round(line_of(officer).progress, 2) == 1.08


def test_progress_without_answers_is_nothing(response, officer):
    lines_of(officer)
    other = Country.objects.get(iso3="BOL")
    bare = Response.objects.create(
        round=response.round, country=other, opened_by=officer
    )

    line = line_of(officer, "BOL")

    assert (line.response, line.progress) == (bare, 0.0)
    assert (line.active_at, line.idle_days) == (None, None)


# Open points and whose turn it is


def test_open_points_are_the_open_threads(response, coordinator, officer):
    """The query and `Thread` must agree on what is open and who is waited for."""
    say(response, coordinator, text="What is meant?")
    submit(response, coordinator)
    say(response, officer, kind="correction", must=True, text="Correct this.")
    say(response, officer, kind="praise", text="Well done.")
    resolve_thread(thread=say(response, officer, text="Done?"), by=officer)
    reply(thread=say(response, officer, text="Sure?"), text="Yes.", by=coordinator)
    gone = say(response, officer, text="A slip.")
    withdraw_comment(comment=Comment.objects.get(thread=gone), by=officer)
    taken_back = say(response, officer, must=True, text="Really?")
    slip = reply(thread=taken_back, text="No.", by=coordinator)
    withdraw_comment(comment=slip, by=coordinator)

    points = open_points(response.round)

    threads = [thread for thread in threads_of(response) if thread.is_open]
    assert points == {response.pk: Points(open=4, must=2, for_unsd=2, asked=1)}
    assert len(threads) == 4
    assert sum(thread.turn == "unsd" for thread in threads) == 2
    assert points[response.pk].for_country == 2


NONE, WAITS = Points(), Points(open=1)
REPLIED, ASKED = Points(open=1, for_unsd=1), Points(open=1, for_unsd=1, asked=1)


@pytest.mark.parametrize(
    ("status", "points", "turn"),
    [
        (Status.DRAFT, NONE, ""),
        (Status.DRAFT, ASKED, "unsd"),
        (Status.DRAFT, WAITS, "country"),
        (Status.SUBMITTED, NONE, "unsd"),
        (Status.SUBMITTED, WAITS, "country"),
        (Status.SUBMITTED, REPLIED, "unsd"),
        (Status.SUBMITTED, Points(open=2, for_unsd=1), "unsd"),
        (Status.RETURNED, NONE, "country"),
        (Status.RETURNED, REPLIED, "country"),
        (Status.RETURNED, ASKED, "unsd"),
        (Status.ACCEPTED, NONE, ""),
        (Status.ACCEPTED, ASKED, "unsd"),
    ],
)
def test_turn(status, points, turn):
    assert turn_of(status, points) == turn


def test_turn_goes_back_and_forth(response, coordinator, officer):
    turns = [line_of(officer).turn]
    submit(response, coordinator)
    turns.append(line_of(officer).turn)
    thread = say(response, officer, must=True)
    return_response(response=response, by=officer, message="")
    turns.append(line_of(officer).turn)
    reply(thread=thread, text="So.", by=coordinator)
    submit(response, coordinator)
    turns.append(line_of(officer).turn)
    resolve_thread(thread=thread, by=officer)
    accept_response(response=response, by=officer)
    turns.append(line_of(officer).turn)

    assert turns == ["", "unsd", "country", "unsd", ""]


# Filters and sorting


@pytest.fixture
def three(response, round_2025, coordinator, officer):
    """Peru submitted and the officer's, Chile and Côte d'Ivoire drafts of nobody."""
    for iso3 in ("CHL", "CIV"):
        country = Country.objects.get(iso3=iso3)
        open_response(round_=round_2025, country=country, by=officer)
    submit(response, coordinator)
    assign_officer(responses=[response.pk], officer=officer, by=officer)
    return lines_of(officer)


def shown(lines, person, /, **asked):
    found = Filters.parse(asked).shown(lines, person)
    return [line.response.country.iso3 for line in found]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["CHL", "CIV", "PER"]),
        ({"q": "per"}, ["PER"]),
        ({"q": "cote d"}, ["CIV"]),
        ({"q": " CI "}, ["CIV"]),
        ({"q": "604"}, ["PER"]),
        ({"q": "nowhere"}, []),
        ({"region": "Africa"}, ["CIV"]),
        ({"region": "Americas", "status": "draft"}, ["CHL"]),
        ({"subregion": "Latin America and the Caribbean"}, ["CHL", "PER"]),
        ({"region": "Africa", "subregion": "Latin America and the Caribbean"}, []),
        ({"status": "submitted"}, ["PER"]),
        ({"status": "unknown"}, []),
        ({"officer": "mine"}, ["PER"]),
        ({"officer": "nobody"}, ["CHL", "CIV"]),
        ({"officer": "0"}, []),
        ({"turn": "unsd"}, ["PER"]),
        ({"turn": "none"}, ["CHL", "CIV"]),
        ({"sort": "-country"}, ["PER", "CIV", "CHL"]),
        ({"sort": "unknown"}, ["CHL", "CIV", "PER"]),
        ({"sort": "status"}, ["CHL", "CIV", "PER"]),
        ({"sort": "-status"}, ["PER", "CHL", "CIV"]),
        ({"sort": "submitted"}, ["PER", "CHL", "CIV"]),
        ({"sort": "-submitted"}, ["PER", "CHL", "CIV"]),
        ({"sort": "region"}, ["CIV", "CHL", "PER"]),
    ],
)
def test_filters_and_sorting(three, officer, asked, expected):
    assert shown(three, officer, **asked) == expected


def test_officer_is_found_by_id(three, officer):
    assert shown(three, AdministratorFactory(), officer=str(officer.pk)) == ["PER"]
    assert shown(three, OfficerFactory(), officer="mine") == []


@pytest.mark.parametrize("name", SORTED_BY)
@pytest.mark.parametrize("minus", ["", "-"])
def test_every_column_sorts_both_ways(three, officer, name, minus):
    assert sorted(shown(three, officer, sort=minus + name)) == ["CHL", "CIV", "PER"]


def test_query_keeps_what_is_asked_and_changes_one_thing():
    filters = Filters.parse({"q": "a&b", "region": "Africa", "sort": "-progress"})

    assert filters.query() == "?q=a%26b&region=Africa&sort=-progress"
    assert filters.query(region="") == "?q=a%26b&sort=-progress"
    assert Filters().query() == "?"
    assert filters.is_any
    assert not Filters(sort="turn").is_any


def test_heading_turns_the_order_round():
    found = headings(Filters(sort="progress", q="x"))

    assert found["progress"].url == "?q=x&sort=-progress"
    assert found["progress"].direction == "ascending"
    assert found["turn"].url == "?q=x&sort=turn"
    assert found["turn"].direction == ""
    assert headings(Filters())["country"].direction == "ascending"


def test_folded_drops_accents_and_capitals():
    assert folded("Côte d’Ivoire ÅLAND") == "cote d’ivoire aland"


def test_reminded_at_is_the_last_reminder(response, officer):
    now = timezone.now()
    for days in (2, 1):
        response.country_reminders.create(
            subject="s",
            text="t",
            sent_to=[],
            sent_by=officer,
            sent_at=now - datetime.timedelta(days=days),
        )

    assert line_of(officer).reminded_at == now - datetime.timedelta(days=1)
