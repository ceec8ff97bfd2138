"""What every chapter is made of: words, marks, charts and places."""

from __future__ import annotations

import base64
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chart:
    """A vector chart without letters: `alt` says in words what it shows."""

    svg: str
    alt: str

    @property
    def data_uri(self) -> str:
        return (
            "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign and its meaning in words; `kind` chooses the colour, which never stands alone."""

    symbol: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Level:
    number: int
    name: str
    description: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A place in the report, with what to print for it; `note` follows, `mark` precedes."""

    anchor: str
    code: str
    text: str
    note: str = ""
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    label: str
    text: str
    refs: tuple[Ref, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    ref: Ref
    text: str


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    anchor: str
    title: str
    depth: int


@dataclass(frozen=True, slots=True)
class Evidence:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class MatrixCell:
    mark: Mark
    text: str = ""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One line of the profile. `score` is a figure or says why there is none.

    `median` is that of the region, empty where none may be shown.
    """

    code: str
    title: str
    anchor: str
    score: str
    is_published: bool
    level: Level | None
    chart: Chart
    change: Mark | None = None
    median: str = ""


@dataclass(frozen=True, slots=True)
class GapRow:
    """Need and data of one policy question or SDG indicator.

    `availability` has one answer for each column that says whether data exist.
    """

    ref: Ref
    sign: str
    label: str
    need: Mark
    data: Mark
    latest_year: str
    availability: tuple[MatrixCell, ...]
    quality: MatrixCell
    gap_class: Mark
    severity: str
    chart: Chart
    why: str
