"""Who holds what: each institution with its sources, statistics and exchange of data.

Read from the answers that count, by the cells that name institutions. The report has a
chapter of its own on the same answers (`reports.document.holders`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from assessment.institution_queries import (
    Directory,
    clean_name,
    is_lookup,
    name_key,
    named_in,
)
from assessment.models import Institution
from assessment.queries import Reading
from questionnaire.addresses import Address
from questionnaire.instrument import Question, Row
from questionnaire.wording import value_in_words

Kind = Institution.Kind

# The questions whose rows an institution is responsible for.
SOURCES = frozenset({"SRC-INV"})
STATISTICS = frozenset({"BAS-STAT", "POL-MIG"})
ACCESS = "nso_access"
# Exchange is asked by kind of agency, not by name.
EXCHANGE = "COO-MOU"
EXCHANGE_ROWS = {
    Kind.BORDER: "AGY-BOR",
    Kind.INTERIOR: "AGY-INT",
    Kind.LABOUR: "AGY-LAB",
    Kind.FOREIGN: "AGY-FOR",
    Kind.ASYLUM: "AGY-ASY",
    Kind.CIVIL: "AGY-CIV",
    Kind.EDUCATION: "AGY-EDU",
    Kind.SOCIAL: "AGY-SOC",
    Kind.JUSTICE: "AGY-JUS",
    Kind.BANK: "AGY-BNK",
}


@dataclass(frozen=True, slots=True)
class Held:
    """One thing in somebody's charge; `note` adds how the statistical office gets it."""

    address: Address
    text: str
    note: str = ""


@dataclass(slots=True)
class Holder:
    """One line of the table; a name that is not listed has no institution."""

    name: str
    institution: Institution | None = None
    sources: list[Held] = field(default_factory=list)
    statistics: list[Held] = field(default_factory=list)
    exchange: list[Held] = field(default_factory=list)
    roles: list[Held] = field(default_factory=list)

    @property
    def parts(self) -> Iterator[tuple[str, Held]]:
        """Everything held, each with the code of its part of the table."""
        for part in ("sources", "statistics", "exchange", "roles"):
            for held in getattr(self, part):
                yield part, held


def holders_of(reading: Reading, directory: Directory) -> list[Holder]:
    """Return who holds what: most sources first, what nobody is named for last. No query."""
    table = _Table(reading, directory)
    for address, text in named_in(reading.instrument, reading.held):
        if reading.state.value(address) is not None:
            table.add(address, text)
    table.add_exchange()
    table.add_unnamed()
    found = sorted(
        table.holders.items(),
        key=lambda pair: (
            not pair[0],
            -len(pair[1].sources),
            -len(pair[1].statistics),
            name_key(pair[1].name),
        ),
    )
    return [holder for _key, holder in found]


class _Table:
    def __init__(self, reading: Reading, directory: Directory) -> None:
        self.reading = reading
        self.directory = directory
        self.questions = reading.instrument.question_by_code
        self.holders: dict[str, Holder] = {}

    def holder(self, name: str) -> Holder:
        institution = self.directory.find(name)
        shown = institution.name if institution else clean_name(name)
        return self.holders.setdefault(name_key(shown), Holder(shown, institution))

    def add(self, address: Address, name: str) -> None:
        holder = self.holder(name)
        question = self.questions[address.question]
        if address.question in SOURCES | STATISTICS:
            self._part(holder, question.code).append(self._row(question, address))
        elif all(held.address.question != question.code for held in holder.roles):
            holder.roles.append(Held(address, question.short))

    def add_exchange(self) -> None:
        """Give each institution the agreement that was reported for its kind."""
        question = self.questions.get(EXCHANGE)
        if question is None or not self.reading.state.is_shown(question):
            return
        for institution in self.directory.institutions:
            row = question.row_by_code.get(
                EXCHANGE_ROWS.get(Kind(institution.kind), "")
                if institution.kind
                else ""
            )
            if row is None or institution.retired_at is not None:
                continue
            note = self._words(question, row)
            if note:
                first = Address(question.code, row.code, question.columns[0].code)
                self.holder(institution.name).exchange.append(
                    Held(first, row.short, note)
                )

    def add_unnamed(self) -> None:
        """Gather the sources and statistics that exist but for which nobody is named."""
        unnamed = Holder("")
        for code in sorted(SOURCES | STATISTICS):
            question = self.questions.get(code)
            if question is None or not self.reading.state.is_shown(question):
                continue
            for row in question.rows:
                address = self._name_cell(question, row)
                is_open = self.reading.state.is_open(question, row)
                if address and is_open and not self.reading.state.value(address):
                    self._part(unnamed, code).append(self._row(question, address))
        if unnamed.sources or unnamed.statistics:
            self.holders[""] = unnamed

    def _name_cell(self, question: Question, row: Row) -> Address | None:
        cells = (Address(question.code, row.code, c.code) for c in question.columns)
        return next((c for c in cells if is_lookup(self.reading.instrument, c)), None)

    @staticmethod
    def _part(holder: Holder, code: str) -> list[Held]:
        return holder.sources if code in SOURCES else holder.statistics

    def _row(self, question: Question, address: Address) -> Held:
        access = address._replace(column=ACCESS)
        note = ""
        if ACCESS in question.column_by_code:
            value = self.reading.state.value(access)
            note = value_in_words(self.reading.instrument, access, value)
        return Held(address, question.row_by_code[address.row].short, note)

    def _words(self, question: Question, row: Row) -> str:
        cells = (Address(question.code, row.code, c.code) for c in question.columns)
        words = (
            value_in_words(
                self.reading.instrument, cell, self.reading.state.value(cell)
            )
            for cell in cells
        )
        return "; ".join(word for word in words if word)
