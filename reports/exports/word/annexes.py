"""The annexes: further actions, every answer, what to check, origin, documents, views."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from reports.document.structure import (
    ActionView,
    AnnexCell,
    AnnexQuestion,
    AnnexRow,
    ContradictionView,
    Document,
    Evidence,
    ReportDocument,
    ReviewedChapter,
    ReviewedRow,
    ViewRow,
)
from reports.exports.word.body import Body
from reports.exports.word.front import facts_table
from reports.exports.word.markup import Cell, Table, cell, number


def _heads(body: Body, *titles: str) -> tuple[Cell, ...]:
    return tuple(cell(body.text(title), style="TableHead") for title in titles)


def further_actions(body: Body, report: ReportDocument) -> None:
    body.heading(1, _("Annex A Further actions"), "annex-actions")
    others = report.actions.others
    body.paragraphs(
        [
            _(
                "Recommended actions that are not in the first wave, by horizon and rank."
            )
            if others
            else _("There are no further actions.")
        ]
    )
    for horizon in others:
        body.heading(2, horizon.title)
        body.table(
            Table(
                horizon.title,
                (7, 43, 12, 38),
                [_further(body, action) for action in horizon.actions],
                head=_heads(
                    body, _("Rank"), _("Action"), _("Priority"), _("Because of")
                ),
                has_row_heads=False,
            )
        )


def _further(body: Body, action: ActionView) -> tuple[Cell, ...]:
    title = body.strong(action.title) + body.muted(f" {action.code}")
    return (
        cell(body.bookmark(action.anchor, body.text(str(action.rank)))),
        cell(title, body.text(action.text)),
        cell(body.text(action.priority.label), body.text(action.rank_value)),
        cell(body.refs(action.causes, action.more_causes)),
    )


# Every answer


def answers(body: Body, report: ReportDocument) -> None:
    body.heading(1, _("Annex B Every answer"), "annex-answers")
    body.paragraphs(
        [
            _(
                "Answers as given, with their score from 0 to 100 and their weight where "
                "they are scored. In italics: not answered, not known, not applicable or "
                "not asked."
            )
        ]
    )
    for section in report.annex:
        title = f"{section.code} {section.title}"
        body.heading(2, title, section.anchor)
        body.table(
            Table(
                title,
                (12, 17, 19, 43, 9),
                [
                    row
                    for question in section.questions
                    for row in _asked(body, question)
                ],
                head=(
                    cell(body.text(_("Code")), style="TableHead"),
                    cell(body.text(_("Question")), style="TableHead", span=2),
                    cell(body.text(_("Answer")), style="TableHead"),
                    cell(body.text(_("Score × weight")), style="TableHeadNumber"),
                ),
                has_row_heads=False,
            )
        )


def _asked(body: Body, question: AnnexQuestion) -> Iterator[tuple[Cell, ...]]:
    weight = f" × {question.weight}" if question.weight else ""
    score = number(body.text(f"{question.score}{weight}"))
    code = cell(body.bookmark(question.anchor, body.strong(question.code)))
    extras = _extras(body, question.note, question.evidence)
    text = body.text(question.text)
    if question.rows:
        yield code, cell(text, *extras, span=3, fill="F4F7FA"), score
    else:
        yield (
            code,
            cell(text, span=2),
            cell(_answer(body, question.answer), *extras),
            score,
        )
    for row in question.rows:
        yield _answered(body, row)


def _answered(body: Body, row: AnnexRow) -> tuple[Cell, ...]:
    given = [
        body.muted(f"{one.lead} ") + _answer(body, one)
        if one.lead
        else _answer(body, one)
        for one in row.cells
    ]
    words = body.text(" • ").join(given)
    if row.closed:
        words += body.text(" • " if given else "") + body.text(row.closed, "Unknown")
    return (
        cell(body.bookmark(row.anchor, body.text(row.label)), span=2),
        cell(words, *_extras(body, row.note, row.evidence), span=2),
        number(body.text(row.score)),
    )


def _answer(body: Body, one: AnnexCell | None) -> str:
    if one is None:
        return ""
    if one.reviewed:
        return body.text(one.reviewed, "Reviewed")
    return body.text(one.text, "" if one.state == "answered" else "Unknown")


def _extras(body: Body, note: str, evidence: Sequence[Evidence]) -> list[str]:
    lines = [body.muted(f"{_('Note:')} {note}")] if note else []
    lines += [
        body.muted(f"{_('Evidence:')} {piece.title} ") + body.web(piece.url)
        for piece in evidence
    ]
    return lines


# What to check, where it comes from, documents


def checks(body: Body, report: ReportDocument) -> None:
    body.heading(1, _("Annex C Answers to check"), "annex-checks", is_on_new_page=False)
    if not report.contradictions:
        body.paragraphs(
            [_("No rule found answers that exclude each other or seldom go together.")]
        )
        return
    body.paragraphs(
        [
            _(
                "Answers that exclude each other or seldom go together. They change no "
                "score."
            )
        ]
    )
    body.table(
        Table(
            _("Annex C Answers to check"),
            (16, 45, 39),
            [_check(body, found) for found in report.contradictions],
            head=_heads(body, _("Rule"), _("What to check"), _("Answers")),
        )
    )


def _check(body: Body, found: ContradictionView) -> tuple[Cell, ...]:
    remarks = [body.muted(f"{_('Note:')} {remark}") for remark in found.remarks]
    sign = body.mark(found.mark) + body.text(f" {found.code}")
    return (
        cell(sign, body.muted(found.mark.label)),
        cell(body.text(found.message), *remarks),
        cell(body.refs(found.cells)),
    )


def provenance(body: Body, report: ReportDocument) -> None:
    title = _("Annex E How this report was made")
    body.heading(1, title, "annex-provenance", is_on_new_page=False)
    body.table(facts_table(body, title, report.provenance))
    body.paragraphs(
        [
            _(
                "The same record, language and version of this software give the same "
                "file, byte for byte."
            )
        ]
    )


def documents(body: Body, report: ReportDocument) -> None:
    title = _("Annex F Documents")
    body.heading(1, title, "annex-documents")
    if not report.documents:
        body.paragraphs([_("No document was given.")])
        return
    body.paragraphs(
        [
            _(
                "Links and files that the country gave as evidence. Files are kept with the "
                "response; the beginning of the SHA-256 tells one from another."
            )
        ]
    )
    body.table(
        Table(
            title,
            (30, 70),
            [_document(body, one) for one in report.documents],
            head=_heads(body, _("Question"), _("Document")),
        )
    )


def _document(body: Body, one: Document) -> tuple[Cell, ...]:
    if one.url:
        where = body.web(one.url)
    else:
        name = f"{one.name}, " if one.name else ""
        where = body.muted(f"{name}{one.facts}")
    return (
        cell(body.ref(one.ref) + body.muted(f" {one.ref.code}")),
        cell(body.text(one.title), where),
    )


# Differing views and reviewed values, where there are any


def views(body: Body, report: ReportDocument) -> None:
    if not report.views:
        return
    title = _("Annex G Differing views")
    body.heading(1, title, "annex-views")
    body.paragraphs(
        [
            _(
                "Institutions of the country hold these views against the national answer. "
                "They change no score."
            )
        ]
    )
    body.table(
        Table(
            title,
            (30, 20, 50),
            [_view(body, row) for row in report.views],
            head=_heads(body, _("Answer"), _("National answer"), _("Differing view")),
        )
    )


def _view(body: Body, row: ViewRow) -> tuple[Cell, ...]:
    said = [body.text(part) for part in (row.view, row.remark) if part]
    return (
        cell(body.ref(row.ref) + body.muted(f" {row.ref.code}")),
        cell(body.text(row.national)),
        cell(*said, body.muted(f"{row.who}, {row.recorded}")),
    )


def reviewed(body: Body, report: ReportDocument) -> None:
    if report.reviewed is None:
        return
    chapter = report.reviewed
    body.heading(1, chapter.title, chapter.anchor)
    body.paragraphs([chapter.intro])
    body.table(_score_pairs(body, chapter))
    body.table(
        Table(
            chapter.title,
            (28, 17, 17, 38),
            [_reviewed(body, row) for row in chapter.rows],
            head=_heads(body, _("Answer"), _("Country"), _("Reviewed"), _("Reason")),
        )
    )


def _score_pairs(body: Body, chapter: ReviewedChapter) -> Table:
    return Table(
        _("Score, 0 to 100"),
        (60, 20, 20),
        [
            (
                cell(body.text(pair.title)),
                number(body.text(pair.own)),
                number(body.text(pair.reviewed)),
            )
            for pair in chapter.scores
        ],
        head=(
            cell(body.text(_("Score, 0 to 100")), style="TableHead"),
            cell(body.text(_("Self-assessed")), style="TableHeadNumber"),
            cell(body.text(_("Reviewed")), style="TableHeadNumber"),
        ),
    )


def _reviewed(body: Body, row: ReviewedRow) -> tuple[Cell, ...]:
    return (
        cell(body.ref(row.ref) + body.muted(f" {row.ref.code}")),
        cell(body.text(row.own)),
        cell(body.text(row.value)),
        cell(body.text(row.reason), body.muted(f"{row.who}, {row.set_on}")),
    )
