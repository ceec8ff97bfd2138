"""The constants of the method, and what sections and recommendations take from them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from questionnaire.addresses import Address
from questionnaire.checks.problems import Draft, Problem, listed
from questionnaire.instrument import (
    ConsistencyRule,
    Question,
    Recommendation,
    Section,
)
from questionnaire.method import (
    GapInput,
)

UNKNOWN = "unknown"
SINGLE = frozenset({"yes_no", "single_choice"})


def badly_measured(draft: Draft) -> Iterator[Problem]:
    yield from _sections(draft)
    yield from _section_weights(draft)
    yield from _dimensions(draft)
    yield from _levels(draft)
    yield from _gap_rules(draft)
    for gap_input in draft.instrument.gap_inputs:
        yield from _gap_input(draft, gap_input)
    yield from _ranking(draft)
    yield from _assessment_year(draft)


def badly_referred(draft: Draft) -> Iterator[Problem]:
    """Yield a problem for each code that names nothing and each that nobody names."""
    instrument = draft.instrument
    for question in instrument.questions:
        refs = {source.reference for source in question.sources}
        yield from _unknown(
            draft, question.code, "sources", refs, instrument.references
        )
    for recommendation in instrument.recommendations:
        yield from _recommendation(draft, recommendation)
    for rule in instrument.consistency_rules:
        yield from _rule(draft, rule)
    cited = {s.reference for q in instrument.questions for s in q.sources}
    cited |= {code for r in instrument.recommendations for code in r.standards}
    for code in sorted(set(instrument.references) - cited):
        message = "the reference is cited by no question and no recommendation."
        yield draft.method_problem(f"references.{code}", message, "Remove it.")


def _unknown(
    draft: Draft, owner: str, key: str, codes: Iterable[str], known: Iterable[str]
) -> Iterator[Problem]:
    names = set(known)
    for code in sorted(set(codes) - names):
        message = f"{key}: {code!r} does not exist."
        yield draft.problem(owner, message, f"Choose from: {listed(names)}.")


def _sections(draft: Draft) -> Iterator[Problem]:
    for section in draft.instrument.sections:
        code = section.code
        scored = [q for q in section.questions if q.is_scored]
        if not section.questions:
            yield draft.problem(code, "the section has no questions.", "Remove it.")
        elif section.is_scored and not scored:
            message = "a scored section has no scored question."
            yield draft.problem(code, message, "Set is_scored to false.")
        for question in scored if not section.is_scored else ():
            message = f"it is scored, but its section {code} is not."
            yield draft.problem(question.code, message, "Set is_scored to false.")
        yield from _subsections(draft, section)


def _subsections(draft: Draft, section: Section) -> Iterator[Problem]:
    known = {subsection.code for subsection in section.subsections}
    for question in section.questions:
        if question.subsection not in known | {""}:
            message = f"its subsection {question.subsection!r} does not exist."
            remedy = f"Choose from: {listed(known) or 'none'}."
            yield draft.problem(question.code, message, remedy)
    for empty in sorted(known - {q.subsection for q in section.questions}):
        message = f"the subsection {empty!r} has no questions."
        yield draft.problem(section.code, message, "Remove it.")


def _section_weights(draft: Draft) -> Iterator[Problem]:
    weights = draft.instrument.section_weights
    scored = {s.code for s in draft.instrument.sections if s.is_scored}
    for code in sorted(set(weights) ^ scored):
        message = (
            f"the scored section {code} has no weight."
            if code in scored
            else f"{code} is not a scored section."
        )
        remedy = "Give a weight to each scored section and to no other."
        yield draft.method_problem("section_weights", message, remedy)
    total = math.fsum(weights.values())
    if not math.isclose(total, 100):
        message = f"the weights sum to {total:g}."
        yield draft.method_problem("section_weights", message, "They must sum to 100.")


def _dimensions(draft: Draft) -> Iterator[Problem]:
    used = {q.dimension for q in draft.instrument.questions}
    for dimension in draft.instrument.dimensions:
        if dimension.code not in used:
            message = "no scored question counts in this dimension."
            yield draft.method_problem(dimension.code, message, "Remove it, or use it.")


def _levels(draft: Draft) -> Iterator[Problem]:
    levels = draft.instrument.maturity_levels
    starts = [level.min_score for level in levels]
    if [level.level for level in levels] != list(range(1, len(levels) + 1)):
        message = "the levels are not numbered 1, 2, 3 and so on."
        yield draft.method_problem("maturity_levels", message, "Number them in order.")
    if starts[0] != 0 or starts != sorted(set(starts)):
        message = "min_score does not rise from 0."
        remedy = "Begin with 0 and give each level a higher limit."
        yield draft.method_problem("maturity_levels", message, remedy)


def _gap_rules(draft: Draft) -> Iterator[Problem]:
    rules = draft.instrument.gap_rules
    needs = {*rules.need_values, UNKNOWN}
    for need in sorted(needs ^ set(rules.table)):
        message = f"the need {need!r} is not in both need_values and table."
        remedy = "The table has one line for each need value, and one for 'unknown'."
        yield draft.method_problem("gap_rules.table", message, remedy)
    for need, classes in rules.table.items():
        if len(classes) != len(rules.data_levels):
            message = f"{need!r} has {len(classes)} classes."
            remedy = f"Write one for each of the {len(rules.data_levels)} data levels."
            yield draft.method_problem("gap_rules.table", message, remedy)
        for code in sorted(set(classes) - set(rules.class_by_code)):
            message = f"{need!r}: there is no gap class {code!r}."
            remedy = f"Choose from: {listed(rules.class_by_code)}."
            yield draft.method_problem("gap_rules.table", message, remedy)
    if rules.limited_from > rules.adequate_from:
        message = "limited_from is above adequate_from."
        remedy = "Exchange or correct them."
        yield draft.method_problem("gap_rules.quality_limits", message, remedy)


def _gap_input(draft: Draft, gap_input: GapInput) -> Iterator[Problem]:
    place = f"gap_inputs[{gap_input.matrix}]"
    matrix = draft.instrument.question_by_code.get(gap_input.matrix)
    if matrix is None or not matrix.is_matrix:
        message = f"{gap_input.matrix!r} is not a matrix."
        yield draft.method_problem(place, message, "Name a question of kind matrix.")
        return
    total = math.fsum(gap_input.quality_weights.values())
    if not math.isclose(total, 1):
        message = f"quality_weights sum to {total:g}."
        yield draft.method_problem(place, message, "They must sum to 1.")
    scored = {*gap_input.availability_columns, *gap_input.quality_weights}
    for code in sorted(scored - {c.code for c in matrix.columns if c.is_scored}):
        message = f"{code!r} is not a scored column of {matrix.code}."
        remedy = "Availability and quality are read from scored columns."
        yield draft.method_problem(place, message, remedy)
    yield from _need_column(draft, place, matrix, gap_input.need_column)


def _need_column(
    draft: Draft, place: str, matrix: Question, code: str
) -> Iterator[Problem]:
    column = matrix.column_by_code.get(code)
    if column is None or column.kind not in SINGLE:
        message = f"{code!r} is not a column of {matrix.code} with a single choice."
        yield draft.method_problem(place, message, "Name the column with the priority.")
        return
    needs = set(draft.instrument.gap_rules.need_values)
    values = {choice.value for choice in column.choices}
    for value in sorted(values ^ needs):
        message = f"{value!r} is not in both the choices of {code!r} and need_values."
        yield draft.method_problem(place, message, "Give each choice a need value.")


def _ranking(draft: Draft) -> Iterator[Problem]:
    catalogue = draft.instrument.catalogue
    total = math.fsum(catalogue.ranking_weights.values())
    if not math.isclose(total, 1):
        message = f"the weights sum to {total:g}."
        yield draft.method_problem("catalogue.ranking", message, "They must sum to 1.")
    high, medium, low = (catalogue.priority_from[k] for k in ("high", "medium", "low"))
    if not high > medium > low == 0:
        message = "priority_from does not fall from high over medium to low at 0."
        yield draft.method_problem("catalogue.ranking", message, "Correct the limits.")


def _assessment_year(draft: Draft) -> Iterator[Problem]:
    code = draft.instrument.assessment_year_question
    question = draft.instrument.question_by_code.get(code)
    if question is None or question.kind != "year" or question.show_if is not None:
        head = draft.questionnaire
        message = f"the assessment-year question {code!r} is not a year always asked."
        remedy = "Name a question of kind year without show_if."
        yield Problem(head.file, head.code, message, remedy)


def _recommendation(draft: Draft, action: Recommendation) -> Iterator[Problem]:
    instrument, catalogue = draft.instrument, draft.instrument.catalogue
    for key, codes, known in (
        ("dimension", [action.dimension], [d.code for d in instrument.dimensions]),
        ("kind", [action.kind], [kind.code for kind in catalogue.kinds]),
        ("horizon", [action.horizon], [horizon.code for horizon in catalogue.horizons]),
        ("addresses", action.addresses, draft.need_rows),
        ("standards", action.standards, instrument.references),
        ("partners", action.partners, catalogue.partners),
    ):
        yield from _unknown(draft, action.code, key, codes, known)


def _rule(draft: Draft, rule: ConsistencyRule) -> Iterator[Problem]:
    topics = draft.instrument.topics
    yield from _unknown(draft, rule.code, "topic", [rule.topic], topics)
    for cell in rule.cells:
        fault = _cell_fault(draft, cell)
        if fault:
            message = f"cells: {cell!r} {fault}."
            remedy = "Write a question, or a cell as SRC-INV[SRC-CEN].latest_year."
            yield draft.problem(rule.code, message, remedy)


def _cell_fault(draft: Draft, cell: str) -> str:
    is_column = "[*]" in cell
    try:
        address = Address.parse(cell.replace("[*]", "[x]", 1))
    except ValueError:
        return "is not the address of a cell"
    question = draft.instrument.question_by_code.get(address.question)
    if question is None:
        return "names a question that does not exist"
    if address.row and not question.is_matrix:
        return "names a row, but the question is not a matrix"
    if address.row and not is_column and address.row not in question.row_by_code:
        return "names a row that does not exist"
    if address.column and address.column not in question.column_by_code:
        return "names a column that does not exist"
    return ""
