"""What a page shows from round to round: rounds as columns, scores and classes as lines."""

from __future__ import annotations

from dataclasses import dataclass

from reports.compare.statistics import Spread
from reports.document.structure import Chart, Mark
from reports.document.wording import mark_of_change


@dataclass(frozen=True, slots=True)
class Column:
    """A round in the head of a table; `other_version` where it asked another one.

    `count` is how many countries a median in the column may be of. `status` is never
    translated, `state` says it in words.
    """

    code: str
    title: str
    year: int
    version: str
    state: str
    note: str = ""
    status: str = ""
    count: int | None = None
    other_version: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """What a round says; `change` is since the round before, `beside` the region's median.

    `detail` is said in smaller letters below. What was not asked has no text. The last
    four are what the words are made of: scores from 0 to 100, and the code of a class.
    """

    is_asked: bool
    text: str = ""
    mark: Mark | None = None
    change: Mark | None = None
    beside: str = ""
    detail: str = ""
    score: float | None = None
    median: float | None = None
    lies: Spread | None = None
    gap_class: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    title: str
    points: tuple[Point, ...]
    chart: Chart


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together; a chart needs scores, and more than one round.

    `is_folded` are those that few ask for: they open on demand. `kind` is never
    translated.
    """

    kind: str
    title: str
    lines: tuple[Line, ...]
    has_charts: bool
    is_scored: bool = True
    is_folded: bool = False


def changed(before: float | None, now: float | None) -> Mark | None:
    return None if before is None or now is None else mark_of_change(now - before)
