"""The Jinja2 environment of the matrix cells; everything else is a Django template."""

from __future__ import annotations

from collections.abc import Callable, Container
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

_NAME = "\x00"  # where a cell's name goes; no text of an instrument holds it

Choices = tuple[tuple[str, str], ...]
Print = Callable[[str, str, str, bool], Markup]


def environment(**options: Any) -> Environment:
    """Return an environment that escapes, trims and fails on undefined names."""
    options["undefined"] = StrictUndefined
    env = Environment(  # noqa: S701  Django passes autoescape=True
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"], **options
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals["each_choice"] = each_choice
    return env


def each_choice(
    print_one: Print, choices: Choices, chosen: Container[str], name: str = ""
) -> Markup:
    """Return `choices` as the macro `print_one` prints each, for the cell called `name`.

    The cells of a column offer one list, a hundred times on a page: what it prints is
    made once, and the name of the cell put in afterwards. No answer is kept. The macro
    prints nothing but what it is given: no text of its own, which has a language.
    """
    text = "".join(
        [
            picked if value in chosen else plain
            for value, plain, picked in _printed(print_one, choices)
        ]
    )
    return Markup(text.replace(_NAME, escape(name)))  # noqa: S704  printed by the macro


@lru_cache(maxsize=1024)  # the lists of an instrument are some hundred a language
def _printed(print_one: Print, choices: Choices) -> tuple[tuple[str, str, str], ...]:
    """Return each choice's value, and what is printed of it, not chosen and chosen."""
    return tuple(
        (
            value,
            str(print_one(_NAME, value, label, False)),
            str(print_one(_NAME, value, label, True)),
        )
        for value, label in choices
    )
