"""The team page: who sees it, who acts on it, and every refusal."""

import html
import re

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from assessment.models import (
    Country,
    Invitation,
    Membership,
    MembershipChange,
    Response,
)
from assessment.services.invitations import register_invited, revoke_invitation
from assessment.services.teams import deactivate_member, record_change
from reports.queries import report_source
from tests.factories import (
    AdministratorFactory,
    MemberFactory,
    MembershipFactory,
    OfficerFactory,
    UserFactory,
)
from tests.integration.reports.test_kept import keep
from tests.saving import submit
from tests.teams import EMAIL, last_token, log_of, offer

TEAM = "/responses/PER/2025/team/"
HAND_OVER = f"{TEAM}hand-over/"
INVITE = f"{TEAM}invitations/"
COUNTRY_ROLES = ["contributor", "coordinator", "observer"]
INVITED = {"email": EMAIL, "name": "Luz", "role": "contributor"}
STATUSES = [status.value for status in Response.Status]


class DeafServer(BaseEmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError


@pytest.fixture
def chile(peru):
    return Country.objects.get(iso3="CHL")


@pytest.fixture
def client_of(response, signed_in, peru, chile):
    def client(role):
        if role == "officer":
            return signed_in(OfficerFactory())
        if role == "administrator":
            return signed_in(AdministratorFactory())
        if role == "stranger":
            return signed_in(MemberFactory(country=chile, role="coordinator"))
        if role == "nobody":
            return signed_in(UserFactory())
        return signed_in(MemberFactory(country=peru, role=role))

    return client


@pytest.fixture
def client(client_of, signed_in, coordinator):
    return signed_in(coordinator)


@pytest.fixture
def luz(peru):
    return MembershipFactory(
        user=UserFactory(name="Luz", email="luz@example.org"),
        country=peru,
        role="contributor",
    )


@pytest.fixture
def at_once(monkeypatch):
    """Messages leave within the request, as after a real commit: the test makes none."""
    monkeypatch.setattr(transaction, "on_commit", lambda send, **_options: send())


def person(member):
    return f"{TEAM}people/{member.pk}/"


def text(page):
    return html.unescape(page.content.decode())


def said(page):
    return [str(message) for message in page.context["messages"]]


def alert(page):
    (found,) = re.findall(r'role="alert">(.*?)</div>', text(page), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def in_status(response, status):
    Response.objects.filter(pk=response.pk).update(status=status)


def standing(member):
    return Membership.objects.values_list("role", "is_active").get(pk=member.pk)


# Who sees it


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("contributor", 200),
        ("coordinator", 200),
        ("observer", 200),
        ("administrator", 200),
        ("officer", 404),
        ("stranger", 404),
        ("nobody", 404),
    ],
)
def test_team_is_seen_by_its_country_and_administrators(
    response, client_of, role, code, status
):
    in_status(response, status)

    assert client_of(role).get(TEAM).status_code == code


@pytest.mark.parametrize("role", ["contributor", "observer"])
def test_colleagues_see_names_and_roles_and_nothing_to_act_on(
    client_of, coordinator, luz, peru, role
):
    gone = MembershipFactory(
        user=UserFactory(name="Gone"), country=peru, role=role, is_active=False
    )
    offer(peru, coordinator)

    page = client_of(role).get(TEAM)

    assert "Luz" in text(page)
    assert coordinator.email in text(page)
    for hidden in (luz.user.email, EMAIL, gone.user.name, "Last sign-in", "<textarea"):
        assert hidden not in text(page)
    main = text(page).split("<main")[1].split("</main>")[0]
    assert "<form" not in main
    assert "/people/" not in main


