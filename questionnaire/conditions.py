"""The expression form of conditions, triggers and consistency rules: one evaluator.

`show_if` of questions, `trigger` of recommendations and `when` of consistency rules are
written in the same form (instrument README, 1.5). `static/js/conditions.js` evaluates the
part that pages need; both run `tests/condition_cases.yaml`. Nothing here imports Django.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Protocol

from questionnaire.addresses import Address
from questionnaire.instrument import Condition, Value

ALL_ROWS = "*"


class Facts(Protocol):
    """What a condition can ask about.

    `value` is the answer as the instrument sees it: blank (None) while the question is
    hidden or the cell closed. `gap_class` and `score` are asked by triggers only.
    """

    def value(self, address: Address) -> Value: ...

    def rows(self, question: str) -> Sequence[str]: ...

    def gap_class(self, row: str) -> str | None: ...

    def score(self, code: str) -> float | None: ...


def holds(condition: Condition, facts: Facts) -> bool:
    """Return whether `condition` is true. Raises ValueError on an unknown form."""
    if "all" in condition:
        return _all_hold(condition["all"], facts)
    if "any" in condition:
        return any(holds(part, facts) for part in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], facts)
    return any(
        _leaf_holds(condition, value, facts) for _, value in _asked(condition, facts)
    )


def _all_hold(parts: Sequence[Condition], facts: Facts) -> bool:
    """Look at parts that ask one cell first: most rules fail there, before whole columns."""
    later = []
    for part in parts:
        if not _asks_one_cell(part):
            later.append(part)
        elif not holds(part, facts):
            return False
    return all(holds(part, facts) for part in later)


def _asks_one_cell(condition: Condition) -> bool:
    row = condition.get("row")
    is_one = isinstance(row, str) and row != ALL_ROWS
    return "q" in condition and (is_one or (row is None and "col" not in condition))


def witnesses(condition: Condition, facts: Facts) -> list[Address]:
    """Return the addresses that make a true `condition` true, in its own order.

    Of an `any`, only the branches that are true count; of a `not`, all that it asks.
    Leaves that ask a gap or a score name no cell and add nothing.
    """
    return list(dict.fromkeys(_witnesses(condition, facts)))


def _witnesses(condition: Condition, facts: Facts) -> Iterator[Address]:
    if "all" in condition or "any" in condition:
        for part in condition.get("all") or condition.get("any") or ():
            if holds(part, facts):
                yield from _witnesses(part, facts)
    elif "not" in condition:
        yield from addresses_asked(condition["not"], facts)
    elif "q" in condition:
        yield from _leaf_witnesses(condition, facts)


def _leaf_witnesses(leaf: Condition, facts: Facts) -> Iterator[Address]:
    for address, value in _asked(leaf, facts):
        if address is not None and _leaf_holds(leaf, value, facts):
            yield address
    if isinstance(leaf.get("value"), dict):
        yield _referred(leaf["value"])


def leaves(condition: Condition) -> Iterator[Condition]:
    """Yield every leaf of `condition`, whatever stands around it."""
    for key in ("all", "any"):
        if key in condition:
            for part in condition[key]:
                yield from leaves(part)
            return
    if "not" in condition:
        yield from leaves(condition["not"])
    else:
        yield condition


def addresses_asked(condition: Condition, facts: Facts) -> list[Address]:
    """Return every address that `condition` asks about, true or not."""
    found: list[Address] = []
    for leaf in leaves(condition):
        found.extend(a for a, _ in _asked(leaf, facts) if a is not None)
        if isinstance(leaf.get("value"), dict):
            found.append(_referred(leaf["value"]))
    return list(dict.fromkeys(found))


def rows_named(leaf: Condition, facts: Facts) -> Sequence[str]:
    """Return the row codes that a leaf speaks of; a plain question has the row ''."""
    row = leaf.get("row")
    if row == ALL_ROWS or (row is None and leaf.get("col")):
        return facts.rows(leaf["q"])
    if row is None:
        return ("",)
    return (row,) if isinstance(row, str) else tuple(row)


def _asked(leaf: Condition, facts: Facts) -> Iterator[tuple[Address | None, Value]]:
    if "gap" in leaf:
        rows = (leaf["gap"],) if isinstance(leaf["gap"], str) else leaf["gap"]
        yield from ((None, facts.gap_class(row)) for row in rows)
    elif "score" in leaf:
        yield None, facts.score(leaf["score"])
    elif "q" in leaf:
        rows = tuple(rows_named(leaf, facts))
        for address in _addresses(leaf["q"], rows, leaf.get("col", "")):
            yield address, facts.value(address)
    else:
        message = f"unknown condition: {leaf!r}"
        raise ValueError(message)


@lru_cache(maxsize=4096)
def _addresses(question: str, rows: tuple[str, ...], column: str) -> list[Address]:
    """Return the addresses of a column: rules ask the same ones all the time."""
    return [Address(question, row, column) for row in rows]


def _referred(reference: dict[str, Any]) -> Address:
    return Address(reference["q"], reference.get("row", ""), reference.get("col", ""))


def _leaf_holds(leaf: Condition, value: Value, facts: Facts) -> bool:
    operator = OPERATORS[leaf["op"]]
    expected = leaf.get("value")
    if leaf["op"] == "not_answered":
        return is_blank(value)
    if is_blank(value):
        return False
    if isinstance(expected, dict):
        other = facts.value(_referred(expected))
        if not (_is_number(value) and _is_number(other)):
            return False
        expected = other + expected.get("add", 0)
    return operator(value, expected)


def is_blank(value: Value) -> bool:
    """Return whether nothing was answered; 0 and "no" are answers."""
    return value is None or value == "" or value == []


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _as_list(value: Value) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _compares(compare: Callable[[float, float], bool]) -> Callable[[Value, Any], bool]:
    def operator(value: Value, expected: Any) -> bool:
        return _is_number(value) and _is_number(expected) and compare(value, expected)

    return operator


def _is_in(value: Value, expected: Any) -> bool:
    if isinstance(value, list):
        return False
    return value in expected


OPERATORS: dict[str, Callable[[Value, Any], bool]] = {
    "eq": lambda value, expected: bool(value == expected),
    "ne": lambda value, expected: bool(value != expected),
    "in": _is_in,
    "not_in": lambda value, expected: not _is_in(value, expected),
    "includes": lambda value, expected: expected in _as_list(value),
    "excludes": lambda value, expected: expected not in _as_list(value),
    "includes_any": lambda value, expected: any(e in _as_list(value) for e in expected),
    "includes_all": lambda value, expected: all(e in _as_list(value) for e in expected),
    "lt": _compares(lambda a, b: a < b),
    "lte": _compares(lambda a, b: a <= b),
    "gt": _compares(lambda a, b: a > b),
    "gte": _compares(lambda a, b: a >= b),
    "answered": lambda value, expected: True,
    "not_answered": lambda value, expected: False,
}
NUMERIC_OPERATORS = frozenset({"lt", "lte", "gt", "gte"})
LIST_OPERATORS = frozenset({"in", "not_in", "includes_any", "includes_all"})
REFERENCE_OPERATORS = frozenset({"eq", "ne", *NUMERIC_OPERATORS})
MULTIPLE_OPERATORS = frozenset({"includes", "excludes", "includes_any", "includes_all"})
