"""Lists of choices are printed once and given to every cell that offers them."""

from __future__ import annotations

from django.template import engines

CHOICES = (("no", 'No "way" <'), ("yes", "Yes"))
TEMPLATE = (
    "{% macro one(name, value, label, is_chosen) %}{{ calls.append(value) or '' }}"
    "[{{ name }}={{ value }}{{ '*' if is_chosen else '' }} {{ label }}]{% endmacro %}"
    "{% for name, chosen in cells %}{{ each_choice(one, choices, chosen, name) }}\n"
    "{% endfor %}"
)


def test_each_choice_is_printed_with_the_name_of_the_cell_and_escaped():
    calls = []
    cells = [("A", []), ("B", ["yes"]), ("<", ["no", "yes", "other"]), ("A", [])]

    html = (
        engines["jinja2"]
        .from_string(TEMPLATE)
        .render({"calls": calls, "choices": CHOICES, "cells": cells})
    )

    no = "No &#34;way&#34; &lt;"
    assert html.splitlines() == [
        f"[A=no {no}][A=yes Yes]",
        f"[B=no {no}][B=yes* Yes]",
        f"[&lt;=no* {no}][&lt;=yes* Yes]",
        f"[A=no {no}][A=yes Yes]",
    ]
    assert calls == ["no", "no", "yes", "yes"]
