"""Two readings of a response, cell by cell."""

import pytest
from django.utils import timezone

from assessment.comparison import (
    Change,
    Difference,
    changed_cells,
    differences,
    ordered,
)
from assessment.queries import Held
from questionnaire.addresses import Address
from tests.instruments import at, nmdc

NOW = timezone.now()
YEAR = at("SRC-INV[SRC-CEN].latest_year")


def held(value, revision=1, is_confirmed=True):
    return Held(value, revision, "Ana", NOW, is_confirmed)


CASES = {
    "both blank": (held(None), held(None, 2), None),
    "never and blank": (None, held(None), None),
    "empty list is blank": (held([]), held(None, 2), None),
    "added": (None, held("x"), (Change.ADDED, None, "x")),
    "added to what was blank": (held(None), held("x", 2), (Change.ADDED, None, "x")),
    "removed": (held("x"), held(None, 2), (Change.REMOVED, "x", None)),
    "gone": (held("x"), None, (Change.REMOVED, "x", None)),
    "changed": (held("x"), held("y", 2), (Change.CHANGED, "x", "y")),
    "same": (held("x"), held("x"), None),
    "looked at again": (held("x"), held("x", 2), (Change.CONFIRMED, "x", "x")),
    "older revision": (held("x", 2), held("x", 1), None),
    "no is an answer": (held("yes"), held("no", 2), (Change.CHANGED, "yes", "no")),
    "nought is an answer": (None, held(0), (Change.ADDED, None, 0)),
    "dk is an answer": (None, held("dk"), (Change.ADDED, None, "dk")),
    "carried over is blank": (None, held("x", 1, False), None),
    "carried over is confirmed": (
        held("x", 1, False),
        held("x", 2),
        (Change.ADDED, None, "x"),
    ),
    "lists": (held(["a"]), held(["a", "b"], 2), (Change.CHANGED, ["a"], ["a", "b"])),
}


@pytest.mark.parametrize(("before", "after", "expected"), CASES.values(), ids=CASES)
def test_cell_is_compared(before, after, expected):
    def reading(cell):
        return {YEAR: cell} if cell else {}

    found = differences(reading(before), reading(after))

    assert found == ({YEAR: Difference(YEAR, *expected)} if expected else {})


def test_confirmed_cell_is_not_a_changed_one():
    other = Address("GEN-03")

    found = changed_cells(
        {YEAR: held(2017), other: held("INEI")},
        {YEAR: held(2017, 2), other: held("Migraciones", 2)},
    )

    assert found == {other}


def test_differences_are_sorted_as_the_questionnaire_is():
    cells = [YEAR, at("SRC-INV"), at("GEN-03"), at("GEN-01.@note"), at("GEN-01")]
    found = differences({}, {cell: held("x") for cell in cells})

    assert [str(one.address) for one in ordered(nmdc(), found.values())] == [
        "GEN-01",
        "GEN-01.@note",
        "GEN-03",
        "SRC-INV",
        "SRC-INV[SRC-CEN].latest_year",
    ]
