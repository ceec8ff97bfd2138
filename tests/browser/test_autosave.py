"""What is typed is saved, shown as saved, and never lost on the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.pages import (
    NO_LINK,
    PERU,
    bar,
    cell,
    expect_saved,
    explain,
    field,
    let_go,
    question,
    section,
    sign_in,
    state,
)

KEPT = re.compile(r"^Not sent: kept on this computer since \d\d:\d\d$")
STATUS = "the server responded with a status of {}"


def option(place: Locator, label: str) -> Locator:
    return place.get_by_label(label, exact=True)


# Each kind


def choose_radio(page: Page) -> None:
    option(cell(page, "GEN-04"), "Other body").check()


def tick_boxes(page: Page) -> None:
    boxes = cell(page, "GEN-09").get_by_role("checkbox")
    for index in range(boxes.count()):
        boxes.nth(index).uncheck()
    boxes.nth(2).check()
    boxes.nth(0).check()


def write_year(page: Page) -> None:
    field(page, "GEN-02").fill("2024")
    field(page, "GEN-02").blur()


def write_date(page: Page) -> None:
    field(page, "GEN-08").fill("2025-06-20")


def write_text(page: Page) -> None:
    field(page, "GEN-03").fill("  Instituto de Estadística  ")


def write_long_text(page: Page) -> None:
    field(page, "GEN-12").fill("First line\nsecond line")


def write_note(page: Page) -> None:
    question(page, "GEN-03").get_by_text("Note", exact=True).click()
    field(page, "GEN-03.@note").fill("Renamed in 2024")


def clear_radio(page: Page) -> None:
    cell(page, "GEN-04").get_by_role("button", name="Clear this answer").click()


def say_dk(page: Page) -> None:
    cell(page, "SRC-01").get_by_label("Do not know").check()


def write_source_year(page: Page) -> None:
    """A year takes the place of "do not know"."""
    expect(cell(page, "SRC-01").get_by_label("Do not know")).to_be_checked()
    field(page, "SRC-01").fill("٢٠١٧")  # Arabic digits
    field(page, "SRC-01").blur()
    expect(cell(page, "SRC-01").get_by_label("Do not know")).not_to_be_checked()


def write_decimal(page: Page) -> None:
    field(page, "STR-15").fill("2,5")
    field(page, "STR-15").blur()


def choose_in_matrix(page: Page) -> None:
    select = cell(page, "SRC-INV[SRC-CEN].periodicity").locator("select")
    select.select_option(label="Every year or more often")


def say_dk_in_matrix(page: Page) -> None:
    cell(page, "SRC-INV[SRC-CEN].latest_year").get_by_label("Do not know").check()


def tick_in_matrix(page: Page) -> None:
    """The closed list says what is chosen in it."""
    place = cell(page, "BAS-STAT[BAS-S01].breakdowns")
    place.locator("summary").click()
    for box in place.get_by_role("checkbox").all():
        box.uncheck()
    option(place, "Age").check()
    option(place, "Sex").check()
    place.press("Escape")
    expect(place.locator("summary")).to_contain_text("Sex")
    expect(place.get_by_role("checkbox").first).to_be_hidden()


# Section → what is answered on one page of it, then, on the page loaded again, what
# follows on that.
KINDS = {
    "GEN": (
        {
            "GEN-04": (choose_radio, "other"),
            "GEN-09": (tick_boxes, ["destination", "transit"]),
            "GEN-02": (write_year, 2024),
            "GEN-08": (write_date, "2025-06-20"),
            "GEN-03": (write_text, "Instituto de Estadística"),
            "GEN-12": (write_long_text, "First line\nsecond line"),
            "GEN-03.@note": (write_note, "Renamed in 2024"),
        },
        {"GEN-04": (clear_radio, None)},
    ),
    "SRC": (
        {
            "SRC-01": (say_dk, "dk"),
            "SRC-INV[SRC-CEN].periodicity": (choose_in_matrix, "annual"),
            "SRC-INV[SRC-CEN].latest_year": (say_dk_in_matrix, "dk"),
        },
        {"SRC-01": (write_source_year, 2017)},
    ),
    "STR": ({"STR-15": (write_decimal, 2.5)},),
    "BAS": ({"BAS-STAT[BAS-S01].breakdowns": (tick_in_matrix, ["sex", "age"])},),
}


@pytest.mark.parametrize("code", KINDS)
def test_answers_of_every_kind_are_saved_and_shown_again(visit, site, code):
    page = visit("coordinator.per", section(code))

    for kinds in KINDS[code]:
        expect(bar(page)).to_have_text("Answers are saved as you go.")
        before = {}
        for address, (answer, expected) in kinds.items():
            answer(page)

            expect_saved(page, address)
            saved = re.compile(r"^Saved \d\d:\d\d$")
            expect(state(page, address)).to_have_text(saved)
            assert site.history(address)[-1] == ("coordinator.per", expected, "page")
            before[address] = shown(page, address)
        page.reload()
        assert {address: shown(page, address) for address in before} == before


def shown(page: Page, address: str) -> list[object]:
    return cell(page, address).evaluate(
        """cell => [...cell.querySelectorAll("input, select, textarea")].map(
            control => ["radio", "checkbox"].includes(control.type)
                ? control.checked : control.value.trim().replace(",", ".")
                    .replace(/[٠-٩]/g, digit => digit.charCodeAt(0) - 0x660))"""
    )


def test_do_not_know_stands_alone_among_boxes(visit, site):
    page = visit("coordinator.per", section("GEN"))
    boxes = cell(page, "GEN-09")

    option(boxes, "Do not know").check()

    expect(boxes.locator("input:checked")).to_have_count(1)
    expect_saved(page, "GEN-09")
    assert site.answer("GEN-09") == "dk"

    option(boxes, "Country of transit").check()

    expect(option(boxes, "Do not know")).not_to_be_checked()
    expect(state(page, "GEN-09")).to_have_text(re.compile("Saved"))
    expect_saved(page, "GEN-09")
    assert site.answer("GEN-09") == ["transit"]


def test_exclusive_choice_takes_the_others_back(visit, site):
    page = visit("coordinator.per", section("BAS"))
    boxes = cell(page, "BAS-03").get_by_role("checkbox")
    for index in range(boxes.count()):
        boxes.nth(index).uncheck()
    boxes.nth(0).check()

    option(cell(page, "BAS-03"), "Length of stay is not established").check()

    expect(boxes.nth(0)).not_to_be_checked()
    expect_saved(page, "BAS-03")
    assert site.answer("BAS-03") == ["none"]


def test_invalid_answers_are_kept_and_explained(visit, site):
    page = visit("coordinator.per", section("OPN"))
    before = site.answer("OPN-02")
    box = field(page, "OPN-02")

    box.fill("www.inei.gob.pe")
    box.blur()

    message = "Enter a web address that begins with http:// or https://."
    expect(state(page, "OPN-02")).to_have_text(message)
    expect(state(page, "OPN-02")).to_have_role("alert")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_value("www.inei.gob.pe")
    expect(bar(page)).to_have_text(
        "Answers that could not be saved: 1. They are marked on this page."
    )
    assert site.answer("OPN-02") == before

    box.fill("https://www.inei.gob.pe")
    box.blur()

    expect_saved(page, "OPN-02")
    expect(box).not_to_have_attribute("aria-invalid", "true")
    assert site.answer("OPN-02") == "https://www.inei.gob.pe"


NO_STORE = "Object.defineProperty(IDBFactory.prototype, 'open', { value: null })"


def test_leaving_with_an_unsaved_answer_asks_where_nothing_can_be_kept(visit):
    page = visit("coordinator.per")
    page.add_init_script(NO_STORE)
    page.goto(section("OPN"))
    box = field(page, "OPN-02")
    box.fill("nowhere")
    box.blur()
    expect(state(page, "OPN-02")).to_have_role("alert")
    page.on("dialog", lambda dialog: dialog.dismiss())

    with page.expect_event("dialog") as asked:
        page.get_by_role("link", name="All sections").click()

    assert asked.value.type == "beforeunload"
    expect(box).to_have_value("nowhere")


def test_save_and_continue_stays_where_an_answer_is_invalid(visit):
    page = visit("coordinator.per", section("OPN"))
    box = field(page, "OPN-02")
    box.fill("nowhere")

    page.get_by_role("button", name="Save and continue").click()

    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
    expect(page).to_have_url(re.compile("/sections/opn/$"))


def test_enter_saves_and_stays(visit, site):
    page = visit("coordinator.per", section("GEN"))
    box = field(page, "GEN-03")

    box.fill("INEI")
    box.press("Enter")

    expect_saved(page, "GEN-03")
    expect(page).to_have_url(re.compile("/sections/gen/$"))
    assert site.answer("GEN-03") == "INEI"


def test_document_is_saved_once_it_has_title_and_address(visit, site):
    page = visit("coordinator.per", section("BAS"))
    place = cell(page, "BAS-04.@evidence")
    question(page, "BAS-04").get_by_text("Source document", exact=True).click()

    place.get_by_label("Title of document 1").fill("Migration profile")
    page.wait_for_timeout(1200)  # longer than the pause after which a text is sent

    expect(state(page, "BAS-04.@evidence")).to_have_text("Not saved yet")

    place.get_by_label("Web address of document 1").fill("https://example.org/profile")
    place.get_by_role("button", name="Add another document").click()
    place.locator("[data-document]").nth(1).get_by_role("textbox").nth(0).fill("Annex")
    place.locator("[data-document]").nth(1).get_by_role("textbox").nth(1).fill(
        "https://example.org/annex"
    )
    place.locator("[data-document]").nth(1).get_by_role("textbox").nth(1).blur()

    expect_saved(page, "BAS-04.@evidence")
    assert site.answer("BAS-04.@evidence") == [
        {"title": "Migration profile", "url": "https://example.org/profile"},
        {"title": "Annex", "url": "https://example.org/annex"},
    ]
    page.reload()
    expect(place.get_by_label("Title of document 2")).to_have_value("Annex")


def test_half_a_document_is_explained_once_it_is_left(visit, site):
    page = visit("coordinator.per", section("BAS"))
    question(page, "BAS-04").get_by_text("Source document", exact=True).click()
    title = cell(page, "BAS-04.@evidence").get_by_label("Title of document 1")

    title.fill("Migration profile")
    cell(page, "BAS-04").get_by_role("radio").first.focus()

    expect(state(page, "BAS-04.@evidence")).to_have_text(
        "Give both a title and a web address for each document."
    )
    expect(title).to_have_value("Migration profile")
    assert site.answer("BAS-04.@evidence") is None


def test_entries_of_a_group_are_added_and_removed(visit, site):
    page = visit("coordinator.per", section("EXC"))
    group = question(page, "EXC-02")
    entries = group.locator("[data-item]:visible")
    expect(entries).to_have_count(2)  # one stored, one blank

    entries.nth(1).get_by_role("textbox").first.fill("Chile")
    entries.nth(1).locator("select").select_option(index=1)
    group.get_by_role("button", name="Add another entry").click()
    entries.nth(2).get_by_role("textbox").first.fill("Brazil")
    expect(entries.nth(2).get_by_role("textbox").first).to_be_focused()
    expect(bar(page)).to_contain_text("All answers saved")
    entries.nth(0).get_by_role("button", name="Remove this entry").click()

    expect(entries).to_have_count(2)
    expect(bar(page)).to_contain_text("All answers saved")
    partners = "SELECT value FROM assessment_answer WHERE question = 'EXC-02'"
    of_peru = "AND response_id = (SELECT max(id) FROM assessment_response WHERE"
    country = "country_id = (SELECT id FROM assessment_country WHERE iso3 = 'PER'))"
    kept = site.rows(f"{partners} AND \"column\" = 'partner' {of_peru} {country}")
    assert sorted(value for (value,) in kept if value != "null" and value) == [
        '"Brazil"',
        '"Chile"',
    ]
    page.reload()
    names = [
        entry.get_by_role("textbox").first.input_value() for entry in entries.all()
    ]
    assert sorted(names) == ["", "Brazil", "Chile"]


def test_added_entry_can_be_removed_before_it_is_saved(visit):
    page = visit("coordinator.per", section("EXC"))
    group = question(page, "EXC-02")
    entries = group.locator("[data-item]:visible")
    group.get_by_role("button", name="Add another entry").click()

    entries.nth(2).get_by_role("button", name="Remove this entry").click()

    expect(entries).to_have_count(2)
    expect(bar(page)).to_have_text("Answers are saved as you go.")


def test_back_button_shows_what_was_saved(visit, site):
    page = visit("coordinator.per", section("GEN"))
    box = field(page, "GEN-03")
    box.fill("First name")
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_url(re.compile("/sections/bas/$"))

    page.go_back()

    expect(box).to_have_value("First name")
    box.fill("Second name")
    expect_saved(page, "GEN-03")
    assert [value for _, value, _ in site.history("GEN-03")][-2:] == [
        "First name",
        "Second name",
    ]


# Bad luck


def test_answers_given_before_the_scripts_arrive_are_saved(visit, site):
    """On a slow link the form is there seconds before what saves it."""
    page = visit("coordinator.per")
    held: list[Route] = []
    page.route("**/section.js", lambda route: held.append(route))
    page.goto(section("SRC"), wait_until="commit")
    place = cell(page, "SRC-INV[SRC-CEN].exists")

    place.locator("select").select_option("no")
    field(page, "SRC-01").fill("2027")

    expect(bar(page)).to_be_hidden()
    let_go(page, held)
    expect_saved(page, "SRC-INV[SRC-CEN].exists", "SRC-01")
    assert site.answer("SRC-INV[SRC-CEN].exists") == "no"
    assert site.answer("SRC-01") == 2027


def test_power_cut_loses_nothing_that_was_said_to_be_saved(visit, site, watch):
    watch.expect(NO_LINK)
    page = visit("coordinator.per", section("GEN"))
    field(page, "GEN-03").fill("Saved before")
    expect_saved(page, "GEN-03")

    site.kill()
    field(page, "GEN-12").fill("Typed in the dark")

    expect(state(page, "GEN-12")).to_have_text(KEPT)
    expect(bar(page)).to_contain_text("Answers not sent yet: 1.")

    site.start()

    expect_saved(page, "GEN-12")
    assert site.answer("GEN-03") == "Saved before"
    assert site.answer("GEN-12") == "Typed in the dark"
    assert site.rows("PRAGMA integrity_check") == [("ok",)]


def test_dropped_link_holds_answers_back_until_it_returns(visit, site, watch):
    watch.expect(NO_LINK)
    page = visit("coordinator.per", section("GEN"))
    page.context.set_offline(True)

    option(cell(page, "GEN-04"), "Other body").check()
    field(page, "GEN-03").fill("INEI")

    expect(bar(page)).to_contain_text("Answers not sent yet: 2.")
    # The link must not be back before this attempt has failed: it would go on to the
    # next section, and rightly.
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Save and continue").click()
    page.wait_for_timeout(300)  # what failed may have been an attempt before it
    expect(page).to_have_url(re.compile("/sections/gen/$"))
    assert site.answer("GEN-03") != "INEI"

    page.context.set_offline(False)

    expect_saved(page, "GEN-03", "GEN-04")
    assert site.answer("GEN-03") == "INEI"
    assert site.answer("GEN-04") == "other"


def test_proxy_that_answers_for_the_server_is_not_believed(visit, site):
    """A hotel's sign-in page answers 200 to everything."""
    page = visit("coordinator.per", section("GEN"))
    page.route("**/answers", lambda route: route.fulfill(body="<p>Welcome!</p>"))

    field(page, "GEN-03").fill("INEI")

    expect(state(page, "GEN-03")).to_have_text(KEPT)

    page.unroute("**/answers")

    expect_saved(page, "GEN-03")
    assert site.answer("GEN-03") == "INEI"


