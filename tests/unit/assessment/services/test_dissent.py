import pytest
from django.db import IntegrityError, transaction

from assessment.dissent import printed_views, view_counts, views_of
from assessment.models import AnswerRevision, DifferingView
from assessment.queries import held_answers
from assessment.refusals import ResponseClosed, RoleForbids
from assessment.services.answers import Conflict, Saved
from assessment.services.dissent import (
    ViewRefused,
    adopt_view,
    print_views,
    record_view,
    withdraw_view,
)
from assessment.services.rounds import close_round
from tests.factories import MemberFactory, OfficerFactory
from tests.instruments import at
from tests.saving import change, put, save, submit

YEAR = "SRC-INV[SRC-CEN].latest_year"


@pytest.fixture
def answered(response, coordinator):
    put(response, coordinator, {YEAR: 2017, "GEN-03": "INEI", "COO-01": "informal"})
    return response


def record(response, by, cell=YEAR, value=2007, **fields):
    told = {"text": "", "institution": "Ministry of Interior"} | fields
    return record_view(response=response, address=at(cell), value=value, by=by, **told)


def test_view_is_recorded_and_the_answer_stays(answered, contributor):
    revisions = AnswerRevision.objects.count()

    view = record(
        answered, contributor, text=" Not all regions.\r\n", institution=" MI "
    )

    assert DifferingView.objects.get() == view
    assert (view.address, view.value, view.text, view.institution) == (
        at(YEAR),
        2007,
        "Not all regions.",
        "MI",
    )
    assert (view.recorded_by, view.withdrawn_at) == (contributor, None)
    assert held_answers(answered)[at(YEAR)].value == 2017
    assert AnswerRevision.objects.count() == revisions


def test_changed_view_is_withdrawn_and_recorded_anew(answered, contributor):
    first = record(answered, contributor)

    second = record(answered, contributor, value=2005)

    first.refresh_from_db()
    assert (first.is_standing, first.withdrawn_by) == (False, contributor)
    assert (second.is_standing, second.value) == (True, 2005)
    assert [v.value for v in views_of(answered)] == [2007, 2005]


def test_same_view_twice_is_recorded_once(answered, contributor):
    first, second = record(answered, contributor), record(answered, contributor)

    assert first == second
    assert DifferingView.objects.count() == 1


def test_each_person_has_a_view_of_their_own(answered, coordinator, contributor):
    record(answered, contributor)
    record(answered, coordinator, value=2008)

    assert {v.value for v in views_of(answered) if v.is_standing} == {2007, 2008}


def test_database_holds_one_standing_view_a_person_and_cell(answered, contributor):
    view = record(answered, contributor)
    view.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        view.save(force_insert=True)


@pytest.mark.parametrize(
    ("cell", "value", "fields", "message"),
    [
        (YEAR, "soon", {}, "Enter a year with four digits"),
        (YEAR, 2017, {}, "This is the national answer already: nothing differs."),
        (YEAR, None, {}, "Give another answer, or a remark that says what differs."),
        (YEAR, None, {"text": "  "}, "Give another answer, or a remark"),
        (YEAR, 2007, {"institution": " "}, "Say whose view this is."),
        (YEAR, 2007, {"institution": "x" * 201}, "at most 200 can be stored"),
        (YEAR, 2007, {"text": "x" * 20_001}, "at most 20000 can be stored"),
        (YEAR, 2007, {"text": "\x00"}, "characters that cannot be stored"),
        ("COO-01", "maybe", {}, "Choose one of the answers listed."),
        ("GEN-03.@note", "x", {}, "Notes and documents take no differing view."),
        ("GEN-99", "x", {}, "not part of the questionnaire"),
        ("SRC-INV[XXX].exists", "yes", {}, "not part of the questionnaire"),
        ("GEN-05[ITEM].name", "x", {}, "This is not the code of an entry."),
    ],
)
def test_what_cannot_be_a_view_is_refused(
    answered, contributor, cell, value, fields, message
):
    with pytest.raises(ViewRefused) as refused:
        record(answered, contributor, cell, value, **fields)

    assert message in " ".join(refused.value.details)
    assert DifferingView.objects.count() == 0


def test_view_without_a_value_needs_its_remark(answered, contributor):
    view = record(answered, contributor, value=None, text="No census was held.")

    assert (view.value, view.text) == (None, "No census was held.")


