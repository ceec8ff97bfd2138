"""contracts.md, sections 1 and 2: judging and applying a batch of changes."""

import datetime

import pytest

from assessment.models import Answer, AnswerRevision, Response, Via
from assessment.queries import held_answers
from assessment.refusals import ResponseClosed, RoleForbids
from assessment.services.answers import (
    Change,
    Conflict,
    Invalid,
    Saved,
    as_utc,
    save_changes,
)
from assessment.services.rounds import close_round, open_response, open_round
from questionnaire.addresses import Address
from questionnaire.instrument import cells_of
from tests.carrying import opened
from tests.factories import MemberFactory, OfficerFactory, RoundFactory, UserFactory
from tests.instruments import at, nmdc
from tests.saving import change, put, save, sent

UNKNOWN = "This question, row or column is not part of the questionnaire."
FIXED = "This cell is not asked in this row."
LISTED = "Choose one of the answers listed."
NOT_AN_ITEM = "This is not the code of an entry."
CHOSEN = [choice.value for choice in nmdc().question_by_code["BAS-05"].choices[:2]]


def revisions(response, cell):
    """Revision, value, way and author of each change of one cell."""
    question, row, column = at(cell)
    return list(
        AnswerRevision.objects.filter(
            answer__response=response,
            answer__question=question,
            answer__row=row,
            answer__column=column,
        ).values_list("revision", "value", "via", "changed_by__name")
    )


def standing(response):
    """Value and revision of every cell ever answered, but the assessment year."""
    return {
        str(address): (held.value, held.revision)
        for address, held in held_answers(response).items()
        if address != Address("GEN-02")
    }


def item(number):
    return f"item000{number}"


# Applying


def test_first_save_is_revision_one(response, contributor):
    outcome = save(response, contributor, change("GEN-01", " Peru "))

    assert outcome == Saved(Address("GEN-01"), 1, "Peru", is_new=True)
    assert standing(response) == {"GEN-01": ("Peru", 1)}


def test_every_change_adds_one_revision(response, contributor):
    for base, value in enumerate(["a", "b", None, "c"]):
        save(response, contributor, change("GEN-01", value, base))

    assert standing(response) == {"GEN-01": ("c", 4)}
    assert [(r, v) for r, v, _, _ in revisions(response, "GEN-01")] == [
        (1, "a"),
        (2, "b"),
        (3, None),
        (4, "c"),
    ]


def test_blanking_is_a_revision_with_null(response, contributor):
    save(response, contributor, change("GEN-01", "a"))

    outcome = save(response, contributor, change("GEN-01", "  ", 1))

    assert outcome == Saved(Address("GEN-01"), 2, None, is_new=True)
    assert Answer.objects.get(question="GEN-01").value is None
    assert Answer.objects.filter(question="GEN-01", value__isnull=True).exists()
    assert AnswerRevision.objects.filter(
        answer__question="GEN-01", revision=2, value__isnull=True
    ).exists()


@pytest.mark.parametrize("via", Via)
def test_revision_says_who_and_by_which_way(response, peru, via):
    maria = MemberFactory(country=peru, role="contributor", name="María")

    save(response, maria, change("GEN-01", "Peru"), via=via)

    assert revisions(response, "GEN-01") == [(1, "Peru", via.value, "María")]


def test_ways_are_those_of_the_contract():
    assert {via.value for via in Via} == {
        "page", "form", "queue", "workbook", "api", "prefill", "import", "merge",
    }  # fmt: skip


def test_revision_keeps_its_own_author_and_moment(
    response, contributor, coordinator, time_machine
):
    first = datetime.datetime(2025, 3, 1, 9, tzinfo=datetime.UTC)
    second = datetime.datetime(2025, 3, 2, 9, tzinfo=datetime.UTC)
    time_machine.move_to(first, tick=False)
    save(response, contributor, change("GEN-01", "a"))
    time_machine.move_to(second, tick=False)
    save(response, coordinator, change("GEN-01", "b", 1))

    history = AnswerRevision.objects.filter(answer__question="GEN-01")

    assert [(r.changed_by, r.changed_at) for r in history] == [
        (contributor, first),
        (coordinator, second),
    ]
    answer = Answer.objects.get(question="GEN-01")
    assert (answer.changed_by, answer.changed_at) == (coordinator, second)


