"""Reviewed values as pages show them, and the form of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from assessment.dissent_page import cell_label, cells_to_choose, control_of
from assessment.hub import section_of
from assessment.models import ReviewedValue
from assessment.queries import Reading
from assessment.reviewed import ReviewedLine, is_in_force
from assessment.section_views import CellView
from questionnaire.addresses import Address
from questionnaire.fields import shown_value
from questionnaire.instrument import Question, Section
from questionnaire.wording import value_in_words


def lines_in(reading: Reading, found: Iterable[ReviewedValue]) -> list[ReviewedLine]:
    """Return reviewed values in words, in the order of the instrument. No query."""
    order = reading.instrument.sort_key
    return [
        _line(reading, one) for one in sorted(found, key=lambda one: order(one.address))
    ]


def lines_by_question(
    reading: Reading, found: Iterable[ReviewedValue]
) -> dict[str, list[ReviewedLine]]:
    """Return reviewed values in words, by the code of their question. No query."""
    lines: defaultdict[str, list[ReviewedLine]] = defaultdict(list)
    for line in lines_in(reading, found):
        lines[line.address.question].append(line)
    return dict(lines)


def _line(reading: Reading, one: ReviewedValue) -> ReviewedLine:
    instrument, address = reading.instrument, one.address
    return ReviewedLine(
        pk=one.pk,
        address=address,
        name=cell_label(reading, address),
        value=value_in_words(instrument, address, one.value),
        answer=value_in_words(instrument, address, one.replaced),
        now=value_in_words(instrument, address, reading.answers.get(address)),
        reason=one.reason,
        by=one.set_by.name,
        at=one.set_at,
        number=one.submission.number,
        is_in_force=is_in_force(reading.answers, one),
        withdrawn_by=one.withdrawn_by.name if one.withdrawn_by else "",
        withdrawn_at=one.withdrawn_at,
    )


@dataclass(frozen=True, slots=True)
class ReviewedSection:
    section: Section
    lines: tuple[ReviewedLine, ...]


@dataclass(slots=True)
class Draft:
    """What an officer is about to set: of a cell, once it is chosen."""

    question: Question
    cells: list[tuple[str, list[tuple[str, str]]]]
    address: Address | None = None
    name: str = ""
    answer: str = ""
    control: CellView | None = None
    reason: str = ""
    standing: ReviewedLine | None = None
    errors: list[str] = field(default_factory=list)


class ReviewedPage:
    """What the templates print; reads nothing but what it is given."""

    def __init__(self, reading: Reading, found: Iterable[ReviewedValue]) -> None:
        self.reading = reading
        self.found = list(found)

    @cached_property
    def lines(self) -> list[ReviewedLine]:
        return lines_in(self.reading, self.found)

    @cached_property
    def sections(self) -> list[ReviewedSection]:
        """Those that stand, by section, in the order of the instrument."""
        lines: defaultdict[str, list[ReviewedLine]] = defaultdict(list)
        for line in self.lines:
            if line.is_standing:
                section = section_of(self.reading.instrument, line.address)
                lines[section.code].append(line)
        by_code = self.reading.instrument.section_by_code
        return [ReviewedSection(by_code[code], tuple(at)) for code, at in lines.items()]

    @cached_property
    def withdrawn(self) -> list[ReviewedLine]:
        return [line for line in self.lines if not line.is_standing]

    def draft(self, question: Question, asked: str) -> Draft:
        """Return the form of a question; with its control once the cell is known.

        It starts from the value that stands in the cell, else from the answer.
        """
        draft = Draft(question, list(cells_to_choose(self.reading, question)))
        known = {name for _, named in draft.cells for name, _ in named}
        if asked not in known:
            return draft
        address = Address.parse(asked)
        held = self.reading.answers.get(address)
        draft.address = address
        draft.name = cell_label(self.reading, address)
        draft.answer = value_in_words(self.reading.instrument, address, held)
        draft.control = control_of(self.reading, address)
        for one in self.found:
            if one.address == address and one.is_standing:
                draft.standing = _line(self.reading, one)
                draft.reason = one.reason
                draft.control.value = shown_value(one.value)
        return draft
