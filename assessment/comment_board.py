"""Comments and notes of a response, sorted by the places of a page that shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from assessment.comment_queries import Place, Thread
from assessment.models import InternalNote, Response
from questionnaire.addresses import Address
from questionnaire.instrument import Section


@dataclass(frozen=True, slots=True)
class CommentsAt:
    """What was said of one place and within it; `url` is its fragment.

    `notes` are empty for everybody but people at UNSD.
    """

    place: Place
    url: str
    threads: tuple[Thread, ...]
    notes: tuple[InternalNote, ...]

    @property
    def anchor(self) -> str:
        return f"comments-{self.place}"

    @property
    def open_count(self) -> int:
        return sum(thread.is_open for thread in self.threads)


class Board:
    """`notes` as `comment_queries.notes_for` returned them for the reader. No query."""

    def __init__(
        self,
        response: Response,
        threads: Sequence[Thread],
        notes: Sequence[InternalNote] = (),
    ) -> None:
        self.response = response
        self._threads: dict[tuple[str, str], list[Thread]] = defaultdict(list)
        for thread in threads:
            if thread.standing:
                key = (thread.thread.section, thread.thread.question)
                self._threads[key].append(thread)
        self._notes: dict[tuple[str, str], list[InternalNote]] = defaultdict(list)
        for note in notes:
            self._notes[note.section, note.question].append(note)

    def of_section(self, section: Section) -> CommentsAt:
        """Return what was said of the section as a whole."""
        return self._at(Place(section, Address("")))

    def of_question(self, section: Section, question: str) -> CommentsAt:
        """Return what was said of a question, its rows and its cells."""
        return self._at(Place(section, Address(question)))

    def _at(self, place: Place) -> CommentsAt:
        key = (place.section.code, place.address.question)
        country, round_ = self.response.country, self.response.round
        return CommentsAt(
            place=place,
            url=reverse(
                "assessment:comments_at",
                args=[country.iso3, round_.code, str(place)],
            ),
            threads=tuple(self._threads.get(key, ())),
            notes=tuple(self._notes.get(key, ())),
        )
