"""The formulas of the method, and each of them worked with the country's figures.

A formula is a line of terms, of which a fraction is one. Read in order it is a sentence:
the sign of division stands in the text, hidden where a bar shows it.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.analysis.results import Gap
from reports.document.reader import Reader
from reports.document.structure import Formula, Term
from reports.document.wording import figure, number

SUM, TIMES = Term("Σ"), Term("×")


def formulas(reader: Reader) -> tuple[Formula, ...]:
    return (
        *_of_questions(reader),
        *_of_groups(reader),
        *_of_gaps(reader),
        _of_actions(reader),
    )


def _var(name: str, sub: str = "") -> Term:
    return Term(name, sub, is_symbol=True)


def _fraction(above: tuple[Term, ...], below: tuple[Term, ...]) -> Term:
    return Term("", above=above, below=below)


def _mean(weight: str, *value: Term) -> Term:
    """Return a weighted mean: the sum of weight times value over that of the weights."""
    return _fraction((SUM, _var(weight), TIMES, *value), (SUM, _var(weight)))


def _short(value: float | None) -> str:
    return number(round(value or 0.0, 3))


# Scores


def _of_questions(reader: Reader) -> tuple[Formula, ...]:
    bonus = reader.source.instrument.scoring_rules.optional_row_bonus
    rows = _fraction(
        (
            SUM,
            _var("W"),
            TIMES,
            _var("r"),
            Term("+ β ×"),
            SUM,
            _var("W′"),
            TIMES,
            _var("r′"),
        ),
        (SUM, _var("W")),
    )
    return (
        Formula(
            _("Question with several choices"),
            (_var("s"), Term("= min(1,"), SUM, _var("s", _("choice")), Term(")")),
            _("The scores of the answers chosen are added, up to 1."),
        ),
        Formula(
            _("Table"),
            (_var("s"), Term("= min(1,"), rows, Term(")")),
            _(
                "W and r are weight and score of the lines that every country needs, W′ and "
                "r′ those of the others that exist; β = %(bonus)s."
            )
            % {"bonus": number(bonus)},
        ),
    )


def _of_groups(reader: Reader) -> tuple[Formula, ...]:
    above = reader.source.instrument.scoring_rules.levels_above_weakest
    return (
        Formula(
            _("Section or dimension"),
            (_var("S"), Term("= 100 ×"), _mean("w", _var("s"))),
            _("w is the weight of a question, s its score from 0 to 1."),
            _group_example(reader),
        ),
        Formula(
            _("Overall score"),
            (_var("O"), Term("="), _mean("v", _var("S"))),
            _("v is the weight of a section, S its score."),
            _overall_example(reader),
        ),
        Formula(
            _("Overall level"),
            (
                _var("L"),
                Term("= min("),
                _var("L", "O"),
                Term(","),
                _var("L", "min"),
                Term(f"+ {above})"),
            ),
            _(
                "L with O is the level of the score, with min that of the weakest dimension."
            ),
        ),
    )


def _group_example(reader: Reader) -> str:
    """Work the score of the first section that is printed."""
    sections = reader.analysis.sections.values()
    group = next((section for section in sections if section.is_publishable), None)
    if group is None or group.score.final is None:
        return ""
    found = [reader.analysis.questions[code] for code in group.questions]
    counted = [(q.weight, q.score.final) for q in found if q.score.final is not None]
    return _("%(code)s: 100 × %(sum)s ÷ %(weights)s = %(score)s") % {
        "code": group.code,
        "sum": _short(sum(weight * score for weight, score in counted)),
        "weights": _short(sum(weight for weight, _score in counted)),
        "score": figure(group.score.final),
    }


def _overall_example(reader: Reader) -> str:
    """Work the overall score; a section whose score is not printed stands by its code."""
    weights = reader.source.instrument.section_weights
    counted = [
        (weights[code], figure(group.score.final) if group.is_publishable else code)
        for code, group in reader.analysis.sections.items()
        if group.score.final is not None
    ]
    if not counted or not reader.analysis.overall.is_publishable:
        return ""
    return _("(%(sum)s) ÷ %(weights)s = %(score)s") % {
        "sum": " + ".join(f"{number(weight)} × {score}" for weight, score in counted),
        "weights": number(sum(weight for weight, _score in counted)),
        "score": figure(reader.analysis.overall.score.final),
    }


# Gaps


def _of_gaps(reader: Reader) -> tuple[Formula, ...]:
    instrument, analysis = reader.source.instrument, reader.analysis
    highest = number(max(instrument.gap_rules.need_values.values()))
    gap = _example_gap(reader)
    matrix = instrument.gap_inputs[0].matrix
    lacking = (Term("(1 −"), _var("D"), Term(")"))
    missing = (_var("N"), TIMES, *lacking)
    half = _fraction((Term("1 +"), _var("Q")), (Term("2"),))
    share = _fraction((_var("N"),), (Term(highest),))
    return (
        Formula(
            _("Adequacy of data"),
            (_var("D"), Term("="), _var("A"), TIMES, half),
            _("A is the availability of the data, Q their quality, both from 0 to 1."),
            _adequacy_example(gap),
        ),
        Formula(
            _("Severity of a gap"),
            (_var("V"), Term("= 100 ×"), share, TIMES, *lacking),
            _("N is the need that follows from the priority."),
            _severity_example(gap, highest),
        ),
        Formula(
            _("Weighted data gap"),
            (_var("G"), Term("= 100 ×"), _fraction((SUM, *missing), (SUM, _var("N")))),
            _("The sum is over the needs with a priority."),
            f"{matrix}: {figure(analysis.weighted_gaps.get(matrix))}",
        ),
    )


def _example_gap(reader: Reader) -> Gap | None:
    """Return the most severe gap of which some data exist."""
    gaps = (reader.analysis.gaps[code] for code in reader.analysis.gap_order)
    return next((gap for gap in gaps if gap.availability and gap.quality), None)


def _adequacy_example(gap: Gap | None) -> str:
    if gap is None:
        return ""
    return _("%(code)s: %(available)s × (1 + %(quality)s) ÷ 2 = %(adequacy)s") % {
        "code": gap.code,
        "available": _short(gap.availability),
        "quality": _short(gap.quality),
        "adequacy": _short(gap.adequacy),
    }


def _severity_example(gap: Gap | None, highest: str) -> str:
    if gap is None or gap.need is None:
        return ""
    return _("%(code)s: 100 × %(need)s ÷ %(highest)s × (1 − %(adequacy)s) = %(v)s") % {
        "code": gap.code,
        "need": number(gap.need),
        "highest": highest,
        "adequacy": _short(gap.adequacy),
        "v": figure(gap.severity),
    }


# Actions


def _of_actions(reader: Reader) -> Formula:
    weights = reader.source.instrument.catalogue.ranking_weights
    terms: list[Term] = [_var("R"), Term("=")]
    for place, (name, weight) in enumerate(weights.items()):
        terms += [Term(f"{'+ ' if place else ''}{number(weight)} ×"), _var(name)]
    first = next(iter(reader.analysis.actions), None)
    example = ""
    if first is not None:
        parts = zip(
            weights.values(),
            (first.deficit, first.dimension_deficit, first.need),
            strict=True,
        )
        total = " + ".join(f"{number(w)} × {figure(part)}" for w, part in parts)
        example = f"{first.code}: {total} = {figure(first.rank_value)}"
    return Formula(
        _("Rank of an action"),
        tuple(terms),
        _(
            "QD is the deficit of the action’s own subject, DD that of its dimension, NS the "
            "severity of the need that it serves."
        ),
        example,
    )
