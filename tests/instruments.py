"""The instrument of the fixtures and answers to it, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from questionnaire.addresses import EVIDENCE, Address
from questionnaire.building import build_instrument
from questionnaire.content import content_from_entries, content_hash, read_entries
from questionnaire.instrument import Instrument, Question, Value

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "fixtures"
DATA = ROOT / "tests" / "data"
COUNTRIES = ("GEO", "JOR", "THA", "MEX", "PRY", "PER")

Answers = dict[Address, Value]


@cache
def nmdc() -> Instrument:
    """Return the instrument that the fixtures hold; the same object every time."""
    paths = sorted((FIXTURES / "questionnaire").glob("*.yaml"))
    content = content_from_entries(read_entries(paths))
    return build_instrument(content, content_hash=content_hash(content))


def flatten(
    answers: Mapping[str, Any],
    evidence: Mapping[str, list[dict[str, str]]] | None = None,
) -> Answers:
    """Turn answers as the instrument's files write them into cells."""
    flat: Answers = {}
    for code, value in answers.items():
        question = nmdc().question_by_code[code]
        if question.is_plain:
            flat[Address(code)] = value
            continue
        rows = (
            value
            if question.is_matrix
            else {f"i{number}": item for number, item in enumerate(value, start=1)}
        )
        for row, cells in rows.items():
            for column, cell in cells.items():
                flat[Address(code, row, column)] = cell
    for code, documents in (evidence or {}).items():
        flat[Address(code, "", EVIDENCE)] = documents
    return flat


def at(text: str) -> Address:
    return Address.parse(text)


def cells(answers: Mapping[str, Value]) -> Answers:
    """Read answers written as `{"SRC-INV[SRC-CEN].exists": "yes"}`."""
    return {at(text): value for text, value in answers.items()}


def demo_answers(iso3: str) -> Answers:
    """Return a copy of the fictional answers of one country, evidence included."""
    return dict(_demo_sets()[iso3])


def changed(instrument: Instrument, code: str, **changes: Any) -> Instrument:
    """Return a copy of `instrument` in which one question is different."""
    sections = tuple(
        replace(
            section,
            questions=tuple(_changed(q, code, changes) for q in section.questions),
        )
        for section in instrument.sections
    )
    return replace(instrument, sections=sections)


def read_data(name: str) -> Any:
    return _read(DATA / name)


@cache
def _demo_sets() -> dict[str, Answers]:
    demo = _read(FIXTURES / "demo" / "answers_2025.yaml")
    return {
        country["iso3"]: flatten(country["answers"], country["evidence"])
        for country in demo["countries"]
    }


def _changed(question: Question, code: str, changes: dict[str, Any]) -> Question:
    return replace(question, **changes) if question.code == code else question


@cache
def _read(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text("utf-8"), Loader=loader)  # noqa: S506  safe loaders
