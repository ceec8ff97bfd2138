"""Question → form field, one small builder a kind; and form data → JSON values.

Fields are never required: a draft may be incomplete. They lay out and carry text; the
canonical value is judged in one place, `questionnaire.values`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import QueryDict

from questionnaire.instrument import (
    CHOICE_KINDS,
    DK,
    NA,
    NUMBER_KINDS,
    Cell,
    Instrument,
    Question,
    Value,
)

ASIDE = "~"  # joins a cell's name with the part of a control that stands beside it
UNTOUCHED: Any = object()

# As static/js/cells.js reads numbers.
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_FRACTION = re.compile(r"[.e]", re.IGNORECASE)

Builder = Callable[[Question, list[tuple[str, str]]], forms.Field]


def field_for(instrument: Instrument, question: Question) -> forms.Field:
    """Return the form field of a plain question."""
    offered = [(choice.value, choice.label) for choice in question.choices]
    if question.kind in CHOICE_KINDS:
        offered += reserved_choices(instrument, question.offers_dk, question.allows_na)
    field = BUILDERS[question.kind](question, offered)
    field.required = False
    field.label = question.text
    field.help_text = question.hint
    return field


def reserved_choices(
    instrument: Instrument, offers_dk: bool, offers_na: bool
) -> list[tuple[str, str]]:
    """Return the reserved answers that are offered, with their labels."""
    labels = instrument.reserved_labels
    offered = [(DK, labels[DK])] if offers_dk else []
    return offered + ([(NA, labels[NA])] if offers_na else [])


def _radios(question: Question, choices: list[tuple[str, str]]) -> forms.Field:
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect)


def _checkboxes(question: Question, choices: list[tuple[str, str]]) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=choices, widget=forms.CheckboxSelectMultiple
    )


def _line(question: Question, choices: list[tuple[str, str]]) -> forms.Field:
    offers = {"list": "institutions", "data-institution": ""}
    attrs = offers if question.lookup else {}
    return forms.CharField(widget=forms.TextInput(attrs=attrs))


def _paragraph(question: Question, choices: list[tuple[str, str]]) -> forms.Field:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}))


def _number(question: Question, choices: list[tuple[str, str]]) -> forms.Field:
    mode = "decimal" if question.kind == "decimal" else "numeric"
    attrs = {"inputmode": mode, "autocomplete": "off", "size": 8}
    return forms.CharField(widget=forms.TextInput(attrs=attrs))


def _date(question: Question, choices: list[tuple[str, str]]) -> forms.Field:
    return forms.CharField(widget=forms.TextInput(attrs={"type": "date"}))


def _url(question: Question, choices: list[tuple[str, str]]) -> forms.Field:
    attrs = {"type": "url", "inputmode": "url", "placeholder": "https://", "dir": "ltr"}
    return forms.CharField(widget=forms.TextInput(attrs=attrs))


BUILDERS: dict[str, Builder] = {
    "yes_no": _radios,
    "single_choice": _radios,
    "multiple_choice": _checkboxes,
    "text": _line,
    "long_text": _paragraph,
    "integer": _number,
    "decimal": _number,
    "year": _number,
    "date": _date,
    "url": _url,
}


def shown_value(value: Value) -> Any:
    """Return a canonical value as an unbound field shows it: numbers as plain text."""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return "" if value is None else value


def posted_value(cell: Cell, data: QueryDict) -> Any:
    """Return what a form sent for `cell` as JSON would hold it, or UNTOUCHED.

    A field that is absent was not touched, except a list of boxes, which is then empty.
    Text that is no number stays text: the judge says what is wrong with it.
    """
    name = str(cell.address)
    if cell.kind == "multiple_choice":
        return _posted_choices(data.getlist(name))
    if cell.kind == "evidence":
        return _posted_evidence(name, data)
    if name not in data:
        return UNTOUCHED
    if cell.kind in NUMBER_KINDS:
        for reserved in (DK, NA):
            if f"{name}{ASIDE}{reserved}" in data:
                return reserved
        return number_from(str(data[name]), is_whole=cell.kind != "decimal")
    return data[name]


def _posted_choices(values: list[str]) -> Any:
    chosen = [value for value in values if value]
    return chosen[0] if chosen in ([DK], [NA]) else chosen


def _posted_evidence(name: str, data: QueryDict) -> Any:
    titles, urls = (
        data.getlist(f"{name}{ASIDE}title"),
        data.getlist(f"{name}{ASIDE}url"),
    )
    if not titles and not urls:
        return UNTOUCHED
    pairs = zip(titles, urls, strict=False)
    return [{"title": t, "url": u} for t, u in pairs if t.strip() or u.strip()]


def number_from(text: str, *, is_whole: bool = False) -> Any:
    """Return the number that `text` writes, or the text itself.

    Digits of any script and a decimal comma are read. What could as well be grouped
    thousands stays text: "1,000", and in a whole number any separator.
    """
    plain = text.strip().replace("\u066b", ".")
    if _GROUPED.fullmatch(plain) or (is_whole and not _WHOLE.fullmatch(plain)):
        return text.strip()
    plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        return text.strip()
    try:
        number = float(plain) if _FRACTION.search(plain) else int(plain)
    except ValueError:  # more digits than Python reads
        return text.strip()
    return number if math.isfinite(number) else text.strip()
