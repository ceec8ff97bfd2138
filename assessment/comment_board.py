"""Comments and notes of a response, sorted by the places of a page that shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.urls import reverse

from assessment.comment_places import (
    all_comments_url,
    comments_within,
    place_name,
    place_of,
    place_url,
)
from assessment.comment_queries import (
    Place,
    Said,
    Thread,
    notes_shown,
    side_of,
    threads_shown,
)
from assessment.models import CommentThread, InternalNote, Response, User
from assessment.permissions import Action, may
from assessment.queries import instrument_of
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Section


@dataclass(frozen=True, slots=True)
class Rights:
    """What the reader may do with comments; `sees` whether answers can be opened."""

    person: int = 0
    side: str = ""
    sees: bool = False
    begins: bool = False
    replies: bool = False
    resolves: bool = False
    notes: bool = False


def rights_of(user: User, response: Response) -> Rights:
    """Return what `user` may do with the comments of a response now. At most one query."""
    return Rights(
        person=user.pk,
        side=side_of(user, response),
        sees=may(user, Action.VIEW, response),
        begins=may(user, Action.COMMENT, response),
        replies=may(user, Action.REPLY, response),
        resolves=may(user, Action.RESOLVE, response),
        notes=may(user, Action.NOTE, response),
    )


@dataclass(frozen=True, slots=True)
class SaidLine:
    said: Said
    can_withdraw: bool


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A thread as a page shows it; `where` is empty if it is about the place itself."""

    thread: Thread
    said: tuple[SaidLine, ...]
    where: str
    where_url: str
    can_reply: bool
    can_resolve: bool
    can_reopen: bool

    @property
    def pk(self) -> int:
        return self.thread.thread.pk

    @property
    def box(self) -> str:
        """The id of the thread on a page, and the beginning of those within."""
        return f"thread-{self.pk}"

    @property
    def form_id(self) -> str:
        return f"{self.box}-form"


@dataclass(frozen=True, slots=True)
class NoteLine:
    note: InternalNote
    where: str
    where_url: str
    can_withdraw: bool


class Choice(NamedTuple):
    """A row or cell that a new comment can be about."""

    value: str
    label: str


@dataclass(frozen=True)
class CommentsAt:
    """What was said of one place and within it; `url` is its fragment.

    `all_url` is the page with everything said of the response.
    `notes` are empty for everybody but people at UNSD.
    """

    place: Place
    url: str
    all_url: str
    threads: tuple[Thread, ...]
    notes: tuple[InternalNote, ...]
    response: Response
    instrument: Instrument
    rights: Rights
    choices: tuple[tuple[str, tuple[Choice, ...]], ...] = ()
    chosen: str = ""

    @property
    def anchor(self) -> str:
        return f"comments-{self.place}"

    @property
    def name(self) -> str:
        return place_name(self.instrument, self.place)

    @property
    def kinds(self) -> list[tuple[str, Any]]:
        return CommentThread.Kind.choices

    @property
    def place_url(self) -> str:
        return place_url(self.response, self.instrument, self.place)

    @property
    def page_url(self) -> str:
        """The page with everything said here, and where to write."""
        return comments_within(self.all_url, self.place)

    @property
    def open_count(self) -> int:
        return sum(thread.is_open for thread in self.threads)

    @cached_property
    def lines(self) -> list[ThreadLine]:
        return [self._line(thread) for thread in self.threads]

    @property
    def open_lines(self) -> list[ThreadLine]:
        return [line for line in self.lines if line.thread.is_open]

    @cached_property
    def note_lines(self) -> list[NoteLine]:
        return [
            NoteLine(
                note,
                *self._where(note),
                can_withdraw=self.rights.notes
                and note.written_by_id == self.rights.person,
            )
            for note in self.notes
        ]

    def _line(self, thread: Thread) -> ThreadLine:
        rights = self.rights
        where, where_url = self._where(thread.thread)
        return ThreadLine(
            thread=thread,
            said=tuple(
                SaidLine(said, rights.replies and said.by_pk == rights.person)
                for said in thread.standing
            ),
            where=where,
            where_url=where_url,
            can_reply=rights.replies and not thread.is_resolved,
            can_resolve=rights.resolves and thread.is_open,
            can_reopen=rights.resolves and thread.is_resolved,
        )

    def _where(self, placed: Any) -> tuple[str, str]:
        place = place_of(self.instrument, placed)
        if place.address == self.place.address:
            return "", ""
        url = place_url(self.response, self.instrument, place)
        return place_name(self.instrument, place), url if self.rights.sees else ""


class Board:
    """`notes` as `comment_queries.notes_for` returned them for the reader. No query.

    Without `rights` comments can only be read.
    """

    def __init__(
        self,
        response: Response,
        threads: Sequence[Thread],
        notes: Sequence[InternalNote] = (),
        rights: Rights | None = None,
        instrument: Instrument | None = None,
    ) -> None:
        self.response = response
        self.instrument = instrument or instrument_of(response)
        self.rights = rights or Rights()
        self.threads = [thread for thread in threads if thread.standing]
        self._threads: dict[tuple[str, str], list[Thread]] = defaultdict(list)
        for thread in self.threads:
            key = (thread.thread.section, thread.thread.question)
            self._threads[key].append(thread)
        self._notes: dict[tuple[str, str], list[InternalNote]] = defaultdict(list)
        for note in notes:
            self._notes[note.section, note.question].append(note)

    def of_section(self, section: Section) -> CommentsAt:
        """Return what was said of the section as a whole."""
        return self.at(Place(section, Address("")))

    def of_question(self, section: Section, question: str) -> CommentsAt:
        """Return what was said of a question, its rows and its cells."""
        return self.at(Place(section, Address(question)))

    def at(
        self,
        place: Place,
        choices: Sequence[tuple[str, tuple[Choice, ...]]] = (),
        chosen: str = "",
    ) -> CommentsAt:
        key = (place.section.code, place.address.question)
        country, round_ = self.response.country, self.response.round
        return CommentsAt(
            place=place,
            url=reverse(
                "assessment:comments_at",
                args=[country.iso3, round_.code, str(place)],
            ),
            all_url=self._all_url,
            threads=tuple(self._threads.get(key, ())),
            notes=tuple(self._notes.get(key, ())),
            response=self.response,
            instrument=self.instrument,
            rights=self.rights,
            choices=tuple(choices),
            chosen=chosen,
        )

    @cached_property
    def _all_url(self) -> str:
        return all_comments_url(self.response)

    def sections(self) -> Iterator[tuple[Section, list[CommentsAt]]]:
        """Yield the sections of which something was said, with the places in each."""
        said = set(self._threads) | set(self._notes)
        for section in self.instrument.sections:
            codes = ["", *(question.code for question in section.questions)]
            found = [
                self.of_question(section, code)
                for code in codes
                if (section.code, code) in said
            ]
            if found:
                yield section, found

    @cached_property
    def _open_by_address(self) -> dict[Address, int]:
        return {
            thread.thread.address: thread.thread.pk
            for thread in reversed(self.threads)
            if thread.is_open
        }

    def open_at(self, address: Address) -> int:
        """Return the first open thread on exactly this row or cell, 0 if there is none."""
        return self._open_by_address.get(address, 0)


def board_for(user: User, response: Response) -> Board:
    """Return what `user` reads and may do. Two queries at most, none where nothing is."""
    return Board(
        response,
        threads_shown(response),
        notes_shown(user, response),
        rights_of(user, response),
    )
