"""The workbook of a report: scores, gaps, recommendations and answers, as numbers and texts.

Numbers are whole in the cells and shown with one decimal. Scores of sections, dimensions
and questions run from 0 to 100 here, whatever they are kept as.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from assessment.spreadsheets import Cell, Sheet, workbook
from questionnaire.addresses import Address
from questionnaire.instrument import Question, Value
from questionnaire.states import CellState
from reports.analysis.results import Action, GroupScore
from reports.document.structure import ActionView, AnnexQuestion, Evidence
from reports.document.wording import mark_of_state
from reports.exports.figures import Reading
from reports.exports.packing import repacked
from reports.sources import ReportSource


def render_xlsx(source: ReportSource, *, language: str = "en") -> bytes:
    """Return the figures of `source` as a workbook; the same source, the same bytes."""
    reading = Reading.of(source, language=language)
    with translation.override(language):
        content = workbook(
            (sheet(reading) for sheet in SHEETS),
            is_rtl=reading.report.direction == "rtl",
            title=reading.report.title,
            author=source.country,
        )
    return repacked(content, created=reading.report.created)


def _about(reading: Reading) -> Sheet:
    report, source = reading.report, reading.source
    facts = [
        (_("Report"), report.title),
        *((fact.label, fact.value) for fact in report.cover.facts),
        *((fact.label, fact.value) for fact in report.provenance),
    ]
    known = dict(facts)  # the cover and the annex name some of them twice
    if report.notice:
        known[_("Note")] = report.notice
    if source.is_draft:
        known[_("Draft")] = _("The answers are still being filled in.")
    guides = [*report.reading, *_guides()]
    rows: list[tuple[Cell, ...]] = [*known.items()]
    rows += [(_("How to read"), text) for text in guides]
    return Sheet(_("About"), (_("About"), ""), rows, widths=(34, 100), wraps=True)


def _guides() -> list[str]:
    return [
        _(
            "Scores, shares and severities run from 0 to 100. Numbers are shown with one "
            "decimal and kept with all of them."
        ),
        _(
            "Final: what is not answered counts 0. Provisional: it is left out. Upper end: "
            "it is favourable."
        ),
        _(
            "A score that is not published rests on too few answers: it is given for those "
            "who check the computation and is not to be quoted."
        ),
        _(
            "A text that a spreadsheet would take for a formula begins with an apostrophe."
        ),
    ]


# Scores


def _scores(reading: Reading) -> Sheet:
    head = (
        _("Kind"),
        _("Code"),
        _("Title"),
        _("Final"),
        _("Provisional"),
        _("Upper end"),
        _("Published"),
        _("Level"),
        _("Name of the level"),
        _("Answered, %"),
        _("Self-assessed"),
    )
    return Sheet(
        _("Scores"),
        head,
        _score_rows(reading),
        widths=(14, 12, 52, 10, 12, 10, 11, 8, 18, 12, 14),
        decimals=1,
        has_filter=True,
        wraps=True,
    )


def _score_rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    overall = reading.analysis.overall
    is_published = reading.report.summary.is_published
    level = overall.level if is_published else None
    yield (
        _("Overall"),
        "OVERALL",
        _("Overall"),
        overall.score.final,
        overall.score.provisional,
        overall.score.upper,
        _yes_or_no(is_published),
        level.level if level else None,
        level.name if level else None,
        reading.analysis.completeness.overall,
        reading.own.overall.score.final if reading.own else None,
    )
    for group in reading.analysis.sections.values():
        own = reading.own.sections[group.code].score.final if reading.own else None
        yield (*_group_row(_("Section"), group, has_level=True), own)
    for group in reading.analysis.dimensions.values():
        has_level = reading.analysis.overall.is_publishable
        yield (*_group_row(_("Dimension"), group, has_level=has_level), None)


def _group_row(kind: str, group: GroupScore, *, has_level: bool) -> tuple[Cell, ...]:
    is_published = group.is_publishable and group.score.final is not None
    level = group.level if is_published and has_level else None
    return (
        kind,
        group.code,
        group.title,
        group.score.final,
        group.score.provisional,
        group.score.upper,
        _yes_or_no(is_published),
        level.level if level else None,
        level.name if level else None,
        group.completeness,
    )


def _yes_or_no(value: bool) -> str:
    return _("yes") if value else _("no")


# Questions


def _questions(reading: Reading) -> Sheet:
    head = (
        _("Section"),
        _("Code"),
        _("Question"),
        _("Dimension"),
        _("Weight"),
        _("Answer"),
        _("Score"),
    )
    return Sheet(
        _("Questions"),
        head,
        _question_rows(reading),
        widths=(10, 12, 60, 34, 9, 50, 9),
        decimals=1,
        has_filter=True,
        wraps=True,
    )


def _question_rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    for section in reading.report.annex:
        for question in section.questions:
            scored = reading.analysis.questions.get(question.code)
            score = scored.score.final if scored else None
            dimension = scored.dimension if scored else ""
            yield (
                section.code,
                question.code,
                question.text,
                reading.reader.dimension_title(dimension),
                scored.weight if scored else None,
                _answer_of(reading, question),
                None if score is None else 100.0 * score,
            )


def _answer_of(reading: Reading, question: AnnexQuestion) -> str:
    if question.answer is not None:
        return question.answer.text
    return reading.reader.answer(Address(question.code))


# Gaps


def _gaps(reading: Reading) -> Sheet:
    head = (
        _("Rank"),
        _("Code"),
        _("Need"),
        _("Priority"),
        _("Availability"),
        _("Quality"),
        _("Data"),
        _("Latest year"),
        _("Gap"),
        _("Severity"),
        _("Why"),
        _("Answers"),
    )
    return Sheet(
        _("Gaps"),
        head,
        _gap_rows(reading),
        widths=(7, 14, 56, 12, 12, 10, 16, 10, 16, 10, 36, 40),
        decimals=1,
        has_filter=True,
        wraps=True,
    )


def _gap_rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    """Yield the most severe first, then the needs without a gap, which have no rank."""
    analysis, printed = reading.analysis, reading.gap_rows()
    ranks = {code: rank for rank, code in enumerate(analysis.gap_order, start=1)}
    for code in (*analysis.gap_order, *analysis.without_gap):
        gap, row = analysis.gaps[code], printed[code]
        yield (
            ranks.get(code),
            code,
            gap.label,
            row.need.label,
            100.0 * gap.availability,
            100.0 * gap.quality,
            row.data.label,
            int(row.latest_year) if row.latest_year else None,
            row.gap_class.label,
            None if gap.severity is None else float(gap.severity),
            row.why,
            ", ".join(map(str, gap.causes)),
        )


# Recommendations


def _recommendations(reading: Reading) -> Sheet:
    head = (
        _("Rank"),
        _("Code"),
        _("Action"),
        _("Horizon"),
        _("Type"),
        _("Dimension"),
        _("Priority"),
        _("Ranking value"),
        _("First wave"),
        _("Partners"),
        _("Standards"),
        _("Text"),
        _("Helps to close"),
        _("Because of"),
    )
    return Sheet(
        _("Recommendations"),
        head,
        _action_rows(reading),
        widths=(7, 12, 44, 22, 20, 30, 10, 10, 9, 24, 24, 60, 26, 40),
        decimals=1,
        has_filter=True,
        wraps=True,
    )


def _action_rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    chapter = reading.report.actions
    printed = {
        action.code: action
        for horizon in (*chapter.first_wave, *chapter.others)
        for action in horizon.actions
    }
    for action in reading.analysis.actions:
        yield _action_row(reading, action, printed[action.code])


def _action_row(
    reading: Reading, action: Action, printed: ActionView
) -> tuple[Cell, ...]:
    return (
        printed.rank,
        action.code,
        printed.title,
        printed.horizon,
        printed.kind,
        printed.dimension,
        printed.priority.label,
        float(action.rank_value),
        _yes_or_no(action.code in reading.analysis.first_wave),
        printed.partners,
        printed.standards,
        printed.text,
        ", ".join(action.gaps),
        ", ".join(map(str, action.causes)),
    )


# Answers


def _answers(reading: Reading) -> Sheet:
    head = (
        _("Address"),
        _("Section"),
        _("Question"),
        _("Cell"),
        _("Answer"),
        _("Value"),
        _("State"),
        _("Answer of the country, where it was reviewed"),
        _("Note"),
        _("Documents"),
    )
    return Sheet(
        _("Answers"),
        head,
        _answer_rows(reading),
        widths=(32, 9, 46, 40, 50, 18, 16, 24, 40, 40),
        has_filter=True,
        wraps=True,
    )


def _answer_rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    """Yield every cell; what is beside a row or a question stands at its first cell."""
    for question, row in reading.places():
        beside = (
            reading.reader.note(question.code, row),
            "\n".join(map(_document, reading.reader.evidence(question.code, row))),
        )
        cells = reading.cells_at(question, row)
        if not cells and any(beside):
            name = str(Address(question.code, row))
            yield (name, question.section, question.short, *[""] * 5, *beside)
        for index, (address, state) in enumerate(cells):
            line = _answer_row(reading, question, address, state)
            yield (*line, *(("", "") if index else beside))


def _answer_row(
    reading: Reading, question: Question, address: Address, state: CellState
) -> tuple[Cell, ...]:
    reader = reading.reader
    return (
        str(address),
        question.section,
        question.short,
        reader.label(address) if address.column else "",
        reader.answer(address),
        _value(reader.state.answers.get(address), _kind(question, address)),
        mark_of_state(state).label,
        reader.own_answer(address) if address in reader.reviewed else "",
    )


def _kind(question: Question, address: Address) -> str:
    column = question.column_by_code.get(address.column)
    return column.kind if column else question.kind


def _value(value: Value, kind: str) -> Cell:
    """Return a stored value: numbers and days as such, several choices in a row."""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if kind == "date" and value:
        return date.fromisoformat(str(value))
    return value if isinstance(value, (int, float)) else str(value or "")


def _document(piece: Evidence) -> str:
    return " ".join(part for part in (piece.title, piece.url) if part)


SHEETS: tuple[Callable[[Reading], Sheet], ...] = (
    _about,
    _scores,
    _questions,
    _gaps,
    _recommendations,
    _answers,
)
