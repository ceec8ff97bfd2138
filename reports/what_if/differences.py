"""The figures before and after, side by side: what moved, with a sign and in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from questionnaire.consistency import contradictions
from questionnaire.instrument import Instrument
from questionnaire.method import MaturityLevel
from questionnaire.states import ResponseState
from reports.analysis import Analysis, analyse
from reports.analysis.results import Action, Gap, GroupScore
from reports.document.actions import action_anchor
from reports.document.profile import dimension_anchor, section_anchor
from reports.document.structure import Level, Mark
from reports.document.wording import (
    figure,
    level_of,
    mark_of_class,
    mark_of_priority,
    percent,
    score_of_question,
)
from reports.sources import ReportSource
from reports.what_if.marks import added, mark_of_move, removed, shifted
from reports.what_if.structure import (
    ActionMove,
    Differences,
    GapMove,
    Named,
    ScoreMove,
    ScoreMoves,
)
from reports.what_if.trial import Trial

_CHAPTERS = ("needs", "sdg")  # of the report, on the two sets of needs


def compare(trial: Trial) -> Differences:
    """Return what the changes of `trial` would move."""
    return _Comparison(trial.source, trial).differences()


class _Comparison:
    def __init__(self, source: ReportSource, trial: Trial) -> None:
        self.instrument: Instrument = source.instrument
        self.before = analyse(self.instrument, source.answers)
        self.after = analyse(self.instrument, trial.answers)
        self.state_before = ResponseState(self.instrument, source.answers)
        self.state_after = ResponseState(self.instrument, trial.answers)

    def differences(self) -> Differences:
        asked, not_asked = self._asked()
        new_rules, resolved = self._rules()
        return Differences(
            overall=self._overall(),
            is_limited=bool(self.after.overall.limited_by),
            answered=_share(
                _("Required questions answered"),
                self.before.completeness.overall,
                self.after.completeness.overall,
            ),
            sections=self._groups(
                self.before.sections, self.after.sections, section_anchor
            ),
            dimensions=self._groups(
                self.before.dimensions, self.after.dimensions, dimension_anchor
            ),
            questions=ScoreMoves(tuple(self._questions())),
            gap_figures=tuple(self._gap_figures()),
            gaps=tuple(self._gaps()),
            actions=tuple(self._actions()),
            action_count=(len(self.before.actions), len(self.after.actions)),
            asked=asked,
            not_asked=not_asked,
            contradictions=new_rules,
            resolved=resolved,
        )

    # Scores

    def _overall(self) -> ScoreMove:
        before, after = self.before.overall, self.after.overall
        return ScoreMove(
            title=_("Overall"),
            anchor="summary",
            before=figure(before.score.final),
            after=figure(after.score.final),
            change=mark_of_move(before.score.final, after.score.final),
            level_before=self._level(before.level, is_shown=before.is_publishable),
            level_after=self._level(after.level, is_shown=after.is_publishable),
            is_printed=after.is_publishable,
        )

    def _level(self, level: MaturityLevel | None, *, is_shown: bool) -> Level | None:
        if level is None or not is_shown:
            return None
        return level_of(level, len(self.instrument.maturity_levels))

    def _groups(
        self,
        before: Mapping[str, GroupScore],
        after: Mapping[str, GroupScore],
        anchor: Callable[[str], str],
    ) -> ScoreMoves:
        moves = (
            ScoreMove(
                title=group.title,
                anchor=anchor(code),
                before=figure(before[code].score.final),
                after=figure(group.score.final),
                change=mark_of_move(before[code].score.final, group.score.final),
                level_before=self._level(
                    before[code].level, is_shown=before[code].is_publishable
                ),
                level_after=self._level(group.level, is_shown=group.is_publishable),
                is_printed=group.is_publishable,
            )
            for code, group in after.items()
        )
        return ScoreMoves(tuple(moves))

    def _questions(self) -> Iterable[ScoreMove]:
        for code, after in self.after.questions.items():
            before = self.before.questions[code]
            if before.score.final == after.score.final:
                continue
            yield ScoreMove(
                title=f"{code} {self.instrument.question_by_code[code].short}",
                anchor=f"answer-{code}",
                before=score_of_question(before.score.final),
                after=score_of_question(after.score.final),
                change=mark_of_move(
                    _hundred(before.score.final), _hundred(after.score.final)
                ),
            )

    # Gaps

    def _gap_figures(self) -> Iterable[ScoreMove]:
        inputs = zip(self.instrument.gap_inputs, _CHAPTERS, strict=True)
        for gap_input, anchor in inputs:
            question = self.instrument.question_by_code[gap_input.matrix]
            before = self.before.weighted_gaps[gap_input.matrix]
            after = self.after.weighted_gaps[gap_input.matrix]
            yield ScoreMove(
                title=_("Weighted data gap: %(needs)s") % {"needs": question.short},
                anchor=anchor,
                before=figure(before),
                after=figure(after),
                change=mark_of_move(before, after, is_gap=True),
            )

    def _gaps(self) -> Iterable[GapMove]:
        """Yield the gaps whose class or printed severity moves, the widest move first."""
        moved = [
            (self.before.gaps[code], after)
            for code, after in self.after.gaps.items()
            if _gap_figures_of(self.before.gaps[code]) != _gap_figures_of(after)
        ]
        moved.sort(key=lambda pair: _closing(*pair))
        return [self._gap(before, after) for before, after in moved]

    def _gap(self, before: Gap, after: Gap) -> GapMove:
        row = self.instrument.question_by_code[after.matrix].row_by_code[after.code]
        indicator = row.details.get("indicator", "")
        return GapMove(
            sign=row.letter or indicator,
            label=row.short.removeprefix(indicator).strip(),
            anchor=f"answer-{after.matrix}--{after.code}",
            class_before=self._class(before),
            class_after=self._class(after),
            severity_before=figure(before.severity),
            severity_after=figure(after.severity),
            change=mark_of_move(before.severity, after.severity, is_gap=True),
        )

    def _class(self, gap: Gap) -> Mark:
        found = self.instrument.gap_rules.class_by_code[gap.gap_class]
        return mark_of_class(found.code, found.label)

    # Actions

    def _actions(self) -> Iterable[ActionMove]:
        """Yield the actions that come, go, or change in priority or in the first wave."""
        before, after = _by_code(self.before), _by_code(self.after)
        waves = self.before.first_wave, self.after.first_wave
        for code, action in after.items():
            if code not in before:
                yield _action(action, added(), _place_in(action, code in waves[1]))
                continue
            texts = _changes_of(before[code], action, [code in wave for wave in waves])
            if texts:
                yield _action(action, shifted(), "; ".join(texts))
        for code, action in before.items():
            if code not in after:
                yield _action(action, removed(), "")

    # What is asked, and what contradicts

    def _asked(self) -> tuple[tuple[Named, ...], tuple[Named, ...]]:
        shown = [q for q in self.instrument.questions if self.state_after.is_shown(q)]
        hidden = [q for q in self.instrument.questions if self.state_before.is_shown(q)]
        return (
            tuple(Named(q.code, q.short) for q in shown if q not in hidden),
            tuple(Named(q.code, q.short) for q in hidden if q not in shown),
        )

    def _rules(self) -> tuple[tuple[Named, ...], tuple[Named, ...]]:
        before = {f.rule.code: f.rule for f in contradictions(self.state_before)}
        after = {f.rule.code: f.rule for f in contradictions(self.state_after)}
        return (
            tuple(Named(c, r.message) for c, r in after.items() if c not in before),
            tuple(Named(c, r.message) for c, r in before.items() if c not in after),
        )


def _share(title: str, before: float | None, after: float | None) -> ScoreMove:
    return ScoreMove(
        title=title,
        anchor="summary",
        before=percent(before or 0.0),
        after=percent(after or 0.0),
        change=mark_of_move(before or 0.0, after or 0.0),
    )


def _hundred(score: float | None) -> float | None:
    return None if score is None else 100 * score


def _gap_figures_of(gap: Gap) -> tuple[str, str]:
    return gap.gap_class, figure(gap.severity)


def _closing(before: Gap, after: Gap) -> float:
    return (after.severity or 0.0) - (before.severity or 0.0)


def _by_code(analysis: Analysis) -> dict[str, Action]:
    return {action.code: action for action in analysis.actions}


def _action(action: Action, change: Mark, text: str) -> ActionMove:
    title, anchor = action.recommendation.title, action_anchor(action.code)
    return ActionMove(action.code, title, anchor, change, text)


def _place_in(action: Action, is_first: bool) -> str:
    words = _("priority %(priority)s") % {
        "priority": mark_of_priority(action.priority).label.lower()
    }
    return f"{words}; {_('in the first wave')}" if is_first else words


def _changes_of(
    before: Action, after: Action, in_first_wave: Sequence[bool]
) -> list[str]:
    texts = []
    if before.priority != after.priority:
        texts.append(
            _("priority %(before)s → %(after)s")
            % {
                "before": mark_of_priority(before.priority).label.lower(),
                "after": mark_of_priority(after.priority).label.lower(),
            }
        )
    if in_first_wave == [False, True]:
        texts.append(_("enters the first wave"))
    if in_first_wave == [True, False]:
        texts.append(_("leaves the first wave"))
    return texts
