"""The main job, from signing in to a report in both hands."""

from __future__ import annotations

import re
from urllib.parse import unquote

from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import (
    PERU,
    bar,
    cell,
    explain,
    question,
    section,
    sign_in,
)

ROUND = "/rounds/2025/"
PDF = re.compile(r"/responses/PER/2025/report\.pdf$")


def missing_links(page: Page) -> list[str]:
    page.goto(f"{PERU}check/")
    return [
        link.get_attribute("href") or ""
        for link in page.locator("section[aria-labelledby=missing] li a").all()
    ]


def complete(page: Page, link: str) -> None:
    """Answer every required cell of a question that is blank, as somebody in a hurry would."""
    page.goto(link)
    code = re.sub(r".*#[cq]-([A-Z0-9-]+).*", r"\1", unquote(link))
    place = question(page, code)
    expect(place).to_be_in_viewport()
    if place.locator("[data-group]").count():
        place.locator("[data-item]").first.get_by_role("combobox").or_(
            place.locator("[data-item]").first.get_by_role("textbox")
        ).first.fill("Somebody")
    else:
        for carried in place.get_by_role("button", name=re.compile("^Confirm:")).all():
            carried.click()
        while blank := first_blank(place):
            answer(blank)
    expect(bar(page)).to_contain_text("All answers saved")
    expect(bar(page)).to_have_attribute("data-save-state", "saved")


def first_blank(place: Locator) -> Locator | None:
    name = place.evaluate(
        """question => {
            const required = [...question.querySelectorAll("thead th")]
                .map((head) => head.textContent.includes("(required)"));
            const isBlank = (cell) => {
                if (cell.dataset.cell.includes("@") || !cell.checkVisibility()) return false;
                if (cell.hasAttribute("data-closed")) return false;
                if (cell.cellIndex && !required[cell.cellIndex]) return false;
                return ![...cell.querySelectorAll("input, select, textarea")].some((control) =>
                    ["radio", "checkbox"].includes(control.type)
                        ? control.checked : control.value);
            };
            return [...question.querySelectorAll("[data-cell]")].find(isBlank)?.dataset.cell;
        }"""
    )
    return place.locator(f'[data-cell="{name}"]') if name else None


def answer(place: Locator) -> None:
    match place.get_attribute("data-kind"):
        case "year":
            place.locator("input").first.fill("2020")
        case "integer" | "decimal":
            place.locator("input").first.fill("1")
        case "url":
            place.locator("input").first.fill("https://example.org/")
        case "multiple_choice":
            if place.locator("summary").count():
                place.locator("summary").click()
            place.get_by_role("checkbox").first.check()
        case "single_choice" | "yes_no" if place.locator("select").count():
            place.locator("select").select_option(index=1)
        case "single_choice" | "yes_no":
            place.get_by_role("radio").first.check()
        case _:
            place.locator("input, textarea").first.fill("Somebody")


def download_report(page: Page) -> bytes:
    link = (
        page.locator("a")
        .filter(visible=True)
        .and_(page.locator("[href$='report.pdf']"))
    )
    address = link.first.get_attribute("href") or ""
    page_of_bytes = page.request.get(address, timeout=60_000)  # it is rendered now
    assert page_of_bytes.headers["content-type"] == "application/pdf"
    return page_of_bytes.body()


def submit(page: Page) -> None:
    page.goto(f"{PERU}check/")
    explain(page)
    page.get_by_role("button", name="Submit", exact=True).click()