@pytest.mark.parametrize(
    ("cell", "raw", "value"),
    [
        ("GEN-04", "nso", "nso"),
        ("GEN-04", "dk", "dk"),
        ("GEN-08", "2025-06-20", "2025-06-20"),
        ("GEN-10", "no", "no"),
        ("GEN-12", "a\r\nb", "a\nb"),
        ("BAS-09", "na", "na"),
        ("BAS-13", 7.0, 7),
        ("STR-15", 0.1234567, 0.123457),
        ("STR-02", 2035, 2035),
        ("GEN-11", "https://example.org/", "https://example.org/"),
        ("SRC-INV[SRC-CEN].exists", "yes", "yes"),
        ("SRC-INV[SRC-CEN].latest_year", "dk", "dk"),
        ("POL-SDG[SDG-16.10.1].latest_year", 2020, 2020),
        ("GEN-05[abcd1234].name", "dk", "dk"),
        ("GEN-05[i1].name", "Ana", "Ana"),
        ("GEN-01.@note", "A note", "A note"),
        ("SRC-INV.@note", "On the matrix", "On the matrix"),
        ("SRC-INV[SRC-CEN].@note", "On the row", "On the row"),
        (
            "BAS-01.@evidence",
            [{"title": "Law", "url": "https://example.org/"}],
            [{"title": "Law", "url": "https://example.org/"}],
        ),
        (
            "SRC-INV[SRC-CEN].@evidence",
            [{"title": "Form", "url": "https://example.org/"}],
            [{"title": "Form", "url": "https://example.org/"}],
        ),
    ],
)
def test_cell_of_any_kind_is_saved_in_canonical_form(
    response, contributor, cell, raw, value
):
    save(response, contributor, change(cell, raw))

    assert standing(response) == {cell: (value, 1)}


def test_hidden_question_keeps_its_value_and_accepts_saves(response, contributor):
    put(response, contributor, {"GEN-10": "yes", "GEN-11": "https://example.org/a"})
    put(response, contributor, {"GEN-10": "no"})

    outcome = save(response, contributor, change("GEN-11", "https://example.org/b", 1))

    assert isinstance(outcome, Saved)
    assert standing(response)["GEN-11"] == ("https://example.org/b", 2)


def test_closed_cell_keeps_its_value_and_accepts_saves(response, contributor):
    put(
        response,
        contributor,
        {"SRC-INV[SRC-CEN].exists": "no", "SRC-INV[SRC-CEN].holder": "NSO"},
    )

    outcome = save(response, contributor, change("SRC-INV[SRC-CEN].holder", "INEI", 1))

    assert outcome == Saved(at("SRC-INV[SRC-CEN].holder"), 2, "INEI", is_new=True)


