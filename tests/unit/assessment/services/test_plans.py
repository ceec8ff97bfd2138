"""Building a plan: what is kept, what is refused, and that nothing is lost."""

import dataclasses
import datetime

import pytest

from assessment.models import PlanAction, PlanActionRevision, Response
from assessment.plan_content import PlanRefused
from assessment.plans import (
    ActionContent,
    actions_of,
    changes_of_plan,
    content_of,
    live_plan,
)
from assessment.refusals import NotReady, RoleForbids
from assessment.services import plans
from assessment.services.plans import (
    Kept,
    PlanFull,
    Said,
    Stale,
    move_action,
    restore_action,
    say_what_became,
    withdraw_action,
)
from tests.auditing import Trail
from tests.factories import MemberFactory
from tests.planning import FULL, add, own, say

FIRST, SECOND, THIRD = "R-GOV-01", "R-GOV-02", "R-GOV-03"


def numbers(response):
    return [a.number for a in actions_of(response) if a.is_standing]


def test_recommendations_are_added_once_in_the_order_given(response, coordinator):
    trail = Trail()

    first = add(response, coordinator, SECOND, FIRST, SECOND)
    again = add(response, coordinator, FIRST)

    assert [(a.number, a.recommendation, a.title) for a in first] == [
        (1, SECOND, ""),
        (2, FIRST, ""),
    ]
    assert again == []
    assert [content_of(a) for a in first] == [ActionContent(), ActionContent()]
    name = coordinator.name
    assert trail.said == [
        (name, "plan.added", "", {"number": 1, "recommendation": SECOND}),
        (name, "plan.added", "", {"number": 2, "recommendation": FIRST}),
    ]


def test_unknown_recommendation_adds_nothing(response, coordinator):
    with pytest.raises(NotReady):
        add(response, coordinator, FIRST, "R-XXX-99")

    assert actions_of(response) == []


def test_own_action_keeps_everything_and_the_trail_none_of_it(response, coordinator):
    trail = Trail()

    action = own(response, coordinator)

    action.refresh_from_db()
    assert content_of(action) == FULL
    assert (action.number, action.revision, action.recommendation) == (1, 1, "")
    assert trail.said == [(coordinator.name, "plan.added", "", {"number": 1})]
    assert PlanActionRevision.objects.get().content == FULL.as_json()
    assert ActionContent.from_json(FULL.as_json()) == FULL


def test_double_click_adds_one_own_action(response, coordinator):
    first = own(response, coordinator)

    assert own(response, coordinator) == first
    other = own(response, coordinator, dataclasses.replace(FULL, owner="RENIEC"))
    assert [a.pk for a in actions_of(response)] == [first.pk, other.pk]


def test_names_are_on_one_line_and_partners_in_order(response, coordinator):
    content = dataclasses.replace(
        FULL,
        title="  A\n title ",
        owner=" The  office",
        partners=("UNSD", "RC", "UNSD"),
    )

    action = own(response, coordinator, content)

    assert (action.title, action.owner) == ("A title", "The office")
    assert action.partners == ["RC", "UNSD"]


