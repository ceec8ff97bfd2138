"""Which reviewed values are in force, over plain answers."""

import datetime

import pytest

from assessment.models import ReviewedValue, User
from assessment.reviewed import Reviewed, in_force, is_in_force, with_reviewed
from tests.instruments import at, cells, nmdc

NOW = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
ANSWERS = cells({"COO-01": "formal", "BAS-05": ["refugees"], "EXC-01": "none"})


def reviewed(cell, replaced, value, **fields):
    return ReviewedValue(
        **at(cell)._asdict(),
        replaced=replaced,
        value=value,
        reason="Because.",
        set_at=NOW,
        set_by=User(name="Olga"),
        **fields,
    )


@pytest.mark.parametrize(
    ("cell", "replaced", "expected"),
    [
        ("COO-01", "formal", True),
        ("COO-01", "informal", False),
        ("COO-01", None, False),
        ("BAS-05", ["refugees"], True),
        ("BAS-05", ["refugees", "asylum"], False),
        ("BAS-01", None, True),
        ("BAS-01", "birth", False),
    ],
)
def test_value_is_in_force_while_the_answer_is_the_one_it_replaces(
    cell, replaced, expected
):
    assert is_in_force(ANSWERS, reviewed(cell, replaced, "dk")) is expected


def test_withdrawn_value_is_not_in_force():
    one = reviewed("COO-01", "formal", "dk", withdrawn_at=NOW)

    assert is_in_force(ANSWERS, one) is False


def test_values_in_force_come_in_the_order_of_the_instrument():
    found = [
        reviewed("EXC-01", "none", "regular"),
        reviewed("COO-01", "informal", "dk"),
        reviewed("BAS-05", ["refugees"], None),
    ]

    assert in_force(nmdc(), ANSWERS, found) == (
        Reviewed(at("BAS-05"), ["refugees"], None, "Because.", "Olga", NOW),
        Reviewed(at("EXC-01"), "none", "regular", "Because.", "Olga", NOW),
    )


def test_reviewed_values_replace_add_and_take_away():
    values = [
        Reviewed(at("COO-01"), "formal", "informal", "x", "Olga", NOW),
        Reviewed(at("BAS-05"), ["refugees"], None, "x", "Olga", NOW),
        Reviewed(at("BAS-01"), None, "birth", "x", "Olga", NOW),
    ]

    assert with_reviewed(ANSWERS, values) == cells(
        {"COO-01": "informal", "EXC-01": "none", "BAS-01": "birth"}
    )
    assert ANSWERS[at("COO-01")] == "formal"
