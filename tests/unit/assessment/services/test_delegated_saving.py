"""Where a country is delegated, a contributor writes only their part: every way in."""

import pytest

from assessment.models import AnswerRevision, Via
from assessment.queries import held_answers, responses_with_instrument
from assessment.refusals import RoleForbids
from assessment.services.answers import Change, Conflict, Invalid, Saved
from assessment.services.delegations import (
    finish_delegation,
    hand_back_delegation,
    withdraw_delegation,
)
from assessment.services.imports import import_answers
from assessment.services.rounds import open_response, open_round, system_user
from questionnaire.addresses import Address
from tests.delegating import give, switch
from tests.factories import MemberFactory, RoundFactory
from tests.saving import change, put, save

NOBODY = "Not delegated to you, nor to anybody yet. Ask your coordinator for it."
EVIDENCE = [{"title": "Law", "url": "https://example.org/"}]
VALUES = {
    "SRC-INV[SRC-RES].exists": "yes",
    "SRC-INV[SRC-RES].holder": "Migration authority",
    "SRC-INV[SRC-RES].@note": "x",
    "SRC-INV[SRC-RES].@evidence": EVIDENCE,
    "SRC-INV[SRC-CEN].exists": "yes",
    "SRC-INV[SRC-CEN].@note": "x",
    "SRC-INV.@note": "x",
    "SRC-INV.@evidence": EVIDENCE,
    "SRC-01": 2030,
    "SRC-01.@note": "x",
    "GEN-01": "Peru",
    "GEN-05[abcd1234].name": "Ana",
    "GEN-05.@note": "x",
}
ROW = {
    "SRC-INV[SRC-RES].exists", "SRC-INV[SRC-RES].holder", "SRC-INV[SRC-RES].@note",
    "SRC-INV[SRC-RES].@evidence",
}  # fmt: skip
QUESTION = ROW | {
    "SRC-INV[SRC-CEN].exists", "SRC-INV[SRC-CEN].@note", "SRC-INV.@note", "SRC-INV.@evidence",
}  # fmt: skip
PARTS = {
    "SRC-INV[SRC-RES]": ROW,
    "SRC-INV": QUESTION,
    "SRC": QUESTION | {"SRC-01", "SRC-01.@note"},
    "SRC-01": {"SRC-01", "SRC-01.@note"},
    "GEN-05": {"GEN-05[abcd1234].name", "GEN-05.@note"},
    "GEN": {"GEN-01", "GEN-05[abcd1234].name", "GEN-05.@note"},
}


@pytest.fixture
def delegated(response, peru, coordinator):
    switch(peru, coordinator)
    return response


def saved_in(response):
    return {str(address) for address in held_answers(response)} - {"GEN-02"}


def save_all(response, by, via=Via.PAGE):
    save(
        response, by, *(change(cell, value) for cell, value in VALUES.items()), via=via
    )
    return saved_in(response)


@pytest.mark.parametrize("part", PARTS)
def test_contributor_writes_the_cells_of_their_part_only(
    delegated, coordinator, contributor, part
):
    give(delegated, coordinator, contributor, part)

    assert save_all(delegated, contributor) == PARTS[part]


@pytest.mark.parametrize("via", [via for via in Via if via is not Via.PREFILL])
def test_every_way_in_obeys(delegated, coordinator, contributor, via):
    give(delegated, coordinator, contributor, "SRC-01")

    assert save_all(delegated, contributor, via) == PARTS["SRC-01"]


def test_contributor_without_a_part_writes_nothing(delegated, contributor):
    assert save_all(delegated, contributor) == set()
    assert not AnswerRevision.objects.exclude(answer__question="GEN-02").exists()


@pytest.mark.parametrize("part", ["", *PARTS])
def test_coordinator_and_system_write_everything(delegated, coordinator, part):
    if part:
        give(delegated, coordinator, coordinator, part)

    assert save_all(delegated, coordinator) == set(VALUES)
    put(delegated, system_user(), {"GEN-01": "Imported"})
    assert held_answers(delegated)[Address("GEN-01")].value == "Imported"


@pytest.mark.parametrize("mode", ["", "open"])
def test_open_country_lets_contributors_write_everything(
    response, peru, coordinator, contributor, mode
):
    """Whatever is delegated, and whether there is a record of the mode or none."""
    if mode:
        switch(peru, coordinator, mode)
    give(response, coordinator, contributor, "SRC-01")

    assert save_all(response, contributor) == set(VALUES)


def test_observer_writes_nothing_even_with_a_part(delegated, peru, coordinator):
    person = MemberFactory(country=peru, role="contributor")
    give(delegated, coordinator, person, "GEN")
    person.memberships.update(role="observer")

    with pytest.raises(RoleForbids):
        save_all(delegated, type(person).objects.get(pk=person.pk))


