"""Colours of the classes of gaps, in charts and on paper (docs/report_design.md).

Fills grow lighter as gaps grow less severe, so that they are told apart without colour;
a sign and a word stand beside each. `static/css/report.css` names the same values.
"""

from __future__ import annotations

FILLS = {
    "critical": "#7f1d1d",
    "major": "#dc9069",
    "moderate": "#efba84",
    "minor": "#f6dd9e",
    "met": "#e7f3ea",
}
INKS = {
    "critical": "#7f1d1d",
    "major": "#b43a08",
    "moderate": "#9a5200",
    "minor": "#7a5f00",
    "met": "#14652f",
}
NO_FILL, SOFT_INK = "#ffffff", "#56636f"


def fill_of(gap_class: str) -> str:
    """Return the colour of an area; white where no gap was found or looked for."""
    return FILLS.get(gap_class, NO_FILL)


def ink_of(gap_class: str) -> str:
    """Return the colour of a line, or of a sign on white."""
    return INKS.get(gap_class, SOFT_INK)
