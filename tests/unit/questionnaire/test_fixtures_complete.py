"""The fixtures hold the whole instrument: counts and weights of its description."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from questionnaire.instrument import Question
from tests.instruments import nmdc

DIMENSIONS = (
    "D-GOV", "D-STD", "D-OUT", "D-SRC", "D-QUA", "D-INT", "D-DIS", "D-COO",
)  # fmt: skip
# gap_method.md, section 2: scored questions, then the sum of weights per dimension.
WEIGHTS = {
    "BAS": (16, (0, 11, 10, 0, 5, 0, 0, 0)),
    "POL": (10, (0, 1, 19, 0, 1, 0, 0, 0)),
    "STR": (15, (19, 0, 0, 0, 0, 0, 0, 0)),
    "SRC": (20, (0, 0, 0, 22, 6, 1, 1, 1)),
    "NEW": (14, (0, 1, 0, 0, 0, 16, 0, 0)),
    "OPN": (14, (0, 0, 0, 0, 2, 0, 14, 0)),
    "COO": (12, (1, 2, 0, 0, 0, 0, 0, 15)),
    "EXC": (8, (0, 1, 0, 0, 2, 1, 0, 7)),
}
QUESTIONS = {
    "GEN": 12, "BAS": 18, "POL": 13, "STR": 19, "SRC": 23, "NEW": 16, "OPN": 15,
    "COO": 14, "EXC": 11,
}  # fmt: skip
SECTION_WEIGHTS = {
    "BAS": 20, "POL": 15, "STR": 12, "SRC": 20, "NEW": 10, "OPN": 10, "COO": 8,
    "EXC": 5,
}  # fmt: skip
QUESTIONS_OF_DIMENSION = dict(
    zip(DIMENSIONS, (16, 13, 11, 12, 13, 15, 13, 16), strict=True)
)
INSTITUTIONS = [
    "GEN-03", "GEN-05.agency", "GEN-06.agency", "BAS-STAT.producer", "POL-06.agency",
    "POL-MIG.agency", "SRC-INV.holder",
]  # fmt: skip


def _scored() -> list[Question]:
    return [question for question in nmdc().questions if question.is_scored]


def test_counts_of_questions() -> None:
    assert {s.code: len(s.questions) for s in nmdc().sections} == QUESTIONS
    assert len(nmdc().questions) == 141
    assert len(_scored()) == 109


def test_counts_of_matrices_and_rows() -> None:
    matrices = [question for question in nmdc().questions if question.is_matrix]

    assert len(matrices) == 9
    assert sum(len(matrix.rows) for matrix in matrices) == 114
    assert len(nmdc().question_by_code["SRC-INV"].rows) == 20
    assert len(nmdc().question_by_code["POL-NEEDS"].rows) == 15


def test_counts_of_recommendations_and_rules() -> None:
    severities = Counter(rule.severity for rule in nmdc().consistency_rules)

    assert len(nmdc().recommendations) == 71
    assert severities == {"error": 71, "warning": 74}


@pytest.mark.parametrize("section", WEIGHTS)
def test_weights_of_section_by_dimension(section: str) -> None:
    count, expected = WEIGHTS[section]
    weights: defaultdict[str, float] = defaultdict(float)
    scored = [question for question in _scored() if question.section == section]
    for question in scored:
        weights[question.dimension] += question.weight

    assert len(scored) == count
    assert tuple(weights[dimension] for dimension in DIMENSIONS) == expected


def test_questions_of_each_dimension() -> None:
    assert Counter(q.dimension for q in _scored()) == QUESTIONS_OF_DIMENSION


def test_weights_of_sections_sum_to_100() -> None:
    assert dict(nmdc().section_weights) == SECTION_WEIGHTS
    assert sum(SECTION_WEIGHTS.values()) == 100


def test_cells_that_hold_an_institution() -> None:
    found = [
        question.code if part is question else f"{question.code}.{part.code}"
        for question in nmdc().questions
        for part in (question, *question.columns)
        if part.lookup == "institution"
    ]

    assert sorted(found) == sorted(INSTITUTIONS)
