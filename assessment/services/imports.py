"""Answers from a file in the form of the demonstration answers."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.audit import record
from assessment.models import AuditAction, Response, Via
from assessment.queries import held_answers, instrument_of
from assessment.services.answers import Change, Invalid, lock_open, save_changes
from assessment.services.rounds import system_user
from questionnaire.addresses import EVIDENCE, Address
from questionnaire.instrument import Instrument, Question


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line of the file that was not taken over, and why."""

    line: str
    reason: str

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Imported:
    saved: int
    rejected: list[Rejected]


class ImportRejected(Exception):
    """Raised, and everything undone, when a line is rejected and all or nothing is asked."""

    def __init__(self, rejected: list[Rejected]) -> None:
        super().__init__(f"{len(rejected)} lines rejected")
        self.rejected = rejected


@transaction.atomic
def import_answers(
    *, response: Response, entry: Mapping[str, Any], is_partial: bool = False
) -> Imported:
    """Write `entry`'s `answers` and `evidence` over what stands, as the system user.

    Other keys of `entry` are ignored; questions, rows and columns it does not name stay
    untouched. A repeating group it names has the items of the file as `i1`, `i2`, …;
    surplus items of an earlier import are blanked. Raises ImportRejected unless
    `is_partial`, and ResponseClosed if the response is not open.
    """
    user = system_user()
    lock_open(response, user)
    held = held_answers(response)
    reader = _Reader(instrument_of(response), rejected=[], held=list(held))
    values = dict(reader.values(entry))
    changes = [
        Change(address, value, held[address].revision if address in held else 0)
        for address, value in values.items()
    ]
    outcomes = save_changes(response=response, changes=changes, by=user, via=Via.IMPORT)
    rejected = reader.rejected + [
        Rejected(str(outcome.address), " ".join(outcome.errors))
        for outcome in outcomes
        if isinstance(outcome, Invalid)
    ]
    if rejected and not is_partial:
        raise ImportRejected(rejected)
    saved = len(changes) - (len(rejected) - len(reader.rejected))
    record(
        AuditAction.ROUND_IMPORTED,
        by=user,
        response=response,
        saved=saved,
        rejected=len(rejected),
    )
    return Imported(saved, rejected)


@dataclass
class _Reader:
    instrument: Instrument
    rejected: list[Rejected]
    held: list[Address]

    def values(self, entry: Mapping[str, Any]) -> Iterator[tuple[Address, Any]]:
        for code, value in self._mapping("answers", entry.get("answers")):
            question = self.instrument.question_by_code.get(code)
            if question is None:
                self._reject(code, _("There is no question with this code."))
            elif question.is_matrix:
                yield from self._matrix(question, value)
            elif question.is_group:
                yield from self._group(question, value)
            else:
                yield Address(code), _plain(value)
        for code, documents in self._mapping("evidence", entry.get("evidence")):
            if code in self.instrument.question_by_code:
                yield Address(code, "", EVIDENCE), documents
            else:
                self._reject(code, _("There is no question with this code."))

    def _matrix(self, question: Question, value: Any) -> Iterator[tuple[Address, Any]]:
        for row, cells in self._mapping(question.code, value):
            for column, cell in self._mapping(f"{question.code}[{row}]", cells):
                yield Address(question.code, row, column), _plain(cell)

    def _group(self, question: Question, value: Any) -> Iterator[tuple[Address, Any]]:
        items = value or []
        if not isinstance(items, list):
            self._reject(question.code, _("A list of entries is expected here."))
            return
        named = set()
        for number, item in enumerate(items, start=1):
            for column, cell in self._mapping(f"{question.code}[i{number}]", item):
                address = Address(question.code, f"i{number}", column)
                named.add(address)
                yield address, _plain(cell)
        for address in self.held:
            is_import = address.row.startswith("i") and address.row[1:].isdigit()
            if address.question == question.code and is_import and address not in named:
                yield address, None

    def _mapping(self, line: str, value: Any) -> Iterator[tuple[str, Any]]:
        if value is None:
            return
        if not isinstance(value, dict):
            self._reject(line, _("Codes with values are expected here."))
            return
        for key, inner in value.items():
            yield str(key), inner

    def _reject(self, line: str, reason: str) -> None:
        self.rejected.append(Rejected(line, reason))


def _plain(value: Any) -> Any:
    """Return YAML's dates as text; everything else is JSON already."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    return value
