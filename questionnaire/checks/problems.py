"""What a check reports, and the draft of an instrument that checks read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from questionnaire.building import build_instrument
from questionnaire.content import Entry, content_from_entries
from questionnaire.instrument import Instrument, Row

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct: `message` says what is wrong, `remedy` what to do."""

    file: str
    code: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.code}: {self.message} {self.remedy}"


def problem_of(entry: Entry, message: str, remedy: str) -> Problem:
    return Problem(entry.file, entry.code, message, remedy)


def model_of(entry: Entry) -> str:
    return entry.model.removeprefix("questionnaire.")


def said(value: Any) -> str:
    """Return `value` as the reader of a fixture would write it, cut if long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def listed(words: Any) -> str:
    return ", ".join(sorted(map(str, words)))


@dataclass(frozen=True)
class Draft:
    """Fixture records of sound structure, and the instrument they describe."""

    entries: Sequence[Entry]
    instrument: Instrument

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Draft:
        content = content_from_entries(entries)
        return cls(entries, build_instrument(content, content_hash=""))

    def entries_of(self, model: str) -> Iterator[Entry]:
        return (entry for entry in self.entries if model_of(entry) == model)

    @cached_property
    def questionnaire(self) -> Entry:
        return next(self.entries_of("questionnaire"))

    @cached_property
    def method(self) -> Mapping[str, Any]:
        method: Mapping[str, Any] = self.questionnaire.fields["method"]
        return method

    @cached_property
    def _files(self) -> Mapping[str, str]:
        return {entry.code: entry.file for entry in self.entries}

    def problem(
        self, owner: str, message: str, remedy: str, *, place: str = ""
    ) -> Problem:
        """Return a problem of the record `owner`, shown at `place` inside it."""
        return Problem(self._files[owner], place or owner, message, remedy)

    def method_problem(self, place: str, message: str, remedy: str) -> Problem:
        return Problem(self.questionnaire.file, place, message, remedy)

    @cached_property
    def need_rows(self) -> Mapping[str, Row]:
        """The rows of the gap matrix: those whose availability may be answered."""
        return {
            row.code: row
            for gap_input in self.instrument.gap_inputs
            if gap_input.matrix in self.instrument.question_by_code
            for row in self.instrument.question_by_code[gap_input.matrix].rows
            if not set(gap_input.availability_columns) & set(row.fixed)
        }
