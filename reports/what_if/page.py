"""What the template of the page prints: the places with their controls, and the search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from assessment.queries import Reading
from assessment.section_page import SectionPage
from questionnaire.fields import shown_value
from questionnaire.instrument import Cell, Section, Value
from questionnaire.states import CellState, ResponseState
from questionnaire.wording import value_in_words
from reports.document.reader import more_than
from reports.document.wording import clipped
from reports.what_if.places import Place, best_answers, places, places_like
from reports.what_if.trial import Trial

MOST_FOUND = 12
MOST_IGNORED, LONGEST_NAME = 10, 60


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One answer with its control. `given` is what the record holds, in words."""

    name: str
    label: str
    control: SafeString
    given: str
    is_wide: bool
    is_changed: bool
    is_closed: bool
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceEdit:
    place: Place
    cells: tuple[CellEdit, ...]
    is_changed: bool
    is_asked: bool
    has_better: bool


@dataclass(frozen=True, slots=True)
class SectionPlaces:
    section: Section
    places: tuple[Place, ...]


def _legible(name: str) -> str:
    signs = (sign if sign.isprintable() else "\ufffd" for sign in name)
    return clipped("".join(signs), LONGEST_NAME)


class WhatIfPage:
    """The form of one trial; reads nothing but what it is given."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.instrument = trial.source.instrument
        self.state = ResponseState(self.instrument, trial.answers)
        # Nothing held: the values put into the controls are those of the trial.
        reading = Reading(self.instrument, {})
        self._pages = {
            section.code: SectionPage(section, reading, is_readonly=False)
            for section in self.instrument.sections
        }

    @cached_property
    def edits(self) -> tuple[PlaceEdit, ...]:
        """The places that are open, in the order of the instrument."""
        return tuple(self._edit(place) for place in self.trial.places)

    @property
    def change_count(self) -> int:
        return len(self.trial.changes)

    @property
    def ignored(self) -> str:
        """What the address names and the questionnaire does not know, as a list to read."""
        names = [_legible(name) for name in self.trial.ignored]
        shown = "; ".join(names[:MOST_IGNORED])
        more = more_than(len(names) - MOST_IGNORED)
        return f"{shown} {more}".strip()

    @cached_property
    def choices(self) -> tuple[SectionPlaces, ...]:
        """Everything that can be tried out and is not open yet, by section."""
        open_names = {place.name for place in self.trial.places}
        left = [p for p in places(self.instrument) if p.name not in open_names]
        return tuple(
            SectionPlaces(section, found)
            for section in self.instrument.sections
            if (found := tuple(p for p in left if p.question.section == section.code))
        )

    @cached_property
    def _found(self) -> list[Place]:
        left = [place for part in self.choices for place in part.places]
        return places_like(left, self.trial.find)

    @property
    def found(self) -> list[Place]:
        """The first places that fit what is looked for."""
        return self._found[:MOST_FOUND]

    @property
    def found_count(self) -> int:
        return len(self._found)

    # Inside

    def _edit(self, place: Place) -> PlaceEdit:
        cells = tuple(self._cells(place))
        best = best_answers(self.trial.source, place)
        return PlaceEdit(
            place=place,
            cells=cells,
            is_changed=any(cell.is_changed for cell in cells),
            is_asked=self.state.is_shown(place.question),
            has_better=any(
                self.trial.value(address) != value for address, value in best.items()
            ),
        )

    def _cells(self, place: Place) -> Iterator[CellEdit]:
        columns = place.question.column_by_code
        for cell in place.cells(self.instrument):
            refused = self.trial.refused.get(cell.address)
            value = refused.raw if refused else self.trial.value(cell.address)
            column = columns.get(cell.address.column)
            yield CellEdit(
                name=str(cell.address),
                label=column.label if column else place.question.text,
                control=self._control(cell, value, refused.messages if refused else ()),
                given=value_in_words(
                    self.instrument,
                    cell.address,
                    self.trial.source.answers.get(cell.address),
                ),
                is_wide=cell.kind == "multiple_choice",
                is_changed=cell.address in self.trial.changes,
                is_closed=self.state.cell_state(cell.address) is CellState.CLOSED,
                errors=refused.messages if refused else (),
            )

    def _control(
        self, cell: Cell, value: Value, messages: tuple[str, ...]
    ) -> SafeString:
        question = self.instrument.question_by_code[cell.address.question]
        view = self._pages[question.section].control(cell)
        view.value = shown_value(value)
        view.errors = list(messages)
        html = render_to_string(
            "assessment/control.html", {"cell": view}, using="jinja2"
        )
        return mark_safe(html)  # noqa: S308  Jinja2 has escaped every value
