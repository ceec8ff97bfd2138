"""What is typed survives a dropped link, a closed tab, a crash and an ended session."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, BrowserType, Page, Route, expect

from tests.browser.conftest import STRANGER, Watch
from tests.browser.pages import (
    NO_LINK,
    PERU,
    bar,
    cell,
    expect_eventually,
    expect_saved,
    field,
    let_go,
    question,
    section,
    state,
)
from tests.browser.server import Site

ME, COLLEAGUE = "coordinator.per", "contributor.per"
STATUS = "the server responded with a status of {}"
KEPT = re.compile(r"^Not sent: kept on this computer since \d\d:\d\d$")
# How many changes lie in this browser, whoever typed them.
COUNT_KEPT = """() => new Promise(resolve => {
    const opening = indexedDB.open("answers", 1);
    opening.onsuccess = () => {
        const stores = opening.result.transaction("unsent").objectStore("unsent");
        stores.count().onsuccess = event => {
            opening.result.close();
            resolve(event.target.result);
        };
    };
})"""


def open_again(page: Page, path: str) -> Page:
    """A new tab of the same browser."""
    tab = page.context.new_page()
    tab.goto(path)
    return tab


def enter(page: Page, site: Site, person: str) -> None:
    """Give the browser the session of a person, as signing in would."""
    session = {"name": "sessionid", "value": site.sessions[person], "url": site.url}
    page.context.add_cookies([session])  # type: ignore[list-item]


def type_offline(page: Page, **texts: str) -> None:
    page.context.set_offline(True)
    for address, text in texts.items():
        name = address.replace("_", "-")
        field(page, name).fill(text)
        field(page, name).blur()
        expect(state(page, name)).to_have_text(KEPT)


def close_offline(page: Page) -> None:
    """Close a page so that nothing leaves with it.

    The browser's switch for being offline ends with the page, so that what the page
    sends while it goes away may arrive: without the cookie nobody takes it.
    """
    context = page.context
    cookies = context.cookies()
    context.clear_cookies()
    page.close()
    context.add_cookies(cookies)  # type: ignore[arg-type]


@pytest.fixture
def mine(visit, watch) -> Page:
    watch.expect(NO_LINK)
    page: Page = visit(ME, section("GEN"))
    return page


# The link


def test_tab_closed_without_a_link_and_opened_again(mine, site):
    type_offline(mine, GEN_12="Typed in the dark", GEN_03="INEI")
    expect(bar(mine)).to_contain_text("Answers not sent yet: 2.")
    expect(bar(mine)).to_contain_text("You are offline. You can go on")
    close_offline(mine)
    assert site.answer("GEN-12") != "Typed in the dark"
    context = mine.context
    context.set_offline(False)

    page = context.new_page()
    page.route("**/answers", lambda route: route.abort())
    page.goto(section("GEN"))

    expect(field(page, "GEN-12")).to_have_value("Typed in the dark")
    expect(field(page, "GEN-03")).to_have_value("INEI")
    expect(state(page, "GEN-12")).to_have_text(KEPT)

    page.unroute("**/answers")

    expect_saved(page, "GEN-12", "GEN-03")
    assert site.history("GEN-12")[-1] == (ME, "Typed in the dark", "queue")
    assert site.history("GEN-03")[-1] == (ME, "INEI", "queue")
    expect_eventually(page, COUNT_KEPT, 0)


def test_every_kind_of_answer_is_put_back(visit, site, watch):
    watch.expect(NO_LINK)
    page = visit(ME, section("BAS"))
    page.context.set_offline(True)
    boxes = cell(page, "BAS-STAT[BAS-S01].breakdowns")
    boxes.locator("summary").click()
    for box in boxes.get_by_role("checkbox").all():
        box.uncheck()
    boxes.get_by_label("Age", exact=True).check()
    question(page, "BAS-04").get_by_text("Source document", exact=True).click()
    documents = cell(page, "BAS-04.@evidence")
    for number, title in enumerate(("Profile", "Annex"), start=1):
        if number == 2:
            documents.get_by_role("button", name="Add another document").click()
        line = documents.locator("[data-document]").nth(number - 1)
        line.get_by_role("textbox").nth(0).fill(title)
        line.get_by_role("textbox").nth(1).fill(f"https://example.org/{number}")
        line.get_by_role("textbox").nth(1).blur()
    expect(state(page, "BAS-04.@evidence")).to_have_text(KEPT)
    expect(state(page, "BAS-STAT[BAS-S01].breakdowns")).to_have_text(KEPT)
    context = page.context
    close_offline(page)
    context.set_offline(False)

    page = open_again(page, section("BAS"))

    expect_saved(page, "BAS-04.@evidence", "BAS-STAT[BAS-S01].breakdowns")
    expect(boxes_of(page).locator("summary")).to_contain_text("Age")
    titles = cell(page, "BAS-04.@evidence").get_by_label(re.compile("^Title of"))
    assert [title.input_value() for title in titles.all()][:2] == ["Profile", "Annex"]
    assert site.answer("BAS-STAT[BAS-S01].breakdowns") == ["age"]
    assert [item["title"] for item in site.answer("BAS-04.@evidence")] == [
        "Profile",
        "Annex",
    ]


def boxes_of(page: Page) -> Any:
    return cell(page, "BAS-STAT[BAS-S01].breakdowns")


def test_entry_added_without_a_link_is_added_again(visit, site, watch):
    watch.expect(NO_LINK)
    page = visit(ME, section("EXC"))
    page.context.set_offline(True)
    entries = question(page, "EXC-02").locator("[data-item]:visible")
    entries.nth(1).get_by_role("textbox").first.fill("Chile")
    address = entries.nth(1).locator("[data-cell]").first.get_attribute("data-cell")
    expect(state(page, address)).to_have_text(KEPT)
    close_offline(page)
    page.context.set_offline(False)

    page = open_again(page, section("EXC"))

    expect_saved(page, address)
    expect(field(page, address)).to_have_value("Chile")
    assert site.answer(address) == "Chile"


def test_closed_section_is_sent_from_the_overview(mine, site):
    type_offline(mine, GEN_12="From another page")
    close_offline(mine)
    context = mine.context
    context.set_offline(False)
    page = context.new_page()
    page.route("**/answers", lambda route: route.abort())
    page.goto(PERU)
    unsent = page.locator("#unsent")
    expect(unsent).to_contain_text("Answers kept: 1, since")
    expect(unsent.get_by_role("link")).to_have_attribute("href", section("GEN"))

    page.unroute("**/answers")
    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(unsent).to_be_hidden()
    assert site.history("GEN-12")[-1] == (ME, "From another page", "queue")
    expect_eventually(page, COUNT_KEPT, 0)


def test_closed_section_changed_by_a_colleague_is_decided_there(visit, mine, site):
    type_offline(mine, GEN_03="Mine")
    close_offline(mine)
    other = visit(COLLEAGUE, section("GEN"))
    field(other, "GEN-03").fill("Theirs")
    expect_saved(other, "GEN-03")
    mine.context.set_offline(False)

    page = open_again(mine, PERU)

    unsent = page.locator("#unsent")
    expect(unsent).to_contain_text("not sent, a colleague changed it meanwhile")
    assert site.answer("GEN-03") == "Theirs"
    unsent.get_by_role("link").click()
    expect(state(page, "GEN-03")).to_contain_text("Stored now: Theirs")
    expect(state(page, "GEN-03")).to_contain_text("Yours: Mine")
    state(page, "GEN-03").get_by_role("button", name="Use mine instead").click()
    expect_saved(page, "GEN-03")
    assert [value for _, value, _ in site.history("GEN-03")][-2:] == ["Theirs", "Mine"]
    expect_eventually(page, COUNT_KEPT, 0)


def test_conflict_settled_for_the_colleague_leaves_nothing_behind(visit, mine, site):
    type_offline(mine, GEN_03="Mine")
    other = visit(COLLEAGUE, section("GEN"))
    field(other, "GEN-03").fill("Theirs")
    expect_saved(other, "GEN-03")
    mine.context.set_offline(False)

    state(mine, "GEN-03").get_by_role("button", name="Keep the stored answer").click()

    expect(field(mine, "GEN-03")).to_have_value("Theirs")
    expect(mine.locator("#unsent")).to_be_hidden()
    expect_eventually(mine, COUNT_KEPT, 0)


def test_invalid_answer_is_there_again_with_its_error(mine, site):
    field(mine, "GEN-02").fill("soon")
    field(mine, "GEN-02").blur()
    expect(state(mine, "GEN-02")).to_contain_text("Enter a year")
    mine.goto(PERU)
    expect(mine.locator("#unsent")).to_contain_text("Enter a year")

    mine.goto(section("GEN"))

    expect(field(mine, "GEN-02")).to_have_value("soon")
    expect(state(mine, "GEN-02")).to_contain_text("Enter a year")
    field(mine, "GEN-02").fill("2024")
    field(mine, "GEN-02").blur()
    expect_saved(mine, "GEN-02")
    assert site.answer("GEN-02") == 2024
    expect_eventually(mine, COUNT_KEPT, 0)


def test_answer_whose_reply_was_lost_is_no_conflict_with_oneself(mine, site):
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    mine.route("**/answers", lose)
    field(mine, "GEN-03").fill("INE")
    expect(state(mine, "GEN-03")).to_have_text(KEPT)
    assert site.answer("GEN-03") == "INE"

    field(mine, "GEN-03").fill("INEI")
    mine.unroute("**/answers")

    expect_saved(mine, "GEN-03")
    assert [value for _, value, _ in site.history("GEN-03")][-2:] == ["INE", "INEI"]


def test_late_reply_does_not_undo_what_was_typed_since(mine, site):
    held: list[Route] = []
    mine.route("**/answers", lambda route: held.append(route), times=1)
    field(mine, "GEN-03").fill("First")
    expect(state(mine, "GEN-03")).to_have_text("Saving…")
    field(mine, "GEN-03").fill("Second")

    let_go(mine, held)

    expect_saved(mine, "GEN-03")
    expect(field(mine, "GEN-03")).to_have_value("Second")
    assert [value for _, value, _ in site.history("GEN-03")][-2:] == ["First", "Second"]


def test_closed_round_leaves_the_text_to_be_taken_away(visit, mine, site, watch):
    watch.expect(STATUS.format(409))
    type_offline(mine, GEN_12="Too late")
    close_offline(mine)
    officer = visit("officer", "/rounds/2025/")
    officer.get_by_text("Close the round", exact=True).click()
    officer.get_by_role("button", name="Yes, close the round").click()
    expect(officer.get_by_role("status").first).to_contain_text("The round is closed")
    mine.context.set_offline(False)

    page = open_again(mine, PERU)

    unsent = page.locator("#unsent")
    expect(unsent).to_contain_text("The round is closed.")
    expect(unsent).to_contain_text("“Too late”")
    unsent.get_by_role("button", name="Delete this text from this computer").click()
    expect(unsent).to_be_hidden()
    expect_eventually(page, COUNT_KEPT, 0)


# A crash


@pytest.fixture
def computer(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    site: Site,
    watch: Watch,
    tmp_path: Path,
) -> Iterator[Callable[[], BrowserContext]]:
    """A browser with its files; started again it finds them as they were."""
    contexts: list[BrowserContext] = []

    def start() -> BrowserContext:
        context = browser_type.launch_persistent_context(
            tmp_path / "profile",
            **browser_type_launch_args,
            **STRANGER,
            base_url=site.url,
        )
        session = {"name": "sessionid", "value": site.sessions[ME], "url": site.url}
        context.add_cookies([session])  # type: ignore[list-item]
        watch.follow(context)
        contexts.append(context)
        return context

    yield start
    for context in contexts:
        context.close()


def test_crashed_browser_finds_what_was_typed(computer, site, watch):
    watch.expect(NO_LINK)
    context = computer()
    page = context.new_page()
    page.goto(section("GEN"))
    type_offline(page, GEN_12="Before the crash")
    expect_eventually(page, COUNT_KEPT, 1)
    crash(page)

    page = computer().new_page()
    page.goto(section("GEN"))

    expect_saved(page, "GEN-12")
    expect(field(page, "GEN-12")).to_have_value("Before the crash")
    assert site.history("GEN-12")[-1] == (ME, "Before the crash", "queue")


def crash(page: Page) -> None:
    """End the browser without a word to its pages."""
    with page.context.expect_event("close"):
        page.evaluate("1")
        session = page.context.new_cdp_session(page)
        try:
            session.send("Browser.crash")
        except Exception as gone:  # noqa: BLE001  there is nobody left to answer
            assert "closed" in str(gone)  # noqa: PT017


# The session


@pytest.fixture
def ended(mine, watch) -> Page:
    """A page whose session has ended while its person was typing."""
    watch.expect(STATUS.format(401), STATUS.format(403), STATUS.format(400))
    mine.context.clear_cookies(name="sessionid")
    field(mine, "GEN-12").fill("Typed without a session")
    expect(mine.get_by_role("dialog", name="Your session has ended")).to_be_visible()
    return mine


def test_session_ended_while_typing_goes_on_after_the_dialog(visit, ended, site):
    dialog = ended.get_by_role("dialog")
    expect(dialog.get_by_label("E-mail")).to_have_value(f"{ME}@example.org")
    expect(dialog.get_by_label("Password")).to_be_focused()
    other = visit(COLLEAGUE, section("GEN"))
    field(other, "GEN-03").fill("Theirs")
    expect_saved(other, "GEN-03")
    dialog.get_by_role("button", name="Not now").click()
    expect(field(ended, "GEN-12")).to_be_focused()
    field(ended, "GEN-03").fill("Mine")
    field(ended, "GEN-03").blur()
    expect(state(ended, "GEN-03")).to_have_text(KEPT)
    bar(ended).get_by_role("button", name="Sign in").click()

    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog.get_by_role("alert")).to_contain_text("not correct")
    dialog.get_by_label("Password").fill("demo")
    dialog.get_by_role("button", name="Sign in").click()

    expect(dialog).to_be_hidden()
    expect(cell(ended, "GEN-12")).to_have_attribute("data-save-state", "saved")
    expect(state(ended, "GEN-03")).to_contain_text("Stored now: Theirs")
    expect(state(ended, "GEN-03")).to_contain_text("Yours: Mine")
    assert site.history("GEN-12")[-1] == (ME, "Typed without a session", "queue")
    assert site.answer("GEN-03") == "Theirs"
    state(ended, "GEN-03").get_by_role("button", name="Use mine instead").click()
    expect_saved(ended, "GEN-03")
    assert site.answer("GEN-03") == "Mine"


def test_somebody_else_in_the_dialog_sends_nothing_of_the_first(ended, site):
    before = site.history("GEN-12")
    dialog = ended.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill(f"{COLLEAGUE}@example.org")
    dialog.get_by_label("Password").fill("demo")

    dialog.get_by_role("button", name="Sign in").click()

    notice = ended.get_by_role("alert").filter(has_text="Someone else has signed in")
    expect(notice).to_be_visible()
    expect(field(ended, "GEN-12")).to_be_hidden()
    notice.get_by_role("button", name="Load the page again").click()
    expect(ended.locator(".site-header__who")).to_contain_text("Contributor Peru")
    expect(field(ended, "GEN-12")).not_to_have_value("Typed without a session")
    expect(ended.locator("#unsent")).to_be_hidden()
    assert site.history("GEN-12") == before
    expect_eventually(ended, COUNT_KEPT, 1)

    enter(ended, site, ME)
    ended.goto(section("GEN"))

    expect_saved(ended, "GEN-12")
    assert site.history("GEN-12")[-1] == (ME, "Typed without a session", "queue")


def test_somebody_else_in_another_tab_stops_the_first(mine, site, watch):
    watch.expect(STATUS.format(409))
    enter(mine, site, COLLEAGUE)  # as if signed in where no message of a tab arrives
    before = site.history("GEN-12")

    field(mine, "GEN-12").fill("Of the first")

    heading = "Someone else has signed in on this computer"
    expect(mine.get_by_role("heading", name=heading)).to_be_visible()
    expect(field(mine, "GEN-12")).to_be_hidden()
    assert site.history("GEN-12") == before
    expect_eventually(mine, COUNT_KEPT, 1)


# A shared computer


def test_second_person_sees_nothing_of_the_first(mine, site):
    type_offline(mine, GEN_12="Confidential")
    close_offline(mine)
    mine.context.set_offline(False)
    enter(mine, site, COLLEAGUE)

    for path in (PERU, section("GEN")):
        page = open_again(mine, path)
        page.wait_for_load_state("networkidle")
        expect(page.get_by_text("Confidential")).to_have_count(0)
        expect(page.locator("#unsent")).to_be_hidden()
        page.close()

    assert site.answer("GEN-12") != "Confidential"
    enter(mine, site, ME)
    page = open_again(mine, section("GEN"))
    expect_saved(page, "GEN-12")
    assert site.history("GEN-12")[-1] == (ME, "Confidential", "queue")


def test_signing_out_sends_first(mine, site):
    field(mine, "GEN-12").fill("At the last moment")

    mine.get_by_role("button", name="Sign out").click()

    expect(mine.get_by_text("You have signed out")).to_be_visible()
    assert site.answer("GEN-12") == "At the last moment"
    expect_eventually(mine, COUNT_KEPT, 0)


def test_signing_out_warns_of_what_is_not_sent(mine, site):
    mine.route("**/answers", lambda route: route.abort())
    field(mine, "GEN-12").fill("Never sent")
    field(mine, "GEN-03").fill("INEI")
    before = site.history("GEN-12")
    dialog = mine.get_by_role("dialog", name="Sign out")

    mine.get_by_role("button", name="Sign out").click()

    expect(dialog).to_contain_text(
        "Answers not sent: 2. Sign out anyway and delete them"
    )
    expect(dialog.get_by_role("listitem")).to_have_text(
        [re.compile("GEN-12"), re.compile("GEN-03")]
    )
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    expect(field(mine, "GEN-12")).to_have_value("Never sent")
    expect_eventually(mine, COUNT_KEPT, 2)

    mine.get_by_role("button", name="Sign out").click()
    dialog.get_by_role("button", name="Sign out and delete them").click()

    expect(mine.get_by_text("You have signed out")).to_be_visible()
    expect_eventually(mine, COUNT_KEPT, 0)
    assert site.history("GEN-12") == before


def test_signing_out_without_a_link_deletes_nothing(mine):
    type_offline(mine, GEN_12="Kept")
    dialog = mine.get_by_role("dialog", name="Sign out")
    mine.get_by_role("button", name="Sign out").click()
    dialog.get_by_role("button", name="Sign out and delete them").click()

    expect(dialog).to_contain_text("You are still signed in, and nothing was deleted.")
    expect_eventually(mine, COUNT_KEPT, 1)


def test_signing_out_takes_the_other_tabs_along(mine):
    other = open_again(mine, PERU)

    mine.get_by_role("button", name="Sign out").click()

    for page in (mine, other):
        expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def test_back_button_after_signing_out_shows_nothing(mine):
    expect(bar(mine)).to_be_visible()
    mine.get_by_role("button", name="Sign out").click()
    expect(mine.get_by_text("You have signed out")).to_be_visible()

    mine.go_back()

    expect(mine.get_by_label("Password")).to_be_visible()


# Two tabs


def test_one_person_in_two_tabs_has_no_conflict_with_themselves(mine, site):
    other = open_again(mine, section("GEN"))
    expect(bar(other)).to_be_visible()
    field(mine, "GEN-03").fill("In the first tab")
    expect_saved(mine, "GEN-03")
    field(mine, "GEN-03").blur()
    expect(field(other, "GEN-03")).to_have_value("In the first tab")

    field(other, "GEN-03").fill("In the second tab")

    expect_saved(other, "GEN-03")
    expect(field(mine, "GEN-03")).to_have_value("In the second tab")
    field(mine, "GEN-03").fill("In the first again")
    expect_saved(mine, "GEN-03")
    assert [value for _, value, _ in site.history("GEN-03")][-3:] == [
        "In the first tab",
        "In the second tab",
        "In the first again",
    ]


def test_what_a_closed_tab_left_is_sent_once_by_another(mine, site):
    other = open_again(mine, section("GEN"))
    expect(bar(other)).to_be_visible()
    before = len(site.history("GEN-12"))
    type_offline(mine, GEN_12="Left behind")
    expect(state(other, "GEN-12")).to_have_text("You are writing this in another tab")
    expect(field(other, "GEN-12")).to_have_value("Left behind")
    mine.close()

    mine.context.set_offline(False)

    expect_saved(other, "GEN-12")
    assert site.history("GEN-12")[before:] == [(ME, "Left behind", "queue")]
    expect_eventually(other, COUNT_KEPT, 0)
