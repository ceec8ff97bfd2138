"""Who in the country has concurred and cleared, who is expected to, and what has changed."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone

from assessment.comparison import Change, differences, ordered
from assessment.delegation_queries import running_delegations
from assessment.hub import name_of, section_of
from assessment.institution_queries import Directory, directory_of, name_key
from assessment.models import (
    AnswerRevision,
    Clearance,
    Delegation,
    Institution,
    Response,
    User,
)
from assessment.parts import Place, normal, parts_over, place_of
from assessment.queries import Held, Reading
from assessment.records import canonical_text, sha256_of
from questionnaire.addresses import Address
from questionnaire.conditions import is_blank
from questionnaire.instrument import Instrument, Section, Value

# The day begins here first: what is signed today is nowhere signed tomorrow.
EARLIEST_ZONE = datetime.timezone(datetime.timedelta(hours=14))
WHOLE = ""  # the part that is everything


def latest_day() -> datetime.date:
    """Return the last day on which something can have been signed by now."""
    return timezone.now().astimezone(EARLIEST_ZONE).date()


# What was signed


def digest_of(
    instrument: Instrument,
    answers: Mapping[Address, Value],
    parts: Collection[str] = (),
) -> str:
    """Return the SHA-256 of the answers in `parts`, of all where none are named.

    `answers` are those that count: confirmed ones. Notes and documents are answers too.
    """
    return sha256_of(
        canonical_text(
            {
                str(address): value
                for address, value in answers.items()
                if not is_blank(value) and is_within(instrument, address, parts)
            }
        )
    )


def digests_of(
    instrument: Instrument, answers: Mapping[Address, Value], parts: Iterable[str]
) -> dict[str, str]:
    """Return the digest of each part by itself; `WHOLE` is the part that is everything."""
    return {
        part: digest_of(instrument, answers, [part] if part else []) for part in parts
    }


def is_within(instrument: Instrument, address: Address, parts: Collection[str]) -> bool:
    """Return whether a cell is in `parts`; everything is where none are named."""
    return not parts or not set(parts).isdisjoint(parts_over(instrument, address))


def is_inside(
    instrument: Instrument, parts: Iterable[str], others: Iterable[str]
) -> bool:
    """Return whether `parts` add nothing to `others`."""
    theirs = list(others)
    return normal(instrument, [*parts, *theirs]) == normal(instrument, theirs)


# What stands


class State(enum.StrEnum):
    """How an expected concurrence stands."""

    MISSING = "missing"
    CURRENT = "current"
    PARTIAL = "partial"  # parts were delegated after it
    CHANGED = "changed"  # answers changed after it


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell that is not as it was when something was signed; `by` and `at` of the change."""

    address: Address
    name: str
    section: Section
    change: Change
    by: str
    at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A record that was not withdrawn; `changes` are none while it `is_current`."""

    record: Clearance
    places: tuple[Place, ...]
    is_current: bool
    changes: tuple[ChangedCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """An institution that has parts, and how it stands by them.

    `institution` is None where the institution of a person is not known: then `name` is
    the person's. `people` are the names of who has the parts, `users` their keys.
    """

    key: str
    name: str
    institution: Institution | None
    people: tuple[str, ...]
    users: frozenset[int]
    parts: tuple[str, ...]
    places: tuple[Place, ...]
    standing: Standing | None = None
    is_covered: bool = False

    @property
    def state(self) -> State:
        if self.standing is None:
            return State.MISSING
        if not self.standing.is_current:
            return State.CHANGED
        return State.CURRENT if self.is_covered else State.PARTIAL


@dataclass(frozen=True)
class Board:
    """Everything about the clearance of one response, as it stands now.

    `digest` is that of all answers; `others` concurred without being expected to.
    `withdrawn` records come newest first, `delegations` are those that run.
    """

    digest: str
    expected: tuple[Expected, ...]
    others: tuple[Standing, ...]
    head: Standing | None
    withdrawn: tuple[Clearance, ...]
    delegations: tuple[Delegation, ...]

    @property
    def missing(self) -> list[str]:
        """The names of those who have not concurred with the answers as they are."""
        return [line.name for line in self.expected if line.state is not State.CURRENT]

    @property
    def is_cleared(self) -> bool:
        return self.head is not None and self.head.is_current


def records_of(response: Response) -> list[Clearance]:
    """Return all records, withdrawn ones too, the oldest first. One query."""
    found = response.clearances.select_related("recorded_by", "withdrawn_by")
    return list(found.order_by("recorded_at", "pk"))


def standing_records(response: Response) -> list[Clearance]:
    """Return the records that stand, the oldest first. One query."""
    found = response.clearances.filter(withdrawn_at__isnull=True)
    return list(found.select_related("recorded_by").order_by("recorded_at", "pk"))


def is_current(
    record: Clearance, instrument: Instrument, answers: Mapping[Address, Value]
) -> bool:
    """Return whether the answers are still those it is about. No query."""
    return record.answers_sha256 == digest_of(instrument, answers, record.parts)


@dataclass(frozen=True, slots=True)
class Summary:
    """The head's clearance in short: the record if one stands, and whether it holds."""

    record: Clearance | None
    is_current: bool


