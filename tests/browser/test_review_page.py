"""An officer reads a submission: by keyboard, with filters, on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import expect_sound

REVIEW = "/responses/THA/2025/review/"
COMPARE = "/responses/THA/2025/compare/"


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def items(page: Page) -> list[str]:
    page.wait_for_load_state()  # the list stands below what is told of it
    return [str(one.get_attribute("id")) for one in page.locator("[data-item]").all()]


def test_keys_lead_from_question_to_question(visit):
    page = visit("officer", REVIEW)

    press(page, "j")
    first = focused(page)
    press(page, "n", "j")
    third = focused(page)
    press(page, "k", "p", "p")

    assert (first, third, focused(page)) == ("q-GEN-01", "q-GEN-03", "q-GEN-01")


def test_keys_lead_through_what_the_filter_shows(visit):
    page = visit("officer", f"{REVIEW}?show=changed")
    found = []
    for _ in items(page):
        press(page, "j")
        found.append(focused(page))
        expect(page.locator(":focus")).to_be_in_viewport()

    assert found == ["q-GEN-11", "q-BAS-13", "q-SRC-INV", "q-SRC-02", "q-EXC-10"]


def test_keys_open_the_comment_and_what_was_asked(visit):
    page = visit("officer", f"{REVIEW}?section=GEN")
    item = page.locator("#q-GEN-02")
    press(page, "j", "j", "e")
    expect(item.locator("[data-more]")).to_have_attribute("open", "")
    expect(item.locator("[data-more] summary")).to_be_focused()
    press(page, "e")
    expect(item.locator("[data-more]")).not_to_have_attribute("open", "")

    press(page, "c")

    expect(item.locator("[data-comments]")).to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.closest('[data-comments]') !== null")


def test_question_mark_shows_the_keys(visit):
    page = visit("officer", f"{REVIEW}?section=GEN")
    expect(page.get_by_text("next question")).to_be_hidden()

    press(page, "?")

    expect(page.get_by_text("next question")).to_be_visible()


def test_keys_are_letters_while_somebody_writes(visit):
    page = visit("officer", REVIEW)
    page.get_by_text("Return it for correction", exact=True).click()
    box = page.get_by_label("Message to the country")
    box.focus()

    press(page, "j", "k", "?", "c")

    expect(box).to_be_focused()
    expect(box).to_have_value("jk?c")


@pytest.mark.parametrize("has_javascript", [True, False])
def test_filters_combine(visit, has_javascript):
    page = visit("officer", REVIEW, java_script_enabled=has_javascript)
    page.get_by_role("checkbox", name="Changed").check()
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("5 of 141 questions shown.")).to_be_visible()

    page.get_by_role("checkbox", name="Contradictory").check()
    page.get_by_role("button", name="Filter").click()

    expect(page.get_by_text("1 of 141 questions shown.")).to_be_visible()
    assert items(page) == ["q-SRC-INV"]
    page.get_by_role("navigation", name="Sections").get_by_role(
        "link", name="Basic statistics"
    ).click()
    expect(page.get_by_text("No question fits these filters.")).to_be_visible()
    page.get_by_role("link", name="Show all").first.click()
    expect(page.get_by_text("141 of 141 questions shown.")).to_be_visible()


def test_tag_leads_to_the_first_cell_that_changed(visit):
    page = visit("officer", f"{REVIEW}?show=changed")

    page.get_by_role("link", name="Changed: 2 cells").click()

    cell = page.locator('[id="c-SRC-INV[SRC-RES].latest_year"]')
    expect(cell).to_be_in_viewport()
    expect(cell).to_contain_text("2024")
    expect(cell).to_contain_text("Changed, was: 2020")


def test_changed_words_of_a_text_are_marked(visit):
    page = visit("officer", f"{REVIEW}?show=changed&section=EXC")
    words = page.locator("#q-EXC-10 [data-words]")

    expect(words.locator("ins")).to_contain_text("foreign workers.")
    expect(words.locator("del").last).to_contain_text("students.")


def test_phone_chooses_the_section_from_a_list(visit):
    page = visit("officer", REVIEW, viewport={"width": 360, "height": 800})
    expect(page.get_by_role("navigation", name="Sections")).to_be_hidden()

    page.get_by_label("Section", exact=True).select_option("SRC")
    page.get_by_role("button", name="Filter").click()
    expect(page).to_have_url(re.compile("section=SRC"))

    assert page.locator(".review-section h2").inner_text() == "Traditional data sources"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_review_is_sound_with_everything_open(visit):
    page = visit("officer", f"{REVIEW}?show=changed")
    page.evaluate(
        "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
    )

    expect_sound(page)


def test_country_compares_what_it_submitted(visit):
    page = visit("coordinator.tha", "/responses/THA/2025/")
    page.get_by_role("link", name="Compare submissions").click()
    expect(page.locator(".compared__question")).to_have_count(5)
    words = page.locator("[data-words]").filter(has_text="foreign")
    expect(words.locator("ins")).to_contain_text("foreign workers.")

    for name in ("Added", "Changed"):
        page.get_by_role("checkbox", name=name).uncheck()
    page.get_by_role("button", name="Compare").click()

    expect(page.locator(".compared__question")).to_have_count(1)
    expect(page.locator(".compared__question")).to_contain_text("Removed")
