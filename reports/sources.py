"""What a report is rendered from: one frozen reading of a response, and its provenance.

`reports.queries` fills it from an acceptance, a submission or, for a draft, the live
answers (contracts: submissions, reports, reproducibility).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from assessment.plans import ActionPlan
from assessment.reviewed import Reviewed, with_reviewed
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Value


class Kind(enum.StrEnum):
    DRAFT = "draft"
    SUBMISSION = "submission"
    ACCEPTANCE = "acceptance"


@dataclass(frozen=True, slots=True)
class PreviousRound:
    """The last accepted response of the same country in an earlier round."""

    code: str
    title: str
    year: int
    instrument: Instrument
    answers: Mapping[Address, Value]


@dataclass(frozen=True, slots=True)
class DifferingView:
    """What an institution holds against the national answer; `value` None is no answer."""

    address: Address
    value: Value
    text: str
    institution: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Signed:
    """Who stood by the answers, for which institution, and on which day."""

    institution: str
    name: str
    function: str
    day: date


@dataclass(frozen=True, slots=True)
class Clearance:
    """The head's clearance inside the country, and the institutions that concurred."""

    head: Signed
    concurrences: tuple[Signed, ...]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file given as evidence, as the record knows it; `size` in bytes."""

    pk: int
    question: str
    row: str
    title: str
    name: str
    label: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RegionMedian:
    """Medians of a region's responses that stood accepted at the moment of the record.

    Only built for five responses or more; `count` says how many, the country's own not
    among them. Scores 0 to 100 by the code of a dimension or section; None where fewer
    than five have one.
    """

    region: str
    count: int
    overall: float | None
    sections: Mapping[str, float | None]
    dimensions: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class ReportSource:
    """`dated_at` is the moment of the record: of acceptance or submission, or, for a
    draft, of the last change (None if nothing was answered). `number` counts the
    submissions of a response from 1. Hashes are SHA-256 in hexadecimal, empty for a draft.
    `views` are those that the coordinator wants printed. `answers` are what the published
    figures come from; where values were reviewed, `own_answers` are the country's.
    `plan` is the live plan for a draft, else the edition of it that is printed: with its
    hash it is part of what a report is fixed by (docs/adr/0011).
    `clearance` is what the record froze, None for a draft and where nobody asked for one.
    """

    iso3: str
    country: str
    region: str
    subregion: str
    round_code: str
    round_title: str
    year: int
    is_illustrative: bool
    kind: Kind
    number: int | None
    dated_at: datetime | None
    submitted_at: datetime | None
    submitted_by: str
    accepted_at: datetime | None
    accepted_by: str
    submission_hash: str
    acceptance_hash: str
    instrument: Instrument
    answers: Mapping[Address, Value]
    previous: PreviousRound | None = None
    views: tuple[DifferingView, ...] = ()
    files: tuple[SourceFile, ...] = ()
    clearance: Clearance | None = None
    reviewed: tuple[Reviewed, ...] = ()
    own_answers: Mapping[Address, Value] | None = None
    region_median: RegionMedian | None = None
    plan: ActionPlan | None = None

    def reviewed_with(self, reviewed: tuple[Reviewed, ...]) -> ReportSource:
        """Return this source with reviewed values in place of the answers they replace."""
        if not reviewed:
            return self
        return replace(
            self,
            answers=with_reviewed(self.answers, reviewed),
            own_answers=self.answers,
            reviewed=reviewed,
        )

    def as_given(self) -> ReportSource:
        """Return this source with the country's own answers throughout."""
        if self.own_answers is None:
            return self
        own = self.own_answers
        return replace(self, answers=own, own_answers=None, reviewed=())

    @property
    def is_draft(self) -> bool:
        return self.kind is Kind.DRAFT

    @property
    def plan_hash(self) -> str:
        """Return the hash of the edition of the plan that is printed; empty for none."""
        return self.plan.sha256 if self.plan else ""

    @property
    def hash(self) -> str:
        """Return the hash that identifies the record; empty for a draft."""
        return self.acceptance_hash or self.submission_hash


def file_name(source: ReportSource, ending: str) -> str:
    """Return a name that says what is inside, in ASCII in every language."""
    return name_of(source.iso3, source.round_code, source.number, ending)


def name_of(iso3: str, round_code: str, number: int | None, ending: str) -> str:
    edition = "draft" if number is None else f"submission-{number}"
    return f"migration-data-capacity-{iso3}-{round_code}-{edition}.{ending}"
