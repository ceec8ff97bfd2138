"""What the workbook and the CSV hold of a record: its analysis, its report, its answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import translation

from questionnaire.addresses import Address
from questionnaire.instrument import Question
from questionnaire.states import CellState
from reports.analysis import Analysis, analyse
from reports.document import document_of
from reports.document.reader import Reader
from reports.document.structure import GapRow, ReportDocument
from reports.sources import ReportSource

_UNASKED = frozenset({CellState.HIDDEN, CellState.CLOSED, CellState.FIXED})


@dataclass(frozen=True)
class Reading:
    """One record, read once for all sheets, in the language that is active."""

    source: ReportSource
    analysis: Analysis
    report: ReportDocument
    reader: Reader
    own: Analysis | None  # of the country's answers, where values were reviewed

    @classmethod
    def of(cls, source: ReportSource, *, language: str) -> Reading:
        analysis = analyse(source.instrument, source.answers)
        with translation.override(language):
            reader = Reader.of(source, analysis)
            return cls(
                source=source,
                analysis=analysis,
                report=document_of(reader, language=language),
                reader=reader,
                own=reader.self_assessed,
            )

    def gap_rows(self) -> dict[str, GapRow]:
        """Return the gaps as the report prints them, by the code of their row."""
        return {
            row.ref.code: row
            for chapter in (self.report.needs, self.report.sdg)
            for group in chapter.groups
            for row in group.rows
        }

    def places(self) -> Iterator[tuple[Question, str]]:
        """Yield each question and then its rows, or its items, in instrument order."""
        for question in self.source.instrument.questions:
            yield question, ""
            for row in self.reader.state.rows(question.code):
                yield question, row

    def cells_at(self, question: Question, row: str) -> list[tuple[Address, CellState]]:
        """Return the cells of a place that were asked or hold something, with their state."""
        if row:
            addresses = [Address(question.code, row, c.code) for c in question.columns]
        else:
            addresses = [Address(question.code)] if question.is_plain else []
        state = self.reader.state
        return [
            (address, found)
            for address in addresses
            if (found := state.cell_state(address)) not in _UNASKED
            or address in state.answers
        ]