# Refused values and addresses


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (Address("XXX-01"), UNKNOWN),
        (Address("gen-01"), UNKNOWN),
        (Address("GEN-01 "), UNKNOWN),
        (Address("\x00"), UNKNOWN),
        (Address("\ud800"), UNKNOWN),
        (Address("Q" * 5000), UNKNOWN),
        (Address("GEN-01", "x"), UNKNOWN),
        (Address("GEN-01", "", "x"), UNKNOWN),
        (Address("GEN-01", "", "@other"), UNKNOWN),
        (Address("GEN-01", "x", "@note"), UNKNOWN),
        (Address("SRC-INV"), UNKNOWN),
        (Address("SRC-INV", "SRC-CEN"), UNKNOWN),
        (Address("SRC-INV", "", "exists"), UNKNOWN),
        (Address("SRC-INV", "XXX", "exists"), UNKNOWN),
        (Address("SRC-INV", "SRC-CEN", "xxx"), UNKNOWN),
        (Address("SRC-INV", "\x00", "exists"), UNKNOWN),
        (Address("GEN-05"), UNKNOWN),
        (Address("GEN-05", "abcd1234"), UNKNOWN),
        (Address("GEN-05", "", "name"), UNKNOWN),
        (Address("GEN-05", "abcd1234", "xxx"), UNKNOWN),
        (Address("GEN-05", "abcd1234", "@note"), UNKNOWN),
        (Address("GEN-05", "abcd1234", "@evidence"), UNKNOWN),
        (Address("GEN-05", "abcd123", "name"), NOT_AN_ITEM),
        (Address("GEN-05", "abcd12345", "name"), NOT_AN_ITEM),
        (Address("GEN-05", "ABCD1234", "name"), NOT_AN_ITEM),
        (Address("GEN-05", "abcd123\n", "name"), NOT_AN_ITEM),
        (Address("GEN-05", "abcd1234\n", "name"), NOT_AN_ITEM),
        (Address("GEN-05", "äbcd1234", "name"), NOT_AN_ITEM),
        (Address("GEN-05", "\x00bcd1234", "name"), NOT_AN_ITEM),
        (Address("GEN-05", "i0", "name"), NOT_AN_ITEM),
        (Address("GEN-05", "i01", "name"), NOT_AN_ITEM),
        (Address("GEN-05", "i1000", "name"), NOT_AN_ITEM),
        (Address("GEN-05", "i-1", "name"), NOT_AN_ITEM),
        (Address("POL-SDG", "SDG-8.8.2", "disaggregated"), FIXED),
        (Address("COO-MOU", "AGY-BNK", "level"), FIXED),
    ],
)
@pytest.mark.parametrize("value", ["na", None])
def test_address_that_is_no_cell_is_invalid(
    response, contributor, address, message, value
):
    outcome = save(response, contributor, Change(address, value, 0))

    assert outcome == Invalid(address, [message], value, 0)
    assert standing(response) == {}


@pytest.mark.parametrize(
    ("cell", "raw", "message"),
    [
        ("GEN-04", "xxx", LISTED),
        ("GEN-04", "na", "“Not applicable” is not offered here."),
        ("GEN-01", "a\x00", "The text contains characters that cannot be stored."),
        ("BAS-13", 121, "Enter 120 or less."),
        ("BAS-13", 10**400, "This number is too large."),
        ("BAS-STAT[BAS-S01].produced", "na", "“Not applicable” is not offered here."),
        ("EXC-02[abcd1234].kind", "dk", LISTED),
        ("EXC-02[abcd1234].since", "dk", "Enter a year with four digits, for example 2024."),
    ],
)  # fmt: skip
def test_value_that_cannot_be_stored_is_invalid(
    response, contributor, cell, raw, message
):
    outcome = save(response, contributor, change(cell, raw, 3))

    assert outcome == Invalid(at(cell), [message], raw, 3)
    assert standing(response) == {}


def test_invalid_change_leaves_what_stands(response, contributor):
    save(response, contributor, change("GEN-04", "nso"))

    outcome = save(response, contributor, change("GEN-04", "xxx", 1))

    assert isinstance(outcome, Invalid)
    assert standing(response) == {"GEN-04": ("nso", 1)}


# The limit of years


def test_years_are_limited_by_the_assessment_year_given(response, contributor):
    put(response, contributor, {"GEN-02": 2015})

    outcomes = save(
        response, contributor, change("STR-02", 2025), change("STR-03", 2026)
    )

    assert [type(outcome) for outcome in outcomes] == [Saved, Invalid]
    assert outcomes[1].errors == ["Enter a year from 1900 to 2025."]


