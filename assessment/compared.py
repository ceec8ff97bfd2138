"""Two readings of a response side by side, as people read them: only what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.comparison import Change, Difference, differences, ordered
from assessment.history import in_words
from assessment.models import Response, Transition
from assessment.queries import Held
from questionnaire.addresses import EVIDENCE, NOTE, Address
from questionnaire.instrument import Instrument, Question, Section

# A sign and a word for each: colour never stands alone.
SIGNS = {
    Change.ADDED: "+",
    Change.CHANGED: "≠",
    Change.REMOVED: "−",
    Change.CONFIRMED: "=",
}
LABELS: dict[Change, Promise] = {
    Change.ADDED: gettext_lazy("Added"),
    Change.CHANGED: gettext_lazy("Changed"),
    Change.REMOVED: gettext_lazy("Removed"),
    Change.CONFIRMED: gettext_lazy("Confirmed"),
}
# What is compared unless something else is asked for: confirmed cells stayed as they were.
DIFFERENT = (Change.ADDED, Change.CHANGED, Change.REMOVED)
TEXT_KINDS = frozenset({"text", "long_text"})


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """What happened to a cell, as a sign and a word; `before` in words where it matters."""

    change: Change
    before: str = ""

    @property
    def sign(self) -> str:
        return SIGNS[self.change]

    @property
    def label(self) -> str:
        return str(LABELS[self.change])


@dataclass(frozen=True, slots=True)
class Line:
    """A cell that differs; `name` says which of its question's, values are in words.

    `is_text`: both are texts, so that single words can be compared.
    """

    address: Address
    name: str
    mark: ChangeMark
    before: str
    after: str
    is_text: bool


@dataclass(frozen=True, slots=True)
class ComparedQuestion:
    question: Question
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ComparedSection:
    section: Section
    questions: tuple[ComparedQuestion, ...]


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many cells are of a kind, and whether they are shown."""

    mark: ChangeMark
    count: int
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """All kinds are counted, only those asked for are in `sections`."""

    counts: tuple[KindCount, ...]
    sections: tuple[ComparedSection, ...]

    @property
    def differing(self) -> int:
        """The number of cells whose value is another one."""
        return sum(c.count for c in self.counts if c.mark.change in DIFFERENT)

    @property
    def lines(self) -> Iterator[Line]:
        for section in self.sections:
            for question in section.questions:
                yield from question.lines


def compare(
    instrument: Instrument,
    before: Mapping[Address, Held],
    after: Mapping[Address, Held],
    kinds: Collection[Change] = DIFFERENT,
) -> Comparison:
    """Return what differs, in the order of the questionnaire."""
    found = differences(before, after).values()
    number = Counter(one.change for one in found)
    names = _Names(instrument, [*before, *after])
    shown = ordered(instrument, (one for one in found if one.change in kinds))
    return Comparison(
        counts=tuple(
            KindCount(ChangeMark(kind), number[kind], kind in kinds) for kind in Change
        ),
        sections=tuple(_sections(instrument, shown, names)),
    )


def _sections(
    instrument: Instrument, found: Iterable[Difference], names: _Names
) -> Iterator[ComparedSection]:
    known = (d for d in found if d.address.question in instrument.question_by_code)
    by_question = [
        (instrument.question_by_code[code], list(group))
        for code, group in groupby(known, key=lambda d: d.address.question)
    ]
    for section, questions in groupby(by_question, key=lambda pair: pair[0].section):
        yield ComparedSection(
            instrument.section_by_code[section],
            tuple(
                ComparedQuestion(question, _lines(instrument, question, cells, names))
                for question, cells in questions
            ),
        )


def _lines(
    instrument: Instrument,
    question: Question,
    found: list[Difference],
    names: _Names,
) -> tuple[Line, ...]:
    if question.is_group:  # entries have no order by code
        found = sorted(found, key=lambda d: names.entry(d.address))
    return tuple(
        Line(
            address=one.address,
            name=names.of(question, one.address),
            mark=ChangeMark(one.change),
            before=in_words(instrument, one.address, one.before),
            after=in_words(instrument, one.address, one.after),
            is_text=one.change is Change.CHANGED and _is_text(question, one.address),
        )
        for one in found
    )


def _is_text(question: Question, address: Address) -> bool:
    if address.column == NOTE:
        return True
    column = question.column_by_code.get(address.column)
    return (column.kind if column else question.kind) in TEXT_KINDS


class _Names:
    """What a cell is called within its question; entries of groups are numbered."""

    def __init__(self, instrument: Instrument, addresses: Iterable[Address]) -> None:
        self._entries: dict[str, dict[str, int]] = {}
        for address in addresses:
            question = instrument.question_by_code.get(address.question)
            if question is not None and question.is_group and address.row:
                entries = self._entries.setdefault(question.code, {})
                entries.setdefault(address.row, len(entries) + 1)

    def entry(self, address: Address) -> int:
        """Return the number of an entry in the order of their first save; else 0."""
        return self._entries.get(address.question, {}).get(address.row, 0)

    def of(self, question: Question, address: Address) -> str:
        row = question.row_by_code.get(address.row)
        parts = [row.short] if row else []
        if self.entry(address):
            parts.append(_("Entry %(number)d") % {"number": self.entry(address)})
        reserved = {NOTE: _("Note"), EVIDENCE: _("Source documents")}
        column = question.column_by_code.get(address.column)
        if address.column in reserved:
            parts.append(reserved[address.column])
        elif column is not None:
            parts.append(column.label)
        return " · ".join(parts) or _("Answer")


def has_comparable(
    response: Response, transitions: Iterable[Transition], *, reads_live: bool
) -> bool:
    """Whether two records of a response can be compared, by what happened to it. No query."""
    actions = Counter(transition.action for transition in transitions)
    made, withdrawn = Transition.Action.SUBMIT, Transition.Action.WITHDRAW
    submissions = actions[made] - actions[withdrawn]
    is_live = reads_live and response.is_editable
    return submissions + is_live > 1