def test_own_view_is_withdrawn_and_stays_readable(answered, contributor):
    view = record(answered, contributor)

    for _ in range(2):
        withdraw_view(response=answered, view=view, by=contributor)

    view.refresh_from_db()
    assert (view.is_standing, view.withdrawn_by) == (False, contributor)
    assert list(views_of(answered)) == [view]


def test_view_of_somebody_else_cannot_be_withdrawn(answered, coordinator, contributor):
    view = record(answered, contributor)

    with pytest.raises(RoleForbids):
        withdraw_view(response=answered, view=view, by=coordinator)

    view.refresh_from_db()
    assert view.is_standing


def test_adopted_view_becomes_the_answer_and_all_views_stay(
    answered, coordinator, contributor
):
    view = record(answered, contributor)

    outcome = adopt_view(response=answered, view=view, base=1, by=coordinator)

    assert isinstance(outcome, Saved)
    held = held_answers(answered)[at(YEAR)]
    assert (held.value, held.revision, held.by) == (2007, 2, coordinator.name)
    last = AnswerRevision.objects.get(answer__row="SRC-CEN", revision=2)
    assert last.via == "merge"
    view.refresh_from_db()
    assert view.is_standing


def test_view_is_not_adopted_over_an_answer_that_moved_on(
    answered, coordinator, contributor
):
    view = record(answered, contributor)
    save(answered, contributor, change(YEAR, 2019, 1))

    outcome = adopt_view(response=answered, view=view, base=1, by=coordinator)

    assert isinstance(outcome, Conflict)
    assert held_answers(answered)[at(YEAR)].value == 2019


@pytest.mark.parametrize("is_withdrawn", [True, False])
def test_withdrawn_or_wordless_view_is_not_adopted(
    answered, coordinator, contributor, is_withdrawn
):
    value = 2007 if is_withdrawn else None
    view = record(answered, contributor, value=value, text="Doubtful.")
    if is_withdrawn:
        DifferingView.objects.update(
            withdrawn_at=view.recorded_at, withdrawn_by=contributor
        )

    with pytest.raises(ViewRefused):
        adopt_view(response=answered, view=view, base=1, by=coordinator)


def everything(response, view, by):
    return [
        lambda: record(response, by, value=2001),
        lambda: withdraw_view(response=response, view=view, by=by),
        lambda: adopt_view(response=response, view=view, base=1, by=by),
        lambda: print_views(response=response, is_printed=True, by=by),
    ]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("observer", []),
        ("officer", []),
        ("contributor", [0]),
        ("coordinator", [0, 2, 3]),
    ],
)
def test_services_ask_the_access_table(answered, peru, contributor, role, allowed):
    view = record(answered, contributor)
    by = (
        OfficerFactory()
        if role == "officer"
        else MemberFactory(country=peru, role=role)
    )
    done = []

    for number, action in enumerate(everything(answered, view, by)):
        try:
            action()
        except RoleForbids:
            continue
        done.append(number)

    assert done == allowed


@pytest.mark.parametrize("way", ["submitted", "closed"])
def test_nothing_changes_once_the_response_is_closed(
    answered, coordinator, officer, way
):
    view = record(answered, coordinator)
    if way == "submitted":
        submit(answered, coordinator)
    else:
        close_round(round_=answered.round, by=officer)

    for action in everything(answered, view, coordinator):
        with pytest.raises(ResponseClosed):
            action()

    assert list(views_of(answered)) == [view]


def test_counts_are_of_standing_views_by_question(
    answered, coordinator, contributor, fresh, django_assert_num_queries
):
    record(answered, contributor)
    record(answered, contributor, "SRC-INV[SRC-LFS].exists", "no")
    record(answered, coordinator, "COO-01", "formal")
    gone = record(answered, coordinator)
    withdraw_view(response=answered, view=gone, by=coordinator)

    with django_assert_num_queries(1):
        counts = view_counts(fresh(answered))

    assert counts == {"SRC-INV": 2, "COO-01": 1}


def test_response_without_views_counts_none(response, fresh):
    assert view_counts(fresh(response)) == {}


def test_printed_are_the_standing_views_if_the_coordinator_says_so(
    answered, coordinator, contributor
):
    gone, view = (
        record(answered, contributor),
        record(answered, coordinator, value=2008),
    )
    withdraw_view(response=answered, view=gone, by=contributor)

    assert printed_views(answered) == []
    print_views(response=answered, is_printed=True, by=coordinator)
    assert printed_views(answered) == [view]
    print_views(response=answered, is_printed=False, by=coordinator)
    assert printed_views(answered) == []
