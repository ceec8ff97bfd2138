"""An institution concurs, the head clears, the coordinator submits; pages and sheet."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import PERU, explain
from tests.browser.server import Site
from tests.browser.test_accessibility import expect_sound

CLEARANCE = f"{PERU}clearance/"


@pytest.fixture
def asking(site: Site) -> Iterator[Site]:
    """The round of 2025 asks for clearance."""
    with contextlib.closing(sqlite3.connect(site.database)) as connection, connection:
        connection.execute(
            "UPDATE assessment_round SET asks_for_clearance = 1 WHERE code = '2025'"
        )
    return site


def sign(page: Page, institution: str, person: str, function: str) -> None:
    page.get_by_role("textbox", name="Institution").fill(institution)
    page.get_by_label("Name of who signed").fill(person)
    page.get_by_label("Function").fill(function)
    page.get_by_label("Signed on").fill("2025-03-04")


@pytest.mark.parametrize("has_javascript", [True, False])
def test_response_is_concurred_with_cleared_and_submitted(
    visit, asking, watch, has_javascript
):
    watch.expect("status of 409")
    options = {"java_script_enabled": has_javascript}
    chief = visit("coordinator.per", f"{PERU}check/", **options)
    explain(chief)  # a remark is part of what is cleared
    chief.get_by_role("button", name="Save remarks").last.click()
    expect(chief.get_by_role("status")).to_contain_text("Remarks saved.")
    page = visit("contributor.per", CLEARANCE, **options)
    page.get_by_role("link", name="Record the concurrence of my institution").click()
    sign(page, "Migration authority", "Luz Rojas", "Director")
    page.get_by_role("button", name="Record the concurrence").click()

    expect(page.locator(".concurrence", has_text="Luz Rojas")).to_contain_text(
        "Concurred"
    )

    chief.goto(f"{PERU}check/")
    expect(chief.get_by_role("button", name="Submit", exact=True)).to_have_count(0)
    chief.get_by_role("link", name="Go to the clearance").click()
    sign(chief, "INEI", "Ana Quispe", "Director-General")
    chief.get_by_role("button", name="Record the clearance").click()
    expect(chief.get_by_role("alert")).to_contain_text("migration.office@example.org")
    chief.get_by_label("The clearance is given without the concurrence of").check()
    chief.get_by_role("button", name="Record the clearance").click()
    chief.get_by_role("link", name="Go on to submit").click()
    chief.get_by_label("I confirm that these").check()
    chief.get_by_role("button", name="Submit", exact=True).click()

    expect(chief.get_by_role("status")).to_contain_text("as submission 1")
    chief.goto(f"{PERU}report/")
    expect(chief.locator(".edition")).to_contain_text(
        "Cleared by: Ana Quispe, Director-General, INEI"
    )
    expect(chief.locator(".edition")).to_contain_text("Concurred: Migration authority")


def test_pages_of_clearance_are_sound(visit, asking, watch):
    watch.expect("status of 409", "status of 422")
    page = visit("coordinator.per", CLEARANCE)
    expect_sound(page)
    page.get_by_role("button", name="Record the clearance").click()
    expect(page.get_by_role("alert")).to_contain_text("This field is required.")
    expect_sound(page)
    sign(page, "INEI", "Ana Quispe", "Director-General")
    page.get_by_label("The clearance is given without the concurrence of").check()
    page.get_by_role("button", name="Record the clearance").click()
    page.wait_for_load_state()
    for detail in page.locator("details").all():
        detail.evaluate("detail => { detail.open = true }")
    expect_sound(page)

    page.goto(f"{CLEARANCE}concur/")
    expect_sound(page)
    page.goto(f"{PERU}check/")
    expect_sound(page)


def test_sheet_is_sound_and_prints_on_one_page(visit, asking):
    page = visit("coordinator.per", CLEARANCE)
    page.get_by_role("link", name="Print for signature", exact=True).first.click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    expect_sound(page)

    page.emulate_media(media="print")

    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 1


def test_clearance_runs_from_right_to_left(visit_bilingual, bilingual_site):
    with contextlib.closing(sqlite3.connect(bilingual_site.database)) as connection:
        connection.execute("UPDATE assessment_round SET asks_for_clearance = 1")
        connection.commit()

    for path in (CLEARANCE, f"{CLEARANCE}concur/", f"{CLEARANCE}paper/"):
        page = visit_bilingual(
            "coordinator.per", path, locale="ar", viewport={"width": 360, "height": 800}
        )
        assert page.evaluate("document.dir") == "rtl"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
