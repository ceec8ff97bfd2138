"""Figures, dates, lists and signs in words. Called with the report's language active."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from questionnaire.method import (
    MaturityLevel,
)
from questionnaire.states import CellState
from reports.analysis.figures import half_up
from reports.document.structure import Level, Mark

NO_FIGURE = "–"
# Countries and areas whose English short names have an article in running text.
_WITH_ARTICLE = {
    "ALA", "ARE", "ATF", "BHS", "CAF", "CCK", "COD", "COG", "COK", "COM", "CYM",
    "DOM", "FLK", "FRO", "GBR", "GMB", "IMN", "IOT", "KOR", "LAO", "MDA", "MHL",
    "MNP", "NER", "NLD", "PHL", "PRK", "PSE", "RUS", "SDN", "SLB", "SYR", "TCA",
    "TZA", "UMI", "USA", "VAT", "VGB", "VIR",
}  # fmt: skip
_DAY = "j F Y"
_MOMENT = "j F Y, H:i"

# Signs found in Noto Sans Symbols 2; how full the disc is says how much is in place.
_DISCS = ("○", "◔", "◑", "◕", "●")
_CLASS_SIGNS = {
    "critical": "■",
    "major": "▲",
    "moderate": "◆",
    "minor": "◇",
    "met": "✓",
    "no_need": "–",
    "not_assessed": "?",
}


def figure(value: float | None, decimals: int = 1) -> str:
    """Return a figure of the scale 0 to 100, rounded half up; a dash if there is none."""
    return NO_FIGURE if value is None else _figure(value, decimals, get_language())


@lru_cache(maxsize=8192)
def _figure(value: float, decimals: int, _language: str | None) -> str:
    """Return a figure as the language writes it: a report prints the same ones often."""
    rounded = Decimal(repr(half_up(value, decimals))).quantize(
        Decimal(1).scaleb(-decimals)
    )
    return str(
        number_format(
            rounded, decimal_pos=decimals, use_l10n=True, force_grouping=False
        )
    )


def score_of_question(value: float | None) -> str:
    """Return the score of a question, kept from 0 to 1, on the scale 0 to 100."""
    return NO_FIGURE if value is None else figure(100 * value, 0)


def percent(value: float | None) -> str:
    return NO_FIGURE if value is None else _("%(share)s%%") % {"share": figure(value)}


def percent_set(value: float) -> str:
    """Return a share that the method sets, in per cent: 60%, where a result is 60.0%."""
    return _("%(share)s%%") % {"share": number(round(value, 6))}


def signed(value: float) -> str:
    """Return a change with its sign; a true minus, not a hyphen."""
    rounded = half_up(abs(value), 1)
    if not rounded:
        return figure(0.0)
    return ("+" if value > 0 else "−") + figure(rounded)


def number(value: float) -> str:
    """Return a number that someone answered, as they gave it."""
    if value == int(value):
        return str(int(value))
    return str(number_format(Decimal(repr(value)).normalize(), use_l10n=True))


def day(value: date) -> str:
    return format_date(value, _DAY)


def day_of(value: datetime) -> str:
    return format_date(value.astimezone(UTC), _DAY)


def moment(value: datetime) -> str:
    return _("%(moment)s UTC") % {"moment": format_date(value.astimezone(UTC), _MOMENT)}


def country_in_text(iso3: str, name: str) -> str:
    """Return a country's name as it stands within a sentence."""
    return _("the %(country)s") % {"country": name} if iso3 in _WITH_ARTICLE else name


def capitalised(text: str) -> str:
    """Return a text that begins a sentence; the rest of it stays as it is."""
    return text[:1].upper() + text[1:]


def uncapitalised(text: str) -> str:
    """Return a label within a sentence; one that begins with an acronym stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def quoted(title: str) -> str:
    """Return a title that stands within a sentence, where it may hold commas itself."""
    return _("“%(title)s”") % {"title": title}


def listed(items: Sequence[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return _("%(first)s and %(last)s") % {
        "first": _(", ").join(items[:-1]),
        "last": items[-1],
    }


def in_words(number: int) -> str:
    """Return a small number written out, as in running text; others in digits."""
    words = (
        _("none"),
        _("one"),
        _("two"),
        _("three"),
        _("four"),
        _("five"),
        _("six"),
        _("seven"),
        _("eight"),
        _("nine"),
        _("ten"),
    )
    return words[number] if 0 <= number < len(words) else str(number)


def clipped(text: str, limit: int) -> str:
    """Return `text`, cut at a word and marked as cut if it is longer than `limit`."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    cut = flat[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip(" ,;:–") + "…"


def level_of(level: MaturityLevel, count: int) -> Level:
    """Return a level as it is printed; `count` is the number of levels."""
    sign = "●" * level.level + "○" * (count - level.level)
    return Level(level.level, level.name, level.description, sign)


# Marks


def score_marks() -> tuple[Mark, ...]:
    """Return the discs, from nothing to everything in place."""
    return _score_marks(get_language())


@lru_cache(maxsize=16)
def _score_marks(_language: str | None) -> tuple[Mark, ...]:
    labels = (_("none"), _("up to a third"), _("about half"), _("most"), _("full"))
    kinds = ("none", "little", "half", "most", "full")
    return tuple(Mark(*parts) for parts in zip(_DISCS, labels, kinds, strict=True))


def mark_of_score(score: float) -> Mark:
    """Return the disc of a score from 0 to 1; only 0 is empty and only 1 is full."""
    marks = score_marks()
    rounded = round(score, 6)
    if rounded <= 0 or rounded >= 1:
        return marks[0] if rounded <= 0 else marks[4]
    return marks[1] if rounded <= 1 / 3 else marks[2] if rounded < 2 / 3 else marks[3]


def mark_of_state(state: CellState) -> Mark:
    """Return the sign of a cell that holds no scored answer."""
    return {
        CellState.DONT_KNOW: Mark("?", _("do not know"), "dk"),
        CellState.NOT_APPLICABLE: Mark("–", _("not applicable"), "na"),
        CellState.FIXED: Mark("–", _("not applicable"), "na"),
        CellState.BLANK: Mark("□", _("not answered"), "blank"),
        CellState.CLOSED: Mark("·", _("not asked"), "closed"),
        CellState.HIDDEN: Mark("·", _("not asked"), "closed"),
        CellState.ANSWERED: Mark("✓", _("answered"), "answered"),
    }[state]


def state_marks() -> tuple[Mark, ...]:
    states = (
        CellState.DONT_KNOW,
        CellState.NOT_APPLICABLE,
        CellState.BLANK,
        CellState.CLOSED,
    )
    return tuple(mark_of_state(state) for state in states)


def mark_of_class(code: str, label: str) -> Mark:
    return Mark(_CLASS_SIGNS.get(code, "?"), label, code.replace("_", "-"))


def mark_of_data(level: int, label: str) -> Mark:
    return Mark(_DISCS[level], label, score_marks()[level].kind)


def mark_of_priority(code: str) -> Mark:
    labels = {
        "high": _("High"),
        "medium": _("Medium"),
        "low": _("Low"),
        "none": _("None"),
    }
    return Mark("", labels.get(code, code), code)


def mark_of_change(change: float) -> Mark:
    """Return the sign of a change of score; below half of the last digit it is none."""
    if not half_up(abs(change), 1):
        return Mark("=", _("unchanged"), "same")
    if change > 0:
        return Mark("▲", signed(change), "better")
    return Mark("▼", signed(change), "worse")
