"""What a synthesis is made of, and what of it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from questionnaire.instrument import Instrument
from reports.compare.figures import KeptFigures
from reports.compare.over_time import SameCountries
from reports.compare.records import Member
from reports.compare.scores import SpreadLine
from reports.compare.tallies import (
    ActionTally,
    ClassOfGap,
    NeedTally,
    SourceTally,
)
from reports.document.structure import (
    Chart,
    ContentsEntry,
    Cover,
    LabelledRow,
    Mark,
)


@dataclass(frozen=True, slots=True)
class Topic:
    """What is synthesised: the accepted responses of a region in a round.

    `found` are of the round, `earlier` of the last round before it; `region` is empty for
    all regions.
    """

    round_code: str
    round_title: str
    year: int
    is_illustrative: bool
    region: str
    instrument: Instrument
    found: Sequence[Member]
    earlier: Sequence[Member] = ()

    @property
    def name(self) -> str:
        return self.region or _("All regions")

    @property
    def figures(self) -> list[KeptFigures]:
        return [member.figures for member in self.found]

    @property
    def dated_at(self) -> datetime:
        return max(member.record.dated_at for member in self.found)

    @property
    def hashes(self) -> tuple[str, ...]:
        return tuple(m.record.hash for m in (*self.found, *self.earlier))


@dataclass(frozen=True, slots=True)
class LevelCount:
    mark: Mark
    count: int


@dataclass(frozen=True, slots=True)
class RecordLine:
    country: str
    iso3: str
    round_code: str
    accepted: str
    hash: str


@dataclass(frozen=True, slots=True)
class ScoreBlock:
    title: str
    lines: tuple[SpreadLine, ...]


@dataclass(frozen=True, slots=True)
class Synthesis:
    """Everything that is printed, in words."""

    language: str
    direction: str
    title: str
    created: str
    notice: str
    running_head: str
    running_foot: str
    cover: Cover
    contents: tuple[ContentsEntry, ...]
    reading: tuple[str, ...]
    levels: tuple[Mark, ...]
    countries: tuple[LabelledRow, ...]
    summary: tuple[str, ...]
    level_counts: tuple[LevelCount, ...]
    level_strip: Chart
    axis: Chart
    scores: tuple[ScoreBlock, ...]
    classes: tuple[ClassOfGap, ...]
    policy: tuple[NeedTally, ...]
    sdg: tuple[NeedTally, ...]
    actions: tuple[ActionTally, ...]
    actions_left: int
    sources: tuple[SourceTally, ...]
    changes_intro: str
    same: SameCountries | None
    method: tuple[str, ...]
    records: tuple[RecordLine, ...]
