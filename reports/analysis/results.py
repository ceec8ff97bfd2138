"""What the analysis returns. All figures are unrounded; rounding is for display only.

Scores of questions run from 0 to 1, all other scores, severities and shares from 0 to
100. None means that there is no figure: everything was left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaire.addresses import Address
from questionnaire.instrument import (
    Instrument,
    Recommendation,
)
from questionnaire.method import (
    MaturityLevel,
)


@dataclass(frozen=True, slots=True)
class Figures:
    """One figure in the three modes (gap_method.md, 4)."""

    final: float | None
    provisional: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class RowScore:
    """One row of a scored matrix in final mode; `score` 0 to 1, None if left out."""

    code: str
    weight: float
    score: float | None
    is_optional: bool


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """A scored question; `is_shown` is false for a hidden one that counts 0."""

    code: str
    section: str
    dimension: str
    weight: float
    score: Figures
    is_shown: bool
    causes: tuple[Address, ...]
    rows: tuple[RowScore, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupScore:
    """The score of a section or of a dimension, 0 to 100, and its maturity level.

    `completeness` and `is_publishable` (enough answered for the score to be printed)
    are those of a section; a dimension is always publishable.
    """

    code: str
    title: str
    score: Figures
    level: MaturityLevel | None
    questions: tuple[str, ...]
    causes: tuple[Address, ...]
    completeness: float | None = None
    is_publishable: bool = True


@dataclass(frozen=True, slots=True)
class Overall:
    """`level` is the reported one; `limited_by` names the dimension that lowered it."""

    score: Figures
    level_of_score: MaturityLevel | None
    level: MaturityLevel | None
    limited_by: str
    is_publishable: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Need and data of one policy question or SDG indicator (gap_method.md, 7)."""

    code: str
    matrix: str
    label: str
    need: float | None
    availability: float
    quality: float
    adequacy: float
    data_level: int
    gap_class: str
    severity: float | None
    kind: str
    weak_points: tuple[str, ...]
    is_unknown: bool
    causes: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """A recommended action; `deficit` is QD, `dimension_deficit` DD, `need` NS.

    `causes` are the answers that made the trigger true, `gaps` the need rows addressed
    that have a gap.
    """

    recommendation: Recommendation
    rank_value: float
    priority: str
    deficit: float
    dimension_deficit: float
    need: float
    causes: tuple[Address, ...]
    gaps: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.recommendation.code


@dataclass(frozen=True, slots=True)
class Completeness:
    """Shares, 0 to 100; a section in which nothing is counted has None."""

    overall: float | None
    sections: Mapping[str, float | None]
    share_dk: float | None
    share_evidence: float | None


@dataclass(frozen=True)
class Analysis:
    """Everything that is known about one response.

    `gap_order` lists the codes of gaps, the most severe first (gap_method.md, 7.5), and
    `without_gap` the rows of the gap matrix that follow them: met, not needed, not
    assessed. `weighted_gaps` has the keys `POL-NEEDS`, `POL-SDG` and `theme_<code>`.
    """

    instrument: Instrument
    questions: Mapping[str, QuestionScore]
    sections: Mapping[str, GroupScore]
    dimensions: Mapping[str, GroupScore]
    overall: Overall
    gaps: Mapping[str, Gap]
    gap_order: tuple[str, ...]
    weighted_gaps: Mapping[str, float | None]
    actions: tuple[Action, ...]
    first_wave: tuple[str, ...]
    completeness: Completeness
    without_gap: tuple[str, ...] = ()
