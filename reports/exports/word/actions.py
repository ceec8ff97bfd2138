"""The recommended actions."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.document.structure import (
    ActionView,
    ReportDocument,
)
from reports.exports.word.body import Body
from reports.exports.word.markup import Table, cell, number


def actions(body: Body, report: ReportDocument) -> None:
    chapter = report.actions
    body.heading(1, _("6 Recommended actions"), chapter.anchor)
    body.paragraphs(chapter.sentences)
    if chapter.plan:
        body.table(_counts(body, report))
    for horizon in chapter.first_wave:
        body.heading(2, _("First wave: %(horizon)s") % {"horizon": horizon.title})
        for action in horizon.actions:
            _action(body, action)


def _counts(body: Body, report: ReportDocument) -> Table:
    chapter = report.actions
    titles = [*(mark.label for mark in chapter.priorities), _("All"), _("First wave")]
    return Table(
        _("6 Recommended actions"),
        (36, *(12 for _mark in chapter.priorities), 14, 14),
        [
            (
                cell(body.text(line.title)),
                *(
                    number(body.text(str(count)))
                    for count in (*line.counts, line.total)
                ),
                number(body.strong(str(line.first_wave))),
            )
            for line in chapter.counts
        ],
        head=(
            cell(body.text(_("Horizon")), style="TableHead"),
            *(cell(body.text(title), style="TableHeadNumber") for title in titles),
        ),
    )


def _action(body: Body, action: ActionView) -> None:
    body.heading(3, f"{action.rank}. {action.title}", action.anchor)
    figures = ", ".join(f"{fact.label} {fact.value}" for fact in action.figures)
    urgent = "Alert" if action.priority.kind == "high" else "Strong"
    priority = _("Priority: %(priority)s") % {"priority": action.priority.label}
    value = _("ranking value")
    meta = (
        f" · {action.code} · {value} {action.rank_value} ({figures}) · {action.kind} · "
        f"{action.dimension}"
    )
    body.paragraph(
        body.text(priority, urgent) + body.muted(meta), "Note", keeps_next=True
    )
    body.paragraphs([action.text])
    causes = body.refs(action.causes, action.more_causes)
    lines = [(_("Because of"), causes)]
    if action.gaps:
        lines.append((_("Helps to close"), body.refs(action.gaps)))
    lines.append((_("Possible partners"), body.text(action.partners)))
    lines.append((_("Standards"), body.text(action.standards)))
    for label, inline in lines:
        if inline:
            body.paragraph(body.strong(f"{label} ") + inline, "Note")
