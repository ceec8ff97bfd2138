import json

import pytest
from django.http import QueryDict

from assessment.queries import held_answers, instrument_of, read_for
from assessment.refusals import Malformed
from assessment.section_form import BASES, SectionForm, posted_changes
from assessment.section_page import SectionPage, new_item_code
from assessment.services.answers import ITEM_CODE, Conflict, Invalid, save_changes
from tests.instruments import at, nmdc
from tests.saving import change, put, save


@pytest.fixture
def page_of(response, coordinator):
    def build(code, outcomes=(), *, is_readonly=False):
        reading = read_for(coordinator, response)
        return SectionPage(
            reading.instrument.section_by_code[code],
            reading,
            is_readonly=is_readonly,
            outcomes={outcome.address: outcome for outcome in outcomes},
        )

    return build


def cells_of(page):
    empty = [view.blank_item for view in page.questions if view.blank_item]
    new = [cell for item in empty for cell in item.cells]
    return {cell.name: cell for cell in (*page._all_cells(), *new)}


def view_of(page, code):
    return next(view for view in page.questions if view.question.code == code)


def posted(response, by, bases, **data):
    """Return the changes that a form with these fields makes."""
    query = QueryDict(mutable=True)
    query[BASES] = bases if isinstance(bases, str) else json.dumps(bases)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return list(posted_changes(query, response, read_for(by, response)))


# The page


@pytest.mark.parametrize("section", nmdc().sections, ids=lambda s: s.code)
def test_page_shows_every_question_of_its_section(page_of, section):
    page = page_of(section.code)

    assert [view.question.code for view in page.questions] == [
        question.code for question in section.questions
    ]


@pytest.mark.parametrize("section", nmdc().sections, ids=lambda s: s.code)
def test_every_cell_carries_its_base_but_fixed_ones(page_of, section):
    page = page_of(section.code)
    bases = json.loads(page.bases)

    cells = cells_of(page)

    fixed = {name for name, cell in cells.items() if cell.is_fixed}
    assert set(bases) == set(cells) - fixed
    assert {base for name, base in bases.items() if name != "GEN-02"} == {0}


def test_base_is_the_revision_that_is_shown(page_of, response, coordinator):
    put(response, coordinator, {"GEN-01": "a"})
    put(response, coordinator, {"GEN-01": "b"})

    page = page_of("GEN")

    assert json.loads(page.bases)["GEN-01"] == 2
    assert cells_of(page)["GEN-01"].value == "b"


def test_reader_is_given_words_and_no_bases(page_of, response, coordinator):
    put(response, coordinator, {"GEN-10": "dk", "GEN-12": "As said"})

    page = page_of("GEN", is_readonly=True)

    assert page.bases == "{}"
    assert cells_of(page)["GEN-10"].words == "Do not know"
    assert cells_of(page)["GEN-12"].words == "As said"
    assert view_of(page, "GEN-05").blank_item is None


def test_matrix_is_closed_where_its_gate_is(page_of, response, coordinator):
    put(
        response,
        coordinator,
        {
            "SRC-INV[SRC-CEN].exists": "yes",
            "SRC-INV[SRC-LFS].exists": "no",
            "SRC-INV[SRC-LFS].holder": "INEI",
        },
    )

    cells = cells_of(page_of("SRC"))

    assert not cells["SRC-INV[SRC-CEN].holder"].is_closed
    assert cells["SRC-INV[SRC-LFS].holder"].is_closed
    assert cells["SRC-INV[SRC-LFS].holder"].value == "INEI"
    assert not cells["SRC-INV[SRC-LFS].exists"].is_closed


def test_hidden_question_says_when_it_is_asked_and_keeps_its_answer(
    page_of, response, coordinator
):
    put(response, coordinator, {"GEN-10": "no", "GEN-11": "https://example.org/"})

    view = view_of(page_of("GEN"), "GEN-11")

    assert view.is_hidden
    assert view.has_answer
    assert view.condition == "GEN-10 (Earlier assessment) is “Yes”"
    assert view.cell.value == "https://example.org/"


