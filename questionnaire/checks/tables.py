"""Matrices: gates, rows, fixed cells, groups of rows, weights of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from questionnaire.checks.problems import Draft, Problem, listed
from questionnaire.instrument import (
    CHOICE_KINDS,
    NA,
    NUMBER_KINDS,
    Column,
    Question,
    Row,
    RowWeight,
)


def badly_tabled(draft: Draft) -> Iterator[Problem]:
    for question in draft.instrument.questions:
        if not question.is_matrix:
            continue
        yield from _gate(draft, question)
        yield from _row_weight(draft, question)
        yield from _row_groups(draft, question)
        for row in question.rows:
            yield from _row(draft, question, row)
            yield from _fixed(draft, question, row)


def _gate(draft: Draft, question: Question) -> Iterator[Problem]:
    code = question.code
    if not question.gate:
        yield from _without_gate(draft, question)
        return
    column = question.column_by_code.get(question.gate)
    if column is None:
        message = f"its gate {question.gate!r} is not one of its columns."
        yield draft.problem(code, message, f"Choose from: {_codes(question)}.")
        return
    if not column.is_gated:
        message = f"the gate {question.gate!r} is marked 'gated: false'."
        yield draft.problem(code, message, "Remove the mark: the gate is always open.")
    if not question.gate_open:
        message = "a gate needs 'gate_open', the values that open a row."
        yield draft.problem(code, message, "List at least one value.")
    yield from _known(draft, code, "gate_open", question.gate_open, column)
    if not question.when_closed:
        message = "a matrix with a gate needs 'when_closed'."
        yield draft.problem(code, message, "Write zero or skip.")


def _without_gate(draft: Draft, question: Question) -> Iterator[Problem]:
    idle = [
        name
        for name, is_set in {
            "gate_open": question.gate_open,
            "when_closed": question.when_closed
            or any(row.when_closed for row in question.rows),
            "gated": any(not column.is_gated for column in question.columns),
        }.items()
        if is_set
    ]
    for name in idle:
        message = f"{name!r} means nothing without a gate."
        yield draft.problem(question.code, message, "Add 'gate', or remove it.")


def _known(
    draft: Draft, owner: str, key: str, values: Iterable[str], column: Column
) -> Iterator[Problem]:
    choices = {choice.value for choice in column.choices}
    for value in sorted(set(values) - choices):
        message = f"{key}: {value!r} is not a choice of the column {column.code!r}."
        remedy = f"Choose from: {listed(choices) or 'nothing, it is no choice column'}."
        yield draft.problem(owner, message, remedy)


def _row_weight(draft: Draft, question: Question) -> Iterator[Problem]:
    weight: RowWeight | None = question.row_weight
    if weight is None:
        return
    column = question.column_by_code.get(weight.column)
    if column is None or column.kind not in CHOICE_KINDS - {"multiple_choice"}:
        message = f"row_weight: {weight.column!r} is not a column with a single choice."
        yield draft.problem(question.code, message, "Name such a column.")
        return
    yield from _known(draft, question.code, "row_weight", weight.factors, column)
    missing = {choice.value for choice in column.choices} - set(weight.factors)
    if missing:
        message = f"row_weight has no factor for {listed(missing)}."
        yield draft.problem(question.code, message, "Add them to its 'map'.")


def _row_groups(draft: Draft, question: Question) -> Iterator[Problem]:
    groups = {group.code for group in question.row_groups}
    for row in question.rows:
        if row.group not in (groups or {""}):
            message = f"its group {row.group!r} is not one of the row groups."
            remedy = f"Choose from: {listed(groups)}." if groups else "Remove 'group'."
            yield _at_row(draft, question, row, message, remedy)
    for code in sorted(groups - {row.group for row in question.rows}):
        message = f"the row group {code!r} has no rows."
        yield draft.problem(question.code, message, "Remove it, or give it rows.")


def _row(draft: Draft, question: Question, row: Row) -> Iterator[Problem]:
    instrument = draft.instrument
    themes = {theme.code for theme in instrument.gap_rules.themes}
    if row.theme and row.theme not in themes:
        message = f"its theme {row.theme!r} does not exist."
        yield _at_row(draft, question, row, message, f"Choose from: {listed(themes)}.")
    if row.bands and row.bands not in instrument.band_sets:
        message = f"there is no band set {row.bands!r}."
        remedy = f"Choose from: {listed(instrument.band_sets)}."
        yield _at_row(draft, question, row, message, remedy)
    if row.bands and not any(c.kind in NUMBER_KINDS for c in question.columns):
        message = "'bands' replaces nothing: no column holds a number."
        yield _at_row(draft, question, row, message, "Remove it.")
    if row.no_na and not any(column.allows_na for column in question.columns):
        message = "'no_na' forbids nothing: no column allows 'not applicable'."
        yield _at_row(draft, question, row, message, "Remove it.")


def _fixed(draft: Draft, question: Question, row: Row) -> Iterator[Problem]:
    for code, value in row.fixed.items():
        column = question.column_by_code.get(code)
        if column is None:
            message = f"fixed: {code!r} is not one of the columns."
            yield _at_row(
                draft, question, row, message, f"Choose from: {_codes(question)}."
            )
            continue
        if code == question.gate:
            message = "fixed: the gate cannot be fixed."
            yield _at_row(
                draft, question, row, message, "Remove it: the gate is asked."
            )
        if value != NA and value not in {choice.value for choice in column.choices}:
            message = f"fixed: {value!r} is neither na nor a choice of {code!r}."
            yield _at_row(
                draft, question, row, message, "Write na or one of its choices."
            )


def _codes(question: Question) -> str:
    return listed(question.column_by_code)


def _at_row(
    draft: Draft, question: Question, row: Row, message: str, remedy: str
) -> Problem:
    place = f"{question.code}[{row.code}]"
    return draft.problem(question.code, message, remedy, place=place)
