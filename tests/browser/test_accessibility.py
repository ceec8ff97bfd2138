"""Every page as every role: axe-core, sideways scrolling, headings, keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.pages import (
    PERU,
    cell,
    expect_eventually,
    field,
    question,
    section,
    state,
)

TEAM = f"{PERU}team/"
MEXICO = "/responses/MEX/2025/"
JORDAN = "/responses/JOR/2025/"
INSTITUTIONS = f"{PERU}team/institutions/"
SECTIONS = ("GEN", "BAS", "POL", "STR", "SRC", "NEW", "OPN", "COO", "EXC")
WIDTHS = (1280, 360)
PAGES = {
    "": [
        "/",
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/signup/",
        "/offline/",
        f"{PERU}?signed-out",
        "/invitations/unknown/",
        "/nowhere/",
    ],
    "coordinator.per": [
        "/",
        PERU,
        f"{PERU}check/",
        f"{PERU}report/",
        f"{PERU}plan/",
        f"{PERU}plan/own/",
        f"{PERU}report/what-if/?best=POL-NEEDS[POL-C]&COO-01=none&find=census",
        f"{PERU}views/",
        f"{PERU}views/?question=COO-01",
        f"{PERU}views/?question=SRC-INV&cell=SRC-INV[SRC-CEN].variables",
        f"{PERU}history/",
        f"{PERU}history/?section=GEN&way=import",
        f"{PERU}history/?cell=GEN-03",
        f"{PERU}compare/",
        TEAM,
        f"{TEAM}hand-over/",
        f"{PERU}team/delegations/",
        INSTITUTIONS,
        f"{INSTITUTIONS}add/",
        f"{INSTITUTIONS}1/",
        f"{INSTITUTIONS}1/merge/",
        f"{INSTITUTIONS}1/merge/?into=2",
        f"{PERU}evidence/str-01/",
        "/notifications/",
        "/notifications/settings/",
        "/accounts/password/change/",
        "/accounts/logout/",
        MEXICO,
        "/rounds/2025/",
        section("XXX"),
        *(section(code) for code in SECTIONS),
    ],
    "coordinator.jor": [
        JORDAN,
        f"{JORDAN}check/",
        f"{JORDAN}plan/actions/1/",
        f"{JORDAN}plan/adopt/",
        f"{JORDAN}comments/",
        f"{JORDAN}comments/?at=SRC-INV",
        section("SRC", JORDAN),
        section("BAS", JORDAN),
    ],
    "coordinator.tha": [
        "/responses/THA/2025/",
        "/responses/THA/2025/check/",
        "/responses/THA/2025/compare/",
    ],
    "coordinator.mex": [
        MEXICO,
        f"{MEXICO}check/",
        "/responses/MEX/2022/",
        "/responses/MEX/2022/reviewed/",
        "/responses/MEX/2022/report/",
        f"{MEXICO}over-time/",
    ],
    "contributor.per": [
        "/",
        PERU,
        f"{PERU}check/",
        TEAM,
        INSTITUTIONS,
        section("GEN"),
    ],
    "observer.per": ["/", PERU, f"{PERU}check/", TEAM, INSTITUTIONS, section("GEN")],
    "officer": [
        "/notifications/",
        "/notifications/settings/",
        "/",
        "/rounds/2025/",
        "/rounds/2025/?status=accepted&sort=-progress",
        "/rounds/2025/?q=nowhere",
        "/rounds/2025/progress/",
        "/rounds/2025/compare/",
        "/rounds/2025/compare/?of=sections&region=Nowhere",
        "/regions/americas/over-time/",
        "/rounds/2025/remind/?country=PER&country=THA",
        "/rounds/2025/reports/",
        "/rounds/2022/",
        "/responses/THA/2025/",
        "/responses/GEO/2025/plan/",
        JORDAN,
        f"{JORDAN}comments/",
        f"{JORDAN}comments/?at=SRC-INV",
        f"{JORDAN}comments/?kind=praise",
        section("SRC", JORDAN),
        "/responses/THA/2025/review/?section=SRC",
        "/responses/THA/2025/review/?show=open",
        "/responses/THA/2025/compare/",
        f"{JORDAN}compare/",
        "/responses/THA/2025/reviewed/",
        "/responses/THA/2025/reviewed/set/?cell=COO-01",
        "/responses/THA/2025/reviewed/set/?cell=SRC-INV",
        MEXICO,
        f"{MEXICO}review/",
        f"{MEXICO}check/",
        f"{MEXICO}report/",
        f"{MEXICO}team/institutions/",
        f"{MEXICO}evidence/str-01/",
        PERU,
        *(section(code, MEXICO) for code in ("GEN", "POL", "COO")),
    ],
    "admin": [
        "/",
        "/rounds/2025/",
        TEAM,
        "/responses/THA/2025/",
        MEXICO,
        "/audit/",
        "/audit/?group=-answer",
        "/audit/?ip=nowhere",
    ],
}
STEPS = 10  # pages of one walk, so that several processes share the work
WALKS = [
    pytest.param(
        person, paths[start : start + STEPS], id=f"{person or 'nobody'} {start}"
    )
    for person, paths in PAGES.items()
    for start in range(0, len(paths), STEPS)
]


def expect_sound(
    page: Page,
    judged: tuple[int, ...] = WIDTHS,
    contrast: tuple[int, ...] = WIDTHS[:1],
) -> None:
    """No violation, no sideways scrolling at either width; one h1, language, direction.

    To judge contrast takes longer than all the rest, and a page has the same colours at
    both widths: the walk over all pages judges it at both, but for what is alike, and
    the state of one page once.
    """
    expect_eventually(page, "document.readyState", "complete")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if width in judged:
            assert violations(page, with_contrast=width in contrast) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.evaluate("[document.documentElement.lang, document.dir]") == [
        "en",
        "ltr",
    ]
    assert page.title() != ""


def contrast_at(path: str, widths: tuple[int, ...]) -> tuple[int, ...]:
    """Sections and reports are long and made of the same parts: some stand for all."""
    if path == "/responses/MEX/2022/report/":
        return ()
    is_like_others = "/sections/" in path and path not in (
        section("GEN"),
        section("SRC"),
    )
    return widths[:1] if is_like_others else widths


@pytest.mark.parametrize(("person", "paths"), WALKS)
def test_pages_are_sound(visit, watch, person, paths):
    """The narrow page is judged where somebody answers; reading has the same parts."""
    watch.expect("status of 404", "status of 410")
    page, problems = visit(person), {}

    for path in paths:
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        page.goto(path)
        is_narrow = person in ("", "coordinator.per") and not path.endswith("/report/")
        try:
            widths = WIDTHS if is_narrow else WIDTHS[:1]
            expect_sound(page, judged=widths, contrast=contrast_at(path, widths))
        except AssertionError as error:
            problems[path] = str(error)

    assert problems == {}


def test_closed_round_is_sound(visit):
    officer = visit("officer", "/rounds/2025/")
    officer.get_by_text("Close the round", exact=True).click()
    expect_sound(officer)
    officer.get_by_role("button", name="Yes, close the round").click()
    expect_sound(officer)
    page = visit("coordinator.per", PERU)

    expect_sound(page)
    page.goto(section("GEN"))
    expect_sound(page)


def test_refused_remark_and_submission_are_sound(visit, watch):
    watch.expect("status of 409")
    page = visit("coordinator.per", f"{PERU}check/")
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()

    expect_sound(page)


def test_page_of_delegations_is_sound_with_everything_open(visit, watch):
    """Every list of parts open, a refused form, ended delegations."""
    watch.expect("status of 422")
    page = visit("coordinator.per", f"{PERU}team/delegations/?part=EXC")
    page.locator(".delegation__withdraw summary").first.click()
    page.get_by_role("button", name="Yes, withdraw it").click()
    page.get_by_label("Or an e-mail address").fill("nobody")
    page.get_by_role("button", name="Delegate", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one section")
    page.wait_for_load_state()
    for detail in page.locator("details").all():
        detail.evaluate("detail => { detail.open = true }")

    expect_sound(page)


def test_delegated_country_is_sound(visit):
    coordinator = visit("coordinator.per", f"{PERU}team/delegations/")
    coordinator.get_by_role("radio", name="Delegated", exact=True).check()
    coordinator.get_by_role("button", name="Save the switch").click()
    expect(coordinator.get_by_role("status")).to_be_visible()
    page = visit("contributor.per", PERU)
    page.get_by_text("Hand back", exact=True).click()
    expect_sound(page)

    for code in ("SRC", "EXC"):
        page.goto(section(code))
        expect_sound(page)


def test_refusals_are_sound(visit, watch):
    watch.expect("status of 40[039]")
    page = visit("coordinator.tha", "/responses/THA/2025/")
    officer = visit("officer", "/responses/THA/2025/")
    page.get_by_text("Withdraw the submission", exact=True).click()
    officer.get_by_text("Accept the submission", exact=True).click()
    expect_sound(page)
    expect_sound(officer)
    officer.get_by_label("I accept the response with this open point").check()
    officer.get_by_role("button", name="Yes, accept it").click()
    expect(officer.get_by_role("status")).to_be_visible()

    page.get_by_role("button", name="Yes, withdraw it").click()  # too late: 409

    expect(page.get_by_role("heading", level=1)).to_have_text("Not possible now")
    expect_sound(page)

    page = visit("coordinator.per", f"{PERU}check/")
    submit = page.get_by_role("button", name="Submit", exact=True)
    submit.evaluate("button => { button.formAction = '../accept/' }")
    submit.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Not allowed")
    expect_sound(page)

    page.goto(section("GEN"))
    page.evaluate("document.forms['section-form'].elements._bases.value = 'broken'")
    with page.expect_navigation():
        page.evaluate(
            "HTMLFormElement.prototype.submit.call(document.forms['section-form'])"
        )

    expect(page.get_by_role("heading", level=1)).to_have_text("Not understood")
    expect_sound(page)

    page.goto(f"{PERU}check/")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Submit", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Not sent yet")
    expect_sound(page)

    page = visit("", "/accounts/login/")
    page.get_by_role("textbox", name="mail").fill("officer@example.org")
    page.get_by_label("Password").fill("demo")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("The page was too old")
    expect_sound(page)


def test_section_in_every_state_of_saving_is_sound(visit, watch):
    """Saved, invalid, in conflict, and with every closed part of the page open."""
    page, other = (
        visit(p, section("GEN")) for p in ("coordinator.per", "contributor.per")
    )
    field(other, "GEN-03").fill("Migraciones")
    field(other, "GEN-03").blur()
    expect(state(other, "GEN-03")).to_contain_text("Saved")
    field(page, "GEN-03").fill("INEI")
    field(page, "GEN-02").fill("soon")
    cell(page, "GEN-04").get_by_label("Other body").check()
    cell(page, "GEN-10").get_by_label("Yes").check()
    expect(state(page, "GEN-03")).to_contain_text("Use mine instead")
    expect(state(page, "GEN-02")).to_contain_text("Enter a year")
    for detail in page.locator("details:visible").all():
        detail.evaluate("detail => { detail.open = true }")

    expect_sound(page)


def test_unsent_answers_and_dialogs_are_sound(visit, watch):
    watch.expect("status of 40[0139]", "ERR_FAILED", "ERR_INTERNET_DISCONNECTED")
    page = visit("coordinator.per", section("GEN"))
    page.route("**/answers", lambda route: route.abort())
    field(page, "GEN-03").fill("INEI")
    expect(state(page, "GEN-03")).to_contain_text("kept on this computer")
    expect_sound(page)
    page.goto(PERU)
    expect(page.locator("#unsent")).to_contain_text("Answers kept: 1")
    expect_sound(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("dialog", name="Sign out")).to_be_visible()
    expect_sound(page)
    page.unroute("**/answers")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Stay signed in").click()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("dialog", name="Your session has ended")).to_be_visible()

    expect_sound(page)


def test_team_in_every_state_is_sound(visit, site, watch):
    """A refused invitation, the page of a person, and the link in a message."""
    watch.expect("status of 422")
    page = visit("coordinator.per", TEAM)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect_sound(page)
    page.get_by_label("E-mail address").fill("migraciones@example.org")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect_sound(page)
    link = re.findall(r"(/invitations/[\w-]+/)", site.log)[-1]

    page.get_by_role("link", name="Change Contributor Peru").click()
    page.get_by_text("Deactivate this person").click()
    expect_sound(page)
    page.get_by_role("button", name="Yes, deactivate").click()
    page.get_by_role("link", name="Reactivate Contributor Peru").click()
    expect_sound(page)
    page.goto(link)
    expect_sound(page)
    invited = visit("", link)
    expect_sound(invited)
    invited.get_by_role("button", name="Accept and sign in").click()
    expect(invited.get_by_role("alert")).to_be_visible()
    expect_sound(invited)


def test_offered_institutions_are_sound(visit):
    page = visit("coordinator.per", section("SRC"))
    box = cell(page, "SRC-INV[SRC-CEN].holder").locator("input")
    box.fill("office")
    box.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()

    expect_sound(page, WIDTHS[:1])


def test_refused_form_is_sound(visit, watch):
    watch.expect("status of 422")
    page = visit("coordinator.per", section("GEN"), java_script_enabled=False)
    field(page, "GEN-02").fill("soon")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("h1")).to_have_count(1)


@pytest.mark.parametrize("path", ["/", PERU, f"{PERU}check/", section("SRC")])
def test_keyboard_reaches_the_content_at_once(visit, path):
    page = visit("coordinator.per", path)

    page.keyboard.press("Tab")

    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


FOCUS = """
() => {
    const element = document.activeElement;
    if (element === document.body) { return null; }
    const styles = [getComputedStyle(element), getComputedStyle(element, "::after")];
    const box = element.getBoundingClientRect();
    const y = Math.max(box.y + Math.min(box.height, 60) / 2, 5);
    const top = document.elementFromPoint(box.x + Math.min(box.width, 40) / 2, y);
    return {
        name: element.name || element.textContent.trim().slice(0, 40),
        isOutlined: styles.some((style) =>
            style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
        isSeen: element.contains(top) || Boolean(top?.contains(element)),
    };
}
"""


@pytest.mark.parametrize(
    ("person", "path"),
    [
        ("", "/accounts/login/"),
        ("coordinator.per", PERU),
        ("coordinator.per", f"{PERU}check/"),
        ("coordinator.per", f"{PERU}team/delegations/"),
        ("coordinator.per", section("GEN")),
        ("coordinator.per", section("SRC")),
        ("coordinator.per", TEAM),
        ("coordinator.per", INSTITUTIONS),
        ("officer", "/rounds/2025/"),
    ],
)
def test_focus_is_visible_at_every_step(visit, person, path):
    page = visit(person, reduced_motion="reduce")

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 600})
        page.goto(path)
        steps = steps_by_tab(page)
        assert len(steps) > 3
        assert [step["name"] for step in steps if not step["isOutlined"]] == []
        assert [step["name"] for step in steps if not step["isSeen"]] == []


def steps_by_tab(page: Page) -> list[dict[str, Any]]:
    """Where the focus is after each of 60 steps, or until it leaves the page."""
    steps: list[dict[str, Any]] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        step = page.evaluate(FOCUS)
        if step is None:
            break
        steps.append(step)
    return steps


def test_list_of_boxes_works_by_keyboard(visit):
    page = visit("coordinator.per", section("BAS"))
    place = cell(page, "BAS-STAT[BAS-S01].breakdowns")
    place.locator("summary").focus()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(place.get_by_role("checkbox").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(place.locator("summary")).to_be_focused()
    expect(place.get_by_role("checkbox").first).to_be_hidden()


def test_cell_of_a_matrix_is_named_by_row_column_and_question(visit):
    page = visit("coordinator.per", section("SRC"))

    expect(
        cell(page, "SRC-INV[SRC-CEN].holder").locator("input")
    ).to_have_accessible_name(
        "Population and housing census – Agency in charge – Inventory of data sources"
    )


@pytest.mark.parametrize(
    ("person", "paths"),
    [
        ("", ["/", "/accounts/login/"]),
        (
            "coordinator.per",
            [
                PERU,
                f"{PERU}check/",
                f"{PERU}report/",
                TEAM,
                f"{TEAM}hand-over/",
                f"{PERU}team/delegations/",
                INSTITUTIONS,
                section("GEN"),
                section("SRC"),
            ],
        ),
        ("officer", [section("POL", MEXICO), "/rounds/2025/"]),
    ],
)
def test_arabic_runs_from_right_to_left(visit_bilingual, person, paths):
    page = visit_bilingual(person, locale="ar")

    for path in paths:
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            scrolled = page.evaluate("document.documentElement.scrollWidth")
            assert scrolled <= width, path
        assert page.evaluate("[document.documentElement.lang, document.dir]") == [
            "ar",
            "rtl",
        ]
        heading = page.locator("h1")
        assert heading.evaluate("h1 => getComputedStyle(h1).direction") == "rtl"


def test_question_is_marked_where_its_section_is_linked(visit):
    page = visit("coordinator.per", f"{PERU}check/")

    page.locator("section[aria-labelledby=missing] li a").last.click()

    target = page.locator(":target")
    expect(target).to_be_in_viewport()
    expect(question(page, "EXC-07")).to_have_css("outline-style", "solid")
    expect(page).to_have_url(re.compile("#q-EXC-07$"))


def test_paste_dialog_is_sound(visit):
    page = visit("coordinator.per", section("SRC"))
    field(page, "SRC-INV[SRC-CEN].holder").focus()
    page.locator("[data-matrix=SRC-INV] [data-tool=paste]").click()
    page.get_by_label("Copy the cells in your spreadsheet").fill("A\tsoon\tB")
    expect(page.get_by_role("dialog")).to_contain_text("Cannot be used: 2.")

    assert violations(page) == []
