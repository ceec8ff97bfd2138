"""What UNSD asked, as a list of tasks of the country; and how many comments are open."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assessment.comment_places import comments_url, place_name, place_of, place_url
from assessment.comment_queries import (
    Place,
    Point,
    Thread,
    open_threads,
    points_of,
    sections_by_question,
    side_of,
    threads_shown,
)
from assessment.models import Response, Side, Transition, User
from assessment.queries import Held, Reading
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument


class TaskState(enum.StrEnum):
    TO_DO = "to_do"
    REPLIED = "replied"
    CHANGED = "changed"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Task:
    """One point of the review; `url` leads to its cell, `reply_url` to its thread."""

    thread: Thread
    place: Place
    name: str
    url: str
    reply_url: str
    state: TaskState

    @property
    def is_done(self) -> bool:
        return self.state is not TaskState.TO_DO

    @property
    def is_left(self) -> bool:
        """Whether it holds up the next submission."""
        return self.thread.thread.must_settle and not self.is_done


@dataclass(frozen=True, slots=True)
class TaskList:
    """Tasks, those first that must be settled; `done` of them are done."""

    tasks: tuple[Task, ...] = ()

    @property
    def done(self) -> int:
        return sum(task.is_done for task in self.tasks)

    @property
    def left(self) -> tuple[Task, ...]:
        return tuple(task for task in self.tasks if task.is_left)

    @property
    def to_do_by_section(self) -> Counter[str]:
        """How many are still to do in each section."""
        return Counter(t.place.section.code for t in self.tasks if not t.is_done)


def tasks_of(
    response: Response,
    instrument: Instrument,
    threads: Sequence[Thread],
    held: Mapping[Address, Held],
    since: datetime | None = None,
) -> TaskList:
    """Return what UNSD asked and is open, and what it resolved after `since`.

    `held` are the live answers. At most one query.
    """
    asked = [thread for thread in threads if thread.thread.side == Side.UNSD]
    points = points_of(asked, sections_by_question(instrument), held)
    found = [_task(response, instrument, p.thread, _state(p)) for p in points]
    found += [
        _task(response, instrument, thread, TaskState.RESOLVED)
        for thread in asked
        if _is_resolved_after(thread, since)
    ]
    return TaskList(tuple(sorted(found, key=lambda task: _order(instrument, task))))


def _is_resolved_after(thread: Thread, since: datetime | None) -> bool:
    at = thread.thread.resolved_at
    return at is not None and since is not None and at > since and bool(thread.standing)


def _state(point: Point) -> TaskState:
    if point.has_change:
        return TaskState.CHANGED
    return TaskState.REPLIED if point.has_reply else TaskState.TO_DO


def _task(
    response: Response, instrument: Instrument, thread: Thread, state: TaskState
) -> Task:
    place = place_of(instrument, thread.thread)
    return Task(
        thread=thread,
        place=place,
        name=place_name(instrument, place),
        url=place_url(response, instrument, place),
        reply_url=f"{comments_url(response, place)}#thread-{thread.thread.pk}",
        state=state,
    )


def _order(instrument: Instrument, task: Task) -> tuple[object, ...]:
    sections = [section.code for section in instrument.sections]
    address = task.place.address
    where = instrument.sort_key(address) if address.question else (-1,)
    return (
        not task.thread.thread.must_settle,
        sections.index(task.place.section.code),
        where,
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """Open comments of a response; `waiting` of them wait for the reader's side."""

    open: int
    waiting: int
    by_section: Counter[str]


def tally_of(threads: Iterable[Thread], side: str) -> Tally:
    opened = [thread for thread in threads if thread.is_open]
    return Tally(
        open=len(opened),
        waiting=sum(thread.turn == side for thread in opened),
        by_section=Counter(thread.thread.section for thread in opened),
    )


@dataclass(frozen=True, slots=True)
class SaidOnHub:
    """What the hub and the check page say of comments.

    `asked` are the tasks of the country, for its own people while they can answer;
    `open_points` all that is open, for whoever returns or accepts; `has_begun` whether
    the latest submission was commented on.
    """

    asked: TaskList
    tally: Tally
    open_points: tuple[Task, ...]
    has_begun: bool

    @property
    def to_return(self) -> tuple[Task, ...]:
        """What a return asks of the country without a further word."""
        return tuple(
            task for task in self.open_points if task.thread.thread.side == Side.UNSD
        )


def said_on_hub(
    user: User,
    response: Response,
    reading: Reading,
    transitions: Sequence[Transition] = (),
) -> SaidOnHub:
    """Return it; `transitions` newest first. Two queries at most, none without comments."""
    threads = threads_shown(response)
    side, asked = side_of(user, response), TaskList()
    if response.is_editable and side == Side.COUNTRY:
        since = _last(transitions, "returned")
        asked = tasks_of(response, reading.instrument, threads, reading.held, since)
    return said_of(side, response, reading.instrument, threads, asked, transitions)


def said_of(
    side: str,
    response: Response,
    instrument: Instrument,
    threads: Sequence[Thread],
    asked: TaskList | None = None,
    transitions: Iterable[Transition] = (),
) -> SaidOnHub:
    """Return the same of threads that were read already. No query."""
    return SaidOnHub(
        asked=asked or TaskList(),
        tally=tally_of(threads, side),
        open_points=tuple(
            _task(response, instrument, thread, TaskState.TO_DO)
            for thread in open_threads(threads)
        ),
        has_begun=has_begun(threads, _last(transitions, "submitted")),
    )


def _last(transitions: Iterable[Transition], status: str) -> datetime | None:
    """Return when the response came to a status last."""
    return next((t.made_at for t in transitions if t.to_status == status), None)


def has_begun(threads: Iterable[Thread], since: datetime | None) -> bool:
    """Whether UNSD commented on what was submitted at `since`."""
    return since is not None and any(
        said.side == Side.UNSD and said.at >= since
        for thread in threads
        for said in thread.standing
    )
