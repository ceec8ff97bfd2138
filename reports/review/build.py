"""From a submission and what surrounds it to the page of review. No query."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from assessment.comment_board import Board
from assessment.compared import DIFFERENT
from assessment.comparison import Change, Difference, differences, ordered
from assessment.queries import Reading, held_in
from assessment.reviewed import ReviewedLine, in_force
from assessment.reviewed_page import lines_by_question
from questionnaire.addresses import RESERVED_COLUMNS, Address
from questionnaire.consistency import Contradiction
from questionnaire.instrument import Question, Section
from questionnaire.states import CellState, ResponseState
from questionnaire.wording import condition_in_words
from reports.analysis import analyse
from reports.document.annex import own_answer
from reports.document.reader import Reader
from reports.document.wording import figure, number, percent
from reports.queries import ReviewSource
from reports.review import structure as page
from reports.review.cells import (
    LOW_SCORE,
    SEVERE,
    Readings,
    earlier_reader,
    score_of,
)
from reports.review.filters import Flag, ReviewFilters, labels
from reports.review.marks import mark_of_contradiction, place_of, tags
from reports.sources import Kind
from reports.under_review import Preview, preview


@dataclass(frozen=True, slots=True)
class Summary:
    """The response in a few figures; `score` is empty where too little was answered."""

    score: str
    level: str
    completeness: str
    changed: int
    errors: int
    warnings: int
    open_points: int


class ReviewPage:
    """All questions are judged and counted; words are made of those that are shown."""

    def __init__(self, found: ReviewSource, filters: ReviewFilters) -> None:
        self.source = found.source
        self.submission = found.submission
        self.before = found.before
        self.filters = filters
        self.instrument = found.source.instrument
        self.state = ResponseState(self.instrument, self.source.answers)
        self.analysis = analyse(self.instrument, self.source.answers)
        self.board = Board(
            found.response, found.threads, found.notes, found.rights, self.instrument
        )
        self.standing = found.reviewed
        self.open_points = sum(thread.is_open for thread in found.threads)
        self.reader = Reader(
            source=self.source,
            analysis=self.analysis,
            state=self.state,
            earlier=None,
            is_rtl=get_language_bidi(),
        )
        self.contradictions: dict[str, list[Contradiction]] = defaultdict(list)
        for one in self.reader.contradictions:
            self.contradictions[one.first.question].append(one)
        self.readings = Readings(
            reader=self.reader,
            found=self._differences(),
            earlier=earlier_reader(self.reader),
            alarmed=frozenset(one.first for one in self.reader.contradictions),
        )
        self.url = reverse(
            "reports:review_detail", args=[self.source.iso3, self.source.round_code]
        )

    @property
    def earlier_year(self) -> int | None:
        """The year of the country's last accepted round, if there is one."""
        return self.source.previous.year if self.source.previous else None

    def _differences(self) -> Mapping[Address, Difference]:
        if self.before is None:
            return {}
        return differences(held_in(self.before), held_in(self.submission))

    @cached_property
    def reviewed(self) -> Mapping[str, list[ReviewedLine]]:
        """The reviewed values that stand, by question."""
        reading = Reading(self.instrument, held_in(self.submission), self.submission)
        return lines_by_question(reading, self.standing)

    @cached_property
    def preview(self) -> Preview | None:
        """What the reviewed values in force would change; None where there are none."""
        if self.source.kind is not Kind.SUBMISSION:
            return None
        answers = self.source.answers
        counted = in_force(self.instrument, answers, self.standing)
        return preview(self.analysis, self.source, counted)

    # What is shown

    @cached_property
    def sections(self) -> tuple[page.SectionView, ...]:
        """The sections with the questions that fit the filters, those without any left out."""
        views = (
            self._section(section)
            for section in self.instrument.sections
            if self.filters.has_section(section.code)
        )
        return tuple(view for view in views if view.questions)

    @property
    def section_links(self) -> tuple[page.SectionLink, ...]:
        return tuple(
            page.SectionLink(
                code=section.code,
                title=section.title,
                shown=sum(self.filters.fits(self.flags[q.code]) for q in questions),
                total=len(questions),
                url=self.url + self.filters.within(section.code).query,
                is_current=self.filters.section == section.code,
            )
            for section in self.instrument.sections
            if (questions := section.questions)
        )

    @property
    def all_sections_url(self) -> str:
        return self.url + self.filters.within("").query

    @property
    def flag_counts(self) -> tuple[page.FlagCount, ...]:
        """How many questions have each flag, of the section asked for or of all."""
        number = Counter(
            flag
            for section in self.instrument.sections
            if self.filters.has_section(section.code)
            for question in section.questions
            for flag in self.flags[question.code]
        )
        return tuple(
            page.FlagCount(flag, label, number[flag], flag in self.filters.flags)
            for flag, label in labels().items()
        )

    @property
    def shown(self) -> int:
        return sum(len(section.questions) for section in self.sections)

    @property
    def total(self) -> int:
        return len(self.instrument.questions)

    @property
    def summary(self) -> Summary:
        overall = self.analysis.overall
        errors = sum(c.rule.is_error for c in self.reader.contradictions)
        return Summary(
            score=figure(overall.score.final) if overall.is_publishable else "",
            level=overall.level.name if overall.level else "",
            completeness=percent(self.analysis.completeness.overall),
            changed=sum(d.change in DIFFERENT for d in self.readings.found.values()),
            errors=errors,
            warnings=len(self.reader.contradictions) - errors,
            open_points=self.open_points,
        )

    # Judging

    @cached_property
    def flags(self) -> Mapping[str, frozenset[Flag]]:
        """The flags of every question, by its code."""
        return {
            question.code: frozenset(self._flags(section, question))
            for section in self.instrument.sections
            for question in section.questions
        }

    def _flags(self, section: Section, question: Question) -> Iterator[Flag]:
        code = question.code
        if any(self.changes[code][kind] for kind in DIFFERENT):
            yield Flag.CHANGED
        at = self.board.of_question(section, code)
        if at.open_count:
            yield Flag.OPEN
        if at.threads or at.notes:
            yield Flag.COMMENTED
        if self.contradictions.get(code):
            yield Flag.CONTRADICTORY
        if self._is_low(question):
            yield Flag.LOW
        if self.blank[code]:
            yield Flag.UNANSWERED
        if self.unknown[code]:
            yield Flag.DONT_KNOW

    @cached_property
    def changes(self) -> Mapping[str, Mapping[Change, list[Address]]]:
        """The cells of each question that were added, changed …, notes included."""
        found: dict[str, dict[Change, list[Address]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for one in ordered(self.instrument, self.readings.found.values()):
            found[one.address.question][one.change].append(one.address)
        return found

    @cached_property
    def blank(self) -> Mapping[str, list[Address]]:
        """The required cells of each question that are blank."""
        found: dict[str, list[Address]] = defaultdict(list)
        for one in self.state.missing():
            cells = [one.first]
            if not one.question.is_group:
                required = self.state.required_cells(one.question)
                cells = [cell for cell in required if cell not in self.state.answers]
            found[one.question.code] = cells
        return found

    @cached_property
    def unknown(self) -> Mapping[str, list[Address]]:
        """The cells of each question that are answered by “do not know”."""
        found: dict[str, list[Address]] = defaultdict(list)
        for address in self.state.answers:
            is_answer = address.column not in RESERVED_COLUMNS
            if is_answer and self._is_unknown(address):
                found[address.question].append(address)
        return found

    def _is_unknown(self, address: Address) -> bool:
        is_cell = self.instrument.cell(address) is not None
        return is_cell and self.state.cell_state(address) is CellState.DONT_KNOW

    def _is_low(self, question: Question) -> bool:
        """Whether it scored low, or one of its rows has a severe gap; never while hidden."""
        if not self.state.is_shown(question):
            return False
        scored = self.analysis.questions.get(question.code)
        score = scored.score.final if scored else None
        if score is not None and score < LOW_SCORE:
            return True
        gaps = (self.analysis.gaps.get(row) for row in question.row_by_code)
        return any(gap is not None and gap.gap_class in SEVERE for gap in gaps)

    # Building

    def _section(self, section: Section) -> page.SectionView:
        group = self.analysis.sections.get(section.code)
        score, level = "", None
        if group is not None:
            level = self.reader.level(group.level) if group.is_publishable else None
            score = _("too little answered for a score")
            if group.is_publishable:
                score = figure(group.score.final)
        return page.SectionView(
            section=section,
            questions=tuple(
                self._question(section, question)
                for question in section.questions
                if self.filters.fits(self.flags[question.code])
            ),
            score=score,
            level=level,
            comments=self.board.of_section(section),
            only_url="" if self.filters.section else self._only(section),
        )

    def _only(self, section: Section) -> str:
        return self.url + self.filters.within(section.code).query

    def _question(self, section: Section, question: Question) -> page.QuestionView:
        code = question.code
        flags = self.flags[code]
        is_shown = self.state.is_shown(question)
        answer = self._answer(question)
        earlier = self.readings.earlier_words(Address(code))
        return page.QuestionView(
            question=question,
            flags=flags,
            tags=tuple(
                tags(
                    question,
                    flags,
                    self.changes[code],
                    blank=self.blank[code],
                    unknown=self.unknown[code],
                )
            ),
            answer=answer,
            earlier="" if question.is_matrix else earlier,
            is_as_earlier=answer is not None and earlier == answer.words,
            table=self.readings.table(question)
            if question.is_matrix and is_shown
            else None,
            entries=self.readings.entries(question)
            if question.is_group and is_shown
            else (),
            removed=self.readings.removed(question) if question.is_group else (),
            extras=self.readings.extras(code),
            score=self._score(question),
            contradictions=tuple(map(self._contradiction, self.contradictions[code])),
            about=self._about(question),
            comments=self.board.of_question(section, code),
            reviewed=tuple(self.reviewed.get(code, ())),
        )

    def _answer(self, question: Question) -> page.Cell | None:
        """Return the answer of a plain question, or why there is none."""
        own = own_answer(self.reader, question)
        if own is None:
            return None
        address = Address(question.code)
        return page.Cell(
            name=str(address),
            header="",
            words=own.text,
            state=CellState(own.state),
            mark=self.readings.mark(address),
            is_required=question.is_required,
            is_alarmed=address in self.readings.alarmed,
        )

    def _score(self, question: Question) -> page.Score | None:
        scored = self.analysis.questions.get(question.code)
        return score_of(scored.score.final, number(scored.weight)) if scored else None

    def _contradiction(self, one: Contradiction) -> page.ContradictionView:
        remark = self.reader.state.answers.get(one.remark_at)
        return page.ContradictionView(
            code=one.rule.code,
            mark=mark_of_contradiction(is_error=one.rule.is_error),
            message=one.rule.message,
            rationale=one.rule.rationale,
            cells=tuple(map(self._cell_link, one.cells)),
            remark=str(remark or ""),
        )

    def _cell_link(self, address: Address) -> page.CellLink:
        """Link to an answer; where filters hide others, to the page without them."""
        question = self.instrument.question_by_code[address.question]
        ref = self.reader.cell_ref(address)
        base = self.url if self.filters.is_filtering else ""
        return page.CellLink(ref.text, ref.note, base + place_of(question, address))

    def _about(self, question: Question) -> page.About:
        references = self.instrument.references
        return page.About(
            hint=question.hint,
            condition=condition_in_words(self.instrument, question.show_if)
            if question.show_if
            else "",
            sources=tuple(
                f"{references[source.reference].citation}, {source.at}"
                if source.at
                else references[source.reference].citation
                for source in question.sources
            ),
        )
