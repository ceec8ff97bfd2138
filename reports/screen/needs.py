"""The needs of a chapter in the order of their gaps, and by class."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.document.needs import class_marks
from reports.document.reader import Reader
from reports.document.structure import GapRow, NeedChapter
from reports.document.wording import figure
from reports.screen.structure import ClassNeeds


def ranked(reader: Reader, chapter: NeedChapter) -> tuple[GapRow, ...]:
    """Return the needs of the chapter, the most severe gap first."""
    order = {
        code: place
        for place, code in enumerate(
            (*reader.analysis.gap_order, *reader.analysis.without_gap)
        )
    }
    rows = [row for group in chapter.groups for row in group.rows]
    return tuple(sorted(rows, key=lambda row: order[row.ref.code]))


def class_needs(reader: Reader, chapter: NeedChapter) -> tuple[ClassNeeds, ...]:
    """Return the classes that occur with the needs in each, the most severe first."""
    rows = ranked(reader, chapter)
    found = []
    for mark in class_marks(reader).values():
        inside = tuple(row for row in rows if row.gap_class == mark)
        if inside:
            share = figure(100 * len(inside) / len(rows), 0)
            found.append(ClassNeeds(mark, _("%(share)s%%") % {"share": share}, inside))
    return tuple(found)
