"""What is typed about an action survives a dropped link, an ended session, a colleague."""

from __future__ import annotations

from playwright.sync_api import Page, expect

PLAN = "/responses/JOR/2025/plan/"
ACTION = f"{PLAN}actions/1/"


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_nothing_typed_about_an_action_is_lost(visit, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED", "status of 409")
    page, colleague = visit("coordinator.jor", ACTION), visit("coordinator.jor", ACTION)
    details = page.get_by_label("Details (optional)")

    details.fill("With the ministry of interior.")
    page.context.set_offline(True)
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("the server cannot be reached")
    expect(details).to_have_value("With the ministry of interior.")

    page.context.set_offline(False)
    page.goto(PLAN)
    page.get_by_role("link", name="Go on with it").click()
    expect(page.get_by_text("What you typed here before was put back.")).to_be_visible()
    expect(details).to_have_value("With the ministry of interior.")

    colleague.get_by_label("Details (optional)").fill("With the planning ministry.")
    save(colleague)
    expect(colleague.locator("main > .notice--success")).to_have_text("Saved.")
    page.context.clear_cookies(name="sessionid")
    save(page)
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Changed by a colleague: choose")
    expect(details).to_have_value("With the ministry of interior.")

    save(page)
    expect(page.locator("main > .notice--success")).to_have_text("Saved.")
    expect(page.locator("#plan-1")).to_contain_text("With the ministry of interior.")
    assert page.evaluate("sessionStorage.length") == 0
