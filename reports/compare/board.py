"""A round compared: its countries as the address filters them, for a page and for tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _

from assessment.dashboard import places_of
from assessment.models import Response, Round, User
from assessment.permissions import responses_visible_to
from questionnaire.instrument import Instrument
from questionnaire.repository import InstrumentKey, instrument_for
from reports.compare.moves import MoveGroup, moves
from reports.compare.records import (
    Member,
    Record,
    accepted_by,
    latest_records,
    members,
)
from reports.compare.scores import (
    Axis,
    HeatGroup,
    Scope,
    SpreadGroup,
    axes,
    heat_map,
    overall_axis,
    spreads_by_region,
)
from reports.compare.statistics import LEAST
from reports.compare.tallies import (
    ActionTally,
    NeedTally,
    action_tallies,
    need_tallies,
)
from reports.document.build import POLICY, SDG

ACCEPTED, SUBMITTED = "accepted", "submitted"
CHANGES = "changes"

STATES: dict[str, Promise] = {
    ACCEPTED: _("Accepted"),
    SUBMITTED: _("Submitted, not accepted"),
}
SCOPES: dict[str, Promise] = {
    Scope.DIMENSIONS.value: _("Dimensions"),
    Scope.SECTIONS.value: _("Sections"),
    CHANGES: _("Changes since the last round"),
}


@dataclass(frozen=True, slots=True)
class CompareFilters:
    """What is compared; empty texts ask for everything, what is unknown finds nothing.

    There is no order to ask for: countries are not ranked. An unknown `of` is dimensions,
    and so are the columns of changes.
    """

    region: str = ""
    subregion: str = ""
    state: str = ""
    of: str = ""

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> CompareFilters:
        return cls(
            **{
                name: " ".join(query.get(name, "").replace("\0", "").split())[:100]
                for name in cls.__dataclass_fields__
            }
        )

    @property
    def scope(self) -> Scope:
        return Scope.SECTIONS if self.of == Scope.SECTIONS else Scope.DIMENSIONS

    @property
    def is_of_changes(self) -> bool:
        return self.of == CHANGES

    @property
    def shows(self) -> str:
        """What the table of countries shows: a key of `SCOPES`."""
        return CHANGES if self.is_of_changes else self.scope.value

    @property
    def is_any(self) -> bool:
        return bool(self.region or self.subregion or self.state)

    def query(self, **changes: str) -> str:
        """Return the query string that asks for this, with its question mark."""
        asked = {name: getattr(self, name) for name in self.__dataclass_fields__}
        given = {name: text for name, text in (asked | changes).items() if text}
        return f"?{urlencode(given)}"

    def shown(self, records: Sequence[Record]) -> list[Record]:
        return [record for record in records if self._matches(record)]

    def _matches(self, record: Record) -> bool:
        state = ACCEPTED if record.is_accepted else SUBMITTED
        return (
            self.region in ("", record.region)
            and self.subregion in ("", record.subregion)
            and self.state in ("", state)
        )


@dataclass(frozen=True)
class Board:
    """The countries shown of `total`, and what they have in common.

    `instrument` is None where nothing was submitted; `earlier_responses` are those of
    earlier rounds. Everything is computed when asked for.
    """

    instrument: Instrument | None
    scope: Scope
    found: Sequence[Member]
    records: Sequence[Record]
    earlier_responses: QuerySet[Response]

    @property
    def total(self) -> int:
        return len(self.records)

    @property
    def accepted(self) -> int:
        return sum(member.record.is_accepted for member in self.found)

    def accepted_in(self, region: str) -> int:
        """Return how many stand accepted in a region, or in all, filtered or not."""
        return sum(
            record.is_accepted and region in ("", record.region)
            for record in self.records
        )

    @property
    def left_over(self) -> int:
        """How many countries the synthesis of all has that no region's has, if below five.

        Whoever holds both would read their counts from the difference.
        """
        regions = Counter(r.region for r in self.records if r.is_accepted)
        few = sum(count for count in regions.values() if count < LEAST)
        return few if few < LEAST and few < regions.total() else 0

    @property
    def places(self) -> dict[str, list[str]]:
        return places_of(self.records)

    @cached_property
    def columns(self) -> tuple[Axis, ...]:
        return (overall_axis(), *axes(self._asked, self.scope))

    @property
    def heat(self) -> list[HeatGroup]:
        return heat_map(self._asked, self.found, self.columns)

    @cached_property
    def moves(self) -> list[MoveGroup]:
        """How far each country moved. Two queries."""
        countries = [member.record.iso3 for member in self.found]
        earlier = self.earlier_responses.filter(country__iso3__in=countries)
        last = sorted(members(accepted_by(earlier)), key=lambda m: m.record.year)
        by_country = {member.record.iso3: member for member in last}
        return moves(self._asked, self.found, self.columns, by_country)

    @property
    def spreads(self) -> list[SpreadGroup]:
        return spreads_by_region(
            self._asked, self.found, self.columns, is_mirrored=get_language_bidi()
        )

    @cached_property
    def policy(self) -> list[NeedTally]:
        return self._needs(POLICY)

    @cached_property
    def sdg(self) -> list[NeedTally]:
        return self._needs(SDG)

    @cached_property
    def actions(self) -> list[ActionTally]:
        return action_tallies(self._asked, [member.figures for member in self.found])

    def _needs(self, matrix: str) -> list[NeedTally]:
        return need_tallies(
            self._asked,
            matrix,
            [member.figures for member in self.found],
            is_mirrored=get_language_bidi(),
        )

    @property
    def _asked(self) -> Instrument:
        assert self.instrument is not None  # noqa: S101  there are records
        return self.instrument


def board_of(round_: Round, user: User, filters: CompareFilters) -> Board:
    """Return the comparison of a round from `round_to_follow`. Three queries.

    More only where figures have not been kept yet.
    """
    visible = responses_visible_to(user)
    records = latest_records(visible.filter(round=round_))
    return Board(
        instrument=instrument_of_round(round_) if records else None,
        scope=filters.scope,
        found=members(filters.shown(records)),
        records=records,
        earlier_responses=visible.filter(round__year__lt=round_.year),
    )


def instrument_of_round(round_: Round) -> Instrument:
    """Return the instrument of a round from `round_to_follow`. No query once in memory."""
    key = InstrumentKey(
        round_.questionnaire.publication.content_hash,
        get_language() or "en",
        getattr(round_, "stamp", None),
    )
    return instrument_for(round_.questionnaire_id, key)
