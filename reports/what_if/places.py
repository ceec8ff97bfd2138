"""The questions and matrix rows whose answers can be tried out, and the best answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from questionnaire.addresses import Address
from questionnaire.conditions import leaves
from questionnaire.instrument import (
    DK_KINDS,
    NA,
    NUMBER_KINDS,
    Cell,
    Choice,
    Column,
    Instrument,
    Question,
    Row,
    Value,
)
from reports.sources import ReportSource


class UnknownPlace(Exception):
    """What was asked for is no question, row or cell that could be tried out."""


@dataclass(frozen=True, slots=True)
class Place:
    """A plain question, or one row of a matrix."""

    question: Question
    row: Row | None = None

    @property
    def address(self) -> Address:
        return Address(self.question.code, self.row.code if self.row else "")

    @property
    def name(self) -> str:
        return str(self.address)

    @property
    def label(self) -> str:
        if self.row is None:
            return self.question.short
        letter = f"{self.row.letter} " if self.row.letter else ""
        return f"{self.question.short} – {letter}{self.row.short}"

    def cells(self, instrument: Instrument) -> Iterator[Cell]:
        """Yield the cells that can move a score or a gap: no words, nothing fixed."""
        counting = _counting_columns(instrument, self.question)
        for code in counting if self.row else ("",):
            cell = instrument.cell(self.address._replace(column=code))
            if cell is not None and cell.kind in DK_KINDS and not cell.is_fixed:
                yield cell


def _counting_columns(instrument: Instrument, question: Question) -> list[str]:
    """Return the columns of a matrix that the analysis reads."""
    read = {question.gate, question.row_weight.column if question.row_weight else ""}
    read |= {g.need_column for g in instrument.gap_inputs if g.matrix == question.code}
    return [c.code for c in question.columns if c.is_scored or c.code in read]


def places(instrument: Instrument) -> Iterator[Place]:
    """Yield every place, in the order of the instrument."""
    asked = {
        leaf["q"]
        for q in instrument.questions
        if q.show_if
        for leaf in leaves(q.show_if)
    }
    asked.add(instrument.assessment_year_question)
    for question in instrument.questions:
        if not question.is_scored and question.code not in asked:
            continue
        if question.is_matrix:
            yield from (Place(question, row) for row in question.rows)
        elif question.is_plain:
            yield Place(question)


def places_by_name(instrument: Instrument) -> dict[str, Place]:
    return {place.name: place for place in places(instrument)}


def places_like(found: Sequence[Place], text: str) -> list[Place]:
    """Return the places with a code or a text in which every word of `text` occurs.

    Those whose code is `text` come first.
    """
    words = text.casefold().split()
    if not words:
        return []
    fitting = [
        place for place in found if all(word in _text_of(place) for word in words)
    ]
    fitting.sort(key=lambda place: words[0] not in _codes_of(place))
    return fitting


def _codes_of(place: Place) -> tuple[str, ...]:
    row = place.row
    codes = (place.name, place.question.code, row.code if row else "")
    return tuple(code.casefold() for code in codes)


def _text_of(place: Place) -> str:
    row = place.row
    parts = [place.name, place.question.short, place.question.text]
    parts += [row.label, row.short] if row else []
    return " ".join(parts).casefold()


# The best answers


def best_answers(source: ReportSource, place: Place) -> dict[Address, Value]:
    """Return the scored cells of `place` with the answers that score best.

    What is answered "not applicable" stays out, and so does what scores in full already.
    """
    year = source.answers.get(Address(source.instrument.assessment_year_question))
    latest = year if isinstance(year, int) else source.year
    found: dict[Address, Value] = {}
    for cell in place.cells(source.instrument):
        scored: Question | Column = place.question
        if place.row is not None:
            scored = place.question.column_by_code[cell.address.column]
        held = source.answers.get(cell.address)
        if not scored.is_scored or held == NA:
            continue
        band_set = (place.row.bands if place.row else "") or scored.band_set
        if scored.kind in NUMBER_KINDS:
            is_age = source.instrument.band_sets[band_set].method == "age"
            found[cell.address] = latest if is_age else cell.minimum or 0
        else:
            found[cell.address] = _best_choices(cell, held)
    return found


def _best_choices(cell: Cell, held: Value) -> Value:
    if cell.kind != "multiple_choice":
        best = max(cell.choices, key=lambda choice: choice.score or 0.0)
        chosen = next((c for c in cell.choices if c.value == held), None)
        is_best = chosen is not None and (chosen.score or 0) == (best.score or 0)
        return held if is_best else best.value
    return _enough(cell.choices, held if isinstance(held, list) else [])


def _enough(choices: Sequence[Choice], held: Sequence[str]) -> list[str]:
    """Return what is chosen, and as many more as it takes for the full score."""
    chosen = {c.value for c in choices if c.value in held and not c.is_exclusive}
    offered = sorted(
        (c for c in choices if not c.is_exclusive and (c.score or 0.0) > 0),
        key=lambda choice: -(choice.score or 0.0),
    )
    for choice in offered:
        total = sum(c.score or 0.0 for c in choices if c.value in chosen)
        if round(total, 6) >= 1:
            break
        chosen.add(choice.value)
    return [choice.value for choice in choices if choice.value in chosen]
