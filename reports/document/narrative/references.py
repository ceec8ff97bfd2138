"""What the sentences of the summary speak of: the places that each can be traced to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from reports.analysis.results import Gap, GroupScore
from reports.document.narrative.figures import Figures
from reports.document.profile import dimension_anchor, section_anchor
from reports.document.structure import Ref

_MOST = 6

Referring = Callable[[Figures], tuple[Ref, ...]]


def _dimensions(groups: Iterable[GroupScore]) -> tuple[Ref, ...]:
    return tuple(Ref(dimension_anchor(g.code), g.code, g.title) for g in groups)


def _sections(groups: Iterable[GroupScore]) -> tuple[Ref, ...]:
    return tuple(Ref(section_anchor(g.code), g.code, g.title) for g in groups)


def _gaps(figures: Figures, gaps: Iterable[Gap]) -> tuple[Ref, ...]:
    questions = figures.instrument.question_by_code
    return tuple(
        figures.reader.row_ref(questions[gap.matrix], gap.code)
        for gap in list(gaps)[:_MOST]
    )


def _class(code: str) -> Referring:
    return lambda figures: _gaps(figures, figures.in_class[code])


def _matrix(place: int) -> Referring:
    """Refer to a gap matrix as a whole, which is a question of the annex."""

    def found(figures: Figures) -> tuple[Ref, ...]:
        code = figures.instrument.gap_inputs[place].matrix
        question = figures.instrument.question_by_code[code]
        return (figures.reader.question_ref(question),)

    return found


def _unknown(figures: Figures) -> tuple[Ref, ...]:
    """Refer to the sections whose score could rise most."""
    groups = [
        (rise, group)
        for group in figures.analysis.sections.values()
        if (rise := (group.score.upper or 0.0) - (group.score.final or 0.0)) > 0.05
    ]
    groups.sort(key=lambda pair: -pair[0])
    return _sections(group for _, group in groups[:_MOST])


def _better_or_worse(figures: Figures) -> tuple[Ref, ...]:
    return _gaps(figures, (gap for change, gap in figures.moved_gaps if change))


def _actions(figures: Figures) -> tuple[Ref, ...]:
    wave = figures.analysis.first_wave
    return tuple(
        Ref(f"action-{action.code}", action.code, action.recommendation.title)
        for action in figures.analysis.actions
        if action.code in wave[:2]
    )


def _contradictions(figures: Figures) -> tuple[Ref, ...]:
    return tuple(
        Ref("annex-checks", found.rule.code, found.rule.code)
        for found in figures.reader.contradictions[:_MOST]
    )


def _reviewed(figures: Figures) -> tuple[Ref, ...]:
    reviewed = figures.reader.source.reviewed[:_MOST]
    return tuple(figures.reader.cell_ref(one.address) for one in reviewed)


def _goal(figures: Figures) -> tuple[Ref, ...]:
    goal = figures.goal
    found = {step.question: None for step in goal.improvements} if goal else {}
    questions = figures.instrument.question_by_code
    return tuple(figures.reader.question_ref(questions[code]) for code in found)


REFERENCES: Mapping[str, Referring] = {
    "": lambda figures: (),
    "weakest": lambda figures: _dimensions(g for _, g in figures.ranked[-1:]),
    "limiting": lambda figures: _dimensions(figures.limiting),
    "top": lambda figures: _dimensions(figures.leading(1)),
    "best": lambda figures: _dimensions(figures.leading(2)),
    "worst": lambda figures: _dimensions(figures.trailing(2)),
    "near": lambda figures: _dimensions(figures.near_dimensions),
    "goal": _goal,
    "unknown": _unknown,
    "unpublished": lambda figures: _sections(figures.unpublished_sections),
    "reviewed": _reviewed,
    "gaps": lambda figures: (*_matrix(0)(figures), *_matrix(-1)(figures)),
    "critical": _class("critical"),
    "major": _class("major"),
    "not_assessed": _class("not_assessed"),
    "policy": _matrix(0),
    "sdg": _matrix(-1),
    "moved": lambda figures: _sections(group for _, group in figures.moves),
    "better_or_worse": _better_or_worse,
    "actions": _actions,
    "contradictions": _contradictions,
}
