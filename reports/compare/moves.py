"""How far the countries of a round moved since the last one in which each was accepted.

As in the heat map they stand by region and name: nothing here ranks them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from questionnaire.instrument import Instrument
from reports.compare.over_time import codes_between, score_on
from reports.compare.records import Member, Record
from reports.compare.scores import Axis
from reports.document.structure import Mark
from reports.document.wording import NO_FIGURE, mark_of_change

NONE = Mark("", NO_FIGURE, "none")


@dataclass(frozen=True, slots=True)
class MoveRow:
    """The changes of a country since the year `since`; no year and dashes without one.

    `changes` are in points, None where a round has no score; `marks` say the same.
    """

    record: Record
    since: int | None
    changes: tuple[float | None, ...]

    @property
    def marks(self) -> list[Mark]:
        return [NONE if one is None else mark_of_change(one) for one in self.changes]


@dataclass(frozen=True, slots=True)
class MoveGroup:
    """The countries of a region; the name is empty for what belongs to none."""

    region: str
    rows: tuple[MoveRow, ...]


def moves(
    reference: Instrument,
    found: Sequence[Member],
    columns: Sequence[Axis],
    earlier: Mapping[str, Member],
) -> list[MoveGroup]:
    """Return the changes by region, in the order of `found`.

    `earlier` has the earlier round of each country by its code; what another version of
    the questionnaire asked is found by its code map.
    """
    return [
        MoveGroup(
            region,
            tuple(
                _row(reference, member, columns, earlier.get(member.record.iso3))
                for member in group
            ),
        )
        for region, group in groupby(found, lambda member: member.record.region)
    ]


def _row(
    reference: Instrument,
    member: Member,
    columns: Sequence[Axis],
    before: Member | None,
) -> MoveRow:
    if before is None:
        return MoveRow(member.record, None, (None,) * len(columns))
    codes = codes_between(reference, before.record.version)
    changes = []
    for axis in columns:
        then = score_on(axis, before.figures, codes)[1]
        now = axis.score(member.figures)
        changes.append(None if then is None or now is None else now - then)
    return MoveRow(member.record, before.record.year, tuple(changes))
