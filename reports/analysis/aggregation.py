"""Scores of sections, dimensions and overall; levels (gap_method.md, 3 and 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from questionnaire.addresses import Address
from questionnaire.instrument import (
    Instrument,
)
from questionnaire.method import (
    MaturityLevel,
)
from reports.analysis.figures import half_up, mean_in_modes, times_hundred
from reports.analysis.results import Completeness, GroupScore, Overall, QuestionScore

OVERALL = "OVERALL"

Questions = Mapping[str, QuestionScore]


def level_of(instrument: Instrument, score: float | None) -> MaturityLevel | None:
    """Return the level of a score, 0 to 100."""
    if score is None:
        return None
    rounded = half_up(score, instrument.scoring_rules.threshold_decimals)
    reached = [
        level for level in instrument.maturity_levels if level.min_score <= rounded
    ]
    return max(reached, key=lambda level: level.min_score)


def is_enough(instrument: Instrument, completeness: float | None, least: float) -> bool:
    """Whether enough is answered for a figure to be printed; nothing asked is not."""
    if completeness is None:
        return False
    return half_up(completeness, instrument.scoring_rules.threshold_decimals) >= least


def union_of_causes(
    instrument: Instrument, questions: Iterable[QuestionScore]
) -> tuple[Address, ...]:
    """Return the causes of several scores, each once, in instrument order."""
    found = {address for question in questions for address in question.causes}
    return tuple(sorted(found, key=instrument.sort_key))


def score_sections(
    instrument: Instrument, questions: Questions, completeness: Completeness
) -> dict[str, GroupScore]:
    rules = instrument.scoring_rules
    groups = {}
    for section in instrument.sections:
        if section.is_scored:
            share = completeness.sections[section.code]
            groups[section.code] = _group(
                instrument,
                (section.code, section.title),
                [q for q in questions.values() if q.section == section.code],
                completeness=share,
                is_publishable=is_enough(
                    instrument, share, rules.section_completeness_min
                ),
            )
    return groups


def score_dimensions(
    instrument: Instrument, questions: Questions
) -> dict[str, GroupScore]:
    return {
        dimension.code: _group(
            instrument,
            (dimension.code, dimension.title),
            [q for q in questions.values() if q.dimension == dimension.code],
        )
        for dimension in instrument.dimensions
    }


def _group(
    instrument: Instrument,
    name: tuple[str, str],
    questions: Sequence[QuestionScore],
    *,
    completeness: float | None = None,
    is_publishable: bool = True,
) -> GroupScore:
    code, title = name
    score = times_hundred(mean_in_modes([(q.weight, q.score) for q in questions]))
    return GroupScore(
        code=code,
        title=title,
        score=score,
        level=level_of(instrument, score.final),
        questions=tuple(q.code for q in questions),
        causes=union_of_causes(instrument, questions),
        completeness=completeness,
        is_publishable=is_publishable,
    )


def score_overall(
    instrument: Instrument,
    sections: Mapping[str, GroupScore],
    dimensions: Mapping[str, GroupScore],
    completeness: Completeness,
) -> Overall:
    weights = instrument.section_weights
    score = mean_in_modes([(weights[code], s.score) for code, s in sections.items()])
    reached = level_of(instrument, score.final)
    reported, limited_by = _balanced(instrument, reached, dimensions.values())
    least = instrument.scoring_rules.overall_completeness_min
    return Overall(
        score=score,
        level_of_score=reached,
        level=reported,
        limited_by=limited_by,
        is_publishable=is_enough(instrument, completeness.overall, least),
    )


def _balanced(
    instrument: Instrument,
    reached: MaturityLevel | None,
    dimensions: Iterable[GroupScore],
) -> tuple[MaturityLevel | None, str]:
    """Apply the balance rule; name the weakest dimension if it lowered the level."""
    levels = [
        (d.level.level, d.score.final, d.code)
        for d in dimensions
        if d.level is not None
    ]
    if reached is None or not levels:
        return reached, ""
    lowest, _, weakest = min(levels, key=lambda found: found[:2])
    highest = lowest + instrument.scoring_rules.levels_above_weakest
    if reached.level <= highest:
        return reached, ""
    allowed = [level for level in instrument.maturity_levels if level.level <= highest]
    return max(allowed, key=lambda level: level.level), weakest