@pytest.mark.parametrize("year", [None, "dk"])
def test_years_are_limited_by_the_round_while_the_assessment_year_is_unknown(
    response, contributor, year
):
    put(response, contributor, {"GEN-02": year})

    outcomes = save(
        response, contributor, change("STR-02", 2035), change("STR-03", 2036)
    )

    assert [type(outcome) for outcome in outcomes] == [Saved, Invalid]


def test_assessment_year_itself_is_limited_by_the_round(response, contributor):
    """Otherwise it could climb ten years at each save."""
    put(response, contributor, {"GEN-02": 2035})

    outcome = save(response, contributor, change("GEN-02", 2036, 2))

    assert outcome.errors == ["Enter a year from 1900 to 2035."]


# Staleness


@pytest.mark.parametrize("base", [0, 1, 3, 4, 1_000_000, 10**30])
def test_other_base_than_the_current_revision_is_a_conflict(
    response, contributor, coordinator, base
):
    save(response, coordinator, change("GEN-01", "a"))
    save(response, coordinator, change("GEN-01", "theirs", 1))
    held = Answer.objects.get(question="GEN-01")

    outcome = save(response, contributor, change("GEN-01", " mine ", base))

    assert outcome == Conflict(
        Address("GEN-01"), "theirs", 2, coordinator.name, held.changed_at, "mine", base
    )
    assert standing(response) == {"GEN-01": ("theirs", 2)}
    assert len(revisions(response, "GEN-01")) == 2


def test_base_higher_than_never_saved_is_a_conflict(response, contributor):
    outcome = save(response, contributor, change("GEN-01", "mine", 1))

    assert outcome == Conflict(Address("GEN-01"), None, 0, "", None, "mine", 1)
    assert standing(response) == {}


@pytest.mark.parametrize("base", [0, 1, 2, 3, 99])
@pytest.mark.parametrize("raw", ["same", " same\r\n"])
def test_value_equal_to_the_current_one_is_saved_at_any_base(
    response, contributor, coordinator, raw, base
):
    """So that resending after a lost reply is safe."""
    put(response, coordinator, {"GEN-01": "other"})
    put(response, coordinator, {"GEN-01": "same"})

    outcome = save(response, contributor, change("GEN-01", raw, base))

    assert outcome == Saved(Address("GEN-01"), 2, "same", is_new=False)
    assert len(revisions(response, "GEN-01")) == 2
    assert Answer.objects.get(question="GEN-01").changed_by == coordinator


@pytest.mark.parametrize(
    ("cell", "value", "equal"),
    [
        ("BAS-13", 3, 3.0),
        ("STR-15", 1.5, 1.50000001),
        ("BAS-05", CHOSEN, [*reversed(CHOSEN), CHOSEN[0]]),
        ("GEN-12", "a\nb", "a\r\nb "),
        ("GEN-01", "caf\u00e9", "cafe\u0301"),
    ],
)
def test_equality_is_that_of_canonical_values(
    response, contributor, cell, value, equal
):
    put(response, contributor, {cell: value})

    outcome = save(response, contributor, change(cell, equal, 0))

    assert outcome == Saved(at(cell), 1, value, is_new=False)


@pytest.mark.parametrize("base", [0, 5])
def test_blanking_what_was_never_answered_changes_nothing(response, contributor, base):
    outcome = save(response, contributor, change("GEN-01", "", base))

    assert outcome == Saved(Address("GEN-01"), 0, None, is_new=False)
    assert standing(response) == {}


def test_blanking_with_a_stale_base_is_a_conflict(response, contributor):
    put(response, contributor, {"GEN-01": "a"})
    put(response, contributor, {"GEN-01": "b"})

    outcome = save(response, contributor, change("GEN-01", None, 1))

    assert outcome.value == "b"
    assert outcome.mine is None
    assert standing(response) == {"GEN-01": ("b", 2)}


