"""A sentence of the summary as data: when it is said, and in which words.

A condition has the form that conditions, triggers and consistency rules have
(`questionnaire.conditions`); in place of a question it names a figure of
`reports.document.narrative.figures.Figures`. Of the rules with the same slot the first
that holds speaks, so that each thing is said once. A code is permanent: a rule is
retired, its code never given to another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from questionnaire.instrument import Condition


@dataclass(frozen=True, slots=True)
class Rule:
    """`says` are the words, with names of `words.Words` to be filled in.

    `when` is the condition, `because` the same in words, `refs` the name of what the
    sentence speaks of (`references.REFERENCES`); without one it rests on all answers.
    """

    code: str
    topic: str
    slot: str
    when: Condition
    because: Promise
    says: Promise
    refs: str = ""


def is_true(name: str) -> Condition:
    return _leaf(name, "eq", True)


def none(name: str) -> Condition:
    return _leaf(name, "eq", 0)


def some(name: str) -> Condition:
    return _leaf(name, "gt", 0)


def at_least(name: str, least: float) -> Condition:
    return _leaf(name, "gte", least)


def below(name: str, limit: float) -> Condition:
    return _leaf(name, "lt", limit)


def every(*parts: Condition) -> Condition:
    return {"all": list(parts)}


def negated(part: Condition) -> Condition:
    return {"not": part}


def _leaf(name: str, op: str, value: Any) -> Condition:
    return {"q": name, "op": op, "value": value}


# For the last rule of a slot. Every source has a country.
ALWAYS: Condition = {"q": "country", "op": "answered"}
