"""An earlier value of an answer is found and brought back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.pages import cell, expect_saved, field, question, section


@pytest.mark.parametrize("has_javascript", [True, False])
def test_earlier_value_is_restored(visit, site, has_javascript):
    writer = visit("contributor.per", section("GEN"))
    before = site.answer("GEN-03")
    field(writer, "GEN-03").fill("Migraciones")
    field(writer, "GEN-03").blur()
    expect_saved(writer, "GEN-03")

    page = visit("coordinator.per", section("GEN"), java_script_enabled=has_javascript)
    question(page, "GEN-03").get_by_role("link", name="History").click()
    first = page.locator(".event").first
    expect(first).to_contain_text("Migraciones")
    expect(first).to_contain_text("Contributor Peru (demo)")
    first.get_by_role("link", name="history of this answer").click()
    expect(page.locator(".event").first).to_contain_text("Stands now")
    page.get_by_role("button", name="Restore this value").last.click()

    expect(page.get_by_role("status")).to_have_text("The earlier value stands again.")
    expect(page.locator(".event")).to_have_count(4)
    assert site.history("GEN-03")[-1] == ("coordinator.per", before, "page")
    page.get_by_role("link", name="Go to the answer").click()
    expect(field(page, "GEN-03")).to_have_value(before)
    expect(cell(page, "GEN-03")).to_be_in_viewport()