def test_answer_blanked_meanwhile_is_a_conflict_with_nothing(response, contributor):
    put(response, contributor, {"GEN-01": "a"})
    put(response, contributor, {"GEN-01": None})

    outcome = save(response, contributor, change("GEN-01", "mine", 1))

    assert (outcome.value, outcome.revision) == (None, 2)
    assert standing(response) == {"GEN-01": (None, 2)}


# The order of judgement


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        (change("XXX-01", "xxx", 9), Invalid),
        (change("GEN-04", "xxx", 9), Invalid),
        (change("GEN-04", "other", 9), Conflict),
        (change("GEN-04", "nso", 9), Saved),
        (change("GEN-04", "other", 1), Saved),
    ],
)
def test_address_is_judged_before_value_and_value_before_base(
    response, contributor, changed, outcome
):
    put(response, contributor, {"GEN-04": "nso"})

    assert type(save(response, contributor, changed)) is outcome


@pytest.mark.parametrize("cell", ["XXX-01", "GEN-01"])
def test_person_is_judged_before_the_address(response, peru, cell):
    observer = MemberFactory(country=peru, role="observer")

    with pytest.raises(RoleForbids):
        save(response, observer, change(cell, "x"))

    assert standing(response) == {}


# Batches


def test_outcomes_are_in_the_order_of_the_changes(response, contributor):
    put(response, contributor, {"GEN-12": "a"})

    outcomes = save(
        response,
        contributor,
        change("GEN-12", "b", 9),
        change("GEN-04", "xxx"),
        change("GEN-01", "Peru"),
        change("XXX-01", "x"),
        change("GEN-10", "yes"),
        change("GEN-12.@note", "n"),
    )

    assert [(str(o.address), type(o)) for o in outcomes] == [
        ("GEN-12", Conflict),
        ("GEN-04", Invalid),
        ("GEN-01", Saved),
        ("XXX-01", Invalid),
        ("GEN-10", Saved),
        ("GEN-12.@note", Saved),
    ]
    assert standing(response) == {
        "GEN-12": ("a", 1),
        "GEN-01": ("Peru", 1),
        "GEN-10": ("yes", 1),
        "GEN-12.@note": ("n", 1),
    }


def test_new_and_changed_answers_are_saved_together(response, contributor):
    put(response, contributor, {"GEN-01": "a", "GEN-03": "b"})

    save(
        response,
        contributor,
        change("GEN-03", "b2", 1),
        change("GEN-12", "c"),
        change("GEN-01", None, 1),
    )

    assert standing(response) == {
        "GEN-01": (None, 2),
        "GEN-03": ("b2", 2),
        "GEN-12": ("c", 1),
    }
    assert AnswerRevision.objects.filter(answer__response=response).count() == 6


def test_empty_batch_saves_nothing(response, contributor):
    assert save(response, contributor) == []


def test_hundreds_of_changes_are_one_batch(response, contributor):
    notes = [
        cell.address
        for question in nmdc().questions
        for cell in cells_of(question)
        if cell.kind in ("text", "long_text")
    ]

    outcomes = save(response, contributor, *(change(str(a), "first") for a in notes))
    again = save(response, contributor, *(change(str(a), "then", 1) for a in notes))

    assert {o.revision for o in outcomes} == {1}
    assert {o.revision for o in again} == {2}
    assert len(again) == len(notes) == 340


# Repeating groups


def test_group_takes_as_many_items_as_its_maximum(response, contributor):
    outcomes = save(
        response,
        contributor,
        *(change(f"GEN-05[{item(n)}].name", f"Person {n}") for n in range(6)),
    )

    assert [type(o) for o in outcomes] == [Saved] * 5 + [Invalid]
    assert outcomes[5].errors == ["At most 5 entries can be given here."]
    assert len(standing(response)) == 5


