"""Rows that rest on each other: revisions, transitions, and the files they name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage

from assessment.models import (
    Acceptance,
    Answer,
    AnswerRevision,
    EvidenceFile,
    Response,
    Submission,
    Transition,
)
from assessment.records import moment
from assessment.services.transitions import RULES
from questionnaire.addresses import Address

Found = tuple[str, str]  # where, and what is wrong
RULE_OF = {action.value: rule for action, rule in RULES.items()}


def acceptance_of(submission: Submission) -> Acceptance | None:
    """Return the acceptance read with a submission. No query."""
    return getattr(submission, "acceptance", None)


def is_same(one: Any, other: Any) -> bool:
    """Compare values as JSON tells them apart: 1 is 1.0 and is not true."""
    return bool(one == other) and isinstance(one, bool) is isinstance(other, bool)


# Answers and their revisions


class Revisions:
    """The revisions of a response and the answers that they led to. Two queries."""

    def __init__(self, response: Response) -> None:
        self.response = response
        self.values: dict[tuple[Address, int], Any] = {}
        self.numbers: dict[Address, list[int]] = {}
        self.last: dict[Address, tuple[Any, ...]] = {}
        rows = (
            AnswerRevision.objects.filter(answer__response=response)
            .order_by("answer", "revision")
            .values_list(
                "answer__question", "answer__row", "answer__column", "revision", "value",
                "is_confirmed", "changed_by", "changed_at",
            )
        )  # fmt: skip
        for question, row, column, number, value, *stamp in rows.iterator(1000):
            address = Address(question, row, column)
            self.values[address, number] = value
            self.numbers.setdefault(address, []).append(number)
            self.last[address] = (number, value, *stamp)

    def problems(self) -> Iterator[Found]:
        for address, numbers in self.numbers.items():
            if numbers != list(range(1, len(numbers) + 1)):
                given = ", ".join(map(str, numbers))
                yield str(address), f"its revisions are {given}, with a gap"
        answers = Answer.objects.filter(response=self.response).values_list(
            "question", "row", "column", "revision", "value", "is_confirmed",
            "changed_by", "changed_at",
        )  # fmt: skip
        for question, row, column, number, value, *stamp in answers.order_by("pk"):
            address = Address(question, row, column)
            last = self.last.get(address)
            if last is None:
                yield str(address), "the answer has no revision"
                continue
            is_last = (last[0], *last[2:]) == (number, *stamp)
            if not is_last or not is_same(last[1], value):
                yield str(address), f"the answer is not its last revision, {last[0]}"


# Transitions


def transition_problems(
    response: Response, submissions: list[Submission]
) -> Iterator[Found]:
    """Follow the table of transitions from the opening to the status of today. One query."""
    moves = list(response.transitions.order_by("pk"))
    status = ""
    before: list[str] = []  # the status from which each submission was made
    for move in moves:
        where = f"transition {move.pk} ({move.action})"
        if move.from_status != status:
            yield (
                where,
                f"it begins at {move.from_status!r}, but {status!r} was reached",
            )
        if not _is_legal(move, before):
            yield (
                where,
                f"it may not lead from {move.from_status!r} to {move.to_status!r}",
            )
        if move.action == Transition.Action.SUBMIT:
            before.append(move.from_status)
        status = move.to_status
    if status != response.status:
        yield "status", f"it is {response.status!r}, its transitions end at {status!r}"
    yield from _unmatched(moves, submissions)


def _is_legal(move: Transition, before: list[str]) -> bool:
    if move.action == Transition.Action.OPEN:
        return (move.from_status, move.to_status) == ("", Response.Status.DRAFT)
    rule = RULE_OF.get(move.action)
    if rule is None:
        return False
    to = rule.to if rule.to is not None else before[-1] if before else None
    return move.from_status in rule.allowed_from and move.to_status == to


def _unmatched(
    moves: list[Transition], submissions: list[Submission]
) -> Iterator[Found]:
    """Compare who submitted, withdrew and accepted, and when, with what there is of it."""
    acceptances = [a for a in map(acceptance_of, submissions) if a is not None]
    records: dict[str, set[tuple[datetime | None, int | None]]] = {
        "submit": {(s.submitted_at, s.submitted_by_id) for s in submissions},
        "withdraw": {
            (s.withdrawn_at, s.withdrawn_by_id) for s in submissions if s.withdrawn_at
        },
        "accept": {(a.accepted_at, a.accepted_by_id) for a in acceptances},
    }
    for action, kept in records.items():
        made = {(m.made_at, m.made_by_id) for m in moves if m.action == action}
        for one in made ^ kept:
            lacks = "record" if one in made else "transition"
            when = moment(one[0]) if one[0] else ""
            yield f"transitions ({action})", f"that of {when} has no {lacks} like it"


# Evidence files


def file_problems(response: Response) -> Iterator[Found]:
    """Read each evidence file and compare it with what was uploaded. One query."""
    for file in EvidenceFile.objects.filter(response=response).order_by("pk"):
        where = f"evidence file {file.pk} ({file.question})"
        try:
            found = _digest(str(file.file.name))
        except FileNotFoundError:
            yield where, "the file is missing"
        except (OSError, SuspiciousOperation, ValueError):
            yield where, "the file cannot be read"
        else:
            if found != (file.sha256, file.size):
                yield where, f"the file has not the SHA-256 {file.sha256} stored for it"


def _digest(name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with default_storage.open(name) as content:
        for chunk in content.chunks():
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size