def test_group_shows_its_items_in_the_order_of_first_save_and_an_empty_one(
    page_of, response, coordinator
):
    for code in ("zzzzzzzz", "aaaaaaaa"):
        put(response, coordinator, {f"GEN-05[{code}].name": code})

    view = view_of(page_of("GEN"), "GEN-05")

    assert [item.code for item in view.items] == ["zzzzzzzz", "aaaaaaaa"]
    assert ITEM_CODE.fullmatch(view.blank_item.code)


def test_full_group_offers_no_further_item(page_of, response, coordinator):
    put(response, coordinator, {f"GEN-05[item000{n}].name": "x" for n in range(5)})

    view = view_of(page_of("GEN"), "GEN-05")

    assert len(view.items) == 5
    assert view.blank_item is None


def test_removed_item_is_not_shown(page_of, response, coordinator):
    put(response, coordinator, {"GEN-05[abcd1234].name": "x"})
    put(response, coordinator, {"GEN-05[abcd1234].name": None})

    assert view_of(page_of("GEN"), "GEN-05").items == []


def test_new_item_codes_are_well_formed_and_differ():
    codes = {new_item_code() for _ in range(100)}

    assert len(codes) == 100
    assert all(ITEM_CODE.fullmatch(code) for code in codes)


def test_assessment_year_offers_no_dk(page_of):
    cells = cells_of(page_of("GEN"))

    assert cells["GEN-02"].dk_label == ""


@pytest.mark.parametrize(
    ("section", "cell", "dk", "na"),
    [
        ("BAS", "BAS-13", "Do not know", ""),
        ("SRC", "SRC-INV[SRC-CEN].latest_year", "Do not know", ""),
        ("EXC", "EXC-REP[EXC-R1].last_year", "Do not know", ""),
    ],
)
def test_number_offers_dk_beside_it(page_of, section, cell, dk, na):
    cells = cells_of(page_of(section))
    row = next(iter(nmdc().question_by_code["EXC-REP"].row_by_code))

    found = cells[cell.replace("EXC-R1", row)]

    assert (found.dk_label, found.na_label) == (dk, na)


def test_carried_over_value_is_marked(page_of, response, coordinator):
    save_changes(
        response=response,
        changes=[change("GEN-04", "nso")],
        by=coordinator,
        via="prefill",
        is_confirmed=False,
    )

    cell = cells_of(page_of("GEN"))["GEN-04"]

    assert (cell.value, cell.is_unconfirmed) == ("nso", True)


def test_script_data_holds_conditions_and_gates(page_of, response, coordinator):
    put(
        response,
        coordinator,
        {"BAS-STAT[BAS-S01].produced": "regular", "SRC-INV[SRC-CEN].exists": "yes"},
    )

    data = page_of("SRC").script_data

    assert json.loads(json.dumps(data)) == data
    assert data["conditions"]["SRC-02"] == nmdc().question_by_code["SRC-02"].show_if
    assert data["matrices"]["SRC-INV"] == {"gate": "exists", "open": ["yes"]}


# A form shown again


def test_refused_text_is_shown_again_with_its_errors(page_of):
    page = page_of("BAS", [Invalid(at("BAS-13"), ["Enter a number."], "many", 0)])

    cell = cells_of(page)["BAS-13"]

    assert (cell.value, cell.errors) == ("many", ["Enter a number."])
    assert page.problems == [
        ("BAS-13", nmdc().question_by_code["BAS-13"].text, "Enter a number.")
    ]


def test_refused_text_keeps_the_base_it_was_typed_on(page_of, response, coordinator):
    """Corrected and sent again it meets what a colleague saved as a conflict."""
    put(response, coordinator, {"GEN-04": "nso"})
    put(response, coordinator, {"GEN-04": "other"})

    page = page_of("GEN", [Invalid(at("GEN-04"), ["Choose."], "xxx", 1)])

    assert json.loads(page.bases)["GEN-04"] == 1


