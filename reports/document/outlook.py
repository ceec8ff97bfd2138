"""What would move the country: why the severest gaps are there, and one level up."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questionnaire.addresses import Address
from questionnaire.instrument import NUMBER_KINDS, Value
from questionnaire.states import CellState
from reports.analysis.best import Change
from reports.analysis.closing import Closing, Step, closing
from reports.analysis.figures import half_up
from reports.analysis.goals import Goal, Improvement
from reports.analysis.results import Gap
from reports.document.actions import action_anchor
from reports.document.needs import class_marks, gap_row, why_no_gap
from reports.document.profile import dimension_anchor
from reports.document.reader import Reader, more_than
from reports.document.structure import (
    ClosingStep,
    GoalView,
    ImprovementView,
    Outlook,
    Ref,
    SevereGap,
)
from reports.document.summary import SEVEREST_GAPS
from reports.document.wording import (
    clipped,
    figure,
    level_of,
    listed,
    mark_of_state,
    number,
    signed,
    uncapitalised,
)

GAPS_ANCHOR, GOALS_ANCHOR = "severe-gaps", "goals"
_ACTIONS = 3
_IMPROVEMENTS = 5
_CELLS = 3
_LENGTH = 70
_SILENT = (CellState.BLANK, CellState.CLOSED, CellState.HIDDEN)


def gaps_title() -> str:
    return _("1.1 The most severe gaps: why, and what would close them")


def goals_title() -> str:
    return _("1.2 One level up: the improvements that gain most in each dimension")


def outlook(reader: Reader) -> Outlook:
    gaps = [reader.analysis.gaps[code] for code in reader.analysis.gap_order]
    severe = tuple(_severe(reader, gap) for gap in gaps[:SEVEREST_GAPS])
    goals = reader.goals if reader.analysis.overall.is_publishable else ()
    return Outlook(
        gaps_title=gaps_title(),
        gaps_intro=_gaps_intro(reader, severe),
        gaps=severe,
        goals_title=goals_title(),
        goals_intro=_goals_intro(is_known=bool(goals)),
        goals=tuple(_goal(reader, goal) for goal in goals),
    )


# Gaps


def _gaps_intro(reader: Reader, gaps: tuple[SevereGap, ...]) -> str:
    if gaps:
        intro = _(
            "Each gap follows from the answers named beside it. What would close it is the "
            "fewest better answers that move the need to another class; whoever gives them "
            "must have the data to show for it."
        )
        if all(gap.steps for gap in gaps):
            return intro
        dash = _(
            "A dash stands where better answers to the need alone would contradict other "
            "answers."
        )
        return f"{intro} {dash}"
    return why_no_gap(reader.analysis.gaps.values())


def _severe(reader: Reader, gap: Gap) -> SevereGap:
    year = reader.source.instrument.assessment_year_question
    return SevereGap(
        row=gap_row(reader, gap),
        place=f"{gap.matrix}[{gap.code}]",
        causes=tuple(
            _cell(reader, address, reader.answer(address))
            for address in gap.causes
            if address.question != year
        ),
        steps=tuple(_steps(reader, gap, closing(reader.state, gap))),
        actions=tuple(
            Ref(action_anchor(action.code), action.code, action.recommendation.title)
            for action in reader.analysis.actions
            if gap.code in action.gaps
        )[:_ACTIONS],
    )


def _cell(reader: Reader, address: Address, note: str) -> Ref:
    """Return a cell of a matrix by its column, its row being known."""
    question = reader.source.instrument.question_by_code[address.question]
    label = question.column_by_code[address.column].label
    return Ref(
        reader.anchor(address),
        str(address),
        label.rstrip("?？؟"),
        clipped(note, _LENGTH),
    )


def _steps(reader: Reader, gap: Gap, found: Closing) -> Iterable[ClosingStep]:
    marks = class_marks(reader)
    titled = ((_("To improve it"), found.first), (_("To meet the need"), found.last))
    for title, step in titled:
        if step is not None:
            yield ClosingStep(
                title=title,
                gap_class=marks[step.gap_class],
                severity=figure(step.severity),
                answers=_better(reader, step),
            )


def _better(reader: Reader, step: Step) -> tuple[Ref, ...]:
    return tuple(
        _cell(reader, change.address, wanted(reader, change)) for change in step.changes
    )


def wanted(reader: Reader, change: Change) -> str:
    """Return a better answer in words; of a choice of several what is to be added."""
    address, value = change.address, change.value
    if isinstance(value, list):
        return clipped(reader.value(address, _added(reader, change)), _LENGTH)
    return _number(reader, address, value) or reader.value(address, value)


def _added(reader: Reader, change: Change) -> list[str]:
    """Return the choices that are not chosen yet."""
    present = reader.state.value(change.address)
    chosen = present if isinstance(present, list) else ()
    return [value for value in change.value if value not in chosen]


def _number(reader: Reader, address: Address, value: Value) -> str:
    question = reader.source.instrument.question_by_code[address.question]
    kind = question.kind if question.is_plain else ""
    if address.column:
        kind = question.column_by_code[address.column].kind
    if kind == "year":
        return _("%(year)s or later") % {"year": value}
    if kind in NUMBER_KINDS:
        return _("%(number)s or less") % {"number": number(value)}
    return ""


# Goals


def _goals_intro(*, is_known: bool) -> str:
    if not is_known:
        return _("Goals are set once enough is answered for an overall level.")
    return _(
        "For each dimension improvements that reach the next level: each time the one that "
        "gains most points, computed by scoring the answers again; none contradicts other "
        "answers as they stand. They show where the "
        "points lie, not what is easiest: other improvements may reach the level too. "
        "Points are rounded one by one, and need not add up to the last digit."
    )


def _goal(reader: Reader, goal: Goal) -> GoalView:
    count = len(reader.source.instrument.maturity_levels)
    title = reader.dimension_title(goal.dimension)
    shown = goal.improvements[:_IMPROVEMENTS]
    needed = goal.target.min_score - half_up(goal.score, 1) if goal.target else 0.0
    return GoalView(
        ref=Ref(dimension_anchor(goal.dimension), goal.dimension, title),
        score=figure(goal.score),
        level=level_of(goal.level, count),
        target=level_of(goal.target, count) if goal.target else None,
        least=figure(goal.target.min_score, 0) if goal.target else "",
        needed=figure(needed),
        reached=figure(goal.reached),
        improvements=tuple(_improvement(reader, step) for step in shown),
        remark=_remark(goal, len(goal.improvements) - len(shown)),
    )


def _remark(goal: Goal, hidden: int) -> str:
    if goal.target is None:
        return _("On the highest level.")
    if not goal.is_reached:
        return _("Known better answers do not reach the next level.")
    if not hidden:
        return ""
    gain = sum(step.gain for step in goal.improvements[-hidden:])
    return ngettext(
        "and %(count)d more improvement (%(gain)s points)",
        "and %(count)d more improvements (%(gain)s points together)",
        hidden,
    ) % {"count": hidden, "gain": signed(gain)}


def _improvement(reader: Reader, step: Improvement) -> ImprovementView:
    question = reader.source.instrument.question_by_code[step.question]
    if step.row:
        ref, text = reader.row_ref(question, step.row), _row(reader, step)
    else:
        ref, text = reader.question_ref(question), _plain(reader, step)
    return ImprovementView(ref, text, signed(step.gain))


def _row(reader: Reader, step: Improvement) -> str:
    """Return what a row should hold, column by column."""
    cells = [
        _("%(column)s “%(answer)s”")
        % {"column": uncapitalised(ref.text), "answer": ref.note}
        for ref in (
            _cell(reader, change.address, wanted(reader, change))
            for change in step.changes[:_CELLS]
        )
    ]
    more = more_than(len(step.changes) - _CELLS)
    return f"{_(', ').join(cells)} {more}" if more else listed(cells)


def _plain(reader: Reader, step: Improvement) -> str:
    """Return what the answer should become, and what must be true before it is asked."""
    *before, change = step.changes
    is_more = isinstance(change.value, list) and _added(reader, change) != change.value
    form = _("“%(answer)s” besides “%(now)s”")
    if not is_more:
        form = _("“%(answer)s” in place of “%(now)s”")
    state = reader.state.cell_state(change.address)
    if state in _SILENT:
        form = _("“%(answer)s” (%(now)s so far)")
    text = form % {
        "answer": clipped(wanted(reader, change), _LENGTH),
        "now": mark_of_state(state).label
        if state in _SILENT
        else clipped(reader.answer(change.address), _LENGTH),
    }
    for first in before:
        place = {"label": reader.label(first.address), "answer": wanted(reader, first)}
        text += " " + _("(which needs %(label)s “%(answer)s”)") % place
    return text
