"""What a section shows, in sentences: level, strongest, weakest, unknown, missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questionnaire.addresses import Address
from questionnaire.instrument import Question, Section
from questionnaire.states import CellState
from reports.analysis.figures import half_up
from reports.analysis.results import QuestionScore
from reports.document.needs import class_counts
from reports.document.reader import Reader, more_than
from reports.document.structure import Finding, Ref
from reports.document.wording import (
    capitalised,
    figure,
    in_words,
    listed,
    percent,
    percent_set,
    score_of_question,
)

_STRONG_FROM = 75
_WEAK_BELOW = 50
_NAMED = 4
_NAMED_ROWS = 6
_NAMED_ACTIONS = 3


def findings(reader: Reader, section: Section) -> Iterator[Finding]:
    yield _level(reader, section)
    scores = [
        score
        for code in reader.analysis.sections[section.code].questions
        if (score := reader.analysis.questions[code]).is_shown
        and _is_answered(reader, score)
    ]
    yield from _strongest(reader, scores)
    yield from _weakest(reader, scores)
    yield from _hidden(reader, section)
    for question in section.questions:
        if (
            question.is_scored
            and question.is_matrix
            and reader.state.is_shown(question)
            and reader.state.value(Address(question.code))
        ):
            yield _matrix(reader, question)
    yield from _unknown(reader, section)
    yield from _missing(reader, section)
    yield from _contradictory(reader, section)
    yield from _actions(reader, section)


def _is_answered(reader: Reader, score: QuestionScore) -> bool:
    """Whether a score rests on an answer; what is unknown or missing is named apart."""
    question = reader.source.instrument.question_by_code[score.code]
    if question.is_matrix:
        return any(
            a.question == score.code
            and reader.state.cell_state(a) is CellState.ANSWERED
            for a in score.causes
        )
    return reader.state.cell_state(Address(score.code)) is CellState.ANSWERED


def _level(reader: Reader, section: Section) -> Finding:
    group = reader.analysis.sections[section.code]
    rules = reader.source.instrument.scoring_rules
    if not group.is_publishable:
        return Finding(
            _("Insufficient information"),
            _(
                "%(share)s of the required questions are answered. A score is printed from "
                "%(limit)s; what is known still enters the overall score."
            )
            % {
                "share": percent(group.completeness or 0.0),
                "limit": percent_set(rules.section_completeness_min),
            },
        )
    if group.level is None or group.score.final is None:
        return Finding(
            _("No score"), _("No question of this section applies to the country.")
        )
    text = group.level.description
    upper = group.score.upper
    if upper is not None and figure(upper) != figure(group.score.final):
        text += " " + _(
            "The score would be %(upper)s if every missing or unknown answer were favourable."
        ) % {"upper": figure(upper)}
    earlier = reader.earlier.sections.get(section.code) if reader.earlier else None
    if earlier and earlier.is_publishable and earlier.score.final is not None:
        text += " " + _("Previous round: %(score)s.") % {
            "score": figure(earlier.score.final)
        }
    return Finding(group.level.name, text)


def _strongest(reader: Reader, scores: Sequence[QuestionScore]) -> Iterator[Finding]:
    strong = [s for s in scores if _printed(s) >= _STRONG_FROM]
    if not strong:
        return
    strong.sort(key=lambda s: (-round(s.score.final or 0.0, 6), -s.weight))
    if len(strong) == len(scores):
        text = ngettext(
            "The one answered question scores 75 or more",
            "All %(count)d answered questions score 75 or more",
            len(strong),
        ) % {"count": len(strong)}
    else:
        text = ngettext(
            "%(count)d of %(all)d answered questions scores 75 or more",
            "%(count)d of %(all)d answered questions score 75 or more",
            len(strong),
        ) % {"count": len(strong), "all": len(scores)}
    text += _leading(len(strong), _NAMED)
    yield Finding(_("Strongest"), text, _score_refs(reader, strong))


def _weakest(reader: Reader, scores: Sequence[QuestionScore]) -> Iterator[Finding]:
    weak = [
        s for s in scores if s.score.final is not None and _printed(s) < _WEAK_BELOW
    ]
    if not weak:
        return
    weak.sort(key=lambda s: (round(s.score.final or 0.0, 6), -s.weight))
    if len(weak) == len(scores):
        text = ngettext(
            "The one answered question scores below 50",
            "All %(count)d answered questions score below 50",
            len(weak),
        ) % {"count": len(weak)}
    else:
        text = ngettext(
            "%(count)d of %(all)d answered questions scores below 50",
            "%(count)d of %(all)d answered questions score below 50",
            len(weak),
        ) % {"count": len(weak), "all": len(scores)}
    text += _leading(len(weak), _NAMED)
    yield Finding(_("Weakest"), text, _score_refs(reader, weak))


def _printed(score: QuestionScore) -> float:
    """Return the score that is printed beside the name: what is said must fit it."""
    return half_up(100 * (score.score.final or 0.0), 0)


def _leading(count: int, named: int) -> str:
    """Return what leads to the names of all, or of the first ones only."""
    return _(", first of all:") if count > named else _(":")


def _score_refs(reader: Reader, scores: Sequence[QuestionScore]) -> tuple[Ref, ...]:
    questions = reader.source.instrument.question_by_code
    return tuple(
        reader.question_ref(questions[s.code], score_of_question(s.score.final))
        for s in scores[:_NAMED]
    )


def _hidden(reader: Reader, section: Section) -> Iterator[Finding]:
    """Name the follow-up questions that count 0 because of an earlier answer."""
    hidden = [
        q
        for q in section.questions
        if q.is_scored
        and not reader.state.is_shown(q)
        and reader.analysis.questions[q.code].score.final is not None
    ]
    if hidden:
        causes = dict.fromkeys(
            a for q in hidden for a in reader.state.hidden_because(q)
        )
        refs, _more = reader.refs_of(causes, 2)
        text = ngettext(
            "%(count)d follow-up question is not asked and counts 0, because of:",
            "%(count)d follow-up questions are not asked and count 0, because of:",
            len(hidden),
        ) % {"count": len(hidden)}
        yield Finding(_("Follows from it"), text, refs)


# Matrices


def _matrix(reader: Reader, question: Question) -> Finding:
    if any(g.matrix == question.code for g in reader.source.instrument.gap_inputs):
        return _gap_matrix(reader, question)
    return _gated(reader, question) if question.gate else _ungated(reader, question)


def _gap_matrix(reader: Reader, question: Question) -> Finding:
    gaps = [gap for gap in reader.analysis.gaps.values() if gap.matrix == question.code]
    counts = [
        f"{count.mark.symbol} {count.mark.label} {count.count}"
        for count in class_counts(reader, gaps)
        if count.count
    ]
    text = _("Of %(all)d needs: %(counts)s. See the chapter on them.")
    return Finding(
        question.short, text % {"all": len(gaps), "counts": ", ".join(counts)}
    )


def _gated(reader: Reader, question: Question) -> Finding:
    gate = question.gate
    states = {
        row.code: reader.state.cell_state(Address(question.code, row.code, gate))
        for row in question.rows
    }
    is_open = [row for row in question.rows if reader.state.is_open(question, row)]
    found = Counter(states.values())
    count = len(question.rows) - found[CellState.NOT_APPLICABLE]
    text = _("%(open)s of %(all)d in place") % {
        "open": len(is_open) or capitalised(in_words(0)),
        "all": count,
    }
    for state, form in (
        (CellState.DONT_KNOW, _(", %(count)d not known")),
        (CellState.BLANK, _(", %(count)d not answered")),
        (CellState.NOT_APPLICABLE, _("; %(count)d not applicable")),
    ):
        if found[state]:
            text += form % {"count": found[state]}
    closed_core = [
        row
        for row in question.rows
        if row.is_core and row not in is_open and states[row.code] is CellState.ANSWERED
    ]
    if not closed_core:
        return Finding(question.short, text + ".")
    refs = tuple(
        reader.row_ref(question, row.code) for row in closed_core[:_NAMED_ROWS]
    )
    more = more_than(len(closed_core) - _NAMED_ROWS)
    return Finding(
        question.short, text + _(". Not in place among the basic ones:"), refs, more
    )


def _ungated(reader: Reader, question: Question) -> Finding:
    rows = [
        r for r in reader.analysis.questions[question.code].rows if r.score is not None
    ]
    full = [row for row in rows if round(row.score or 0.0, 6) >= 1]
    none = [
        row
        for row in rows
        if round(row.score or 0.0, 6) <= 0 and _has_answer(reader, question, row.code)
    ]
    if len(rows) == 1:
        form = _("The one line that applies is not fully in place.")
        if full:
            form = _("The one line that applies is fully in place.")
        return Finding(question.short, form)
    text = _("Fully in place in %(full)s of %(all)d lines") % {
        "all": len(rows),
        "full": len(full) or in_words(0),
    }
    if not none:
        return Finding(question.short, text + ".")
    refs = tuple(reader.row_ref(question, row.code) for row in none[:_NAMED_ROWS])
    text += _(", not at all in %(none)d:") % {"none": len(none)}
    return Finding(question.short, text, refs, more_than(len(none) - _NAMED_ROWS))


def _has_answer(reader: Reader, question: Question, row: str) -> bool:
    addresses = (
        Address(question.code, row, c.code) for c in question.columns if c.is_scored
    )
    return any(reader.state.cell_state(a) is CellState.ANSWERED for a in addresses)


# What is not there


def _unknown(reader: Reader, section: Section) -> Iterator[Finding]:
    refs, cells = [], 0
    for question in section.questions:
        if not reader.state.is_shown(question):
            continue
        count = sum(state is CellState.DONT_KNOW for state in _states(reader, question))
        cells += count
        if count:
            note = "" if question.is_plain else _cells(count)
            refs.append(reader.question_ref(question, note))
    if refs:
        text = ngettext(
            "%(count)d answer is “do not know”:",
            "%(count)d answers are “do not know”:",
            cells,
        ) % {"count": cells}
        yield Finding(_("Unknown"), text, tuple(refs[:8]), more_than(len(refs) - 8))


def _states(reader: Reader, question: Question) -> Iterable[CellState]:
    if question.is_plain:
        yield reader.state.cell_state(Address(question.code))
    for row in question.rows:
        for column in question.columns:
            yield reader.state.cell_state(Address(question.code, row.code, column.code))


def _cells(count: int) -> str:
    return ngettext("%(count)d cell", "%(count)d cells", count) % {"count": count}


def _missing(reader: Reader, section: Section) -> Iterator[Finding]:
    missing = reader.state.missing([section])
    if missing:
        refs = tuple(
            reader.question_ref(
                m.question, _cells(m.blank) if m.question.is_matrix else ""
            )
            for m in missing[:8]
        )
        text = ngettext(
            "%(count)d required question lacks an answer or a part of it:",
            "%(count)d required questions lack an answer or a part of it:",
            len(missing),
        ) % {"count": len(missing)}
        yield Finding(_("Missing"), text, refs, more_than(len(missing) - 8))


def _contradictory(reader: Reader, section: Section) -> Iterator[Finding]:
    found = [
        c
        for c in reader.contradictions
        if reader.source.instrument.question_by_code[c.first.question].section
        == section.code
    ]
    if found:
        text = ngettext(
            "%(count)d set of answers seldom goes together (%(codes)s, see annex C).",
            "%(count)d sets of answers seldom go together (%(codes)s, see annex C).",
            len(found),
        )
        if any(c.rule.is_error for c in found):
            text = ngettext(
                "%(count)d set of answers contradicts itself (%(codes)s, see annex C).",
                "%(count)d sets of answers contradict each other or seldom go together "
                "(%(codes)s, see annex C).",
                len(found),
            )
        text %= {"count": len(found), "codes": listed([c.rule.code for c in found])}
        yield Finding(_("To check"), text)


def _actions(reader: Reader, section: Section) -> Iterator[Finding]:
    codes = {question.code for question in section.questions}
    found = [
        action
        for action in reader.analysis.actions
        if any(address.question in codes for address in action.causes)
    ]
    if found:
        text = ngettext(
            "%(count)d action follows from these answers",
            "%(count)d actions follow from these answers",
            len(found),
        ) % {"count": len(found)}
        refs = tuple(
            Ref(f"action-{a.code}", a.code, a.recommendation.title)
            for a in found[:_NAMED_ACTIONS]
        )
        text += _leading(len(found), _NAMED_ACTIONS)
        yield Finding(_("What to do"), text, refs)
