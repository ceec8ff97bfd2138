"""Conditions as written: their form, and whether what they ask about exists.

Three keys hold conditions: `show_if` of questions, `trigger` of recommendations and
`when` of consistency rules. Form and operators: `docs/instrument.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from questionnaire.checks.leaves import (
    TRIGGER,
    Use,
    is_known,
    is_number,
    question_faults,
    values_of,
    written,
)
from questionnaire.checks.parts import Fault
from questionnaire.checks.problems import Draft, Problem, listed, said
from questionnaire.checks.structure import OVERALL
from questionnaire.conditions import LIST_OPERATORS, NUMERIC_OPERATORS, OPERATORS

BARE = frozenset({"answered", "not_answered"})
JOINTS = frozenset({"all", "any", "not"})
LEAF_KEYS = {
    "q": {"q", "row", "col", "op", "value"},
    "gap": {"gap", "op", "value"},
    "score": {"score", "op", "value"},
}


def uses(draft: Draft) -> Iterator[Use]:
    """Yield every condition of the instrument in the order of the files."""
    earlier: set[str] = set()
    for question in draft.instrument.questions:
        if question.show_if is not None:
            yield Use(question.code, "show_if", question.show_if, frozenset(earlier))
        earlier.add(question.code)
    for action in draft.instrument.recommendations:
        yield Use(action.code, "trigger", action.trigger)
    for rule in draft.instrument.consistency_rules:
        yield Use(rule.code, "when", rule.when)


def ill_formed(draft: Draft) -> Iterator[Problem]:
    for use in uses(draft):
        for message, remedy in _Reader(draft, use).node(use.condition):
            yield draft.problem(use.owner, f"{use.key}: {message}", remedy)


@dataclass(frozen=True)
class _Reader:
    draft: Draft
    use: Use

    def node(self, node: Any) -> Iterator[Fault]:
        if not isinstance(node, dict):
            message = f"{said(node)} is not a condition."
            yield Fault(message, "Write {q: …, op: …, value: …}, all, any or not.")
            return
        joints = JOINTS & set(node)
        if not joints:
            yield from self._leaf(node)
        elif len(node) > 1:
            message = f"{listed(map(str, node))} stand together."
            yield Fault(message, "Use one of all, any and not, and nothing beside it.")
        elif "not" in node:
            yield from self.node(node["not"])
        else:
            yield from self._parts(*node.items())

    def _parts(self, item: tuple[str, Any]) -> Iterator[Fault]:
        joint, parts = item
        if not isinstance(parts, list) or not parts:
            yield Fault(f"{joint!r} has no list.", "List at least one condition.")
            return
        for part in parts:
            yield from self.node(part)

    def _leaf(self, leaf: dict[str, Any]) -> Iterator[Fault]:
        kinds = [key for key in LEAF_KEYS if key in leaf]
        if len(kinds) != 1:
            message = f"{said(leaf)} asks about nothing, or about two things."
            yield Fault(message, "Begin with q (in triggers also gap or score).")
            return
        unknown = set(leaf) - LEAF_KEYS[kinds[0]]
        if unknown:
            message = f"the key {listed(unknown)} is unknown."
            yield Fault(message, f"Use {listed(LEAF_KEYS[kinds[0]])}.")
        operator = leaf.get("op")
        if not isinstance(operator, str) or operator not in OPERATORS:
            message = f"the operator {said(operator)} is unknown."
            yield Fault(message, f"Choose from: {listed(OPERATORS)}.")
            return
        yield from self._operand(leaf) or self._subject(kinds[0], leaf)

    def _operand(self, leaf: dict[str, Any]) -> list[Fault]:
        """Look whether the value has the form that the operator wants."""
        operator, value = leaf["op"], leaf.get("value")
        if operator in BARE:
            fault = Fault(f"{operator!r} takes no value.", "Remove 'value'.")
            return [fault] if "value" in leaf else []
        if any(isinstance(item, bool) for item in values_of(leaf)):
            message = f"a value is read as a truth value, {said(value)}."
            return [Fault(message, 'Put it between quotation marks: "yes", "no".')]
        if operator in LIST_OPERATORS:
            message = f"{operator!r} wants a list, not {said(value)}."
            is_list = isinstance(value, list) and value
            return [] if is_list else [Fault(message, "Write [a, b].")]
        if isinstance(value, list) or value is None:
            message = f"{operator!r} wants one value, not {said(value)}."
            return [Fault(message, "Write one value.")]
        return []

    def _subject(self, kind: str, leaf: dict[str, Any]) -> Iterator[Fault]:
        if kind == "q":
            yield from question_faults(self.draft, self.use, leaf)
        elif self.use.key != TRIGGER:
            message = f"{kind!r} stands in {self.use.key}."
            yield Fault(message, "Gaps and scores are known to triggers only.")
        elif kind == "gap":
            yield from self._gap(leaf)
        else:
            yield from self._score(leaf)

    def _gap(self, leaf: dict[str, Any]) -> Iterator[Fault]:
        rows = leaf["gap"] if isinstance(leaf["gap"], list) else [leaf["gap"]]
        for row in rows:
            if not is_known(row, self.draft.need_rows):
                message = f"gap: {said(row)} is not a row of the gap matrix."
                yield Fault(message, "Name rows of the matrices in gap_inputs.")
        if leaf["op"] not in {"eq", "ne", "in", "not_in"}:
            yield Fault(f"{leaf['op']!r} does not fit a gap class.", "Use in or eq.")
            return
        classes = self.draft.instrument.gap_rules.class_by_code
        for value in values_of(leaf):
            if not is_known(value, classes):
                message = f"there is no gap class {said(value)}."
                yield Fault(message, f"Choose from: {listed(classes)}.")

    def _score(self, leaf: dict[str, Any]) -> Iterator[Fault]:
        instrument = self.draft.instrument
        known = {section.code for section in instrument.sections if section.is_scored}
        known |= {dimension.code for dimension in instrument.dimensions} | {OVERALL}
        if not is_known(leaf["score"], known):
            message = f"there is no score {said(leaf['score'])}."
            yield Fault(message, f"Choose from: {listed(known)}.")
        value: Any = leaf.get("value")
        is_share = is_number(value) and 0 <= value <= 100
        if leaf["op"] not in NUMERIC_OPERATORS or not is_share:
            message = f"a score is compared with lt, lte, gt or gte: {written(leaf)}."
            yield Fault(message, "Give a number from 0 to 100.")
