"""What the overview and the page of delegations show of them. Nothing here asks or writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessment.models import Delegation, User
from assessment.parts import (
    Place,
    Progress,
    Uncovered,
    place_of,
    progress_in,
    row_code,
    started_parts,
    uncovered,
)
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Question, Section
from questionnaire.states import ResponseState

DONE = "done"
OVERDUE = "overdue"
NOT_STARTED = "not_started"
IN_PROGRESS = "in_progress"
ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Line:
    """One delegation with what is answered of it.

    `is_gone` means a person who left the team, `is_awaited` one who has not come yet.
    """

    delegation: Delegation
    name: str
    places: tuple[Place, ...]
    progress: Progress
    status: str
    is_gone: bool = False
    is_awaited: bool = False


def lines_of(
    state: ResponseState,
    delegations: Iterable[Delegation],
    members: Collection[User] | None = None,
) -> list[Line]:
    """Return delegations from `delegations_of` as lines; `members` tell who is here."""
    started = started_parts(state)
    people = None if members is None else {user.pk for user in members}
    addresses = {user.email for user in members or ()}
    return [
        _line(
            state,
            delegation,
            started,
            is_gone=_is_gone(delegation, people),
            is_awaited=bool(delegation.email) and delegation.email not in addresses,
        )
        for delegation in delegations
    ]


def _is_gone(delegation: Delegation, people: set[int] | None) -> bool:
    has_person = people is not None and delegation.user_id is not None
    return has_person and delegation.user_id not in (people or ())


def _line(
    state: ResponseState,
    delegation: Delegation,
    started: set[str],
    *,
    is_gone: bool,
    is_awaited: bool,
) -> Line:
    progress = progress_in(state, delegation.parts, started)
    status = IN_PROGRESS if progress.has_any else NOT_STARTED
    if progress.total and progress.is_complete:
        status = ANSWERED
    if delegation.done_at is not None:
        status = DONE
    elif delegation.is_overdue:
        status = OVERDUE
    return Line(
        delegation=delegation,
        name=getattr(delegation, "name", delegation.address),
        places=tuple(place_of(state.instrument, part) for part in delegation.parts),
        progress=progress,
        status=status,
        is_gone=is_gone,
        is_awaited=is_awaited,
    )


@dataclass(frozen=True, slots=True)
class OwnPart:
    """The parts of one person, and where they go on: a cell and its section."""

    lines: tuple[Line, ...] = ()
    next_at: Address | None = None
    next_section: Section | None = None

    @property
    def is_done(self) -> bool:
        return all(line.status == DONE for line in self.lines)


def own_part(instrument: Instrument, lines: Iterable[Line], user: User) -> OwnPart:
    """Return what is delegated to `user`, and the first required cell still blank."""
    mine = tuple(line for line in lines if line.delegation.is_of(user))
    for line in mine:
        first = line.progress.first
        if line.status != DONE and first is not None:
            code = instrument.question_by_code[first.question].section
            return OwnPart(mine, first, instrument.section_by_code[code])
    return OwnPart(mine)


def who_by_section(lines: Iterable[Line]) -> dict[str, str]:
    """Return the people who have a section or something in it, in words."""
    found: dict[str, dict[str, bool]] = {}
    for line in lines:
        for place in line.places:
            people = found.setdefault(place.section.code, {})
            is_whole = place.code == place.section.code
            people[line.name] = people.get(line.name, False) or is_whole
    return {
        code: ", ".join(
            name if is_whole else _("%(person)s (a part)") % {"person": name}
            for name, is_whole in people.items()
        )
        for code, people in found.items()
    }


@dataclass(frozen=True, slots=True)
class Pick:
    """A part as the picker offers it; `who` has it already."""

    code: str
    name: str
    is_chosen: bool
    who: str
    inner: tuple[Pick, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether something inside is chosen and must not be folded away."""
        return any(pick.is_chosen or pick.is_open for pick in self.inner)


def picks(
    instrument: Instrument, lines: Iterable[Line], chosen: Collection[str]
) -> list[Pick]:
    """Return the sections with their questions and rows, to choose from."""
    who: dict[str, list[str]] = {}
    for line in lines:
        for part in line.delegation.parts:
            who.setdefault(part, []).append(line.name)

    def pick(code: str, name: str, inner: tuple[Pick, ...] = ()) -> Pick:
        return Pick(code, name, code in chosen, ", ".join(who.get(code, [])), inner)

    def of_question(question: Question) -> Pick:
        rows = tuple(
            pick(row_code(question.code, row.code), row.short) for row in question.rows
        )
        return pick(question.code, question.short, rows)

    return [
        pick(section.code, section.title, tuple(map(of_question, section.questions)))
        for section in instrument.sections
    ]


def left_over(instrument: Instrument, lines: Sequence[Line]) -> list[Uncovered]:
    """Return what nobody has who is still in the team."""
    here = (line for line in lines if not line.is_gone)
    return uncovered(instrument, {p for line in here for p in line.delegation.parts})


def without_part(lines: Sequence[Line], contributors: Iterable[User]) -> list[User]:
    """Return the contributors to whom nothing is delegated."""
    return [
        user
        for user in contributors
        if not any(line.delegation.is_of(user) for line in lines)
    ]
