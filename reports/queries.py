"""What reports are rendered from (contracts: submissions, reports, reproducibility)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypedDict

from django.db.models import QuerySet

from assessment.comment_board import Rights, rights_of
from assessment.comment_queries import Thread, notes_for, threads_of
from assessment.dissent import printed_views
from assessment.evidence_queries import files_in, files_standing
from assessment.evidence_types import label_of
from assessment.models import (
    EvidenceFile,
    InternalNote,
    PlanEdition,
    Response,
    ReviewedValue,
    Round,
    Submission,
    User,
)
from assessment.plans import adopted_plan, live_plan
from assessment.queries import (
    acceptance_of,
    held_answers,
    held_in,
    instrument_of,
    is_unsd,
    latest_submission,
    responses_with_instrument,
)
from assessment.reviewed import (
    Reviewed,
    in_force,
    reviewed_in,
    reviewed_to_show,
    with_reviewed,
)
from assessment.submission_queries import submission_before
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument
from reports.compare.records import standing_at
from reports.compare.region import region_median
from reports.sources import (
    Clearance,
    DifferingView,
    Kind,
    PreviousRound,
    ReportSource,
    Signed,
    SourceFile,
)


class _Place(TypedDict):
    iso3: str
    country: str
    region: str
    subregion: str
    round_code: str
    round_title: str
    year: int
    is_illustrative: bool
    instrument: Instrument


def report_source(
    iso3: str,
    round_code: str,
    *,
    submission: int | None = None,
    edition: int | None = None,
) -> ReportSource:
    """Return what the command line reports on: acceptance, else submission, else draft.

    `edition` is that of the action plan. In the active language. Raises
    Response.DoesNotExist, and Submission.DoesNotExist or PlanEdition.DoesNotExist if a
    number asked for is none. Up to ten queries.
    """
    response = response_in_round(iso3, round_code)
    return source_to_report(response, submission=submission, edition=edition)


def response_in_round(iso3: str, round_code: str) -> Response:
    """Return a country's response. Raises Response.DoesNotExist. One query."""
    return responses_with_instrument().get(
        country__iso3=iso3.upper(), round__code=round_code
    )


def source_to_report(
    response: Response, *, submission: int | None = None, edition: int | None = None
) -> ReportSource:
    """Return what the command line reports on. As `report_source`; up to nine queries."""
    try:
        source = source_of_submission(
            response, latest_submission(response, submission), edition
        )
    except Submission.DoesNotExist:
        if submission is not None:
            raise
        if edition is not None:  # a draft prints the live plan
            raise PlanEdition.DoesNotExist from None
        return draft_to_report(response)
    return _beside_region(response, source)


def draft_to_report(response: Response) -> ReportSource:
    """Return what a report of the live answers is made from. Up to nine queries."""
    return _beside_region(response, source_of_draft(response))


def report_source_for(
    user: User,
    response: Response,
    *,
    submission: int | None = None,
    edition: int | None = None,
) -> ReportSource:
    """Return what `user` may read a report of. Up to ten queries.

    While a response can be edited its country sees the live draft; people at UNSD see
    the last submission. Raises Submission.DoesNotExist or PlanEdition.DoesNotExist if the
    number asked for is none.
    """
    if submission is None and response.is_editable and not is_unsd(user, response):
        if edition is not None:  # a draft prints the live plan
            raise PlanEdition.DoesNotExist
        return draft_to_report(response)
    source = source_of_submission(
        response, latest_submission(response, submission), edition
    )
    return _beside_region(response, source)


def _beside_region(response: Response, source: ReportSource) -> ReportSource:
    """Return the source with the medians of its region at the moment of the record."""
    return replace(source, region_median=region_median(response, source.dated_at))


def source_of_draft(response: Response) -> ReportSource:
    """Return a source over the live answers that count: confirmed and not blank."""
    held = held_answers(response)
    return ReportSource(
        **_place(response),
        kind=Kind.DRAFT,
        number=None,
        dated_at=max((h.at for h in held.values()), default=None),
        submitted_at=None,
        submitted_by="",
        accepted_at=None,
        accepted_by="",
        submission_hash="",
        acceptance_hash="",
        answers={
            address: h.value
            for address, h in held.items()
            if h.is_confirmed and h.value is not None
        },
        previous=previous_round(response),
        views=tuple(
            DifferingView(
                view.address,
                view.value,
                view.text,
                view.institution,
                view.recorded_by.name,
                view.recorded_at,
            )
            for view in printed_views(response)
        ),
        files=_files(files_standing(response)),
        plan=live_plan(response),
    )


def source_of_submission(
    response: Response, submission: Submission, edition: int | None = None
) -> ReportSource:
    """Return a source over a frozen submission, and its acceptance if there is one.

    With it goes the last adopted edition of the action plan, or the one asked for.
    Reviewed values come from the record of the acceptance; without one there are none.
    """
    acceptance = acceptance_of(submission)
    accepted_at = acceptance.accepted_at if acceptance else None
    dated_at = accepted_at or submission.submitted_at
    frozen = json.loads(submission.canonical_json)
    accepted = json.loads(acceptance.canonical_json) if acceptance else {}
    return ReportSource(
        **_place_in(response, submission),
        kind=Kind.ACCEPTANCE if acceptance else Kind.SUBMISSION,
        number=submission.number,
        dated_at=dated_at,
        submitted_at=submission.submitted_at,
        submitted_by=frozen["submitted_by"],
        accepted_at=accepted_at,
        accepted_by=accepted.get("accepted_by", ""),
        submission_hash=submission.sha256,
        acceptance_hash=acceptance.sha256 if acceptance else "",
        answers={address: h.value for address, h in held_in(submission).items()},
        previous=previous_round(response, dated_at),
        views=_frozen_views(submission),
        files=_files(files_in(submission)),
        clearance=_frozen_clearance(frozen["clearance"]),
        plan=adopted_plan(response, edition),
    ).reviewed_with(reviewed_in(acceptance))


