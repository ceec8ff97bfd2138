"""Everything works without scripts, saving and conflicts included."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import (
    PERU,
    cell,
    explain,
    field,
    question,
    section,
    sign_in,
)


@pytest.fixture
def plain(visit):
    def open_page(person: str, path: str) -> Page:
        return visit(person, path, java_script_enabled=False)

    return open_page


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_everything_is_shown_with_what_it_depends_on(plain):
    page = plain("coordinator.per", section("SRC"))

    expect(question(page, "SRC-07").get_by_role("checkbox").first).to_be_visible()
    expect(question(page, "SRC-07")).to_contain_text(re.compile("Answer only if"))
    closed = page.locator("td[data-closed]").first
    expect(closed.locator("input, select, summary").first).to_be_visible()
    expect(page.locator("#save-bar")).to_be_hidden()
    expect(page.get_by_role("button", name="Add another entry")).to_have_count(0)


def test_answers_of_every_kind_are_saved_by_the_button(plain, site):
    page = plain("coordinator.per", section("GEN"))
    cell(page, "GEN-04").get_by_label("Other body").check()
    cell(page, "GEN-09").get_by_label("Country of origin").uncheck()
    field(page, "GEN-02").fill("2024")
    field(page, "GEN-03").fill("INEI")
    field(page, "GEN-12").fill("First line\nsecond line")
    question(page, "GEN-03").get_by_text("Note", exact=True).click()
    field(page, "GEN-03.@note").fill("Renamed")
    new = question(page, "GEN-05").locator(".item--new").get_by_role("textbox")
    new.first.fill("Second focal point")

    save(page)

    expect(page.locator(".notice--success")).to_have_text("Saved.")
    expect(page).to_have_url(re.compile("/sections/gen/$"))
    assert site.history("GEN-04")[-1] == ("coordinator.per", "other", "form")
    assert "origin" not in site.answer("GEN-09")
    assert site.answer("GEN-02") == 2024
    assert site.answer("GEN-03") == "INEI"
    assert site.answer("GEN-12") == "First line\nsecond line"
    assert site.answer("GEN-03.@note") == "Renamed"
    expect(question(page, "GEN-05").locator("[data-item]")).to_have_count(3)


def test_matrix_is_saved_by_the_button(plain, site):
    page = plain("coordinator.per", section("SRC"))
    cell(page, "SRC-INV[SRC-CEN].holder").locator("input").fill("INEI")
    cell(page, "SRC-INV[SRC-CEN].latest_year").get_by_label("Do not know").check()
    variables = cell(page, "SRC-INV[SRC-LFS].variables")
    variables.locator("summary").click()
    for box in variables.get_by_role("checkbox").all():
        box.uncheck()

    page.get_by_role("button", name="Save and continue").click()

    expect(page).to_have_url(re.compile("/sections/new/$"))
    assert site.answer("SRC-INV[SRC-CEN].holder") == "INEI"
    assert site.answer("SRC-INV[SRC-CEN].latest_year") == "dk"
    assert site.answer("SRC-INV[SRC-LFS].variables") is None


def test_nothing_changed_is_nothing_saved(plain, site):
    page = plain("coordinator.per", section("SRC"))
    before = site.rows("SELECT count(*) FROM assessment_answerrevision")

    save(page)

    expect(page.get_by_role("status").first).to_contain_text("Nothing had changed")
    assert site.rows("SELECT count(*) FROM assessment_answerrevision") == before


def test_invalid_answer_comes_back_with_its_text(plain, site, watch):
    watch.expect("status of 422")
    page = plain("coordinator.per", section("SRC"))
    field(page, "SRC-INV[SRC-CEN].latest_year").fill("last year")
    field(page, "SRC-INV[SRC-CEN].holder").fill("INEI")
    field(page, "SRC-01").fill("twenty")

    save(page)

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Some answers were not saved")
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(field(page, "SRC-INV[SRC-CEN].latest_year")).to_have_value("last year")
    expect(field(page, "SRC-01")).to_have_value("twenty")
    expect(field(page, "SRC-01")).to_have_attribute("aria-invalid", "true")
    expect(cell(page, "SRC-01")).to_contain_text("Enter a year with four digits")
    assert site.answer("SRC-INV[SRC-CEN].holder") == "INEI"

    summary.get_by_role("link").first.click()
    expect(cell(page, "SRC-INV[SRC-CEN].latest_year")).to_be_in_viewport()
    field(page, "SRC-INV[SRC-CEN].latest_year").fill("2017")
    field(page, "SRC-01").fill("2027")
    save(page)

    expect(page.locator(".notice--success")).to_have_text("Saved.")
    assert site.answer("SRC-01") == 2027


def test_later_person_is_asked_and_saves_again(plain, site, watch):
    watch.expect("status of 422")
    first = plain("coordinator.per", section("GEN"))
    second = plain("contributor.per", section("GEN"))
    before = site.answer("GEN-03")
    field(first, "GEN-03").fill("INEI")
    save(first)
    expect(first.locator(".notice--success")).to_have_text("Saved.")

    field(second, "GEN-03").fill("Migraciones")
    cell(second, "GEN-04").get_by_label("Other body").check()
    save(second)

    expect(second.get_by_role("alert")).to_contain_text("changed by a colleague")
    expect(cell(second, "GEN-03")).to_contain_text(
        "Coordinator Peru (demo) changed this meanwhile."
    )
    expect(cell(second, "GEN-03").locator(".conflict__version")).to_have_text(
        [f"When you began: {before}", "Stored now: INEI", "Yours: Migraciones"]
    )
    expect(field(second, "GEN-03")).to_have_value("Migraciones")
    assert site.answer("GEN-03") == "INEI"
    assert site.answer("GEN-04") == "other"

    save(second)

    expect(second.locator(".notice--success")).to_have_text("Saved.")
    assert site.history("GEN-03")[-2:] == [
        ("coordinator.per", "INEI", "form"),
        ("contributor.per", "Migraciones", "form"),
    ]


def test_entry_is_removed_by_clearing_its_fields(plain, site):
    page = plain("coordinator.per", section("EXC"))
    entry = question(page, "EXC-02").locator("[data-item]").first
    address = entry.locator("[data-cell]").first.get_attribute("data-cell") or ""
    for box in entry.get_by_role("textbox").all():
        box.fill("")
    entry.locator("select").select_option("")

    save(page)

    expect(page.locator(".notice--success")).to_have_text("Saved.")
    expect(question(page, "EXC-02").locator("[data-item]")).to_have_count(1)
    assert site.answer(address) is None


def test_answer_is_taken_back(plain, site):
    page = plain("coordinator.per", section("GEN"))

    cell(page, "GEN-04").get_by_label("Take the answer back").check()
    save(page)

    expect(page.locator(".notice--success")).to_have_text("Saved.")
    assert site.answer("GEN-04") is None


def test_response_is_submitted(plain, site):
    page = plain("coordinator.per", f"{PERU}check/")

    explain(page)
    page.get_by_label(re.compile("^I confirm that")).check()
    page.get_by_role("button", name="Submit", exact=True).click()

    expect(page.get_by_role("status")).to_contain_text("as submission 1")
    officer = plain("officer", PERU)
    officer.get_by_text("Accept the submission", exact=True).click()
    officer.get_by_role("button", name="Yes, accept it").click()
    expect(officer.get_by_role("status")).to_have_text("The response was accepted.")


def test_session_that_ended_before_saving_loses_nothing(plain, watch, site):
    watch.expect("status of 403")
    page = plain("coordinator.per", section("GEN"))
    field(page, "GEN-12").fill("First line\nsecond line, long enough to be shown")
    page.context.clear_cookies(name="sessionid")

    save(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Not sent yet")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    sign_in(opened.value, "coordinator.per")
    page.get_by_role("button", name="Send again").click()
    # Signing in changed the token of all forms: asked once more, with the new one.
    expect(page.get_by_role("main")).to_contain_text("You signed in or out meanwhile")
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(".notice--success")).to_have_text("Saved.")
    typed = "First line\nsecond line, long enough to be shown"
    assert site.history("GEN-12")[-1] == ("coordinator.per", typed, "form")
