"""A row goes to a ministry: it writes there and nowhere else, and says when it is done."""

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
    state,
)

LIST = f"{PERU}team/delegations/"
ROW = "SRC-INV[SRC-WRK]"
REFUSAL = "Not delegated to you, nor to anybody yet. Ask your coordinator for it."
SEND = """
async ([question, row, column, value]) => {
    const form = document.forms["section-form"];
    const reply = await fetch(form.dataset.saveUrl, {
        method: "POST",
        headers: {
            "Content-Type": "application/json",
            "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
        },
        body: JSON.stringify({ changes: [{ question, row, column, value, base: 0 }] }),
    });
    return [reply.status, await reply.json()];
}
"""
POST = """
([name, value]) => {
    const form = document.forms["section-form"];
    form.elements._bases.value = JSON.stringify({ [name]: 0 });
    const input = document.createElement("input");
    input.name = name;
    input.value = value;
    form.append(input);
    HTMLFormElement.prototype.submit.call(form);
}
"""


def withdraw_all(page: Page) -> None:
    page.goto(LIST)
    while page.locator(".delegation__withdraw").count():
        page.locator(".delegation__withdraw summary").first.click()
        page.get_by_role("button", name="Yes, withdraw it").click()
        expect(page.get_by_role("status")).to_contain_text(
            "All answers given are kept."
        )
        page.wait_for_load_state()  # the list stands below what is told


def delegate_row(page: Page, message: str = "") -> None:
    """Choose the person and one row of a matrix, opening what folds it away."""
    page.goto(LIST)
    page.get_by_label("Person in your country").select_option(
        label="Contributor Peru (demo) (contributor.per@example.org)"
    )
    picker = page.locator("#parts")
    picker.locator("summary", has_text="Traditional data sources").click()
    picker.locator("summary", has_text="SRC-INV").click()
    picker.get_by_label("Work permits").check()
    page.get_by_label("Message").fill(message)
    page.get_by_role("button", name="Delegate", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(
        "Delegated to Contributor Peru (demo)"
    )


def switch(page: Page, mode: str) -> None:
    page.get_by_role("radio", name=mode, exact=True).check()
    page.get_by_role("button", name="Save the switch").click()
    expect(page.get_by_role("radio", name=mode, exact=True)).to_be_checked()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_delegate_is_limited_to_one_row_and_says_when_it_is_done(
    visit, site, watch, has_scripts
):
    watch.expect("status of 422")
    options = {"java_script_enabled": has_scripts}
    coordinator = visit("coordinator.per", LIST, **options)
    withdraw_all(coordinator)
    delegate_row(coordinator, "Please ask the archive")
    switch(coordinator, "Delegated")

    page = visit("contributor.per", PERU, **options)
    part = page.get_by_role("region", name="Your part")
    expect(part).to_contain_text("Please ask the archive")
    part.get_by_role("link", name=re.compile("Work permits")).click()
    cells = page.locator("[data-cell]")
    expect(cells).not_to_have_count(0)
    names = cells.evaluate_all("cells => cells.map((cell) => cell.dataset.cell)")
    assert {name.partition(".")[0] for name in names} == {ROW}
    expect(question(page, "SRC-01")).to_contain_text(REFUSAL)
    cell(page, f"{ROW}.exists").locator("select").select_option("yes")
    field(page, f"{ROW}.holder").fill("Ministry of Labour")
    if has_scripts:
        field(page, f"{ROW}.holder").blur()
        expect_saved(page, f"{ROW}.exists", f"{ROW}.holder")
    else:
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("Saved.")
    assert site.answer(f"{ROW}.holder") == "Ministry of Labour"

    page.goto(PERU)
    page.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_role("status")).to_contain_text("Marked as done")
    coordinator.goto(LIST)
    expect(
        coordinator.get_by_role("row", name=re.compile("Contributor"))
    ).to_contain_text("Done")


def test_other_cells_are_refused_with_the_reason(visit, site, watch):
    watch.expect("status of 422")
    coordinator = visit("coordinator.per", LIST)
    withdraw_all(coordinator)
    delegate_row(coordinator)
    switch(coordinator, "Delegated")
    before = site.history("SRC-INV[SRC-CEN].holder")
    page = visit("contributor.per", section("SRC"))

    status, reply = page.evaluate(SEND, ["SRC-INV", "SRC-CEN", "holder", "Forged"])

    (result,) = reply["results"]
    assert (status, result["status"], result["errors"]) == (200, "invalid", [REFUSAL])

    with page.expect_navigation():
        page.evaluate(POST, ["SRC-INV[SRC-CEN].holder", "Forged"])

    problems = page.get_by_role("alert")
    expect(problems).to_contain_text(REFUSAL)
    expect(problems).to_contain_text("You had entered: “Forged”.")
    assert site.history("SRC-INV[SRC-CEN].holder") == before


def test_part_withdrawn_while_typing_is_refused_and_keeps_the_text(visit, site):
    """The page was opened when the part was still theirs."""
    coordinator = visit("coordinator.per", LIST)
    switch(coordinator, "Delegated")
    page = visit("contributor.per", section("SRC"))
    before = site.answer("SRC-INV[SRC-RES].holder")
    withdraw_all(coordinator)

    field(page, "SRC-INV[SRC-RES].holder").fill("Ministry of the Interior")
    field(page, "SRC-INV[SRC-RES].holder").blur()

    expect(state(page, "SRC-INV[SRC-RES].holder")).to_have_text(REFUSAL)
    expect(field(page, "SRC-INV[SRC-RES].holder")).to_have_value(
        "Ministry of the Interior"
    )
    assert site.answer("SRC-INV[SRC-RES].holder") == before


def test_question_depends_on_an_answer_that_is_only_read(visit, site):
    """SRC-11 is asked because border records exist, which the coordinator answers."""
    coordinator = visit("coordinator.per", LIST)
    withdraw_all(coordinator)
    coordinator.goto(f"{LIST}?part=SRC-11")
    coordinator.get_by_label("Or an e-mail address").fill("contributor.per@example.org")
    coordinator.get_by_role("button", name="Delegate", exact=True).click()
    switch(coordinator, "Delegated")

    page = visit("contributor.per", section("SRC"))

    assert site.answer("SRC-INV[SRC-BOR].exists") == "yes"
    expect(cell(page, "SRC-11")).to_be_visible()
    cell(page, "SRC-11").get_by_role("radio").last.check()
    expect_saved(page, "SRC-11")


def test_handing_back_leaves_the_part_to_nobody(visit):
    page = visit("contributor.per", PERU)
    page.get_by_text("Hand back", exact=True).click()
    page.get_by_label("Message to the coordinator").fill("Not ours to answer")
    page.get_by_role("button", name="Hand this part back").click()
    expect(page.get_by_role("status")).to_contain_text("Handed back.")
    expect(page.get_by_role("region", name="Your part")).to_have_count(0)

    coordinator = visit("coordinator.per", LIST)
    coordinator.get_by_text("Ended delegations").click()

    expect(coordinator.get_by_text("Not ours to answer")).to_be_visible()