def test_full_group_refuses_one_item_more_in_a_later_batch(response, contributor):
    put(response, contributor, {f"GEN-05[{item(n)}].name": "x" for n in range(5)})

    outcomes = save(
        response,
        contributor,
        change("GEN-05[newitem1].name", "One too many"),
        change("GEN-05[newitem1].email", "x@example.org"),
        change(f"GEN-05[{item(0)}].email", "y@example.org"),
        change(f"GEN-05[{item(0)}].name", "z", 1),
    )

    assert [type(o) for o in outcomes] == [Invalid, Invalid, Saved, Saved]


def test_several_fields_of_one_item_are_one_item(response, contributor):
    outcomes = save(
        response,
        contributor,
        *(
            change(f"GEN-05[{item(n)}].{field}", "x")
            for n in range(5)
            for field in ("name", "agency", "email", "position")
        ),
    )

    assert {type(o) for o in outcomes} == {Saved}
    assert len(outcomes) == 20


def test_removed_item_makes_room_for_another(response, contributor):
    put(response, contributor, {f"GEN-05[{item(n)}].name": "x" for n in range(5)})
    put(response, contributor, {f"GEN-05[{item(3)}].name": None})

    outcome = save(response, contributor, change("GEN-05[newitem1].name", "New"))

    assert isinstance(outcome, Saved)


def test_item_removed_in_the_same_batch_makes_room_for_another(response, contributor):
    put(response, contributor, {f"GEN-05[{item(n)}].name": "x" for n in range(5)})
    put(response, contributor, {f"GEN-05[{item(3)}].email": "a@example.org"})

    outcomes = save(
        response,
        contributor,
        change(f"GEN-05[{item(3)}].name", None, 1),
        change(f"GEN-05[{item(3)}].email", None, 1),
        change("GEN-05[newitem1].name", "New"),
        change("GEN-05[newitem2].name", "One too many"),
    )

    assert [type(o) for o in outcomes] == [Saved, Saved, Saved, Invalid]


def test_item_removed_in_part_still_counts(response, contributor):
    put(response, contributor, {f"GEN-05[{item(n)}].name": "x" for n in range(5)})
    put(response, contributor, {f"GEN-05[{item(3)}].email": "a@example.org"})

    outcomes = save(
        response,
        contributor,
        change(f"GEN-05[{item(3)}].name", None, 1),
        change("GEN-05[newitem1].name", "One too many"),
    )

    assert [type(o) for o in outcomes] == [Saved, Invalid]


def test_conflict_on_a_new_item_takes_no_place(response, contributor):
    put(response, contributor, {f"GEN-05[{item(n)}].name": "x" for n in range(4)})
    put(response, contributor, {"GEN-05[gonegone].name": "x"})
    put(response, contributor, {"GEN-05[gonegone].name": None})

    outcomes = save(
        response,
        contributor,
        change("GEN-05[gonegone].name", "mine", 1),
        change("GEN-05[newitem1].name", "New"),
    )

    assert [type(o) for o in outcomes] == [Conflict, Saved]


def test_blanking_is_never_one_item_too_many(response, contributor):
    put(response, contributor, {f"GEN-05[{item(n)}].name": "x" for n in range(5)})

    outcome = save(response, contributor, change("GEN-05[newitem1].name", ""))

    assert outcome == Saved(at("GEN-05[newitem1].name"), 0, None, is_new=False)


def test_note_on_a_full_group_is_saved(response, contributor):
    put(response, contributor, {f"GEN-05[{item(n)}].name": "x" for n in range(5)})

    outcome = save(response, contributor, change("GEN-05.@note", "All five"))

    assert isinstance(outcome, Saved)


def test_removal_of_an_item_a_colleague_edits_is_a_conflict(response, contributor):
    put(response, contributor, {"GEN-05[abcd1234].name": "Ana"})
    put(response, contributor, {"GEN-05[abcd1234].email": "ana@example.org"})
    put(response, contributor, {"GEN-05[abcd1234].email": "new@example.org"})

    outcomes = save(
        response,
        contributor,
        change("GEN-05[abcd1234].name", None, 1),
        change("GEN-05[abcd1234].email", None, 1),
    )

    assert [type(o) for o in outcomes] == [Saved, Conflict]
    assert standing(response)["GEN-05[abcd1234].email"] == ("new@example.org", 2)


