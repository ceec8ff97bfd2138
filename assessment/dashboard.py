"""All countries of a round on one page: lines, filters, sorting."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.models import Response, Round, Side, User
from assessment.permissions import Action, may
from assessment.round_queries import (
    NO_POINTS,
    Points,
    RoundLine,
    Totals,
    answer_totals,
    followed_responses,
    open_points,
    turn_of,
)
from assessment.services.progress import keep_progress

MINE, NOBODY = "mine", "nobody"
NO_TURN = "none"


def round_lines(round_: Round, user: User) -> list[RoundLine]:
    """Return all countries of a round from `round_to_follow`, by name. Three queries.

    Two more where answers moved on since the progress was last computed: from the live
    answers, of which nothing else shows.
    """
    responses = followed_responses(round_, user)
    totals = answer_totals(round_)
    progress = keep_progress(responses=responses, totals=totals)
    points = open_points(round_)
    now = timezone.now()
    return [
        _line(
            response,
            totals.get(response.pk, Totals()),
            progress[response.pk],
            points.get(response.pk, NO_POINTS),
            user=user,
            now=now,
        )
        for response in responses
    ]


def _line(
    response: Response,
    totals: Totals,
    progress: float | None,
    points: Points,
    *,
    user: User,
    now: datetime,
) -> RoundLine:
    found: dict[str, datetime | None] = {
        name: getattr(response, name, None)
        for name in ("first_submitted_at", "submitted_at", "accepted_at", "reminded_at")
    }
    signs = [
        totals.changed_at,
        found["submitted_at"],
        getattr(response, "said_at", None),
    ]
    active_at = max((at for at in signs if at is not None), default=None)
    return RoundLine(
        response=response,
        progress=progress,
        last_change=totals.changed_at,
        active_at=active_at,
        idle_days=max(0, (now - active_at).days) if active_at else None,
        points=points,
        turn=turn_of(response.status, points),
        is_readable=may(user, Action.VIEW, response),
        **found,
    )


class Placed(Protocol):
    """Whatever knows its region."""

    @property
    def region(self) -> str: ...

    @property
    def subregion(self) -> str: ...


def places_of(countries: Iterable[Placed]) -> dict[str, list[str]]:
    """Return the sub-regions of each region, both by name; without a region is no place."""
    found: dict[str, set[str]] = {}
    for country in countries:
        if country.region:
            found.setdefault(country.region, set()).add(country.subregion)
    return {region: sorted(found[region] - {""}) for region in sorted(found)}


def chosen(
    lines: Iterable[RoundLine], filters: Filters, user: User, form: QueryDict
) -> list[RoundLine]:
    """Return the lines ticked in a form, or with `all` those that the filters show."""
    shown = filters.shown(lines, user)
    ticked = set(form.getlist("country"))
    if form.get("all"):
        return shown
    return [line for line in shown if line.response.country.iso3 in ticked]


# Filters and sorting: all of it stands in the address


@dataclass(frozen=True, slots=True)
class Filters:
    """What is shown, in which order; empty texts ask for nothing.

    `officer` is an id, `mine` or `nobody`; `sort` a column, with a minus from the other
    end. What no line can match shows none; an unknown `sort` is by name.
    """

    q: str = ""
    region: str = ""
    subregion: str = ""
    status: str = ""
    officer: str = ""
    turn: str = ""
    sort: str = ""

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> Filters:
        return cls(
            **{
                name: " ".join(query.get(name, "").replace("\0", "").split())[:100]
                for name in cls.__dataclass_fields__
            }
        )

    @property
    def is_any(self) -> bool:
        return replace(self, sort="") != Filters()

    def query(self, **changes: str) -> str:
        """Return the query string that asks for this, with its question mark."""
        asked = {name: getattr(self, name) for name in self.__dataclass_fields__}
        given = {name: text for name, text in (asked | changes).items() if text}
        return f"?{urlencode(given)}" if given else "?"

    def shown(self, lines: Iterable[RoundLine], user: User) -> list[RoundLine]:
        """Return the lines asked for, in the order asked for."""
        return self._sorted([line for line in lines if self._matches(line, user)])

    def _matches(self, line: RoundLine, user: User) -> bool:
        country = line.response.country
        return (
            self.region in ("", country.region)
            and self.subregion in ("", country.subregion)
            and self.status in ("", line.response.status)
            and self.turn in ("", line.turn or NO_TURN)
            and self._is_officer(line.response.officer_id, user)
            and self._is_found(country.name, country.iso3, country.iso2, country.m49)
        )

    def _is_officer(self, officer: int | None, user: User) -> bool:
        if self.officer == MINE:
            return officer == user.pk
        if self.officer == NOBODY:
            return officer is None
        return self.officer in ("", str(officer))

    def _is_found(self, name: str, *codes: str) -> bool:
        wanted = folded(self.q)
        return wanted in folded(name) or wanted in (code.lower() for code in codes)

    def _sorted(self, lines: Sequence[RoundLine]) -> list[RoundLine]:
        """Sort by a column, then by name; what has no value stands last either way."""
        name, is_reversed = self.sort.removeprefix("-"), self.sort.startswith("-")
        column = SORTED_BY.get(name, SORTED_BY["country"])
        by_name = sorted(lines, key=lambda line: folded(line.response.country.name))
        valued = [line for line in by_name if column.key(line) is not None]
        valueless = [line for line in by_name if column.key(line) is None]
        return sorted(valued, key=column.key, reverse=is_reversed) + valueless


def folded(text: str) -> str:
    """Return `text` without accents and capitals: nobody types the ô of Côte d'Ivoire."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


class Column(NamedTuple):
    """What lines can be sorted by; `key` gives None where a line has nothing of it."""

    label: Promise | str
    key: Callable[[RoundLine], Any]


_STATUSES = list(Response.Status.values)
_TURNS = {Side.UNSD.value: 0, Side.COUNTRY.value: 1}

SORTED_BY: dict[str, Column] = {
    "country": Column(_("Country"), lambda line: folded(line.response.country.name)),
    "region": Column(
        _("Region"),
        lambda line: (
            (line.response.country.region, line.response.country.subregion)
            if line.response.country.region
            else None
        ),
    ),
    "status": Column(_("Status"), lambda line: _STATUSES.index(line.response.status)),
    "progress": Column(_("Progress"), lambda line: line.progress),
    "activity": Column(_("Last activity"), lambda line: line.active_at),
    "points": Column(
        _("Open points"),
        lambda line: (line.points.open, line.points.must) if line.points.open else None,
    ),
    "turn": Column(_("Turn"), lambda line: _TURNS.get(line.turn)),
    "officer": Column(
        _("Officer"),
        lambda line: (
            folded(str(line.response.officer)) if line.response.officer else None
        ),
    ),
    "submitted": Column(_("Submission"), lambda line: line.submitted_at),
}


@dataclass(frozen=True, slots=True)
class Heading:
    """The link over a column that sorts by it, or turns the order round."""

    label: Promise | str
    url: str
    direction: str  # as aria-sort says it, empty where not sorted by it


def headings(filters: Filters) -> dict[str, Heading]:
    """Return the heading of each column that can be sorted by, by its name."""
    current = filters.sort if filters.sort.removeprefix("-") in SORTED_BY else "country"
    found = {}
    for name, column in SORTED_BY.items():
        is_up, is_down = current == name, current == f"-{name}"
        found[name] = Heading(
            column.label,
            filters.query(sort=f"-{name}" if is_up else name),
            "ascending" if is_up else "descending" if is_down else "",
        )
    return found