DAY = datetime.date(2026, 5, 1)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"title": " "}, "Say in a title what is to be done."),
        (
            {"title": "x" * 301},
            "Title: The text has 301 characters; at most 300 can be stored.",
        ),
        ({"text": "x\x00"}, None),
        (
            {"owner": "x" * 301},
            "Responsible: The text has 301 characters; at most 300 can be stored.",
        ),
        ({"status": "begun"}, "Choose a status."),
        ({"status": ""}, "Choose a status."),
        ({"cost": "1000"}, "Choose a cost of the list."),
        ({"partners": ("NATO",)}, "Choose partners of the list."),
        ({"ends_on": datetime.date(2025, 1, 1)}, "The action ends before it starts."),
        (
            {"starts_on": datetime.date(26, 1, 1)},
            "A date lies between 1990 and 2100.",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(response, coordinator, changes, problem):
    with pytest.raises(PlanRefused) as refused:
        own(response, coordinator, dataclasses.replace(FULL, **changes))

    assert len(refused.value.details) == 1
    assert problem is None or refused.value.details == [problem]
    assert actions_of(response) == []


def test_recommended_action_takes_no_title(response, coordinator):
    (action,) = add(response, coordinator, FIRST)

    say(action, coordinator, title="Another", owner="INEI")

    action.refresh_from_db()
    assert (action.title, action.owner, action.revision) == ("", "INEI", 2)


def test_stale_change_changes_nothing_and_says_what_stands(response, coordinator):
    (action,) = add(response, coordinator, FIRST)
    say(action, coordinator, owner="INEI")

    outcome = say(action, coordinator, base=1, owner="Migraciones")

    action.refresh_from_db()
    assert isinstance(outcome, Stale)
    assert (outcome.action.owner, outcome.mine.owner) == ("INEI", "Migraciones")
    assert (action.owner, action.revision) == ("INEI", 2)


def test_stale_change_leaves_to_colleagues_what_it_did_not_touch(response, coordinator):
    (action,) = add(response, coordinator, FIRST)
    say(action, coordinator, text="Law", owner="INEI")
    say(action, coordinator, text="Decree", cost="none")

    outcome = say(action, coordinator, base=2, text="Law", cost="", owner="Migraciones")
    untouched = say(action, coordinator, base=2, text="Law", cost="", owner="INEI")

    action.refresh_from_db()
    mine = outcome.mine
    assert (mine.text, mine.owner, mine.cost) == ("Decree", "Migraciones", "none")
    assert untouched == Kept(action, is_new=False)
    assert (action.text, action.owner, action.revision) == ("Decree", "INEI", 3)


def test_saying_what_stands_is_kept_whatever_the_base(response, coordinator):
    (action,) = add(response, coordinator, FIRST)
    say(action, coordinator, owner="INEI")
    trail = Trail()

    outcome = say(action, coordinator, base=1)

    assert outcome == Kept(action, is_new=False)
    assert trail.actions == []


def test_trail_names_fields_and_statuses_only(response, coordinator):
    (action,) = add(response, coordinator, FIRST)
    trail = Trail()

    say(action, coordinator, owner="INEI", status="done")

    assert trail.said == [
        (
            coordinator.name,
            "plan.changed",
            "",
            {
                "number": 1,
                "recommendation": FIRST,
                "fields": ["owner", "status"],
                "from_status": "planned",
                "to_status": "done",
            },
        )
    ]


def test_statuses_of_several_are_judged_one_by_one(response, coordinator):
    add(response, coordinator, FIRST, SECOND)
    said = [Said(1, 1, "done", "In force."), Said(2, 7, "dropped", "")]

    one, other = say_what_became(response=response, said=said, by=coordinator)

    assert (type(one), type(other)) == (Kept, Stale)
    first, second = actions_of(response)
    assert (first.status, first.remark, second.status) == (
        "done",
        "In force.",
        "planned",
    )


def test_status_of_an_action_that_is_gone_saves_nothing(response, coordinator):
    (action,) = add(response, coordinator, FIRST)
    said = [Said(1, 1, "done", ""), Said(9, 1, "done", "")]

    with pytest.raises(NotReady):
        say_what_became(response=response, said=said, by=coordinator)

    action.refresh_from_db()
    assert action.status == "planned"


def test_action_moves_and_stays_at_the_ends(response, coordinator):
    first, _, third = add(response, coordinator, FIRST, SECOND, THIRD)

    move_action(action=third, is_up=True, at=3, by=coordinator)
    assert numbers(response) == [1, 3, 2]
    move_action(action=first, is_up=True, at=1, by=coordinator)
    assert numbers(response) == [1, 3, 2]
    move_action(action=first, is_up=False, at=1, by=coordinator)
    assert numbers(response) == [3, 1, 2]


def test_double_click_moves_once(response, coordinator):
    *_, third = add(response, coordinator, FIRST, SECOND, THIRD)
    move_action(action=third, is_up=True, at=3, by=coordinator)

    with pytest.raises(NotReady):
        move_action(action=third, is_up=True, at=3, by=coordinator)

    assert numbers(response) == [1, 3, 2]


def test_action_is_taken_out_and_comes_back_with_what_was_said(response, coordinator):
    first, _ = add(response, coordinator, FIRST, SECOND)
    say(first, coordinator, owner="INEI")
    trail = Trail()

    withdraw_action(action=first, by=coordinator)
    withdraw_action(action=first, by=coordinator)
    assert numbers(response) == [2]
    with pytest.raises(NotReady):
        say(first, coordinator, owner="Migraciones")
    restore_action(action=first, by=coordinator)
    restore_action(action=first, by=coordinator)

    assert numbers(response) == [2, 1]
    first.refresh_from_db()
    assert (first.owner, first.revision) == ("INEI", 4)
    assert trail.actions == ["plan.withdrawn", "plan.restored"]


def test_adding_again_brings_back_what_was_taken_out(response, coordinator):
    (action,) = add(response, coordinator, FIRST)
    withdraw_action(action=action, by=coordinator)

    (again,) = add(response, coordinator, FIRST)

    assert (again.pk, again.is_standing) == (action.pk, True)
    assert PlanAction.objects.count() == 1


def test_plan_has_an_end(response, coordinator, monkeypatch):
    monkeypatch.setattr(plans, "ACTIONS_MAX", 1)
    add(response, coordinator, FIRST)

    with pytest.raises(PlanFull):
        own(response, coordinator)


@pytest.mark.parametrize("role", ["contributor", "observer"])
def test_others_of_the_country_change_nothing(response, coordinator, peru, role):
    (action,) = add(response, coordinator, FIRST)
    other = MemberFactory(country=peru, role=role)

    for attempt in (
        lambda: add(response, other, SECOND),
        lambda: own(response, other),
        lambda: say(action, other, owner="INEI"),
        lambda: move_action(action=action, is_up=True, at=1, by=other),
        lambda: withdraw_action(action=action, by=other),
        lambda: restore_action(action=action, by=other),
    ):
        with pytest.raises(RoleForbids):
            attempt()

    assert len(changes_of_plan(response)) == 1


@pytest.mark.parametrize("status", Response.Status)
def test_plan_goes_on_whatever_the_status(response, coordinator, status):
    """Its life begins with the draft and continues while the answers are frozen."""
    Response.objects.filter(pk=response.pk).update(status=status)

    (action,) = add(response, coordinator, FIRST)

    assert say(action, coordinator, owner="INEI").is_new


def test_history_says_what_changed(response, coordinator, fresh):
    (action,) = add(response, coordinator, FIRST)
    say(action, coordinator, owner="INEI", remark="x")
    withdraw_action(action=action, by=coordinator)

    changes = changes_of_plan(response)

    assert [(c.what, c.changed) for c in changes] == [
        ("withdrawn", ()),
        ("changed", ("owner", "remark")),
        ("added", ()),
    ]
    assert live_plan(fresh(response)) is None
