"""An open page follows what others do, and leaves alone what somebody is writing."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, served, visits, watched
from tests.browser.pages import (
    NO_LINK,
    PERU,
    cell,
    expect_saved,
    field,
    question,
    section,
    state,
)
from tests.browser.test_accessibility import expect_sound

FIRST, SECOND = "coordinator.per", "contributor.per"
CENSUS = "SRC-INV[SRC-CEN]"
POLL_MS = 500
HIDE = """
isHidden => {
    Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}
"""


@pytest.fixture(scope="session")
def polling_server(tmp_path_factory, prepared):
    folder = tmp_path_factory.mktemp("live")
    yield from served(folder, prepared, LIVE_POLL_MS=str(POLL_MS), LANGUAGES="en,ar")


@pytest.fixture
def polling_site(polling_server):
    yield from watched(polling_server)


@pytest.fixture
def visit_live(browser, polling_site, watch):
    yield from visits(browser, polling_site, watch)


@pytest.fixture
def both(visit_live: Visit):
    def on(code: str, second: str = "") -> tuple[Page, Page]:
        return (
            visit_live(FIRST, section(code)),
            visit_live(SECOND, section(second or code)),
        )

    return on


def save_text(page: Page, address: str, text: str) -> None:
    field(page, address).fill(text)
    field(page, address).blur()
    expect_saved(page, address)


def choose(page: Page, address: str, value: str) -> None:
    cell(page, address).locator("select").select_option(value)
    expect_saved(page, address)


def hint(page: Page, address: str):
    return cell(page, address).locator(".cell__hint")


def polls(page: Page) -> list[float]:
    """The moments at which the page asks from now on."""
    moments: list[float] = []
    page.on(
        "request",
        lambda request: (
            moments.append(time.monotonic()) if "/changes?" in request.url else None
        ),
    )
    return moments


# Changes


def test_two_people_in_one_matrix_see_what_the_other_changes(both, polling_site):
    first, second = both("SRC")

    save_text(first, f"{CENSUS}.holder", "INEI")
    choose(second, f"{CENSUS}.periodicity", "annual")

    expect(field(second, f"{CENSUS}.holder")).to_have_value("INEI")
    expect(cell(first, f"{CENSUS}.periodicity").locator("select")).to_have_value(
        "annual"
    )
    expect(state(second, f"{CENSUS}.holder")).to_have_text(
        re.compile(r"^Coordinator Peru \(demo\) changed this \d\d:\d\d$")
    )
    expect(second.locator("[data-announcement]")).to_have_text(
        "Answers on this page changed by Coordinator Peru (demo): 1."
    )
    save_text(second, f"{CENSUS}.holder", "INEI and Migraciones")
    expect(field(first, f"{CENSUS}.holder")).to_have_value("INEI and Migraciones")
    assert [value for _, value, _ in polling_site.history(f"{CENSUS}.holder")][-2:] == [
        "INEI",
        "INEI and Migraciones",
    ]
    for page in (first, second):
        expect(page.get_by_text("Use mine instead")).to_have_count(0)


def test_every_kind_of_answer_is_brought_up_to_date(both):
    first, second = both("GEN")
    cell(first, "GEN-04").get_by_label("Other body", exact=True).check()
    cell(first, "GEN-09").get_by_label("Do not know").check()
    field(first, "GEN-08").fill("2025-06-20")
    field(first, "GEN-12").fill("One\ntwo")
    field(first, "GEN-12").blur()

    expect(cell(second, "GEN-04").get_by_label("Other body")).to_be_checked()
    expect(cell(second, "GEN-09").locator("input:checked")).to_have_count(1)
    expect(cell(second, "GEN-09").get_by_label("Do not know")).to_be_checked()
    expect(field(second, "GEN-08")).to_have_value("2025-06-20")
    expect(field(second, "GEN-12")).to_have_value("One\ntwo")


def test_documents_of_a_colleague_find_room(both, polling_site):
    first, second = both("BAS")
    question(first, "BAS-04").get_by_text("Source document", exact=True).click()
    place = cell(first, "BAS-04.@evidence")
    for number, name in enumerate(("profile", "annex")):
        if number:
            place.get_by_role("button", name="Add another document").click()
        line = place.locator("[data-document]").nth(number)
        line.get_by_role("textbox").nth(0).fill(name)
        line.get_by_role("textbox").nth(1).fill(f"https://example.org/{name}")
    line.get_by_role("textbox").nth(1).blur()
    expect_saved(first, "BAS-04.@evidence")

    titles = cell(second, "BAS-04.@evidence").locator("[name$='~title']")
    expect(titles).to_have_count(3)
    expect(titles.nth(1)).to_have_value("annex")


def test_questions_appear_as_a_colleague_answers(both):
    first, second = both("GEN")
    expect(question(second, "GEN-11")).to_be_hidden()

    cell(first, "GEN-10").get_by_label("Yes").check()

    expect(question(second, "GEN-11")).to_be_visible()


def test_neither_focus_nor_place_on_the_screen_moves(both):
    first, second = both("GEN")
    box = field(second, "GEN-12")
    box.focus()
    box.evaluate("box => box.scrollIntoView({ block: 'center' })")
    second.keyboard.type("I am writing")
    before = box.bounding_box()

    save_text(first, "GEN-03", "INEI")
    cell(first, "GEN-10").get_by_label("Yes").check()  # opens a question above

    expect(state(second, "GEN-03")).to_contain_text("changed this")
    expect(question(second, "GEN-11")).to_be_visible()
    expect(box).to_be_focused()
    assert box.bounding_box()["y"] == pytest.approx(before["y"], abs=2)
    second.keyboard.type(" on")
    expect(box).to_have_value(re.compile("^I am writing on"))


def test_writing_in_the_same_cell_is_not_disturbed(both, polling_site):
    first, second = both("GEN")
    held = cell(second, "GEN-03")
    second.route(
        "**/answers", lambda route: (second.wait_for_timeout(200), route.continue_())
    )
    field(second, "GEN-03").fill("Migra")
    save_text(first, "GEN-03", "INEI")

    expect(state(second, "GEN-03").get_by_role("alert")).to_be_visible()

    expect(field(second, "GEN-03")).to_be_focused()
    expect(field(second, "GEN-03")).to_have_value("Migra")
    second.keyboard.type("ciones")
    expect(state(second, "GEN-03")).to_contain_text("Yours: Migraciones")
    expect(hint(second, "GEN-03")).to_be_hidden()
    held.get_by_role("button", name="Use mine instead").click()
    expect_saved(second, "GEN-03")
    assert polling_site.history("GEN-03")[-2:] == [
        (FIRST, "INEI", "page"),
        (SECOND, "Migraciones", "merge"),
    ]
    expect(field(first, "GEN-03")).to_have_value("Migraciones")


def test_cell_somebody_is_in_is_changed_only_once_it_is_left(both):
    first, second = both("GEN")
    box = field(second, "GEN-03")
    before = box.input_value()
    box.focus()

    save_text(first, "GEN-03", "INEI")

    expect(hint(second, "GEN-03")).to_have_text(
        "Coordinator Peru (demo) changed this meanwhile."
    )
    expect(box).to_have_value(before)
    field(second, "GEN-12").focus()
    expect(box).to_have_value("INEI")
    expect(hint(second, "GEN-03")).to_have_count(0)


def test_own_change_in_another_window_comes_without_a_mark(visit_live):
    page, other = (visit_live(FIRST, section("GEN")) for _ in range(2))

    save_text(page, "GEN-03", "INEI")

    expect(field(other, "GEN-03")).to_have_value("INEI")
    expect(state(other, "GEN-03")).to_be_empty()
    expect(other.locator("[data-announcement]")).to_be_empty()


def test_entries_of_a_colleague_appear_and_go(both, polling_site):
    first, second = both("EXC")
    entries = question(second, "EXC-02").locator("[data-item]:visible")
    expect(entries).to_have_count(2)  # one stored, one blank
    mine = entries.nth(1).get_by_role("textbox").first
    mine.focus()
    second.keyboard.type("Bra")
    group = question(first, "EXC-02").locator("[data-item]:visible")
    code = group.nth(1).get_attribute("data-item")
    chile = first.locator(f'[data-item="{code}"]')

    chile.get_by_role("textbox").first.fill("Chile")
    chile.locator("select").select_option(index=1)

    expect(entries).to_have_count(3)
    expect(entries.nth(1).get_by_role("textbox").first).to_have_value("Chile")
    expect(entries.nth(1).locator("select")).not_to_have_value("")
    expect(entries.nth(1).locator("legend")).to_have_text("Entry 2")
    second.keyboard.type("zil")
    expect(entries.nth(2).get_by_role("textbox").first).to_have_value("Brazil")
    chile.get_by_role("button", name="Remove this entry").click()
    expect(entries).to_have_count(2)
    expect(entries.nth(1).get_by_role("textbox").first).to_have_value("Brazil")


# Presence


def test_people_in_a_section_are_named_until_they_leave(visit_live):
    page = visit_live(FIRST, section("SRC"))
    line = page.locator("[data-present-in]")
    expect(line).to_be_hidden()

    other = visit_live("observer.per", section("SRC"))

    expect(line).to_have_text("Also here: Observer Peru (demo)")
    expect(other.locator("[data-present-in]")).to_contain_text("Coordinator Peru")
    hub = visit_live(SECOND, PERU)
    expect(hub.locator("[data-present-in=SRC]")).to_have_text(
        "Here now: Coordinator Peru (demo), Observer Peru (demo)"
    )
    other.goto(section("GEN"))
    expect(line).to_be_hidden()
    expect(hub.locator("[data-present-in=SRC]")).to_have_text(
        "Here now: Coordinator Peru (demo)"
    )
    expect(hub.locator("[data-present-in=GEN]")).to_have_text(
        "Here now: Observer Peru (demo)"
    )
    other.goto("about:blank")
    expect(hub.locator("[data-present-in=GEN]")).to_be_hidden()


def test_reader_is_told_that_answers_changed(visit_live):
    reader = visit_live("observer.per", section("GEN"))
    notice = reader.get_by_text("Answers changed since you opened this page.")
    page = visit_live(FIRST, section("GEN"))
    expect(notice).to_be_hidden()

    save_text(page, "GEN-03", "INEI")

    expect(notice).to_be_visible()
    reader.get_by_role("link", name="Show them").click()
    expect(question(reader, "GEN-03")).to_contain_text("INEI")
    expect(notice).to_be_hidden()


# Cost and failures


def test_idle_page_asks_once_an_interval_and_never_while_hidden(visit_live):
    page = visit_live(FIRST, section("SRC"))
    page.wait_for_timeout(POLL_MS)
    moments = polls(page)

    page.wait_for_timeout(6 * POLL_MS)

    assert 1 <= len(moments) <= 7  # one too many if the first came just at the start
    page.evaluate(HIDE, True)
    page.wait_for_timeout(POLL_MS)
    moments.clear()
    page.wait_for_timeout(4 * POLL_MS)
    assert moments == []
    with page.expect_request(re.compile("/changes")):
        page.evaluate(HIDE, False)
    assert len(moments) == 1


def test_idle_answer_is_small(visit_live):
    page = visit_live(FIRST, section("SRC"))

    with page.expect_response(re.compile("/changes")) as answer:
        pass

    assert len(answer.value.body()) < 100


def test_page_without_a_link_asks_nothing_and_follows_again(both, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    first, second = both("GEN")
    second.wait_for_timeout(POLL_MS)
    second.context.set_offline(True)
    second.wait_for_timeout(POLL_MS)
    moments = polls(second)
    save_text(first, "GEN-03", "INEI")
    second.wait_for_timeout(3 * POLL_MS)
    assert moments == []

    second.context.set_offline(False)

    expect(field(second, "GEN-03")).to_have_value("INEI")


def test_page_whose_server_fails_asks_less_often(visit_live, polling_site, watch):
    watch.expect(NO_LINK)
    page = visit_live(FIRST, section("GEN"))
    page.wait_for_timeout(POLL_MS)
    moments = polls(page)
    polling_site.kill()

    page.wait_for_timeout(8 * POLL_MS)

    polling_site.start()
    assert 1 <= len(moments) <= 4


def test_page_in_every_state_of_following_is_sound(both):
    """A colleague's change, one held back, and a choice between texts with marks."""
    first, second = both("GEN")
    start = "The office has a plan for the next census."
    save_text(first, "GEN-12", start)
    expect(field(second, "GEN-12")).to_have_value(start)
    field(second, "GEN-12").fill(start.replace("next", "2027"))
    save_text(first, "GEN-12", start.replace("next", "coming"))
    save_text(first, "GEN-01", "Peru (illustrative)")
    expect(state(second, "GEN-12").locator("ins").first).to_be_visible()
    field(second, "GEN-03").focus()
    save_text(first, "GEN-03", "INEI")

    expect(hint(second, "GEN-03")).to_be_visible()
    expect(cell(second, "GEN-01")).to_have_attribute("data-save-state", "remote")
    expect(second.locator("[data-present-in]")).to_be_visible()
    expect_sound(second)


# The choice between two answers, and all of it in Arabic and on a phone


@pytest.mark.parametrize("locale", ["en-GB", "ar"])
def test_conflict_fits_the_page(visit_live, locale):
    page = visit_live(SECOND, section("SRC"), locale=locale)
    other = visit_live(FIRST, section("SRC"))
    address = f"{CENSUS}.nso_access"
    cell(page, address).locator("select").focus()
    values = cell(page, address).locator("option:not(:checked):not([value=''])")
    mine, theirs = (values.nth(i).get_attribute("value") for i in (0, 1))
    choose(other, address, theirs)
    cell(page, address).locator("select").select_option(mine)

    expect(state(page, address).get_by_role("alert")).to_be_visible()

    buttons = state(page, address).get_by_role("button")
    expect(buttons).to_have_count(2)
    expect(buttons.first).to_be_focused()
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for part in (*buttons.all(), state(page, address)):
            box, outer = part.bounding_box(), cell(page, address).bounding_box()
            assert box["x"] >= outer["x"] - 1
            assert box["x"] + box["width"] <= outer["x"] + outer["width"] + 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
