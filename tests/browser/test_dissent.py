"""An institution records a differing view, and the coordinator adopts it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.pages import question, section

NATIONAL = "informal"


@pytest.mark.parametrize("has_javascript", [True, False])
def test_view_is_recorded_and_adopted(visit, site, has_javascript):
    options = {"java_script_enabled": has_javascript}
    page = visit("contributor.per", section("COO"), **options)
    link = question(page, "COO-01").get_by_role("link", name="1 differing view")
    link.click()
    page.get_by_label("Is there an interagency mechanism").select_option("formal")
    page.get_by_label("Remark").fill("It met in June.")
    page.get_by_label("Whose view this is").fill("Ministry of Labour")
    page.get_by_role("button", name="Record the view").click()

    expect(page.get_by_role("status")).to_contain_text("The view is recorded.")
    expect(page.locator(".dissent-view")).to_have_count(2)
    assert site.answer("COO-01") == NATIONAL

    chief = visit("coordinator.per", section("COO"), **options)
    question(chief, "COO-01").get_by_role("link", name="2 differing views").click()
    view = chief.locator(".dissent-view", has_text="Ministry of Labour")
    view.get_by_role("button", name="Adopt as the national answer").click()

    expect(chief.get_by_role("status")).to_contain_text(
        "This is the national answer now."
    )
    expect(view).to_contain_text("Is the national answer")
    expect(chief.locator(".dissent-view")).to_have_count(2)
    assert site.history("COO-01")[-1] == ("coordinator.per", "formal", "merge")


def test_view_on_a_cell_of_a_matrix_is_recorded_on_a_phone(visit, site):
    page = visit(
        "contributor.per",
        "/responses/PER/2025/views/?question=SRC-INV",
        viewport={"width": 360, "height": 700},
    )
    page.get_by_label("Answer", exact=True).select_option("SRC-INV[SRC-LFS].exists")
    page.get_by_role("button", name="Choose").click()
    page.get_by_label("Labour force survey – ").select_option("no")
    page.get_by_label("Whose view this is").fill("Ministry of Labour")
    page.get_by_role("button", name="Record the view").click()

    expect(page.get_by_role("status")).to_contain_text("The view is recorded.")
    assert site.rows(
        'SELECT "row", "column", value FROM assessment_differingview ORDER BY id DESC LIMIT 1'
    ) == [("SRC-LFS", "exists", '"no"')]
