"""Small descriptions of JSON: which keys and values a part of a fixture may have.

A part takes the path of a value and the value, and yields its faults.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from questionnaire.checks.problems import listed, said


class Fault(NamedTuple):
    message: str
    remedy: str


Part = Callable[[str, Any], Iterator[Fault]]

QUOTE = 'Put it between quotation marks, for example "no".'
# Words of the instrument's first format that fixtures write differently.
RENAMED = {
    "type": "kind",
    "options": "choices",
    "option_set": "choices",
    "fields": "columns",
    "min": "minimum",
    "max": "maximum",
    "source": "sources",
}


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and math.isfinite(value)


def text(path: str, value: Any) -> Iterator[Fault]:
    if isinstance(value, bool):
        yield Fault(f"{path} is read as a truth value, {said(value)}.", QUOTE)
    elif not isinstance(value, str):
        yield Fault(f"{path} is {said(value)}, which is not text.", QUOTE)


def filled_text(path: str, value: Any) -> Iterator[Fault]:
    yield from text(path, value)
    if isinstance(value, str) and not value.strip():
        yield Fault(f"{path} is empty.", "Write a text.")


def flag(path: str, value: Any) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield Fault(f"{path} is {said(value)}.", "Write true or false.")


def number(
    least: float = -math.inf, most: float = math.inf, *, above: float = -math.inf
) -> Part:
    def part(path: str, value: Any) -> Iterator[Fault]:
        if not _is_number(value):
            yield Fault(f"{path} is {said(value)}.", "Write a number.")
        elif value <= above:
            yield Fault(f"{path} is {value}.", f"Write a number above {above:g}.")
        elif not least <= value <= most:
            limits = f"from {least:g}" + (f" to {most:g}" if most < math.inf else "")
            yield Fault(f"{path} is {value}.", f"Write a number {limits}.")

    return part


def whole(least: int, most: int = 32767) -> Part:
    def part(path: str, value: Any) -> Iterator[Fault]:
        if isinstance(value, float) or not _is_number(value):
            yield Fault(f"{path} is {said(value)}.", "Write a whole number.")
        else:
            yield from number(least, most)(path, value)

    return part


score = number(0, 1)
share = number(0, 100)
weight = number(above=0)


def one_of(*words: str) -> Part:
    def part(path: str, value: Any) -> Iterator[Fault]:
        faults = list(text(path, value))
        yield from faults
        if not faults and value not in words:
            message = f"{path} is {said(value)}."
            yield Fault(
                message, f"Choose from: {', '.join(w or '(empty)' for w in words)}."
            )

    return part


def nullable(inner: Part) -> Part:
    def part(path: str, value: Any) -> Iterator[Fault]:
        if value is not None:
            yield from inner(path, value)

    return part


def list_of(inner: Part, *, least: int = 0) -> Part:
    """Items are named by their code or value where they have one."""

    def part(path: str, value: Any) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault(
                f"{path} is {said(value)}, which is not a list.", "Write a list."
            )
            return
        if len(value) < least:
            yield Fault(f"{path} is empty.", "List at least one item.")
        for position, item in enumerate(value, 1):
            yield from inner(f"{path}[{_name(item, position)}]", item)

    return part


def _name(item: Any, position: int) -> str:
    found = None
    if isinstance(item, dict):
        found = item.get("code", item.get("value"))
    return found if isinstance(found, str) else str(position)


def mapping_to(inner: Part) -> Part:
    """Any keys that are text, with values of one kind."""

    def part(path: str, value: Any) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(f"{path} is {said(value)}.", "Write keys and values.")
            return
        for key, item in value.items():
            faults = list(text(f"the key {said(key)} of {path}", key))
            yield from faults or inner(f"{path}.{key}", item)

    return part


def record(required: Mapping[str, Part], optional: Mapping[str, Part]) -> Part:
    """Describe a mapping with the keys named and no others."""
    known = {**required, **optional}

    def part(path: str, value: Any) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(f"{path} is {said(value)}.", "Write keys and values.")
            return
        missing = [key for key in required if key not in value]
        dot = f"{path}." if path else ""
        for key in value:
            if key in known:
                yield from known[key](f"{dot}{key}", value[key])
                continue
            guess = _guess(key, missing or known)
            if guess in missing:
                missing.remove(guess)
            yield _unknown(f"{dot}{key}", guess, known)
        for key in missing:
            yield Fault(f"{dot}{key} is missing.", "Add the key.")

    return part


def _guess(key: Any, words: Collection[str]) -> str:
    renamed = RENAMED.get(key, "") if isinstance(key, str) else ""
    close = difflib.get_close_matches(str(key), words, 1)
    return renamed if renamed in words else (close[0] if close else "")


def _unknown(path: str, guess: str, known: Collection[str]) -> Fault:
    remedy = f"Write {guess!r}." if guess else f"Use the keys {listed(known)}."
    return Fault(f"{path} is an unknown key.", remedy)


def anything(path: str, value: Any) -> Iterator[Fault]:
    """Conditions have a form of their own (`questionnaire.checks.conditions`)."""
    yield from ()
