"""Conditions with negation pushed down to single cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from questionnaire.addresses import Address
from questionnaire.conditions import ALL_ROWS
from questionnaire.instrument import Condition, Instrument


@dataclass(frozen=True)
class Atom:
    """One operator on one cell, true or false; a dict as value is another answer."""

    address: Address
    operator: str
    value: Any
    is_true: bool


@dataclass(frozen=True)
class Every:
    parts: tuple[Formula, ...] = ()


@dataclass(frozen=True)
class Either:
    """`written` holds the branches as their author wrote them, if somebody did."""

    parts: tuple[Formula, ...]
    written: tuple[Condition, ...] = ()


Formula = Atom | Every | Either
UNKNOWN = Every()


def formula(
    condition: Condition, instrument: Instrument, *, is_true: bool = True
) -> Formula:
    """Return what `condition` demands of cells; gaps and scores demand nothing."""
    if "not" in condition:
        return formula(condition["not"], instrument, is_true=not is_true)
    for joint in ("all", "any"):
        if joint in condition:
            listed = condition[joint]
            parts = tuple(formula(part, instrument, is_true=is_true) for part in listed)
            if (joint == "all") == is_true:
                return Every(parts)
            return Either(parts, tuple(listed) if is_true else ())
    return _leaf(condition, instrument, is_true) if "q" in condition else UNKNOWN


def _leaf(leaf: Condition, instrument: Instrument, is_true: bool) -> Formula:
    question = instrument.question_by_code[leaf["q"]]
    column = leaf.get("col", "")
    if not question.is_plain and (question.is_group or not column):
        return UNKNOWN
    row = leaf.get("row", ALL_ROWS if column else "")
    rows = tuple(question.row_by_code) if row == ALL_ROWS else row
    cells = [
        Address(question.code, code, column)
        for code in ((rows,) if isinstance(rows, str) else rows)
    ]
    return _joined((_on_cell(leaf, cell, is_true) for cell in cells), not is_true)


def _on_cell(leaf: Condition, cell: Address, is_true: bool) -> Formula:
    operator, value = leaf["op"], leaf.get("value", ())
    if operator in {"includes_any", "includes_all"}:
        atoms = (Atom(cell, "includes", item, is_true) for item in value)
        return _joined(atoms, (operator == "includes_all") == is_true)
    if operator in {"eq", "ne"} and not isinstance(value, dict):
        return Atom(cell, "in" if operator == "eq" else "not_in", (value,), is_true)
    if operator in {"in", "not_in"}:
        return Atom(cell, operator, tuple(value), is_true)
    return Atom(cell, operator, value, is_true)


def _joined(parts: Iterable[Formula], is_all: bool) -> Formula:
    found = tuple(parts)
    if len(found) == 1:
        return found[0]
    return Every(found) if is_all else Either(found)
