"""The page's evaluator of conditions agrees with the server's, and hides what is not asked."""

from __future__ import annotations

from pathlib import Path

import yaml
from playwright.sync_api import Page, expect

from tests.browser.pages import bar, cell, expect_saved, field, question, section

CASES = yaml.load(
    (Path(__file__).parents[1] / "condition_cases.yaml").read_text("utf-8"),
    Loader=yaml.CSafeLoader,
)
CENSUS = "SRC-INV[SRC-CEN]"
HOLDS = """
async (cases) => {
    const { holds } = await import("/static/js/conditions.js");
    const name = (question, row, column) =>
        `${question}${row ? `[${row}]` : ""}${column ? `.${column}` : ""}`;
    return cases.map(({ condition, values, rows }) => holds(condition, {
        value: (...address) => values[name(...address)] ?? null,
        rows: (question) => rows?.[question] ?? [],
    }));
}
"""


def test_evaluator_agrees_with_the_table_of_cases(visit):
    page = visit("", "/")

    found = page.evaluate(HOLDS, CASES)

    expected = {case["name"]: case["expected"] for case in CASES}
    assert len(expected) == len(CASES)
    assert dict(zip(expected, found, strict=True)) == expected


def tabbed_past(page: Page, code: str) -> list[str]:
    """The questions that the Tab key visits after `code`, until it has left three of them."""
    question(page, code).locator("input:checked").focus()
    visited = [code]
    for _ in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "document.activeElement.closest('[data-question]')?.dataset.question ?? ''"
        )
        if here != visited[-1]:
            visited.append(here)
        if len(visited) == 4:
            break
    return visited


def test_question_appears_and_disappears_without_a_reload(visit):
    page = visit("coordinator.per", section("GEN"))
    page.evaluate("window.isSamePage = true")
    expect(question(page, "GEN-11")).to_be_hidden()
    assert tabbed_past(page, "GEN-10")[:2] == ["GEN-10", "GEN-12"]

    cell(page, "GEN-10").get_by_label("Yes").check()

    expect(question(page, "GEN-11")).to_be_visible()
    assert tabbed_past(page, "GEN-10")[:3] == ["GEN-10", "GEN-11", "GEN-12"]

    cell(page, "GEN-10").get_by_label("No", exact=True).check()

    expect(question(page, "GEN-11")).to_be_hidden()
    assert page.evaluate("window.isSamePage")


def test_answer_of_a_question_no_longer_asked_is_kept_and_said_not_to_count(
    visit, site
):
    page = visit("coordinator.per", section("GEN"))
    cell(page, "GEN-10").get_by_label("Yes").check()
    field(page, "GEN-11").fill("https://example.org/2019")
    field(page, "GEN-11").blur()
    expect_saved(page, "GEN-11")

    cell(page, "GEN-10").get_by_label("No", exact=True).check()

    expect(field(page, "GEN-11")).to_be_hidden()
    expect(question(page, "GEN-11")).to_contain_text("is kept and does not count")
    expect(bar(page)).to_contain_text("All answers saved")
    assert site.answer("GEN-11") == "https://example.org/2019"
    page.reload()
    expect(field(page, "GEN-11")).to_be_hidden()
    expect(question(page, "GEN-11")).to_contain_text("is kept and does not count")


def test_question_follows_a_cell_of_a_matrix(visit):
    page = visit("coordinator.per", section("SRC"))
    exists = cell(page, f"{CENSUS}.exists").locator("select")
    exists.select_option("yes")
    expect(field(page, f"{CENSUS}.holder")).to_be_visible()
    expect(question(page, "SRC-02").get_by_role("checkbox").first).to_be_visible()

    exists.select_option("no")

    expect(question(page, "SRC-02").get_by_role("checkbox").first).to_be_hidden()


def test_row_closes_and_opens_with_its_gate(visit, site):
    page = visit("coordinator.per", section("SRC"))
    exists = cell(page, f"{CENSUS}.exists").locator("select")
    holder = field(page, f"{CENSUS}.holder")
    expect(holder).to_have_value("Statistical office")

    exists.select_option("no")

    expect(holder).to_be_hidden()
    expect(cell(page, f"{CENSUS}.holder")).to_have_attribute(
        "data-kept", "kept, not counted"
    )
    assert said_after(page, f"{CENSUS}.holder") == "– kept, not counted"
    expect_saved(page, f"{CENSUS}.exists")
    assert site.answer(f"{CENSUS}.holder") == "Statistical office"

    page.reload()
    expect(holder).to_be_hidden()
    assert said_after(page, f"{CENSUS}.holder") == "– kept, not counted"

    exists.select_option("yes")

    expect(holder).to_be_visible()
    expect(holder).to_have_value("Statistical office")


def said_after(page: Page, address: str) -> str:
    words = cell(page, address).evaluate(
        """cell => getComputedStyle(cell, "::after").content
            .replace("attr(data-kept)", cell.dataset.kept)"""
    )
    return words.replace('"', "").replace("  ", " ")
