from dataclasses import replace

import pytest
from django import forms
from django.http import QueryDict

from questionnaire.addresses import EVIDENCE, Address
from questionnaire.fields import (
    BUILDERS,
    UNTOUCHED,
    field_for,
    number_from,
    posted_value,
    reserved_choices,
    shown_value,
)
from questionnaire.instrument import Cell
from questionnaire.values import READERS
from tests.instruments import nmdc

QUESTION = {q.kind: q for q in nmdc().questions if q.is_plain}
DK, NA = ("dk", "Do not know"), ("na", "Not applicable")


def cell(kind):
    return Cell(Address("Q-1"), kind, "A cell")


def posted(kind, query):
    return posted_value(cell(kind), QueryDict(query))


# Building


def test_every_kind_of_plain_question_has_a_builder():
    assert set(BUILDERS) == set(READERS) - {"evidence"}


@pytest.mark.parametrize("question", nmdc().questions, ids=lambda q: q.code)
def test_every_plain_question_has_a_field_that_is_not_required(question):
    if not question.is_plain:
        assert question.kind not in BUILDERS
        return

    field = field_for(nmdc(), question)

    assert (field.label, field.help_text) == (question.text, question.hint)
    assert field.required is False


@pytest.mark.parametrize(
    ("kind", "widget"),
    [
        ("yes_no", forms.RadioSelect),
        ("single_choice", forms.RadioSelect),
        ("multiple_choice", forms.CheckboxSelectMultiple),
        ("text", forms.TextInput),
        ("long_text", forms.Textarea),
        ("integer", forms.TextInput),
        ("decimal", forms.TextInput),
        ("year", forms.TextInput),
        ("date", forms.TextInput),
        ("url", forms.TextInput),
    ],
)
def test_kind_has_its_control(kind, widget):
    question = replace(QUESTION["text"], kind=kind)

    assert type(field_for(nmdc(), question).widget) is widget


@pytest.mark.parametrize("kind", ["yes_no", "single_choice", "multiple_choice"])
@pytest.mark.parametrize(
    ("offers_dk", "allows_na", "offered"),
    [(True, False, [DK]), (True, True, [DK, NA]), (False, True, [NA]), (False, False, [])],
)  # fmt: skip
def test_reserved_answers_follow_the_choices(kind, offers_dk, allows_na, offered):
    question = replace(QUESTION[kind], offers_dk=offers_dk, allows_na=allows_na)
    own = [(choice.value, choice.label) for choice in question.choices]

    assert list(field_for(nmdc(), question).choices) == own + offered
    assert reserved_choices(nmdc(), offers_dk, allows_na) == offered


def test_assessment_year_offers_no_dk():
    questions = [q.code for q in nmdc().questions if not q.offers_dk]

    assert questions == ["GEN-02"]


def test_lookup_is_offered_where_the_question_names_an_agency():
    attrs = {
        code: field_for(nmdc(), nmdc().question_by_code[code]).widget.attrs
        for code in ("GEN-01", "GEN-03")
    }

    assert attrs == {
        "GEN-01": {},
        "GEN-03": {"list": "institutions", "data-institution": ""},
    }


# Reading what was posted


