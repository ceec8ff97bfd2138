"""The Jinja2 environment of the matrix cells; everything else is a Django template."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined


def environment(**options: Any) -> Environment:
    """Return an environment that escapes, trims and fails on undefined names."""
    options["undefined"] = StrictUndefined
    env = Environment(  # noqa: S701  Django passes autoescape=True
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"], **options
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    return env
