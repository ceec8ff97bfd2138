"""The method in short, with the constants of the instrument that was used."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Question
from questionnaire.method import BandSet
from reports.document.formulas import formulas
from reports.document.needs import class_marks, data_marks
from reports.document.profile import dimension_anchor
from reports.document.reader import Reader
from reports.document.structure import (
    ClassRow,
    DimensionRow,
    Fact,
    Finding,
    LabelledRow,
    Method,
    Ref,
)
from reports.document.wording import (
    figure,
    listed,
    mark_of_priority,
    number,
    percent_set,
    score_of_question,
)


def method(reader: Reader) -> Method:
    instrument = reader.source.instrument
    return Method(
        sentences=tuple(_sentences(reader)),
        formulas=formulas(reader),
        levels=tuple(
            LabelledRow(
                f"{lv.level} {lv.name}", (figure(lv.min_score, 0), lv.description)
            )
            for lv in instrument.maturity_levels
        ),
        weights=_weights(reader),
        dimensions=_dimensions(reader),
        bands=tuple(
            LabelledRow(
                _band_label(instrument, name, band_set), (_band_text(band_set),)
            )
            for name, band_set in instrument.band_sets.items()
        ),
        data_levels=data_marks(reader),
        classes=_classes(reader),
        references=_references(reader),
        partners=_partners(reader),
    )


def _sentences(reader: Reader) -> list[Finding]:
    return [*_on_scores(reader), *_on_gaps(reader), *_on_actions(reader)]


def _on_scores(reader: Reader) -> list[Finding]:
    rules = reader.source.instrument.scoring_rules
    return [
        Finding(
            _("Scores"),
            _(
                "Each scored answer has a score from 0 to 1. A section or a dimension is the "
                "weighted mean of its questions, times 100; the overall score is the weighted "
                "mean of the sections. “Do not know” and a missing answer count 0; “not "
                "applicable” is left out. A follow-up on something that does not exist "
                "counts 0."
            ),
        ),
        Finding(
            _("Tables"),
            _(
                "A line that does not exist counts 0. Lines that not every country needs are "
                "left out when they do not exist; those that exist add %(bonus)s of "
                "their weight."
            )
            % {"bonus": percent_set(100 * rules.optional_row_bonus)},
        ),
        Finding(
            _("Interval"),
            _(
                "Beside the overall score stands how far it could rise if every missing or "
                "unknown answer were favourable."
            ),
        ),
        Finding(
            _("Balance rule"),
            _(
                "The overall level stands at most %(above)d levels above that of the weakest "
                "dimension: strong output cannot make up for what is missing elsewhere."
            )
            % {"above": rules.levels_above_weakest},
        ),
        Finding(
            _("Publication"),
            _(
                "A section score is printed if %(section)s of its required questions are "
                "answered, the overall level if %(overall)s of all are. Figures are computed "
                "with full precision and rounded half up to one decimal for printing; changes "
                "are differences of unrounded figures."
            )
            % {
                "section": percent_set(rules.section_completeness_min),
                "overall": percent_set(rules.overall_completeness_min),
            },
        ),
    ]


def _on_gaps(reader: Reader) -> list[Finding]:
    rules = reader.source.instrument.gap_rules
    return [
        Finding(
            _("Gaps"),
            _(
                "Each need is set against the data. Availability A is the lowest score of the "
                "columns that say whether data exist; quality Q is the weighted mean of the "
                "others. Below a quality of %(limited)s data are weak or limited, from "
                "%(adequate)s they are adequate. A column below %(weak)s is named as weak."
            )
            % {
                "limited": number(rules.limited_from),
                "adequate": number(rules.adequate_from),
                "weak": number(rules.weak_point_below),
            },
        ),
        Finding(
            _("Severity"),
            _(
                "Severity is what is missing to adequate data, weighed by the need that "
                "follows from the priority, which is N = %(needs)s."
            )
            % {"needs": _needs(rules.need_values)},
        ),
    ]


def _needs(values: Mapping[str, float]) -> str:
    return listed(
        [
            f"{value:g} ({mark_of_priority(code).label})"
            for code, value in values.items()
        ]
    )


def _on_actions(reader: Reader) -> list[Finding]:
    catalogue = reader.source.instrument.catalogue
    weights = {
        code: percent_set(100 * weight)
        for code, weight in catalogue.ranking_weights.items()
    }
    return [
        Finding(
            _("Actions"),
            _(
                "An action is recommended if the answers make its trigger true. Its rank is "
                "the sum of the deficit of its own subject (%(subject)s), the deficit of its "
                "dimension (%(dimension)s) and the severity of the need it serves (%(need)s). "
                "Priority is high from %(high)s and medium from %(medium)s."
            )
            % {
                "subject": weights["QD"],
                "dimension": weights["DD"],
                "need": weights["NS"],
                "high": figure(catalogue.priority_from["high"], 0),
                "medium": figure(catalogue.priority_from["medium"], 0),
            },
        ),
        Finding(
            _("Limits"),
            _(
                "The answers are a self-assessment, and the figures are not made to rank "
                "countries: a country with few migration issues needs fewer sources. Weights "
                "and bands are expert judgement."
            ),
        ),
    ]


def _weights(reader: Reader) -> tuple[LabelledRow, ...]:
    instrument = reader.source.instrument
    return tuple(
        LabelledRow(
            f"{section.code} {section.title}",
            (
                str(sum(q.is_scored for q in section.questions)),
                figure(instrument.section_weights[section.code], 0),
            ),
        )
        for section in instrument.sections
        if section.code in instrument.section_weights
    )


def _dimensions(reader: Reader) -> tuple[DimensionRow, ...]:
    instrument = reader.source.instrument
    return tuple(
        DimensionRow(
            anchor=dimension_anchor(dimension.code),
            title=dimension.title,
            description=dimension.description,
            score=figure(reader.analysis.dimensions[dimension.code].score.final),
            questions=tuple(
                _question_ref(reader, code)
                for code in reader.analysis.dimensions[dimension.code].questions
            ),
        )
        for dimension in instrument.dimensions
        if dimension.code in reader.analysis.dimensions
    )


def _question_ref(reader: Reader, code: str) -> Ref:
    score = reader.analysis.questions[code].score.final
    return Ref(reader.anchor(Address(code)), code, code, score_of_question(score))


def _band_label(instrument: Instrument, name: str, band_set: BandSet) -> str:
    """Say what the bands are for: the questions, and the rows with bands of their own."""
    codes = [code for q in instrument.questions for code in _codes_with(q, name)]
    words = {"codes": listed(codes) or name}
    if band_set.method == "age":
        return _("%(codes)s: years before the assessment year") % words
    return _("%(codes)s: number answered") % words


def _codes_with(question: Question, bands: str) -> list[str]:
    band_sets = {question.band_set, *(column.band_set for column in question.columns)}
    of_all = [question.code] if bands in band_sets else []
    return [*of_all, *(row.code for row in question.rows if row.bands == bands)]


def _band_text(band_set: BandSet) -> str:
    bands = [
        _("up to %(limit)s: %(score)s")
        % {"limit": number(limit), "score": number(score)}
        for limit, score in band_set.bands
    ]
    return "; ".join([*bands, _("beyond: 0")])


def _classes(reader: Reader) -> tuple[ClassRow, ...]:
    marks = class_marks(reader)
    labels = {"none": _("Not a policy need"), "unknown": _("Not known")}
    return tuple(
        ClassRow(
            labels.get(need) or mark_of_priority(need).label,
            tuple(marks[code] for code in codes),
        )
        for need, codes in reader.source.instrument.gap_rules.table.items()
    )


def _partners(reader: Reader) -> tuple[Fact, ...]:
    """Return the names of the partners that the recommended actions mention by code."""
    named = {
        code
        for action in reader.analysis.actions
        for code in action.recommendation.partners
    }
    partners = reader.source.instrument.catalogue.partners
    return tuple(
        Fact(code, partners[code]) for code in sorted(named) if code in partners
    )


def _references(reader: Reader) -> tuple[Fact, ...]:
    """Return the documents that the recommended actions rest on, in order of their codes."""
    cited = {
        code
        for action in reader.analysis.actions
        for code in action.recommendation.standards
    }
    known = reader.source.instrument.references
    return tuple(
        Fact(code, known[code].citation) for code in sorted(cited) if code in known
    )