def test_coordinator_sees_people_invitations_and_what_happened(
    client, coordinator, luz, peru, time_machine
):
    time_machine.move_to("2025-03-01T12:00:00Z", tick=False)
    offer(peru, coordinator, email="open@example.org", name="")
    time_machine.move_to("2025-03-16T12:00:00Z", tick=False)
    deactivate_member(membership=luz, by=coordinator)

    page = client.get(TEAM)

    assert [m.user.name for m in page.context["people"]] == [coordinator.name, "Luz"]
    assert "Deactivated" in text(page)
    assert "luz@example.org" in text(page)
    assert "Expired" in text(page)
    events = re.findall(r'team-log__what">(.*?)</span>', text(page))
    assert events == [
        f"{coordinator.name} deactivated Luz, who was contributor.",
        f"{coordinator.name} invited open@example.org as contributor.",
    ]


SENTENCES = {
    "invited": "Ana invited luz@example.org as observer.",
    "resent": "Ana sent the invitation of luz@example.org again.",
    "revoked": "Ana withdrew the invitation of luz@example.org.",
    "accepted": "Ana accepted the invitation and is observer.",
    "added": "Ana added Luz as observer.",
    "role": "Ana changed the role of Luz from contributor to observer.",
    "deactivated": "Ana deactivated Luz, who was contributor.",
    "reactivated": "Ana reactivated Luz as observer.",
    "handed_over": "Ana handed the coordinator role over to Luz, who was contributor.",
}


def test_everything_that_can_happen_has_a_sentence():
    assert set(SENTENCES) == set(MembershipChange.Kind.values)


@pytest.mark.parametrize("kind", SENTENCES)
def test_what_happened_is_told_in_a_sentence(client, peru, luz, kind):
    record_change(
        MembershipChange.Kind(kind),
        peru,
        by=MemberFactory(country=peru, role="coordinator", name="Ana"),
        person=luz.user,
        email="luz@example.org",
        from_role="contributor",
        to_role="observer",
    )

    page = client.get(TEAM)

    assert re.findall(r'team-log__what">(.*?)</span>', text(page)) == [SENTENCES[kind]]


def test_page_says_when_there_is_no_coordinator(client_of):
    assert "Your country has no coordinator yet" in text(
        client_of("observer").get(TEAM)
    )
    page = client_of("administrator").get(TEAM)

    assert "This country has no active coordinator" in text(page)
    assert page.context["form"].initial == {"role": "coordinator"}


@pytest.mark.parametrize("status", STATUSES)
def test_team_is_all_that_an_administrator_sees_of_a_draft(
    response, client_of, coordinator, status, media
):
    in_status(response, status) if status == "draft" else submit(response, coordinator)
    in_status(response, status)
    if status != "draft":
        keep(response, report_source("PER", "2025"))
    client = client_of("administrator")
    hub = "/responses/PER/2025/"

    page = client.get(TEAM)

    paths = ["", "check/", "sections/gen/", "report/", "report.pdf", "report.json"]
    codes = {client.get(f"{hub}{path}").status_code for path in paths}
    assert codes == ({404} if status == "draft" else {200})
    links = {f'href="{hub}{path}"' in text(page) for path in ("", "check/", "report/")}
    assert links == {status != "draft"}
    assert client.post(f"{hub}answers", "{}", content_type="application/json").status_code == (
        404 if status == "draft" else 403
    )  # fmt: skip


def test_administrators_reach_every_team_from_the_round(response, client_of):
    link = f'href="{TEAM}"'

    assert link in text(client_of("administrator").get("/rounds/2025/"))
    assert link not in text(client_of("officer").get("/rounds/2025/"))


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("contributor", True),
        ("coordinator", True),
        ("observer", True),
        ("officer", False),
    ],
)
def test_team_is_a_tab_for_who_may_open_it(
    response, client_of, coordinator, role, shown
):
    submit(response, coordinator)

    page = text(client_of(role).get("/responses/PER/2025/"))

    assert (f'class="tabs__link" href="{TEAM}"' in page) is shown


# Inviting


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_colleague_is_invited_in_every_status(
    response, client_of, at_once, role, status
):
    in_status(response, status)
    client = client_of(role)

    page = client.post(INVITE, INVITED)

    assert (page.status_code, page.headers["Location"]) == (302, TEAM)
    assert said(client.get(TEAM)) == [
        "The invitation was sent to interior@example.org."
    ]
    assert f"http://testserver/invitations/{last_token()}/" in mail.outbox[0].body


