"""One version of the instrument in one language, as frozen dataclasses.

Built once per process from the database or from fixtures (`questionnaire.building`)
and shared by every request: pages, saving, analysis and reports read these objects and
issue no query for them. Nothing here imports Django.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from questionnaire.addresses import EVIDENCE, NOTE, Address
from questionnaire.method import (
    BandSet,
    Catalogue,
    Dimension,
    GapInput,
    GapRules,
    MaturityLevel,
    ScoringRules,
)

DK = "dk"
NA = "na"
RESERVED_VALUES = frozenset({DK, NA})

# A canonical answer: text, number, list of choice values, list of evidence items, or
# None for blank (contracts: cells and values).
Value = Any
Condition = Mapping[str, Any]

CHOICE_KINDS = frozenset({"yes_no", "single_choice", "multiple_choice"})
NUMBER_KINDS = frozenset({"integer", "decimal", "year"})
DK_KINDS = CHOICE_KINDS | NUMBER_KINDS

EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    score: float | None = None
    is_exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a matrix, or a field of a repeating group."""

    code: str
    label: str
    kind: str
    choices: tuple[Choice, ...] = ()
    is_required: bool = False
    is_scored: bool = False
    weight: float = 1.0
    band_set: str = ""
    allows_na: bool = False
    is_gated: bool = True
    lookup: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a matrix; `details` holds its descriptive keys (letter, indicator …)."""

    code: str
    label: str
    short: str
    weight: float = 1.0
    bands: str = ""
    when_closed: str = ""
    no_na: bool = False
    fixed: Mapping[str, str] = field(default_factory=dict)
    is_core: bool = False
    group: str = ""
    theme: str = ""
    letter: str = ""
    origin: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowGroup:
    code: str
    title: str
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowWeight:
    """Which column's answer multiplies the weight of its row, and by how much."""

    column: str
    factors: Mapping[str, float]
    otherwise: float


