"""The report as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.document.structure.annexes import (
    AnnexSection,
    ContradictionView,
    Document,
    Legend,
    Method,
    ReviewedChapter,
    ViewRow,
)
from reports.document.structure.basics import ContentsEntry, Fact
from reports.document.structure.chapters import (
    Actions,
    Holders,
    NeedChapter,
    SectionChapter,
)
from reports.document.structure.opening import Cover, Outlook, Summary

if TYPE_CHECKING:
    from reports.document.plan import PlanChapter


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """The whole report. `watermark` is empty unless it is one of a draft, `notice`
    unless its answers are illustrative. `created` is the moment of the record, ISO 8601
    in UTC, or empty for a draft without answers.
    """

    language: str
    direction: str
    title: str
    created: str
    watermark: str
    notice: str
    running_head: str
    running_foot: str
    cover: Cover
    has_previous: bool
    contents: tuple[ContentsEntry, ...]
    reading: tuple[str, ...]
    legend: Legend
    summary: Summary
    outlook: Outlook
    sections: tuple[SectionChapter, ...]
    needs: NeedChapter
    sdg: NeedChapter
    holders: Holders
    actions: Actions
    annex: tuple[AnnexSection, ...]
    contradictions: tuple[ContradictionView, ...]
    method: Method
    provenance: tuple[Fact, ...]
    documents: tuple[Document, ...]
    views: tuple[ViewRow, ...] = ()
    reviewed: ReviewedChapter | None = None
    plan: PlanChapter | None = None
