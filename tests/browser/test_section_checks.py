"""Rules that fire stand beside their cells, come and go as answers change."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import (
    PERU,
    cell,
    expect_saved,
    field,
    question,
    section,
)
from tests.browser.test_accessibility import expect_sound

RESIDENCE = "SRC-INV[SRC-RES].latest_year"
COORDINATOR, CONTRIBUTOR = "coordinator.per", "contributor.per"


def rule(page: Page, code: str):
    return page.locator(".rule").filter(has=page.locator(f"#rule-{code}"))


def counts(page: Page):
    return page.locator(".section-checks__counts")


def type_year(page: Page, address: str, year: str) -> None:
    field(page, address).fill(year)
    field(page, address).blur()
    expect_saved(page, address)


def test_contradiction_appears_beside_its_cell_and_goes_when_it_is_corrected(visit):
    page = visit(COORDINATOR, section("SRC"))
    expect(rule(page, "C-001")).to_have_count(0)
    box = field(page, RESIDENCE)

    box.fill("2030")
    expect_saved(page, RESIDENCE)

    message = rule(page, "C-001")
    expect(message).to_contain_text("Contradiction: cannot both be true.")
    expect(message.get_by_role("link", name="Assessment year")).to_have_attribute(
        "href", f"{PERU}sections/gen/#q-GEN-02"
    )
    expect(page.locator('[data-row="SRC-RES"] + .matrix__rules')).to_contain_text(
        "The latest year of a source is later than the assessment year"
    )
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-describedby", "rule-C-001")
    expect(cell(page, RESIDENCE)).to_have_attribute("data-mark", "error")
    expect(counts(page)).to_contain_text("1 contradiction")
    expect(page.locator("[data-said]")).to_have_text(
        "In this section: 1 contradiction, 3 points to explain."
    )

    box.fill("2025")

    expect(message).to_have_count(0)
    expect(page.locator('[data-row="SRC-RES"] + .matrix__rules')).to_have_count(0)
    expect(box).to_be_focused()
    assert box.get_attribute("aria-describedby") is None
    assert cell(page, RESIDENCE).get_attribute("data-mark") is None
    expect(counts(page)).not_to_contain_text("contradiction")


def test_message_above_does_not_move_what_is_being_typed(visit):
    page = visit(COORDINATOR, section("SRC"))
    box = field(page, "SRC-INV[SRC-JUS].latest_year")
    cell(page, "SRC-INV[SRC-JUS].exists").locator("select").select_option("yes")
    type_year(page, RESIDENCE, "2030")
    box.focus()
    before = box.bounding_box()

    expect(rule(page, "C-001")).to_have_count(1)

    after = box.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == pytest.approx(before["y"], abs=1)
    expect(box).to_be_focused()


def test_warning_is_explained_in_the_note(visit, site):
    page = visit(COORDINATOR, section("SRC"))
    warning = rule(page, "C-051")
    expect(warning).to_contain_text("Unusual together: check, or explain.")

    warning.get_by_role("link", name=re.compile("in the note")).click()

    note = question(page, "SRC-19").get_by_role("textbox", name=re.compile("^Note on"))
    expect(note).to_be_focused()
    note.fill("The registers are checked by their keepers.")
    note.blur()
    expect(warning).to_contain_text("Unusual together: explained.")
    expect(warning).to_contain_text("The registers are checked by their keepers.")
    expect(counts(page)).to_contain_text("1 explained")
    assert site.answer("SRC-19.@note") == "The registers are checked by their keepers."


def test_rule_across_sections_shows_in_both_and_leads_to_the_note_of_the_other(visit):
    page = visit(COORDINATOR, section("BAS"))
    warning = rule(page, "C-036")

    expect(warning.get_by_role("link", name=re.compile("Exists"))).to_be_visible()
    warning.get_by_role("link", name=re.compile("in the note")).click()

    page.wait_for_url(re.compile("/sections/src/#"))
    note = cell(page, "SRC-INV.@note")
    expect(note).to_be_visible()
    expect(rule(page, "C-036")).to_contain_text("Basic statistics available")


def test_colleagues_correction_in_another_section_takes_the_message_away(visit):
    page = visit(COORDINATOR, section("BAS"))
    other = visit(CONTRIBUTOR, section("SRC"))
    expect(rule(page, "C-036")).to_have_count(1)
    chosen = cell(other, "SRC-INV[SRC-NAT].exists").locator("select")
    chosen.select_option("yes")
    expect_saved(other, "SRC-INV[SRC-NAT].exists")

    page.get_by_role("radio").first.focus()
    field(page, "BAS-01.@note").evaluate(
        "box => { box.closest('details').open = true }"
    )
    field(page, "BAS-01.@note").fill("Seen.")
    field(page, "BAS-01.@note").blur()

    expect_saved(page, "BAS-01.@note")
    expect(rule(page, "C-036")).to_have_count(0)


def test_nothing_breaks_without_a_link(visit, watch):
    watch.expect("ERR_FAILED", "Failed to load resource")
    page = visit(COORDINATOR, section("SRC"))
    page.route("**/checks", lambda route: route.abort())

    with page.expect_event("requestfailed"):
        type_year(page, RESIDENCE, "2030")
    expect(rule(page, "C-001")).to_have_count(0)

    page.unroute("**/checks")
    type_year(page, RESIDENCE, "2031")
    expect(rule(page, "C-001")).to_have_count(1)


def test_message_under_a_row_is_sound_on_both_widths(visit):
    page = visit(COORDINATOR, section("SRC"))
    type_year(page, RESIDENCE, "2030")
    expect(rule(page, "C-001")).to_have_count(1)
    page.locator("summary.section-checks__counts").click()

    expect_sound(page)


def test_message_stands_below_a_plain_question_without_scripts(visit):
    page = visit(COORDINATOR, section("SRC"), java_script_enabled=False)

    warning = question(page, "SRC-19").locator(".rules-at .rule")

    expect(warning).to_contain_text("The quality of administrative sources is said not")
    group = cell(page, "SRC-19").locator("fieldset")
    expect(group).to_have_attribute("aria-describedby", re.compile("rule-C-051"))
    expect(
        question(page, "SRC-19").get_by_role("textbox", name=re.compile("^Note on"))
    ).to_be_visible()
