"""A report that is not there yet: the page shows the work and leads to the file."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.test_accessibility import expect_sound


def test_report_is_made_while_a_page_shows_it_and_then_kept(visit, tmp_path, watch):
    watch.expect("ERR_FAILED")
    page = visit("officer", "/responses/THA/2025/report/")
    # Until it has been judged the page does not hear that the work is done.
    page.route("**/status", lambda route: route.abort())
    link = page.get_by_role("link", name="Download the report (PDF)").first
    with page.expect_download(timeout=60_000) as begun:  # by itself
        link.click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        expect_sound(page, (1280,))
        page.unroute("**/status")
    begun.value.save_as(tmp_path / "report.pdf")

    expect(page.get_by_role("status")).to_have_text("The report is ready.")
    expect_sound(page, (1280,))
    assert begun.value.suggested_filename == (
        "migration-data-capacity-THA-2025-submission-2.pdf"
    )
    assert Path(tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-1.7")
    page.goto("/responses/THA/2025/report/")
    with page.expect_download() as again:
        link.click()
    assert again.value.path().read_bytes() == (tmp_path / "report.pdf").read_bytes()
    expect(page).to_have_url("/responses/THA/2025/report/")