# Unconfirmed (carried-over) values


def carried_over(response, by, cell, value):
    (outcome,) = save_changes(
        response=response,
        changes=[change(cell, value)],
        by=by,
        via=Via.PREFILL,
        is_confirmed=False,
    )
    return outcome


def test_carried_over_value_is_unconfirmed(response, contributor):
    carried_over(response, contributor, "GEN-04", "nso")

    held = held_answers(response)[Address("GEN-04")]

    assert (held.value, held.revision, held.is_confirmed) == ("nso", 1, False)
    assert not AnswerRevision.objects.get(answer__question="GEN-04").is_confirmed


def test_same_value_confirms_what_was_carried_over(response, contributor):
    carried_over(response, contributor, "GEN-04", "nso")

    outcome = save(response, contributor, change("GEN-04", "nso", 1))

    assert outcome == Saved(Address("GEN-04"), 2, "nso", is_new=True)
    assert held_answers(response)[Address("GEN-04")].is_confirmed
    assert [
        r.is_confirmed for r in AnswerRevision.objects.filter(answer__question="GEN-04")
    ] == [False, True]


def test_resent_confirmation_is_saved_once(response, contributor):
    carried_over(response, contributor, "GEN-04", "nso")
    save(response, contributor, change("GEN-04", "nso", 1))

    outcome = save(response, contributor, change("GEN-04", "nso", 1))

    assert outcome == Saved(Address("GEN-04"), 2, "nso", is_new=False)


def test_value_is_not_carried_over_onto_the_same_confirmed_one(response, contributor):
    put(response, contributor, {"GEN-04": "nso"})

    outcome = carried_over(response, contributor, "GEN-04", "nso")

    assert outcome == Saved(Address("GEN-04"), 1, "nso", is_new=False)
    assert held_answers(response)[Address("GEN-04")].is_confirmed


def test_assessment_year_that_is_not_confirmed_limits_no_other_year(
    nmdc_db, peru, officer, contributor
):
    response = opened(nmdc_db, 2025, peru, officer)
    put(response, contributor, {"GEN-02": None})
    save_changes(
        response=response,
        changes=[change("GEN-02", 2000, 2)],
        by=contributor,
        via=Via.PREFILL,
        is_confirmed=False,
    )

    outcome = save(response, contributor, change("SRC-01", 2024))

    assert isinstance(outcome, Saved)


# Who and when


@pytest.mark.parametrize(
    ("status", "may_save"),
    [("draft", True), ("submitted", False), ("returned", True), ("accepted", False)],
)
@pytest.mark.parametrize("role", ["contributor", "coordinator"])
def test_country_saves_while_the_response_is_editable(
    response, peru, role, status, may_save
):
    person = MemberFactory(country=peru, role=role)
    Response.objects.filter(pk=response.pk).update(status=status)

    if may_save:
        assert isinstance(save(response, person, change("GEN-01", "x")), Saved)
    else:
        with pytest.raises(ResponseClosed) as refused:
            save(response, person, change("GEN-01", "x"))
        assert (refused.value.state, refused.value.status) == (status, 409)
        assert standing(response) == {}


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "accepted"])
def test_nobody_else_saves_ever(response, peru, status):
    Response.objects.filter(pk=response.pk).update(status=status)
    chile = peru._meta.model.objects.get(iso3="CHL")
    others = [
        OfficerFactory(),
        OfficerFactory(unsd_role="administrator"),
        MemberFactory(country=peru, role="observer"),
        MemberFactory(country=chile, role="coordinator"),
        MemberFactory(country=peru, role="coordinator", is_active=False),
        UserFactory(),
    ]

    for person in others:
        with pytest.raises(RoleForbids):
            save(response, person, change("GEN-01", "x"))

    assert standing(response) == {}


