"""The way in: every figure of one response."""

from __future__ import annotations

from collections.abc import Mapping

from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Value
from questionnaire.states import ResponseState
from reports.analysis.actions import Findings, first_wave, recommend
from reports.analysis.aggregation import (
    OVERALL,
    score_dimensions,
    score_overall,
    score_sections,
    union_of_causes,
)
from reports.analysis.completeness import measure_completeness
from reports.analysis.gaps import WITHOUT_GAP, find_gaps, order_gaps, weigh_gaps
from reports.analysis.results import Analysis
from reports.analysis.scoring import score_questions
from reports.analysis.triggers import Scored, TriggerFacts


def analyse(instrument: Instrument, answers: Mapping[Address, Value]) -> Analysis:
    """Return all figures for `answers`: canonical values, blank ones may be absent.

    The order of `answers` does not matter.
    """
    state = ResponseState(instrument, answers)
    questions = score_questions(state)
    completeness = measure_completeness(state, questions)
    sections = score_sections(instrument, questions, completeness)
    dimensions = score_dimensions(instrument, questions)
    overall = score_overall(instrument, sections, dimensions, completeness)
    gaps = find_gaps(state)
    weighted_gaps = weigh_gaps(instrument, gaps)
    scores = {
        code: Scored(group.score.final, group.causes)
        for code, group in (*sections.items(), *dimensions.items())
    }
    scores[OVERALL] = Scored(
        overall.score.final, union_of_causes(instrument, questions.values())
    )
    actions = recommend(
        Findings(instrument, questions, dimensions, gaps, weighted_gaps),
        TriggerFacts(state, gaps, scores),
    )
    ordered = order_gaps(instrument, gaps.values())
    return Analysis(
        instrument=instrument,
        questions=questions,
        sections=sections,
        dimensions=dimensions,
        overall=overall,
        gaps=gaps,
        gap_order=tuple(
            gap.code for gap in ordered if gap.gap_class not in WITHOUT_GAP
        ),
        weighted_gaps=weighted_gaps,
        actions=actions,
        first_wave=first_wave(actions, instrument.catalogue),
        completeness=completeness,
        without_gap=tuple(gap.code for gap in ordered if gap.gap_class in WITHOUT_GAP),
    )
