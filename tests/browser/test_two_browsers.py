"""Two people at once: nobody's work is overwritten, and nobody is asked without need."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import bar, cell, expect_saved, field, question, section, state

FIRST, SECOND = "coordinator.per", "contributor.per"
CELL = "SRC-INV[SRC-CEN]"


@pytest.fixture
def both(visit):
    def on(code: str) -> tuple[Page, Page]:
        return visit(FIRST, section(code)), visit(SECOND, section(code))

    return on


def save_text(page: Page, address: str, text: str) -> None:
    field(page, address).fill(text)
    field(page, address).blur()


def choose_other(page: Page, address: str, which: int) -> str:
    """Choose an answer that does not stand; return its label."""
    options = cell(page, address).locator("option:not(:checked):not([value=''])")
    label = options.nth(which).inner_text()
    cell(page, address).locator("select").select_option(label=label)
    return label


def quarrel(first: Page, second: Page, site) -> None:
    """Both write the lead agency; the second to arrive is asked."""
    before = site.answer("GEN-03")
    save_text(first, "GEN-03", "INEI")
    expect_saved(first, "GEN-03")
    save_text(second, "GEN-03", "Migraciones")
    place = state(second, "GEN-03")
    expect(place.get_by_role("alert")).to_contain_text(
        "Coordinator Peru (demo) changed this"
    )
    expect(place).to_contain_text(f"When you began: {before}")
    expect(place).to_contain_text("Stored now: INEI")
    expect(place).to_contain_text("Yours: Migraciones")
    expect(field(second, "GEN-03")).to_have_value("Migraciones")
    expect(bar(second)).to_contain_text("Answers that could not be saved: 1.")
    assert site.answer("GEN-03") == "INEI"


def test_later_person_is_asked_and_may_use_theirs(both, site):
    first, second = both("GEN")
    quarrel(first, second, site)

    state(second, "GEN-03").get_by_role("button", name="Use mine instead").click()

    expect_saved(second, "GEN-03")
    assert site.history("GEN-03")[-2:] == [
        (FIRST, "INEI", "page"),
        (SECOND, "Migraciones", "merge"),
    ]


def test_later_person_may_keep_what_is_stored(both, site):
    first, second = both("GEN")
    quarrel(first, second, site)
    before = site.history("GEN-03")

    state(second, "GEN-03").get_by_role("button", name="Keep the stored answer").click()

    expect(field(second, "GEN-03")).to_have_value("INEI")
    expect(field(second, "GEN-03")).to_be_focused()
    expect(state(second, "GEN-03")).to_be_empty()
    assert site.history("GEN-03") == before

    save_text(second, "GEN-03", "INEI and Migraciones")

    expect_saved(second, "GEN-03")
    assert site.history("GEN-03")[-1] == (SECOND, "INEI and Migraciones", "page")


def test_later_person_may_keep_both(both, site):
    first, second = both("GEN")
    quarrel(first, second, site)

    state(second, "GEN-03").get_by_role("button", name="Keep both").click()

    expect_saved(second, "GEN-03")
    expect(field(second, "GEN-03")).to_have_value("INEI / Migraciones")
    assert site.history("GEN-03")[-1] == (SECOND, "INEI / Migraciones", "merge")


def test_later_person_may_put_both_together_and_edit(both, site):
    first, second = both("GEN")
    quarrel(first, second, site)

    state(second, "GEN-03").get_by_role("button", name="Put both together").click()

    box = field(second, "GEN-03")
    expect(box).to_be_focused()
    expect(box).to_have_value("INEI / Migraciones")
    assert site.answer("GEN-03") == "INEI"  # not before it is edited or left
    box.fill("INEI with Migraciones")
    box.blur()
    expect_saved(second, "GEN-03")
    assert site.history("GEN-03")[-1] == (SECOND, "INEI with Migraciones", "merge")

    save_text(second, "GEN-03", "INEI")

    expect_saved(second, "GEN-03")
    assert site.history("GEN-03")[-1] == (SECOND, "INEI", "page")


def test_long_texts_are_kept_both_with_a_blank_line_between(both, site):
    first, second = both("GEN")
    save_text(first, "GEN-12", "From the census.\nSecond line.")
    expect_saved(first, "GEN-12")
    save_text(second, "GEN-12", "From the registers.")

    state(second, "GEN-12").get_by_role("button", name="Keep both").click()

    expect_saved(second, "GEN-12")
    text = "From the census.\nSecond line.\n\nFrom the registers."
    assert site.history("GEN-12")[-1] == (SECOND, text, "merge")
    expect(field(second, "GEN-12")).to_have_value(text)


def test_differences_of_texts_are_marked_and_said(both):
    first, second = both("GEN")
    start = "The office has a plan for the next census of the whole population."
    save_text(first, "GEN-12", start)
    expect_saved(first, "GEN-12")
    second.reload()
    save_text(first, "GEN-12", start.replace("next", "2027"))
    expect_saved(first, "GEN-12")
    expect(field(second, "GEN-12")).to_have_value(start)

    save_text(second, "GEN-12", start.replace(" of the whole population", ""))

    versions = state(second, "GEN-12").locator(".conflict__version")
    expect(versions.nth(0)).to_have_text(f"When you began: {start}")
    expect(versions.nth(1).locator("ins")).to_have_text("[added: 2027]")
    expect(versions.nth(1).locator("del")).to_have_text("[removed: next]")
    expect(versions.nth(2).locator("del")).to_have_text(
        "[removed: census of the whole population.]"
    )
    expect(versions.nth(2).locator("ins")).to_have_text("[added: census.]")


def test_boxes_are_kept_of_both(both, site):
    first, second = both("GEN")
    before = site.answer("GEN-09")
    cell(first, "GEN-09").get_by_label("Sizeable return migration").check()
    expect_saved(first, "GEN-09")
    stored = site.answer("GEN-09")
    boxes = cell(second, "GEN-09").locator(
        "input:not(:checked, [value=dk], [value=na])"
    )
    mine = boxes.last.get_attribute("value")
    boxes.last.check()

    state(second, "GEN-09").get_by_role("button", name="Keep both").click()

    expect_saved(second, "GEN-09")
    *_, (person, value, via) = site.history("GEN-09")
    assert (person, set(value), via) == (SECOND, {*before, *stored, mine}, "merge")
    expect(state(second, "GEN-09").get_by_role("button", name="edit")).to_have_count(0)


def test_choice_between_options_offers_no_both(both):
    first, second = both("SRC")
    choose_other(first, f"{CELL}.nso_access", 1)
    expect_saved(first, f"{CELL}.nso_access")

    cell(second, f"{CELL}.nso_access").locator("select").focus()
    choose_other(second, f"{CELL}.nso_access", 2)

    buttons = state(second, f"{CELL}.nso_access").get_by_role("button")
    expect(buttons).to_have_text(["Keep the stored answer", "Use mine instead"])
    expect(buttons.first).to_be_focused()  # the person is in that cell


def test_conflict_never_takes_the_focus_out_of_a_text(both, site):
    first, second = both("GEN")
    save_text(first, "GEN-03", "INEI")
    expect_saved(first, "GEN-03")

    field(second, "GEN-03").fill("Migraciones")
    expect(state(second, "GEN-03").get_by_role("alert")).to_be_visible()

    expect(field(second, "GEN-03")).to_be_focused()
    second.keyboard.type(" of Peru")
    expect(state(second, "GEN-03")).to_contain_text("Yours: Migraciones of Peru")
    state(second, "GEN-03").get_by_role("button", name="Use mine instead").click()
    expect_saved(second, "GEN-03")
    assert site.answer("GEN-03") == "Migraciones of Peru"


def test_choice_that_cannot_be_sent_keeps_the_conflict_open(both, site, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    first, second = both("GEN")
    quarrel(first, second, site)
    second.context.set_offline(True)

    state(second, "GEN-03").get_by_role("button", name="Use mine instead").click()

    expect(state(second, "GEN-03")).to_contain_text("Your choice could not be sent")
    expect(field(second, "GEN-03")).to_have_value("Migraciones")
    second.context.set_offline(False)
    second.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(cell(second, "GEN-03")).to_have_attribute("data-save-state", "conflict")
    assert site.answer("GEN-03") == "INEI"
    state(second, "GEN-03").get_by_role("button", name="Use mine instead").click()
    expect_saved(second, "GEN-03")
    assert site.history("GEN-03")[-1] == (SECOND, "Migraciones", "merge")


def test_answer_that_moves_on_during_the_choice_is_a_new_conflict(both, site):
    first, second = both("GEN")
    quarrel(first, second, site)
    save_text(first, "GEN-03", "INEI, Lima")
    expect_saved(first, "GEN-03")

    state(second, "GEN-03").get_by_role("button", name="Use mine instead").click()

    expect(state(second, "GEN-03")).to_contain_text("When you began: INEI")
    expect(state(second, "GEN-03").locator("[data-version=theirs]")).to_have_text(
        "Stored now: INEI, Lima"
    )
    assert site.answer("GEN-03") == "INEI, Lima"


def test_choices_are_named_in_words(both):
    first, second = both("SRC")
    chosen = choose_other(first, f"{CELL}.nso_access", 1)
    expect_saved(first, f"{CELL}.nso_access")

    choose_other(second, f"{CELL}.nso_access", 2)

    expect(state(second, f"{CELL}.nso_access")).to_contain_text(f"Stored now: {chosen}")


def test_same_answer_twice_is_no_conflict(both, site):
    first, second = both("GEN")
    save_text(first, "GEN-03", "INEI")
    expect_saved(first, "GEN-03")

    save_text(second, "GEN-03", "INEI")

    expect_saved(second, "GEN-03")
    assert site.history("GEN-03")[-1] == (FIRST, "INEI", "page")


def test_different_cells_of_a_matrix_never_conflict(both, site):
    first, second = both("SRC")

    for page, column, text in (
        (first, "holder", "INEI"),
        (second, "latest_year", "2018"),
        (first, "latest_year", "2018"),
    ):
        save_text(page, f"{CELL}.{column}", text)
        expect_saved(page, f"{CELL}.{column}")
    choose_other(first, f"{CELL}.periodicity", 1)
    choose_other(second, f"{CELL}.coverage", 1)

    expect_saved(first, f"{CELL}.periodicity")
    expect_saved(second, f"{CELL}.coverage")
    expect(first.get_by_text("Use mine instead")).to_have_count(0)
    expect(second.get_by_text("Use mine instead")).to_have_count(0)
    assert site.answer(f"{CELL}.holder") == "INEI"
    assert site.answer(f"{CELL}.latest_year") == 2018


def test_entry_changed_by_a_colleague_is_not_removed_unseen(both, site):
    first, second = both("EXC")
    entry = question(first, "EXC-02").locator("[data-item]").first
    address = entry.locator("[data-cell]").first.get_attribute("data-cell") or ""
    save_text(second, address, "Andean Community")
    expect_saved(second, address)

    entry.get_by_role("button", name="Remove this entry").click()

    expect(entry).to_be_visible()
    expect(state(first, address)).to_contain_text("Stored now: Andean Community")
    expect(state(first, address)).to_contain_text("Yours: nothing")
    assert site.answer(address) == "Andean Community"


def test_conflict_keeps_the_page_until_it_is_settled(both, site):
    first, second = both("GEN")
    quarrel(first, second, site)

    second.get_by_role("button", name="Save and continue").click()

    expect(state(second, "GEN-03").get_by_role("button").first).to_be_focused()
    expect(second).to_have_url(re.compile("/sections/gen/$"))


def test_conflict_on_boxes_is_settled_by_taking_the_stored_ones(both, site):
    first, second = both("GEN")
    cell(first, "GEN-09").get_by_label("Sizeable return migration").check()
    expect_saved(first, "GEN-09")
    stored = site.answer("GEN-09")

    cell(second, "GEN-09").get_by_label("Do not know").check()
    expect(state(second, "GEN-09")).to_contain_text("Yours: Do not know")
    state(second, "GEN-09").get_by_role("button", name="Keep the stored").click()

    expect(cell(second, "GEN-09").get_by_label("Sizeable return")).to_be_checked()
    expect(cell(second, "GEN-09").get_by_label("Do not know")).not_to_be_checked()
    assert site.answer("GEN-09") == stored