def test_signing_in_again_in_another_tab_sends_what_was_kept(visit, site, watch):
    watch.expect(STATUS.format(401), STATUS.format(403))
    page = visit("coordinator.per", section("GEN"))
    page.context.clear_cookies(name="sessionid")

    field(page, "GEN-03").fill("Typed without a session")

    expect(bar(page)).to_contain_text("Your session has ended.")
    expect(state(page, "GEN-03")).to_have_text(KEPT)
    expect(page.get_by_role("dialog")).to_be_visible()

    other = page.context.new_page()
    other.goto("/accounts/login/")
    sign_in(other, "coordinator.per")

    expect_saved(page, "GEN-03")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert site.answer("GEN-03") == "Typed without a session"


def test_stale_token_is_renewed_by_itself(visit, site, watch):
    watch.expect(STATUS.format(403))
    page = visit("coordinator.per", section("GEN"))
    other = {"name": "csrftoken", "value": "x" * 32, "url": site.url}
    page.context.add_cookies([other])

    field(page, "GEN-03").fill("INEI")

    expect_saved(page, "GEN-03")
    assert site.answer("GEN-03") == "INEI"


def test_closed_round_is_said_and_nothing_typed_disappears(visit, site, watch):
    watch.expect(STATUS.format(409))
    page = visit("coordinator.per", section("GEN"))
    officer = visit("officer", "/rounds/2025/")
    officer.get_by_text("Close the round", exact=True).click()
    officer.get_by_role("button", name="Yes, close the round").click()
    expect(officer.get_by_role("status").first).to_contain_text("The round is closed")
    before = site.history("GEN-03")
    box = field(page, "GEN-03")

    box.fill("Too late")

    expect(bar(page)).to_have_text(
        "The round is closed. Changes are no longer accepted."
    )
    expect(bar(page)).to_have_attribute("data-save-state", "stopped")
    expect(state(page, "GEN-03")).to_have_text("Not saved")
    expect(box).to_have_value("Too late")
    assert site.history("GEN-03") == before