def test_conflict_shows_both_values_and_the_revision_seen(
    page_of, response, coordinator, contributor
):
    put(response, coordinator, {"GEN-12": "first"})
    put(response, coordinator, {"GEN-12": "theirs"})
    outcome = save(response, contributor, change("GEN-12", "mine", 1))
    assert type(outcome) is Conflict
    put(response, coordinator, {"GEN-12": "later still"})

    page = page_of("GEN", [outcome])

    cell = cells_of(page)["GEN-12"]
    assert (cell.value, cell.theirs) == ("mine", "theirs")
    assert json.loads(page.bases)["GEN-12"] == 2


def test_refused_new_item_is_shown_again(page_of):
    page = page_of(
        "EXC", [Invalid(at("EXC-02[abcd1234].since"), ["No."], "long ago", 0)]
    )

    items = view_of(page, "EXC-02").items

    assert [item.code for item in items] == ["abcd1234"]
    assert [cell.value for cell in items[0].cells][-1] == "long ago"


def test_form_shows_numbers_and_leaves_reserved_answers_beside_them(
    page_of, response, coordinator
):
    put(response, coordinator, {"BAS-13": "dk", "STR-15": 1.5})

    assert SectionForm(page_of("BAS")).initial["BAS-13"] == ""
    assert SectionForm(page_of("STR")).initial["STR-15"] == "1.5"


# What a form changed


def test_unchanged_form_changes_nothing(response, coordinator):
    documents = [{"title": "Law", "url": "https://example.org/"}]
    put(
        response,
        coordinator,
        {
            "GEN-01": "Peru",
            "GEN-12": "one\ntwo",
            "STR-15": 1.5,
            "BAS-13": "dk",
            "GEN-09": ["email"] if has_choice("GEN-09", "email") else first("GEN-09"),
            "BAS-01.@evidence": documents,
        },
    )
    held = held_answers(response)
    bases = {str(address): h.revision for address, h in held.items()}

    changes = posted(
        response,
        coordinator,
        bases,
        **{
            "GEN-01": " Peru ",
            "GEN-02": "2025",
            "GEN-12": "one\r\ntwo\r\n",
            "STR-15": "1,50",
            "BAS-13": "",
            "BAS-13~dk": "dk",
            "GEN-09": held[at("GEN-09")].value,
            "BAS-01.@evidence~title": ["Law", ""],
            "BAS-01.@evidence~url": ["https://example.org/", ""],
        },
    )

    assert changes == []


def has_choice(code, value):
    return value in [c.value for c in nmdc().question_by_code[code].choices]


def first(code):
    return [nmdc().question_by_code[code].choices[0].value]


def test_changed_field_is_a_change_at_its_base(response, coordinator):
    put(response, coordinator, {"GEN-01": "Peru"})

    changes = posted(response, coordinator, {"GEN-01": 1}, **{"GEN-01": "Perú"})

    assert changes == [change("GEN-01", "Perú", 1)]


def test_absent_field_is_untouched(response, coordinator):
    put(response, coordinator, {"GEN-01": "Peru", "GEN-04": "nso"})

    assert posted(response, coordinator, {"GEN-01": 1, "GEN-04": 1}) == []


def test_field_outside_the_map_is_ignored(response, coordinator):
    assert posted(response, coordinator, {}, **{"GEN-01": "Peru"}) == []


def test_rendered_multiple_choice_that_is_absent_is_empty(response, coordinator):
    put(response, coordinator, {"GEN-09": first("GEN-09")})

    assert posted(response, coordinator, {"GEN-09": 1}) == [change("GEN-09", [], 1)]
    assert posted(response, coordinator, {}) == []


def test_multiple_choice_never_answered_and_absent_is_no_change(response, coordinator):
    assert posted(response, coordinator, {"GEN-09": 0}) == []


def test_unticked_dk_with_an_empty_box_is_blank(response, coordinator):
    put(response, coordinator, {"BAS-13": "dk"})

    changes = posted(response, coordinator, {"BAS-13": 1}, **{"BAS-13": ""})

    assert changes == [change("BAS-13", "", 1)]


def test_untouched_cell_a_colleague_changed_is_no_change(response, coordinator):
    """What is posted equals the value at the base: the person did nothing to it."""
    put(response, coordinator, {"GEN-12": "as shown"})
    put(response, coordinator, {"GEN-12": "theirs"})

    changes = posted(response, coordinator, {"GEN-12": 1}, **{"GEN-12": "as shown"})

    assert changes == []


