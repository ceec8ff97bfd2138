"""The field of an institution in an answer: by keyboard, by mouse, without a link."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import cell, expect_saved, field, question, section

CENSUS = "SRC-INV[SRC-CEN].holder"
LIST = "/responses/PER/2025/team/institutions/"


@pytest.fixture
def page(visit: Any) -> Page:
    return visit("coordinator.per", section("SRC"))  # type: ignore[no-any-return]


def offered(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Institutions").get_by_role("option")


def test_keyboard_finds_and_takes_an_institution(page, site):
    box = field(page, CENSUS)
    box.fill("")
    box.press_sequentially("regis")

    expect(box).to_have_attribute("role", "combobox")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(offered(page)).to_have_text(
        ["Register office", "Add “regis” as a new institution"]
    )
    box.press("ArrowDown")
    expect(offered(page).first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "institution-option-0")
    box.press("Enter")

    expect(box).to_have_value("Register office")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect_saved(page, CENSUS)
    assert site.answer(CENSUS) == "Register office"


def test_arrows_go_round_and_escape_keeps_the_text(page):
    box = field(page, CENSUS)
    box.fill("office")
    count = offered(page).count()
    box.press("ArrowUp")
    expect(offered(page).last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(offered(page).first).to_have_attribute("aria-selected", "true")

    box.press("Escape")

    assert count == 5  # four offices and the offer to list “office”
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("office")
    box.press("Enter")
    expect(box).to_have_value("office")


def test_mouse_takes_an_institution_and_keeps_the_focus(page, site):
    box = field(page, CENSUS)
    box.fill("MIGRÁTION")
    expect(offered(page)).to_have_count(2)

    offered(page).first.click()

    expect(box).to_have_value("Migration authority")
    expect(box).to_be_focused()
    expect_saved(page, CENSUS)
    assert site.answer(CENSUS) == "Migration authority"


def test_typed_text_is_an_answer_without_any_choice(page, site):
    box = field(page, CENSUS)
    box.fill("Somebody else")
    box.press("Tab")

    expect(page.get_by_role("listbox")).to_be_hidden()
    expect_saved(page, CENSUS)
    assert site.answer(CENSUS) == "Somebody else"
    assert site.rows(
        "SELECT COUNT(*) FROM assessment_institution WHERE name = 'Somebody else'"
    ) == [(0,)]


def test_new_institution_is_listed_in_place(page, site):
    box = field(page, CENSUS)
    box.fill("Instituto Nacional")
    box.press("ArrowUp")
    box.press("Enter")

    expect(
        page.get_by_text("“Instituto Nacional” is listed as an institution now.").last
    ).to_be_visible()
    expect_saved(page, CENSUS)
    assert site.answer(CENSUS) == "Instituto Nacional"
    other = field(page, "SRC-INV[SRC-LFS].holder")
    other.fill("instituto")
    expect(offered(page).first).to_have_text("Instituto Nacional")
    page.goto(LIST)
    row = page.get_by_role("row", name="Instituto Nacional").first
    expect(row).to_contain_text("1 answer")


def test_without_a_link_the_answer_is_kept_though_nothing_is_listed(page, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    box = field(page, CENSUS)
    page.context.set_offline(True)
    box.fill("Instituto Nacional")
    offered(page).last.click()

    expect(page.get_by_text("It could not be listed now.").last).to_be_visible()
    expect(box).to_have_value("Instituto Nacional")
    page.context.set_offline(False)
    expect_saved(page, CENSUS)


def test_field_of_an_added_entry_offers_too(visit):
    page = visit("coordinator.per", section("GEN"))
    group = question(page, "GEN-06")
    group.get_by_role("button", name="Add another entry").click()
    entry = group.locator("[data-item]:visible").last

    entry.get_by_role("combobox").fill("border")

    expect(offered(page).first).to_have_text("Border authority")


def test_list_is_seen_whole_at_the_foot_of_a_phone(visit):
    page = visit(
        "coordinator.per", section("SRC"), viewport={"width": 360, "height": 640}
    )
    box = field(page, "SRC-INV[SRC-LFS].holder")
    box.fill("office")
    box.evaluate("box => box.scrollIntoView({ block: 'end' })")
    shown = page.get_by_role("listbox")
    expect(shown).to_be_in_viewport(ratio=1)

    edges = shown.evaluate(
        "list => [list.getBoundingClientRect().left, list.getBoundingClientRect().right]"
    )

    assert edges[0] >= 0
    assert edges[1] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_plain_list_serves_without_scripts(visit):
    page = visit("coordinator.per", section("SRC"), java_script_enabled=False)

    expect(field(page, CENSUS)).to_have_attribute("list", "institutions")
    expect(page.locator("#institutions option")).to_have_count(11)
    expect(cell(page, CENSUS)).to_be_visible()


def test_two_offices_are_merged_after_seeing_what_changes(visit, site):
    page = visit("coordinator.per", LIST)
    page.get_by_role("link", name="Merge Statistical office", exact=True).click()
    page.get_by_label("It is the same as").select_option("National statistical office")
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_text("5 answers change.")).to_be_visible()
    assert site.answer(CENSUS) == "Statistical office"

    page.get_by_role("button", name="Merge", exact=True).click()

    expect(page.get_by_role("status").first).to_contain_text("5 answers now give")
    assert site.history(CENSUS)[-1] == (
        "coordinator.per",
        "National statistical office",
        "merge",
    )
