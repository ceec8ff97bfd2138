"""From fixture files to records, with a problem in place of every traceback."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from questionnaire.checks.problems import Problem
from questionnaire.content import Entry

MODELS = frozenset(
    f"questionnaire.{name}"
    for name in (
        "questionnaire",
        "section",
        "question",
        "recommendation",
        "consistencyrule",
    )
)
PUBLICATION = "questionnaire.publication"


def read(paths: Iterable[Path]) -> tuple[list[Entry], list[Problem]]:
    """Return the records of the files that can be read, and what is wrong with them."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for path in paths:
        for found in _read_file(path):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                entries.append(found)
    return entries, problems


def _read_file(path: Path) -> Iterator[Entry | Problem]:
    try:
        records = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506
    except (OSError, UnicodeDecodeError) as error:
        yield Problem(
            path.name,
            "file",
            f"the file cannot be read ({error}).",
            "Check its name, and save it as UTF-8 text.",
        )
    except (yaml.YAMLError, ValueError) as error:
        yield _not_yaml(path, error)
    else:
        yield from _records(path, records)


def _not_yaml(path: Path, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    place = "file" if mark is None else f"line {mark.line + 1}"
    reason = getattr(error, "problem", None) or str(error)
    remedy = (
        "Look at this line and the one before: indentation, colons, quotation marks."
    )
    return Problem(path.name, place, f"the file is not valid YAML ({reason}).", remedy)


def _records(path: Path, records: Any) -> Iterator[Entry | Problem]:
    if not isinstance(records, list):
        yield Problem(
            path.name,
            "file",
            "the file is not a list of records.",
            "Begin each record with '- model: questionnaire.…'.",
        )
        return
    for number, record in enumerate(records, 1):
        yield from _record(path.name, f"record {number}", record)


def _record(file: str, place: str, record: Any) -> Iterator[Entry | Problem]:
    if not isinstance(record, dict) or not isinstance(record.get("fields"), dict):
        yield Problem(
            file,
            place,
            "it is not a record with 'model' and 'fields'.",
            "Write both keys, and the fields indented below 'fields:'.",
        )
        return
    unknown = sorted(str(key) for key in set(record) - {"model", "fields"})
    if unknown:
        yield Problem(
            file,
            place,
            f"the record has the unknown key {', '.join(unknown)}.",
            "Remove it: a record has 'model' and 'fields' only, and a code.",
        )
    yield Entry(file, str(record.get("model")), record["fields"])


def foreign_records(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Yield a problem for each record that does not belong into these files."""
    for entry in entries:
        if entry.model == PUBLICATION:
            yield Problem(
                entry.file,
                entry.code,
                "a fixture cannot contain a publication.",
                "Remove the record: a version is published when its first round opens.",
            )
        elif entry.model not in MODELS:
            yield Problem(
                entry.file,
                entry.code,
                f"{entry.model!r} is not a part of a questionnaire.",
                f"Use one of {', '.join(sorted(MODELS))}.",
            )


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The loader of plain YAML, which refuses a key written twice."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)
        found: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return found