def test_cell_changed_on_an_old_base_is_a_change_at_that_base(response, coordinator):
    put(response, coordinator, {"GEN-12": "as shown"})
    put(response, coordinator, {"GEN-12": "theirs"})

    changes = posted(response, coordinator, {"GEN-12": 1}, **{"GEN-12": "mine"})

    assert changes == [change("GEN-12", "mine", 1)]


def test_cell_that_was_blank_when_shown_and_still_is_is_no_change(
    response, coordinator
):
    put(response, coordinator, {"GEN-12": "theirs"})

    assert posted(response, coordinator, {"GEN-12": 0}, **{"GEN-12": ""}) == []


def test_unchanged_year_past_the_limit_of_the_round_is_no_change(response, coordinator):
    """The assessment year was changed after: a colleague's correction stands."""
    put(response, coordinator, {"GEN-02": 2035})
    put(response, coordinator, {"STR-02": 2044})
    put(response, coordinator, {"STR-02": 2043})

    assert posted(response, coordinator, {"STR-02": 1}, **{"STR-02": "2044"}) == []


def test_earlier_values_cost_one_query_however_many_cells_moved_on(
    response, coordinator, django_assert_num_queries
):
    for value in ("a", "b"):
        put(response, coordinator, dict.fromkeys(["GEN-01", "GEN-03", "GEN-12"], value))
    reading = read_for(coordinator, response)
    query = QueryDict(mutable=True)
    query[BASES] = json.dumps({"GEN-01": 1, "GEN-03": 1, "GEN-12": 1})
    query.update(dict.fromkeys(["GEN-01", "GEN-03", "GEN-12"], "a"))

    with django_assert_num_queries(1):
        changes = list(posted_changes(query, response, reading))

    assert changes == []


@pytest.mark.parametrize("base", [5, 99_999_999_999, 10**30])
def test_base_that_never_was_is_passed_on_and_meets_a_conflict(
    response, coordinator, base
):
    put(response, coordinator, {"GEN-12": "theirs"})

    changes = posted(response, coordinator, {"GEN-12": base}, **{"GEN-12": "mine"})

    assert changes == [change("GEN-12", "mine", base)]


@pytest.mark.parametrize(
    "cell", ["XXX-01", "SRC-INV[XXX].exists", "POL-SDG[SDG-8.8.2].disaggregated"]
)
def test_cells_that_are_not_asked_are_left_out(response, coordinator, cell):
    assert posted(response, coordinator, {cell: 0}, **{cell: "na"}) == []


@pytest.mark.parametrize(
    "bases",
    [
        "", "{", "null", "[]", "5", '"x"', '{"GEN-01": "1"}', '{"GEN-01": -1}',
        '{"GEN-01": 1.0}', '{"GEN-01": true}', '{"GEN-01": null}', '{"GEN 01": 1}',
        '{"GEN-01\\n": 1}', '{"": 1}', '{"GEN-01": NaN}', "[" * 100_000, '{"a":' * 100_000,
    ],
)  # fmt: skip
def test_map_of_revisions_that_is_none_is_malformed(response, coordinator, bases):
    with pytest.raises(Malformed) as refused:
        posted(response, coordinator, bases, **{"GEN-01": "x"})

    assert refused.value.status == 400


def test_form_without_the_map_is_malformed(response, coordinator):
    reading = read_for(coordinator, response)

    with pytest.raises(Malformed):
        list(posted_changes(QueryDict("GEN-01=x"), response, reading))


def test_largest_section_fits_the_limit_of_fields(response, settings):
    """Every box of every list ticked, and the documents of every question."""
    instrument = instrument_of(response)
    fields = {
        section.code: sum(
            len(cell.choices) + 2
            for question in section.questions
            for address, cell in instrument._cells.items()
            if address.question == question.code
        )
        + sum(q.max_items * len(q.columns) for q in section.questions if q.is_group)
        for section in instrument.sections
    }

    assert max(fields.values()) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
