"""Choices, scores, weights and bands: whether every answer that counts has a score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from questionnaire.checks.problems import Draft, Problem, listed
from questionnaire.instrument import (
    CHOICE_KINDS,
    DK_KINDS,
    NUMBER_KINDS,
    Choice,
    Column,
    Question,
)

TEXT_KINDS = frozenset({"text", "long_text"})
TABLE_KINDS = frozenset({"matrix", "repeating_group"})
MATRIX = frozenset({"matrix"})
GROUP = frozenset({"repeating_group"})
SCORABLE = CHOICE_KINDS | NUMBER_KINDS | MATRIX
# Keys that mean something for some kinds of question or column only.
KINDS_WITH = {
    "choices": CHOICE_KINDS,
    "unit": NUMBER_KINDS,
    "minimum": NUMBER_KINDS,
    "maximum": NUMBER_KINDS,
    "band_set": NUMBER_KINDS,
    "lookup": TEXT_KINDS,
    "allows_na": DK_KINDS,
    "allow_na": DK_KINDS,
    "columns": TABLE_KINDS,
    "rows": MATRIX,
    "gate": MATRIX,
    "gate_open": MATRIX,
    "when_closed": MATRIX,
    "row_weight": MATRIX,
    "row_groups": MATRIX,
    "min_items": GROUP,
    "max_items": GROUP,
    "is_scored": SCORABLE,
    "scored": SCORABLE,
}
NEEDED = {"choices": CHOICE_KINDS, "columns": TABLE_KINDS, "rows": MATRIX}
IDLE = "Remove it, or correct the kind."


def badly_scored(draft: Draft) -> Iterator[Problem]:
    for entry in draft.entries_of("question"):
        code = entry.code
        yield from _for_its_kind(draft, code, code, entry.fields)
        for column in entry.fields.get("columns", ()):
            yield from _for_its_kind(draft, code, f"{code}.{column['code']}", column)
        yield from _scores_unused(draft, code, entry.fields)
    for question in draft.instrument.questions:
        yield from _question(draft, question)
        yield from _limits(draft, question)
        for column in question.columns:
            yield from _scored_cell(draft, question, column)
    yield from _exclusives(draft)
    yield from _band_sets(draft)
    yield from _orphan_sets(draft)


def _for_its_kind(
    draft: Draft, owner: str, place: str, fields: dict[str, Any]
) -> Iterator[Problem]:
    kind = fields["kind"]
    for key, kinds in KINDS_WITH.items():
        is_set = fields.get(key) not in (None, "", [], False)
        if is_set and kind not in kinds:
            message = f"{key!r} means nothing for the kind {kind}."
            yield draft.problem(owner, message, IDLE, place=place)
    for key, kinds in NEEDED.items():
        if kind in kinds and not fields.get(key):
            message = f"the kind {kind} needs {key!r}."
            yield draft.problem(owner, message, f"Add {key!r}.", place=place)


def _scores_unused(
    draft: Draft, owner: str, fields: dict[str, Any]
) -> Iterator[Problem]:
    """Look for scores that never count; named sets are shared and may have them."""
    for place, part, is_scored in [
        (owner, fields, fields.get("is_scored", False)),
        *(
            (f"{owner}.{column['code']}", column, column.get("scored", False))
            for column in fields.get("columns", ())
        ),
    ]:
        choices = part.get("choices", ())
        has_scores = not isinstance(choices, str) and any("score" in c for c in choices)
        if has_scores and not is_scored:
            message = "its choices have scores, but it is not scored."
            remedy = "Remove the scores, or mark it as scored."
            yield draft.problem(owner, message, remedy, place=place)
        if part.get("weight") is not None and not is_scored:
            message = "it has a weight, but it is not scored."
            remedy = "Remove the weight, or mark it as scored."
            yield draft.problem(owner, message, remedy, place=place)


def _question(draft: Draft, question: Question) -> Iterator[Problem]:
    code = question.code
    dimensions = {dimension.code for dimension in draft.instrument.dimensions}
    if question.is_scored and not question.weight:
        yield draft.problem(code, "a scored question needs a weight.", "Add 'weight'.")
    if question.is_scored and question.dimension not in dimensions:
        message = f"its dimension {question.dimension!r} does not exist."
        yield draft.problem(code, message, f"Choose from: {listed(dimensions)}.")
    if question.dimension and not question.is_scored:
        remedy = "Remove 'dimension', or set is_scored."
        yield draft.problem(code, "it has a dimension, but is not scored.", remedy)
    yield from _when_hidden(draft, question)
    if question.is_plain:
        yield from _scored_cell(draft, question, question)
    elif question.is_scored and not any(c.is_scored for c in question.columns):
        message = "a scored matrix has no scored column."
        yield draft.problem(code, message, "Mark the columns that count as scored.")


def _when_hidden(draft: Draft, question: Question) -> Iterator[Problem]:
    is_wanted = question.is_scored and question.show_if is not None
    if is_wanted and not question.when_hidden:
        message = "a scored question with show_if needs 'when_hidden'."
        yield draft.problem(question.code, message, "Write zero or exclude.")
    if question.when_hidden and not is_wanted:
        message = "'when_hidden' is only for scored questions with show_if."
        yield draft.problem(question.code, message, "Remove it.")


def _scored_cell(
    draft: Draft, owner: Question, part: Question | Column
) -> Iterator[Problem]:
    """Look whether each answer to a plain question or column has a score."""
    place = _place(owner, part)
    band_sets = draft.instrument.band_sets
    if part.band_set and part.band_set not in band_sets:
        message = f"there is no band set {part.band_set!r}."
        remedy = f"Choose from: {listed(band_sets)}."
        yield draft.problem(owner.code, message, remedy, place=place)
    if part.band_set and not part.is_scored and part.kind in NUMBER_KINDS:
        message = "it has a band set, but it is not scored."
        yield draft.problem(owner.code, message, "Remove 'band_set'.", place=place)
    if not part.is_scored:
        return
    if part.kind in NUMBER_KINDS and not part.band_set:
        message = f"a scored {part.kind} needs 'band_set'."
        yield draft.problem(owner.code, message, "Name a band set.", place=place)
    unscored = [c.value for c in part.choices if c.score is None and not c.is_exclusive]
    if unscored:
        message = f"it is scored, but these choices have no score: {listed(unscored)}."
        yield draft.problem(owner.code, message, "Give each a score.", place=place)


def _parts(question: Question) -> tuple[Question | Column, ...]:
    return (question, *question.columns)


def _place(owner: Question, part: Question | Column) -> str:
    return owner.code if part is owner else f"{owner.code}.{part.code}"


def _exclusives(draft: Draft) -> Iterator[Problem]:
    for question in draft.instrument.questions:
        for part in _parts(question):
            place = _place(question, part)
            for choice in part.choices:
                fault = _exclusive_fault(choice, part.kind)
                if fault:
                    message = f"the exclusive choice {choice.value!r} {fault}."
                    remedy = "Remove 'exclusive', or the score."
                    yield draft.problem(question.code, message, remedy, place=place)


def _exclusive_fault(choice: Choice, kind: str) -> str:
    if choice.is_exclusive and kind != "multiple_choice":
        return f"stands in a {kind}, where choices exclude each other anyway"
    return "has a score above 0" if choice.is_exclusive and choice.score else ""


def _limits(draft: Draft, question: Question) -> Iterator[Problem]:
    low, high = question.minimum, question.maximum
    if low is not None and high is not None and low > high:
        message = f"its minimum {low:g} is above its maximum {high:g}."
        yield draft.problem(question.code, message, "Exchange or correct them.")
    fewest, most = question.min_items, question.max_items
    if question.is_group and most < 1:
        message = "a repeating group needs max_items of 1 or more."
        yield draft.problem(question.code, message, "Add 'max_items'.")
    elif question.is_group and fewest > most:
        message = f"min_items {fewest} is above max_items {most}."
        yield draft.problem(question.code, message, "Exchange or correct them.")


def _band_sets(draft: Draft) -> Iterator[Problem]:
    questions = draft.instrument.questions
    used = {part.band_set for q in questions for part in _parts(q)}
    used |= {row.bands for question in questions for row in question.rows}
    for name, band_set in draft.instrument.band_sets.items():
        place = f"band_sets.{name}"
        limits = [limit for limit, _ in band_set.bands]
        if limits != sorted(set(limits)):
            remedy = "Order the bands from the lowest limit to the highest."
            yield draft.method_problem(place, "'max' does not rise.", remedy)
        if name not in used:
            message = "the band set is used by no question, column or row."
            yield draft.method_problem(place, message, "Remove it, or use it.")


def _orphan_sets(draft: Draft) -> Iterator[Problem]:
    parts = [
        part
        for entry in draft.entries_of("question")
        for part in (entry.fields, *entry.fields.get("columns", ()))
    ]
    used = {part["choices"] for part in parts if isinstance(part.get("choices"), str)}
    for name in draft.method["choice_sets"]:
        if name not in used:
            message = "the choice set is used by no question or column."
            yield draft.method_problem(f"choice_sets.{name}", message, "Remove it.")
