"""What is tried out: the places that are open, the answers changed, and their address.

Values are judged by the table that judges a save (`questionnaire.values`). A form sends
every cell of the places it shows; a link holds what differs from the record only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict

from questionnaire.addresses import Address
from questionnaire.fields import ASIDE, UNTOUCHED, posted_value, shown_value
from questionnaire.instrument import NUMBER_KINDS, RESERVED_VALUES, Cell, Value
from questionnaire.values import InvalidValue, canonical
from reports.sources import ReportSource
from reports.what_if.places import Place, UnknownPlace, best_answers, places_by_name

AT = "at"  # a place that is open
ADD, DROP, BEST, FIND = "add", "drop", "best", "find"
SUBMISSION = "submission"
LONGEST_QUERY = 3_000  # characters that servers take in the first line of a request


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent for a cell and why it cannot be one of its answers."""

    raw: Value
    messages: tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """`changes` holds what differs from the answers of `source`; None is no answer.

    `ignored` are names in the address that the questionnaire does not know: of another
    version, mistyped, or of no question at all.
    """

    source: ReportSource
    places: tuple[Place, ...]
    changes: Mapping[Address, Value]
    refused: Mapping[Address, Refused] = field(default_factory=dict)
    find: str = ""
    ignored: tuple[str, ...] = ()

    @property
    def answers(self) -> dict[Address, Value]:
        """The answers of the record with the changes in their places."""
        return {
            address: value
            for address, value in {**self.source.answers, **self.changes}.items()
            if value is not None
        }

    def value(self, address: Address) -> Value:
        if address in self.changes:
            return self.changes[address]
        return self.source.answers.get(address)

    def query(self, *, submission: int | None) -> str:
        """Return the query string that says all of this, or nothing."""
        changed = {Address(a.question, a.row) for a in self.changes}
        pairs = [(SUBMISSION, str(submission))] if submission is not None else []
        pairs += [(AT, p.name) for p in self.places if p.address not in changed]
        for address, value in self.changes.items():
            cell = self.source.instrument.cell(address)
            assert cell is not None  # noqa: S101  only known cells are changed
            pairs += _pairs(cell, value)
        if self.find:
            pairs.append((FIND, self.find))
        return f"?{urlencode(pairs)}" if pairs else ""


def _pairs(cell: Cell, value: Value) -> list[tuple[str, str]]:
    """Return a value as its control would send it."""
    name = str(cell.address)
    if isinstance(value, list):
        return [(name, item) for item in value]
    if cell.kind in NUMBER_KINDS and value in RESERVED_VALUES:
        return [(name, ""), (f"{name}{ASIDE}{value}", str(value))]
    return [(name, str(shown_value(value)))]


def read_link(source: ReportSource, data: QueryDict) -> Trial:
    """Return what an address says, without what is not there, which is named as ignored."""
    known = places_by_name(source.instrument)
    named = dict.fromkeys(name.partition(ASIDE)[0] for name in data if _is_cell(name))
    named.pop("", None)
    cells, ignored = {}, []
    for name in named:
        try:
            cells[name] = _cell(source, known, name)
        except UnknownPlace:
            ignored.append(name)
    asked, best = data.getlist(AT), data.getlist(BEST)
    ignored += [name for name in (*asked, *best) if name and name not in known]
    at = [name for name in (*asked, *best) if name in known]
    at += [_place_name(cell.address) for cell in cells.values()]
    trial = _judged(source, known, at, cells.values(), data)
    trial = _with_best(trial, (name for name in best if name in known))
    return replace(trial, ignored=tuple(dict.fromkeys(ignored)))


def read_form(source: ReportSource, data: QueryDict) -> Trial:
    """Return what the form of the page sent, with what its buttons ask for."""
    known = places_by_name(source.instrument)
    dropped = data.getlist(DROP)
    shown = [name for name in data.getlist(AT) if name not in dropped]
    cells = (
        cell for name in shown for cell in _place(known, name).cells(source.instrument)
    )
    at = [*shown, *data.getlist(ADD)]
    trial = _judged(source, known, at, cells, data)
    return _with_best(trial, data.getlist(BEST))


def _is_cell(name: str) -> bool:
    return name not in (AT, ADD, DROP, BEST, FIND, SUBMISSION)


def _place(known: Mapping[str, Place], name: str) -> Place:
    try:
        return known[name]
    except KeyError:
        raise UnknownPlace(name) from None


def _place_name(address: Address) -> str:
    return str(address._replace(column=""))


def _cell(source: ReportSource, known: Mapping[str, Place], name: str) -> Cell:
    try:
        address = Address.parse(name)
    except ValueError:
        raise UnknownPlace(name) from None
    place = _place(known, _place_name(address))
    for cell in place.cells(source.instrument):
        if cell.address == address:
            return cell
    raise UnknownPlace(name)


def _judged(
    source: ReportSource,
    known: Mapping[str, Place],
    at: Iterable[str],
    cells: Iterable[Cell],
    data: QueryDict,
) -> Trial:
    order = source.instrument.sort_key
    places = {name: _place(known, name) for name in at if name}
    changes: dict[Address, Value] = {}
    refused: dict[Address, Refused] = {}
    for cell, raw in _sent(cells, data):
        try:
            value = canonical(cell, raw, assessment_year=source.year)
        except InvalidValue as invalid:
            refused[cell.address] = Refused(raw, tuple(invalid.messages))
            continue
        if value != source.answers.get(cell.address):
            changes[cell.address] = value
    return Trial(
        source=source,
        places=tuple(sorted(places.values(), key=lambda place: order(place.address))),
        changes={address: changes[address] for address in sorted(changes, key=order)},
        refused=refused,
        find=" ".join(data.get(FIND, "").split())[:100],
    )


def _sent(cells: Iterable[Cell], data: QueryDict) -> Iterator[tuple[Cell, Value]]:
    for cell in cells:
        raw = posted_value(cell, data)
        if raw is not UNTOUCHED:
            yield cell, raw


def _with_best(trial: Trial, names: Iterable[str]) -> Trial:
    """Return the trial with the best answers in the places named."""
    by_name = {place.name: place for place in trial.places}
    changes = dict(trial.changes)
    refused = dict(trial.refused)
    for name in names:
        if name not in by_name:
            raise UnknownPlace(name)
        for address, value in best_answers(trial.source, by_name[name]).items():
            refused.pop(address, None)
            changes[address] = value
            if value == trial.source.answers.get(address):
                del changes[address]
    order = trial.source.instrument.sort_key
    return Trial(
        source=trial.source,
        places=trial.places,
        changes={address: changes[address] for address in sorted(changes, key=order)},
        refused=refused,
        find=trial.find,
    )
