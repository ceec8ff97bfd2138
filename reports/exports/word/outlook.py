"""What would move the country: the severest gaps closed, and one level up."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from reports.document.outlook import GAPS_ANCHOR, GOALS_ANCHOR
from reports.document.structure import (
    GoalView,
    ImprovementView,
    Level,
    Mark,
    Ref,
    ReportDocument,
    SevereGap,
)
from reports.exports.word.body import Body
from reports.exports.word.markup import Cell, Table, cell


def outlook(body: Body, report: ReportDocument) -> None:
    shown = report.outlook
    body.heading(2, shown.gaps_title, GAPS_ANCHOR)
    body.paragraphs([shown.gaps_intro])
    if shown.gaps:
        heads = [
            _("Gap and severity"),
            _("Why: the answers"),
            _("What would close it"),
            _("Actions that address it"),
        ]
        rows = [_gap(body, gap) for gap in shown.gaps]
        body.table(_table(body, shown.gaps_title, (20, 22, 34, 24), heads, rows))
    body.heading(2, shown.goals_title, GOALS_ANCHOR)
    body.paragraphs([shown.goals_intro])
    if shown.goals:
        heads = [
            _("Dimension"),
            _("Now, and next level from"),
            _("Improvements, with the points that each adds"),
        ]
        goals = [_goal(body, goal) for goal in shown.goals]
        body.table(_table(body, shown.goals_title, (24, 18, 58), heads, goals))


def _table(
    body: Body,
    title: str,
    widths: Sequence[int],
    heads: Sequence[str],
    rows: Sequence[tuple[Cell, ...]],
) -> Table:
    head = tuple(cell(body.text(text), style="TableHead") for text in heads)
    return Table(title, widths, rows, head=head)


def _gap(body: Body, gap: SevereGap) -> tuple[Cell, ...]:
    severity = body.muted(f" {gap.row.severity}")
    steps = []
    for step in gap.steps:
        label = body.text(" ") + body.gap_class(step.gap_class)
        steps.append(body.strong(step.title) + label + body.muted(f" {step.severity}"))
        steps.append(_asked(body, step.answers))
    actions = [body.ref(ref) + body.muted(f" {ref.code}") for ref in gap.actions]
    return (
        cell(
            body.ref(gap.row.ref),
            body.gap_class(gap.row.gap_class) + severity,
            body.muted(gap.place),
        ),
        cell(_asked(body, gap.causes)),
        cell(*(steps or [body.text("–")])),
        cell(*(actions or [body.text("–")])),
    )


def _asked(body: Body, refs: Sequence[Ref]) -> str:
    """Return answers in a row, each after what was asked."""
    pieces = (body.ref(ref) + body.text(f": {ref.note}") for ref in refs)
    return body.text("; ").join(pieces)


def _goal(body: Body, goal: GoalView) -> tuple[Cell, ...]:
    now = [_dots(body, goal.level) + body.text(f" {goal.score}")]
    if goal.target:
        needed = body.muted(f" (+{goal.needed})")
        now.append(_dots(body, goal.target) + body.text(f" {goal.least}") + needed)
    steps = [_step(body, step) for step in goal.improvements]
    if goal.remark:
        steps.append(body.text(goal.remark))
    return cell(body.ref(goal.ref)), cell(*now), cell(*steps)


def _step(body: Body, step: ImprovementView) -> str:
    code = body.muted(f" {step.ref.code}")
    words = body.text(f": {step.text} ") + body.strong(step.gain)
    return body.ref(step.ref) + code + words


def _dots(body: Body, level: Level) -> str:
    return body.mark(Mark(level.symbol, "", ""))