@pytest.mark.parametrize(
    ("kind", "query", "value"),
    [
        ("text", "Q-1=abc", "abc"),
        ("text", "Q-1=", ""),
        ("text", "Q-1=dk", "dk"),
        ("text", "Q-1=a&Q-1=b", "b"),
        ("long_text", "Q-1=a%0D%0Ab", "a\r\nb"),
        ("single_choice", "Q-1=nso", "nso"),
        ("single_choice", "Q-1=", ""),
        ("yes_no", "Q-1=dk", "dk"),
        ("date", "Q-1=2025-06-20", "2025-06-20"),
        ("integer", "Q-1=12", 12),
        ("integer", "Q-1=", ""),
        ("integer", "Q-1=abc", "abc"),
        ("integer", "Q-1=&Q-1~dk=dk", "dk"),
        ("integer", "Q-1=12&Q-1~dk=dk", "dk"),
        ("integer", "Q-1=12&Q-1~na=na", "na"),
        ("decimal", "Q-1=1,5", 1.5),
        ("year", "Q-1=2020", 2020),
        ("multiple_choice", "Q-1=a&Q-1=b", ["a", "b"]),
        ("multiple_choice", "Q-1=dk", "dk"),
        ("multiple_choice", "Q-1=na", "na"),
        ("multiple_choice", "Q-1=a&Q-1=dk", ["a", "dk"]),
        ("multiple_choice", "Q-1=", []),
        ("multiple_choice", "", []),
        ("evidence", "Q-1~title=Law&Q-1~url=u", [{"title": "Law", "url": "u"}]),
        (
            "evidence",
            "Q-1~title=A&Q-1~url=u&Q-1~title=+&Q-1~url=&Q-1~title=B&Q-1~url=v",
            [{"title": "A", "url": "u"}, {"title": "B", "url": "v"}],
        ),
        ("evidence", "Q-1~title=&Q-1~url=", []),
        ("evidence", "Q-1~title=Law", []),
    ],
)
def test_posted_text_is_read_as_json_would_hold_it(kind, query, value):
    found = posted(kind, query)

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "kind", [kind for kind in READERS if kind != "multiple_choice"]
)
def test_absent_field_is_untouched(kind):
    assert posted(kind, "Q-2=x") is UNTOUCHED


def test_documents_are_read_from_the_cell_asked_for():
    document = Cell(Address("Q-1", "", EVIDENCE), "evidence", "Documents")
    data = QueryDict("Q-1.@evidence~title=A&Q-1.@evidence~url=u&Q-2.@evidence~title=B")

    assert posted_value(document, data) == [{"title": "A", "url": "u"}]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12), (" 12 ", 12), ("+12", 12), ("-12", -12), ("007", 7), ("0", 0),
        ("1.5", 1.5), ("1,5", 1.5), ("1٫5", 1.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0),
        ("٢٠٢٥", 2025), ("۲۰۲۵", 2025), ("-0.0", 0.0),
        (str(10**30), 10**30),
    ],
)  # fmt: skip
def test_number_is_read_in_any_script(text, number):
    found = number_from(text)

    assert found == number
    assert type(found) is type(number)


@pytest.mark.parametrize(
    "text",
    [
        "", "abc", "nan", "inf", "-inf", "Infinity", "1_000", "1 000", "1,000.5", "0x10",
        "1e400", "-1e400", "1e", "--1", "½", "²", "1j", "true", ".", "9" * 5000,
    ],
)  # fmt: skip
def test_text_that_is_no_number_stays_text(text):
    """It is shown again beside the error as it was typed."""
    assert number_from(f" {text} ") == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""), ("", ""), ("abc", "abc"), ("dk", "dk"), (0, 0), (2025, 2025),
        (1.5, "1.5"), (0.1, "0.1"), (0.000001, "0.000001"), (1234567.25, "1234567.25"),
        (100.0, "100"), (["a", "b"], ["a", "b"]),
    ],
)  # fmt: skip
def test_stored_value_is_shown_as_it_would_be_typed(value, shown):
    assert shown_value(value) == shown


@pytest.mark.parametrize("value", [0.1, 123456.789012, 499.999999, 0.000001])
def test_decimal_comes_back_from_the_form_as_it_was_stored(value):
    assert number_from(shown_value(value)) == value


@pytest.mark.parametrize("text", ["1,000", "12,345,678", "-1,000"])
def test_grouped_thousands_stay_text(text):
    """Read as a decimal comma, a thousand would become one."""
    assert number_from(text) == text


@pytest.mark.parametrize("text", ["1.000", "1,5", "1.5", "1e3", "1٫5"])
def test_whole_number_with_a_separator_stays_text(text):
    assert number_from(text, is_whole=True) == text


def test_whole_number_is_read_in_any_script():
    assert number_from("٢٠٢٥", is_whole=True) == 2025
