"""The annex: every answer with its state, and the answers to check."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from questionnaire.addresses import Address
from questionnaire.consistency import Contradiction
from questionnaire.instrument import Column, Question, Row, Section
from questionnaire.states import CellState
from reports.document.reader import Reader
from reports.document.reviewed import reviewed_in_words
from reports.document.structure import (
    AnnexCell,
    AnnexQuestion,
    AnnexRow,
    AnnexSection,
    ContradictionView,
    Mark,
)
from reports.document.wording import number, score_of_question

_SHOWN_CELLS = 6
_QUESTION_MARKS = ("?", "؟", "？")


def annex_section(reader: Reader, section: Section) -> AnnexSection:
    return AnnexSection(
        anchor=f"annex-{section.code}",
        code=section.code,
        title=section.title,
        questions=tuple(_question(reader, question) for question in section.questions),
    )


def _question(reader: Reader, question: Question) -> AnnexQuestion:
    score = reader.analysis.questions.get(question.code)
    return AnnexQuestion(
        anchor=reader.anchor(Address(question.code)),
        code=question.code,
        text=question.text,
        answer=own_answer(reader, question),
        rows=_rows(reader, question),
        score=score_of_question(score.score.final) if score else "",
        weight=number(score.weight) if score else "",
        note=reader.note(question.code),
        evidence=reader.evidence(question.code),
    )


def own_answer(reader: Reader, question: Question) -> AnnexCell | None:
    address = Address(question.code)
    if not reader.state.is_shown(question):
        text = _hidden_text(reader, question)
        return _annex_cell(reader, address, text, CellState.HIDDEN)
    if question.is_plain:
        state = reader.state.cell_state(address)
        return _annex_cell(reader, address, reader.answer(address), state)
    if question.is_group and not reader.state.items(question):
        return AnnexCell("", reader.state_label(CellState.BLANK), CellState.BLANK)
    return None


def _annex_cell(
    reader: Reader,
    address: Address,
    text: str,
    state: CellState,
    column: Column | None = None,
) -> AnnexCell:
    """Return an answer as printed; where it was reviewed, with both values and the reason."""
    label, lead = (column.label, _lead(column)) if column else ("", "")
    reviewed = reviewed_in_words(reader, address)
    if reviewed and state in (CellState.HIDDEN, CellState.CLOSED):
        reviewed = f"{text}. {reviewed}"
    return AnnexCell(label, text, state, lead, reviewed)


def _hidden_text(reader: Reader, question: Question) -> str:
    """Say on what the question depends, and what is stored although it does not count."""
    causes = ", ".join(
        dict.fromkeys(
            address.question for address in reader.state.hidden_because(question)
        )
    )
    text = _("Not asked (depends on %(causes)s)") % {"causes": causes}
    value = reader.state.answers.get(Address(question.code))
    if value is None:
        return text
    return text + _without_effect(reader, Address(question.code))


def _without_effect(reader: Reader, address: Address) -> str:
    value = reader.value(address, reader.state.answers[address])
    return _(" – stored without effect: %(value)s") % {"value": value}


# Rows of matrices and items of groups


def _rows(reader: Reader, question: Question) -> tuple[AnnexRow, ...]:
    if not reader.state.is_shown(question):
        return ()
    if question.is_group:
        return tuple(
            _item(reader, question, code, index)
            for index, (code, _item_values) in enumerate(
                reader.state.items_by_code(question), start=1
            )
        )
    score = reader.analysis.questions.get(question.code)
    scores = {row.code: row.score for row in score.rows} if score else {}
    return tuple(
        _row(
            reader,
            question,
            row,
            score_of_question(scores.get(row.code)) if score else "",
        )
        for row in question.rows
    )


def _item(reader: Reader, question: Question, code: str, index: int) -> AnnexRow:
    cells = tuple(
        _annex_cell(
            reader,
            address,
            reader.answer(address),
            reader.state.cell_state(address),
            column,
        )
        for column in question.columns
        if (address := Address(question.code, code, column.code))
        in reader.state.answers
        or address in reader.reviewed
    )
    return AnnexRow("", str(index), cells, "", "", "", ())


def _row(reader: Reader, question: Question, row: Row, score: str) -> AnnexRow:
    cells = [_cell(reader, question, row, column) for column in question.columns]
    return AnnexRow(
        anchor=reader.anchor(Address(question.code, row.code)),
        label=row.label,
        cells=tuple(cell for cell in cells if cell is not None),
        closed=_closed_text(reader, question, row),
        score=score,
        note=reader.note(question.code, row.code),
        evidence=reader.evidence(question.code, row.code),
    )


def _cell(
    reader: Reader, question: Question, row: Row, column: Column
) -> AnnexCell | None:
    """Return the answer of a cell; None for a closed one that holds nothing.

    A cell that need not be filled is left out while it is blank. What was reviewed is
    never left out.
    """
    address = Address(question.code, row.code, column.code)
    state = reader.state.cell_state(address)
    is_stored = address in reader.state.answers
    is_left_out = (state is CellState.CLOSED and not is_stored) or (
        state is CellState.BLANK and not column.is_required
    )
    if is_left_out and address not in reader.reviewed:
        return None
    text = reader.answer(address)
    if state is CellState.CLOSED and is_stored:
        text = reader.state_label(state) + _without_effect(reader, address)
    return _annex_cell(reader, address, text, state, column)


def _lead(column: Column) -> str:
    label = column.label
    is_question = label.endswith(_QUESTION_MARKS)
    return label if is_question else _("%(label)s:") % {"label": label}


def _closed_text(reader: Reader, question: Question, row: Row) -> str:
    if reader.state.is_open(question, row):
        return ""
    gate = reader.state.cell_state(Address(question.code, row.code, question.gate))
    if gate is CellState.BLANK:
        return _("Other cells not asked while this is open.")
    return _("Other cells not asked.")


# Answers that seldom go together


def contradiction(reader: Reader, found: Contradiction) -> ContradictionView:
    is_error = found.rule.is_error
    cells = found.cells[:_SHOWN_CELLS]
    return ContradictionView(
        code=found.rule.code,
        mark=Mark("■", _("Contradiction"), "error")
        if is_error
        else Mark("▲", _("To check"), "warning"),
        topic=reader.source.instrument.topics.get(found.rule.topic, ""),
        message=found.rule.message,
        cells=tuple(reader.cell_ref(address) for address in cells),
        remarks=tuple(_remarks(reader, found.cells)),
    )


def _remarks(reader: Reader, cells: Sequence[Address]) -> list[str]:
    """Return the notes on the questions and rows concerned, each once."""
    places = dict.fromkeys(
        place
        for cell in cells
        for place in ((cell.question, cell.row), (cell.question, ""))
    )
    notes = (reader.note(question, row) for question, row in places)
    return list(dict.fromkeys(note for note in notes if note))
