"""The annex on the method: scales, weights, bands, and what is named by codes."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from reports.document.structure import (
    DimensionRow,
    Fact,
    LabelledRow,
    Method,
    ReportDocument,
    Sentence,
    Term,
)
from reports.exports.word.body import Body
from reports.exports.word.markup import Cell, Table, cell, number


def method(body: Body, report: ReportDocument) -> None:
    shown = report.method
    body.heading(1, _("Annex D Method"), "annex-method")
    for finding in shown.sentences:
        body.paragraph(body.strong(f"{finding.label}. ") + body.text(finding.text))
    body.heading(2, _("Formulas"))
    body.paragraphs(
        [
            _(
                "Examples are worked with the figures of this report; what is put in is "
                "rounded here, what comes out is not computed from the rounded figures."
            )
        ],
        "Note",
    )
    body.table(_formulas(body, shown))
    title = _("Rules behind the sentences of the summary")
    _titled(body, title, _rules(body, title, report.summary.sentences))
    _titled(body, _("Levels"), _levels(body, shown))
    _titled(body, _("Sections"), _weights(body, shown.weights))
    _titled(
        body,
        _("Capacity dimensions, and the questions they are made of"),
        _dimensions(body, shown.dimensions),
    )
    _titled(body, _("Class of a gap by need and level of data"), _classes(body, shown))
    _titled(
        body,
        _("Bands that turn years and numbers into scores"),
        _pairs(body, "", [Fact(row.label, row.cells[0]) for row in shown.bands], 40),
    )
    for title, facts in (
        (_("Standards named with the actions"), shown.references),
        (_("Partners named with the actions"), shown.partners),
    ):
        if facts:
            _titled(body, title, _pairs(body, title, facts, 15))


def _titled(body: Body, title: str, given: Table) -> None:
    body.heading(2, title)
    body.table(given)


def _head(body: Body, words: Sequence[str], numbers: Sequence[str]) -> tuple[Cell, ...]:
    return (
        *(cell(body.text(title), style="TableHead") for title in words),
        *(cell(body.text(title), style="TableHeadNumber") for title in numbers),
    )


def _formulas(body: Body, shown: Method) -> Table:
    return Table(
        _("Formulas"),
        (18, 34, 48),
        [
            (
                cell(body.text(one.label)),
                cell(_terms(body, one.terms)),
                cell(body.text(one.where), *filter(None, [body.text(one.example)])),
            )
            for one in shown.formulas
        ],
    )


def _terms(body: Body, terms: Sequence[Term]) -> str:
    return body.text(" ").join(_term(body, term) for term in terms)


def _term(body: Body, term: Term) -> str:
    if term.below:
        above, below = _terms(body, term.above), _terms(body, term.below)
        return body.text("(") + above + body.text(") ÷ (") + below + body.text(")")
    words = body.text(term.text, "Symbol" if term.is_symbol else "")
    return words + body.text(term.sub, "Subscript")


def _rules(body: Body, title: str, sentences: Sequence[Sentence]) -> Table:
    return Table(
        title,
        (8, 42, 50),
        [
            (
                cell(body.bookmark(one.anchor, body.text(one.code))),
                cell(body.text(one.because)),
                cell(body.refs(one.refs) or body.text(_("all answers"))),
            )
            for one in sentences
        ],
        head=_head(body, [_("Rule"), _("Speaks if"), _("Rests on")], []),
    )


def _levels(body: Body, shown: Method) -> Table:
    return Table(
        _("Levels"),
        (22, 12, 66),
        [
            (
                cell(body.text(row.label)),
                number(body.text(row.cells[0])),
                cell(body.text(row.cells[1])),
            )
            for row in shown.levels
        ],
        head=(
            *_head(body, [_("Level")], [_("Score from")]),
            *_head(body, [_("Meaning")], []),
        ),
    )


def _weights(body: Body, rows: Sequence[LabelledRow]) -> Table:
    return Table(
        _("Sections"),
        (70, 15, 15),
        [
            (
                cell(body.text(row.label)),
                *(number(body.text(text)) for text in row.cells),
            )
            for row in rows
        ],
        head=_head(body, [_("Section")], [_("Scored questions"), _("Weight")]),
    )


def _dimensions(body: Body, rows: Sequence[DimensionRow]) -> Table:
    return Table(
        _("Capacity dimensions, and the questions they are made of"),
        (36, 9, 55),
        [
            (
                cell(
                    body.bookmark(row.anchor, body.strong(row.title)),
                    body.muted(row.description),
                ),
                number(body.text(row.score)),
                cell(body.refs(row.questions)),
            )
            for row in rows
        ],
        head=(
            *_head(body, [_("Dimension")], [_("Score")]),
            *_head(body, [_("Questions and their scores")], []),
        ),
        has_row_heads=False,
    )


def _classes(body: Body, shown: Method) -> Table:
    levels = shown.data_levels
    return Table(
        _("Class of a gap by need and level of data"),
        (20, *(80 / len(levels) for _level in levels)),
        [
            (cell(body.text(row.need)), *(cell(body.labelled(m)) for m in row.cells))
            for row in shown.classes
        ],
        head=(
            cell(body.text(_("Need")), style="TableHead"),
            *(cell(body.labelled(mark), style="TableHead") for mark in levels),
        ),
    )


def _pairs(body: Body, title: str, facts: Sequence[Fact], width: int) -> Table:
    return Table(
        title,
        (width, 100 - width),
        [(cell(body.text(fact.label)), cell(body.text(fact.value))) for fact in facts],
    )