def test_response_is_completed_submitted_and_accepted(visit, site):
    page = visit("", "/")
    page.get_by_role("main").get_by_role("link", name="Sign in").first.click()
    sign_in(page, "coordinator.per")
    page.get_by_role("link", name=re.compile("^Peru – Assessment round 2025")).click()
    page.get_by_role("link", name="Check and submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and submit")
    expect(page.locator("section[aria-labelledby=errors]")).to_contain_text("None.")
    assert missing_links(page) != []

    while links := missing_links(page):
        for link in links:
            complete(page, link)

    expect(page.locator("section[aria-labelledby=missing]")).to_contain_text(
        "None: every required question is answered."
    )
    expect(page.locator("section[aria-labelledby=errors]")).to_contain_text("None.")
    submit(page)
    expect(page.get_by_role("status").first).to_have_text(
        "Submitted to the United Nations Statistics Division as submission 1."
    )

    officer = visit("officer", ROUND)
    line = officer.get_by_role("row", name=re.compile("Peru"))
    expect(line).to_contain_text("Submitted")
    expect(line).to_contain_text("100%")
    line.get_by_role("link", name="Peru", exact=True).click()
    officer.get_by_role("link", name="Respondents and agencies").click()
    expect(officer.get_by_role("main")).to_contain_text("submission 1")
    expect(officer.get_by_role("button", name="Save")).to_have_count(0)
    officer.goto(PERU)
    officer.get_by_text("Accept the submission", exact=True).click()
    officer.get_by_role("button", name="Yes, accept it").click()
    expect(officer.get_by_role("status").first).to_have_text(
        "The response was accepted."
    )

    page.goto(PERU)
    expect(page.get_by_role("main")).to_contain_text("The response is accepted.")
    assert download_report(page).startswith(b"%PDF-")
    assert download_report(officer).startswith(b"%PDF-")


def test_returned_response_is_corrected_and_submitted_again(visit, site):
    page = visit("coordinator.per", f"{PERU}check/")
    explain(page)
    page.get_by_label(re.compile("^I confirm that")).check()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("as submission 1")

    officer = visit("officer", PERU)
    officer.get_by_text("Return it for correction", exact=True).click()
    officer.get_by_label("Message to the country").fill(
        "Which office leads?\nPlease say."
    )
    officer.get_by_role("button", name="Return to the country").click()
    expect(officer.get_by_role("status").first).to_contain_text("was returned")

    page.goto(PERU)
    message = page.get_by_role("region", name=re.compile("^Returned by"))
    expect(message).to_contain_text("Which office leads?\nPlease say.")
    page.goto(section("GEN"))
    cell(page, "GEN-04").get_by_label("Other body").check()
    expect(bar(page)).to_contain_text("All answers saved")

    officer.goto(section("GEN"))
    expect(officer.get_by_role("main")).not_to_contain_text("Other body")

    page.goto(PERU)
    page.get_by_role("link", name="Check and submit again").click()
    page.get_by_label(re.compile("^I confirm that")).check()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("as submission 2")

    officer.goto(section("GEN"))
    expect(officer.get_by_role("main")).to_contain_text("Other body")
    expect(officer.get_by_role("main")).to_contain_text("submission 2")
    assert site.answer("GEN-04") == "other"


def test_withdrawn_submission_can_be_changed_again(visit, site):
    page = visit("coordinator.per", f"{PERU}check/")
    explain(page)
    page.get_by_label(re.compile("^I confirm that")).check()
    page.get_by_role("button", name="Submit", exact=True).click()

    page.get_by_text("Withdraw the submission", exact=True).click()
    page.get_by_role("button", name="Yes, withdraw it").click()

    expect(page.get_by_role("status").first).to_contain_text("was withdrawn")
    page.goto(section("GEN"))
    cell(page, "GEN-04").get_by_label("Other body").check()
    expect(bar(page)).to_contain_text("All answers saved")
    assert site.answer("GEN-04") == "other"


def test_submitting_unseen_gaps_asks_for_confirmation(visit, watch):
    watch.expect("status of 409")
    page = visit("coordinator.per", f"{PERU}check/")

    explain(page)
    page.get_by_role("button", name="Submit", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("Not submitted")
    page.get_by_role("alert").get_by_role("link", name="Confirm that it stays").click()
    expect(page.get_by_label(re.compile("^I confirm that"))).to_be_focused()
