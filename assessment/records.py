"""The frozen texts of submissions and acceptances (contracts: canonical JSON)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import rfc8785

from assessment.models import Clearance, DifferingView, Response, Submission, User
from assessment.reviewed import Reviewed
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Value


def canonical_text(record: Mapping[str, Any]) -> str:
    """Return the RFC 8785 text of `record`."""
    return rfc8785.dumps(dict(record)).decode()


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def moment(at: datetime) -> str:
    """Return ISO 8601 in UTC with microseconds and `Z`: no moment is rounded away."""
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def submission_record(
    *,
    response: Response,
    instrument: Instrument,
    number: int,
    at: datetime,
    by: User,
    answers: Iterable[tuple[Address, Value, int]],
    clearance: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what a submission freezes; answers in the order of the instrument.

    Blank answers are left out; stored answers of hidden questions are kept. Items of
    repeating groups stay in the order of `answers`, which is that of their first save.
    """
    ordered = sorted(enumerate(answers), key=lambda pair: _order(instrument, pair))
    return {
        "country": response.country.iso3,
        "round": response.round.code,
        "questionnaire": {
            "code": instrument.code,
            "version": instrument.version,
            "hash": instrument.content_hash,
        },
        "number": number,
        "submitted_at": moment(at),
        "submitted_by": by.name,
        "clearance": clearance,
        "answers": [
            {
                "question": address.question,
                "row": address.row,
                "column": address.column,
                "value": value,
                "revision": revision,
            }
            for _, (address, value, revision) in ordered
        ],
    }


def _order(
    instrument: Instrument, pair: tuple[int, tuple[Address, Value, int]]
) -> tuple[Any, ...]:
    position, (address, _, _) = pair
    question = instrument.question_by_code.get(address.question)
    if question is not None and question.is_group:
        return (instrument.position[address.question], "", position)
    return instrument.sort_key(address)


def clearance_record(
    head: Clearance, concurrences: Iterable[Clearance]
) -> dict[str, Any]:
    """Return what a submission freezes of who cleared it and who concurred."""
    return {
        **signed(head),
        "recorded_by": head.recorded_by.name,
        "recorded_at": moment(head.recorded_at),
        "concurrences": [
            {**signed(record), "parts": record.parts} for record in concurrences
        ],
    }


SIGNED = ("institution", "name", "function", "date", "remark")


def signed(record: Clearance) -> dict[str, Any]:
    """Return what a person signed, with the keys `SIGNED`."""
    return {
        "institution": record.institution,
        "name": record.person_name,
        "function": record.function,
        "date": record.signed_on.isoformat(),
        "remark": record.remark,
    }


def names_text(response: Response) -> str:
    """Return the names that a submission's report prints of its country and round."""
    country, round_ = response.country, response.round
    return canonical_text(
        {
            "country": country.name,
            "region": country.region,
            "subregion": country.subregion,
            "round_title": round_.title,
            "is_illustrative": round_.is_illustrative,
        }
    )


def views_text(views: Sequence[DifferingView]) -> str:
    """Return the differing views that a submission's report prints; empty for none."""
    if not views:
        return ""
    return rfc8785.dumps(
        [
            view.address._asdict()
            | {
                "value": view.value,
                "text": view.text,
                "institution": view.institution,
                "recorded_by": view.recorded_by.name,
                "recorded_at": moment(view.recorded_at),
            }
            for view in views
        ]
    ).decode()


def acceptance_record(
    *, submission: Submission, at: datetime, by: User, reviewed: Iterable[Reviewed] = ()
) -> dict[str, Any]:
    """Return what an acceptance freezes: the submission's hash and the reviewed values.

    Those are in the order of `reviewed`; `answer` is the country's, None where blank.
    """
    return {
        "submission": submission.sha256,
        "reviewed_values": [
            one.address._asdict()
            | {
                "answer": one.answer,
                "value": one.value,
                "reason": one.reason,
                "reviewed_by": one.by,
                "reviewed_at": moment(one.at),
            }
            for one in reviewed
        ],
        "accepted_at": moment(at),
        "accepted_by": by.name,
    }
