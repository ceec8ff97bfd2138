"""The instrument in words: conditions, values and reserved answers for people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from questionnaire.addresses import Address
from questionnaire.fields import shown_value
from questionnaire.instrument import DK, NA, Choice, Condition, Instrument, Value


def reserved_label(instrument: Instrument, value: str) -> str:
    """Return “Do not know” or “Not applicable” in the instrument's language."""
    return instrument.reserved_labels.get(value, value)


def choices_of(instrument: Instrument, address: Address) -> tuple[Choice, ...]:
    cell = instrument.cell(address)
    return cell.choices if cell else ()


def value_in_words(instrument: Instrument, address: Address, value: Value) -> str:
    """Return a value as people read it; blank is the empty text, evidence its titles."""
    if value is None or value == []:
        return ""
    cell = instrument.cell(address)
    offers_reserved = cell is not None and (cell.allows_dk or cell.allows_na)
    if offers_reserved and value in (DK, NA):
        return reserved_label(instrument, value)
    labels = {choice.value: choice.label for choice in choices_of(instrument, address)}
    if isinstance(value, list):
        return ", ".join(_item_in_words(item, labels) for item in value)
    if isinstance(value, str):
        return labels.get(value, value)
    return str(shown_value(value))


def _item_in_words(item: Any, labels: dict[str, str]) -> str:
    if isinstance(item, dict):
        return str(item.get("title") or item.get("url") or "")
    return labels.get(item, str(item))


def condition_in_words(instrument: Instrument, condition: Condition) -> str:
    """Return a `show_if` as the end of “Answer only if …”."""
    if "all" in condition:
        return _(" and ").join(
            condition_in_words(instrument, c) for c in condition["all"]
        )
    if "any" in condition:
        return _(" or ").join(
            condition_in_words(instrument, c) for c in condition["any"]
        )
    if "not" in condition:
        return _("it is not the case that %(condition)s") % {
            "condition": condition_in_words(instrument, condition["not"])
        }
    return _leaf_in_words(instrument, condition)


def _leaf_in_words(instrument: Instrument, leaf: Condition) -> str:
    question = instrument.question_by_code[leaf["q"]]
    rows = leaf.get("row", [])
    rows = [rows] if isinstance(rows, str) else rows
    named = [
        question.row_by_code[row].short for row in rows if row in question.row_by_code
    ]
    address = Address(leaf["q"], rows[0] if rows and named else "", leaf.get("col", ""))
    subject = f"{question.code} ({question.short})"
    if named:
        subject = f"{subject}: {_(' or ').join(named)}"
    words = {
        "subject": subject,
        "value": _expected(instrument, address, leaf.get("value")),
    }
    return _TEXTS[leaf["op"]]() % words


def _expected(instrument: Instrument, address: Address, expected: Any) -> str:
    values = expected if isinstance(expected, list) else [expected]
    words = (value_in_words(instrument, address, value) for value in values)
    return _(" or ").join(f"“{word}”" for word in words)


_TEXTS = {
    "eq": lambda: _("%(subject)s is %(value)s"),
    "ne": lambda: _("%(subject)s is not %(value)s"),
    "in": lambda: _("%(subject)s is %(value)s"),
    "not_in": lambda: _("%(subject)s is not %(value)s"),
    "includes": lambda: _("%(subject)s includes %(value)s"),
    "excludes": lambda: _("%(subject)s does not include %(value)s"),
    "includes_any": lambda: _("%(subject)s includes %(value)s"),
    "includes_all": lambda: _("%(subject)s includes all of %(value)s"),
    "lt": lambda: _("%(subject)s is below %(value)s"),
    "lte": lambda: _("%(subject)s is at most %(value)s"),
    "gt": lambda: _("%(subject)s is above %(value)s"),
    "gte": lambda: _("%(subject)s is at least %(value)s"),
    "answered": lambda: _("%(subject)s is answered"),
    "not_answered": lambda: _("%(subject)s is not answered"),
}
