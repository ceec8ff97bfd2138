"""Pages of review over answers of the instrument's files, without a database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from assessment.comment_board import Rights
from assessment.comment_queries import Said, Thread
from assessment.models import (
    CommentThread,
    Country,
    InternalNote,
    Response,
    Round,
    Submission,
    User,
)
from questionnaire.addresses import Address
from questionnaire.instrument import Value
from reports.queries import ReviewSource
from reports.review import ReviewFilters, ReviewPage
from reports.sources import PreviousRound
from tests.instruments import Answers, nmdc
from tests.report_sources import submission as source_of

AT = datetime(2026, 3, 5, 14, 2, tzinfo=UTC)


def recorded(
    number: int, answers: Answers, revisions: Mapping[str, int] | None = None
) -> Submission:
    """Return a submission that froze `answers`, each at revision 1 unless it is said."""
    found = revisions or {}
    cells = [
        {**address._asdict(), "value": value, "revision": found.get(str(address), 1)}
        for address, value in answers.items()
    ]
    return Submission(
        number=number,
        canonical_json=json.dumps({"answers": cells}),
        submitted_at=AT,
        submitted_by=User(name="Ana Quispe"),
    )


def review(
    answers: Answers,
    before: Answers | None = None,
    filters: ReviewFilters | None = None,
    *,
    revisions: Mapping[str, int] | None = None,
    threads: Sequence[Thread] = (),
    notes: Sequence[InternalNote] = (),
    earlier: Answers | None = None,
    **changes: Any,
) -> ReviewPage:
    """Return the page over submission 2 of Peru; `before` is what submission 1 held.

    `earlier` are the answers of the accepted round 2021.
    """
    if earlier is not None:
        changes["previous"] = PreviousRound("2021", "Round", 2021, nmdc(), earlier)
    found = ReviewSource(
        response=Response(country=Country(iso3="PER"), round=Round(code="2025")),
        source=source_of("PER", answers, **changes),
        submission=recorded(2, answers, revisions),
        before=None if before is None else recorded(1, before),
        threads=list(threads),
        notes=list(notes),
        rights=Rights(),
    )
    return ReviewPage(found, filters or ReviewFilters())


def thread(question: str, *, is_resolved: bool = False, section: str = "") -> Thread:
    """Return a question of UNSD about `question`, or about a section as a whole."""
    code = section or nmdc().question_by_code[question].section
    said = Said(1, "unsd", "Why?", "Officer", 1, AT, 2, 1, is_withdrawn=False)
    return Thread(
        CommentThread(
            section=code,
            question=question,
            kind="question",
            side="unsd",
            resolved_at=AT if is_resolved else None,
        ),
        (said,),
    )


def note(question: str) -> InternalNote:
    section = nmdc().question_by_code[question].section
    return InternalNote(
        section=section, question=question, text="Ask the desk.", written_at=AT
    )


def with_changes(answers: Answers, changes: Mapping[str, Value]) -> Answers:
    """Return a copy with other values; None takes one out."""
    changed = answers | {Address.parse(cell): v for cell, v in changes.items()}
    return {cell: value for cell, value in changed.items() if value is not None}
