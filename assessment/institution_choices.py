"""What the field of an institution offers in an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assessment.institution_queries import (
    asks_for_institutions,
    directory_of,
    usage_in,
)
from assessment.models import Institution, Response
from assessment.queries import Reading
from questionnaire.instrument import Section


@dataclass(frozen=True, slots=True)
class Offered:
    """The institutions listed, and names that answers use though they are not."""

    institutions: Sequence[Institution] = ()
    unlisted: Sequence[str] = ()

    @property
    def names(self) -> list[str]:
        """Names for a plain list, in alphabetical order."""
        return sorted({i.name for i in self.institutions} | set(self.unlisted))

    @property
    def script_data(self) -> list[dict[str, Any]]:
        listed = [
            {"name": i.name, "short": i.short_name, "also": i.aliases, "listed": True}
            for i in self.institutions
        ]
        others = [
            {"name": name, "short": "", "also": [], "listed": False}
            for name in self.unlisted
        ]
        return listed + others


def offered_in(section: Section, reading: Reading, response: Response) -> Offered:
    """Return what the fields of `section` offer: nothing if it has none. One query."""
    if not asks_for_institutions(section):
        return Offered()
    directory = directory_of(response.country_id)
    usage = usage_in(reading.instrument, reading.held, directory)
    return Offered(directory.offered, [named.name for named in usage.unlisted])
