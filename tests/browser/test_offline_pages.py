"""A page opened once stays usable without a link, for the person who opened it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import served
from tests.browser.pages import (
    NO_LINK,
    PERU,
    bar,
    expect_eventually,
    expect_saved,
    field,
    section,
    state,
)
from tests.browser.server import Prepared, Site
from tests.browser.test_nothing_lost import COLLEAGUE, KEPT, ME, enter

KEPT_PAGES = """async () => {
    const found = [];
    for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) {
            found.push(new URL(request.url).pathname);
        }
    }
    return found.filter(path => !path.startsWith("/static/")).sort();
}"""
IS_KEPT = f"async () => (await ({KEPT_PAGES})()).includes('%s')"
NEVER_OPENED = "You are offline"


@pytest.fixture(scope="module")
def server(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Style sheets and scripts come from the worker or not at all: no browser's cache."""
    folder = tmp_path_factory.mktemp("offline")
    yield from served(folder, prepared, STATIC_MAX_AGE="0")


@pytest.fixture
def page(visit, watch) -> Page:
    """The first section, seen by the worker."""
    watch.expect(NO_LINK, "Failed to load resource", "An unknown error occurred")
    found: Page = visit(ME, section("GEN"), service_workers="allow")
    expect_eventually(found, IS_KEPT % section("GEN"), True)
    return found


def test_opened_section_is_filled_in_without_a_link(page, site):
    site.kill()
    page.reload()
    expect(bar(page)).to_be_visible()

    field(page, "GEN-12").fill("Written without a server")

    expect(state(page, "GEN-12")).to_have_text(KEPT)
    expect(bar(page)).to_contain_text("The server cannot be reached. You can go on")
    expect(bar(page)).to_contain_text(
        "This page is the copy kept when you last opened it."
    )
    expect(bar(page)).to_contain_text(
        "Answers not sent yet: 1. Kept on this computer since"
    )
    page.reload()
    expect(field(page, "GEN-12")).to_have_value("Written without a server")
    expect(page.locator(".question").first).to_have_css("border-bottom-style", "solid")

    site.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect_saved(page, "GEN-12")
    assert site.history("GEN-12")[-1] == (ME, "Written without a server", "queue")


def test_page_never_opened_says_so_and_leads_to_those_that_were(page, site):
    page.goto(PERU)
    site.kill()

    page.goto(section("POL"))

    expect(page.get_by_role("heading", level=1)).to_have_text(NEVER_OPENED)
    expect(page.locator("body")).not_to_contain_text("Coordinator")
    links = page.locator("#kept-pages a")
    expect(links).to_have_count(2)
    page.locator(f"#kept-pages a[href='{section('GEN')}']").click()
    expect(page).to_have_url(re.compile("/sections/gen/$"))
    expect(field(page, "GEN-12")).to_be_visible()


def test_copy_of_a_page_shows_what_was_saved_since(page, site):
    field(page, "GEN-03").fill("Saved after the page was kept")
    expect_saved(page, "GEN-03")
    site.kill()

    page.reload()

    expect(field(page, "GEN-03")).to_have_value("Saved after the page was kept")
    field(page, "GEN-03").fill("And changed again")
    expect(state(page, "GEN-03")).to_have_text(KEPT)
    site.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect_saved(page, "GEN-03")
    assert [value for _, value, _ in site.history("GEN-03")][-2:] == [
        "Saved after the page was kept",
        "And changed again",
    ]


def test_copy_is_not_given_to_somebody_else(page, site):
    enter(page, site, COLLEAGUE)
    page.goto(PERU)
    site.kill()

    page.goto(section("GEN"))

    expect(page.get_by_role("heading", level=1)).to_have_text(NEVER_OPENED)
    expect(page.locator("#kept-pages a")).to_have_count(1)  # their own


def test_signing_out_deletes_the_copies(page, site):
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You have signed out")).to_be_visible()
    assert page.evaluate(KEPT_PAGES) == ["/offline/"]
    site.kill()

    page.goto(section("GEN"))

    expect(page.get_by_role("heading", level=1)).to_have_text(NEVER_OPENED)
    expect(page.locator("#kept-pages")).to_be_hidden()


def test_ended_session_hides_the_copies(page, site):
    page.context.clear_cookies(name="sessionid")
    page.goto(PERU)
    expect(page.get_by_label("Password")).to_be_visible()
    site.kill()

    page.goto(section("GEN"))

    expect(page.get_by_role("heading", level=1)).to_have_text(NEVER_OPENED)


def test_only_pages_of_a_response_are_kept(page):
    field(page, "GEN-03").fill("INEI")
    expect_saved(page, "GEN-03")
    for path in ("/", PERU, f"{PERU}check/", f"{PERU}report/", "/csrf/"):
        page.goto(path)
    page.goto(section("BAS"))
    expect_eventually(page, IS_KEPT % section("BAS"), True)

    assert page.evaluate(KEPT_PAGES) == [
        "/",
        "/.person",
        "/offline/",
        PERU,
        section("BAS"),
        section("GEN"),
    ]
