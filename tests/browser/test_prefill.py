"""A new round begins with the answers of the last one, confirmed section by section."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import served
from tests.browser.pages import bar, cell, expect_saved, field, question, section
from tests.browser.server import Prepared, Site, run
from tests.browser.test_accessibility import expect_sound

PERU = "/responses/PER/2028/"
GEN, SRC = section("GEN", PERU), section("SRC", PERU)
ASKED = "[data-unconfirmed]:not([data-closed])"
NEW_ROUNDS = """
import datetime
from assessment.models import Country, Round, User
from assessment.services.rounds import open_round
from questionnaire.models import Questionnaire
opened, planned = (
    Round.objects.create(
        code=str(year), title=f"Assessment round {year}", year=year,
        questionnaire=Questionnaire.objects.get(), opens_on=datetime.date(2026, 1, 1),
        closes_on=datetime.date(year, 12, 1),
    )
    for year in (2028, 2029)
)
officer = User.objects.get(email="officer@example.org")
open_round(round_=opened, countries=[Country.objects.get(iso3="PER")], by=officer)
"""


@pytest.fixture(scope="module")
def server(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Peru has joined the round of 2028; its last accepted round is 2022."""
    folder = tmp_path_factory.mktemp("prefill")
    database = folder / "prepared.sqlite3"
    shutil.copyfile(prepared.database, database)
    run(database, "manage.py", "shell", "--no-imports", "-c", NEW_ROUNDS)
    yield from served(folder, replace(prepared, database=database))


@pytest.fixture
def stored(site):
    def history(address: str) -> list[tuple[str, object, str]]:
        found: list[tuple[str, object, str]] = site.history(address, "PER", "2028")
        return found

    return history


def head(page: Page) -> Locator:
    return page.locator("#carried")


def waiting(page: Page) -> int:
    text = head(page).get_by_role("status").text_content() or ""
    found = re.search(r"\d+", text)
    return int(found[0]) if found else 0


def button(place: Locator) -> Locator:
    return place.locator("button[name=_confirm]")


def row(page: Page, code: str) -> Locator:
    return page.locator(f'[data-row="{code}"]')


def test_answers_are_carried_over_into_a_round_that_an_officer_opens(visit):
    page = visit("officer", "/rounds/2029/")
    page.get_by_role("button", name="Open the round").click()
    page.locator("select[name=countries]").select_option(label="Peru")
    page.get_by_role("button", name="Add to the round").click()
    expect(page.get_by_text("1 country joined the round.")).to_be_visible()

    page = visit("coordinator.per", "/responses/PER/2029/")

    expect(page.locator(".next-step")).to_contain_text(
        "627 answers are carried over from “Assessment round 2022 (illustrative)”."
    )


def test_round_is_confirmed_by_cell_row_question_and_section(visit, stored):
    page = visit("coordinator.per", SRC)
    before = waiting(page)
    census = row(page, "SRC-CEN")
    gate, holder = "SRC-INV[SRC-CEN].exists", "SRC-INV[SRC-CEN].holder"
    expect(cell(page, holder)).to_contain_text("From 2022")
    expect(
        field(page, holder)
    ).to_be_visible()  # though what opens the row is unconfirmed

    button(cell(page, holder)).click()

    expect(cell(page, holder)).not_to_have_attribute("data-unconfirmed", "")
    expect(button(cell(page, holder))).to_be_focused()
    expect(button(cell(page, holder))).to_have_text("Confirmed")
    expect(head(page).get_by_role("status")).to_have_text(
        f"Still to be confirmed in this section: {before - 1}"
    )
    value = stored(holder)[0][1]
    assert stored(holder) == [
        ("import@system.invalid".partition("@")[0], value, "prefill"),
        ("coordinator.per", value, "page"),
    ]

    rest = census.locator("[data-unconfirmed]").count()
    button(census.locator("th")).click()

    expect(census.locator("[data-unconfirmed]")).to_have_count(0)
    expect(button(census.locator("th"))).to_have_text("Confirmed")
    expect(head(page).get_by_role("status")).to_have_text(
        f"Still to be confirmed in this section: {before - 1 - rest}"
    )
    assert [way for _, _, way in stored(gate)] == ["prefill", "page"]

    page.get_by_role("button", name=re.compile("^Confirm all of SRC-INV")).click()
    expect(question(page, "SRC-INV").locator(ASKED)).to_have_count(0)

    page.get_by_role("button", name=re.compile("^Confirm all carried-over")).click()

    expect(head(page).get_by_role("status")).to_have_text(
        "All carried-over answers of this section are confirmed."
    )
    expect(bar(page)).to_contain_text("All answers saved")
    page.reload()
    expect(page.locator(ASKED)).to_have_count(0)
    expect(head(page)).to_have_count(0)
    page.goto(PERU)
    expect(page.locator(".task").nth(4)).not_to_contain_text("carried over")
    expect(page.locator(".task").nth(3)).to_contain_text("carried over")


