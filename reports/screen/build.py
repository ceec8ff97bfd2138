"""From the document to the page: the chapters with the answers of the annex in their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from django.urls import reverse

from questionnaire.addresses import Address
from questionnaire.instrument import Question, Row
from reports.document.reader import Reader
from reports.document.structure import (
    AnnexQuestion,
    Matrix,
    NeedChapter,
    QuestionLine,
    ReportDocument,
    SectionChapter,
)
from reports.http import query_of
from reports.screen.actions import ActionFilters, action_list
from reports.screen.goals import goal_lines
from reports.screen.needs import class_needs, ranked
from reports.screen.profile import (
    dimension_lines,
    median_in_words,
    profile_key,
    section_lines,
)
from reports.screen.structure import (
    AnswerView,
    GapGroupView,
    GapView,
    GeneralView,
    NeedView,
    OutsideView,
    RowView,
    Screen,
    SectionView,
)
from reports.screen.sums import (
    cell_scores,
    gap_in_words,
    group_sum,
    matrix_in_words,
    overall_sum,
    row_weight,
    shares,
    weighted_gap_sum,
)
from reports.what_if.places import places_by_name


def screen(
    document: ReportDocument,
    reader: Reader,
    *,
    filters: ActionFilters,
    submission: int | None,
) -> Screen:
    """Return the chapters of `document` with the answers and the sums behind its figures.

    `reader` is what the document was made of; `submission` is the number asked for,
    which links to trying out answers keep.
    """
    source = reader.source
    answers = _Answers(document, reader)
    url = reverse("reports:what_if", args=[source.iso3, source.round_code])
    query = query_of(submission=submission)
    start = f"{query}&" if query else "?"
    return Screen(
        overall=overall_sum(reader),
        shares=shares(reader, document.summary.facts),
        profile=section_lines(reader, document.summary.sections),
        dimensions=dimension_lines(reader, document.summary.dimensions),
        median_of=median_in_words(reader),
        key=profile_key(reader),
        sections=tuple(answers.section(chapter) for chapter in document.sections),
        needs=tuple(
            answers.need(gap_input.matrix, chapter)
            for gap_input, chapter in zip(
                source.instrument.gap_inputs,
                (document.needs, document.sdg),
                strict=True,
            )
        ),
        general=tuple(answers.general()),
        goals=goal_lines(reader, document.outlook.goals),
        actions=action_list(document.actions, reader.analysis, filters, answers.trials),
        planned={row.code: row for row in document.plan.rows if row.code}
        if document.plan
        else {},
        filter_start=start,
        what_if=url + start,
    )


class _Answers:
    """The answers of the annex by question, and by the anchor of their row."""

    def __init__(self, document: ReportDocument, reader: Reader) -> None:
        source = reader.source
        self.document = document
        self.reader = reader
        self.trials = places_by_name(source.instrument)
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
            sum=group_sum(self.reader, self.reader.analysis.sections[chapter.code]),
            scored=tuple(view for view in views if view.line is not None),
            others=tuple(view for view in views if view.line is None),
        )

    def general(self) -> Iterator[GeneralView]:
        scored = {chapter.code for chapter in self.document.sections}
        for section in self.document.annex:
            if section.code not in scored:
                views = (self._answer(q, {}, {}) for q in section.questions)
                yield GeneralView(section.title, tuple(views))

    def need(self, matrix: str, chapter: NeedChapter) -> NeedView:
        groups = tuple(
            GapGroupView(
                group=group,
                rows=tuple(
                    GapView(
                        gap,
                        self.rows.get(gap.ref.anchor),
                        gap_in_words(
                            self.reader, self.reader.analysis.gaps[gap.ref.code]
                        ),
                    )
                    for gap in group.rows
                ),
            )
            for group in chapter.groups
        )
        outside = tuple(
            OutsideView(ref, self.rows.get(ref.anchor)) for ref in chapter.outside
        )
        return NeedView(
            chapter=chapter,
            sum=weighted_gap_sum(self.reader, matrix),
            ranked=ranked(self.reader, chapter),
            counts=class_needs(self.reader, chapter),
            groups=groups,
            outside=outside,
        )

    def _answer(
        self,
        question: AnnexQuestion,
        lines: Mapping[str, QuestionLine],
        matrices: Mapping[str, Matrix],
    ) -> AnswerView:
        chapter = self.chapters.get(question.code)
        asked = self.questions[question.code]
        has_formula = asked.is_scored and asked.is_matrix
        return AnswerView(
            question=question,
            short=asked.short,
            url=self._url(asked),
            line=lines.get(question.code),
            matrix=matrices.get(question.code),
            rows=() if chapter else tuple(self._rows(question)),
            chapter=chapter,
            formula=matrix_in_words(self.reader, asked) if has_formula else "",
            trial=question.code if question.code in self.trials else "",
        )

    def _rows(self, annex: AnnexQuestion) -> Iterator[RowView]:
        question = self.questions[annex.code]
        if not question.is_matrix:
            yield from (RowView(row, self._url(question)) for row in annex.rows)
        elif annex.rows:
            for place, row in zip(question.rows, annex.rows, strict=True):
                name = str(Address(question.code, place.code))
                yield RowView(
                    row,
                    self._url(question, place),
                    row_weight(self.reader, question, place.code),
                    cell_scores(self.reader, question, place),
                    name if name in self.trials else "",
                )

    def _url(self, question: Question, row: Row | None = None) -> str:
        """Return where the questionnaire asks it: the question, or a row's first cell."""
        fragment = f"q-{question.code}"
        if row is not None:
            asked = [c.code for c in question.columns if c.code not in row.fixed]
            if asked:
                fragment = f"c-{Address(question.code, row.code, asked[0])}"
        return f"{self.forms[question.section]}#{quote(fragment, safe='')}"
