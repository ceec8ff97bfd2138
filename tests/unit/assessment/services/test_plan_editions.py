"""Adopting a plan, and what the next round makes of it."""

import json
from dataclasses import replace

import pytest
from django.db import connection

from assessment.institution_particulars import as_is
from assessment.models import PlanAction, PlanEdition
from assessment.plans import (
    actions_of,
    adopted_plan,
    edition_plan,
    live_plan,
    plan_to_say,
)
from assessment.records import sha256_of
from assessment.refusals import NotReady, RoleForbids
from assessment.services.institutions import edit_institution
from assessment.services.plan_editions import adopt_plan, carry_over_plan
from assessment.services.plans import withdraw_action
from assessment.verifying import problems_of
from questionnaire.models import Recommendation
from questionnaire.repository import publish
from tests.auditing import Trail
from tests.carrying import next_version, opened
from tests.factories import InstitutionFactory
from tests.planning import FULL, add, adopt, own, say

FIRST, SECOND = "R-GOV-01", "R-GOV-02"


@pytest.fixture
def planned(response, coordinator):
    """A plan of a recommended action and an own one."""
    add(response, coordinator, FIRST)
    own(response, coordinator)
    return response


def test_edition_says_everything_and_never_changes(planned, coordinator):
    trail = Trail()

    edition = adopt(planned, coordinator)
    say(actions_of(planned)[0], coordinator, owner="INEI")

    edition.refresh_from_db()
    record = json.loads(edition.canonical_json)
    plan = edition_plan(edition)
    assert sha256_of(edition.canonical_json) == edition.sha256 == plan.sha256
    assert sorted(record) == [
        "actions", "adopted_at", "adopted_by", "country", "earlier", "number",
        "questionnaire", "round",
    ]  # fmt: skip
    assert (record["country"], record["round"], record["number"]) == ("PER", "2025", 1)
    assert [a.recommendation for a in plan.actions] == [FIRST, ""]
    assert (plan.actions[0].content.owner, plan.actions[1].content) == ("", FULL)
    assert (plan.number, plan.adopted_by) == (1, coordinator.name)
    assert trail.said[0] == (
        coordinator.name,
        "plan.adopted",
        "",
        {"number": 1, "count": 2},
    )


def test_adopting_twice_is_once_and_a_change_makes_the_next(
    planned, coordinator, fresh
):
    first = adopt(planned, coordinator)

    assert adopt(planned, coordinator) == first
    say(actions_of(planned)[0], coordinator, owner="INEI")
    second = adopt(planned, coordinator)

    assert (first.number, second.number) == (1, 2)
    assert adopted_plan(fresh(planned)).number == 2
    assert adopted_plan(fresh(planned), 1).sha256 == first.sha256
    with pytest.raises(PlanEdition.DoesNotExist):
        adopted_plan(fresh(planned), 3)


def test_plan_that_was_not_seen_is_not_adopted(planned, coordinator):
    with pytest.raises(NotReady):
        adopt_plan(response=planned, seen="0" * 64, by=coordinator)

    assert PlanEdition.objects.count() == 0


def test_nothing_is_no_plan(response, coordinator):
    with pytest.raises(NotReady):
        adopt(response, coordinator)


def test_contributor_adopts_nothing(planned, contributor):
    with pytest.raises(RoleForbids):
        adopt(planned, contributor)


# The next round


@pytest.fixture
def before(nmdc_db, peru, officer, coordinator):
    """Peru's plan of 2022: done, under way, planned and an own one; adopted."""
    response = opened(nmdc_db, 2022, peru, officer)
    done, begun, _ = add(response, coordinator, FIRST, SECOND, "R-GOV-03")
    say(done, coordinator, status="done")
    say(begun, coordinator, status="under_way", owner="INEI", remark="Drafted.")
    own(response, coordinator)
    adopt(response, coordinator)
    return response


def test_next_round_opens_with_what_was_left(
    before, nmdc_db, peru, officer, coordinator
):
    trail = Trail()

    response = opened(nmdc_db, 2025, peru, officer)

    plan = live_plan(response)
    assert [
        (a.recommendation, a.content.status, a.earlier_number, a.earlier_status)
        for a in plan.actions
    ] == [
        (SECOND, "", 2, "under_way"),
        ("R-GOV-03", "", 3, "planned"),
        ("", "", 4, "under_way"),
    ]
    assert plan.actions[0].content.owner == "INEI"
    assert plan.actions[2].content == replace(FULL, status="", remark="")
    earlier = plan.earlier
    assert (earlier.year, earlier.number, earlier.count) == (2022, 1, 4)
    assert earlier.finished == {"done": 1, "dropped": 0}
    waits = plan_to_say(response, coordinator)
    assert (waits.count, waits.year) == (3, 2022)
    assert "plan.carried" in trail.actions
    assert carry_over_plan(response=response, by=coordinator) == 0


