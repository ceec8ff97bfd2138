"""A round compared: its countries as the address filters them, for a page and for tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _

from assessment.dashboard import places_of
from assessment.models import Round, User
from assessment.permissions import responses_visible_to
from questionnaire.instrument import Instrument
from questionnaire.repository import InstrumentKey, instrument_for
from reports.compare.records import Member, Record, latest_records, members
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
from reports.compare.tallies import (
    ActionTally,
    NeedTally,
    action_tallies,
    need_tallies,
)
from reports.document.build import POLICY, SDG

ACCEPTED, SUBMITTED = "accepted", "submitted"

STATES: dict[str, Promise] = {
    ACCEPTED: _("Accepted"),
    SUBMITTED: _("Submitted, not accepted"),
}
SCOPES: dict[str, Promise] = {
    Scope.DIMENSIONS.value: _("Dimensions"),
    Scope.SECTIONS.value: _("Sections"),
}


@dataclass(frozen=True, slots=True)
class CompareFilters:
    """What is compared; empty texts ask for everything, what is unknown finds nothing.

    There is no order to ask for: countries are not ranked. An unknown `of` is dimensions.
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

    `instrument` is None where nothing was submitted. Everything is computed when asked for.
    """

    instrument: Instrument | None
    scope: Scope
    found: Sequence[Member]
    records: Sequence[Record]

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
    def places(self) -> dict[str, list[str]]:
        return places_of(self.records)

    @cached_property
    def columns(self) -> tuple[Axis, ...]:
        return (overall_axis(), *axes(self._asked, self.scope))

    @property
    def heat(self) -> list[HeatGroup]:
        return heat_map(self._asked, self.found, self.columns)

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
    responses = responses_visible_to(user).filter(round=round_)
    records = latest_records(responses)
    return Board(
        instrument=instrument_of_round(round_) if records else None,
        scope=filters.scope,
        found=members(filters.shown(records)),
        records=records,
    )


def instrument_of_round(round_: Round) -> Instrument:
    """Return the instrument of a round from `round_to_follow`. No query once in memory."""
    key = InstrumentKey(
        round_.questionnaire.publication.content_hash,
        get_language() or "en",
        getattr(round_, "stamp", None),
    )
    return instrument_for(round_.questionnaire_id, key)
