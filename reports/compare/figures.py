"""The figures of one record that comparisons read, as they are kept. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import questionnaire
import reports.analysis
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Value
from questionnaire.states import ResponseState
from reports.analysis import analyse

# Whatever the figures depend on besides the record, which names its questionnaire.
_READ = ("addresses", "building", "conditions", "instrument", "method", "states")
INVENTORY, EXISTS, ACCESS = "SRC-INV", "exists", "nso_access"


@dataclass(frozen=True, slots=True)
class KeptFigures:
    """Scores 0 to 100 by code; None where there is none, or none that may be published.

    `questions` are scored questions, `gaps` the class and severity of each need,
    `actions` the recommendations triggered, by rank. `sources` and `access` are the
    answers on each source; an empty text is blank.
    """

    overall: float | None
    level: int | None
    sections: Mapping[str, float | None]
    dimensions: Mapping[str, float | None]
    questions: Mapping[str, float | None]
    gaps: Mapping[str, tuple[str, float | None]]
    actions: tuple[str, ...]
    completeness: float | None
    sources: Mapping[str, str]
    access: Mapping[str, str]

    def as_data(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> KeptFigures:
        found = dict(data)
        found["gaps"] = {code: tuple(gap) for code, gap in data["gaps"].items()}
        found["actions"] = tuple(data["actions"])
        return cls(**found)


def figures_of(instrument: Instrument, answers: Mapping[Address, Value]) -> KeptFigures:
    """Return what a report of the same answers prints."""
    found = analyse(instrument, answers)
    overall = found.overall
    return KeptFigures(
        overall=overall.score.final if overall.is_publishable else None,
        level=overall.level.level if overall.is_publishable and overall.level else None,
        sections={
            code: group.score.final if group.is_publishable else None
            for code, group in found.sections.items()
        },
        dimensions={
            code: group.score.final for code, group in found.dimensions.items()
        },
        questions={
            code: None if question.score.final is None else 100 * question.score.final
            for code, question in found.questions.items()
        },
        gaps={code: (gap.gap_class, gap.severity) for code, gap in found.gaps.items()},
        actions=tuple(action.code for action in found.actions),
        completeness=found.completeness.overall,
        sources=_column(instrument, answers, EXISTS),
        access=_column(instrument, answers, ACCESS),
    )


def _column(
    instrument: Instrument, answers: Mapping[Address, Value], column: str
) -> dict[str, str]:
    """Return the answers in a column of the inventory that count, by row."""
    inventory = instrument.question_by_code.get(INVENTORY)
    if inventory is None:
        return {}
    state = ResponseState(instrument, answers)
    return {
        row.code: str(state.value(Address(INVENTORY, row.code, column)) or "")
        for row in inventory.rows
    }


@cache
def method() -> str:
    """Return the digest of the code that makes figures of answers: SHA-256."""
    folder = Path(questionnaire.__path__[0])
    files = sorted(Path(reports.analysis.__path__[0]).glob("*.py"))
    files += [Path(__file__), *(folder / f"{name}.py" for name in _READ)]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
