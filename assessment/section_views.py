"""What the template of a section prints: its questions, rows and cells as they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from assessment.comment_board import CommentsAt
from assessment.evidence_queries import QuestionFiles
from assessment.section_checks import Mark
from assessment.services.answers import Conflict
from questionnaire.instrument import NUMBER_KINDS, Question


@dataclass(slots=True)
class CellView:
    """One cell as the page shows it; `value` may be refused text that is kept visible.

    `thread` is the first open comment on it, 0 without one.
    """

    name: str
    kind: str
    label: str
    value: Any
    choices: tuple[tuple[str, str], ...] = ()
    dk_label: str = ""
    na_label: str = ""
    lookup: str = ""
    is_gated: bool = False
    is_closed: bool = False
    is_fixed: bool = False
    is_readonly: bool = False
    is_unconfirmed: bool = False
    origin: str = ""
    words: str = ""
    errors: list[str] = field(default_factory=list)
    conflict: Conflict | None = None
    began: str = ""
    theirs: str = ""
    mine: str = ""
    header: str = ""
    thread: int = 0
    mark: Mark | None = None

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBER_KINDS

    @property
    def is_choice(self) -> bool:
        return self.kind in ("single_choice", "yes_no")

    @property
    def has_value(self) -> bool:
        return self.value not in ("", [])

    @property
    def text(self) -> Any:
        """What a text box shows: nothing while a reserved answer is chosen."""
        return "" if self.is_number and self.value in ("dk", "na") else self.value


@dataclass(slots=True)
class RowView:
    code: str
    label: str
    letter: str
    usual_source: str
    is_open: bool
    cells: list[CellView]
    name: str = ""
    carried: int = 0
    thread: int = 0
    rules: SafeString | str = ""

    @property
    def origin(self) -> str:
        """Where values of the row come from that wait to be confirmed, if any do."""
        return next((c.origin for c in self.cells if c.is_unconfirmed), "")

    who: str = ""
    is_own: bool = False


@dataclass(slots=True)
class GroupView:
    """Rows of a matrix under a heading; the heading is empty where there are no groups."""

    heading: str
    targets: str
    rows: list[RowView]


@dataclass(slots=True)
class QuestionView:
    question: Question
    name: str
    anchor: str
    is_hidden: bool
    has_answer: bool
    condition: str
    gate_condition: str
    sources: list[tuple[str, str]]
    note: CellView
    evidence: CellView
    cell: CellView | None = None
    groups: list[GroupView] = field(default_factory=list)
    items: list[RowView] = field(default_factory=list)
    blank_item: RowView | None = None
    subsection: str = ""
    is_readonly: bool = False
    is_proposed: bool = False
    carried: int = 0
    who: str = ""
    elsewhere: str = ""
    is_own: bool = False
    files: QuestionFiles | None = None
    comments: CommentsAt | None = None
    rules: SafeString | str = ""
    is_to_explain: bool = False

    @property
    def takes_evidence(self) -> bool:
        """Whether documents are asked for, or were given though not asked for."""
        has_files = self.files is not None and bool(self.files.files)
        has_given = bool(self.evidence.value) or has_files
        return has_given or (self.question.evidence != "none" and not self.is_readonly)

    @property
    def documents(self) -> list[dict[str, str]]:
        """The documents given, and one empty line for another."""
        return [*(self.evidence.value or []), {"title": "", "url": ""}]
