"""The recommended actions on the page: filtered by what stands in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Recommendation
from reports.analysis import Analysis
from reports.analysis.results import Action
from reports.document.profile import dimension_anchor
from reports.document.structure import Actions, ActionView, Horizon
from reports.document.wording import figure, mark_of_priority, percent_set

FIELDS = ("horizon", "kind", "partner", "dimension", "priority")
_TRIED = 6  # places that one link opens


@dataclass(frozen=True, slots=True)
class ActionFilters:
    """What the actions are filtered by; empty text is no filter."""

    horizon: str = ""
    kind: str = ""
    partner: str = ""
    dimension: str = ""
    priority: str = ""

    @classmethod
    def parse(cls, data: QueryDict) -> ActionFilters:
        return cls(**{name: data.get(name, "")[:40] for name in FIELDS})

    def known(self, instrument: Instrument) -> ActionFilters:
        """Return the filters that the catalogue knows; any other is none."""
        offered = offers(instrument)
        return ActionFilters(
            **{
                name: value if (value := getattr(self, name)) in offered[name] else ""
                for name in FIELDS
            }
        )

    @property
    def given(self) -> dict[str, str]:
        found = {name: getattr(self, name) for name in FIELDS}
        return {name: value for name, value in found.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.given)

    def fits(self, recommendation: Recommendation, priority: str) -> bool:
        wanted = self.given
        plain = {
            "horizon": recommendation.horizon,
            "kind": recommendation.kind,
            "dimension": recommendation.dimension,
            "priority": priority,
        }
        is_partner = self.partner in ("", *recommendation.partners)
        return is_partner and all(
            wanted.get(name, value) == value for name, value in plain.items()
        )


@dataclass(frozen=True, slots=True)
class FilterField:
    name: str
    label: str
    all: str
    choices: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class RankPart:
    """A part of a rank value: its share, the figure, and the place it leads to."""

    share: str
    label: str
    value: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action with what it is filtered by, how it ranks and what could be tried out."""

    view: ActionView
    action: Action
    is_shown: bool
    rank: tuple[RankPart, ...]
    trial: str

    @property
    def partners(self) -> str:
        return " ".join(self.action.recommendation.partners)


@dataclass(frozen=True, slots=True)
class HorizonLines:
    title: str
    lines: tuple[ActionLine, ...]

    @property
    def is_shown(self) -> bool:
        return any(line.is_shown for line in self.lines)


@dataclass(frozen=True, slots=True)
class CountCell:
    """How many actions there are, and the filters that show them; empty for a part."""

    count: int
    query: str


@dataclass(frozen=True, slots=True)
class CountRow:
    title: str
    cells: tuple[CountCell, ...]
    first_wave: int


@dataclass(frozen=True, slots=True)
class ActionList:
    fields: tuple[FilterField, ...]
    counts: tuple[CountRow, ...]
    first_wave: tuple[HorizonLines, ...]
    others: tuple[HorizonLines, ...]
    is_filtered: bool

    @property
    def lines(self) -> list[ActionLine]:
        horizons = (*self.first_wave, *self.others)
        return [line for horizon in horizons for line in horizon.lines]

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def shown(self) -> int:
        return sum(line.is_shown for line in self.lines)

    @property
    def first_wave_is_shown(self) -> bool:
        return any(horizon.is_shown for horizon in self.first_wave)

    @property
    def others_are_shown(self) -> bool:
        return any(horizon.is_shown for horizon in self.others)


def offers(instrument: Instrument) -> dict[str, Mapping[str, str]]:
    """Return what may be chosen for each filter, with its label."""
    catalogue = instrument.catalogue
    return {
        "horizon": {one.code: one.label for one in catalogue.horizons},
        "kind": {one.code: one.label for one in catalogue.kinds},
        "partner": {
            code: f"{code} – {name}"
            for code, name in sorted(catalogue.partners.items())
        },
        "dimension": {one.code: one.title for one in instrument.dimensions},
        "priority": {
            code: mark_of_priority(code).label for code in catalogue.priority_from
        },
    }


def action_list(
    actions: Actions,
    analysis: Analysis,
    filters: ActionFilters,
    places: Iterable[str],
) -> ActionList:
    """Return the actions of the document as lines; `places` can be tried out."""
    filters = filters.known(analysis.instrument)
    lines = _Lines(analysis, filters, frozenset(places))
    return ActionList(
        fields=_fields(analysis.instrument, filters),
        counts=_counts(actions, analysis.instrument),
        first_wave=lines.horizons(actions.first_wave),
        others=lines.horizons(actions.others),
        is_filtered=bool(filters.given),
    )


def _fields(instrument: Instrument, filters: ActionFilters) -> tuple[FilterField, ...]:
    labels = {
        "horizon": (_("Horizon"), _("All horizons")),
        "kind": (_("Type"), _("All types")),
        "partner": (_("Possible partner"), _("All partners")),
        "dimension": (_("Capacity dimension"), _("All dimensions")),
        "priority": (_("Priority"), _("All priorities")),
    }
    return tuple(
        FilterField(name, *labels[name], tuple(offered.items()), getattr(filters, name))
        for name, offered in offers(instrument).items()
    )


def _counts(actions: Actions, instrument: Instrument) -> tuple[CountRow, ...]:
    """Return the counts of the document, each with the filters that show its actions."""
    priorities = ("", *instrument.catalogue.priority_from)
    rows = []
    for row, horizon in zip(actions.counts, instrument.catalogue.horizons, strict=True):
        filters = [
            ActionFilters(horizon=horizon.code, priority=code).query
            for code in priorities
        ]
        everything, *parts = filters
        cells = zip((*row.counts, row.total), (*parts, everything), strict=True)
        rows.append(
            CountRow(
                row.title, tuple(CountCell(*cell) for cell in cells), row.first_wave
            )
        )
    return tuple(rows)


class _Lines:
    def __init__(
        self, analysis: Analysis, filters: ActionFilters, places: frozenset[str]
    ) -> None:
        self.analysis = analysis
        self.by_code = {action.code: action for action in analysis.actions}
        self.weights = analysis.instrument.catalogue.ranking_weights
        self.filters = filters
        self.places = places

    def horizons(self, horizons: Iterable[Horizon]) -> tuple[HorizonLines, ...]:
        return tuple(
            HorizonLines(h.title, tuple(self._line(view) for view in h.actions))
            for h in horizons
        )

    def _line(self, view: ActionView) -> ActionLine:
        action = self.by_code[view.code]
        return ActionLine(
            view=view,
            action=action,
            is_shown=self.filters.fits(action.recommendation, action.priority),
            rank=self._rank(view, action),
            trial=self._trial(action),
        )

    def _rank(self, view: ActionView, action: Action) -> tuple[RankPart, ...]:
        gaps = view.gaps[0].anchor if view.gaps else "sum-needs"
        causes = view.causes[0].anchor if view.causes else view.anchor
        parts = (
            ("QD", _("own subject"), action.deficit, causes),
            (
                "DD",
                _("dimension"),
                action.dimension_deficit,
                dimension_anchor(action.recommendation.dimension),
            ),
            ("NS", _("need"), action.need, gaps),
        )
        return tuple(
            RankPart(
                percent_set(100 * self.weights[code]), label, figure(value), anchor
            )
            for code, label, value, anchor in parts
        )

    def _trial(self, action: Action) -> str:
        """Return the query that opens the answers behind an action, to try out others."""
        names = (str(Address(a.question, a.row)) for a in action.causes)
        known = dict.fromkeys(name for name in names if name in self.places)
        return urlencode([("at", name) for name in list(known)[:_TRIED]])
