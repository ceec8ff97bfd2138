"""What was carried over from the last round and waits to be confirmed, as pages show it.

It counts as blank everywhere else. A page shows the response as it would be if all of it
were confirmed, so that a row or a question can be confirmed with what it depends on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from assessment.queries import Reading
from questionnaire.addresses import RESERVED_COLUMNS, Address
from questionnaire.conditions import is_blank
from questionnaire.states import CellState, ResponseState


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """`state` takes all for confirmed; `addresses` are the cells to confirm, as shown."""

    state: ResponseState
    addresses: tuple[Address, ...]

    def where(self, may_confirm: Callable[[Address], bool]) -> CarriedOver:
        """Return the same with only the cells that a person may confirm."""
        return replace(self, addresses=tuple(filter(may_confirm, self.addresses)))

    def by_scope(self) -> Counter[Address]:
        """Return the number of cells to confirm by question, by row and by entry."""
        questions = Counter(Address(a.question) for a in self.addresses)
        rows = Counter(Address(a.question, a.row) for a in self.addresses if a.row)
        return questions + rows

    def by_section(self) -> Counter[str]:
        """Return the number of cells to confirm by code of their section."""
        questions = self.state.instrument.question_by_code
        return Counter(questions[a.question].section for a in self.addresses)


def carried_over(reading: Reading) -> CarriedOver:
    """Return what waits to be confirmed; what is hidden or closed waits for nothing."""
    waiting = [
        address
        for address, held in reading.held.items()
        if not held.is_confirmed and not is_blank(held.value)
    ]
    if not waiting:
        return CarriedOver(reading.state, ())
    everything = {address: held.value for address, held in reading.held.items()}
    state = ResponseState(reading.instrument, everything)
    return CarriedOver(state, tuple(a for a in waiting if _is_asked(state, a)))


def _is_asked(state: ResponseState, address: Address) -> bool:
    question = state.instrument.question_by_code[address.question]
    if not state.is_shown(question):
        return False
    if address.column in RESERVED_COLUMNS:
        return (
            not address.row
        )  # pages show notes and documents of questions, not of rows
    return state.cell_state(address) not in (CellState.CLOSED, CellState.FIXED)


def is_within(address: Address, scope: Address) -> bool:
    """Return whether `scope` names the cell, its row or entry, or its question."""
    return (
        address.question == scope.question
        and scope.row in ("", address.row)
        and scope.column in ("", address.column)
    )


def origin_words(year: int | None) -> str:
    """Return where carried-over values come from: the year of their round."""
    return _("From %(year)s") % {"year": year} if year else _("Carried over")
