"""One section as a page: its questions with what stands in their cells.

Everything is computed from the instrument in memory and one reading of the response.
Plain questions go through crispy-forms (`assessment.section_form`); the hundreds of cells
of matrices and groups through one light Jinja2 template (docs/adr/0004).
"""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from assessment.carried import carried_over, origin_words
from assessment.comment_board import Board, CommentsAt, ThreadLine
from assessment.delegation_queries import Territory, not_yours
from assessment.dissent import DissentLinks
from assessment.evidence_queries import ResponseFiles
from assessment.queries import Held, Reading
from assessment.reviewed import ReviewLinks
from assessment.section_checks import SectionChecks
from assessment.section_script import script_data
from assessment.section_views import CellView, GroupView, QuestionView, RowView
from assessment.services.answers import Conflict, Invalid, Outcome
from questionnaire.addresses import EVIDENCE, NOTE, Address
from questionnaire.fields import reserved_choices, shown_value
from questionnaire.instrument import (
    CHOICE_KINDS,
    Cell,
    Column,
    Question,
    Row,
    RowGroup,
    Section,
    Value,
    group_cell,
)
from questionnaire.wording import condition_in_words, value_in_words

_CODE_LETTERS = string.ascii_lowercase + string.digits


class SectionPage:
    """What the section template prints.

    `outcomes` are those of a form just posted: refused text is shown again beside its
    errors, and a conflict with both values and what they `began` from. `territory` says
    whose part is whose; cells outside one's own are only read.
    """

    def __init__(
        self,
        section: Section,
        reading: Reading,
        *,
        is_readonly: bool,
        outcomes: Mapping[Address, Outcome] | None = None,
        prefilled_year: int | None = None,
        territory: Territory | None = None,
        began: Mapping[Address, Value] | None = None,
        history_url: str = "",
        dissent: DissentLinks | None = None,
        review: ReviewLinks | None = None,
        files: ResponseFiles | None = None,
        comments: Board | None = None,
        checks: SectionChecks | None = None,
    ) -> None:
        self.checks = checks or SectionChecks()
        self.files = files
        self.comments = comments
        self.section = section
        self.reading = reading
        self.instrument = reading.instrument
        self.territory = territory or Territory(reading.instrument)
        self.carried = carried_over(reading).where(self.territory.covers)
        self.to_confirm_in = self.carried.by_scope()
        self.origin = origin_words(prefilled_year)
        self.is_readonly = is_readonly
        self.outcomes = outcomes or {}
        self.began = began or {}
        self.history_url = history_url
        self.dissent = dissent
        self.review = review
        self.rendered: dict[str, int] = {}
        self._lists: dict[tuple[int, bool, bool], tuple[tuple[str, str], ...]] = {}

    @cached_property
    def questions(self) -> list[QuestionView]:
        """The questions in order; the first of a subsection carries its title."""
        titles = {s.code: s.title for s in self.section.subsections}
        views, last = [], ""
        for question in self.section.questions:
            view = self._question(question)
            if question.subsection != last:
                last = question.subsection
                view.subsection = titles.get(last, "")
            views.append(view)
        return views

    @cached_property
    def problems(self) -> list[tuple[str, str, str]]:
        """Anchor, name and message of what was not saved; no anchor where it is only read."""
        cells = list(self._all_cells())
        names = {cell.name for cell in cells}
        return [
            ("" if cell.is_readonly else cell.name, cell.label, " ".join(cell.errors))
            for cell in cells
            if cell.errors or cell.conflict
        ] + [
            ("", str(address), " ".join(outcome.errors))
            for address, outcome in self.outcomes.items()
            if isinstance(outcome, Invalid) and str(address) not in names
        ]

    def _all_cells(self) -> Iterator[CellView]:
        for view in self.questions:
            yield from (cell for cell in (view.cell, view.note, view.evidence) if cell)
            for rows in (*(group.rows for group in view.groups), view.items):
                for row in rows:
                    yield from row.cells

    @cached_property
    def said(self) -> CommentsAt | None:
        """What was said of the section as a whole."""
        return self.comments.of_section(self.section) if self.comments else None

    @property
    def open_lines(self) -> list[ThreadLine]:
        """The threads that stand open on the page: their forms stand after its own."""
        places = (self.said, *(view.comments for view in self.questions))
        return [line for at in places if at for line in at.open_lines]

    @property
    def bases(self) -> str:
        """The revision each rendered cell is based on, as the form carries it."""
        self.questions  # noqa: B018  rendering fills the map
        return json.dumps(self.rendered, separators=(",", ":"))

    @property
    def to_confirm(self) -> int:
        """The number of carried-over answers of the section that wait to be confirmed."""
        return self.carried.by_section()[self.section.code]

    @property
    def script_data(self) -> dict[str, Any]:
        """What the page's own evaluator of conditions needs: definitions and answers."""
        return script_data(
            self.section, self.carried.state, self.reading.state, self.territory
        )

    # Building

    def _question(self, question: Question) -> QuestionView:
        state, proposed = self.reading.state, self.carried.state
        address = Address(question.code)
        view = QuestionView(
            question=question,
            name=str(address),
            anchor=f"q-{question.code}",
            is_hidden=not state.is_shown(question),
            is_proposed=proposed.is_shown(question) and not state.is_shown(question),
            carried=self.to_confirm_in[address],
            has_answer=address in proposed.answers,
            condition=condition_in_words(self.instrument, question.show_if)
            if question.show_if
            else "",
            gate_condition=self._gate_in_words(question),
            sources=[
                (self.instrument.references[s.reference].citation, s.at)
                for s in question.sources
            ],
            note=self._reserved(question, NOTE),
            evidence=self._reserved(question, EVIDENCE),
            is_readonly=self._is_readonly(address),
            files=self.files.of(question.code) if self.files else None,
            comments=self.comments.of_question(self.section, question.code)
            if self.comments
            else None,
            rules=self.checks.html_at(address),
            is_to_explain=question.code in self.checks.to_explain_at,
        )
        self._say_who(view, question)
        if question.is_matrix:
            view.groups = list(self._groups(question))
            view.has_answer = any(a.question == question.code for a in proposed.answers)
        elif question.is_group:
            view.items = [
                self._item(question, code) for code, _ in self._items(question)
            ]
            view.has_answer = bool(view.items)
            if len(view.items) < question.max_items and not view.is_readonly:
                view.blank_item = self._item(question, new_item_code())
        else:
            cell = self.instrument.cell(address)
            assert cell is not None  # noqa: S101  every plain question has its cell
            view.cell = self._cell(cell)
        return view

    def _is_readonly(self, address: Address) -> bool:
        return self.is_readonly or not self.territory.covers(address)

    def _say_who(self, view: QuestionView, question: Question) -> None:
        """Name the others who have the question, and whether it is one's own part."""
        address = Address(question.code)
        holders = self.territory.holders_of(address)
        view.is_own = self.territory.is_own(address)
        if self.territory.covers(address):
            view.who = ", ".join(holders)
        elif self.territory.covers_any_of(question):
            view.elsewhere = _("Only the rows marked “Your part” are delegated to you.")
        else:
            view.elsewhere = not_yours(holders)

    def _gate_in_words(self, question: Question) -> str:
        if not question.gate:
            return ""
        column = question.column_by_code[question.gate]
        values = [
            f"“{c.label}”" for c in column.choices if c.value in question.gate_open
        ]
        answers = _(" or ").join(values)
        return _("“%(column)s” is %(answers)s") % {
            "column": column.label,
            "answers": answers,
        }

    def _reserved(self, question: Question, column: str) -> CellView:
        cell = self.instrument.cell(Address(question.code, "", column))
        assert cell is not None  # noqa: S101  every question has its note and evidence
        return self._cell(cell)

    def _groups(self, question: Question) -> Iterator[GroupView]:
        headings = question.row_groups or (RowGroup("", ""),)
        for heading in headings:
            rows = [
                r for r in question.rows if not heading.code or r.group == heading.code
            ]
            yield GroupView(
                heading=heading.title,
                targets=", ".join(heading.targets),
                rows=[self._row(question, row) for row in rows],
            )

    def _row(self, question: Question, row: Row) -> RowView:
        is_shut = not self.carried.state.is_open(question, row)
        address = Address(question.code, row.code)
        over = self.territory.holders_of(Address(question.code))
        holders = [h for h in self.territory.holders_of(address) if h not in over]
        is_own = self.territory.is_own(address)
        return RowView(
            who=", ".join(holders),
            is_own=is_own and not self.territory.is_own(Address(question.code)),
            code=row.code,
            label=row.label,
            letter=row.letter,
            usual_source=str(row.details.get("usual_source", "")),
            is_open=self.reading.state.is_open(question, row),
            cells=[
                self._matrix_cell(question, row, column, is_shut)
                for column in question.columns
            ],
            name=str(address),
            carried=self.to_confirm_in[address],
            thread=self._thread(address),
            rules=self.checks.html_at(address),
        )

    def _thread(self, address: Address) -> int:
        return self.comments.open_at(address) if self.comments else 0

    def _matrix_cell(
        self, question: Question, row: Row, column: Column, is_shut: bool
    ) -> CellView:
        cell = self.instrument.cell(Address(question.code, row.code, column.code))
        assert cell is not None  # noqa: S101  rows × columns are cells
        view = self._cell(cell)
        view.header = column.label
        view.is_gated = (
            bool(question.gate) and column.is_gated and column.code != question.gate
        )
        view.is_closed = view.is_gated and is_shut
        return view

    def _items(self, question: Question) -> list[tuple[str, dict[str, Value]]]:
        """Items that stand, then those of a refused form that were never saved."""
        standing = self.carried.state.items_by_code(question)
        known = {code for code, _ in standing}
        refused = {
            address.row
            for address in self.outcomes
            if address.question == question.code
            and address.row
            and address.row not in known
        }
        return standing + [(code, {}) for code in sorted(refused)]

    def _item(self, question: Question, code: str) -> RowView:
        cells = []
        for column in question.columns:
            view = self._cell(group_cell(question, code, column))
            view.header = column.label
            cells.append(view)
        address = Address(question.code, code)
        carried = self.to_confirm_in[address]
        return RowView(code, "", "", "", True, cells, str(address), carried)

    def control(self, cell: Cell) -> CellView:
        """Return one cell as the page shows it, for use outside of its question."""
        return self._cell(cell)

    def _cell(self, cell: Cell) -> CellView:
        address = cell.address
        held = self.reading.held.get(address)
        name = str(address)
        view = CellView(
            name=name,
            kind=cell.kind,
            label=cell.label,
            value=shown_value(held.value) if held else "",
            lookup=cell.lookup,
            is_fixed=cell.is_fixed,
            is_readonly=self._is_readonly(address),
            thread=self._thread(address),
            mark=self.checks.marks.get(address),
        )
        is_carried = held is not None and not held.is_confirmed and view.has_value
        if is_carried and address not in self.outcomes:
            view.is_unconfirmed, view.origin = True, self.origin
        self._offer(view, cell)
        outcome = self.outcomes.get(address)
        if view.is_readonly:
            view.words = self._words(cell, held)
            if isinstance(outcome, Invalid):  # what was typed is not lost
                view.errors = [*outcome.errors, self._typed(cell, outcome.raw)]
            return view
        if not cell.is_fixed:
            self.rendered[name] = held.revision if held else 0
        if isinstance(outcome, Invalid):
            view.errors = outcome.errors
            view.value = outcome.raw if outcome.raw is not None else ""
            # What a colleague saved meanwhile was not seen: it has to be a conflict.
            self.rendered[name] = outcome.base
        elif isinstance(outcome, Conflict):
            view.conflict = outcome
            self.rendered[name] = outcome.revision
            began = self.began.get(address)
            view.began = value_in_words(self.instrument, address, began)
            view.theirs = value_in_words(self.instrument, address, outcome.value)
            view.mine = value_in_words(self.instrument, address, outcome.mine)
            view.value = shown_value(outcome.mine)
        return view

    def _typed(self, cell: Cell, raw: Value) -> str:
        words = value_in_words(self.instrument, cell.address, raw)
        return _("You had entered: “%(words)s”.") % {"words": words}

    def _words(self, cell: Cell, held: Held | None) -> str:
        return value_in_words(self.instrument, cell.address, held.value) if held else ""

    def _offer(self, view: CellView, cell: Cell) -> None:
        offered = self._offered(cell)
        if cell.kind in CHOICE_KINDS:
            view.choices = offered
        elif offered:
            labels = dict(offered)
            view.dk_label, view.na_label = labels.get("dk", ""), labels.get("na", "")

    def _offered(self, cell: Cell) -> tuple[tuple[str, str], ...]:
        """Return the choices and reserved answers; the cells of a column share one list."""
        offers_dk = cell.allows_dk and (
            cell.address.question != self.instrument.assessment_year_question
        )
        key = (id(cell.choices), offers_dk, cell.allows_na)
        if key not in self._lists:
            reserved = reserved_choices(self.instrument, offers_dk, cell.allows_na)
            own = ((choice.value, choice.label) for choice in cell.choices)
            self._lists[key] = (*own, *reserved)
        return self._lists[key]


def new_item_code() -> str:
    """Return an opaque code for a new item of a repeating group: [a-z0-9]{8}."""
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(8))
