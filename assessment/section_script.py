"""What the page of a section gives its own evaluator of conditions, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from assessment.delegation_queries import Territory
from questionnaire.addresses import Address
from questionnaire.conditions import leaves
from questionnaire.instrument import Section
from questionnaire.states import ResponseState


def script_data(
    section: Section,
    proposed: ResponseState,
    state: ResponseState,
    territory: Territory,
) -> dict[str, Any]:
    """Return definitions, and the answers that the page cannot change itself.

    `proposed` is the state with all that is carried over.
    """
    instrument = state.instrument
    shown_if = {q.code: q.show_if for q in section.questions if q.show_if}
    elsewhere = _not_editable_here(section, shown_if, territory)
    return {
        "conditions": shown_if,
        "answers": {str(address): state.value(address) for address in elsewhere},
        "proposed": {str(address): proposed.value(address) for address in elsewhere},
        "rows": {
            leaf["q"]: list(instrument.question_by_code[leaf["q"]].row_by_code)
            for condition in shown_if.values()
            for leaf in leaves(condition)
        },
        "exclusive": _exclusive(section),
        "matrices": {
            q.code: {"gate": q.gate, "open": sorted(q.gate_open)}
            for q in section.questions
            if q.is_matrix and q.gate
        },
    }


def _exclusive(section: Section) -> dict[str, list[str]]:
    """Return the choices that stand alone, by question and column."""
    lists = {
        f"{question.code}.{column.code}": column.choices
        for question in section.questions
        for column in question.columns
    } | {question.code: question.choices for question in section.questions}
    return {
        name: alone
        for name, choices in lists.items()
        if (alone := [c.value for c in choices if c.is_exclusive])
    }


def _not_editable_here(
    section: Section, shown_if: Mapping[str, Any], territory: Territory
) -> list[Address]:
    """Return the cells that conditions ask and that are not this person's on this page."""
    here = {q.code for q in section.questions}
    asked = [
        Address(question.code, row, leaf.get("col", ""))
        for leaf in chain.from_iterable(map(leaves, shown_if.values()))
        for question in (territory.instrument.question_by_code[leaf["q"]],)
        for row in question.row_by_code or ("",)
    ]
    return [a for a in asked if a.question not in here or not territory.covers(a)]
