"""Conditions that can never be true, as far as that can be decided cell by cell.

Every finding is certain; not every contradiction is found. A cell that must hold an
answer implies that its question is shown and its row open. Branches of `any` are judged
one at a time, comparisons of two answers by their being numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from questionnaire.addresses import Address
from questionnaire.checks.conditions import uses
from questionnaire.checks.formulas import Atom, Either, Every, Formula, formula
from questionnaire.checks.leaves import written
from questionnaire.checks.possible import BLANK, Possible, any_answer, narrowed
from questionnaire.checks.problems import Draft, Problem
from questionnaire.instrument import Condition, Instrument

Known = dict[Address, Possible]
NEVER = "Correct the condition, or remove it."


def impossible(draft: Draft) -> Iterator[Problem]:
    """Yield a problem for each condition, or branch of `any`, that is never true.

    Expects well-formed conditions and sound matrices.
    """
    solver = _Solver(draft.instrument)
    for use in uses(draft):
        whole = formula(use.condition, draft.instrument)
        known = solver.known([whole])
        if known is None:
            message = f"{use.key} can never be true: {solver.reason}."
            yield draft.problem(use.owner, message, NEVER)
            continue
        for branch in solver.dead_branches(whole, known):
            message = f"{use.key}: a branch of any can never be true: {_said(branch)}."
            yield draft.problem(use.owner, message, NEVER)


def _said(condition: Condition) -> str:
    if "op" in condition:
        return written(condition)
    joint = next(iter(condition))
    parts = condition[joint] if joint != "not" else [condition["not"]]
    return f"{joint} ({'; '.join(_said(part) for part in parts)})"


@dataclass
class _Solver:
    instrument: Instrument
    reason: str = field(default="", init=False)

    def known(
        self, parts: Iterable[Formula], given: Known | None = None
    ) -> Known | None:
        """Return what `parts` leave possible together, or None if that is nothing."""
        known = dict(given or {})
        waiting, branches = list(parts), []
        while waiting:
            part = waiting.pop()
            if isinstance(part, Every):
                waiting.extend(part.parts)
            elif isinstance(part, Either):
                branches.append(part)
            elif not self._narrow(part, known, waiting):
                self.reason = f"nothing is left to answer in {part.address}"
                return None
        for branch in branches:
            if not any(self.known([part], known) is not None for part in branch.parts):
                self.reason = self.reason or "no branch of any can be true"
                return None
        return known

    def _narrow(self, atom: Atom, known: Known, waiting: list[Formula]) -> bool:
        cell = atom.address
        before = known.get(cell) or any_answer(self.instrument, cell)
        after = narrowed(before, atom)
        known[cell] = after
        if BLANK in before.words and BLANK not in after.words:
            waiting.extend(self._implied(cell))
        return not after.is_empty

    def _implied(self, cell: Address) -> Iterator[Formula]:
        """Yield what must be true for `cell` not to be blank."""
        question = self.instrument.question_by_code[cell.question]
        if question.show_if is not None:
            yield formula(question.show_if, self.instrument)
        column = question.column_by_code.get(cell.column)
        if column is None or not question.gate or column.code == question.gate:
            return
        if column.is_gated:
            gate = Address(cell.question, cell.row, question.gate)
            yield Atom(gate, "in", tuple(sorted(question.gate_open)), is_true=True)

    def dead_branches(self, part: Formula, known: Known) -> Iterator[Condition]:
        """Yield the conditions written under `any` that `known` makes impossible."""
        if isinstance(part, Every):
            for inner in part.parts:
                yield from self.dead_branches(inner, known)
        elif isinstance(part, Either) and part.written:
            for inner, condition in zip(part.parts, part.written, strict=True):
                within = self.known([inner], known)
                if within is None:
                    yield condition
                else:
                    yield from self.dead_branches(inner, within)
