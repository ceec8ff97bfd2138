"""What the cover of a report and its page on the screen take from the installation."""

from __future__ import annotations

from django import template

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