def test_address_gives_the_part_to_whoever_joins_with_it(delegated, peru, coordinator):
    give(delegated, coordinator, "Luis@Example.org", "SRC-01")
    luis = MemberFactory(country=peru, role="contributor", email="luis@example.org")

    assert save_all(delegated, luis) == PARTS["SRC-01"]


def test_part_marked_as_done_can_still_be_answered(delegated, coordinator, contributor):
    made = give(delegated, coordinator, contributor, "SRC-01")
    finish_delegation(delegation=made, by=contributor)

    assert save_all(delegated, contributor) == PARTS["SRC-01"]


@pytest.mark.parametrize("end", ["withdraw", "hand back"])
def test_ended_delegation_gives_nothing_and_keeps_every_answer(
    delegated, coordinator, contributor, end
):
    made = give(delegated, coordinator, contributor, "SRC-01")
    save_all(delegated, contributor)
    if end == "withdraw":
        withdraw_delegation(delegation=made, by=coordinator)
    else:
        hand_back_delegation(delegation=made, by=contributor)

    outcome = save(delegated, contributor, change("SRC-01", 2031, 1))

    assert outcome == Invalid(Address("SRC-01"), [NOBODY], 2031, 1)
    assert saved_in(delegated) == PARTS["SRC-01"]
    assert held_answers(delegated)[Address("SRC-01")].value == 2030


def test_part_of_another_round_gives_nothing_here(
    delegated, nmdc_db, officer, peru, coordinator, contributor
):
    other = RoundFactory(questionnaire=nmdc_db, year=2024)
    open_round(round_=other, countries=[], by=officer)
    elsewhere = open_response(round_=other, country=peru, by=officer)
    give(elsewhere, coordinator, contributor, "GEN")

    assert save_all(delegated, contributor) == set()


@pytest.mark.parametrize(
    ("cell", "value", "base"),
    [
        ("GEN-01", "Peru", 0),
        ("GEN-01", None, 0),
        ("GEN-02", "not a year", 0),  # invalid as well
        ("GEN-02", 2020, 99),  # stale as well
        ("GEN-02", 2025, 1),  # unchanged
        ("GEN-99", "x", 0),  # unknown as well
        ("SRC-INV[NOWHERE].exists", "x", 0),
    ],
)
def test_whose_part_it_is_comes_before_everything_else(
    delegated, contributor, cell, value, base
):
    outcome = save(delegated, contributor, change(cell, value, base))

    assert outcome == Invalid(Address.parse(cell), [NOBODY], value, base)


def test_refusal_names_who_answers_it(delegated, peru, coordinator, contributor):
    ana = MemberFactory(country=peru, role="contributor", name="Ana")
    give(delegated, coordinator, ana, "SRC-INV")
    give(delegated, coordinator, "luis@example.org", "SRC-INV[SRC-RES]")
    give(delegated, coordinator, ana, "SRC")

    row, question = save(
        delegated,
        contributor,
        change("SRC-INV[SRC-RES].exists", "yes"),
        change("SRC-INV.@note", "x"),
    )

    assert row.errors == ["Not delegated to you: Ana, luis@example.org answers this."]
    assert question.errors == ["Not delegated to you: Ana answers this."]


def test_the_rest_of_the_batch_is_saved(delegated, coordinator, contributor):
    give(delegated, coordinator, contributor, "SRC-01")
    put(delegated, coordinator, {"SRC-01.@note": "theirs"})

    outcomes = save(
        delegated,
        contributor,
        change("GEN-01", "Peru"),
        change("SRC-01", 2030),
        change("SRC-01.@note", "mine"),
    )

    assert [type(outcome) for outcome in outcomes] == [Invalid, Saved, Conflict]


def test_import_writes_everything_in_a_delegated_country(delegated):
    imported = import_answers(response=delegated, entry={"answers": {"GEN-01": "Peru"}})

    assert imported.saved == 1


def test_mode_is_read_under_the_lock(response, peru, coordinator, contributor):
    """A response read before the switch obeys the switch."""
    before = responses_with_instrument().get(pk=response.pk)
    switch(peru, coordinator)

    outcome = save(before, contributor, Change(Address("GEN-01"), "Peru", 0))

    assert isinstance(outcome, Invalid)


def test_other_countries_are_not_touched_by_the_switch(
    delegated, round_2025, officer, peru
):
    chile = type(peru).objects.get(iso3="CHL")
    other = open_response(round_=round_2025, country=chile, by=officer)
    contributor = MemberFactory(country=chile, role="contributor")

    assert save_all(other, contributor) == set(VALUES)
