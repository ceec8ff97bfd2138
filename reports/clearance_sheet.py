"""What whoever signs a clearance reads: the figures that the answers come to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from assessment.clearance_queries import digest_of, is_within
from assessment.parts import Place, place_of, progress_in, started_parts
from assessment.queries import Reading
from questionnaire.consistency import contradictions
from reports.analysis import analyse
from reports.document.structure import Level
from reports.document.wording import figure, level_of
from reports.live import Standing, standing


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section: how much is answered (0 to 100), and its score where it is printed."""

    title: str
    completeness: float
    score: str
    level: Level | None


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of an institution: how many of its required cells are answered."""

    place: Place
    answered: int
    total: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The figures to be cleared, as the report of a submission would print them.

    `digest` is that of the answers concerned, `changed_at` when one of them changed last.
    """

    digest: str
    changed_at: datetime | None
    standing: Standing
    sections: tuple[SectionLine, ...]
    parts: tuple[PartLine, ...]
    missing: int
    errors: int
    warnings: int


def sheet_of(reading: Reading, parts: Collection[str] = ()) -> Sheet:
    """Return the sheet of the whole, or of an institution's `parts`. No query."""
    analysis = analyse(reading.instrument, reading.answers)
    instrument, state = reading.instrument, reading.state
    found = contradictions(state)
    concerned = [
        held.at
        for address, held in reading.held.items()
        if is_within(instrument, address, parts)
    ]
    levels = len(instrument.maturity_levels)
    started = started_parts(state)
    progress = [
        (place_of(instrument, p), progress_in(state, [p], started)) for p in parts
    ]
    return Sheet(
        digest=digest_of(instrument, reading.answers, parts),
        changed_at=max(concerned, default=None),
        standing=standing(analysis, is_draft=False),
        sections=tuple(
            SectionLine(
                title=group.title,
                completeness=group.completeness or 0.0,
                score=figure(group.score.final) if group.is_publishable else "",
                level=level_of(group.level, levels)
                if group.level and group.is_publishable
                else None,
            )
            for group in analysis.sections.values()
        ),
        parts=tuple(PartLine(at, one.answered, one.total) for at, one in progress),
        missing=len(state.missing()),
        errors=sum(c.rule.is_error for c in found),
        warnings=sum(not c.rule.is_error for c in found),
    )
