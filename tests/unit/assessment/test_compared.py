from datetime import UTC, datetime

import pytest

from assessment.compared import DIFFERENT, compare, has_comparable
from assessment.comparison import Change
from assessment.models import Response, Transition
from assessment.queries import Held
from questionnaire.addresses import Address
from tests.instruments import nmdc

AT = datetime(2026, 3, 5, tzinfo=UTC)


def held(cells):
    """Return cells as they are held; a pair is a value with its revision."""
    pairs = {c: v if isinstance(v, tuple) else (v, 1) for c, v in cells.items()}
    return {Address.parse(c): Held(v, r, "Ana", AT) for c, (v, r) in pairs.items()}


def lines(before, after, kinds=DIFFERENT):
    found = compare(nmdc(), held(before), held(after), kinds)
    return [
        (str(x.address), x.name, x.mark.change, x.before, x.after) for x in found.lines
    ]


def test_compare_tells_only_what_differs_in_words():
    before = {"GEN-01": "Peru", "GEN-04": "nso", "BAS-13": 12}
    after = {"GEN-01": "Peru", "GEN-04": "census", "BAS-14": "internal"}

    assert lines(before, after) == [
        ("GEN-04", "Answer", Change.CHANGED, choice("GEN-04", "nso"), "census"),
        ("BAS-13", "Answer", Change.REMOVED, "12", ""),
        ("BAS-14", "Answer", Change.ADDED, "", choice("BAS-14", "internal")),
    ]


def choice(question, value):
    return next(
        c.label for c in nmdc().question_by_code[question].choices if c.value == value
    )


def test_compare_follows_the_questionnaire_and_groups_by_section():
    before = {"EXC-10": "a", "SRC-INV[SRC-CEN].latest_year": 2010, "GEN-03": "a"}
    after = {"EXC-10": "b", "SRC-INV[SRC-CEN].latest_year": 2020, "GEN-03": "b"}

    found = compare(nmdc(), held(before), held(after))

    assert [
        (section.section.code, [q.question.code for q in section.questions])
        for section in found.sections
    ] == [("GEN", ["GEN-03"]), ("SRC", ["SRC-INV"]), ("EXC", ["EXC-10"])]


def test_compare_names_rows_columns_notes_and_documents():
    link = [{"title": "Law", "url": "https://example.org/"}]
    after = {
        "SRC-INV[SRC-CEN].latest_year": 2020,
        "SRC-INV.@note": "Late",
        "SRC-INV[SRC-CEN].@note": "Row",
        "GEN-04.@evidence": link,
    }

    assert [(name, now) for _, name, _, _, now in lines({}, after)] == [
        ("Source documents", "Law – https://example.org/"),
        ("Note", "Late"),
        ("Population and housing census · Latest year", "2020"),
        ("Population and housing census · Note", "Row"),
    ]


def test_compare_numbers_entries_by_their_first_save():
    """Codes of entries have no order: the first saved is the first."""
    before = {"GEN-05[zz].name": "Ana", "GEN-05[aa].name": "Luis"}
    after = {"GEN-05[zz].name": "Eva", "GEN-05[mm].name": "Jo"}

    assert [(name, change) for _, name, change, _, _ in lines(before, after)] == [
        ("Entry 1 · Name", Change.CHANGED),
        ("Entry 2 · Name", Change.REMOVED),
        ("Entry 3 · Name", Change.ADDED),
    ]


def test_compare_counts_every_kind_and_shows_those_asked_for():
    before = {"GEN-01": "Peru", "GEN-03": ("x", 1), "GEN-04": "nso"}
    after = {"GEN-01": "Chile", "GEN-03": ("x", 3), "BAS-13": 1}

    found = compare(nmdc(), held(before), held(after), [Change.CONFIRMED])

    assert [(c.mark.label, c.count, c.is_shown) for c in found.counts] == [
        ("Added", 1, False),
        ("Changed", 1, False),
        ("Removed", 1, False),
        ("Confirmed", 1, True),
    ]
    assert [str(line.address) for line in found.lines] == ["GEN-03"]
    assert found.differing == 3


@pytest.mark.parametrize(
    ("cell", "before", "after", "is_text"),
    [
        ("EXC-10", "one", "two", True),
        ("EXC-10.@note", "one", "two", True),
        ("EXC-10", "one", None, False),
        ("BAS-13", 1, 2, False),
        ("GEN-05[zz].name", "one", "two", True),
    ],
)
def test_words_are_compared_where_both_are_texts(cell, before, after, is_text):
    (line,) = compare(nmdc(), held({cell: before}), held({cell: after})).lines

    assert line.is_text is is_text


def test_cells_the_questionnaire_does_not_know_are_left_out():
    assert lines({"OLD-01": "a"}, {"OLD-01": "b"}) == []


@pytest.mark.parametrize(
    ("actions", "status", "reads_live", "expected"),
    [
        (["open"], "draft", True, False),
        (["submit", "open"], "submitted", True, False),
        (["return", "submit"], "returned", True, True),
        (["return", "submit"], "returned", False, False),
        (["withdraw", "submit"], "draft", True, False),
        (["submit", "return", "submit"], "submitted", False, True),
        (["withdraw", "submit", "return", "submit"], "returned", False, False),
    ],
)
def test_two_records_are_needed_to_compare(actions, status, reads_live, expected):
    moves = [Transition(action=action) for action in actions]

    found = has_comparable(Response(status=status), moves, reads_live=reads_live)

    assert found is expected
