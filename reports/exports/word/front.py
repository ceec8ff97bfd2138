"""Cover, contents, how to read the report, and the summary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from docx.image.image import Image

from reports.document.structure import (
    Fact,
    GapRow,
    Mark,
    Paragraph,
    ReportDocument,
    ScoreLine,
    Strength,
    Summary,
)
from reports.exports.pictures import png_of_height
from reports.exports.word.body import Body
from reports.exports.word.markup import Cell, Table, cell, number
from reports.logo import installation_logo, logo_path

_LOGO_HEIGHT, _LOGO_WIDTH = 18.0, 90.0  # mm
_BAR = (46.0, 2.8)  # mm; charts are drawn on 200 × 12 units


def cover(body: Body, report: ReportDocument) -> None:
    shown = report.cover
    _logo(body)
    body.paragraph(body.text(shown.title), "Subtitle")
    body.paragraph(body.text(shown.country), "Title")
    body.paragraphs([shown.round_title, shown.region], "CoverText")
    body.paragraphs([report.notice], "Notice")
    facts = list(shown.facts)
    if shown.hash:
        facts.append(Fact(_("Hash of the record (SHA-256)"), shown.hash))
    body.table(facts_table(body, shown.title, facts))


def _logo(body: Body) -> None:
    """Draw the installation's logo where it has one, as wide as its height allows."""
    path, logo = logo_path(), installation_logo()
    if path is None or logo is None:
        return
    content = path.read_bytes()
    if path.suffix.lower() == ".svg":
        content = png_of_height(content.decode(), _LOGO_HEIGHT)
    image = Image.from_blob(content)
    width = min(_LOGO_HEIGHT * image.px_width / image.px_height, _LOGO_WIDTH)
    height = width * image.px_height / image.px_width
    body.paragraph(body.image(content, logo.alt, width=width, height=height))


def reading(body: Body, report: ReportDocument) -> None:
    """Write how to read the report; the contents are put before it at the end."""
    body.paragraph(
        body.text(_("In Word, F9 in this list renews it and its page numbers.")), "Note"
    )
    body.heading(1, _("How to read this report"), is_on_new_page=False)
    body.paragraphs(report.reading)
    legend = report.legend
    rows = [
        (_("Levels"), _signs(body, _level_marks(report))),
        (_("How much is in place"), _signs(body, legend.scores)),
        (_("No answer that scores"), _signs(body, legend.states)),
        (_("Gaps"), body.text("  ").join(map(body.gap_class, legend.classes))),
        (
            _("Charts"),
            body.text(
                _(
                    "Bands: the five levels. Bar: the score. Thin line: how far it could "
                    "rise if every missing or unknown answer were favourable. Diamond: "
                    "the previous round."
                )
            ),
        ),
    ]
    body.table(
        Table(
            _("How to read this report"),
            (18, 82),
            [(cell(body.text(label)), cell(inline)) for label, inline in rows],
        )
    )


def _level_marks(report: ReportDocument) -> list[Mark]:
    return [
        Mark(level.symbol, f"{level.number} {level.name}", "")
        for level in report.legend.levels
    ]


def _signs(body: Body, marks: Iterable[Mark]) -> str:
    return body.text("   ").join(body.labelled(mark) for mark in marks)


def facts_table(body: Body, title: str, facts: Sequence[Fact]) -> Table:
    """Return a table of labels and values."""
    rows = [(cell(body.text(f.label)), cell(body.text(f.value))) for f in facts]
    return Table(title, (30, 70), rows)


# Summary


def summary(body: Body, report: ReportDocument) -> None:
    shown = report.summary
    body.heading(1, _("1 Summary"), "summary")
    body.table(_overall(body, shown))
    for paragraph in shown.paragraphs:
        body.paragraph(_narrative(body, paragraph), "Narrative")
    body.table(_profile(body, report))
    body.heading(2, _("Strengths"))
    body.paragraphs([shown.strengths_note], "Note")
    body.bullets(_strength(body, one) for one in shown.strengths)
    body.heading(2, _("Most severe gaps"))
    body.paragraphs([shown.gaps_note], "Note")
    body.bullets(_gap(body, one) for one in shown.gaps)


def _narrative(body: Body, paragraph: Paragraph) -> str:
    """Return sentences, each with the code of the rule that it follows from."""
    return body.text(" ").join(
        body.text(one.text) + body.link(one.anchor, one.code, "RuleCode")
        for one in paragraph.sentences
    )


def _overall(body: Body, shown: Summary) -> Table:
    if shown.is_published:
        of = body.text(_("of 100"), "Small")
        figure = cell(body.text(shown.score), of, style="Figure")
    else:
        figure = cell(body.text("?"), style="Figure")
    words = [body.strong(shown.headline)]
    if shown.level:
        words.append(body.mark(Mark(shown.level.symbol, "", "")))
    words += [body.text(remark) for remark in shown.remarks]
    if not shown.is_published:
        known = _("Score of what is known so far: %(score)s.") % {"score": shown.score}
        words.append(body.text(known))
    words.append(body.text(shown.interval))
    if shown.review:
        words.append(body.ref(shown.review))
    facts = [
        body.strong(f"{fact.value} ") + body.text(fact.label) for fact in shown.facts
    ]
    row = (figure, cell(*filter(None, words)), cell(*facts))
    return Table(
        shown.headline, (20, 50, 30), [row], style="ReportBox", has_row_heads=False
    )


def _profile(body: Body, report: ReportDocument) -> Table:
    shown = report.summary
    divider = cell(body.text(_("Capacity dimensions")), style="TableHead", span=5)
    axis = body.picture(shown.axis, width=_BAR[0], height=_BAR[1])
    change = pgettext("of a score", "Change") if report.has_previous else ""
    return Table(
        _("Sections"),
        (35, 29, 8, 11, 17),
        [
            *(_profile_row(body, line) for line in shown.sections),
            (divider,),
            *(_profile_row(body, line) for line in shown.dimensions),
        ],
        head=(
            cell(body.text(_("Sections")), style="TableHead"),
            cell(axis, style="TableHead"),
            cell(body.text(_("Score")), style="TableHeadNumber"),
            cell(body.text(change), style="TableHeadNumber"),
            cell(body.text(_("Level")), style="TableHead"),
        ),
        has_row_heads=False,
    )


def _profile_row(body: Body, line: ScoreLine) -> tuple[Cell, ...]:
    chart = cell(body.picture(line.chart, width=_BAR[0], height=_BAR[1]))
    head = (cell(body.link(line.anchor, line.title)), chart)
    if not line.is_published:
        return (*head, cell(body.text(line.score, "Unknown"), span=3))
    level = ""
    if line.level:
        level = body.mark(Mark(line.level.symbol, "", ""))
        level += body.text(f" {line.level.name}")
    change = number(changed(body, line.change))
    return (*head, number(body.text(line.score)), change, cell(level))


def changed(body: Body, change: Mark | None) -> str:
    """Return a change with its sign and its colour."""
    if change is None:
        return ""
    style = {"better": "Better", "worse": "Worse"}.get(change.kind, "Muted")
    return body.text(f"{change.symbol} {change.label}", style)


def _strength(body: Body, one: Strength) -> str:
    words = body.ref(one.ref) + body.text(f" {one.score}")
    return words + (body.muted(f" – {one.text}") if one.text else "")


def _gap(body: Body, one: GapRow) -> str:
    severity = body.muted(f" {one.severity}")
    return body.gap_class(one.gap_class) + body.text(" ") + body.ref(one.ref) + severity
