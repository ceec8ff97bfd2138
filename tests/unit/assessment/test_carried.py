import datetime

import pytest

from assessment.carried import carried_over, is_within, origin_words
from assessment.queries import Held, Reading, read_for
from assessment.section_page import SectionPage
from assessment.services.answers import save_changes
from tests.carrying import accepted, opened
from tests.instruments import at, changed, nmdc
from tests.saving import change, put

LAST = {
    "GEN-01": "Peru",
    "GEN-05[abcd1234].name": "Rosa Quispe",
    "GEN-10": "yes",
    "GEN-11": "https://example.org/report",
    "GEN-01.@note": "In three languages.",
    "SRC-INV[SRC-CEN].exists": "yes",
    "SRC-INV[SRC-CEN].holder": "INEI",
    "SRC-INV[SRC-LFS].exists": "no",
}


@pytest.fixture
def carried(nmdc_db, peru, officer):
    accepted(nmdc_db, 2022, peru, officer, LAST)
    return opened(nmdc_db, 2025, peru, officer)


@pytest.fixture
def person(carried, coordinator):
    return coordinator


def waiting(response, by):
    return {str(a) for a in carried_over(read_for(by, response)).addresses}


def page_of(response, by, code, **options):
    reading = read_for(by, response)
    section = reading.instrument.section_by_code[code]
    return SectionPage(
        section, reading, is_readonly=False, prefilled_year=2022, **options
    )


def view_of(page, code):
    return next(view for view in page.questions if view.question.code == code)


def row_of(page, code, row):
    rows = [row for group in view_of(page, code).groups for row in group.rows]
    return next(found for found in rows if found.code == row)


def test_all_that_is_asked_waits_with_what_depends_on_it(carried, person):
    assert waiting(carried, person) == set(LAST)


def test_what_is_confirmed_or_replaced_or_blanked_waits_no_longer(carried, person):
    put(carried, person, {"GEN-01": "Peru", "GEN-10": None, "GEN-01.@note": "New."})

    assert waiting(carried, person) == {
        cell for cell in LAST if cell.startswith(("GEN-05", "SRC"))
    }


def test_question_no_longer_asked_waits_for_nothing(carried, person):
    put(carried, person, {"GEN-10": "no"})

    assert "GEN-11" not in waiting(carried, person)


def test_closed_row_waits_for_nothing_but_may_be_opened_again(carried, person):
    put(carried, person, {"SRC-INV[SRC-CEN].exists": "no"})
    closed = waiting(carried, person)
    put(carried, person, {"SRC-INV[SRC-CEN].exists": "yes"})

    assert "SRC-INV[SRC-CEN].holder" not in closed
    assert "SRC-INV[SRC-CEN].holder" in waiting(carried, person)


def test_remarks_on_rows_are_not_asked_for_since_no_page_shows_them(carried, person):
    save_changes(
        response=carried,
        changes=[change("SRC-INV[SRC-CEN].@note", "Of the row")],
        by=person,
        via="prefill",
        is_confirmed=False,
    )

    assert waiting(carried, person) == set(LAST)


def test_response_without_anything_carried_over_is_read_as_it_is(response, coordinator):
    reading = read_for(coordinator, response)

    found = carried_over(reading)

    assert found.addresses == ()
    assert found.state is reading.state


def test_numbers_to_confirm_are_told_by_section_question_row_and_entry(carried, person):
    found = carried_over(read_for(person, carried))

    assert found.by_section() == {"GEN": 5, "SRC": 3}
    assert found.by_scope() == {
        at("GEN-01"): 2,
        at("GEN-05"): 1,
        at("GEN-05[abcd1234]"): 1,
        at("GEN-10"): 1,
        at("GEN-11"): 1,
        at("SRC-INV"): 3,
        at("SRC-INV[SRC-CEN]"): 2,
        at("SRC-INV[SRC-LFS]"): 1,
    }


@pytest.mark.parametrize(
    ("scope", "is_inside"),
    [
        ("SRC-INV[SRC-CEN].holder", True),
        ("SRC-INV[SRC-CEN].exists", False),
        ("SRC-INV[SRC-CEN]", True),
        ("SRC-INV[SRC-LFS]", False),
        ("SRC-INV", True),
        ("SRC-INV.holder", True),
        ("SRC-01", False),
    ],
)
def test_scope_names_a_cell_a_row_or_a_question(scope, is_inside):
    assert is_within(at("SRC-INV[SRC-CEN].holder"), at(scope)) is is_inside


@pytest.mark.parametrize(
    ("year", "words"), [(2022, "From 2022"), (None, "Carried over")]
)
def test_origin_is_the_year_of_the_round(year, words):
    assert origin_words(year) == words


# The page of a section


def test_value_is_shown_with_its_year(carried, person):
    cell = view_of(page_of(carried, person, "GEN"), "GEN-01").cell

    assert (cell.value, cell.is_unconfirmed, cell.origin) == ("Peru", True, "From 2022")


def test_confirmed_value_is_shown_as_any_other(carried, person):
    put(carried, person, {"GEN-01": "Peru"})

    cell = view_of(page_of(carried, person, "GEN"), "GEN-01").cell

    assert (cell.value, cell.is_unconfirmed, cell.origin) == ("Peru", False, "")


def test_row_opened_by_a_carried_over_answer_shows_its_cells(carried, person):
    row = row_of(page_of(carried, person, "SRC"), "SRC-INV", "SRC-CEN")

    assert (row.name, row.carried, row.origin) == ("SRC-INV[SRC-CEN]", 2, "From 2022")
    assert not row.is_open
    assert [cell.is_closed for cell in row.cells] == [False] * len(row.cells)


def test_row_that_stays_closed_hides_its_cells(carried, person):
    row = row_of(page_of(carried, person, "SRC"), "SRC-INV", "SRC-LFS")

    assert row.carried == 1
    assert any(cell.is_closed for cell in row.cells)


def test_question_asked_by_a_carried_over_answer_is_proposed(carried, person):
    view = view_of(page_of(carried, person, "GEN"), "GEN-11")

    assert (view.is_hidden, view.is_proposed, view.has_answer) == (True, True, True)


def test_question_asked_by_a_confirmed_answer_is_shown(carried, person):
    put(carried, person, {"GEN-10": "yes"})

    view = view_of(page_of(carried, person, "GEN"), "GEN-11")

    assert (view.is_hidden, view.is_proposed, view.has_answer) == (False, False, True)


def test_entry_is_shown_with_what_it_holds(carried, person):
    view = view_of(page_of(carried, person, "GEN"), "GEN-05")

    assert [(item.code, item.carried) for item in view.items] == [("abcd1234", 1)]


def test_section_says_how_much_is_to_be_confirmed(carried, person):
    assert page_of(carried, person, "GEN").to_confirm == 5
    assert page_of(carried, person, "BAS").to_confirm == 0


def test_answers_of_other_sections_come_counted_and_proposed():
    asks = {"q": "GEN-01", "op": "answered"}
    instrument = changed(nmdc(), "POL-02", show_if=asks)
    moment = datetime.datetime(2025, 6, 1, tzinfo=datetime.UTC)
    held = {at("GEN-01"): Held("Peru", 1, "import", moment, is_confirmed=False)}
    section = instrument.section_by_code["POL"]

    data = SectionPage(
        section, Reading(instrument, held), is_readonly=False
    ).script_data

    assert data["answers"] == {"GEN-01": None}
    assert data["proposed"] == {"GEN-01": "Peru"}
