"""The chapters on the sections: score, findings in sentences, questions and matrices."""

from __future__ import annotations

from django.utils.translation import gettext as _

from questionnaire.addresses import Address
from questionnaire.instrument import Column, Question, Row, Section
from questionnaire.states import CellState
from reports.analysis.cells import read_cell
from reports.document.findings import findings
from reports.document.heat import heat_map
from reports.document.profile import section_anchor, section_line
from reports.document.reader import Reader
from reports.document.structure import (
    Fact,
    Matrix,
    MatrixCell,
    MatrixRow,
    QuestionLine,
    Quote,
    SectionChapter,
)
from reports.document.wording import (
    clipped,
    figure,
    mark_of_score,
    mark_of_state,
    percent,
    score_of_question,
)

_ANSWER_LENGTH = 78
_QUOTE_LENGTH = 420


def section_chapter(reader: Reader, section: Section, *, number: str) -> SectionChapter:
    gap_matrices = {
        gap_input.matrix for gap_input in reader.source.instrument.gap_inputs
    }
    scored = [q for q in section.questions if q.is_scored]
    return SectionChapter(
        anchor=section_anchor(section.code),
        number=number,
        code=section.code,
        title=section.title,
        purpose=section.purpose,
        line=section_line(reader, section.code),
        facts=_facts(reader, section),
        findings=tuple(findings(reader, section)),
        quotes=tuple(_quotes(reader, section)),
        questions=tuple(_question_line(reader, q) for q in scored),
        matrices=tuple(
            _matrix(reader, q)
            for q in scored
            if q.is_matrix and q.code not in gap_matrices and reader.state.is_shown(q)
        ),
        heat=heat_map(reader, section),
    )


def _facts(reader: Reader, section: Section) -> tuple[Fact, ...]:
    group = reader.analysis.sections[section.code]
    weight = reader.source.instrument.section_weights.get(section.code, 0)
    return (
        Fact(_("Answered"), percent(group.completeness)),
        Fact(
            _("Weight in the overall score"),
            _("%(share)s%%") % {"share": figure(weight, 0)},
        ),
    )


def _quotes(reader: Reader, section: Section) -> list[Quote]:
    """Return what the country wrote in its own words."""
    return [
        Quote(reader.question_ref(question), clipped(str(text), _QUOTE_LENGTH))
        for question in section.questions
        if question.kind == "long_text"
        and Address(question.code) not in reader.reviewed
        and (text := reader.state.value(Address(question.code)))
    ]


def _question_line(reader: Reader, question: Question) -> QuestionLine:
    score = reader.analysis.questions[question.code].score.final
    address = Address(question.code)
    state = _state(reader, question)
    if state is CellState.ANSWERED and score is not None:
        mark = mark_of_score(score)
    else:
        mark = mark_of_state(state)
    answer = clipped(reader.answer(address), _ANSWER_LENGTH)
    if address in reader.reviewed:
        answer = _("%(answer)s (reviewed)") % {"answer": answer}
    return QuestionLine(
        ref=reader.question_ref(question),
        answer=answer,
        mark=mark,
        score=score_of_question(score),
    )


def _state(reader: Reader, question: Question) -> CellState:
    """Return the state of a question; a matrix is answered with its first answer."""
    if not reader.state.is_shown(question):
        return CellState.HIDDEN
    if question.is_plain:
        return reader.state.cell_state(Address(question.code))
    return (
        CellState.ANSWERED
        if reader.state.value(Address(question.code))
        else CellState.BLANK
    )


# Matrices


def _matrix(reader: Reader, question: Question) -> Matrix:
    columns = [column for column in question.columns if column.is_scored]
    scores = {
        row.code: row.score for row in reader.analysis.questions[question.code].rows
    }
    return Matrix(
        ref=reader.question_ref(question),
        score=score_of_question(reader.analysis.questions[question.code].score.final),
        text=question.text,
        columns=tuple(column.label for column in columns),
        rows=tuple(
            MatrixRow(
                ref=reader.row_ref(question, row.code),
                is_core=row.is_core,
                cells=tuple(
                    cell_mark(reader, question, row, column) for column in columns
                ),
                score=score_of_question(scores.get(row.code)),
            )
            for row in question.rows
        ),
        has_core=any(row.is_core for row in question.rows),
    )


def cell_mark(
    reader: Reader, question: Question, row: Row, column: Column
) -> MatrixCell:
    """Return the sign of a matrix cell, and the year where it holds one."""
    address = Address(question.code, row.code, column.code)
    state = reader.state.cell_state(address)
    if state is not CellState.ANSWERED or not column.is_scored:
        return MatrixCell(mark_of_state(state))
    score = read_cell(reader.state, question, row, column).score.final
    text = reader.answer(address) if column.kind == "year" else ""
    return MatrixCell(mark_of_score(score or 0.0), text)
