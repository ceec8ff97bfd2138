"""How tests spoil the fixtures: one change at a path such as `BAS-01/choices/yes`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from questionnaire.content import Entry

Entries = list[Entry]
Mutation = Callable[[Entries], None]


def _fields(entries: Entries, code: str) -> dict[str, Any]:
    return next(entry.fields for entry in entries if entry.code == code)


def _item(items: list[dict[str, Any]], code: str) -> dict[str, Any]:
    return next(item for item in items if item.get("code", item.get("value")) == code)


def _reach(entries: Entries, path: str) -> tuple[Any, str]:
    """Return what holds the last key of `BAS-01/choices/yes/score`, and that key."""
    code, *steps = path.split("/")
    found: Any = _fields(entries, code)
    for step in steps[:-1]:
        if isinstance(found, dict):
            found = found[step]
        elif step.isdigit():
            found = found[int(step)]
        else:
            found = _item(found, step)
    return found, steps[-1]


def put(path: str, value: Any) -> Mutation:
    def mutate(entries: Entries) -> None:
        holder, key = _reach(entries, path)
        holder[int(key) if isinstance(holder, list) else key] = value

    return mutate


def drop(path: str) -> Mutation:
    def mutate(entries: Entries) -> None:
        holder, key = _reach(entries, path)
        if isinstance(holder, list):
            holder.remove(_item(holder, key))
        else:
            del holder[key]

    return mutate


def append(path: str, value: Any) -> Mutation:
    def mutate(entries: Entries) -> None:
        holder, key = _reach(entries, path)
        holder[key].append(value)

    return mutate


def rename(path: str, key: str) -> Mutation:
    def mutate(entries: Entries) -> None:
        holder, old = _reach(entries, path)
        holder[key] = holder.pop(old)

    return mutate


def add_record(model: str, **fields: Any) -> Mutation:
    return lambda entries: entries.append(Entry("99.yaml", model, fields))


def drop_record(code: str) -> Mutation:
    return lambda entries: entries.remove(
        next(entry for entry in entries if entry.code == code)
    )


def double_record(code: str, /, **fields: Any) -> Mutation:
    def mutate(entries: Entries) -> None:
        entry = next(entry for entry in entries if entry.code == code)
        entries.append(entry._replace(fields=entry.fields | fields))

    return mutate


def both(*mutations: Mutation) -> Mutation:
    def mutate(entries: Entries) -> None:
        for mutation in mutations:
            mutation(entries)

    return mutate
