"""Whether the file of code maps can be followed, and leads to codes that exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from questionnaire.checks.problems import Problem
from questionnaire.code_maps import FILE, Part, read_steps

_HEAD = ("questionnaire", "from", "to")
_KEYS = {*_HEAD, *(part.value for part in Part)}


def check_code_maps(content: Mapping[str, Any], file: Path = FILE) -> list[Problem]:
    """Return what is wrong with `file`; `content` is that of the version checked."""
    steps = read_steps(file)
    if not isinstance(steps, list):
        return [Problem(file.name, "-", "is no list.", "Write a list of steps.")]
    found = [(f"step {n}", step) for n, step in enumerate(steps, start=1)]
    problems = [p for name, step in found for p in _misshapen(file.name, name, step)]
    if problems:
        return problems
    return [
        *_branching(file.name, steps),
        *(p for name, step in found for p in _unsound(file.name, name, step, content)),
    ]


def _misshapen(file: str, name: str, step: Any) -> Iterator[Problem]:
    if not isinstance(step, dict) or not all(
        isinstance(step.get(key), str) for key in _HEAD
    ):
        remedy = "Give it questionnaire, from and to, versions in quotation marks."
        yield Problem(file, name, "does not say between which versions.", remedy)
        return
    for key in sorted(step.keys() - _KEYS):
        remedy = f"Known are {', '.join(sorted(_KEYS))}."
        yield Problem(file, name, f"has an unknown key {key}.", remedy)
    for part in Part:
        named = step.get(part.value) or {}
        if not isinstance(named, dict) or not all(
            isinstance(old, str) and (new is None or isinstance(new, str))
            for old, new in named.items()
        ):
            remedy = "Write old: new, or old: null."
            yield Problem(file, name, f"has {part.value} of another form.", remedy)


def _branching(file: str, steps: list[dict[str, Any]]) -> Iterator[Problem]:
    starts = Counter((step["questionnaire"], step["from"]) for step in steps)
    for (code, version), count in starts.items():
        if count > 1:
            message = f"version {version} has {count} next versions."
            yield Problem(file, code, message, "Leave one step from each version.")


def _unsound(
    file: str, name: str, step: dict[str, Any], content: Mapping[str, Any]
) -> Iterator[Problem]:
    known = _codes(content) if _leads_to(step, content) else None
    for part in Part:
        named: dict[str, str | None] = step.get(part.value) or {}
        targets = Counter(new for new in named.values() if new is not None)
        for new, count in targets.items():
            if count > 1:
                remedy = "Write null: parts that were joined are not comparable."
                yield Problem(file, name, f"{new} has {count} predecessors.", remedy)
            if known is not None and new not in known[part]:
                message = f"{new} is not among the {part.value} of {step['to']}."
                yield Problem(file, name, message, "Correct the code, or write null.")


def _leads_to(step: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    head = content["questionnaire"]
    asked: tuple[str, str] = (step["questionnaire"], step["to"])
    return asked == (head["code"], head["version"])


def _codes(content: Mapping[str, Any]) -> dict[Part, set[str]]:
    questions = [q for section in content["sections"] for q in section["questions"]]
    dimensions = content["questionnaire"]["method"]["dimensions"]
    return {
        Part.DIMENSION: {dimension["code"] for dimension in dimensions},
        Part.SECTION: {section["code"] for section in content["sections"]},
        Part.QUESTION: {question["code"] for question in questions},
        Part.ROW: {row["code"] for q in questions for row in q.get("rows") or ()},
    }
