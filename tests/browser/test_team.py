"""A colleague is invited, accepts and is on the hub; the coordinator role changes hands."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.pages import PERU, sign_in

TEAM = f"{PERU}team/"
EMAIL = "migraciones@example.org"
PASSWORD = "veintidós gatos verdes"


def invite(page: Page, email: str, role: str = "Contributor") -> None:
    page.goto(TEAM)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("radio", name=re.compile(f"^{role}:")).check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("status")).to_have_text(
        f"The invitation was sent to {email}."
    )


def link_in(log: str) -> str:
    """Return the path in the message that the server wrote last."""
    return re.findall(r"http://127\.0\.0\.1:\d+(/invitations/[\w-]+/)", log)[-1]


def line(page: Page, name: str) -> object:
    return page.get_by_role("row", name=re.compile(re.escape(name)))


def accept(page: Page, name: str = "Rosa Quispe") -> None:
    page.get_by_label("Your name").fill(name)
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    page.get_by_role("button", name="Accept and sign in").click()


def test_invited_colleague_sets_a_password_and_lands_on_the_hub(visit, site, watch):
    watch.expect("status of 410", "status of 422")
    coordinator = visit("coordinator.per")
    invite(coordinator, EMAIL)
    expect(line(coordinator, EMAIL)).to_contain_text("Sent by Coordinator Peru (demo)")
    link = link_in(site.log)

    colleague = visit("", link)
    expect(colleague.get_by_role("main")).to_contain_text("Your role Contributor")
    colleague.get_by_label("Your name").fill("Rosa Quispe")
    colleague.locator("#id_password1").fill("short")
    colleague.locator("#id_password2").fill("short")
    colleague.get_by_role("button", name="Accept and sign in").click()
    alert = colleague.get_by_role("alert")
    expect(alert).to_contain_text("at least 12 characters")
    alert.get_by_role("link").first.click()
    expect(colleague.locator("#id_password1")).to_be_focused()
    accept(colleague)

    expect(colleague).to_have_url(re.compile(f"{PERU}$"))
    expect(colleague.get_by_role("status").first).to_have_text(
        "Welcome: you are contributor for Peru."
    )
    colleague.goto(link)  # the message found again leads on
    expect(colleague).to_have_url(re.compile(f"{PERU}$"))
    other = visit("", link)
    expect(other.get_by_role("heading", level=1)).to_have_text(
        "This invitation cannot be used"
    )
    coordinator.goto(TEAM)
    expect(line(coordinator, "Rosa Quispe")).to_contain_text("Contributor")
    expect(coordinator.get_by_role("main")).to_contain_text(
        "Rosa Quispe accepted the invitation and is contributor."
    )


def test_invitation_is_accepted_and_managed_without_scripts(visit, site, watch):
    watch.expect("status of 410")
    coordinator = visit("coordinator.per", java_script_enabled=False)
    invite(coordinator, EMAIL, "Observer")
    link = link_in(site.log)
    coordinator.get_by_role("button", name=f"Withdraw {EMAIL}").click()
    expect(coordinator.get_by_role("status")).to_contain_text("is withdrawn")

    page = visit("", link, java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "This invitation cannot be used"
    )
    invite(coordinator, EMAIL, "Observer")
    page.goto(link_in(site.log))
    accept(page)

    expect(page.get_by_role("main")).to_contain_text(
        "Welcome: you are observer for Peru."
    )


def test_account_of_another_country_signs_in_and_accepts(visit, site):
    coordinator = visit("coordinator.per")
    invite(coordinator, "contributor.pry@example.org", "Observer")
    link = link_in(site.log)

    coordinator.goto(link)
    expect(coordinator.get_by_role("main")).to_contain_text(
        "You are signed in as coordinator.per@example.org."
    )
    coordinator.get_by_role("button", name="Sign out and go on").click()
    coordinator.get_by_role("link", name="Sign in to accept").click()
    sign_in(coordinator, "contributor.pry")
    expect(coordinator).to_have_url(re.compile(re.escape(link)))
    coordinator.get_by_role("button", name="Accept", exact=True).click()

    expect(coordinator).to_have_url(re.compile(f"{PERU}$"))


def test_coordinator_role_is_handed_over(visit, watch):
    watch.expect("status of 409")
    page = visit("coordinator.per", TEAM)
    line(page, "Coordinator Peru").get_by_role("link", name="Change").click()
    page.get_by_role("radio", name=re.compile("^Observer:")).check()
    page.get_by_role("button", name="Save the role").click()
    expect(page.get_by_role("alert")).to_contain_text("is the only active coordinator")

    page.goto(TEAM)
    page.get_by_role("link", name="Hand your coordinator role over").click()
    page.get_by_role("radio", name="Contributor Peru (demo) (Contributor)").check()
    page.get_by_role("button", name="Yes, hand the role over").click()

    expect(page.get_by_role("status")).to_have_text(
        "Contributor Peru (demo) is coordinator now, and you are a contributor."
    )
    expect(page.get_by_label("E-mail address")).to_have_count(0)
    heir = visit("contributor.per", TEAM)
    expect(heir.get_by_label("E-mail address")).to_be_visible()
    line(heir, "Observer Peru").get_by_role("link", name="Change").click()
    heir.get_by_text("Deactivate this person").click()
    heir.get_by_role("button", name="Yes, deactivate").click()
    expect(line(heir, "Observer Peru")).to_contain_text("Deactivated")


def test_administrator_sets_up_the_team_of_a_draft(visit, site, watch):
    watch.expect("status of 404")
    page = visit("admin", "/rounds/2025/")

    page.get_by_role("link", name="Team Paraguay").click()

    invite_url = re.compile("/responses/PRY/2025/team/$")
    expect(page).to_have_url(invite_url)
    page.get_by_label("E-mail address").fill("focal.point@example.org")
    page.get_by_role("radio", name=re.compile("^Coordinator:")).check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(line(page, "focal.point@example.org")).to_contain_text("Coordinator")
    page.goto("/responses/PRY/2025/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
