"""The annexes: every answer, what to check, reviewed values, method, documents."""

from __future__ import annotations

from dataclasses import dataclass

from reports.document.structure.basics import Evidence, Fact, Finding, Level, Mark, Ref


@dataclass(frozen=True, slots=True)
class AnnexCell:
    """One answer of a matrix row or of an item; `state` is a CellState.

    `lead` is the label as it stands before the answer in running text. `reviewed` says,
    in place of `text`, what the country answered, the reviewed value and its reason.
    """

    label: str
    text: str
    state: str
    lead: str = ""
    reviewed: str = ""


@dataclass(frozen=True, slots=True)
class AnnexRow:
    anchor: str
    label: str
    cells: tuple[AnnexCell, ...]
    closed: str
    score: str
    note: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class AnnexQuestion:
    anchor: str
    code: str
    text: str
    answer: AnnexCell | None
    rows: tuple[AnnexRow, ...]
    score: str
    weight: str
    note: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class AnnexSection:
    anchor: str
    code: str
    title: str
    questions: tuple[AnnexQuestion, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document given as evidence: a link with `url`, or a file with `facts` and `pk`.

    `name` is that of the file where its title says something else.
    """

    ref: Ref
    title: str
    url: str
    name: str = ""
    facts: str = ""
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class ContradictionView:
    code: str
    mark: Mark
    topic: str
    message: str
    cells: tuple[Ref, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A differing view on one answer; `view` and `remark` may be empty, not both."""

    ref: Ref
    national: str
    view: str
    who: str
    recorded: str
    remark: str


@dataclass(frozen=True, slots=True)
class ScorePair:
    """A score from the country's own answers, and with the reviewed values."""

    title: str
    own: str
    reviewed: str


@dataclass(frozen=True, slots=True)
class ReviewedRow:
    """A reviewed value beside the answer that it replaces in all figures."""

    ref: Ref
    own: str
    value: str
    reason: str
    who: str
    set_on: str


@dataclass(frozen=True, slots=True)
class ReviewedChapter:
    """The list of reviewed values, and what they change in the scores."""

    anchor: str
    title: str
    intro: str
    scores: tuple[ScorePair, ...]
    rows: tuple[ReviewedRow, ...]


@dataclass(frozen=True, slots=True)
class LabelledRow:
    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassRow:
    need: str
    cells: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class DimensionRow:
    """A dimension, its score and the questions that it is made of, with their scores."""

    anchor: str
    title: str
    description: str
    score: str
    questions: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a formula: words or a symbol, or with `below` a fraction."""

    text: str
    sub: str = ""
    is_symbol: bool = False
    above: tuple[Term, ...] = ()
    below: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """`where` says what the symbols are; `example` is worked with the country's figures."""

    label: str
    terms: tuple[Term, ...]
    where: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    sentences: tuple[Finding, ...]
    formulas: tuple[Formula, ...]
    levels: tuple[LabelledRow, ...]
    weights: tuple[LabelledRow, ...]
    dimensions: tuple[DimensionRow, ...]
    bands: tuple[LabelledRow, ...]
    data_levels: tuple[Mark, ...]
    classes: tuple[ClassRow, ...]
    references: tuple[Fact, ...]
    partners: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """The signs used in tables, with their meaning."""

    levels: tuple[Level, ...]
    scores: tuple[Mark, ...]
    states: tuple[Mark, ...]
    classes: tuple[Mark, ...]