@dataclass(frozen=True, slots=True)
class Source:
    """A place in a reference document on which a question rests."""

    reference: str
    at: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What may be answered at one address.

    `minimum` and `maximum` are in the question's unit; `label` is the accessible name:
    row, column and question.
    """

    address: Address
    kind: str
    label: str
    choices: tuple[Choice, ...] = ()
    allows_dk: bool = False
    allows_na: bool = False
    minimum: float | None = None
    maximum: float | None = None
    is_required: bool = False
    is_fixed: bool = False
    lookup: str = ""


@dataclass(frozen=True)
class Question:
    code: str
    section: str
    subsection: str
    short: str
    text: str
    hint: str
    kind: str
    is_required: bool
    is_scored: bool
    origin: str
    evidence: str
    sources: tuple[Source, ...] = ()
    choices: tuple[Choice, ...] = ()
    weight: float = 0.0
    dimension: str = ""
    band_set: str = ""
    show_if: Condition | None = None
    when_hidden: str = ""
    allows_na: bool = False
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    lookup: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    gate: str = ""
    gate_open: frozenset[str] = frozenset()
    when_closed: str = ""
    row_weight: RowWeight | None = None
    row_groups: tuple[RowGroup, ...] = ()
    min_items: int = 0
    max_items: int = 0
    offers_dk: bool = True

    @property
    def is_matrix(self) -> bool:
        return self.kind == "matrix"

    @property
    def is_group(self) -> bool:
        return self.kind == "repeating_group"

    @property
    def is_plain(self) -> bool:
        return not (self.is_matrix or self.is_group)

    @cached_property
    def row_by_code(self) -> Mapping[str, Row]:
        return {row.code: row for row in self.rows}

    @cached_property
    def column_by_code(self) -> Mapping[str, Column]:
        return {column.code: column for column in self.columns}

    def is_optional_row(self, row: Row) -> bool:
        """Whether the row is left out while closed and a bonus while open."""
        return (row.when_closed or self.when_closed) == "skip"


@dataclass(frozen=True)
class Subsection:
    code: str
    title: str


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    purpose: str
    guidance: str
    is_scored: bool
    origin: str
    questions: tuple[Question, ...]
    subsections: tuple[Subsection, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    code: str
    citation: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    code: str
    title: str
    text: str
    dimension: str
    kind: str
    horizon: str
    trigger: Condition
    addresses: tuple[str, ...]
    standards: tuple[str, ...]
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsistencyRule:
    """`cells` are addresses as written in the rule; row `*` means every row."""

    code: str
    severity: str
    topic: str
    when: Condition
    message: str
    cells: tuple[str, ...]
    rationale: str

    @property
    def is_error(self) -> bool:
        return self.severity == "error"


@dataclass(frozen=True)
class Instrument:
    code: str
    version: str
    language: str
    content_hash: str
    title: str
    subtitle: str
    introduction: str
    assessment_year_question: str
    sections: tuple[Section, ...]
    dimensions: tuple[Dimension, ...]
    maturity_levels: tuple[MaturityLevel, ...]
    section_weights: Mapping[str, float]
    band_sets: Mapping[str, BandSet]
    references: Mapping[str, Reference]
    scoring_rules: ScoringRules
    gap_rules: GapRules
    gap_inputs: tuple[GapInput, ...]
    recommendations: tuple[Recommendation, ...]
    catalogue: Catalogue
    consistency_rules: tuple[ConsistencyRule, ...]
    topics: Mapping[str, str]
    reserved_labels: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def section_by_code(self) -> Mapping[str, Section]:
        return {section.code: section for section in self.sections}

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(q for section in self.sections for q in section.questions)

    @cached_property
    def question_by_code(self) -> Mapping[str, Question]:
        return {question.code: question for question in self.questions}

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Place of each question, row and column code, for sorting by the instrument."""
        return {question.code: i for i, question in enumerate(self.questions)}

    @cached_property
    def _cells(self) -> dict[Address, Cell]:
        return {cell.address: cell for q in self.questions for cell in cells_of(q)}

    def cell(self, address: Address) -> Cell | None:
        """Return what may be answered at `address`, or None if nothing may.

        Any well-formed item code is accepted as row of a repeating group.
        """
        found = self._cells.get(address)
        if found is not None:
            return found
        question = self.question_by_code.get(address.question)
        if question is None or not question.is_group or not address.row:
            return None
        column = question.column_by_code.get(address.column)
        return None if column is None else group_cell(question, address.row, column)

    def sort_key(self, address: Address) -> tuple[Any, ...]:
        """Order of the instrument: question, then row, then column; items by code."""
        question = self.question_by_code.get(address.question)
        if question is None:
            return (
                len(self.questions),
                address.question,
                0,
                address.row,
                0,
                address.column,
            )
        rows = self._row_positions[question.code]
        columns = self._column_positions[question.code]
        return (
            self.position[question.code],
            question.code,
            rows.get(address.row, len(rows)),
            address.row,
            columns.get(address.column, len(columns)),
            address.column,
        )

    @cached_property
    def _row_positions(self) -> Mapping[str, Mapping[str, int]]:
        return {
            q.code: {"": -1} | {row.code: i for i, row in enumerate(q.rows)}
            for q in self.questions
        }

    @cached_property
    def _column_positions(self) -> Mapping[str, Mapping[str, int]]:
        return {
            q.code: {"": -1} | {column.code: i for i, column in enumerate(q.columns)}
            for q in self.questions
        }


def cells_of(question: Question) -> Iterator[Cell]:
    """Yield every cell that exists by definition; items of groups come into being later."""
    if question.is_plain:
        yield _plain_cell(question)
    for row in question.rows:
        for column in question.columns:
            yield _matrix_cell(question, row, column)
        yield from _reserved_cells(question, row.code)
    yield from _reserved_cells(question, "")


def _plain_cell(question: Question) -> Cell:
    return Cell(
        address=Address(question.code),
        kind=question.kind,
        label=question.text,
        choices=question.choices,
        allows_dk=question.kind in DK_KINDS,
        allows_na=question.allows_na,
        minimum=question.minimum,
        maximum=question.maximum,
        is_required=question.is_required,
        lookup=question.lookup,
    )


def _matrix_cell(question: Question, row: Row, column: Column) -> Cell:
    return Cell(
        address=Address(question.code, row.code, column.code),
        kind=column.kind,
        label=f"{row.label} – {column.label} – {question.short}",
        choices=column.choices,
        allows_dk=column.kind in DK_KINDS,
        allows_na=column.allows_na and not row.no_na,
        is_required=column.is_required,
        is_fixed=column.code in row.fixed,
        lookup=column.lookup,
    )


def group_cell(question: Question, item: str, column: Column) -> Cell:
    """Return the cell of one field of one item; fields offer neither dk nor na."""
    return Cell(
        address=Address(question.code, item, column.code),
        kind=column.kind,
        label=f"{column.label} – {question.short}",
        choices=column.choices,
        is_required=column.is_required,
        lookup=column.lookup,
    )


def _reserved_cells(question: Question, row: str) -> Iterator[Cell]:
    yield Cell(Address(question.code, row, NOTE), "long_text", question.short)
    yield Cell(Address(question.code, row, EVIDENCE), "evidence", question.short)
