"""The logo of the installation, shares of countries, codes in running text."""

from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reports.analysis.figures import half_up
from reports.logo import Logo, installation_logo

register = template.Library()

_ACTION = re.compile(r"\bR-[A-Z]{3}-\d\d\b")


@register.simple_tag
def report_logo() -> Logo | None:
    """Return the installation's logo, None if it has none. Raises OSError if it is gone."""
    return installation_logo()


@register.simple_tag
def screen_logo() -> Logo | None:
    """Return the logo for a page, which does without it if the file is gone."""
    try:
        return installation_logo()
    except OSError:
        return None


@register.filter
def share(value: float) -> str:
    """Return 0 to 100 as whole per cent, rounded half up: 4 of 6 are 67 %.

    `percent` is for what may not look complete before it is.
    """
    return _("%(number)s%%") % {"number": int(half_up(value, 0))}


@register.filter
def codes_whole(text: str) -> SafeString:
    """Return text in which no line ends within the code of an action."""
    return mark_safe(  # noqa: S308  escaped, and the pattern holds nothing to escape
        _ACTION.sub(r'<span class="code">\g<0></span>', conditional_escape(text))
    )