def test_text_too_long_to_send_does_not_hold_back_the_others(visit, site, watch):
    watch.expect(STATUS.format(413))
    page = visit("coordinator.per", section("GEN"))

    box = field(page, "GEN-12")
    box.evaluate("box => { box.value = 'x'.repeat(3e6) }")
    box.dispatch_event("input")
    option(cell(page, "GEN-04"), "Other body").check()

    expect(cell(page, "GEN-04")).to_have_attribute("data-save-state", "saved")
    expect(state(page, "GEN-12")).to_have_text(re.compile("too long"))
    assert site.answer("GEN-04") == "other"


def test_long_text_in_any_script_is_sent(visit, site):
    """Browsers refuse to keep alive more than 64 KiB, and Arabic takes two bytes a letter."""
    text = "هجرة " * 3_900
    page = visit("coordinator.per", section("GEN"))

    field(page, "GEN-12").fill(text)
    question(page, "GEN-12").get_by_text("Note", exact=True).click()
    field(page, "GEN-12.@note").fill(text)

    expect_saved(page, "GEN-12", "GEN-12.@note")
    assert site.answer("GEN-12") == text.strip()


def test_typing_on_while_a_save_is_under_way_makes_no_conflict(visit, site):
    page = visit("coordinator.per", section("GEN"))
    page.route(
        "**/answers", lambda route: (page.wait_for_timeout(400), route.continue_())
    )
    box = field(page, "GEN-03")

    for text in ("I", "IN", "INE", "INEI"):
        box.fill(text)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect_saved(page, "GEN-03")
    assert site.answer("GEN-03") == "INEI"
    expect(page.get_by_text("Use mine instead")).to_have_count(0)


def test_double_click_on_submit_makes_one_submission(visit, site):
    page = visit("coordinator.per", f"{PERU}check/")
    explain(page)
    page.get_by_label(re.compile("^I confirm that")).check()

    page.get_by_role("button", name="Submit", exact=True).dblclick()

    expect(page.get_by_role("status").first).to_contain_text("as submission 1")
    page.goto(PERU)
    expect(page.get_by_text("Submitted").first).to_be_visible()
    assert site.rows(
        """SELECT count(*) FROM assessment_submission submission
        JOIN assessment_response response ON response.id = submission.response_id
        JOIN assessment_round round ON round.id = response.round_id
        JOIN assessment_country country ON country.id = response.country_id
        WHERE country.iso3 = 'PER' AND round.code = '2025'"""
    ) == [(1,)]
