"""The constants of the method as frozen dataclasses: levels, bands, weights, gap rules.

The file of the questionnaire holds them (`method`); `docs/instrument.md` says where they
come from. Nothing here imports Django.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Dimension:
    code: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class MaturityLevel:
    """A level from 1 to 5; `min_score` is on the scale 0 to 100."""

    level: int
    code: str
    name: str
    min_score: float
    description: str


@dataclass(frozen=True, slots=True)
class BandSet:
    """Bands that turn a year (`method` age) or a quantity (value) into a score."""

    method: str
    bands: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class GapInput:
    matrix: str
    need_column: str
    availability_columns: tuple[str, ...]
    quality_weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class GapClass:
    code: str
    label: str
    order: int
    colour: str
    description: str


@dataclass(frozen=True, slots=True)
class Labelled:
    code: str
    label: str


@dataclass(frozen=True)
class GapRules:
    need_values: Mapping[str, float]
    limited_from: float
    adequate_from: float
    weak_point_below: float
    data_levels: tuple[Labelled, ...]
    classes: tuple[GapClass, ...]
    table: Mapping[str, tuple[str, ...]]
    kinds: tuple[Labelled, ...]
    themes: tuple[Labelled, ...]

    @cached_property
    def class_by_code(self) -> Mapping[str, GapClass]:
        return {gap_class.code: gap_class for gap_class in self.classes}


@dataclass(frozen=True, slots=True)
class ScoringRules:
    dk_score: float
    blank_score_final: float
    optional_row_bonus: float
    levels_above_weakest: int
    section_completeness_min: float
    overall_completeness_min: float
    display_decimals: int
    threshold_decimals: int


@dataclass(frozen=True)
class Catalogue:
    """Constants of the ranking of recommendations; weights sum to 1."""

    kinds: tuple[Labelled, ...]
    horizons: tuple[Labelled, ...]
    ranking_weights: Mapping[str, float]
    priority_from: Mapping[str, float]
    first_wave_size: int
    first_wave_per_dimension: int
    partners: Mapping[str, str]
