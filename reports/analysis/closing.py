"""What would close a gap: the fewest better answers that move its row to another class.

The answers of one row are few, so all sets of them are tried, the smallest first. A set is
judged as `reports.analysis.gaps` judges a row (gap_method.md, 7).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from questionnaire.addresses import Address
from questionnaire.consistency import errors_among
from questionnaire.states import ResponseState
from reports.analysis.best import Change, as_changes, improve_cell
from reports.analysis.gaps import WITHOUT_GAP, find_gap
from reports.analysis.results import Gap


@dataclass(frozen=True, slots=True)
class Step:
    """Better answers to cells of one row, and the class of gap that they lead to."""

    changes: tuple[Change, ...]
    gap_class: str
    severity: float | None


@dataclass(frozen=True, slots=True)
class Closing:
    """`first` improves the class with the fewest answers; `last` is where the need is met.

    `first` is None where nothing less than meeting the need improves the class, `last`
    where no answers known meet it.
    """

    gap: str
    first: Step | None
    last: Step | None


def closing(state: ResponseState, gap: Gap) -> Closing:
    """Return what would close `gap`, which is one of a row with a need that is known."""
    order = {c.code: c.order for c in state.instrument.gap_rules.classes}
    present = errors_among(state, [gap.matrix])
    first = last = None
    for step, changed in _steps(state, gap):
        is_met = step.gap_class in WITHOUT_GAP
        is_better = order[step.gap_class] > order[gap.gap_class]
        if not is_met and (first is not None or not is_better):
            continue
        if errors_among(changed, [gap.matrix]) - present:
            continue  # it contradicts other answers, and could not be submitted
        first = first or step
        if is_met:
            last = step
            break
    return Closing(gap.code, None if first is last else first, last)


def _steps(state: ResponseState, gap: Gap) -> Iterator[tuple[Step, ResponseState]]:
    """Yield sets of better answers, the smallest first, each with what it leads to."""
    question = state.instrument.question_by_code[gap.matrix]
    row = question.row_by_code[gap.code]
    source = next(g for g in state.instrument.gap_inputs if g.matrix == gap.matrix)
    counted = (*source.availability_columns, *source.quality_weights)
    better = {
        Address(gap.matrix, row.code, column.code): value
        for column in question.columns
        if column.code in counted
        and (value := improve_cell(state, question, row, column)) is not None
    }
    for size in range(1, len(better) + 1):
        for chosen in combinations(better, size):
            changes = {address: better[address] for address in chosen}
            changed = state.changed(changes)
            found = find_gap(changed, gap.matrix, row)
            yield Step(as_changes(changes), found.gap_class, found.severity), changed
