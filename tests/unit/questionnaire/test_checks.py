"""Each mutation of the real fixtures is found, and nothing but it."""

from __future__ import annotations

import pickle
from functools import cache
from pathlib import Path

import pytest

from questionnaire import content
from questionnaire.checks import Problem, check, check_paths, fixture_paths
from questionnaire.checks.shapes import FIELDS_OF
from questionnaire.content import Entry, read_entries
from tests.unit.questionnaire.condition_mutations import CONDITION_MUTATIONS, when
from tests.unit.questionnaire.mutating import Entries, Mutation, both, put
from tests.unit.questionnaire.mutations import MUTATIONS


@cache
def _real() -> tuple[Entry, ...]:
    return tuple(read_entries(fixture_paths()))


@cache
def _pickled() -> bytes:
    return pickle.dumps(list(_real()))


@pytest.fixture
def entries() -> Entries:
    """Copy them, five times as fast as a deep copy would."""
    copied: Entries = pickle.loads(_pickled())  # noqa: S301  pickled above
    return copied


def test_real_fixtures_have_no_problem() -> None:
    assert check_paths(fixture_paths()) == []


def test_check_leaves_the_entries_as_they_are(entries: Entries) -> None:
    check(entries)

    assert entries == list(_real())


@pytest.mark.parametrize(
    ("mutate", "code", "fragment"),
    [
        pytest.param(*row, id=f"{row[1]}: {row[2]}")
        for row in (*MUTATIONS, *CONDITION_MUTATIONS)
    ],
)
def test_check_finds_the_mutation(
    entries: Entries, mutate: Mutation, code: str, fragment: str
) -> None:
    mutate(entries)

    problems = check(entries)

    assert [problem.code for problem in problems] == [code], "\n".join(
        map(str, problems)
    )
    assert fragment in str(problems[0])


def test_check_reports_several_problems_in_one_go(entries: Entries) -> None:
    spoil = both(
        put("STR-01/dimension", "D-LAW"),
        put("BAS-01/sources/0/ref", "ISO"),
        when({"q": "GEN-99", "op": "answered"}),
    )

    spoil(entries)

    assert [problem.code for problem in check(entries)] == ["STR-01", "BAS-01", "C-001"]


def test_need_value_without_choice_is_found_in_each_matrix(entries: Entries) -> None:
    rules = "NMDC/method/gap_rules"
    spoil = both(
        put(f"{rules}/need_values/urgent", 4),
        put(f"{rules}/table/urgent", ["critical"] * 5),
    )

    spoil(entries)

    problems = check(entries)
    assert [problem.code for problem in problems] == [
        "gap_inputs[POL-NEEDS]",
        "gap_inputs[POL-SDG]",
    ]
    assert "'urgent' is not in both" in problems[0].message


@pytest.mark.parametrize(
    "condition",
    [
        # Blank makes a false leaf true under "not".
        {"not": {"q": "STR-01", "op": "ne", "value": "none"}},
        {"not": {"q": "BAS-13", "op": "gt", "value": 0}},
        # One row may be what another is not.
        {
            "all": [
                {
                    "q": "SRC-INV",
                    "row": "*",
                    "col": "exists",
                    "op": "eq",
                    "value": "no",
                },
                {
                    "q": "SRC-INV",
                    "row": "*",
                    "col": "used",
                    "op": "eq",
                    "value": "none",
                },
            ]
        },
        # "na" is not offered in this row, "no" is.
        {
            "q": "SRC-INV",
            "row": "SRC-CEN",
            "col": "exists",
            "op": "in",
            "value": ["no", "na"],
        },
        {"q": "STR-15", "op": "lt", "value": 0.000002},
        {"q": "BAS-03", "op": "includes", "value": "dk"},
        {"q": "GEN-05", "op": "not_answered"},
        {"q": "SRC-INV", "op": "answered"},
    ],
)
def test_possible_condition_is_no_problem(
    entries: Entries, condition: dict[str, object]
) -> None:
    when(condition)(entries)

    assert check(entries) == []


def test_every_field_of_the_content_has_a_shape() -> None:
    shaped = {name for names in FIELDS_OF.values() for name in names}
    hashed = {
        *content.QUESTIONNAIRE_FIELDS,
        *content.SECTION_FIELDS,
        *content.QUESTION_FIELDS,
        *content.RECOMMENDATION_FIELDS,
        *content.RULE_FIELDS,
    }

    assert shaped == hashed | {"questionnaire", "section"}


def test_problem_prints_where_what_and_remedy() -> None:
    problem = Problem("02_bas.yaml", "BAS-01", "text is missing.", "Add the key.")

    assert str(problem) == "02_bas.yaml: BAS-01: text is missing. Add the key."


@pytest.mark.parametrize(
    ("text", "code", "fragment"),
    [
        ("- model: [", "line 2", "not valid YAML"),
        ("- model: a\n  fields: {x: 1}\n  fields: {x: 2}\n", "line 3", "stands twice"),
        ("- {[a]: 1}\n", "line 1", "not valid YAML"),
        ("- {model: !!python/name:os.system }\n", "line 1", "not valid YAML"),
        ("- {model: a, fields: {day: 2024-02-31}}\n", "file", "not valid YAML"),
        ("model: questionnaire.section\n", "file", "not a list of records"),
        ("", "file", "not a list of records"),
        ("- [1, 2]\n", "record 1", "not a record with 'model' and 'fields'"),
        ("- {model: a, fields: []}\n", "record 1", "not a record"),
        ("- {model: a, pk: 1, fields: {}}\n", "record 1", "has the unknown key pk"),
        ("- {fields: {code: X}}\n", "X", "not a part of a questionnaire"),
    ],
)
def test_unreadable_file_is_one_problem(
    tmp_path: Path, text: str, code: str, fragment: str
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, "utf-8")

    problems = check_paths([path])

    assert [(problem.file, problem.code) for problem in problems] == [
        ("bad.yaml", code)
    ]
    assert fragment in problems[0].message


def test_file_that_is_missing_or_not_utf8_is_one_problem(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("- {model: é}".encode("latin-1"))

    problems = check_paths([latin, tmp_path / "none.yaml"])

    assert [problem.file for problem in problems] == ["latin.yaml", "none.yaml"]
    assert all("cannot be read" in problem.message for problem in problems)


def test_no_files_are_one_problem() -> None:
    assert [problem.code for problem in check_paths([])] == ["questionnaire"]
