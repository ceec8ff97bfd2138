"""How figures come about, in words: what is added up, and what it is divided by.

The figures are those of the analysis; the sums are written out, not computed anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questionnaire.addresses import Address
from questionnaire.instrument import Question, Row
from questionnaire.states import CellState, Missing
from reports.analysis.cells import read_cell
from reports.analysis.figures import half_up
from reports.analysis.results import Gap, GroupScore, QuestionScore
from reports.document.profile import section_anchor
from reports.document.reader import Reader
from reports.document.structure import Fact, Ref
from reports.document.wording import (
    NO_FIGURE,
    figure,
    listed,
    number,
    percent,
    percent_set,
    score_of_question,
)
from reports.screen.structure import Share, Sum, SumLine

_Weighed = Sequence[tuple[float, float | None]]  # weight and score, None if left out


# Scores


def overall_sum(reader: Reader) -> Sum:
    """Return the overall score as the mean of those of the sections."""
    weights = reader.source.instrument.section_weights
    sections = reader.analysis.sections
    return Sum(
        lines=tuple(
            SumLine(
                Ref(section_anchor(code), code, group.title),
                percent(group.completeness),
                figure(group.score.final),
                number(weights[code]),
            )
            for code, group in sections.items()
        ),
        formulas=_mean_in_words(
            [(weights[code], group.score.final) for code, group in sections.items()],
            reader.analysis.overall.score.final,
        ),
    )


def group_sum(reader: Reader, group: GroupScore) -> Sum:
    """Return the score of a section or dimension as the mean of its questions."""
    scores = [reader.analysis.questions[code] for code in group.questions]
    return Sum(
        lines=tuple(_line(reader, score) for score in scores),
        formulas=_mean_in_words(
            [(score.weight, _hundred(score.score.final)) for score in scores],
            group.score.final,
        ),
    )


def _line(reader: Reader, score: QuestionScore) -> SumLine:
    question = reader.source.instrument.question_by_code[score.code]
    return SumLine(
        reader.question_ref(question),
        "",
        score_of_question(score.score.final),
        number(score.weight),
    )


def _mean_in_words(parts: _Weighed, score: float | None) -> tuple[str, ...]:
    counted = [(weight, part) for weight, part in parts if part is not None]
    if not counted or score is None:
        return (_("Nothing counts here: everything was left out."),)
    sentences = [
        _(
            "Each score times its weight, added up: %(total)s. Divided by the sum of the "
            "weights, %(weights)s: %(score)s."
        )
        % {
            "total": figure(sum(weight * part for weight, part in counted)),
            "weights": number(_tidy(sum(weight for weight, _part in counted))),
            "score": figure(score),
        }
    ]
    left_out = len(parts) - len(counted)
    if left_out:
        sentences.append(
            ngettext(
                "%(count)d that is not applicable is left out, its weight too.",
                "%(count)d that are not applicable are left out, their weights too.",
                left_out,
            )
            % {"count": left_out}
        )
    return tuple(sentences)


def matrix_in_words(reader: Reader, question: Question) -> str:
    """Return how the score of a matrix comes about from those of its rows."""
    score = reader.analysis.questions[question.code]
    ordinary = [r for r in score.rows if not r.is_optional and r.score is not None]
    extra = [r for r in score.rows if r.is_optional and r.score is not None]
    if score.score.final is None or not ordinary:
        return ""
    words = {
        "total": _decimal(sum(r.weight * (r.score or 0.0) for r in ordinary)),
        "extra": _decimal(sum(r.weight * (r.score or 0.0) for r in extra)),
        "bonus": percent_set(
            100 * reader.source.instrument.scoring_rules.optional_row_bonus
        ),
        "weights": number(_tidy(sum(r.weight for r in ordinary))),
        "score": score_of_question(score.score.final),
    }
    if extra:
        text = _(
            "Rows that count, score from 0 to 1 times weight, added up: %(total)s, and "
            "%(bonus)s of %(extra)s for rows that not every country needs. Divided by the "
            "weights, %(weights)s, times 100, at most 100: %(score)s."
        )
    else:
        text = _(
            "Rows that count, score from 0 to 1 times weight, added up: %(total)s. Divided "
            "by the weights, %(weights)s, times 100: %(score)s."
        )
    return text % words


def row_weight(reader: Reader, question: Question, row: str) -> str:
    found = reader.analysis.questions.get(question.code)
    weights = {r.code: r.weight for r in found.rows} if found else {}
    return number(_tidy(weights[row])) if row in weights else ""


def cell_scores(reader: Reader, question: Question, row: Row) -> Mapping[str, str]:
    """Return by label of a column what the answer scores and weighs in its row."""
    if not question.is_scored or not reader.state.is_shown(question):
        return {}
    found = {}
    for column in question.columns:
        if not column.is_scored:
            continue
        reading = read_cell(reader.state, question, row, column)
        if reading.state not in (CellState.CLOSED, CellState.HIDDEN):
            found[column.label] = _("score %(score)s, weight %(weight)s") % {
                "score": score_of_question(reading.score.final),
                "weight": number(column.weight),
            }
    return found


# Gaps


def gap_in_words(reader: Reader, gap: Gap) -> tuple[str, ...]:
    """Return how the severity of a gap comes about, step by step."""
    rules = reader.source.instrument.gap_rules
    source = next(
        g for g in reader.source.instrument.gap_inputs if g.matrix == gap.matrix
    )
    available = dict.fromkeys(source.availability_columns, 0.0)
    steps = [
        _("Availability A = %(a)s, the lowest of: %(cells)s.")
        % {"a": _decimal(gap.availability), "cells": _cells(reader, gap, available)}
    ]
    if gap.availability > 0:
        steps.append(
            _("Quality Q = %(q)s, the mean by weight of: %(cells)s.")
            % {
                "q": _decimal(gap.quality),
                "cells": _cells(reader, gap, source.quality_weights),
            }
        )
    else:
        steps.append(_("Quality Q = 0: there are no data to judge."))
    steps.append(
        _("Adequacy D = A × (1 + Q) ÷ 2 = %(d)s.") % {"d": _decimal(gap.adequacy)}
    )
    if gap.need is None:
        return (*steps, _("No priority is known, so there is no severity."))
    words = {
        "need": number(gap.need),
        "highest": number(max(rules.need_values.values())),
        "rest": _decimal(1 - gap.adequacy),
        "severity": figure(gap.severity),
    }
    text = _(
        "Severity = 100 × N ÷ %(highest)s × (1 − D) = 100 × %(need)s ÷ %(highest)s × "
        "%(rest)s = %(severity)s."
    )
    return (*steps, text % words)


def _cells(reader: Reader, gap: Gap, weights: Mapping[str, float]) -> str:
    question = reader.source.instrument.question_by_code[gap.matrix]
    row = question.row_by_code[gap.code]
    parts = []
    for code, weight in weights.items():
        column = question.column_by_code[code]
        score = read_cell(reader.state, question, row, column).score.final
        words = {"column": column.label.rstrip("?？؟"), "score": _decimal(score)}
        if weight:
            words["weight"] = percent_set(100 * weight)
            parts.append(_("%(column)s %(score)s (%(weight)s)") % words)
        else:
            parts.append(_("%(column)s %(score)s") % words)
    return listed(parts)


def weighted_gap_sum(reader: Reader, matrix: str) -> Sum:
    """Return the weighted data gap of a set of needs, and those of its themes."""
    question = reader.source.instrument.question_by_code[matrix]
    gaps = [gap for gap in reader.analysis.gaps.values() if gap.matrix == matrix]
    counted = [gap for gap in gaps if gap.need is not None and gap.need >= 1]
    formulas = [_weighted_in_words("", counted, reader.analysis.weighted_gaps[matrix])]
    for theme in reader.source.instrument.gap_rules.themes:
        inside = [
            gap for gap in counted if question.row_by_code[gap.code].theme == theme.code
        ]
        weighted = reader.analysis.weighted_gaps.get(f"theme_{theme.code}")
        if inside:
            formulas.append(_weighted_in_words(theme.label, inside, weighted))
    return Sum(
        lines=tuple(
            SumLine(
                reader.row_ref(question, gap.code),
                number(gap.need or 0.0),
                _decimal(1 - gap.adequacy),
                _decimal((gap.need or 0.0) * (1 - gap.adequacy)),
            )
            for gap in counted
        ),
        formulas=tuple(formulas),
    )


def _weighted_in_words(title: str, gaps: Iterable[Gap], weighted: float | None) -> str:
    found = [(gap.need or 0.0, 1 - gap.adequacy) for gap in gaps]
    if weighted is None or not found:
        return _("No need has a priority: there is no weighted data gap.")
    text = _("100 × %(total)s ÷ %(needs)s = %(gap)s.") % {
        "total": _decimal(sum(need * rest for need, rest in found)),
        "needs": number(_tidy(sum(need for need, _rest in found))),
        "gap": figure(weighted),
    }
    return f"{title}: {text}" if title else text


# Shares


def shares(reader: Reader, facts: Sequence[Fact]) -> tuple[Share, ...]:
    """Return the shares that the summary prints first, with what each is a share of."""
    makers = (_answered, _unknown, _evidenced)
    pairs = zip(makers, facts, strict=False)
    return tuple(made(reader, fact) for made, fact in pairs)


def _answered(reader: Reader, fact: Fact) -> Share:
    counted = list(reader.state.counted())
    return Share(
        fact=fact,
        anchor="sum-answered",
        formula=_(
            "The mean over the %(count)d required questions that are asked; a table counts "
            "by the share of its cells that are filled."
        )
        % {"count": len(counted)},
        facts=tuple(
            Fact(section.title, percent(share))
            for section in reader.source.instrument.sections
            if (share := reader.analysis.completeness.sections[section.code])
            is not None
        ),
        refs=tuple(_missing(reader, missing) for missing in reader.state.missing()),
        none=_("Nothing is missing."),
    )


def _missing(reader: Reader, missing: Missing) -> Ref:
    if not missing.question.is_matrix:
        return reader.question_ref(missing.question)
    count = {"count": missing.blank}
    note = ngettext("%(count)d cell", "%(count)d cells", missing.blank) % count
    anchor = reader.anchor(Address(missing.question.code, missing.first.row))
    return Ref(anchor, missing.question.code, missing.question.short, note)


def _unknown(reader: Reader, fact: Fact) -> Share:
    scored = [question for question in reader.state.counted() if question.is_scored]
    cells = [
        cell
        for question in scored
        for cell in reader.state.required_cells(question)
        if reader.state.cell_state(cell) is CellState.DONT_KNOW
    ]
    return Share(
        fact=fact,
        anchor="sum-unknown",
        formula=_(
            "The mean over the %(count)d required questions that are scored; a table counts "
            "by the share of its cells that are not known."
        )
        % {"count": len(scored)},
        facts=(),
        refs=tuple(_without_note(reader.cell_ref(cell)) for cell in cells),
        none=_("No answer is “do not know”."),
    )


def _without_note(ref: Ref) -> Ref:
    return Ref(ref.anchor, ref.code, ref.text)


def _evidenced(reader: Reader, fact: Fact) -> Share:
    decimals = reader.source.instrument.scoring_rules.threshold_decimals
    asked = [
        question
        for question in reader.source.instrument.questions
        if question.evidence == "expected"
        and (score := reader.analysis.questions.get(question.code))
        and score.is_shown
        and half_up(score.score.final or 0.0, decimals) > 0
    ]
    without = [question for question in asked if not _has_document(reader, question)]
    return Share(
        fact=fact,
        anchor="sum-evidence",
        formula=_(
            "Of %(count)d scored answers that call for a document, %(given)d have a link. "
            "Those without:"
        )
        % {"count": len(asked), "given": len(asked) - len(without)},
        facts=(),
        refs=tuple(reader.question_ref(question) for question in without),
        none=_("None is without."),
    )


def _has_document(reader: Reader, question: Question) -> bool:
    documents = reader.state.evidence(question)
    return any(document.get("title") and document.get("url") for document in documents)


# Words


def _hundred(score: float | None) -> float | None:
    return None if score is None else 100 * score


def _decimal(value: float | None) -> str:
    return NO_FIGURE if value is None else figure(value, 2)


def _tidy(value: float) -> float:
    """Return a sum of weights without the noise of its last digits."""
    return round(value, 6)