def test_message_that_cannot_be_sent_is_told_and_the_invitation_stands(
    client, at_once, settings
):
    settings.EMAIL_BACKEND = f"{__name__}.DeafServer"

    client.post(INVITE, INVITED)

    page = client.get(TEAM)
    (told,) = said(page)
    assert told == (
        "The invitation of interior@example.org stands, but its message could not be "
        "sent. Send it again in a while; if that fails too, tell the administrators."
    )
    assert "Not sent" in text(page)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    pk = Invitation.objects.get().pk
    client.post(f"{INVITE}{pk}/resend/")
    assert said(client.get(TEAM)) == [
        "The invitation was sent to interior@example.org."
    ]
    assert len(mail.outbox) == 1


def test_message_that_a_worker_sends_later_is_on_its_way(client, settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}
    }

    client.post(INVITE, INVITED)

    page = client.get(TEAM)
    assert said(page) == ["The invitation is on its way to interior@example.org."]
    assert "Not sent yet" in text(page)


@pytest.mark.parametrize(
    ("values", "alerted"),
    [
        ({"email": ""}, "Nobody was invited E-mail address: This field is required."),
        ({"role": ""}, "Nobody was invited Role: This field is required."),
    ],
)
def test_invitation_that_cannot_be_sent_is_422_with_a_summary(client, values, alerted):
    page = client.post(INVITE, INVITED | values)

    assert page.status_code == 422
    assert alert(page) == alerted
    (link,) = re.findall(r'<a href="#(id_\w+)">', text(page))
    assert f'id="{link}"' in text(page)
    assert 'value="Luz"' in text(page)
    assert "<title>Error:" in text(page)
    assert Invitation.objects.count() == 0


def test_address_invited_already_is_409_and_keeps_what_was_typed(
    client, coordinator, peru
):
    offer(peru, coordinator)

    page = client.post(INVITE, INVITED | {"name": "Typed"})

    assert page.status_code == 409
    assert alert(page).startswith(
        "interior@example.org has an open invitation already."
    )
    assert 'value="Typed"' in text(page)


def test_fifty_open_invitations_are_the_most(client, coordinator, peru, settings):
    assert settings.INVITATIONS_MAX_OPEN == 50
    settings.INVITATIONS_MAX_OPEN = 1
    offer(peru, coordinator, email="other@example.org")

    page = client.post(INVITE, INVITED)

    assert page.status_code == 409
    assert alert(page) == (
        "There is already 1 open invitation, the most a country may have. Withdraw one "
        "that is not needed, or wait until it expires."
    )


# Sending again and withdrawing


def test_invitation_is_sent_again_and_withdrawn(
    client, coordinator, peru, at_once, time_machine
):
    time_machine.move_to("2025-03-01T12:00:00Z", tick=False)
    pk = offer(peru, coordinator).pk
    time_machine.move_to("2025-03-02T12:00:00Z", tick=False)

    sent = client.post(f"{INVITE}{pk}/resend/")
    first = said(client.get(TEAM))
    withdrawn = client.post(f"{INVITE}{pk}/revoke/")
    second = said(client.get(TEAM))

    assert {page.headers["Location"] for page in (sent, withdrawn)} == {TEAM}
    assert first == ["The invitation was sent to interior@example.org."]
    assert second == [
        "The invitation of interior@example.org is withdrawn: its link no longer works."
    ]


def test_double_click_on_send_again_is_refused(client, coordinator, peru, at_once):
    pk = offer(peru, coordinator).pk

    page = client.post(f"{INVITE}{pk}/resend/")

    assert page.status_code == 409
    assert alert(page) == (
        "The invitation of interior@example.org was sent a moment ago. Wait a minute."
    )


@pytest.mark.parametrize("action", ["resend", "revoke"])
def test_invitation_accepted_meanwhile_is_left_alone(
    client, coordinator, peru, at_once, action
):
    pk = offer(peru, coordinator).pk
    register_invited(token=last_token(), name="Luz", password="a long password")

    page = client.post(f"{INVITE}{pk}/{action}/")

    assert page.status_code == 409
    assert alert(page) == (
        "The invitation of interior@example.org was accepted or withdrawn meanwhile."
    )


