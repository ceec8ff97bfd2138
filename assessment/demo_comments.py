"""Comments of the demonstration, each made when its response stands where it is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml
from django.conf import settings

from assessment.comment_queries import Place, place_in
from assessment.models import CommentThread, Response, User
from assessment.queries import instrument_of
from assessment.services.comments import open_thread, reply, write_note

DRAFT, REVIEWED, RETURNED = "draft", "reviewed", "returned"


class DemoComments:
    """Says what the demonstration has of one response; `person` finds people by role."""

    def __init__(self, response: Response, person: Callable[[str], User]) -> None:
        self.response = response
        self.person = person
        self.threads: list[tuple[CommentThread, dict[str, Any]]] = []
        path = settings.BASE_DIR / f"fixtures/demo/comments_{response.round.code}.yaml"
        self.found: dict[str, list[dict[str, Any]]] = (
            yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
            if path.exists()
            else {}
        )

    def say(self, when: str) -> None:
        """Make what is made now: threads, replies in earlier ones, officers' notes."""
        for entry in self._of("comments"):
            if entry["when"] == when:
                self.threads.append((self._open(entry), entry))
        for thread, entry in self.threads:
            for said in entry.get("replies", []):
                if said["when"] == when:
                    reply(thread=thread, text=said["text"], by=self.person(said["by"]))
        for entry in self._of("notes"):
            if entry["when"] == when:
                write_note(
                    response=self.response,
                    place=self._place(entry),
                    text=entry["text"],
                    by=self.person("officer"),
                )

    def _of(self, name: str) -> list[dict[str, Any]]:
        iso3 = self.response.country.iso3
        return [entry for entry in self.found.get(name, []) if entry["iso3"] == iso3]

    def _open(self, entry: dict[str, Any]) -> CommentThread:
        return open_thread(
            response=self.response,
            place=self._place(entry),
            kind=entry.get("kind", CommentThread.Kind.QUESTION),
            must_settle=entry.get("must_settle", False),
            text=entry["text"],
            by=self.person(entry["by"]),
        )

    def _place(self, entry: dict[str, Any]) -> Place:
        place = place_in(instrument_of(self.response), entry["place"])
        assert place is not None  # noqa: S101  the fixture names known places
        return place