def test_plan_that_went_on_is_changed_in_the_new_round_only(
    before, nmdc_db, peru, officer, coordinator
):
    response = opened(nmdc_db, 2025, peru, officer)

    with pytest.raises(NotReady, match="2025"):
        add(before, coordinator, "R-GOV-04")
    carried = actions_of(response)[0]
    say(carried, coordinator, status="done", remark="Adopted by law.")

    plan = live_plan(response)
    assert plan.actions[0].is_finished_earlier
    assert [a.number for a in plan.current] == [2, 3]
    assert [a.number for a in plan.to_say] == [2, 3]


def test_carried_action_is_not_taken_out(before, nmdc_db, peru, officer, coordinator):
    response = opened(nmdc_db, 2025, peru, officer)

    with pytest.raises(NotReady, match="dropped"):
        withdraw_action(action=actions_of(response)[0], by=coordinator)


def test_plan_never_adopted_is_not_carried_but_can_be_later(
    nmdc_db, peru, officer, coordinator, fresh
):
    earlier = opened(nmdc_db, 2022, peru, officer)
    add(earlier, coordinator, FIRST, SECOND)
    response = opened(nmdc_db, 2025, peru, officer)
    assert live_plan(response) is None
    adopt(earlier, coordinator)
    add(response, coordinator, FIRST)

    assert carry_over_plan(response=fresh(response), by=coordinator) == 2

    found = [
        (a.recommendation, a.status, a.earlier_number) for a in actions_of(response)
    ]
    assert found == [(FIRST, "planned", 1), (SECOND, "", 2)]


def test_recommendation_the_new_catalogue_lacks_stays_by_its_title(
    before, nmdc_db, peru, officer
):
    newer = next_version(nmdc_db, lambda question: True)
    for one in Recommendation.objects.filter(questionnaire=nmdc_db).exclude(
        code=SECOND
    ):
        one.pk, one.questionnaire = None, newer
        one.save()
    publish(newer)

    response = opened(newer, 2025, peru, officer)

    first = actions_of(response)[0]
    title = Recommendation.objects.get(questionnaire=nmdc_db, code=SECOND).title
    assert (first.recommendation, first.title, first.earlier_number) == ("", title, 2)


def test_renamed_institution_is_renamed_where_the_plan_goes_on(
    before, nmdc_db, peru, officer, coordinator, fresh
):
    response = opened(nmdc_db, 2025, peru, officer)
    institution = InstitutionFactory(country=peru, name="INEI")

    edit_institution(
        response=fresh(response),
        institution=institution,
        particulars=replace(as_is(institution), name="National institute"),
        by=coordinator,
    )

    assert [a.owner for a in actions_of(response)] == [
        "National institute",
        "",
        "National institute",
    ]
    assert [a.owner for a in actions_of(before)] == ["", "INEI", "", "INEI"]
    assert [a.content.owner for a in adopted_plan(fresh(before)).actions][1] == "INEI"
    assert problems_of(response) == []


# Whether it still is what was adopted


def test_verify_finds_nothing_wrong(before, nmdc_db, peru, officer):
    assert problems_of(before) == []
    assert problems_of(opened(nmdc_db, 2025, peru, officer)) == []


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        (
            "UPDATE assessment_planedition SET sha256 = 'x'",
            "edition 1 of the plan: its text has not the SHA-256 x stored beside it",
        ),
        (
            "UPDATE assessment_planedition SET number = 2",
            "editions of the plan: their numbers are 2, with a gap",
        ),
        (
            "UPDATE assessment_planaction SET owner = 'x' WHERE number = 2",
            "action 2 of the plan: the action is not its last revision, 2",
        ),
        (
            "DELETE FROM assessment_planactionrevision WHERE revision = 1",
            "action 1 of the plan: its revisions are 2, not 1 to 2",
        ),
    ],
)
def test_verify_finds_what_was_changed_behind_its_back(before, sql, problem):
    with connection.cursor() as cursor:
        cursor.execute(sql)

    found = [str(one) for one in problems_of(before)]

    assert f"PER 2022 {problem}" in found


def test_verify_finds_an_edition_that_says_something_else(before):
    edition = PlanEdition.objects.get()
    text = edition.canonical_json.replace("Drafted.", "Finished.")
    PlanEdition.objects.update(canonical_json=text, sha256=sha256_of(text))

    found = [str(one) for one in problems_of(before)]

    assert found == [
        "PER 2022 edition 1 of the plan: action 2: revision 2 says something else"
    ]
    assert PlanAction.objects.get(number=2).remark == "Drafted."
