"""The canonical value of each kind of cell: one table, used by every way in.

Contracts: cells and values. `canonical` turns what somebody sent into what is stored, or
raises InvalidValue with messages the person can act on.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from questionnaire.instrument import DK, NA, RESERVED_VALUES, Cell, Value

TEXT_MAX = 1_000
LONG_TEXT_MAX = 20_000
URL_MAX = 2_000
EVIDENCE_MAX = 50
TITLE_MAX = 300
YEAR_MIN = 1900
YEARS_AHEAD = 10
DECIMALS = 6
LARGEST = 2**53 - 1  # the largest whole number that JSON carries exactly (RFC 8785)

_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")


class InvalidValue(Exception):
    """A value that cannot be stored; `messages` say why, in the person's language."""

    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = list(messages)


def canonical(cell: Cell, raw: Any, *, assessment_year: int) -> Value:
    """Return the value to store for `cell`, None for blank. Raises InvalidValue.

    `raw` is JSON: text, number, list, object or null. Years may lie from 1900 to ten
    years after `assessment_year`.
    """
    if cell.is_fixed:
        raise InvalidValue(_("This cell is not asked in this row."))
    if raw is None or raw == "" or raw == []:
        return None
    if isinstance(raw, str) and raw in RESERVED_VALUES and cell.allows_dk:
        return _reserved(cell, raw)
    return READERS[cell.kind](cell, raw, assessment_year)


def _reserved(cell: Cell, raw: str) -> str:
    if raw == NA and not cell.allows_na:
        raise InvalidValue(_("“Not applicable” is not offered here."))
    return raw


def _choice(cell: Cell, raw: Any, year: int) -> Value:
    if not isinstance(raw, str) or raw not in {choice.value for choice in cell.choices}:
        raise InvalidValue(_("Choose one of the answers listed."))
    return raw


def _choices(cell: Cell, raw: Any, year: int) -> Value:
    if not isinstance(raw, list) or not all(isinstance(value, str) for value in raw):
        raise InvalidValue(_("Choose from the answers listed."))
    chosen = set(raw)
    if DK in chosen or NA in chosen:
        raise InvalidValue(
            _(
                "“Do not know” and “Not applicable” cannot be combined with other answers."
            )
        )
    kept = [choice for choice in cell.choices if choice.value in chosen]
    if len(kept) != len(chosen):
        raise InvalidValue(_("Choose from the answers listed."))
    for choice in kept:
        if choice.is_exclusive and len(kept) > 1:
            message = _("“%(choice)s” cannot be combined with other answers.")
            raise InvalidValue(message % {"choice": choice.label})
    return [choice.value for choice in kept]


def _number(raw: Any) -> float | int:
    if (
        isinstance(raw, bool)
        or not isinstance(raw, (int, float))
        or (isinstance(raw, float) and not math.isfinite(raw))
    ):
        raise InvalidValue(_("Enter a number."))
    if abs(raw) > LARGEST:
        raise InvalidValue(_("This number is too large."))
    return raw


def _whole(raw: Any) -> int:
    number = _number(raw)
    if number != int(number):
        raise InvalidValue(_("Enter a whole number."))
    return int(number)


def _within(cell: Cell, number: float) -> None:
    if cell.minimum is not None and number < cell.minimum:
        raise InvalidValue(_("Enter %(limit)g or more.") % {"limit": cell.minimum})
    if cell.maximum is not None and number > cell.maximum:
        raise InvalidValue(_("Enter %(limit)g or less.") % {"limit": cell.maximum})


def _integer(cell: Cell, raw: Any, year: int) -> Value:
    number = _whole(raw)
    _within(cell, number)
    return number


def _decimal(cell: Cell, raw: Any, year: int) -> Value:
    number = round(_number(raw), DECIMALS)
    _within(cell, number)
    return int(number) if number == int(number) else number


def _year(cell: Cell, raw: Any, year: int) -> Value:
    try:
        number = _whole(raw)
    except InvalidValue:
        raise InvalidValue(
            _("Enter a year with four digits, for example 2024.")
        ) from None
    latest = year + YEARS_AHEAD
    if not YEAR_MIN <= number <= latest:
        message = _("Enter a year from %(first)s to %(last)s.")
        raise InvalidValue(message % {"first": YEAR_MIN, "last": latest})
    return number


def _date(cell: Cell, raw: Any, year: int) -> Value:
    try:
        if not isinstance(raw, str) or not re.fullmatch(
            r"\d{4}-\d{2}-\d{2}", raw, re.ASCII
        ):
            raise ValueError(raw)
        return datetime.date.fromisoformat(raw).isoformat()
    except ValueError:
        raise InvalidValue(
            _("Enter a date as year-month-day, for example 2025-06-20.")
        ) from None


def clean_text(raw: Any, maximum: int) -> str:
    """Return `raw` as NFC, trimmed, with plain line ends. Raises InvalidValue."""
    if not isinstance(raw, str):
        raise InvalidValue(_("Enter text."))
    if _FORBIDDEN.search(raw):
        raise InvalidValue(_("The text contains characters that cannot be stored."))
    text = unicodedata.normalize(
        "NFC", raw.replace("\r\n", "\n").replace("\r", "\n")
    ).strip()
    if len(text) > maximum:
        message = _(
            "The text has %(length)s characters; at most %(maximum)s can be stored."
        )
        raise InvalidValue(message % {"length": len(text), "maximum": maximum})
    return text


def _text(cell: Cell, raw: Any, year: int) -> Value:
    return clean_text(raw, TEXT_MAX) or None


def _long_text(cell: Cell, raw: Any, year: int) -> Value:
    return clean_text(raw, LONG_TEXT_MAX) or None


def web_address(raw: Any) -> str:
    """Return a checked http or https address. Raises InvalidValue."""
    text = clean_text(raw, URL_MAX)
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if text and (not usable or re.search(r"\s", text)):
        raise InvalidValue(
            _("Enter a web address that begins with http:// or https://.")
        )
    return text


def _url(cell: Cell, raw: Any, year: int) -> Value:
    return web_address(raw) or None


def _evidence(cell: Cell, raw: Any, year: int) -> Value:
    if not isinstance(raw, list) or not all(
        isinstance(item, dict) and set(item) <= {"title", "url"} for item in raw
    ):
        raise InvalidValue(_("Give a title and a web address for each document."))
    if len(raw) > EVIDENCE_MAX:
        raise InvalidValue(
            _("At most %(maximum)s documents.") % {"maximum": EVIDENCE_MAX}
        )
    items = []
    for item in raw:
        title = clean_text(item.get("title") or "", TITLE_MAX)
        url = web_address(item.get("url") or "")
        if bool(title) != bool(url):
            raise InvalidValue(
                _("Give both a title and a web address for each document.")
            )
        if title:
            items.append({"title": title, "url": url})
    return items or None


Reader = Callable[[Cell, Any, int], Value]
READERS: dict[str, Reader] = {
    "yes_no": _choice,
    "single_choice": _choice,
    "multiple_choice": _choices,
    "integer": _integer,
    "decimal": _decimal,
    "year": _year,
    "date": _date,
    "text": _text,
    "long_text": _long_text,
    "url": _url,
    "evidence": _evidence,
}