def test_another_answer_replaces_and_confirms(visit, stored):
    page = visit("coordinator.per", GEN)
    before = waiting(page)

    field(page, "GEN-03").fill("INEI")

    expect_saved(page, "GEN-03")
    expect(button(cell(page, "GEN-03"))).to_be_hidden()
    expect(cell(page, "GEN-03")).not_to_contain_text("From 2022")
    assert waiting(page) == before - 1
    assert [(v, way) for _, v, way in stored("GEN-03")][1:] == [("INEI", "page")]


def test_answer_typed_and_taken_back_stays_unconfirmed(visit, stored):
    page = visit("coordinator.per", GEN)
    text = field(page, "GEN-03").input_value()

    field(page, "GEN-03").press_sequentially("x")
    field(page, "GEN-03").press("Backspace")
    field(page, "GEN-12").fill("Something else")
    expect_saved(page, "GEN-12")

    expect(field(page, "GEN-03")).to_have_value(text)
    expect(button(cell(page, "GEN-03"))).to_be_visible()
    assert [way for _, _, way in stored("GEN-03")] == ["prefill"]


def test_question_is_asked_once_what_it_depends_on_is_confirmed(visit):
    """It is shown before, if it holds an answer, so that both are confirmed together."""
    page = visit("coordinator.per", section("STR", PERU))
    answered, blank = question(page, "STR-04"), question(page, "STR-03")
    field(page, "STR-03").fill("")
    expect_saved(page, "STR-03")
    expect(field(page, "STR-03")).to_be_visible()
    page.reload()
    for depends in (answered, blank):
        expect(depends).to_have_attribute("data-hidden", "")
    expect(answered.locator(".question__body")).to_be_visible()
    expect(blank).to_be_hidden()

    button(cell(page, "STR-01")).click()

    for depends in (answered, blank):
        expect(depends).not_to_have_attribute("data-hidden", "")
        expect(depends.locator(".question__body")).to_be_visible()
    expect(answered.locator("[data-unconfirmed]")).to_have_count(1)


def test_gate_that_is_changed_closes_the_row(visit):
    page = visit("coordinator.per", SRC)
    before = waiting(page)
    gated = row(page, "SRC-CEN").locator("[data-gated][data-unconfirmed]").count()

    cell(page, "SRC-INV[SRC-CEN].exists").locator("select").select_option("no")

    expect_saved(page, "SRC-INV[SRC-CEN].exists")
    expect(field(page, "SRC-INV[SRC-CEN].holder")).to_be_hidden()
    expect(button(row(page, "SRC-CEN").locator("th"))).to_be_hidden()
    assert waiting(page) <= before - 1 - gated