def summary_of(response: Response, reading: Reading) -> Summary | None:
    """Return whether the answers read are cleared; None where nobody asks. One query.

    Nobody asks where the round does not, or while answers cannot be changed.
    """
    asks = response.round.asks_for_clearance and response.is_editable
    if not asks or reading.submission is not None:
        return None
    found = response.clearances.filter(
        kind=Clearance.Kind.CLEARANCE, withdrawn_at__isnull=True
    ).first()
    if found is None:
        return Summary(None, is_current=False)
    return Summary(found, is_current(found, reading.instrument, reading.answers))


def board_of(
    response: Response, reading: Reading, running: Iterable[Delegation] | None = None
) -> Board:
    """Return how the clearance stands by the live answers of `reading`.

    `running` are the delegations as they are under a lock. Two queries, one more where
    something is delegated, one more where answers changed.
    """
    records = records_of(response)
    directory = directory_of(response.country_id)
    running = running_delegations(response) if running is None else list(running)
    expected = _expected(reading.instrument, running, directory)
    standing = _standing(response, reading, records)
    concurred = [s for s in standing if s.record.is_concurrence]
    lines = [_met(reading.instrument, line, concurred, directory) for line in expected]
    met = {line.standing.record.pk for line in lines if line.standing}
    return Board(
        digest=digest_of(reading.instrument, reading.answers),
        expected=tuple(lines),
        others=tuple(s for s in concurred if s.record.pk not in met),
        head=next((s for s in standing if not s.record.is_concurrence), None),
        withdrawn=tuple(r for r in records if r.withdrawn_at is not None)[::-1],
        delegations=tuple(running),
    )


# Who is expected


@dataclass
class _Group:
    """The delegations of one institution, or of one person whose institution is unknown."""

    key: str
    institution: Institution | None
    delegations: list[Delegation] = field(default_factory=list)


def _expected(
    instrument: Instrument, delegations: Iterable[Delegation], directory: Directory
) -> list[Expected]:
    """Return who has parts: institutions, by the address of their contact, else people."""
    contacts = {i.contact_email.lower(): i for i in reversed(directory.offered)}
    groups: dict[str, _Group] = {}
    for delegation in delegations:
        address = delegation.address.lower()
        institution = contacts.get(address)
        key = f"i{institution.pk}" if institution else f"d{delegation.pk}"
        name = key if institution else address
        groups.setdefault(name, _Group(key, institution)).delegations.append(delegation)
    return [_line(instrument, group) for group in groups.values()]


def _line(instrument: Instrument, group: _Group) -> Expected:
    people = dict.fromkeys(getattr(d, "name", d.address) for d in group.delegations)
    parts = normal(instrument, [p for d in group.delegations for p in d.parts])
    return Expected(
        key=group.key,
        name=group.institution.name if group.institution else next(iter(people)),
        institution=group.institution,
        people=tuple(people),
        users=frozenset(d.user_id for d in group.delegations if d.user_id is not None),
        parts=tuple(parts),
        places=tuple(place_of(instrument, part) for part in parts),
    )


