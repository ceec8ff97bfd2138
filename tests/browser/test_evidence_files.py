"""Evidence files: sent beside the question, or from a page of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import cell, expect_saved, field, question, section
from tests.files import docx, pdf

CODE = "STR-01"
PAGE = "/responses/PER/2025/evidence/str-01/"


def files(page: Page) -> Locator:
    place = question(page, CODE).locator("details", has=page.locator("[data-files]"))
    place.evaluate("details => { details.open = true }")
    return place.locator("[data-files]")


def file(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_file_is_sent_beside_its_question(visit, tmp_path):
    page = visit("coordinator.per", section("STR"))
    place = files(page)

    place.locator("input").set_input_files(file("تقرير.pdf", pdf()))

    expect(place.get_by_role("status")).to_have_text("تقرير.pdf is kept.")
    link = place.get_by_role("link", name="تقرير.pdf")
    with page.expect_download() as saved:
        link.click()
    saved.value.save_as(tmp_path / "saved")
    assert Path(tmp_path / "saved").read_bytes() == pdf()
    assert saved.value.suggested_filename == "تقرير.pdf"
    page.reload()
    expect(files(page).get_by_role("link", name="تقرير.pdf")).to_be_visible()


def test_refusal_is_told_and_the_page_goes_on(visit, watch):
    watch.expect("status of 422")
    page = visit("coordinator.per", section("STR"))
    place = files(page)

    place.locator("input").set_input_files(file("a.pdf", docx()))

    expect(place.get_by_role("alert")).to_have_text(
        "The name says otherwise, but this is a DOCX file. Rename it."
    )
    place.locator("input").set_input_files(file("a.docx", docx()))
    expect(place.get_by_role("status")).to_have_text("a.docx is kept.")


def test_file_that_cannot_be_sent_is_said(visit, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = visit("coordinator.per", section("STR"))
    place = files(page)
    page.context.set_offline(True)

    place.locator("input").set_input_files(file("a.pdf", pdf()))

    expect(place.get_by_role("alert")).to_contain_text("a.pdf could not be sent.")


def test_choosing_a_file_is_no_answer(visit, site):
    page = visit("coordinator.per", section("STR"))
    files(page).locator("input").set_input_files(file("a.pdf", pdf()))
    expect(files(page).get_by_role("status")).to_contain_text("is kept.")
    count = len(site.history(f"{CODE}.@evidence"))

    note = cell(page, f"{CODE}.@note")
    note.evaluate("cell => { cell.closest('details').open = true }")
    field(page, f"{CODE}.@note").fill("See the file.")
    expect_saved(page, f"{CODE}.@note")

    assert len(site.history(f"{CODE}.@evidence")) == count


def test_everything_works_without_scripts(visit):
    page = visit("coordinator.per", section("STR"), java_script_enabled=False)
    page.goto(PAGE)
    page.get_by_label("Title").fill("Act 123")
    page.get_by_label("File", exact=True).set_input_files(file("act.pdf", pdf()))
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Act 123 is kept.")
    expect(page.get_by_role("link", name="Act 123")).to_be_visible()

    page.get_by_role("button", name="Withdraw Act 123").click()

    expect(page.get_by_role("status")).to_have_text("Act 123 was withdrawn.")
    expect(page.get_by_role("link", name="Act 123")).to_have_count(0)