def test_withdrawn_invitation_is_not_sent_again(client, coordinator, peru):
    invitation = offer(peru, coordinator)
    revoke_invitation(invitation=invitation, by=coordinator)

    assert client.post(f"{INVITE}{invitation.pk}/resend/").status_code == 409


# People


@pytest.mark.parametrize("role", ["observer", "coordinator"])
def test_role_is_changed(client, luz, role):
    page = client.post(person(luz), {"role": role})

    assert (page.status_code, page.headers["Location"]) == (302, TEAM)
    assert standing(luz) == (role, True)
    assert said(client.get(TEAM)) == [f"Luz is {role} now."]


def test_same_role_is_told_to_be_the_same(client, luz, peru):
    client.post(person(luz), {"role": "contributor"})

    assert said(client.get(TEAM)) == ["Luz was contributor already: nothing changed."]
    assert log_of(peru) == []


@pytest.mark.parametrize("role", ["", "administrator", "officer", "x\x00"])
def test_unknown_role_is_422(client, luz, role):
    page = client.post(person(luz), {"role": role})

    assert page.status_code == 422
    assert alert(page).startswith("Nothing was changed Role: ")
    assert standing(luz) == ("contributor", True)


def test_person_is_deactivated_and_reactivated(client, luz):
    shown = client.get(person(luz))
    client.post(f"{person(luz)}deactivate/")
    off, first = standing(luz), said(client.get(TEAM))
    hidden = client.get(person(luz))
    client.post(f"{person(luz)}reactivate/")

    assert (off, standing(luz)) == (("contributor", False), ("contributor", True))
    assert first == ["Luz is deactivated and no longer sees this country."]
    assert said(client.get(TEAM)) == ["Luz is active again, as contributor."]
    assert "Yes, deactivate" in text(shown)
    assert "Yes, deactivate" not in text(hidden)


def test_deactivated_person_sees_nothing_at_once(client, signed_in, luz):
    theirs = signed_in(luz.user)
    assert theirs.get(TEAM).status_code == 200

    client.post(f"{person(luz)}deactivate/")

    assert theirs.get(TEAM).status_code == 404


def test_role_of_somebody_deactivated_is_409(client, luz, coordinator):
    deactivate_member(membership=luz, by=coordinator)

    page = client.post(person(luz), {"role": "observer"})

    assert page.status_code == 409
    assert alert(page) == "Luz is deactivated. Reactivate them first."


@pytest.mark.parametrize("by_administrator", [False, True])
@pytest.mark.parametrize(
    ("path", "data"), [("", {"role": "observer"}), ("deactivate/", {})]
)
def test_last_coordinator_stays(
    client, client_of, coordinator, path, data, by_administrator
):
    if by_administrator:
        client = client_of("administrator")
    own = coordinator.memberships.get()

    page = client.post(f"{person(own)}{path}", data)

    assert page.status_code == 409
    assert alert(page) == (
        f"{coordinator.name} is the only active coordinator. Give somebody else the "
        "coordinator role first."
    )
    assert standing(own) == ("coordinator", True)


def test_coordinator_who_leaves_is_led_home(client, client_of, coordinator):
    client_of("coordinator")

    page = client.post(f"{person(coordinator.memberships.get())}deactivate/")

    assert (page.status_code, page.headers["Location"]) == (302, "/")


def test_coordinator_who_steps_down_still_sees_the_team(client, client_of, coordinator):
    client_of("coordinator")

    page = client.post(
        person(coordinator.memberships.get()), {"role": "contributor"}, follow=True
    )

    assert page.status_code == 200
    assert said(page) == [f"{coordinator.name} is contributor now."]
    assert client.post(INVITE, INVITED).status_code == 403


# Handing over


