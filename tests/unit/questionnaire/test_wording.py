import pytest

from questionnaire.wording import (
    choices_of,
    condition_in_words,
    reserved_label,
    value_in_words,
)
from tests.instruments import at, nmdc

YEAR = "GEN-02 (Assessment year)"
NOT_ASKED = "GEN-10 (Earlier assessment) is “Yes”"


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        ("GEN-01", None, ""),
        ("GEN-01", "Peru", "Peru"),
        ("GEN-01", "dk", "dk"),
        ("GEN-12", "na", "na"),
        ("GEN-10", "yes", "Yes"),
        ("GEN-10", "dk", "Do not know"),
        ("BAS-09", "na", "Not applicable"),
        ("GEN-02", 2025, "2025"),
        ("STR-15", 1.5, "1.5"),
        ("STR-15", 0.000001, "0.000001"),
        ("STR-15", 123456.789, "123456.789"),
        ("STR-15", 1234567.5, "1234567.5"),
        ("STR-15", 20, "20"),
        ("STR-15", "dk", "Do not know"),
        ("GEN-09", [], ""),
        ("GEN-05[abcd1234].name", "dk", "dk"),
        ("SRC-INV[SRC-CEN].exists", "no", "No"),
        ("SRC-INV[SRC-CEN].latest_year", "dk", "Do not know"),
        ("POL-SDG[SDG-8.8.2].disaggregated", "na", "Not applicable"),
        (
            "BAS-01.@evidence",
            [{"title": "Law", "url": "https://a.org"}, {"title": "", "url": "https://b.org"}],
            "Law, https://b.org",
        ),
        ("GEN-01.@note", "dk", "dk"),
        ("XXX-01", "of a question unknown", "of a question unknown"),
    ],
)  # fmt: skip
def test_value_reads_as_people_write_it(cell, value, words):
    assert value_in_words(nmdc(), at(cell), value) == words


def test_choices_read_as_their_labels():
    first, second = choices_of(nmdc(), at("GEN-09"))[:2]

    words = value_in_words(nmdc(), at("GEN-09"), [first.value, second.value])

    assert words == f"{first.label}, {second.label}"


def test_choices_of_an_unknown_cell_are_none():
    assert choices_of(nmdc(), at("XXX-01")) == ()


@pytest.mark.parametrize(
    ("value", "label"), [("dk", "Do not know"), ("na", "Not applicable"), ("x", "x")]
)
def test_reserved_answers_have_labels(value, label):
    assert reserved_label(nmdc(), value) == label


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"q": "GEN-10", "op": "eq", "value": "yes"}, NOT_ASKED),
        (
            {"q": "GEN-10", "op": "ne", "value": "yes"},
            "GEN-10 (Earlier assessment) is not “Yes”",
        ),
        (
            {"q": "GEN-10", "op": "in", "value": ["yes", "dk"]},
            "GEN-10 (Earlier assessment) is “Yes” or “Do not know”",
        ),
        ({"q": "GEN-10", "op": "answered"}, "GEN-10 (Earlier assessment) is answered"),
        ({"q": "GEN-10", "op": "not_answered"}, "GEN-10 (Earlier assessment) is not answered"),
        ({"q": "GEN-02", "op": "gte", "value": 2020}, f"{YEAR} is at least “2020”"),
        ({"q": "GEN-02", "op": "lt", "value": 2020}, f"{YEAR} is below “2020”"),
        (
            {"not": {"q": "GEN-10", "op": "eq", "value": "yes"}},
            f"it is not the case that {NOT_ASKED}",
        ),
        (
            {
                "all": [
                    {"q": "GEN-10", "op": "eq", "value": "yes"},
                    {"q": "GEN-02", "op": "gt", "value": 2020},
                ]
            },
            f"{NOT_ASKED} and GEN-02 (Assessment year) is above “2020”",
        ),
        (
            {
                "any": [
                    {"q": "GEN-10", "op": "eq", "value": "yes"},
                    {"q": "GEN-02", "op": "lte", "value": 2020},
                ]
            },
            f"{NOT_ASKED} or GEN-02 (Assessment year) is at most “2020”",
        ),
        (
            {"q": "SRC-INV", "row": "SRC-CEN", "col": "exists", "op": "eq", "value": "yes"},
            "SRC-INV (Inventory of data sources): Population and housing census is “Yes”",
        ),
    ],
)  # fmt: skip
def test_condition_reads_as_the_end_of_answer_only_if(condition, words):
    assert condition_in_words(nmdc(), condition) == words


@pytest.mark.parametrize(
    "question", [q for q in nmdc().questions if q.show_if], ids=lambda q: q.code
)
def test_conditions_of_the_instrument_show_labels_never_codes(question):
    words = condition_in_words(nmdc(), question.show_if)

    quoted = [part.split("”")[0] for part in words.split("“")[1:]]
    codes = {
        choice.value
        for q in nmdc().questions
        for choices in (q.choices, *(column.choices for column in q.columns))
        for choice in choices
    }
    assert quoted
    assert not codes & set(quoted)
