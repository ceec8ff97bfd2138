"""What is different between two readings of a response, cell by cell."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessment.queries import Held
from questionnaire.addresses import Address
from questionnaire.conditions import is_blank
from questionnaire.instrument import Instrument, Value


class Change(enum.StrEnum):
    """What happened to a cell; confirmed: looked at again, and it stayed as it was."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that is not as it was; None is blank."""

    address: Address
    change: Change
    before: Value
    after: Value


def differences(
    before: Mapping[Address, Held], after: Mapping[Address, Held]
) -> dict[Address, Difference]:
    """Return every cell that was added, changed, removed or confirmed since `before`.

    Values that wait to be confirmed count as blank. Cells of `before` come first, in its
    order; `ordered` sorts them as the questionnaire does.
    """
    found = {}
    for address in dict.fromkeys((*before, *after)):
        old, new = before.get(address), after.get(address)
        change = _change(old, new)
        if change is not None:
            found[address] = Difference(address, change, _value(old), _value(new))
    return found


def changed_cells(
    before: Mapping[Address, Held], after: Mapping[Address, Held]
) -> frozenset[Address]:
    """Return the cells whose value is another one than before."""
    return frozenset(
        address
        for address, found in differences(before, after).items()
        if found.change is not Change.CONFIRMED
    )


def ordered(instrument: Instrument, found: Iterable[Difference]) -> list[Difference]:
    """Return differences in the order of the questionnaire."""
    return sorted(found, key=lambda one: instrument.sort_key(one.address))


def _change(old: Held | None, new: Held | None) -> Change | None:
    was, now = _value(old), _value(new)
    if was is None and now is None:
        return None
    if was is None:
        return Change.ADDED
    if now is None:
        return Change.REMOVED
    if was != now:
        return Change.CHANGED
    is_newer = old is not None and new is not None and new.revision > old.revision
    return Change.CONFIRMED if is_newer else None


def _value(held: Held | None) -> Value:
    counts = held is not None and held.is_confirmed and not is_blank(held.value)
    return held.value if held is not None and counts else None
