"""What each source records: the inventory once more, source by variable."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questionnaire.addresses import Address
from questionnaire.instrument import Choice, Question, Row, Section
from questionnaire.states import CellState
from reports.document.reader import Reader
from reports.document.structure import HeatMap, HeatRow, Mark
from reports.document.wording import NO_FIGURE, listed, mark_of_state

INVENTORY, VARIABLES = "SRC-INV", "variables"


def heat_map(reader: Reader, section: Section) -> HeatMap | None:
    """Return the map of the section that takes stock of sources; None for any other."""
    question = next((q for q in section.questions if q.code == INVENTORY), None)
    if question is None or not reader.state.is_shown(question):
        return None
    choices = [
        choice
        for choice in question.column_by_code[VARIABLES].choices
        if not choice.is_exclusive
    ]
    listed_rows = [row for row in question.rows if reader.state.is_open(question, row)]
    rows = tuple(_row(reader, question, row, choices) for row in listed_rows)
    if not rows:
        return None
    return HeatMap(
        title=_("What each source records"),
        intro=_intro(reader, question, listed_rows),
        columns=tuple(choice.label for choice in choices),
        rows=rows,
        totals=tuple(
            str(sum(row.cells[place].kind == "full" for row in rows))
            for place in range(len(choices))
        ),
    )


def heat_marks() -> tuple[Mark, Mark]:
    return Mark("●", _("recorded"), "full"), Mark("○", _("not recorded"), "none")


def _row(
    reader: Reader, question: Question, row: Row, choices: list[Choice]
) -> HeatRow:
    address = Address(question.code, row.code, VARIABLES)
    state = reader.state.cell_state(address)
    ref = reader.row_ref(question, row.code)
    if state is not CellState.ANSWERED:
        mark = mark_of_state(state)
        return HeatRow(ref, (mark,) * len(choices), NO_FIGURE)
    recorded, missing = heat_marks()
    value = reader.state.value(address)
    cells = tuple(recorded if choice.value in value else missing for choice in choices)
    return HeatRow(ref, cells, str(cells.count(recorded)))


def _intro(reader: Reader, question: Question, rows: list[Row]) -> str:
    """Say which of the sources listed nobody knows the variables of."""
    unknown = [
        row.short
        for row in rows
        if reader.state.cell_state(Address(question.code, row.code, VARIABLES))
        is not CellState.ANSWERED
    ]
    text = ngettext(
        "The %(count)d source that exists, and which variables it records.",
        "The %(count)d sources that exist, and which variables each records.",
        len(rows),
    ) % {"count": len(rows)}
    if not unknown:
        return text
    return f"{text} " + _("Not known or not answered for: %(sources)s.") % {
        "sources": listed(unknown)
    }
