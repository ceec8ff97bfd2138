"""Answers that contradict each other (instrument README, section 9).

A rule never changes an answer or a score. Nothing here imports Django.
"""

from __future__ import annotations

from dataclasses import dataclass

from questionnaire.addresses import Address
from questionnaire.conditions import holds, witnesses
from questionnaire.instrument import ConsistencyRule
from questionnaire.states import ResponseState


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A rule that fires, the cells concerned and the one at which to show it."""

    rule: ConsistencyRule
    cells: tuple[Address, ...]

    @property
    def first(self) -> Address:
        return self.cells[0]


def contradictions(state: ResponseState) -> tuple[Contradiction, ...]:
    """Return the rules that fire for the answers of `state`, in the order of the file."""
    return tuple(
        Contradiction(rule, _cells(rule, state))
        for rule in state.instrument.consistency_rules
        if holds(rule.when, state)
    )


def _cells(rule: ConsistencyRule, state: ResponseState) -> tuple[Address, ...]:
    """Return the cells the rule names, those that made it fire in place of `*`.

    The first one named in the rule stays first: the message belongs to it.
    """
    fired = witnesses(rule.when, state)
    cells: list[Address] = []
    for text in rule.cells:
        if "[*]" in text:
            pattern = Address.parse(text.replace("[*]", ""))
            rows = [
                a
                for a in fired
                if a.question == pattern.question and pattern.column in ("", a.column)
            ]
            cells.extend(rows or [Address(pattern.question)])
        else:
            cells.append(Address.parse(text))
    return tuple(dict.fromkeys(cells))