def test_role_is_handed_over_on_a_page_of_its_own(client, luz, coordinator):
    shown = client.get(HAND_OVER)

    page = client.post(HAND_OVER, {"to": luz.pk})

    assert "Luz (Contributor)" in text(shown)
    assert (page.status_code, page.headers["Location"]) == (302, TEAM)
    assert said(client.get(TEAM)) == [
        "Luz is coordinator now, and you are a contributor."
    ]
    assert standing(luz) == ("coordinator", True)
    assert standing(coordinator.memberships.get()) == ("contributor", True)


def test_role_is_handed_to_nobody_without_a_choice(client, luz, coordinator):
    page = client.post(HAND_OVER, {})

    assert page.status_code == 422
    assert alert(page) == (
        "Nothing was handed over Who becomes coordinator?: Choose a colleague."
    )
    assert 'href="#id_to_0"' in text(page)
    assert 'id="id_to_0"' in text(page)
    assert standing(coordinator.memberships.get()) == ("coordinator", True)


def test_role_is_not_handed_abroad(client, luz, chile, coordinator):
    abroad = MembershipFactory(country=chile, role="contributor")

    page = client.post(HAND_OVER, {"to": abroad.pk})

    assert page.status_code == 422
    assert standing(abroad) == ("contributor", True)
    assert standing(coordinator.memberships.get()) == ("coordinator", True)


def test_page_says_that_there_is_nobody_to_hand_over_to(client):
    assert "There is nobody to hand the role over to" in text(client.get(HAND_OVER))


# Whose requests are refused

ACTIONS = ["", "deactivate/", "reactivate/"]


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("contributor", 403),
        ("observer", 403),
        ("officer", 404),
        ("stranger", 404),
        ("nobody", 404),
    ],
)
@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_nobody_else_acts_on_the_team(
    response, client_of, coordinator, luz, peru, role, code, status
):
    """`officer` even where the response is submitted: there is no team page for them."""
    in_status(response, status)
    pk = offer(peru, coordinator).pk
    client = client_of(role)
    before = Membership.objects.count()

    posts = [
        (INVITE, INVITED | {"email": "other@example.org"}),
        (f"{INVITE}{pk}/resend/", {}),
        (f"{INVITE}{pk}/revoke/", {}),
        *((f"{person(luz)}{action}", {"role": "observer"}) for action in ACTIONS),
        (HAND_OVER, {"to": luz.pk}),
    ]
    codes = {client.post(url, data).status_code for url, data in posts}
    codes |= {client.get(url).status_code for url in (person(luz), HAND_OVER)}

    assert codes == {code}
    assert standing(luz) == ("contributor", True)
    assert Invitation.objects.get().is_pending
    assert Membership.objects.count() == before


def test_administrator_has_no_role_to_hand_over(client_of, luz):
    client = client_of("administrator")

    assert client.get(HAND_OVER).status_code == 403
    assert client.post(HAND_OVER, {"to": luz.pk}).status_code == 403


@pytest.mark.parametrize("which", ["abroad", "unknown", "enormous"])
@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_forged_numbers_are_404(client_of, chile, role, which):
    """A membership or an invitation of another country is not reached through this one."""
    abroad = MembershipFactory(country=chile, role="contributor")
    theirs = offer(chile, MemberFactory(country=chile, role="coordinator"))
    forged = {"unknown": 999_999, "enormous": 10**30}.get(which)
    client = client_of(role)

    urls = [f"{TEAM}people/{forged or abroad.pk}/{action}" for action in ACTIONS]
    urls += [f"{INVITE}{forged or theirs.pk}/{a}/" for a in ("resend", "revoke")]
    codes = {client.post(url, {"role": "observer"}).status_code for url in urls}

    assert codes == {404}
    assert standing(abroad) == ("contributor", True)
    assert Invitation.objects.get().is_pending


def test_system_account_is_nobody_in_the_team(client, peru):
    system = MembershipFactory(
        user=UserFactory(name="import", is_system=True), country=peru
    )

    assert "import" not in text(client.get(TEAM)).split("<main")[1]
    assert client.get(person(system)).status_code == 404
