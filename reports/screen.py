"""The report as the page shows it: each figure beside the answers that caused it.

The chapters are those of the document that the PDF is printed from. Here every answer of
its annex is put where it counts, with its place in the questionnaire. Nothing is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.urls import reverse

from questionnaire.addresses import Address
from questionnaire.instrument import Question, Row
from reports.document.structure import (
    AnnexQuestion,
    AnnexRow,
    DimensionRow,
    GapGroup,
    GapRow,
    LabelledRow,
    Matrix,
    NeedChapter,
    QuestionLine,
    Ref,
    ReportDocument,
    ScoreLine,
    SectionChapter,
)
from reports.sources import ReportSource


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of a matrix or an item of a group; `url` is its place in the questionnaire."""

    row: AnnexRow
    url: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A question with all its answers; `line` and `matrix` only where it is scored.

    `chapter` is the chapter that shows the rows of a gap matrix instead.
    """

    question: AnnexQuestion
    short: str
    url: str
    line: QuestionLine | None
    matrix: Matrix | None
    rows: tuple[RowView, ...]
    chapter: NeedChapter | None = None


@dataclass(frozen=True, slots=True)
class SectionView:
    chapter: SectionChapter
    scored: tuple[AnswerView, ...]
    others: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class GeneralView:
    """A section that is not scored."""

    title: str
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class GapView:
    gap: GapRow
    answers: RowView | None


@dataclass(frozen=True, slots=True)
class OutsideView:
    ref: Ref
    answers: RowView | None


@dataclass(frozen=True, slots=True)
class GapGroupView:
    group: GapGroup
    rows: tuple[GapView, ...]


@dataclass(frozen=True, slots=True)
class NeedView:
    chapter: NeedChapter
    groups: tuple[GapGroupView, ...]
    outside: tuple[OutsideView, ...]


@dataclass(frozen=True, slots=True)
class SectionSum:
    """What a section contributes to the overall score."""

    line: ScoreLine
    questions: tuple[QuestionLine, ...]
    answered: str
    weight: str


@dataclass(frozen=True, slots=True)
class DimensionSum:
    line: ScoreLine
    row: DimensionRow


@dataclass(frozen=True, slots=True)
class Screen:
    sums: tuple[SectionSum, ...]
    dimensions: tuple[DimensionSum, ...]
    sections: tuple[SectionView, ...]
    needs: tuple[NeedView, ...]
    general: tuple[GeneralView, ...]


def screen(document: ReportDocument, source: ReportSource) -> Screen:
    """Return the chapters of `document` with the answers of its annex in their places."""
    answers = _Answers(document, source)
    return Screen(
        sums=_sums(document),
        dimensions=_dimensions(document),
        sections=tuple(answers.section(chapter) for chapter in document.sections),
        needs=tuple(
            answers.need(chapter) for chapter in (document.needs, document.sdg)
        ),
        general=tuple(answers.general()),
    )


def _sums(document: ReportDocument) -> tuple[SectionSum, ...]:
    weights: Sequence[LabelledRow] = document.method.weights
    return tuple(
        SectionSum(
            line=chapter.line,
            questions=chapter.questions,
            answered=chapter.facts[0].value,
            weight=weight.cells[1],
        )
        for chapter, weight in zip(document.sections, weights, strict=True)
    )


def _dimensions(document: ReportDocument) -> tuple[DimensionSum, ...]:
    rows = {row.anchor: row for row in document.method.dimensions}
    return tuple(
        DimensionSum(line, rows[line.anchor]) for line in document.summary.dimensions
    )


class _Answers:
    """The answers of the annex by question, and by the anchor of their row."""

    def __init__(self, document: ReportDocument, source: ReportSource) -> None:
        self.document = document
        self.questions = source.instrument.question_by_code
        self.forms = {
            section.code: reverse(
                "assessment:section_detail",
                args=[source.iso3, source.round_code, section.code.lower()],
            )
            for section in source.instrument.sections
        }
        self.chapters = {
            gap_input.matrix: chapter
            for gap_input, chapter in zip(
                source.instrument.gap_inputs,
                (document.needs, document.sdg),
                strict=True,
            )
        }
        self.rows: Mapping[str, RowView] = {
            view.row.anchor: view
            for section in document.annex
            for question in section.questions
            if question.code in self.chapters
            for view in self._rows(question)
        }

    def section(self, chapter: SectionChapter) -> SectionView:
        lines = {line.ref.code: line for line in chapter.questions}
        matrices = {matrix.ref.code: matrix for matrix in chapter.matrices}
        annex = next(s for s in self.document.annex if s.code == chapter.code)
        views = [self._answer(q, lines, matrices) for q in annex.questions]
        return SectionView(
            chapter=chapter,
            scored=tuple(view for view in views if view.line is not None),
            others=tuple(view for view in views if view.line is None),
        )

    def general(self) -> Iterator[GeneralView]:
        scored = {chapter.code for chapter in self.document.sections}
        for section in self.document.annex:
            if section.code not in scored:
                views = (self._answer(q, {}, {}) for q in section.questions)
                yield GeneralView(section.title, tuple(views))

    def need(self, chapter: NeedChapter) -> NeedView:
        groups = tuple(
            GapGroupView(
                group=group,
                rows=tuple(
                    GapView(gap, self.rows.get(gap.ref.anchor)) for gap in group.rows
                ),
            )
            for group in chapter.groups
        )
        outside = tuple(
            OutsideView(ref, self.rows.get(ref.anchor)) for ref in chapter.outside
        )
        return NeedView(chapter, groups, outside)

    def _answer(
        self,
        question: AnnexQuestion,
        lines: Mapping[str, QuestionLine],
        matrices: Mapping[str, Matrix],
    ) -> AnswerView:
        chapter = self.chapters.get(question.code)
        return AnswerView(
            question=question,
            short=self.questions[question.code].short,
            url=self._url(self.questions[question.code]),
            line=lines.get(question.code),
            matrix=matrices.get(question.code),
            rows=() if chapter else tuple(self._rows(question)),
            chapter=chapter,
        )

    def _rows(self, annex: AnnexQuestion) -> Iterator[RowView]:
        question = self.questions[annex.code]
        if not question.is_matrix:
            yield from (RowView(row, self._url(question)) for row in annex.rows)
        elif annex.rows:
            for place, row in zip(question.rows, annex.rows, strict=True):
                yield RowView(row, self._url(question, place))

    def _url(self, question: Question, row: Row | None = None) -> str:
        """Return where the questionnaire asks it: the question, or a row's first cell."""
        fragment = f"q-{question.code}"
        if row is not None:
            asked = [c.code for c in question.columns if c.code not in row.fixed]
            if asked:
                fragment = f"c-{Address(question.code, row.code, asked[0])}"
        return f"{self.forms[question.section]}#{quote(fragment, safe='')}"