def test_what_cannot_be_sent_is_confirmed_later(visit, watch, stored):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = visit("coordinator.per", GEN)
    page.context.set_offline(True)

    button(cell(page, "GEN-03")).click()

    expect(cell(page, "GEN-03")).to_contain_text("Not sent: kept on this computer")
    page.context.set_offline(False)
    expect_saved(page, "GEN-03")
    assert [way for _, _, way in stored("GEN-03")] == ["prefill", "queue"]


def test_colleague_who_replaced_it_meanwhile_is_not_overwritten(visit, stored):
    first, second = (visit(p, GEN) for p in ("coordinator.per", "contributor.per"))
    field(second, "GEN-03").fill("Migraciones")
    expect_saved(second, "GEN-03")

    first.get_by_role("button", name=re.compile("^Confirm all carried-over")).click()

    expect(cell(first, "GEN-03")).to_contain_text("Use mine instead")
    assert stored("GEN-03")[-1][1] == "Migraciones"
    expect(first.locator("[data-unconfirmed]")).to_have_count(0)


def test_everything_is_confirmed_without_scripts(visit, stored):
    page = visit("coordinator.per", SRC, java_script_enabled=False)
    before = page.locator("[data-unconfirmed]").count()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Nothing had changed")
    expect(page.locator("[data-unconfirmed]")).to_have_count(before)

    button(cell(page, "SRC-INV[SRC-CEN].holder")).click()
    expect(page.get_by_role("status").first).to_have_text(
        "Saved. 1 answer is confirmed."
    )
    expect(page).to_have_url(re.compile("#c-SRC-INV"))
    expect(page.locator("[data-unconfirmed]")).to_have_count(before - 1)

    field(page, "SRC-INV[SRC-LFS].holder").fill("INEI")
    button(row(page, "SRC-CEN").locator("th")).click()
    expect(row(page, "SRC-CEN").locator("[data-unconfirmed]")).to_have_count(0)
    assert stored("SRC-INV[SRC-LFS].holder")[-1][1:] == ("INEI", "form")

    page.get_by_role("button", name=re.compile("^Confirm all carried-over")).click()
    expect(head(page)).to_have_count(0)


def test_enter_in_a_field_confirms_nothing_without_scripts(visit, stored):
    page = visit("coordinator.per", GEN, java_script_enabled=False)
    before = page.locator("[data-unconfirmed]").count()
    field(page, "GEN-03").fill("INEI")

    field(page, "GEN-03").press("Enter")

    expect(page.get_by_role("status").first).to_have_text("Saved.")
    expect(page).to_have_url(re.compile("/sections/gen/$"))
    expect(page.locator("[data-unconfirmed]")).to_have_count(before - 1)


@pytest.mark.parametrize("code", ["GEN", "SRC", "EXC"])
def test_prefilled_section_is_sound(visit, code):
    page = visit("coordinator.per", section(code, PERU))
    expect_sound(page)

    page.get_by_role("button", name=re.compile("^Confirm all carried-over")).click()
    expect(head(page).get_by_role("status")).to_contain_text("are confirmed")

    # What is confirmed looks as anywhere; the walk over all pages judges it when narrow.
    expect_sound(page, judged=(1280,))


@pytest.mark.parametrize("path", [PERU, f"{PERU}check/"])
def test_prefilled_overview_is_sound(visit, path):
    expect_sound(visit("coordinator.per", path))


def test_prefilled_section_is_sound_to_read(visit):
    expect_sound(visit("observer.per", SRC), judged=(1280,))


def test_choosing_again_what_is_chosen_confirms_it(visit, stored):
    page = visit("coordinator.per", GEN)
    address = "GEN-04"
    chosen = cell(page, address).locator("input[type=radio]:checked")
    before = waiting(page)

    chosen.click()

    expect_saved(page, address)
    expect(cell(page, address)).not_to_have_attribute("data-unconfirmed", "")
    assert waiting(page) == before - 1
    assert [way for _, _, way in stored(address)] == ["prefill", "page"]