def under_review(response: Response, source: ReportSource) -> tuple[Reviewed, ...]:
    """Return the reviewed values in force over the submission that is being reviewed.

    None for any other record. At most one query.
    """
    is_reviewed = response.status == Response.Status.SUBMITTED
    if not is_reviewed or source.kind is not Kind.SUBMISSION:
        return ()
    return in_force(source.instrument, source.answers, reviewed_to_show(response))


def _frozen_clearance(record: dict[str, Any] | None) -> Clearance | None:
    """Return who had cleared and concurred when the response was submitted."""
    if record is None:
        return None
    return Clearance(_signed(record), tuple(map(_signed, record["concurrences"])))


def _signed(record: dict[str, Any]) -> Signed:
    return Signed(
        institution=record["institution"],
        name=record["name"],
        function=record["function"],
        day=date.fromisoformat(record["date"]),
    )


def _frozen_views(submission: Submission) -> tuple[DifferingView, ...]:
    """Return the views that were to be printed when the response was submitted."""
    return tuple(
        DifferingView(
            Address(view["question"], view["row"], view["column"]),
            view["value"],
            view["text"],
            view["institution"],
            view["recorded_by"],
            datetime.fromisoformat(view["recorded_at"]),
        )
        for view in json.loads(submission.views_json or "[]")
    )


def _files(found: QuerySet[EvidenceFile]) -> tuple[SourceFile, ...]:
    return tuple(
        SourceFile(
            pk=file.pk,
            question=file.question,
            row=file.row,
            title=file.title,
            name=file.name,
            label=label_of(file.content_type),
            size=file.size,
            sha256=file.sha256,
        )
        for file in found
    )


def _place(response: Response) -> _Place:
    country, round_ = response.country, response.round
    return {
        "iso3": country.iso3,
        "country": country.name,
        "region": country.region,
        "subregion": country.subregion,
        "round_code": round_.code,
        "round_title": round_.title,
        "year": round_.year,
        "is_illustrative": round_.is_illustrative,
        "instrument": instrument_of(response),
    }


def _place_in(response: Response, submission: Submission) -> _Place:
    """Return the place by the names that the submission froze."""
    place = _place(response)
    place.update(json.loads(submission.names_json))
    return place


def previous_round(
    response: Response, at: datetime | None = None
) -> PreviousRound | None:
    """Return the country's last accepted response of an earlier round. Two queries.

    The one that stood accepted at a moment, or stands now: reopening or accepting an
    earlier round afterwards changes no report of a record. Its answers are those
    published: with the reviewed values in their place.
    """
    earlier = Response.objects.filter(
        country=response.country_id, round__year__lt=response.round.year
    )
    acceptance = (
        standing_at(earlier, at)
        .select_related("submission__submitted_by")
        .order_by("-submission__response__round__year")
        .first()
    )
    if acceptance is None:
        return None
    submission = acceptance.submission
    found = responses_with_instrument().get(pk=submission.response_id)
    own = {address: h.value for address, h in held_in(submission).items()}
    return PreviousRound(
        code=found.round.code,
        title=_place_in(found, submission)["round_title"],
        year=found.round.year,
        instrument=instrument_of(found),
        answers=with_reviewed(own, reviewed_in(acceptance)),
    )


def submission_numbers(response: Response) -> list[int]:
    """Return the numbers of the submissions that can be read, latest first. One query."""
    readable = Submission.objects.filter(response=response, withdrawn_at__isnull=True)
    return list(readable.order_by("-number").values_list("number", flat=True))


def round_codes() -> list[str]:
    """Return the codes of all rounds, the oldest first. One query."""
    return list(Round.objects.order_by("year", "code").values_list("code", flat=True))


def iso3s_with_response(round_code: str) -> list[str]:
    """Return the codes of the countries with a response in a round, sorted. One query."""
    return sorted(
        Response.objects.filter(round__code=round_code).values_list(
            "country__iso3", flat=True
        )
    )


@dataclass(frozen=True)
class ReviewSource:
    """A submission as UNSD reviews it: with the one before, comments and notes."""

    response: Response
    source: ReportSource
    submission: Submission
    before: Submission | None
    threads: list[Thread]
    notes: list[InternalNote]
    rights: Rights
    reviewed: tuple[ReviewedValue, ...] = ()


def review_source_for(user: User, response: Response) -> ReviewSource:
    """Return what is reviewed: the latest submission, as the country gave it.

    Up to eight queries.

    Raises Submission.DoesNotExist before the first one.
    """
    submission = latest_submission(response)
    return ReviewSource(
        response=response,
        source=source_of_submission(response, submission).as_given(),
        submission=submission,
        before=submission_before(submission) if submission.number > 1 else None,
        threads=threads_of(response),
        notes=notes_for(user, response),
        rights=rights_of(user, response),
        reviewed=tuple(reviewed_to_show(response)),
    )
