"""Answers that contradict each other (instrument README, section 9).

A rule never changes an answer or a score. Nothing here imports Django.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from questionnaire.addresses import NOTE, Address
from questionnaire.conditions import addresses_asked, holds, witnesses
from questionnaire.instrument import ConsistencyRule, Instrument, Section
from questionnaire.states import CellState, ResponseState

_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+")
_OUT_OF_SIGHT = (CellState.HIDDEN, CellState.CLOSED)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A rule that fires, the cells concerned and the one at which to show it."""

    rule: ConsistencyRule
    cells: tuple[Address, ...]

    @property
    def first(self) -> Address:
        return self.cells[0]

    @property
    def remark_at(self) -> Address:
        """The note that explains it: that of the first question (docs/adr/0006)."""
        return Address(self.first.question, "", NOTE)


def contradictions(
    state: ResponseState, rules: Sequence[ConsistencyRule] | None = None
) -> tuple[Contradiction, ...]:
    """Return those of `rules`, or of all, that fire, in the order of the file."""
    return tuple(
        Contradiction(rule, _cells(rule, state))
        for rule in (state.instrument.consistency_rules if rules is None else rules)
        if holds(rule.when, state)
    )


def rules_of(instrument: Instrument, section: Section) -> list[ConsistencyRule]:
    """Return the rules that name an answer of `section`, in the order of the file."""
    here = {question.code for question in section.questions}
    return [
        rule
        for rule in instrument.consistency_rules
        if not here.isdisjoint(_questions(rule.cells))
    ]


@cache
def _questions(cells: tuple[str, ...]) -> frozenset[str]:
    """Return the questions of a rule's cells, once for each rule of a version."""
    return frozenset(re.split(r"[\[.]", cell)[0] for cell in cells)


def errors_among(state: ResponseState, questions: Iterable[str]) -> frozenset[str]:
    """Return the codes of the errors that fire among rules that name a question."""
    asked = set(questions)
    return frozenset(
        rule.code
        for rule in state.instrument.consistency_rules
        if rule.is_error
        and not asked.isdisjoint(_questions(rule.cells))
        and holds(rule.when, state)
    )


def unexplained(
    state: ResponseState, found: Iterable[Contradiction]
) -> list[Contradiction]:
    """Return the warnings among `found` whose remark is not given, or not confirmed."""
    return [
        one
        for one in found
        if not one.rule.is_error and not state.answers.get(one.remark_at)
    ]


def codes_in(message: str) -> frozenset[str]:
    """Return the codes of questions and rows that a message names."""
    return frozenset(_CODE.findall(message))


def _cells(rule: ConsistencyRule, state: ResponseState) -> tuple[Address, ...]:
    """Return the cells of the rule that made it fire, rows in place of `*`.

    The message belongs to the question that the rule names first: a cell of it comes
    first. A cell that the rule asks and that had no part in it is left out, and so is
    what is hidden or closed; not so a question that the message names.
    """
    fired = witnesses(rule.when, state)
    spared = frozenset(addresses_asked(rule.when, state)).difference(fired)
    told = codes_in(rule.message)
    found = [
        cell
        for text in rule.cells
        for cell in _named(text, fired)
        if (cell.question in told and not cell.row)
        or (cell not in spared and _is_in_sight(cell, state))
    ]
    first = Address.parse(rule.cells[0].replace("[*]", ""))
    if not any(cell.question == first.question for cell in found):
        found.insert(0, Address(first.question) if "[*]" in rule.cells[0] else first)
    return tuple(dict.fromkeys(found))


def _named(text: str, fired: Sequence[Address]) -> Iterator[Address]:
    if "[*]" not in text:
        yield Address.parse(text)
        return
    pattern = Address.parse(text.replace("[*]", ""))
    for cell in fired:
        if cell.question == pattern.question and pattern.column in ("", cell.column):
            yield cell


def _is_in_sight(cell: Address, state: ResponseState) -> bool:
    question = state.instrument.question_by_code[cell.question]
    if question.is_matrix and cell.row:
        return state.cell_state(cell) not in _OUT_OF_SIGHT
    return state.is_shown(question)
