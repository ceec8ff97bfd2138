"""One reading of a source for all chapters: labels, values and places of answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from assessment.reviewed import Reviewed
from questionnaire.addresses import EVIDENCE, NOTE, Address
from questionnaire.consistency import Contradiction, contradictions
from questionnaire.instrument import (
    CHOICE_KINDS,
    DK_KINDS,
    NUMBER_KINDS,
    RESERVED_VALUES,
    Choice,
    Question,
    Value,
)
from questionnaire.method import (
    MaturityLevel,
)
from questionnaire.states import CellState, ResponseState
from reports.analysis import Analysis, analyse
from reports.analysis.goals import Goal, goals
from reports.document.structure import Evidence, Level, Mark, Ref
from reports.document.wording import clipped, day, level_of, number
from reports.sources import ReportSource


@dataclass(frozen=True)
class Reader:
    """`earlier` is the analysis of the previous round, if there was one.

    `self_assessed` is that of the country's own answers, where values were reviewed.
    """

    source: ReportSource
    analysis: Analysis
    state: ResponseState
    earlier: Analysis | None
    is_rtl: bool
    self_assessed: Analysis | None = None

    @classmethod
    def of(cls, source: ReportSource, analysis: Analysis) -> Reader:
        """Return the reading of a whole report, in the language that is active.

        What stands beside the record is analysed here, once, by the same code.
        """
        previous, own = source.previous, source.own_answers
        return cls(
            source=source,
            analysis=analysis,
            state=ResponseState(source.instrument, source.answers),
            earlier=analyse(previous.instrument, previous.answers)
            if previous
            else None,
            is_rtl=get_language_bidi(),
            self_assessed=None if own is None else analyse(source.instrument, own),
        )

    # Places

    @staticmethod
    def anchor(address: Address) -> str:
        """Return where in the annex an answer stands: its question, or its matrix row."""
        row = f"--{address.row}" if address.row else ""
        return f"answer-{address.question}{row}"

    def question_ref(
        self, question: Question, note: str = "", mark: Mark | None = None
    ) -> Ref:
        return Ref(
            self.anchor(Address(question.code)),
            question.code,
            question.short,
            note,
            mark,
        )

    def row_ref(
        self, question: Question, row: str, note: str = "", mark: Mark | None = None
    ) -> Ref:
        text = question.row_by_code[row].short
        return Ref(self.anchor(Address(question.code, row)), row, text, note, mark)

    def cell_ref(self, address: Address) -> Ref:
        """Return a reference to an answer that says what was answered."""
        question = self.source.instrument.question_by_code[address.question]
        row = "" if question.is_group else address.row
        return Ref(
            self.anchor(Address(address.question, row)),
            address.question,
            self.label(address),
            clipped(self.answer(address), 90),
        )

    def refs_of(
        self, addresses: Iterable[Address], limit: int
    ) -> tuple[tuple[Ref, ...], str]:
        """Return references to at most `limit` answers, and how many more there are."""
        found = list(dict.fromkeys(addresses))
        refs = tuple(self.cell_ref(address) for address in found[:limit])
        return refs, more_than(len(found) - limit)

    def refs_by_row(
        self, addresses: Iterable[Address], limit: int
    ) -> tuple[tuple[Ref, ...], str]:
        """Return references to at most `limit` questions and rows, their answers together."""
        found: dict[tuple[str, str], list[Address]] = {}
        for address in addresses:
            found.setdefault((address.question, address.row), []).append(address)
        if len(found) > 1:  # from the year only ages are counted
            found.pop((self.source.instrument.assessment_year_question, ""), None)
        refs = tuple(
            self._row_of_cells(cells) for cells in list(found.values())[:limit]
        )
        return refs, more_than(len(found) - limit)

    def _row_of_cells(self, cells: Sequence[Address]) -> Ref:
        question = self.source.instrument.question_by_code[cells[0].question]
        row = question.row_by_code.get(cells[0].row)
        if row is None:
            return self.cell_ref(cells[0])
        gap = self.analysis.gaps.get(row.code)
        if gap is not None:
            label = self.source.instrument.gap_rules.class_by_code[gap.gap_class].label
            return self.row_ref(question, row.code, label)
        answers = [
            f"{_asked(column.label)} {clipped(self.answer(cell), 60)}"
            for cell in dict.fromkeys(cells)
            if (column := question.column_by_code.get(cell.column))
        ]
        return self.row_ref(question, row.code, "; ".join(answers[:3]))

    # Words

    def label(self, address: Address) -> str:
        """Return what was asked at `address`: row and column, or the question's label."""
        question = self.source.instrument.question_by_code[address.question]
        row = question.row_by_code.get(address.row)
        column = question.column_by_code.get(address.column)
        parts = [part for part in (row and row.short, column and column.label) if part]
        return " – ".join(parts) if parts else question.short

    def answer(self, address: Address) -> str:
        """Return what was answered at `address` in words, whatever its state."""
        question = self.source.instrument.question_by_code[address.question]
        if not address.column and not question.is_plain:
            return self._whole(question)
        state = self.state.cell_state(address)
        value = self.state.answers.get(address)
        if state is CellState.FIXED:
            value = question.row_by_code[address.row].fixed[address.column]
            return self.source.instrument.reserved_labels.get(value, value)
        if value is None or state in (CellState.HIDDEN, CellState.CLOSED):
            return self.state_label(state)
        return self.value(address, value)

    def own_answer(self, address: Address) -> str:
        """Return what the country itself answered at `address`, in words."""
        reviewed = self.reviewed.get(address)
        if reviewed is None:
            return self.answer(address)
        return self.value_or_blank(address, reviewed.answer)

    @cached_property
    def reviewed(self) -> dict[Address, Reviewed]:
        return {one.address: one for one in self.source.reviewed}

    def value_or_blank(self, address: Address, value: Value) -> str:
        if value is None:
            return self.state_label(CellState.BLANK)
        return self.value(address, value)

    def value(self, address: Address, value: Value) -> str:
        """Return a stored value in words, whether or not it counts."""
        question = self.source.instrument.question_by_code[address.question]
        column = question.column_by_code.get(address.column)
        if column is not None:
            return self._value(column.kind, column.choices, value)
        text = self._value(question.kind, question.choices, value)
        is_measured = question.unit and isinstance(value, (int, float))
        return f"{text} {question.unit}" if is_measured else text

    def state_label(self, state: CellState) -> str:
        labels = {
            CellState.BLANK: _("Not answered"),
            CellState.HIDDEN: _("Not asked"),
            CellState.CLOSED: _("Not asked"),
        }
        return labels.get(state, "")

    def _value(self, kind: str, choices: Sequence[Choice], value: Value) -> str:
        if kind in DK_KINDS and isinstance(value, str) and value in RESERVED_VALUES:
            return self.source.instrument.reserved_labels.get(value, value)
        if kind in CHOICE_KINDS:
            labels = {choice.value: choice.label for choice in choices}
            chosen = value if isinstance(value, list) else [value]
            return "; ".join(labels.get(item, str(item)) for item in chosen)
        if kind in NUMBER_KINDS:
            return number(value)
        return day(date.fromisoformat(value)) if kind == "date" else str(value)

    def _whole(self, question: Question) -> str:
        if question.is_group:
            count = len(self.state.items(question))
            return ngettext("%(count)d entry", "%(count)d entries", count) % {
                "count": count
            }
        return _("see the table")

    # Notes and evidence

    def note(self, question: str, row: str = "") -> str:
        return str(self.state.answers.get(Address(question, row, NOTE)) or "")

    def evidence(self, question: str, row: str = "") -> tuple[Evidence, ...]:
        items = self.state.answers.get(Address(question, row, EVIDENCE)) or ()
        return tuple(Evidence(i.get("title", ""), i.get("url", "")) for i in items)

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """The rules that fire; a cell that names a whole column stands for its question."""
        return tuple(
            Contradiction(
                found.rule, tuple(dict.fromkeys(map(self._place, found.cells)))
            )
            for found in contradictions(self.state)
        )

    def _place(self, address: Address) -> Address:
        if address.question in self.source.instrument.question_by_code:
            return address
        return Address(address.question.partition(".")[0])

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """What lifts each dimension to its next level."""
        return goals(self.analysis, self.state)

    # Levels

    def level(self, level: MaturityLevel | None) -> Level | None:
        if level is None:
            return None
        return level_of(level, len(self.source.instrument.maturity_levels))

    @cached_property
    def level_limits(self) -> tuple[float, ...]:
        """Return where the levels begin, 0 to 100, and the end of the scale."""
        return (*(lv.min_score for lv in self.source.instrument.maturity_levels), 100.0)

    def dimension_title(self, code: str) -> str:
        titles = {d.code: d.title for d in self.source.instrument.dimensions}
        return titles.get(code, code)


def _asked(label: str) -> str:
    """Return the label of a column as it stands before its answer."""
    return f"{label.rstrip('?？؟')}:"


def more_than(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext("and %(count)d more", "and %(count)d more", count) % {
        "count": count
    }
