"""How people sign in: by e-mail, without a sign-up page."""

import html

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError

from assessment.models import User
from assessment.services.rounds import SYSTEM_EMAIL, system_user
from tests.factories import AdministratorFactory

LOGIN = "/accounts/login/"
PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def _no_attempts_before():
    """Attempts are counted in the cache of the process."""
    cache.clear()


@pytest.fixture
def ana(db):
    return User.objects.create_user("Ana@Example.org", PASSWORD, name="Ana")


def sign_in(client, email, password=PASSWORD, **fields):
    return client.post(LOGIN, {"login": email, "password": password} | fields)


def is_signed_in(client):
    return SESSION_KEY in client.session


def text(page):
    return html.unescape(page.content.decode())


@pytest.mark.parametrize(
    "email", ["ana@example.org", "Ana@Example.org", "ANA@EXAMPLE.ORG", " ana@example.org "]
)  # fmt: skip
def test_people_sign_in_by_e_mail_in_any_case(client, ana, email):
    page = sign_in(client, email)

    assert (page.status_code, page.headers["Location"]) == (302, "/")
    assert client.session[SESSION_KEY] == str(ana.pk)


@pytest.mark.parametrize("typed", ["luis@example.org", "LUIS@Example.org"])
def test_person_set_up_in_the_admin_signs_in_in_any_case(client, signed_in, db, typed):
    signed_in(AdministratorFactory()).post(
        "/admin/assessment/user/add/",
        {
            "email": "Luis@Example.org",
            "name": "Luis",
            "is_active": "on",
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        },
    )
    luis = User.objects.get(name="Luis")
    luis.set_password(PASSWORD)
    luis.save()

    sign_in(client, typed)

    assert luis.email == "luis@example.org"
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ana@example.org", "wrong"),
        ("ana@example.org", PASSWORD.upper()),
        ("ana@example.org", PASSWORD + "\x00"),
        ("nobody@example.org", PASSWORD),
        ("ana", PASSWORD),
        ("", ""),
        ("ana@example.org\x00", PASSWORD),
        ("ana@example.org' OR 1=1 --", PASSWORD),
    ],
)
def test_wrong_address_or_password_is_refused(client, ana, email, password):
    page = sign_in(client, email, password)

    assert page.status_code == 200
    assert not is_signed_in(client)


def test_refusal_does_not_tell_who_has_an_account(client, ana):
    known = text(sign_in(client, "ana@example.org", "wrong"))
    unknown = text(sign_in(client, "nobody@example.org", "wrong"))

    message = "The email address and/or password you specified are not correct."
    assert message in known
    assert message in unknown


def test_inactive_person_cannot_sign_in(client, ana):
    ana.is_active = False
    ana.save()

    sign_in(client, "ana@example.org")

    assert not is_signed_in(client)


def test_person_deactivated_meanwhile_is_signed_out(client, ana):
    sign_in(client, "ana@example.org")
    ana.is_active = False
    ana.save()

    page = client.get("/rounds/2025/")

    assert page.status_code == 302
    assert page.headers["Location"].startswith(LOGIN)


def test_system_account_cannot_sign_in(client, db):
    """Not even if somebody gave it a password."""
    account = system_user()
    account.set_password(PASSWORD)
    account.save()

    page = sign_in(client, SYSTEM_EMAIL)

    assert page.status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/login/", "/admin/assessment/user/"]
)
def test_admin_site_has_no_sign_in_of_its_own(client, db, path):
    """One way to sign in: with its limits against guessing."""
    page = client.get(path, follow=True)

    assert page.redirect_chain[-1][0].startswith(f"{LOGIN}?next=")


def test_system_account_cannot_sign_in_to_the_admin_site(client, db):
    account = system_user()
    account.unsd_role = "administrator"
    account.set_password(PASSWORD)
    account.save()

    client.post(
        "/admin/login/", {"username": SYSTEM_EMAIL, "password": PASSWORD, "next": "/admin/"}
    )  # fmt: skip

    assert not is_signed_in(client)


def test_guessing_is_slowed_down(client, ana):
    for _ in range(10):
        sign_in(client, "ana@example.org", "wrong")

    page = sign_in(client, "ana@example.org")

    assert "Too many failed login attempts. Try again later." in text(page)
    assert not is_signed_in(client)


# Where it leads


@pytest.mark.parametrize("following", ["/responses/PER/2025/", "/admin/"])
def test_sign_in_leads_back_to_the_page_asked_for(client, ana, following):
    page = sign_in(client, "ana@example.org", next=following)

    assert page.headers["Location"] == following


@pytest.mark.parametrize(
    "following",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "https://testserver@evil.example/",
        " https://evil.example",
    ],
)
def test_sign_in_leads_to_no_other_site(client, ana, following):
    page = sign_in(client, "ana@example.org", next=following)

    assert page.status_code == 302
    assert page.headers["Location"] == "/"


def test_sign_out_needs_a_post(client, ana):
    client.force_login(ana)
    client.get("/accounts/logout/")
    was_signed_in = is_signed_in(client)

    client.post("/accounts/logout/")

    assert was_signed_in
    assert not is_signed_in(client)


# No sign-up


def test_nobody_registers_themselves(client, db):
    data = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}

    seen = client.get("/accounts/signup/")
    sent = client.post("/accounts/signup/", data)

    assert (seen.status_code, sent.status_code) == (200, 200)
    assert b"password1" not in seen.content
    assert not User.objects.filter(email="new@example.org").exists()


def test_welcome_and_sign_in_pages_offer_no_sign_up(client, db):
    for path in ("/", LOGIN):
        assert b"/accounts/signup/" not in client.get(path).content


def test_nobody_changes_the_own_e_mail_address(client, ana):
    """It says who somebody is; an administrator changes it."""
    client.force_login(ana)

    page = client.post(
        "/accounts/email/", {"action_add": "", "email": "minister@gov.pe"}
    )

    ana.refresh_from_db()
    assert page.status_code == 404
    assert ana.email == "ana@example.org"


# Passwords


def test_forgotten_password_is_reset_by_mail(client, ana):
    client.post("/accounts/password/reset/", {"email": "ANA@example.org"})

    (message,) = mail.outbox
    assert message.to == ["ana@example.org"]
    assert "/accounts/password/reset/key/" in message.body


def test_reset_for_an_unknown_address_is_answered_alike(client, ana):
    known = client.post("/accounts/password/reset/", {"email": "ana@example.org"})
    unknown = client.post("/accounts/password/reset/", {"email": "x@example.org"})

    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )


@pytest.mark.parametrize("password", ["short", "12345678901234567890", "password1234"])
def test_weak_password_is_refused(client, ana, password):
    client.force_login(ana)

    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )

    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


# Accounts as the database keeps them


def test_two_people_cannot_share_an_address_in_another_case(ana):
    with pytest.raises(IntegrityError):
        User.objects.create(email="ANA@example.org", name="Other")


def test_person_without_a_password_cannot_sign_in(client, db):
    User.objects.create_user("new@example.org", name="New")
    User.objects.create(email="admin.made@example.org", name="Set up in the admin")

    for email in ("new@example.org", "admin.made@example.org"):
        for password in ("", "None", "!"):
            sign_in(client, email, password)
            assert not is_signed_in(client)


def test_superuser_is_an_administrator(db):
    person = User.objects.create_superuser("root@example.org", PASSWORD, name="Root")

    assert (person.unsd_role, person.is_staff) == ("administrator", True)
