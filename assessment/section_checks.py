"""Rules that fire, as one section shows them: beside the first cell they concern there.

The page is rendered with them and asks for them again as answers change (views.sections);
both print the same partials.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.hub import ContradictionLine, line_of, section_of
from assessment.models import Response
from assessment.queries import Reading
from questionnaire.addresses import Address
from questionnaire.conditions import is_blank
from questionnaire.consistency import contradictions, rules_of
from questionnaire.instrument import Section
from questionnaire.states import ResponseState

_WORST_FIRST = ("error", "warning", "explained")


class Mark(NamedTuple):
    """What a cell is marked with: the worst level, and the ids of the messages on it."""

    level: str
    ids: str


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that fires, said at `place`: a row of a matrix, or a question.

    `line` names the other cells; `here` are those of the section. `note_url` leads to the
    note that explains it, which is on the same page where `is_note_here`.
    """

    line: ContradictionLine
    place: Address
    here: tuple[Address, ...]
    note_url: str
    is_note_here: bool
    can_explain: bool
    has_carried_remark: bool

    @property
    def code(self) -> str:
        return self.line.contradiction.rule.code

    @property
    def anchor(self) -> str:
        return f"rule-{self.code}"


@dataclass(frozen=True)
class SectionChecks:
    """The rules that fire in a section, in the order of the file."""

    checks: tuple[Check, ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def marks(self) -> dict[Address, Mark]:
        """How each cell of the section that takes part is marked."""
        found: dict[Address, list[Check]] = defaultdict(list)
        for check in self.checks:
            for address in check.here:
                found[address].append(check)
        return {
            address: Mark(
                min(checks, key=_rank).line.level,
                " ".join(c.anchor for c in checks),
            )
            for address, checks in found.items()
        }

    @cached_property
    def to_explain_at(self) -> frozenset[str]:
        """The questions of which the note is waited for."""
        return frozenset(
            c.line.remark_at.question
            for c in self.checks
            if c.is_note_here and c.line.to_explain
        )

    @cached_property
    def places(self) -> dict[Address, SafeString]:
        """What stands at each row or question, rendered, the worst first."""
        found: dict[Address, list[Check]] = defaultdict(list)
        for check in sorted(self.checks, key=_rank):
            found[check.place].append(check)
        return {
            place: render_to_string(
                "assessment/partials/rules_at.html", {**self.context, "checks": checks}
            )
            for place, checks in found.items()
        }

    def html_at(self, place: Address) -> SafeString | str:
        return self.places.get(place, "")

    def count(self, level: str) -> int:
        return sum(check.line.level == level for check in self.checks)

    @property
    def errors(self) -> int:
        return self.count("error")

    @property
    def to_explain(self) -> int:
        return self.count("warning")

    @property
    def explained(self) -> int:
        return self.count("explained")

    @property
    def said(self) -> str:
        """The counts as one sentence, for who hears the page."""
        if not self.checks:
            return _("No contradictions in this section.")
        words = [
            ngettext("%(count)d contradiction", "%(count)d contradictions", self.errors)
            % {"count": self.errors},
            ngettext(
                "%(count)d point to explain",
                "%(count)d points to explain",
                self.to_explain,
            )
            % {"count": self.to_explain},
        ]
        return _("In this section: %(counts)s.") % {"counts": ", ".join(words)}

    def as_json(self) -> dict[str, Any]:
        """Return what an open page puts in place of what it shows."""
        return {
            "said": self.said,
            "summary": render_to_string(
                "assessment/partials/section_checks_count.html",
                {**self.context, "checks": self},
            ),
            "places": {str(place): html for place, html in self.places.items()},
            "cells": {str(a): mark._asdict() for a, mark in self.marks.items()},
        }


def _rank(check: Check) -> int:
    return _WORST_FIRST.index(check.line.level)


def checks_of(
    section: Section,
    reading: Reading,
    response: Response,
    *,
    can_write: Callable[[Address], bool],
    for_reviewers: bool = False,
) -> SectionChecks:
    """Return the rules that fire and concern a cell shown in `section`. No query.

    `can_write` says where the reader may write the remark that explains a warning.
    """
    state = reading.state
    checks = []
    for contradiction in contradictions(state, rules_of(reading.instrument, section)):
        here = tuple(a for a in contradiction.cells if _is_shown(a, section, state))
        if not here:
            continue
        line = line_of(state, contradiction)
        note = line.remark_at
        checks.append(
            Check(
                line=replace(
                    line, cells=tuple(c for c in line.cells if c.address != here[0])
                ),
                place=_place(here[0], state),
                here=here,
                note_url=_note_url(note, state, response),
                is_note_here=section_of(state.instrument, note).code == section.code,
                can_explain=can_write(note),
                has_carried_remark=_is_carried(note, reading),
            )
        )
    context = {
        "country": response.country,
        "round": response.round,
        "for_reviewers": for_reviewers,
    }
    return SectionChecks(tuple(checks), context)


def _is_shown(address: Address, section: Section, state: ResponseState) -> bool:
    question = state.instrument.question_by_code[address.question]
    return question.section == section.code and state.is_shown(question)


def _place(address: Address, state: ResponseState) -> Address:
    """Return where a message about a cell stands: under its row, or at its question."""
    question = state.instrument.question_by_code[address.question]
    return Address(address.question, address.row if question.is_matrix else "")


def _note_url(note: Address, state: ResponseState, response: Response) -> str:
    section = section_of(state.instrument, note)
    page = reverse(
        "assessment:section_detail",
        args=[response.country.iso3, response.round.code, section.code.lower()],
    )
    return f"{page}#{quote(f'c-{note}', safe='')}"


def _is_carried(note: Address, reading: Reading) -> bool:
    held = reading.held.get(note)
    return held is not None and not held.is_confirmed and not is_blank(held.value)
