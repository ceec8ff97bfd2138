"""The frozen texts: their hashes, and whether they say what the rows say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment.models import (
    Acceptance,
    AuditEvent,
    Clearance,
    DifferingView,
    Response,
    ReviewedValue,
    Submission,
    User,
)
from assessment.queries import held_in
from assessment.records import SIGNED, canonical_text, moment, sha256_of, signed
from assessment.verifying_rows import Found, acceptance_of, is_same
from questionnaire.addresses import Address


@dataclass(frozen=True, slots=True)
class Recorded:
    """The rows of a response that its frozen texts are compared with.

    `names` are those that people have or had, `values` the revisions of answers.
    """

    names: Mapping[int, set[str]]
    values: Mapping[tuple[Address, int], Any]
    views: Sequence[DifferingView]
    reviewed: Sequence[ReviewedValue]
    clearances: Sequence[Clearance]


def names_of(submissions: list[Submission]) -> Mapping[int, set[str]]:
    """Return the names that people who submitted or accepted have or had. One query."""
    people: dict[int, set[str]] = {}
    for submission in submissions:
        acceptance = acceptance_of(submission)
        for user in (submission.submitted_by, acceptance and acceptance.accepted_by):
            if isinstance(user, User):
                people.setdefault(user.pk, set()).add(user.name)
    had = AuditEvent.objects.filter(actor__in=list(people)).order_by().distinct()
    for pk, name in had.values_list("actor", "actor_name"):
        people[pk or 0].add(name)
    return people


def numbers(submissions: list[Submission]) -> Iterator[Found]:
    numbers = [submission.number for submission in submissions]
    if numbers != list(range(1, len(numbers) + 1)):
        given = ", ".join(map(str, numbers))
        yield "submissions", f"their numbers are {given}, not 1 to {len(numbers)}"


def submission_problems(
    response: Response, submission: Submission, rows: Recorded
) -> Iterator[Found]:
    where = f"submission {submission.number}"
    record = yield from _text_problems(where, submission)
    if record is None:
        return
    questionnaire = response.round.questionnaire
    expected = {
        "country": response.country.iso3,
        "round": response.round.code,
        "questionnaire": {
            "code": questionnaire.code,
            "hash": questionnaire.publication.content_hash,
            "version": questionnaire.version,
        },
        "number": submission.number,
        "submitted_at": moment(submission.submitted_at),
    }
    yield from _differing(where, record, expected)
    yield from _name(
        where, record, "submitted_by", rows.names[submission.submitted_by_id]
    )
    yield from _answer_problems(where, record, rows.values)
    yield from _view_problems(where, submission, rows.views)
    yield from _clearance_problems(where, record, rows.clearances)
    acceptance = acceptance_of(submission)
    if acceptance is not None:
        yield from _acceptance_problems(submission, acceptance, rows)


def _clearance_problems(
    where: str, record: Mapping[str, Any], clearances: Sequence[Clearance]
) -> Iterator[Found]:
    """Compare who cleared and who concurred with what was recorded."""
    frozen = record.get("clearance")
    if frozen is None:
        return
    recorded = [
        signed(one) | {"parts": one.parts} if one.is_concurrence else signed(one)
        for one in clearances
    ]
    try:
        head = {key: frozen[key] for key in SIGNED}
        found = [head, *frozen["concurrences"]]
        unknown = [one["name"] for one in found if one not in recorded]
    except (KeyError, TypeError):
        yield where, "its clearance cannot be read"
        return
    for name in unknown:
        yield where, f"{name} signed it otherwise, or nobody recorded it"


def _reviewed_problems(
    where: str,
    record: Mapping[str, Any],
    submission: Submission,
    acceptance: Acceptance,
    reviewed: Sequence[ReviewedValue],
) -> Iterator[Found]:
    """Compare the reviewed values accepted with those that stood at that moment."""
    at = acceptance.accepted_at
    stood = [
        {
            **one.address._asdict(),
            "answer": one.replaced,
            "value": one.value,
            "reason": one.reason,
            "reviewed_at": moment(one.set_at),
        }
        for one in reviewed
        if one.set_at <= at and (one.withdrawn_at is None or one.withdrawn_at > at)
    ]
    try:
        frozen = [
            {key: value for key, value in one.items() if key != "reviewed_by"}
            for one in record["reviewed_values"]
        ]
        unknown = [_address(one) for one in frozen if one not in stood]
        known = {_address(one) for one in frozen}
    except (AttributeError, KeyError, TypeError):
        yield where, "its text holds no list of reviewed values"
        return
    for address in unknown:
        yield where, f"{address}: its reviewed value stood otherwise, or not at all"
    try:
        answers = {cell: held.value for cell, held in held_in(submission).items()}
    except (KeyError, TypeError):  # said of the submission itself
        return
    for one in stood:
        if one["answer"] == answers.get(_address(one)) and _address(one) not in known:
            yield where, f"{_address(one)}: its reviewed value is left out"


def _acceptance_problems(
    submission: Submission, acceptance: Acceptance, rows: Recorded
) -> Iterator[Found]:
    where = f"acceptance of submission {submission.number}"
    record = yield from _text_problems(where, acceptance)
    if record is None:
        return
    expected = {
        "submission": submission.sha256,
        "accepted_at": moment(acceptance.accepted_at),
    }
    yield from _differing(where, record, expected)
    yield from _name(
        where, record, "accepted_by", rows.names[acceptance.accepted_by_id]
    )
    yield from _reviewed_problems(where, record, submission, acceptance, rows.reviewed)


def _text_problems(where: str, frozen: Submission | Acceptance) -> Any:
    """Yield what is wrong with a frozen text; return what it says, None for nothing."""
    text = frozen.canonical_json
    if sha256_of(text) != frozen.sha256:
        yield where, f"its text has not the SHA-256 {frozen.sha256} stored beside it"
    try:
        record = json.loads(text)
        is_canonical = isinstance(record, dict) and canonical_text(record) == text
    except ValueError:  # of rfc8785 too: a number that no canonical text holds
        is_canonical = False
    if not is_canonical:
        yield where, "its text is not canonical JSON"
        return None
    return record


def _differing(
    where: str, record: Mapping[str, Any], expected: Mapping[str, Any]
) -> Iterator[Found]:
    for key, value in expected.items():
        if record.get(key) != value:
            yield where, f"its text says {key} {record.get(key)!r}, the row {value!r}"


def _name(
    where: str, record: Mapping[str, Any], key: str, names: set[str]
) -> Iterator[Found]:
    if record.get(key) not in names:
        yield where, f"its text says {key} {record.get(key)!r}, who never had that name"


def _answer_problems(
    where: str,
    record: Mapping[str, Any],
    values: Mapping[tuple[Address, int], Any],
) -> Iterator[Found]:
    try:
        cells = [(_address(a), a["revision"], a["value"]) for a in record["answers"]]
    except (KeyError, TypeError):
        yield where, "its text does not hold answers as submissions do"
        return
    for address, number, value in cells:
        if (address, number) not in values:
            yield where, f"{address}: there is no revision {number}"
        elif not is_same(values[address, number], value):
            yield where, f"{address}: revision {number} has another value than its text"


def _address(cell: Mapping[str, str]) -> Address:
    return Address(cell["question"], cell["row"], cell["column"])


def _view_problems(
    where: str, submission: Submission, views: Sequence[DifferingView]
) -> Iterator[Found]:
    """Compare the differing views that a submission prints with those recorded."""
    if not submission.views_json:
        return
    recorded = [
        (v.address, v.value, v.text, v.institution, moment(v.recorded_at))
        for v in views
    ]
    try:
        printed = [
            (_address(v), v["value"], v["text"], v["institution"], v["recorded_at"])
            for v in json.loads(submission.views_json)
        ]
    except (KeyError, TypeError, ValueError):
        yield where, "the differing views that it prints cannot be read"
        return
    for view in printed:
        if view not in recorded:
            yield where, f"{view[0]}: it prints a differing view that nobody recorded"