def test_status_is_looked_at_again_under_the_lock(response, contributor):
    """The response in hand may have been read before a colleague submitted."""
    Response.objects.filter(pk=response.pk).update(status="submitted")
    assert response.status == "draft"

    with pytest.raises(ResponseClosed):
        save(response, contributor, change("GEN-01", "x"))

    assert response.status == "submitted"


def test_closed_round_stops_saving(response, contributor, round_2025, officer):
    close_round(round_=round_2025, by=officer)

    with pytest.raises(ResponseClosed) as refused:
        save(response, contributor, change("GEN-01", "x"))

    assert refused.value.state == "closed"
    assert standing(response) == {}


def test_reopened_round_takes_saves_again(response, contributor, round_2025, officer):
    close_round(round_=round_2025, by=officer)
    open_round(round_=round_2025, countries=[], by=officer)

    assert isinstance(save(response, contributor, change("GEN-01", "x")), Saved)


def test_saving_goes_on_after_the_deadline(nmdc_db, peru, contributor, officer):
    long_ago = RoundFactory(
        questionnaire=nmdc_db,
        opens_on=datetime.date(2020, 1, 1),
        closes_on=datetime.date(2020, 1, 2),
    )
    open_round(round_=long_ago, countries=[], by=officer)
    response = open_response(round_=long_ago, country=peru, by=officer)

    assert isinstance(save(response, contributor, change("GEN-01", "x")), Saved)


def test_answers_of_other_responses_stay_out_of_it(
    response, nmdc_db, peru, contributor, officer
):
    other_round = RoundFactory(questionnaire=nmdc_db, year=2030)
    open_round(round_=other_round, countries=[], by=officer)
    other = open_response(round_=other_round, country=peru, by=officer)
    put(other, contributor, {"GEN-01": "other"})

    outcome = save(response, contributor, change("GEN-01", "mine"))

    assert outcome.revision == 1
    assert standing(other) == {"GEN-01": ("other", 1)}
    assert standing(response) == {"GEN-01": ("mine", 1)}


# As JSON


def test_saved_as_json():
    outcome = Saved(at("SRC-INV[SRC-CEN].exists"), 3, "yes", is_new=True)

    assert outcome.as_json() == {
        "question": "SRC-INV",
        "row": "SRC-CEN",
        "column": "exists",
        "status": "saved",
        "revision": 3,
    }


def test_conflict_as_json():
    moment = datetime.datetime(2025, 3, 1, 14, 2, 3, 999_999, tzinfo=datetime.UTC)
    outcome = Conflict(Address("GEN-01"), "theirs", 2, "Ana", moment, "mine")

    assert outcome.as_json() == {
        "question": "GEN-01",
        "row": "",
        "column": "",
        "status": "conflict",
        "current": {
            "value": "theirs",
            "revision": 2,
            "by": "Ana",
            "at": "2025-03-01T14:02:03Z",
        },
    }


def test_invalid_as_json():
    outcome = Invalid(Address("GEN-01"), ["Enter text."], 5, 2)

    assert outcome.as_json() == {
        "question": "GEN-01",
        "row": "",
        "column": "",
        "status": "invalid",
        "errors": ["Enter text."],
    }


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (None, None),
        (datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC), "2025-01-01T00:00:00Z"),
        (
            datetime.datetime(
                2025, 1, 1, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=5))
            ),
            "2024-12-31T21:00:00Z",
        ),
    ],
)
def test_moments_are_sent_in_utc_to_the_second(moment, text):
    assert as_utc(moment) == text


def test_sent_names_a_change_as_the_page_does():
    assert sent("SRC-INV[SRC-CEN].exists", "yes", 2) == {
        "question": "SRC-INV",
        "row": "SRC-CEN",
        "column": "exists",
        "value": "yes",
        "base": 2,
    }
