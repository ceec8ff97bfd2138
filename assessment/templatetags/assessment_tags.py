"""What templates cannot say by themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from babel.dates import format_skeleton
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from questionnaire.addresses import Address
from questionnaire.instrument import Instrument

register = template.Library()


@register.filter
def lookup(mapping: Mapping[str, Any], key: object) -> Any:
    """Return what `mapping` holds under the text of `key`, or empty text."""
    return mapping.get(str(key), "")


@register.filter
def anchor(address: Address) -> str:
    """Return the id of the place where a cell is shown in its section."""
    return f"c-{address}" if address.row else f"q-{address.question}"


@register.filter
def section_code(instrument: Instrument, address: Address) -> str:
    """Return the code of the section in which a cell is found, as addresses write it."""
    return instrument.question_by_code[address.question].section.lower()


@register.filter
def percent(share: float) -> str:
    """Return 0 to 100 as whole per cent; only what is complete reads 100 %."""
    whole = math.floor(share)
    shown = 1 if 0 < share < 1 else whole
    return _("%(number)s%%") % {"number": shown}


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """Return a moment with its time zone; a script may show it in the reader's zone."""
    return format_html(
        '<time datetime="{}" data-moment>{}</time>',
        at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        moment_words(at),
    )


@register.filter
def moment_words(at: datetime) -> str:
    """Return a moment as text, where no element may stand."""
    shown = localtime(at)
    return f"{_written(shown)}, {shown.strftime('%H:%M')} {shown.tzname()}"


@register.simple_tag
def day(on: date) -> SafeString:
    """Return a day, such as a deadline."""
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), _written(on))


def _written(on: date) -> str:
    """Return a day in the order its language has; English without a country is British."""
    language = get_language() or "en"
    locale = "en_GB" if language == "en" else to_locale(language)
    return format_skeleton("yMMMd", on, locale=locale)
