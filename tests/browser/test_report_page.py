"""The report on the screen by hand: filters, charts and tables, trying out answers."""

import re

from playwright.sync_api import expect

from tests.browser.pages import PERU, expect_eventually

REPORT = f"{PERU}report/"
WHAT_IF = f"{REPORT}what-if/"


def test_answers_are_tried_out_and_nothing_is_saved(visit, watch, site):
    watch.expect("status of 422")
    page = visit("coordinator.per", f"{WHAT_IF}?at=COO-01&at=GEN-02")
    before = site.rows("SELECT count(*), max(changed_at) FROM assessment_answer")
    outcome = page.locator("#outcome")
    expect(outcome).to_contain_text("40.2 → 40.2")

    mechanism = page.get_by_label("Is there an interagency mechanism").last
    mechanism.focus()
    mechanism.select_option("none")

    expect(outcome).to_contain_text("40.2 → 38.5")
    expect(outcome).to_contain_text("Level Developing → Emerging")
    expect(mechanism).to_be_focused()
    expect(page).to_have_url(re.compile(r"what-if/\?at=GEN-02&COO-01=none$"))
    expect(page.locator('[data-given="COO-01"]')).to_contain_text("Changed; given")

    page.locator('input[name="GEN-02"]').fill("1800")
    page.locator('input[name="GEN-02"]').blur()
    expect(page.locator(".trial__error")).to_have_text(
        "Enter a year from 1900 to 2035."
    )

    page.reload()  # the address holds what was changed
    expect(page.locator("#outcome")).to_contain_text("40.2 → 38.5")
    page.get_by_label("Question, or row of a table").evaluate(
        "select => { select.closest('details').open = true }"
    )
    page.get_by_label("Question, or row of a table").select_option("BAS-13")
    expect(page.locator('fieldset[id="at-BAS-13"]')).to_be_visible()
    page.get_by_role("link", name="Reset").click()
    expect(page.locator("#outcome")).to_contain_text("40.2 → 40.2")

    after = site.rows("SELECT count(*), max(changed_at) FROM assessment_answer")
    assert after == before


def test_report_is_filtered_and_read_as_a_table(visit):
    page = visit("coordinator.per", f"{REPORT}?horizon=short")
    count = page.locator("[data-count]")
    expect(count).to_have_text("26 of 56 actions")

    page.get_by_label("Priority", exact=True).select_option("high")

    expect(count).to_have_text("14 of 56 actions")
    expect(page).to_have_url(re.compile(r"report/\?horizon=short&priority=high$"))
    page.get_by_label("Priority", exact=True).select_option("low")
    expect(page.get_by_text("No action of the first wave fits")).to_be_visible()
    hidden = page.locator('[id="action-R-QUA-02"]')
    expect(hidden).to_be_hidden()
    page.locator('main a[href="#action-R-QUA-02"]').first.click()
    expect(hidden).to_be_in_viewport()  # a link shows what the filters hide
    page.get_by_role("link", name="Show all").click()
    expect(count).to_have_text("56 of 56 actions")

    line = page.locator(".profile summary.profile__line").first
    line.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")  # reached by keyboard
    expect(line.locator(".tip")).to_be_visible()
    expect(line.locator(".tip")).to_contain_text("Could rise to")
    page.keyboard.press("Escape")
    expect(line.locator(".tip")).to_be_hidden()

    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # the switch before it
    table = page.get_by_role("region", name="Profile by section as a table")
    expect(table.get_by_role("row")).to_have_count(9)
    expect(line).to_be_hidden()

    page.set_viewport_size({"width": 360, "height": 800})
    page.locator(".jump summary").click()
    page.locator(".jump").get_by_role("link", name="7 Action plan").click()
    expect(page.locator(".jump__list")).to_be_hidden()
    expect_eventually(page, "location.hash", "#plan")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
