"""Answers of a submission in words, with what they were before and in the last round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from assessment.compared import ChangeMark
from assessment.comparison import Change, Difference
from assessment.history import in_words
from questionnaire.addresses import EVIDENCE, NOTE, Address
from questionnaire.instrument import Column, Question, Row, RowGroup
from questionnaire.states import CellState, ResponseState
from reports.analysis.results import Gap, QuestionScore
from reports.document.documents import facts_of
from reports.document.reader import Reader
from reports.document.wording import (
    NO_FIGURE,
    figure,
    mark_of_class,
    mark_of_score,
    score_of_question,
)
from reports.review import structure as page

LOW_SCORE = 0.5  # of a question, 0 to 1
# Classes of gaps that are looked at with what scored low.
SEVERE = frozenset({"critical", "major"})
_SILENT = frozenset({CellState.BLANK, CellState.CLOSED, CellState.HIDDEN})


@dataclass(frozen=True)
class Readings:
    """A submission read with the one before it and the last accepted round.

    `found` are the differences to the submission before; `alarmed` are the cells at which
    a contradiction is shown.
    """

    reader: Reader
    found: Mapping[Address, Difference]
    earlier: Reader | None
    alarmed: frozenset[Address]

    def mark(self, address: Address) -> ChangeMark | None:
        """Return what happened to a cell since the submission before."""
        one = self.found.get(address)
        if one is None:
            return None
        told = one.change in (Change.CHANGED, Change.REMOVED)
        return ChangeMark(one.change, self._words(address, one) if told else "")

    def _words(self, address: Address, one: Difference) -> str:
        if address.column in (NOTE, EVIDENCE):
            return in_words(self.reader.source.instrument, address, one.before)
        return self.reader.value(address, one.before)

    def earlier_words(self, address: Address) -> str:
        """Return what the last round answered; empty where it did not ask."""
        if self.earlier is None:
            return ""
        question = self.earlier.source.instrument.question_by_code.get(address.question)
        if question is None:
            return ""
        is_whole = not address.column and not question.is_plain
        if not is_whole and self.earlier.source.instrument.cell(address) is None:
            return ""
        return self.earlier.answer(address)

    def _other_words(self, address: Address, words: str, state: CellState) -> str:
        """Return what the last round answered where it is another answer than now."""
        was = self.earlier_words(address)
        if not was or was == words or self.earlier is None:
            return ""
        both_silent = state in _SILENT and self.earlier.state.cell_state(address) in (
            _SILENT
        )
        return "" if both_silent else was

    # Cells

    def cell(
        self, question: Question, row: str, column: Column, *, required: bool = True
    ) -> page.Cell:
        reader = self.reader
        address = Address(question.code, row, column.code)
        state = reader.state.cell_state(address)
        words = reader.answer(address)
        kept = ""
        if state is CellState.CLOSED and address in reader.state.answers:
            kept = reader.value(address, reader.state.answers[address])
        return page.Cell(
            name=str(address),
            header=column.label,
            words=words,
            state=state,
            mark=self.mark(address),
            earlier=self._other_words(address, words, state),
            kept=kept,
            is_required=column.is_required and required,
            is_alarmed=address in self.alarmed,
        )

    def extras(self, question: str, row: str = "") -> page.Extras:
        """Return note, links and files of a question or of a row."""
        note, links = Address(question, row, NOTE), Address(question, row, EVIDENCE)
        text, mark = self.reader.note(question, row), self.mark(note)
        state = CellState.ANSWERED if text else CellState.BLANK
        return page.Extras(
            note=page.Cell(str(note), "", text, state, mark) if text or mark else None,
            evidence=self.reader.evidence(question, row),
            evidence_mark=self.mark(links),
            files=self._files(question, row),
        )

    def _files(self, question: str, row: str) -> tuple[page.FileLink, ...]:
        source = self.reader.source
        place = [source.iso3, source.round_code]
        return tuple(
            page.FileLink(
                file.title or file.name,
                facts_of(file),
                reverse("assessment:evidence_download", args=[*place, file.pk]),
            )
            for file in source.files
            if (file.question, file.row) == (question, row)
        )

    # Rows

    def table(self, question: Question) -> page.Table:
        scores = self.reader.analysis.questions.get(question.code)
        has_gaps = any(
            gap_input.matrix == question.code
            for gap_input in self.reader.source.instrument.gap_inputs
        )
        last = _("Gap") if has_gaps else _("Score") if scores else ""
        headings = question.row_groups or (RowGroup("", ""),)
        return page.Table(
            columns=question.columns,
            groups=tuple(
                page.RowGroup(
                    heading.title,
                    ", ".join(heading.targets),
                    tuple(
                        self._row(question, row, scores)
                        for row in question.rows
                        if not heading.code or row.group == heading.code
                    ),
                )
                for heading in headings
            ),
            last=last,
        )

    def _row(
        self, question: Question, row: Row, scores: QuestionScore | None
    ) -> page.Row:
        found = {one.code: one for one in scores.rows} if scores else {}
        gap = self.reader.analysis.gaps.get(row.code)
        is_open = self.reader.state.is_open(question, row)
        return page.Row(
            label=row.label,
            letter=row.letter,
            cells=tuple(self.cell(question, row.code, c) for c in question.columns),
            closed="" if is_open else _("The other cells are not asked."),
            score=score_of(found[row.code].score) if row.code in found else None,
            gap=self.gap(gap) if gap else None,
            extras=self.extras(question.code, row.code),
        )

    def gap(self, gap: Gap) -> page.GapMark:
        rules = self.reader.source.instrument.gap_rules
        label = rules.class_by_code[gap.gap_class].label
        severity = NO_FIGURE if gap.severity is None else figure(gap.severity, 0)
        return page.GapMark(mark_of_class(gap.gap_class, label), severity)

    def entries(self, question: Question) -> tuple[page.Row, ...]:
        """Return the entries of a group, without the fields that were left blank."""
        rows = []
        entries = self.reader.state.items_by_code(question)
        for number, (code, _values) in enumerate(entries, start=1):
            cells = (
                self.cell(question, code, column, required=False)
                for column in question.columns
            )
            told = tuple(
                cell
                for cell in cells
                if cell.state is not CellState.BLANK or cell.mark or cell.earlier
            )
            label = _("Entry %(number)d") % {"number": number}
            rows.append(page.Row(label, "", told))
        return tuple(rows)

    def removed(self, question: Question) -> tuple[str, ...]:
        """Return the entries in words that stood in the submission before, and no more."""
        standing = {code for code, _ in self.reader.state.items_by_code(question)}
        gone: dict[str, list[str]] = {}
        for address, one in self.found.items():
            is_here = address.question == question.code and address.row
            if is_here and address.row not in standing:
                gone.setdefault(address.row, []).append(self._words(address, one))
        return tuple("; ".join(words) for words in gone.values())


def earlier_reader(reader: Reader) -> Reader | None:
    """Return the last accepted round, to be read in the same words."""
    previous = reader.source.previous
    if previous is None:
        return None
    return replace(
        reader,
        source=replace(
            reader.source, instrument=previous.instrument, answers=previous.answers
        ),
        state=ResponseState(previous.instrument, previous.answers),
    )


def score_of(score: float | None, weight: str = "") -> page.Score | None:
    """Return a score from 0 to 1 as it is printed; None where it is left out."""
    if score is None:
        return None
    return page.Score(
        mark=mark_of_score(score),
        text=score_of_question(score),
        weight=weight,
        is_low=score < LOW_SCORE,
    )
