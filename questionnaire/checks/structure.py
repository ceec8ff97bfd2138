"""How records hang together: one questionnaire, codes that name one thing each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from questionnaire.addresses import Address
from questionnaire.checks.problems import (
    Problem,
    listed,
    model_of,
    problem_of,
    said,
)
from questionnaire.content import Entry
from questionnaire.instrument import RESERVED_VALUES

NEW_CODE = "Give it a code of its own; a code is never used again."
OVERALL = "OVERALL"
# Lists without codes of their own, and codes that are unique in the whole file.
CONDITIONS = frozenset({"show_if", "trigger", "when"})
LEFT_OUT = CONDITIONS | {"rows", "subsections", "dimensions"}


def loose(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Yield a problem for each record that is missing, doubled or hangs nowhere."""
    heads = [entry for entry in entries if model_of(entry) == "questionnaire"]
    if not heads:
        yield Problem(
            entries[0].file if entries else "fixtures",
            "questionnaire",
            "there is no questionnaire record.",
            "Add the file with the record questionnaire.questionnaire.",
        )
        return
    for entry in heads[1:]:
        remedy = "Keep one version in these files: the one to load."
        yield problem_of(entry, "there is more than one questionnaire record.", remedy)
    yield from _belonging(heads[0], entries)
    yield from _codes(heads[0], entries)
    yield from _positions(entries)
    for entry in entries:
        yield from _inside(entry, heads[0].fields["method"])


def _belonging(head: Entry, entries: Sequence[Entry]) -> Iterator[Problem]:
    version = [head.fields["code"], head.fields["version"]]
    sections = {e.fields["code"] for e in entries if model_of(e) == "section"}
    for entry in entries:
        if entry is head or model_of(entry) == "questionnaire":
            continue
        key = entry.fields.get("section") or entry.fields["questionnaire"]
        if key[:2] != version:
            message = f"it belongs to {said(key[:2])}, not to {said(version)}."
            remedy = "Give all records the code and version of the questionnaire."
            yield problem_of(entry, message, remedy)
        elif len(key) > len(version):
            yield from _in_section(entry, key[2], sections)


def _in_section(entry: Entry, section: str, sections: set[str]) -> Iterator[Problem]:
    if section not in sections:
        message = f"its section {section!r} does not exist."
        yield problem_of(entry, message, f"Choose from: {listed(sections)}.")
    elif not entry.code.startswith(f"{section}-"):
        message = f"the code of a question in {section} begins with '{section}-'."
        yield problem_of(entry, message, "Correct the code, or the section.")


def _codes(head: Entry, entries: Sequence[Entry]) -> Iterator[Problem]:
    """Codes of records, rows, subsections and dimensions share one namespace.

    Scores, gaps and translations are looked up by code alone.
    """
    used = {OVERALL: "the overall score"}
    named = [
        (head, d["code"], "dimension") for d in head.fields["method"]["dimensions"]
    ]
    for entry in entries:
        if model_of(entry) != "questionnaire":
            what = model_of(entry).replace("consistencyrule", "consistency rule")
            named.append((entry, entry.code, what))
        named += [(entry, r["code"], "row") for r in entry.fields.get("rows", ())]
        subsections = entry.fields.get("subsections", ())
        named += [(entry, s["code"], "subsection") for s in subsections]
    for entry, code, what in named:
        if code in used:
            message = f"the code {code!r} of a {what} is taken by {used[code]}."
            yield problem_of(entry, message, NEW_CODE)
        used.setdefault(code, f"a {what} in {entry.file}")


def _positions(entries: Iterable[Entry]) -> Iterator[Problem]:
    used: dict[tuple[str, str, int], str] = {}
    for entry in entries:
        if "position" not in entry.fields:
            continue
        position = entry.fields["position"]
        parent = entry.fields.get("section", [""])[-1]
        key = (model_of(entry), parent, position)
        if key in used:
            message = f"position {position} is taken by {used[key]}."
            yield problem_of(
                entry, message, "Number the records from 1 without repeats."
            )
        used.setdefault(key, entry.code)


def _inside(entry: Entry, method: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _repeated_codes(entry, "", entry.fields)
    yield from _unwritable(entry)
    for path, choices in _choice_lists(entry):
        if not isinstance(choices, str):
            yield from _reserved(entry, path, choices)
        elif choices not in method["choice_sets"]:
            message = f"{path}: there is no choice set {choices!r}."
            remedy = f"Choose from: {listed(method['choice_sets'])}."
            yield problem_of(entry, message, remedy)


def _choice_lists(entry: Entry) -> Iterator[tuple[str, Any]]:
    if "choices" in entry.fields:
        yield "choices", entry.fields["choices"]
    for column in entry.fields.get("columns", ()):
        if "choices" in column:
            yield f"columns[{column['code']}].choices", column["choices"]
    if "method" in entry.fields:
        for name, choices in entry.fields["method"]["choice_sets"].items():
            yield f"choice_sets.{name}", choices


def _reserved(entry: Entry, path: str, choices: Any) -> Iterator[Problem]:
    for value in sorted(RESERVED_VALUES & {choice["value"] for choice in choices}):
        message = f"{path}: {value!r} is reserved and cannot be the value of a choice."
        remedy = "Remove the choice: it is offered by itself where it is allowed."
        yield problem_of(entry, message, remedy)


def _repeated_codes(entry: Entry, path: str, value: Any) -> Iterator[Problem]:
    """Look into every list of items for a code or a value that stands twice."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in LEFT_OUT:
                dot = f"{path}." if path else ""
                yield from _repeated_codes(entry, f"{dot}{key}", item)
    elif isinstance(value, list):
        seen: set[str] = set()
        for item in value:
            name = (
                item.get("code", item.get("value")) if isinstance(item, dict) else None
            )
            if name is not None and name in seen:
                yield problem_of(entry, f"{path}: {name!r} stands twice.", NEW_CODE)
            seen.add(str(name))
            yield from _repeated_codes(entry, f"{path}[{name}]", item)


def _unwritable(entry: Entry) -> Iterator[Problem]:
    """Yield a problem for each row or column code that no address can carry."""
    parts = [Address(entry.code, r["code"]) for r in entry.fields.get("rows", ())]
    parts += [
        Address(entry.code, "x", c["code"]) for c in entry.fields.get("columns", ())
    ]
    for address in parts:
        try:
            is_written = Address.parse(str(address)) == address
        except ValueError:
            is_written = False
        if not is_written:
            message = f"the code {address.column or address.row!r} cannot be addressed."
            remedy = (
                "Rows: letters, digits, dots and hyphens. "
                "Columns: small letters, digits and underscores."
            )
            yield problem_of(entry, message, remedy)
