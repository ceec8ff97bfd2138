"""Which frozen records are compared, and their figures, kept or computed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from assessment.models import (
    Acceptance,
    RecordFigures,
    Response,
    Submission,
    Transition,
)
from assessment.reviewed import reviewed_in, with_reviewed
from assessment.services.figures import keep_figures
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument
from questionnaire.repository import InstrumentKey, instrument_for
from reports.compare.figures import KeptFigures, figures_of, method

_AT_ONCE = 25  # submissions in memory while their figures are computed

_FIELDS = (
    "pk", "sha256", "acceptance__sha256", "submitted_at", "acceptance__accepted_at", "number",
    "response__status", "response__country__iso3", "response__country__name",
    "response__country__region", "response__country__subregion",
    "response__round__code", "response__round__title", "response__round__year",
    "response__round__closed_at",
    "response__round__questionnaire", "response__round__questionnaire__version",
    "response__round__questionnaire__publication__content_hash",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """A submission, with its acceptance if there is one, and whose it is.

    `status` is that of the response now. Instruments are found by the last two.
    """

    pk: int
    submission_hash: str
    acceptance_hash: str | None
    submitted_at: datetime
    accepted_at: datetime | None
    number: int
    status: str
    iso3: str
    country: str
    region: str
    subregion: str
    round_code: str
    round_title: str
    year: int
    closed_at: datetime | None
    questionnaire: int
    version: str
    content_hash: str

    @property
    def hash(self) -> str:
        return self.acceptance_hash or self.submission_hash

    @property
    def dated_at(self) -> datetime:
        return self.accepted_at or self.submitted_at

    @property
    def is_accepted(self) -> bool:
        """Whether it stands accepted: what was reopened does not."""
        return self.status == Response.Status.ACCEPTED

    def instrument(self) -> Instrument:
        """Return what was asked, in no particular language. No query once in memory."""
        return instrument_for(
            self.questionnaire, InstrumentKey(self.content_hash, "en", None)
        )


def latest_records(responses: QuerySet[Response]) -> list[Record]:
    """Return the latest record of each response that has one. One query.

    By region and name of the country, then by the year of the round.
    """
    latest = Submission.objects.filter(
        response=OuterRef("response"), withdrawn_at__isnull=True
    ).order_by("-number")
    return _records(
        Submission.objects.filter(
            response__in=responses.order_by(), pk=Subquery(latest.values("pk")[:1])
        )
    )


def accepted_by(
    responses: QuerySet[Response], at: datetime | None = None
) -> list[Record]:
    """Return what stood accepted at a moment, or stands now. One query."""
    standing = standing_at(responses, at)
    return _records(Submission.objects.filter(acceptance__in=standing))


def standing_at(
    responses: QuerySet[Response], at: datetime | None = None
) -> QuerySet[Acceptance]:
    """Return the acceptances that stood at a moment, or stand now.

    They had been given and not been undone since; what happened later changes nothing.
    """
    reopened = Transition.objects.filter(
        response=OuterRef("submission__response"),
        action=Transition.Action.REOPEN,
        made_at__gte=OuterRef("accepted_at"),
    )
    found = Acceptance.objects.all()
    if at is not None:
        reopened = reopened.filter(made_at__lte=at)
        found = found.filter(accepted_at__lte=at)
    return found.filter(
        ~Exists(reopened), submission__response__in=responses.order_by()
    )


def _records(submissions: QuerySet[Submission]) -> list[Record]:
    rows = submissions.order_by(
        "response__country__region", "response__country__name", "response__round__year",
        "response__round__code",
    ).values_list(*_FIELDS)  # fmt: skip
    return [Record(*row) for row in rows]


def figures_by_record(records: Sequence[Record]) -> dict[str, KeptFigures]:
    """Return the figures of records by their hash. One query where all are kept.

    What is missing is computed and kept: two queries for every 25 records.
    """
    wanted = {record.hash: record for record in records}
    kept = RecordFigures.objects.filter(record__in=list(wanted), method=method())
    found = {
        record: KeptFigures.from_data(figures)
        for record, figures in kept.values_list("record", "figures")
    }
    missing = [record for hash_, record in wanted.items() if hash_ not in found]
    for start in range(0, len(missing), _AT_ONCE):
        found |= _compute(missing[start : start + _AT_ONCE])
    return found


def _compute(records: Sequence[Record]) -> dict[str, KeptFigures]:
    by_pk = {record.pk: record for record in records}
    submissions = Submission.objects.filter(pk__in=list(by_pk)).select_related(
        "acceptance"
    )
    found = {
        by_pk[submission.pk].hash: _figures(by_pk[submission.pk], submission)
        for submission in submissions
    }
    keep_figures(
        method=method(), figures={hash_: f.as_data() for hash_, f in found.items()}
    )
    return found


def _figures(record: Record, submission: Submission) -> KeptFigures:
    """Compute the published figures: with the values reviewed when it was accepted."""
    own = {
        Address(cell["question"], cell["row"], cell["column"]): cell["value"]
        for cell in json.loads(submission.canonical_json)["answers"]
    }
    reviewed = reviewed_in(getattr(submission, "acceptance", None))
    return figures_of(record.instrument(), with_reviewed(own, reviewed))


def rounds_of(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Return records by the code of their round, the oldest round first."""
    found: dict[str, list[Record]] = {}
    for record in sorted(records, key=lambda r: (r.year, r.round_code)):
        found.setdefault(record.round_code, []).append(record)
    return found


@dataclass(frozen=True, slots=True)
class Member:
    """A country of a group that is compared: its record and the figures of it."""

    record: Record
    figures: KeptFigures


def members(records: Sequence[Record]) -> list[Member]:
    """Return records with their figures, in their order. As `figures_by_record`."""
    found = figures_by_record(records)
    return [Member(record, found[record.hash]) for record in records]
