import pytest
import yaml

from questionnaire.checks.code_maps import check_code_maps
from questionnaire.code_maps import FILE, Part, code_map, correspondence, read_steps
from questionnaire.content import content_from_entries, read_entries
from tests.conftest import QUESTIONNAIRE_FIXTURES

STEPS = [
    {
        "questionnaire": "NMDC",
        "from": "1.0",
        "to": "1.1",
        "dimensions": {"D-GOV": "D-LAW"},
        "rows": {"A": "B", "B": "C", "X": None},
    },
    {"questionnaire": "NMDC", "from": "1.1", "to": "2", "dimensions": {"D-LAW": "D-X"}},
]
MAPS = [code_map(step) for step in STEPS]


@pytest.mark.parametrize(
    ("version", "other", "part", "code", "expected"),
    [
        ("1.0", "1.0", Part.DIMENSION, "D-GOV", "D-GOV"),
        ("1.1", "1.0", Part.DIMENSION, "D-LAW", "D-GOV"),
        ("1.0", "1.1", Part.DIMENSION, "D-GOV", "D-LAW"),
        ("1.1", "1.0", Part.DIMENSION, "D-STD", "D-STD"),
        # What is named D-GOV in the later version is another part.
        ("1.1", "1.0", Part.DIMENSION, "D-GOV", None),
        ("1.0", "1.1", Part.DIMENSION, "D-LAW", None),
        # Codes that moved up by one.
        ("1.1", "1.0", Part.ROW, "B", "A"),
        ("1.1", "1.0", Part.ROW, "C", "B"),
        ("1.1", "1.0", Part.ROW, "A", None),
        ("1.0", "1.1", Part.ROW, "X", None),
        # Over two steps, both ways.
        ("2", "1.0", Part.DIMENSION, "D-X", "D-GOV"),
        ("1.0", "2", Part.DIMENSION, "D-GOV", "D-X"),
        ("1.0", "2", Part.ROW, "X", None),
        # Versions that no steps join.
        ("3", "1.0", Part.DIMENSION, "D-GOV", "D-GOV"),
    ],
)
def test_code_is_found_in_another_version(version, other, part, code, expected):
    found = correspondence(MAPS, "NMDC", version, other)

    assert found.in_other(part, code) == expected


def test_maps_of_another_questionnaire_are_not_followed():
    found = correspondence(MAPS, "OTHER", "1.1", "1.0")

    assert found.in_other(Part.DIMENSION, "D-LAW") == "D-LAW"


def test_steps_that_go_in_a_circle_come_to_an_end():
    circle = [*MAPS, code_map({"questionnaire": "NMDC", "from": "2", "to": "1.0"})]

    assert correspondence(circle, "NMDC", "1.0", "9").steps == ()


# The check


@pytest.fixture(scope="module")
def content():
    return content_from_entries(read_entries(QUESTIONNAIRE_FIXTURES))


def test_file_of_the_repository_is_sound(content):
    assert read_steps(FILE) == []
    assert check_code_maps(content) == []


def step(**changes):
    return {"questionnaire": "NMDC", "from": "0.9", "to": "1.0"} | changes


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([step(rows={"OLD": "POL-A"}, dimensions={"D-OLD": "D-GOV"})], []),
        ([step(questions={"SRC-01": None})], []),
        ({"from": "1.0"}, ["is no list."]),
        (["1.0"], ["does not say between which versions."]),
        ([step(to=1.0)], ["does not say between which versions."]),
        ([step(row={})], ["has an unknown key row."]),
        ([step(rows=["A"])], ["has rows of another form."]),
        ([step(rows={"A": 1})], ["has rows of another form."]),
        (
            [step(dimensions={"D-A": "D-GOV", "D-B": "D-GOV"})],
            ["D-GOV has 2 predecessors."],
        ),
        (
            [step(questions={"SRC-01": "SRC-99"})],
            ["SRC-99 is not among the questions of 1.0."],
        ),
        ([step(sections={"SRC": "XXX"})], ["XXX is not among the sections of 1.0."]),
        ([step(to="0.95", questions={"A": "SRC-99"})], []),
        ([step(), step(to="1.1")], ["version 0.9 has 2 next versions."]),
    ],
)
def test_file_is_checked(content, tmp_path, steps, expected):
    file = tmp_path / "code_maps.yaml"
    file.write_text(yaml.safe_dump(steps))

    assert [problem.message for problem in check_code_maps(content, file)] == expected
