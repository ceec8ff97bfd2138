"""Signs and words of what a reviewer should look at: colour never stands alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.compared import LABELS, SIGNS
from assessment.comparison import Change
from questionnaire.addresses import RESERVED_COLUMNS, Address
from questionnaire.instrument import Question
from reports.document.structure import Mark
from reports.review.filters import Flag
from reports.review.structure import Tag

Cells = Sequence[Address]


def mark_of_contradiction(*, is_error: bool) -> Mark:
    if is_error:
        return Mark("■", _("Contradiction"), "error")
    return Mark("▲", _("To check"), "warning")


def tags(
    question: Question,
    flags: Collection[Flag],
    changes: Mapping[Change, Cells],
    *,
    blank: Cells,
    unknown: Cells,
) -> Iterator[Tag]:
    """Yield the reasons to look at a question, each with the cells concerned."""
    for kind in Change:
        yield from _tag(question, SIGNS[kind], str(LABELS[kind]), kind, changes[kind])
    if Flag.CONTRADICTORY in flags:
        yield Tag("▲", _("Contradictory"), "contradictory")
    if Flag.LOW in flags:
        yield Tag("○", _("Scored low"), "low")
    yield from _tag(question, "□", _("Not answered"), "unanswered", blank)
    yield from _tag(question, "?", _("Do not know"), "dk", unknown)


def _tag(
    question: Question, sign: str, label: str, kind: str, cells: Cells
) -> Iterator[Tag]:
    """Yield a tag of some cells, with their number where they are several."""
    if not cells:
        return
    if len(cells) > 1:
        text = ngettext(
            "%(label)s: %(count)d cell", "%(label)s: %(count)d cells", len(cells)
        )
        label = text % {"label": label, "count": len(cells)}
    has_place = question.is_matrix and cells[0].column not in RESERVED_COLUMNS
    yield Tag(sign, label, kind, place_of(question, cells[0]) if has_place else "")


def place_of(question: Question, address: Address) -> str:
    """Return the end of an address that leads to a cell, or else to its question."""
    has_own = question.is_matrix and address.row and address.column
    place = f"c-{address}" if has_own else f"q-{address.question}"
    return f"#{quote(place, safe='')}"
