"""Where things are on the pages, said once."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

PATIENCE = 150  # tenths of a second
# What the console says of requests that no server takes: what is under way when a server
# goes breaks off in one of several ways.
NO_LINK = (
    "ERR_CONNECTION_(REFUSED|RESET|CLOSED)|ERR_INTERNET_DISCONNECTED"
    "|ERR_EMPTY_RESPONSE|ERR_FAILED"
)
PERU = "/responses/PER/2025/"


def section(code: str, response: str = PERU) -> str:
    return f"{response}sections/{code.lower()}/"


def cell(page: Page, address: str) -> Locator:
    return page.locator(f'[data-cell="{address}"]')


def field(page: Page, address: str) -> Locator:
    """The box of a text or a number."""
    boxes = "input:not([type=radio], [type=checkbox]), textarea"
    return cell(page, address).locator(boxes).first


def question(page: Page, code: str) -> Locator:
    return page.locator(f'[data-question="{code}"]')


def state(page: Page, address: str) -> Locator:
    return cell(page, address).locator("[data-state]")


def bar(page: Page) -> Locator:
    return page.locator("#save-bar")


def expect_saved(page: Page, *addresses: str) -> None:
    for address in addresses:
        expect(cell(page, address)).to_have_attribute("data-save-state", "saved")
    expect(bar(page)).to_contain_text("All answers saved")


def expect_eventually(page: Page, script: str, expected: Any) -> None:
    """Ask until the page gives the value, as `expect` does for what is visible."""
    for _ in range(PATIENCE):
        found = page.evaluate(script)
        if found == expected:
            return
        page.wait_for_timeout(100)
    assert found == expected


def let_go(page: Page, held: list[Route]) -> None:
    """Let a request go on that a route has put into `held`, once it is there."""
    for _ in range(PATIENCE):
        if held:
            break
        page.wait_for_timeout(100)
    held[0].continue_()


def explain(page: Page) -> None:
    """On the check page: write a remark on each warning, to be saved with the rest."""
    for box in page.get_by_label("Remark that explains it").all():
        box.fill("Both answers were checked.")


def sign_in(page: Page, person: str) -> None:
    """On the page that asks for it."""
    page.get_by_role("textbox", name="mail").fill(f"{person}@example.org")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
