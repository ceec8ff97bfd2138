"""The page of differing views: the national answer beside what is held against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from assessment.hub import name_of, section_of
from assessment.models import DifferingView, User
from assessment.queries import Reading
from assessment.section_page import SectionPage
from assessment.section_views import CellView
from questionnaire.addresses import Address
from questionnaire.fields import shown_value
from questionnaire.instrument import Instrument, Question, Section
from questionnaire.wording import value_in_words


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A view in words; `is_adopted` where the national answer is the same by now."""

    view: DifferingView
    words: str
    is_adopted: bool
    can_withdraw: bool
    can_adopt: bool


@dataclass(frozen=True, slots=True)
class DissentCell:
    """A cell with its national answer, of revision `base`, and the views on it."""

    address: Address
    name: str
    national: str
    base: int
    standing: tuple[ViewLine, ...]
    withdrawn: tuple[ViewLine, ...]


@dataclass(frozen=True, slots=True)
class DissentSection:
    section: Section
    cells: tuple[DissentCell, ...]


@dataclass(slots=True)
class Draft:
    """What somebody is about to record: of a cell, once it is chosen."""

    question: Question
    cells: list[tuple[str, list[tuple[str, str]]]]
    address: Address | None = None
    name: str = ""
    national: str = ""
    control: CellView | None = None
    text: str = ""
    institution: str = ""
    replaces: bool = False
    errors: list[str] = field(default_factory=list)


class DissentPage:
    """What the template prints; reads nothing but what it is given."""

    def __init__(
        self,
        reading: Reading,
        views: Iterable[DifferingView],
        person: User,
        *,
        may_record: bool,
        may_settle: bool,
    ) -> None:
        self.reading = reading
        self.instrument = reading.instrument
        self.person = person
        self.may_record = may_record
        self.may_settle = may_settle
        self.by_address: dict[Address, list[DifferingView]] = {}
        for view in views:
            self.by_address.setdefault(view.address, []).append(view)

    @cached_property
    def sections(self) -> list[DissentSection]:
        """The cells with views, in the order of the instrument, by section."""
        cells: dict[str, list[DissentCell]] = {}
        for address in sorted(self.by_address, key=self.instrument.sort_key):
            code = section_of(self.instrument, address).code
            cells.setdefault(code, []).append(self._cell(address))
        return [
            DissentSection(self.instrument.section_by_code[code], tuple(found))
            for code, found in cells.items()
        ]

    def _cell(self, address: Address) -> DissentCell:
        held = self.reading.held.get(address)
        lines = [self._line(view) for view in self.by_address[address]]
        return DissentCell(
            address=address,
            name=cell_label(self.reading, address),
            national=self._national(address),
            base=held.revision if held else 0,
            standing=tuple(line for line in lines if line.view.is_standing),
            withdrawn=tuple(line for line in lines if not line.view.is_standing),
        )

    def _national(self, address: Address) -> str:
        held = self.reading.held.get(address)
        return (
            value_in_words(self.instrument, address, held.value)
            if held and held.is_confirmed
            else ""
        )

    def _line(self, view: DifferingView) -> ViewLine:
        is_adopted = (
            view.value is not None
            and self.reading.answers.get(view.address) == view.value
        )
        is_mine = view.recorded_by_id == self.person.pk
        return ViewLine(
            view=view,
            words=value_in_words(self.instrument, view.address, view.value),
            is_adopted=is_adopted,
            can_withdraw=self.may_record and view.is_standing and is_mine,
            can_adopt=self.may_settle
            and view.is_standing
            and view.value is not None
            and not is_adopted,
        )

    # Recording

    def draft(self, question: Question, asked: str, institution: str) -> Draft:
        """Return the form of a question; with its control once the cell is known.

        A person who recorded a view on the cell before starts from it.
        """
        cells = list(cells_to_choose(self.reading, question))
        draft = Draft(question, cells, institution=institution)
        known = {name for _, named in cells for name, _ in named}
        if question.is_plain:
            asked = question.code
        if asked not in known:
            return draft
        address = Address.parse(asked)
        draft.address = address
        draft.name = cell_label(self.reading, address)
        draft.national = self._national(address)
        draft.control = control_of(self.reading, address)
        draft.control.value = ""
        for view in self.by_address.get(address, []):
            if view.is_standing and view.recorded_by_id == self.person.pk:
                draft.control.value = shown_value(view.value)
                draft.text, draft.institution = view.text, view.institution
                draft.replaces = True
        return draft


def cells_to_choose(
    reading: Reading, question: Question
) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """Yield the cells of a question that are asked, by matrix row or item, as text."""
    if question.is_plain:
        yield "", [(question.code, question.short)]
        return
    for row, label in _rows(reading, question):
        addresses = [Address(question.code, row, c.code) for c in question.columns]
        yield (
            label,
            [
                (str(address), f"{label} – {column.label}")
                for address, column in zip(addresses, question.columns, strict=True)
                if _is_asked(reading.instrument, address)
            ],
        )


def control_of(reading: Reading, address: Address) -> CellView:
    """Return the control of one cell that is known, holding what stands in it."""
    section = section_of(reading.instrument, address)
    page = SectionPage(section, reading, is_readonly=False)
    cell = reading.instrument.cell(address)
    assert cell is not None  # noqa: S101  only known cells are offered
    return page.control(cell)


def _is_asked(instrument: Instrument, address: Address) -> bool:
    cell = instrument.cell(address)
    return cell is not None and not cell.is_fixed


def _rows(reading: Reading, question: Question) -> list[tuple[str, str]]:
    if question.is_matrix:
        return [(row.code, row.short) for row in question.rows]
    items = reading.state.items_by_code(question)
    return [
        (code, _entry(number)) for number, (code, _values) in enumerate(items, start=1)
    ]


def _entry(number: int) -> str:
    return _("Entry %(number)s") % {"number": number}


def cell_label(reading: Reading, address: Address) -> str:
    """Return the name of a cell for people; of an item with its number among those shown."""
    name = name_of(reading.instrument, address)
    question = reading.instrument.question_by_code[address.question]
    if not question.is_group:
        return name
    entries: Mapping[str, Any] = dict(_rows(reading, question))
    entry = entries.get(address.row, "")
    return f"{name} · {entry}" if entry else name
