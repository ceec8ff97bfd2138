"""Institutions: which there are, where answers name them, and who holds what.

Answers keep names as text; an institution is found by its name, its short name or one of
its other names, whatever the capitals and spaces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from assessment.compiled import Compiled, given
from assessment.models import Institution, InstitutionChange, Response
from assessment.permissions import EDITABLE
from assessment.queries import (
    Held,
    held_answers,
    instrument_of,
    responses_with_instrument,
)
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Section, Value

LOOKUP = "institution"


def clean_name(text: str) -> str:
    """Return a name on one line, NFC."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def name_key(text: str) -> str:
    """Return what two spellings of one name have in common."""
    return clean_name(text).casefold()


@dataclass(frozen=True)
class Directory:
    """The institutions of a country, by name; merged ones live on as other names."""

    institutions: tuple[Institution, ...]

    @cached_property
    def by_key(self) -> Mapping[str, Institution]:
        return {
            name_key(name): institution
            for institution in self.institutions
            for name in institution.names
        }

    @property
    def offered(self) -> tuple[Institution, ...]:
        return tuple(i for i in self.institutions if i.retired_at is None)

    def find(self, name: Value) -> Institution | None:
        return self.by_key.get(name_key(name)) if isinstance(name, str) else None


_LISTED = Compiled(
    lambda: (
        Institution.objects.filter(country=given("country"), merged_into__isnull=True)
        .select_related("parent")
        .order_by("name")
    )
)


def directory_of(country_id: int) -> Directory:
    """Return the institutions of a country, those merged left out. One query."""
    return Directory(tuple(_LISTED.objects(country=country_id)))


def changes_of(institution: Institution) -> list[InstitutionChange]:
    """Return what happened to an institution, newest first. One query."""
    changes = institution.changes.select_related("changed_by")
    return list(changes.order_by("-changed_at", "-pk"))


# In answers


def asks_for_institutions(section: Section) -> bool:
    return any(
        q.lookup == LOOKUP or any(column.lookup == LOOKUP for column in q.columns)
        for q in section.questions
    )


def is_lookup(instrument: Instrument, address: Address) -> bool:
    cell = instrument.cell(address)
    return cell is not None and cell.lookup == LOOKUP


def named_in(
    instrument: Instrument, held: Mapping[Address, Held]
) -> Iterator[tuple[Address, str]]:
    """Yield the cells in which an institution is named, in the order of the instrument."""
    named = [
        (address, one.value)
        for address, one in held.items()
        if isinstance(one.value, str) and one.value and is_lookup(instrument, address)
    ]
    yield from sorted(named, key=lambda found: instrument.sort_key(found[0]))


@dataclass(frozen=True, slots=True)
class Named:
    """A name in answers and the cells it stands in."""

    name: str
    cells: tuple[Address, ...]


@dataclass(frozen=True)
class Usage:
    """Where a response names institutions: by institution, and those not listed yet."""

    by_institution: Mapping[int, tuple[Address, ...]]
    unlisted: tuple[Named, ...]


def usage_in(
    instrument: Instrument, held: Mapping[Address, Held], directory: Directory
) -> Usage:
    """Return where the answers read name institutions. No query."""
    used: dict[int, list[Address]] = {}
    unlisted: dict[str, list[Address]] = {}
    spelt: dict[str, str] = {}
    for address, text in named_in(instrument, held):
        institution = directory.find(text)
        if institution is not None:
            used.setdefault(institution.pk, []).append(address)
        else:
            key = name_key(text)
            spelt.setdefault(key, clean_name(text))
            unlisted.setdefault(key, []).append(address)
    return Usage(
        {pk: tuple(cells) for pk, cells in used.items()},
        tuple(
            Named(spelt[key], tuple(cells)) for key, cells in sorted(unlisted.items())
        ),
    )


# What a new name changes


@dataclass(frozen=True, slots=True)
class Place:
    """A cell whose text changes from `before` to `after`; `held` is what stands there."""

    address: Address
    before: str
    after: str
    held: Held


@dataclass(frozen=True, slots=True)
class PlacesIn:
    """The cells of one response that a new name changes."""

    response: Response
    instrument: Instrument
    places: tuple[Place, ...]


def places_in(response: Response, names: Mapping[str, str]) -> PlacesIn:
    """Return the cells that change if each key of `names` is now called otherwise.

    One query.
    """
    instrument = instrument_of(response)
    held = held_answers(response)
    places = [
        Place(address, text, names[name_key(text)], held[address])
        for address, text in named_in(instrument, held)
        if names.get(name_key(text), text) != text
    ]
    return PlacesIn(response, instrument, tuple(places))


def open_responses_of(country_id: int) -> list[Response]:
    """Return the responses of a country in which answers can change now. One query."""
    return list(
        responses_with_instrument()
        .filter(
            country=country_id,
            status__in=list(EDITABLE),
            round__opened_at__isnull=False,
            round__closed_at__isnull=True,
        )
        .order_by("round__year", "pk")
    )


def places_of(country_id: int, names: Mapping[str, str]) -> list[PlacesIn]:
    """Return every place that a new name changes. One query and one a response."""
    found = (places_in(r, names) for r in open_responses_of(country_id))
    return [in_response for in_response in found if in_response.places]


def new_names(
    names: Iterable[str], name: str, *, keep: Iterable[str] = ()
) -> dict[str, str]:
    """Return the keys of `names`, but for those of `keep`, each with the new name."""
    kept = {name_key(text) for text in keep}
    return {key: name for key in map(name_key, names) if key and key not in kept}
