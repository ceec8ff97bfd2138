"""What the page of review prints: words, marks and addresses, decided beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.comment_board import CommentsAt
from assessment.compared import ChangeMark
from assessment.reviewed import ReviewedLine
from questionnaire.instrument import Column, Question, Section
from questionnaire.states import CellState
from reports.document.structure import Evidence, Level, Mark
from reports.review.filters import Flag


@dataclass(frozen=True, slots=True)
class Cell:
    """An answer in words, whatever its state; `name` is its address.

    `kept` is what is stored although it does not count. `earlier` is what was answered in
    the last accepted round, where it is another answer. `is_alarmed`: a contradiction is
    shown for it.
    """

    name: str
    header: str
    words: str
    state: CellState
    mark: ChangeMark | None = None
    earlier: str = ""
    kept: str = ""
    is_required: bool = False
    is_alarmed: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """A score from 0 to 100 in words; `weight` within its section, empty for a row."""

    mark: Mark
    text: str
    weight: str = ""
    is_low: bool = False


@dataclass(frozen=True, slots=True)
class GapMark:
    """The class of a need and its severity, 0 to 100, in words."""

    mark: Mark
    severity: str


@dataclass(frozen=True, slots=True)
class FileLink:
    title: str
    facts: str
    url: str


@dataclass(frozen=True, slots=True)
class Extras:
    """The note and the documents of a question or a row; `note` None where there is none."""

    note: Cell | None = None
    evidence: tuple[Evidence, ...] = ()
    evidence_mark: ChangeMark | None = None
    files: tuple[FileLink, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.note or self.evidence or self.evidence_mark or self.files)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a matrix, or an entry of a group. `closed` says why cells are not asked."""

    label: str
    letter: str
    cells: tuple[Cell, ...]
    closed: str = ""
    score: Score | None = None
    gap: GapMark | None = None
    extras: Extras = Extras()


@dataclass(frozen=True, slots=True)
class RowGroup:
    heading: str
    targets: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a matrix; `last` is the heading of the computed column, if there is one."""

    columns: tuple[Column, ...]
    groups: tuple[RowGroup, ...]
    last: str = ""


@dataclass(frozen=True, slots=True)
class CellLink:
    name: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class ContradictionView:
    """A rule that fires; `remark` is the country's explanation, empty if it gave none."""

    code: str
    mark: Mark
    message: str
    rationale: str
    cells: tuple[CellLink, ...]
    remark: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A reason to look, with a sign beside the word; `place` is the id of its first cell."""

    sign: str
    label: str
    kind: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What the country was told: the hint, when it is asked, and on what it rests."""

    hint: str
    condition: str
    sources: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.hint or self.condition or self.sources)


@dataclass(frozen=True, slots=True)
class QuestionView:
    """`earlier` is set where the last round asked it too: what it answered, in words.

    `table` belongs to a matrix, `entries` and `removed` (entries in words that stood in
    the submission before) to a repeating group.
    """

    question: Question
    flags: frozenset[Flag]
    tags: tuple[Tag, ...]
    answer: Cell | None
    earlier: str
    is_as_earlier: bool
    table: Table | None
    entries: tuple[Row, ...]
    removed: tuple[str, ...]
    extras: Extras
    score: Score | None
    contradictions: tuple[ContradictionView, ...]
    about: About
    comments: CommentsAt
    reviewed: tuple[ReviewedLine, ...] = ()

    @property
    def anchor(self) -> str:
        return f"q-{self.question.code}"

    @property
    def is_text(self) -> bool:
        return self.question.kind in ("text", "long_text")


@dataclass(frozen=True, slots=True)
class SectionView:
    """`score` is a figure, or says why there is none; empty for a section not scored."""

    section: Section
    questions: tuple[QuestionView, ...]
    score: str
    level: Level | None
    comments: CommentsAt
    only_url: str


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A line of the list of sections: of `total` questions `shown` fit the filters."""

    code: str
    title: str
    shown: int
    total: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class FlagCount:
    flag: Flag
    label: str
    count: int
    is_on: bool
