"""How what one version of the questionnaire asked is found in another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from django.utils.translation import gettext as _

from questionnaire.code_maps import Correspondence, Part, code_maps, correspondence
from questionnaire.instrument import Instrument
from reports.compare.figures import KeptFigures
from reports.compare.scores import Axis, Scope, axes, overall_axis

AnyValue = TypeVar("AnyValue")

PARTS = {Scope.DIMENSIONS: Part.DIMENSION, Scope.SECTIONS: Part.SECTION}


class AxisGroup(NamedTuple):
    """Axes of a kind; `kind` is never translated."""

    kind: str
    title: str
    axes: tuple[Axis, ...]


def codes_between(reference: Instrument, version: str) -> Correspondence:
    """Return how to find the codes of `reference` in another version of it."""
    return correspondence(code_maps(), reference.code, reference.version, version)


def found_in(
    values: Mapping[str, AnyValue], codes: Correspondence, part: Part, code: str
) -> tuple[bool, AnyValue | None]:
    """Return whether another version has what the reference calls `code`, and its value."""
    other = codes.in_other(part, code)
    if other is None or other not in values:
        return False, None
    return True, values[other]


def score_on(
    axis: Axis, figures: KeptFigures, codes: Correspondence
) -> tuple[bool, float | None]:
    """Return whether an axis was asked in another version, and the score on it."""
    if axis.scope is None:
        return True, figures.overall
    values: Mapping[str, float | None] = getattr(figures, axis.scope.value)
    return found_in(values, codes, PARTS[axis.scope], axis.code)


def every_axis(reference: Instrument) -> list[AxisGroup]:
    """Return all that has a score: the whole, the dimensions and the sections."""
    return [
        AxisGroup("overall", _("Overall"), (overall_axis(),)),
        AxisGroup(
            "dimension",
            _("Capacity dimensions"),
            axes(reference, Scope.DIMENSIONS),
        ),
        AxisGroup("section", _("Sections"), axes(reference, Scope.SECTIONS)),
    ]
