"""Sources of reports over the demonstration answers, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from questionnaire.addresses import Address
from questionnaire.instrument import Value
from reports.sources import Kind, PreviousRound, RegionMedian, ReportSource
from tests.instruments import demo_answers, nmdc

SUBMITTED = datetime(2026, 3, 5, 14, 2, tzinfo=UTC)
NAMES = {"GEO": "Georgia", "PER": "Peru", "PRY": "Paraguay", "MEX": "Mexico"}


def submission(
    iso3: str, answers: Mapping[Address, Value] | None = None, **changes: Any
) -> ReportSource:
    """Return the source of an illustrative submission."""
    source = ReportSource(
        iso3=iso3,
        country=NAMES.get(iso3, iso3),
        region="Region",
        subregion="Subregion",
        round_code="2025",
        round_title="Round 2025",
        year=2025,
        is_illustrative=True,
        kind=Kind.SUBMISSION,
        number=2,
        dated_at=SUBMITTED,
        submitted_at=SUBMITTED,
        submitted_by="Ana Quispe",
        accepted_at=None,
        accepted_by="",
        submission_hash="3f2a" * 16,
        acceptance_hash="",
        instrument=nmdc(),
        answers=demo_answers(iso3) if answers is None else answers,
    )
    return replace(source, **changes)


def draft(
    iso3: str, answers: Mapping[Address, Value] | None = None, **changes: Any
) -> ReportSource:
    source = submission(iso3, answers)
    return replace(
        source,
        kind=Kind.DRAFT,
        number=None,
        dated_at=SUBMITTED if source.answers else None,
        submitted_at=None,
        submitted_by="",
        submission_hash="",
        **changes,
    )


def previous(iso3: str) -> PreviousRound:
    return PreviousRound("2021", "Round 2021", 2021, nmdc(), demo_answers(iso3))


def fullest() -> ReportSource:
    """Return the source with the fullest summary: previous round and region's median."""
    medians = {dimension.code: 45.0 for dimension in nmdc().dimensions}
    region = RegionMedian("South America", 6, 44.0, {"BAS": 50.0}, medians)
    return submission("PER", previous=previous("PRY"), region_median=region)