def _met(
    instrument: Instrument,
    line: Expected,
    concurred: Sequence[Standing],
    directory: Directory,
) -> Expected:
    """Return `line` with the newest concurrence that answers to it."""
    for standing in reversed(concurred):
        record = standing.record
        if _answers_to(instrument, line, record, directory):
            is_covered = not record.parts or is_inside(
                instrument, line.parts, record.parts
            )
            return replace(line, standing=standing, is_covered=is_covered)
    return line


def _answers_to(
    instrument: Instrument, line: Expected, record: Clearance, directory: Directory
) -> bool:
    """Return whether a concurrence is the one expected.

    It is the institution's by any of its names. Recorded under another name it is, if
    one of its people recorded it on what they have; and where the institution is not
    known, if it is about exactly these parts.
    """
    named = directory.find(record.institution)
    if named is not None and line.institution is not None:
        return named.pk == line.institution.pk
    if name_key(line.name) == record.key:
        return True
    if not record.parts:
        return False
    if record.recorded_by_id in line.users:
        return is_inside(instrument, record.parts, line.parts)
    return line.institution is None and set(record.parts) == set(line.parts)


# What changed since


def _standing(
    response: Response, reading: Reading, records: Iterable[Clearance]
) -> list[Standing]:
    """Return what stands, with what changed since. One query where something did."""
    found = [record for record in records if record.withdrawn_at is None]
    instrument = reading.instrument
    stale = {
        record.pk: record.recorded_at
        for record in found
        if not is_current(record, instrument, reading.answers)
    }
    revised = _revised(response, min(stale.values())) if stale else {}
    return [
        Standing(
            record=record,
            places=tuple(place_of(instrument, part) for part in record.parts),
            is_current=record.pk not in stale,
            changes=_changes(reading, revised, record) if record.pk in stale else (),
        )
        for record in found
    ]


def _revised(
    response: Response, since: datetime.datetime
) -> dict[Address, list[tuple[datetime.datetime, Held]]]:
    """Return every revision of the cells that changed after `since`. One query."""
    rows = (
        AnswerRevision.objects.filter(
            answer__response=response.pk, answer__changed_at__gt=since
        )
        .order_by("revision")
        .values_list(
            "answer__question", "answer__row", "answer__column", "value", "revision",
            "changed_by__name", "changed_at", "is_confirmed",
        )
    )  # fmt: skip
    found: dict[Address, list[tuple[datetime.datetime, Held]]] = {}
    for question, row, column, value, revision, by, at, confirmed in rows:
        cell = found.setdefault(Address(question, row, column), [])
        cell.append((at, Held(value, revision, by, at, confirmed)))
    return found


def _changes(
    reading: Reading,
    revised: Mapping[Address, Sequence[tuple[datetime.datetime, Held]]],
    record: Clearance,
) -> tuple[ChangedCell, ...]:
    """Return what is another answer than when `record` was made, in its parts."""
    instrument, before, after = reading.instrument, {}, {}
    for address, revisions in revised.items():
        if not is_within(instrument, address, record.parts):
            continue
        after[address] = reading.held[address]
        stood = [held for at, held in revisions if at <= record.recorded_at]
        if stood:
            before[address] = stood[-1]
    return tuple(
        ChangedCell(
            address=one.address,
            name=name_of(instrument, one.address),
            section=section_of(instrument, one.address),
            change=one.change,
            by=after[one.address].by,
            at=after[one.address].at,
        )
        for one in ordered(instrument, differences(before, after).values())
        if one.change is not Change.CONFIRMED
    )


def own_parts(
    instrument: Instrument, delegations: Iterable[Delegation], user: User
) -> list[str]:
    """Return what is delegated to `user` now. No query."""
    mine = (d for d in delegations if d.is_of(user))
    return normal(instrument, [part for d in mine for part in d.parts])
