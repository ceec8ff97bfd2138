"""The form of a table to save, of a round or of rounds over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.spreadsheets import Cell
from reports.analysis.as_json import DECIMALS
from reports.analysis.figures import half_up


@dataclass(frozen=True, slots=True)
class Table:
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def rounded(value: float | None) -> float | None:
    return None if value is None else half_up(value, DECIMALS)
