"""Validates the fixtures of a questionnaire before anything is loaded.

Records are checked in three steps, each of which needs the one before to have found
nothing: shape and codes; what codes refer to, scores and the form of conditions;
conditions that can never be true.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from questionnaire.checks.choices import badly_scored
from questionnaire.checks.conditions import ill_formed
from questionnaire.checks.method import badly_measured, badly_referred
from questionnaire.checks.problems import Draft, Problem
from questionnaire.checks.reading import foreign_records, read
from questionnaire.checks.satisfiable import impossible
from questionnaire.checks.shapes import misshapen
from questionnaire.checks.structure import loose
from questionnaire.checks.tables import badly_tabled
from questionnaire.content import Entry

__all__ = ["FIXTURES", "Problem", "check", "check_paths", "fixture_paths"]

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "questionnaire"


def fixture_paths() -> list[Path]:
    return sorted(FIXTURES.glob("*.yaml"))


def check_paths(paths: Iterable[Path]) -> list[Problem]:
    """Return what is wrong with fixture files, whatever they hold."""
    entries, problems = read(paths)
    return problems or check(entries)


def check(entries: Sequence[Entry]) -> list[Problem]:
    """Return what is wrong with the records of one version, taken together."""
    for find in (foreign_records, misshapen, loose):
        problems = list(find(entries))
        if problems:
            return problems
    draft = Draft.of(entries)
    problems = [
        problem
        for find_in in (
            badly_scored,
            badly_tabled,
            badly_measured,
            badly_referred,
            ill_formed,
        )
        for problem in find_in(draft)
    ]
    return problems or list(impossible(draft))
