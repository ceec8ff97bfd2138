"""What the link in an invitation opens, for everybody who may open it."""

import html
import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client

from assessment.models import Country, Invitation, Membership, User
from assessment.services.invitations import resend_invitation, revoke_invitation
from tests.factories import MemberFactory, MembershipFactory, UserFactory
from tests.teams import EMAIL, SITE, last_token, log_of, offer

HUB = "/responses/PER/2025/"
PASSWORD = "a long enough password"
ACCOUNT = {"name": "Luz Rojas", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture(autouse=True)
def _no_attempts_before():
    cache.clear()


@pytest.fixture
def ana(peru):
    return MemberFactory(country=peru, role="coordinator", name="Ana")


@pytest.fixture
def invited(response, peru, ana, time_machine, django_capture_on_commit_callbacks):
    """Return the address of a link that works."""

    def send(**values):
        time_machine.move_to("2025-03-01T12:00:00Z", tick=False)
        with django_capture_on_commit_callbacks(execute=True):
            offer(peru, ana, **values)
        return f"/invitations/{last_token()}/"

    return send


def text(page):
    return html.unescape(page.content.decode())


def main(page):
    return " ".join(re.sub(r"<[^>]+>", " ", text(page).split("<main")[1]).split())


def rows():
    return (
        list(User.objects.order_by("pk").values()),
        list(Membership.objects.order_by("pk").values()),
        list(Invitation.objects.order_by("pk").values()),
    )


def signed_in_as(client):
    pk = client.session.get(SESSION_KEY)
    return User.objects.get(pk=pk).email if pk else None


# Looking


def test_link_shows_country_role_and_who_invited(client, invited):
    page = client.get(invited(role="observer"))

    assert page.status_code == 200
    shown = main(page)
    assert "Ana invites you to work on the assessment" in shown
    assert "Your role Observer" in shown
    assert "Your address interior@example.org" in shown
    assert "Valid until 15 Mar 2025, 12:00 UTC" in shown
    assert "Invitation for Peru" in shown
    assert 'value="Luz"' in text(page)
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("account", ["none", "own", "other", "signed out", "off"])
def test_looking_changes_nothing(invited, signed_in, account):
    """Scanners of mail open links, and prefetch them."""
    url = invited()
    client = Client()
    if account != "none":
        email = "eve@example.org" if account == "other" else EMAIL
        person = UserFactory(email=email, is_active=account != "off")
        if account in ("own", "other"):
            client = signed_in(person)
    before = rows()

    codes = [client.get(url).status_code, client.head(url).status_code]

    assert codes == ([403, 403] if account == "off" else [200, 200])
    assert rows() == before


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_link_takes_no_other_method(client, invited, method):
    assert getattr(client, method)(invited()).status_code == 405


# Links that cannot be used


@pytest.fixture
def dead(invited, ana, time_machine, client, django_capture_on_commit_callbacks):
    """Return a link that no longer works, for each reason."""

    def end(reason):
        if reason == "unknown":
            return "/invitations/abc/"
        url = invited()
        invitation = Invitation.objects.get()
        if reason == "used":
            Client().post(url, ACCOUNT)
        elif reason == "withdrawn":
            revoke_invitation(invitation=invitation, by=ana)
        elif reason == "expired":
            time_machine.move_to("2025-03-15T12:00:00Z", tick=False)
        elif reason == "replaced":
            time_machine.move_to("2025-03-02T12:00:00Z", tick=False)
            with django_capture_on_commit_callbacks(execute=True):
                resend_invitation(invitation=invitation, by=ana, site=SITE)
        return url

    return end


REASONS = ["unknown", "used", "withdrawn", "expired", "replaced"]


@pytest.mark.parametrize("reason", REASONS)
def test_dead_link_tells_what_to_do_and_not_why(client, dead, reason):
    url = dead(reason)
    before = rows()

    pages = [client.get(url), client.post(url, ACCOUNT)]

    assert [page.status_code for page in pages] == [410, 410]
    for page in pages:
        assert main(page) == main(Client().get("/invitations/never-was/"))
        assert "ask the coordinator of your country" in main(page)
        assert "Peru" not in text(page)
        assert EMAIL not in text(page)
    assert rows() == before


@pytest.mark.parametrize("reason", REASONS)
def test_dead_link_is_dead_for_somebody_signed_in(dead, signed_in, reason):
    client = signed_in(UserFactory())
    url = dead(reason)

    assert [client.get(url).status_code, client.post(url).status_code] == [410, 410]


# Without an account


def test_new_person_sets_a_password_and_is_signed_in(client, invited, peru):
    page = client.post(invited(), ACCOUNT)

    assert (page.status_code, page.headers["Location"]) == (302, HUB)
    assert signed_in_as(client) == EMAIL
    assert client.session.get_expire_at_browser_close()
    luz = User.objects.get(email=EMAIL)
    assert (luz.name, luz.role_in(peru.pk)) == ("Luz Rojas", "contributor")
    shown = client.get(HUB)
    assert "Welcome: you are contributor for Peru." in main(shown)


def test_new_person_signs_in_with_the_password_later(invited):
    Client().post(invited(), ACCOUNT)
    client = Client()

    client.post("/accounts/login/", {"login": EMAIL.upper(), "password": PASSWORD})

    assert signed_in_as(client) == EMAIL


@pytest.mark.parametrize(
    ("values", "link"),
    [
        ({"name": ""}, "id_name"),
        ({"password1": "short", "password2": "short"}, "id_password1"),
        ({"password1": EMAIL, "password2": EMAIL}, "id_password1"),
        ({"password2": "another password"}, "id_password2"),
        ({"password1": "", "password2": ""}, "id_password1"),
    ],
)
def test_weak_password_is_422_and_makes_no_account(client, invited, values, link):
    url = invited()

    page = client.post(url, ACCOUNT | values)

    assert page.status_code == 422
    assert f'<a href="#{link}">' in text(page)
    assert "<title>Error:" in text(page)
    assert PASSWORD not in text(page)
    assert not User.objects.filter(email=EMAIL).exists()
    assert signed_in_as(client) is None


def test_double_click_makes_one_account(invited):
    url = invited()
    first, second = Client(), Client()

    codes = [
        first.post(url, ACCOUNT).status_code,
        second.post(url, ACCOUNT).status_code,
    ]

    assert codes == [302, 410]
    assert User.objects.filter(email=EMAIL).count() == 1


def test_used_link_leads_its_own_person_on(client, invited):
    """It is the message they find when they look for the site."""
    url = invited()
    client.post(url, ACCOUNT)

    for page in (client.get(url), client.post(url, ACCOUNT)):
        assert (page.status_code, page.headers["Location"]) == (302, HUB)


def test_person_of_a_country_in_no_round_lands_at_home(
    db, peru, ana, client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        offer(peru, ana)

    page = client.post(f"/invitations/{last_token()}/", ACCOUNT)

    assert (page.status_code, page.headers["Location"]) == (302, "/")


def test_invitation_never_gives_a_role_at_unsd(client, invited):
    client.post(invited(), ACCOUNT | {"unsd_role": "administrator", "role": "x"})

    luz = User.objects.get(email=EMAIL)
    assert (luz.unsd_role, luz.memberships.get().role) == ("", "contributor")


# With an account


def test_account_signs_in_first_and_confirms(invited, peru):
    person = User.objects.create_user(EMAIL.upper(), PASSWORD, name="Luz")
    url = invited()
    client = Client()

    asked = client.get(url)
    posted = client.post(url, ACCOUNT)
    entered = client.post(
        "/accounts/login/", {"login": EMAIL, "password": PASSWORD, "next": url}
    )
    confirm = client.get(url)
    accepted = client.post(url)

    sign_in = f"/accounts/login/?next={url}"
    assert f'href="{sign_in}"' in text(asked)
    assert (posted.status_code, posted.headers["Location"]) == (302, sign_in)
    assert entered.headers["Location"] == url
    assert "Accept" in main(confirm)
    assert (accepted.status_code, accepted.headers["Location"]) == (302, HUB)
    assert person.memberships.get().role == "contributor"
    assert "Welcome: you are contributor for Peru." in main(client.get(HUB))


def test_member_in_a_higher_role_keeps_it_and_is_told(invited, peru, signed_in):
    url = invited(role="observer")
    person = MemberFactory(country=peru, role="coordinator", email=EMAIL)
    client = signed_in(person)

    shown = client.get(url)
    client.post(url)

    assert "You are coordinator for Peru already." in main(shown)
    assert "You are coordinator for Peru already, and stay it." in main(client.get(HUB))
    assert person.memberships.get().role == "coordinator"


def test_person_deactivated_comes_back(invited, peru, signed_in):
    url = invited(role="observer")
    person = UserFactory(email=EMAIL, name="Luz")
    MembershipFactory(user=person, country=peru, role="coordinator", is_active=False)
    client = signed_in(person)
    assert client.get(HUB).status_code == 404

    client.post(url)

    assert client.get(HUB).status_code == 200
    assert person.memberships.get().role == "observer"
    assert log_of(peru)[-1] == ("accepted", "Luz", EMAIL, "", "observer")


@pytest.mark.parametrize("has_account", [True, False])
def test_somebody_else_is_told_and_can_sign_out(invited, signed_in, peru, has_account):
    if has_account:
        UserFactory(email=EMAIL)
    url = invited()
    eve = UserFactory(email="eve@example.org")
    client = signed_in(eve)

    shown = client.get(url)
    refused = client.post(url, ACCOUNT)
    out = client.post("/accounts/logout/", {"next": url})

    assert (shown.status_code, refused.status_code) == (200, 403)
    assert "You are signed in as eve@example.org." in main(shown)
    assert f'name="next" value="{url}"' in text(shown)
    assert (out.status_code, out.headers["Location"]) == (302, url)
    assert signed_in_as(client) is None
    assert not Membership.objects.filter(user=eve).exists()
    assert Invitation.objects.get().is_pending


def test_account_switched_off_is_not_revived(client, invited):
    person = UserFactory(email=EMAIL, is_active=False)
    url = invited()

    pages = [client.get(url), client.post(url, ACCOUNT)]

    assert [page.status_code for page in pages] == [403, 403]
    assert "was switched off" in main(pages[0])
    person.refresh_from_db()
    assert (person.is_active, person.memberships.count()) == (False, 0)
    assert Invitation.objects.get().is_pending


def test_forged_request_without_a_token_of_the_page_is_refused(invited):
    client = Client(enforce_csrf_checks=True)

    assert client.post(invited(), ACCOUNT).status_code == 403
    assert not User.objects.filter(email=EMAIL).exists()


def test_invitation_of_another_country_opens_that_country_only(
    client, db, response, django_capture_on_commit_callbacks
):
    chile = Country.objects.get(iso3="CHL")
    with django_capture_on_commit_callbacks(execute=True):
        offer(chile, MemberFactory(country=chile, role="coordinator"))

    page = client.post(f"/invitations/{last_token()}/", ACCOUNT)

    assert page.headers["Location"] == "/"
    assert client.get(HUB).status_code == 404
