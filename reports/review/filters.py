"""What a reviewer wants to see of a response: kinds of questions, and one section."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from questionnaire.instrument import Instrument


class Flag(enum.StrEnum):
    """A reason to look at a question; the value stands in the address of the page."""

    CHANGED = "changed"
    OPEN = "open"
    COMMENTED = "commented"
    CONTRADICTORY = "contradictory"
    LOW = "low"
    UNANSWERED = "unanswered"
    DONT_KNOW = "dk"


def labels() -> dict[Flag, str]:
    return {
        Flag.CHANGED: _("Changed"),
        Flag.OPEN: _("With an open point"),
        Flag.COMMENTED: _("With any comment"),
        Flag.CONTRADICTORY: _("Contradictory"),
        Flag.LOW: _("Scored low"),
        Flag.UNANSWERED: _("Not answered"),
        Flag.DONT_KNOW: _("Do not know"),
    }


@dataclass(frozen=True, slots=True)
class ReviewFilters:
    """`section` is the code of the only one to show, empty for all.

    Of several flags a question needs all, or, with `is_any`, one of them.
    """

    flags: frozenset[Flag] = frozenset()
    section: str = ""
    is_any: bool = False

    @classmethod
    def parse(cls, data: QueryDict, instrument: Instrument) -> ReviewFilters:
        """Return what the address asks for; what does not exist filters nothing."""
        asked = data.getlist("show")
        section = data.get("section", "").upper()
        return cls(
            flags=frozenset(flag for flag in Flag if flag.value in asked),
            section=section if section in instrument.section_by_code else "",
            is_any=data.get("match") == "any",
        )

    @property
    def is_filtering(self) -> bool:
        return bool(self.flags or self.section)

    def fits(self, flags: Collection[Flag]) -> bool:
        """Whether a question with `flags` is shown in its section."""
        if not self.flags:
            return True
        check = any if self.is_any else all
        return check(flag in flags for flag in self.flags)

    def has_section(self, code: str) -> bool:
        return self.section in ("", code)

    def within(self, section: str) -> ReviewFilters:
        """Return the same for one section, or, of an empty code, for all."""
        return replace(self, section=section)

    @property
    def query(self) -> str:
        """The filters as the end of an address, `?` included; empty for none."""
        pairs = [("show", flag.value) for flag in Flag if flag in self.flags]
        if self.is_any:
            pairs.append(("match", "any"))
        if self.section:
            pairs.append(("section", self.section))
        return f"?{urlencode(pairs)}" if pairs else ""
