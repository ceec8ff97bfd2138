"""The logo of the installation, and shares of countries."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from reports.analysis.figures import half_up
from reports.logo import Logo, installation_logo

register = template.Library()


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
