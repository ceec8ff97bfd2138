"""Officers follow a round: filter, assign, remind, and take the reports as one ZIP."""

from __future__ import annotations

import re
import zipfile

from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import expect_sound

ROUND = "/rounds/2025/"


def shown(page: Page) -> list[str]:
    """Return the countries of the table, in its order, once the page is there."""
    page.wait_for_load_state("domcontentloaded")
    boxes = page.locator("input[name=country]")
    return [str(box.get_attribute("value")) for box in boxes.all()]


def line(page: Page, name: str) -> object:
    return page.get_by_role("row", name=re.compile(name))


def test_officer_filters_sorts_and_assigns(visit):
    page = visit("officer", ROUND)
    assert shown(page) == ["GEO", "JOR", "MEX", "PRY", "PER", "THA"]
    page.get_by_label("Region", exact=True).select_option("Americas")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("status")).to_have_text("3 of 6 countries shown")
    page.get_by_role("link", name="Progress", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?region=Americas&sort=progress$"))
    assert shown(page) == ["PER", "MEX", "PRY"]

    page.get_by_label("all 3 countries shown").check()
    expect(page.get_by_text("(3)")).to_be_visible()
    page.get_by_label("Choose Mexico").uncheck()
    expect(page.get_by_text("(2)")).to_be_visible()
    page.locator("#bulk-officer").select_option(label="Officer (demo)")
    page.get_by_role("button", name="Assign").click()

    expect(page.get_by_role("main")).to_contain_text(
        "Officer (demo) is in charge of 2 countries more."
    )
    expect(page).to_have_url(re.compile(r"\?region=Americas&sort=progress$"))
    expect(line(page, "Peru")).to_contain_text("Officer (demo)")
    page.goto(f"{ROUND}?officer=mine")
    assert shown(page) == ["PRY", "PER"]


def test_officer_reminds_after_a_preview(visit, site):
    page = visit("officer", f"{ROUND}?status=draft")
    page.get_by_label("all 2 countries shown").check()
    page.get_by_role("button", name="Remind").click()
    expect(page.get_by_role("heading", name="2 countries get it")).to_be_visible()
    page.get_by_label("Text").fill("Dear {country}, please go on: {link}")
    page.get_by_role("button", name="Show the preview again").click()
    page.get_by_text("Reminder: Peru, Assessment round").click()
    expect(page.get_by_role("main")).to_contain_text(
        "Dear Peru, please go on: http://127.0.0.1:8000/responses/PER/2025/"
    )
    expect_sound(page, (1280,))

    page.get_by_role("button", name="Send the reminders").click()

    expect(page.get_by_role("main")).to_contain_text("2 countries were reminded.")
    assert "To: coordinator.per@example.org" in site.log
    assert "Dear Paraguay, please go on" in site.log


def test_reports_are_made_in_the_background(visit, tmp_path, watch):
    watch.expect("ERR_FAILED")
    page = visit("officer", ROUND)
    # Until it has been judged the page does not hear that the work is done.
    page.route("**/status", lambda route: route.abort())
    page.get_by_label("Choose Thailand").check()
    page.get_by_label("Choose Peru").check()
    page.get_by_role("button", name="Reports as ZIP").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect_sound(page, ())
    page.unroute("**/status")

    download = page.get_by_role("link", name="Download")
    expect(download).to_be_visible(timeout=60_000)  # by itself, without a reload
    expect(page.get_by_role("main")).to_contain_text(
        "Peru: Not submitted yet: not yours to read."
    )
    expect_sound(page, (1280,))
    with page.expect_download() as begun:
        download.click()

    path = tmp_path / "reports.zip"
    begun.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [
            "migration-data-capacity-THA-2025-submission-2.pdf",
            "contents.txt",
        ]


def test_everything_works_without_scripts(visit):
    page = visit("officer", f"{ROUND}?status=submitted", java_script_enabled=False)
    page.get_by_label("the 1 country shown").check()
    page.locator("#bulk-officer").select_option(label="Officer (demo)")
    page.get_by_role("button", name="Assign").click()
    expect(line(page, "Thailand")).to_contain_text("Officer (demo)")

    page.get_by_label("the 1 country shown").check()
    page.get_by_role("button", name="Reports as ZIP").click()
    download = page.get_by_role("link", name="Download")
    for _ in range(60):
        if download.count():
            break
        page.wait_for_timeout(500)
        page.reload()

    expect(download).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("1 report is in the file.")


def test_map_leads_to_the_country(visit):
    page = visit("officer", f"{ROUND}progress/")

    page.get_by_role("link", name="Thailand: Submitted").click()

    assert shown(page) == ["THA"]
