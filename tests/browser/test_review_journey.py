"""A review as three people live it: comments, a return, tasks, a refusal, an acceptance."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import PERU, bar, cell, explain, question, section

COMMENTS = f"{PERU}comments/"
LEADS = "GEN-04"
CENSUS = "SRC-INV[SRC-CEN].latest_year"
PLAIN = {"java_script_enabled": False}


def submit(page: Page) -> None:
    page.goto(f"{PERU}check/")
    explain(page)
    page.get_by_label(re.compile("^I confirm that")).check()
    page.get_by_role("button", name="Submit", exact=True).click()


def comments_of(page: Page, code: str) -> Locator:
    """The comments of a question, with everything that was said loaded."""
    place = question(page, code).locator("[data-comments]")
    place.locator("summary").first.click()
    expect(place.locator("[data-comments-at]")).to_be_visible()
    return place


def write(place: Locator, text: str, about: str = "", kind: str = "", must=False):
    place.get_by_text("Write a comment to the country").click()
    if about:
        place.get_by_label("About").first.select_option(about)
    if kind:
        place.get_by_label("Kind").select_option(kind)
    if must:
        place.get_by_label("Must be settled").check()
    place.get_by_label("Comment", exact=True).fill(text)
    place.get_by_role("button", name="Send to the country").click()
    expect(place.get_by_role("status")).to_have_text("The comment is sent.")


def reply(place: Locator, text: str) -> None:
    place.get_by_label("Reply").fill(text)
    place.get_by_role("button", name="Send the reply").click()


def task(page: Page, text: str) -> Locator:
    return page.locator(".point", has_text=text)


def test_review_from_submission_to_acceptance(visit, site, watch):
    watch.expect("status of 409")
    page = visit("coordinator.per", f"{PERU}check/")
    explain(page)
    page.get_by_label(re.compile("^I confirm that")).check()
    stale = visit("coordinator.per", f"{PERU}check/")  # opened now, used too late
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("as submission 1")

    officer = visit("officer", section("GEN"))
    write(
        comments_of(officer, LEADS), "Which body leads?", kind="correction", must=True
    )
    officer.goto(section("SRC"))
    place = comments_of(officer, "SRC-INV")
    write(place, "The census of 2017?", about=CENSUS, kind="question", must=True)
    place.get_by_text("Write an internal note").click()
    place.get_by_label("Internal note", exact=True).fill("Ask the region first.")
    place.get_by_role("button", name="Save the note").click()
    expect(place.locator(".notes")).to_contain_text("Ask the region first.")

    page.goto(PERU)
    expect(page.get_by_text("The review has begun")).to_be_visible()
    officer.goto(PERU)
    officer.get_by_text("Return it for correction", exact=True).click()
    expect(officer.locator(".open-points li").last).to_contain_text(
        "The census of 2017?"
    )
    officer.get_by_role("button", name="Return to the country").click()
    expect(officer.get_by_role("status").first).to_contain_text("was returned")

    # The country: a task list that leads to each cell
    page.goto(PERU)
    expect(page.get_by_role("main")).to_contain_text("0 of 2 done.")
    expect(page.get_by_role("main")).not_to_contain_text("Ask the region")
    task(page, "The census of 2017?").get_by_role("link").first.click()
    expect(cell(page, CENSUS)).to_be_in_viewport()
    expect(cell(page, CENSUS).get_by_role("link", name="Comment")).to_be_visible()
    place = question(page, "SRC-INV").locator("[data-comments]")
    reply(place, "The census of 2017 is the latest.")
    expect(place.get_by_role("status")).to_have_text("The reply is sent.")
    expect(place).to_contain_text("waits for UNSD")
    expect(place).not_to_contain_text("Ask the region")

    # Half of it is not enough
    page.goto(f"{PERU}check/")
    expect(page.get_by_text("First settle the point of the review")).to_be_visible()
    expect(page.get_by_role("button", name="Submit", exact=True)).to_have_count(0)
    stale.get_by_label(re.compile("^I confirm that")).check()
    stale.get_by_role("button", name="Submit", exact=True).click()
    alert = stale.get_by_role("alert").filter(has_text="Not submitted")
    expect(alert).to_contain_text("One point of the review must be settled first")
    expect(alert).not_to_contain_text("The census")
    alert.get_by_role("link", name="Type of lead agency").click()

    # The rest: another answer
    cell(stale, LEADS).get_by_label("Other body").check()
    expect(bar(stale)).to_contain_text("All answers saved")
    stale.goto(PERU)
    expect(stale.get_by_role("main")).to_contain_text("2 of 2 done.")
    expect(task(stale, "Which body leads?")).to_contain_text("Answer changed")
    submit(stale)
    expect(stale.get_by_role("status").first).to_contain_text("as submission 2")

    # A third person looks at what changed, and accepts with one point still open
    admin = visit("admin", f"{PERU}review/?show=changed")
    expect(admin.locator(".review-item")).to_have_count(1)
    admin.get_by_role("link", name="Compare with submission 1").click()
    changed = admin.locator(".compared__question")
    expect(changed).to_have_count(1)
    expect(changed).to_contain_text("Type of lead agency")
    expect(changed).to_contain_text("National statistical office")
    expect(changed).to_contain_text("Other body")
    admin.goto(COMMENTS)
    thread = admin.locator(".thread", has_text="Which body leads?")
    thread.get_by_role("button", name="Resolve").click()
    expect(thread).to_contain_text("Resolved by")
    admin.goto(PERU)
    admin.get_by_text("Accept the submission", exact=True).click()
    admin.get_by_role("button", name="Yes, accept it").click()
    expect(admin.get_by_role("alert").first).to_contain_text("One point is still open.")
    admin.get_by_label("I accept the response with this open point").check()
    admin.get_by_role("button", name="Yes, accept it").click()
    expect(admin.get_by_role("status").first).to_have_text("The response was accepted.")


def test_country_asks_in_a_draft_and_is_answered(visit, site):
    page = visit("contributor.per", section("GEN"))
    place = comments_of(page, "GEN-03")
    place.get_by_text("Ask UNSD").click()
    place.get_by_label("Question", exact=True).fill("Which agency is meant?")
    place.get_by_role("button", name="Send to UNSD").click()
    expect(place.get_by_role("status")).to_have_text("The comment is sent.")
    expect(place.locator("summary").first).to_contain_text("Comments (1 open)")

    officer = visit("officer", COMMENTS)
    expect(officer.get_by_role("main")).to_contain_text("not submitted yet")
    reply(officer.locator(".thread"), "The one that leads.")
    expect(officer.locator(".thread")).to_contain_text("waits for the country")

    page.reload()
    expect(question(page, "GEN-03")).to_contain_text("The one that leads.")


def test_everything_works_without_scripts(visit, site, watch):
    watch.expect("status of 422")
    page = visit("contributor.per", section("GEN"), **PLAIN)
    place = question(page, "GEN-03").locator("[data-comments]")
    place.locator("summary").first.click()
    place.get_by_role("link", name="where to ask UNSD").click()
    page.get_by_text("Ask UNSD", exact=True).click()
    page.get_by_role("button", name="Send to UNSD").click()
    expect(page.get_by_role("alert").first).to_contain_text("Write something first.")
    page.get_by_label("Question", exact=True).fill("Which agency?")
    page.get_by_role("button", name="Send to UNSD").click()
    expect(page.get_by_role("status").first).to_contain_text("The comment is sent.")

    officer = visit("officer", COMMENTS, **PLAIN)
    reply(officer.locator(".thread"), "The lead.")
    expect(officer.locator(".thread")).to_contain_text("The lead.")

    page.goto(section("GEN"))
    reply(question(page, "GEN-03"), "Thank you.")
    expect(page).to_have_url(re.compile("/sections/gen/#thread-"))
    expect(question(page, "GEN-03")).to_contain_text("Thank you.")


@pytest.fixture
def point(visit, site):
    """A response under review with one open point, as an officer sees it."""
    submit(visit("coordinator.per"))
    officer = visit("officer", f"{COMMENTS}?at=GEN-03")
    write(officer.locator(".comments"), "Which agency?")
    return officer


def test_two_officers_resolve_the_same_point(visit, point):
    second = visit("admin", f"{COMMENTS}?at=GEN-03")
    point.get_by_role("button", name="Resolve").click()
    expect(point.locator(".thread")).to_contain_text("Resolved by Officer (demo)")

    second.get_by_role("button", name="Resolve").click()

    expect(second.locator(".thread")).to_contain_text("Resolved by Officer (demo)")
    expect(second.locator(".thread")).not_to_contain_text("Administrator")


def test_reply_to_a_point_resolved_meanwhile_keeps_the_text(visit, point, watch):
    watch.expect("status of 422")
    page = visit("coordinator.per", f"{COMMENTS}?at=GEN-03")
    page.get_by_label("Reply").fill("A long reply.")
    point.get_by_role("button", name="Resolve").click()
    expect(point.locator(".thread")).to_contain_text("Resolved by")

    page.get_by_role("button", name="Send the reply").click()

    expect(page.locator(".thread").get_by_role("alert")).to_contain_text(
        "The point is resolved."
    )
    expect(page.get_by_label("Reply")).to_have_value("A long reply.")


def test_typed_text_outlives_a_lost_link_and_a_reload(visit, point, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
    page = visit("coordinator.per", f"{COMMENTS}?at=GEN-03")
    page.get_by_label("Reply").fill("Typed on a train.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send the reply").click()
    expect(page.locator(".thread").get_by_role("alert")).to_contain_text("Not sent")
    expect(page.get_by_label("Reply")).to_have_value("Typed on a train.")
    page.context.set_offline(False)

    page.reload()

    expect(page.get_by_label("Reply")).to_have_value("Typed on a train.")
    page.get_by_role("button", name="Send the reply").click()
    expect(page.get_by_role("status").last).to_have_text("The reply is sent.")
    page.reload()
    expect(page.get_by_label("Reply")).to_have_value("")


def test_sending_one_text_keeps_the_others_and_the_focus(visit, point):
    write(point.locator(".comments"), "And since when?")
    expect(point.locator(".thread")).to_have_count(2)
    boxes = point.get_by_label("Reply")
    boxes.first.fill("Kept.")
    boxes.last.fill("Sent.")

    point.get_by_role("button", name="Send the reply").last.press("Enter")

    expect(point.locator(".thread").last).to_contain_text("Sent.")
    expect(point.get_by_label("Reply").first).to_have_value("Kept.")
    expect(point.get_by_label("Reply").last).to_have_value("")
    expect(point.locator(".thread").last).to_be_focused()
