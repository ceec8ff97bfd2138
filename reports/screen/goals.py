"""The goals of the report with an address that tries out what they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.document.reader import Reader
from reports.document.structure import GoalView
from reports.screen.structure import GoalLine
from reports.what_if.trial import LONGEST_QUERY, Trial


def goal_lines(reader: Reader, views: Sequence[GoalView]) -> tuple[GoalLine, ...]:
    """Return the goals as the document has them, none where it sets none."""
    return tuple(_lines(reader, views))


def _lines(reader: Reader, views: Sequence[GoalView]) -> Iterator[GoalLine]:
    if not views:
        return
    for view, goal in zip(views, reader.goals, strict=True):
        changes = {
            change.address: change.value
            for step in goal.improvements
            for change in step.changes
        }
        query = Trial(reader.source, (), changes).query(submission=None)
        yield GoalLine(view, query[1:] if len(query) <= LONGEST_QUERY else "")
