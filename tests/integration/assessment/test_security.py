"""Headers, cookies, inline content, and what production mode refuses to start without."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from assessment.models import User
from tests.factories import AdministratorFactory
from tests.saving import put, submit

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
}
COUNTRY_PAGES = [
    "/",
    "/responses/PER/2025/",
    "/responses/PER/2025/check/",
    "/responses/PER/2025/sections/gen/",
    "/responses/PER/2025/sections/src/",
    "/responses/PER/2025/report/",
    "/responses/PER/2025/team/",
    "/responses/PER/2025/team/hand-over/",
    "/responses/PER/2025/team/institutions/",
    "/responses/PER/2025/team/institutions/add/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/responses/PER/1999/",
    "/nowhere/",
]
OPEN_PAGES = [
    "/", "/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/healthz",
    "/csrf/", "/nowhere/", "/invitations/unknown/",
]  # fmt: skip
UNSD_PAGES = [
    "/", "/rounds/2025/", "/responses/PER/2025/", "/admin/", "/admin/assessment/user/add/",
]  # fmt: skip


_PAGES = {}


@pytest.fixture
def pages(response, coordinator, signed_in):
    """Every page worth looking at, asked for once: the tests only read."""
    if not _PAGES:
        _PAGES.update(_all_pages(response, coordinator, signed_in))
    return _PAGES


def _all_pages(response, coordinator, signed_in):
    """Return the pages signed out, as the country and at UNSD, by name."""
    put(response, coordinator, {"GEN-12": "<b onclick=x>", "GEN-10": "yes"})
    found = {f"open {path}": Client().get(path) for path in OPEN_PAGES}
    client = signed_in(coordinator)
    found |= {f"country {path}": client.get(path) for path in COUNTRY_PAGES}
    found["refusal"] = client.post("/responses/PER/2025/accept/")
    found["answers"] = client.post(
        "/responses/PER/2025/answers", "x", content_type="application/json"
    )
    strict = Client(enforce_csrf_checks=True)
    found["csrf"] = strict.post("/accounts/login/", {})
    submit(response, coordinator)
    client = signed_in(AdministratorFactory())
    return found | {f"unsd {path}": client.get(path) for path in UNSD_PAGES}


def test_every_page_has_the_strict_policy(pages):
    for name, page in pages.items():
        policy = page.headers["Content-Security-Policy"]
        parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        assert parts == POLICY, name
        assert "unsafe" not in policy


def test_no_page_holds_anything_inline(pages):
    """The policy would block it, and the page would fail in silence."""
    for name, page in pages.items():
        if not page.headers["Content-Type"].startswith("text/html"):
            continue
        text = page.content.decode()
        scripts = re.findall(r"<script\b([^>]*)>", text)
        inline = [s for s in scripts if "src=" not in s and "application/json" not in s]
        assert inline == [], name
        assert "<style" not in text, name
        assert re.findall(r"<[a-z][^>]*\sstyle=", text) == [], name
        assert re.findall(r"<[a-z][^>]*\son[a-z]+=", text) == [], name
        assert "javascript:" not in text, name


def test_no_page_refers_to_another_host(pages):
    for name, page in pages.items():
        loaded = re.findall(
            r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"([^\"]*)\"",
            page.content.decode(),
        )
        assert [url for url in loaded if re.match(r"(?:https?:)?//", url)] == [], name


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_every_page_has_the_header(pages, header, value):
    assert {page.headers[header] for page in pages.values()} == {value}


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, db):
    User.objects.create_user("ana@example.org", "a long password", name="Ana")

    client.post(
        "/accounts/login/", {"login": "ana@example.org", "password": "a long password"}
    )

    session = client.cookies["sessionid"]

    assert (session["httponly"], session["samesite"]) == (True, "Lax")


def test_token_cookie_is_kept_from_other_sites(client, db):
    client.get("/csrf/")

    assert client.cookies["csrftoken"]["samesite"] == "Lax"


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", ""])
def test_other_host_is_refused(db, host):
    assert Client().get("/", HTTP_HOST=host).status_code == 400


def test_page_that_is_not_there_shows_no_list_of_urls(db):
    page = Client().get("/healthz/nowhere")

    assert page.status_code == 404
    assert b"assessment.urls" not in page.content


# Production mode

PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "production-" + "x1Y2z3" * 10,
    "ALLOWED_HOSTS": "example.org",
    "DATABASE_URL": "postgres://localhost/nowhere",
}


def manage(*arguments, **variables):
    """Run manage.py in an environment of its own; what is empty counts as unset."""
    environment = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_deployment_check_is_clean_in_production_mode():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_production_does_not_start_without(name):
    done = manage("check", **PRODUCTION | {name: ""})

    assert done.returncode != 0
    assert f"Set {name}" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("DATABASE_URL", "nonsense"),
        ("CONN_MAX_AGE", "long"),
        ("SECURE_HSTS_SECONDS", "1 year"),
        ("LANGUAGES", "en,tlh"),
    ],
)
def test_malformed_variable_stops_the_start(name, value):
    done = manage("check", **PRODUCTION | {name: value})

    assert done.returncode != 0


PRINTED = (
    "from django.conf import settings as s\n"
    "print(s.DEBUG, s.DEMO_ALLOWED, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
    " s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.ALLOWED_HOSTS)"
)


def test_production_mode_is_strict():
    done = manage("shell", "--no-imports", "-c", PRINTED, **PRODUCTION)

    assert done.stdout.strip() == "False False True True True 31536000 ['example.org']"


@pytest.mark.parametrize(
    ("hosts", "site", "expected"),
    [
        ("example.org", "", "https://example.org"),
        (".example.org,other.org", "", "https://example.org"),
        ("*", "https://data.example.org/", "https://data.example.org"),
    ],
)
def test_links_in_mails_lead_to_the_site(hosts, site, expected):
    printed = "from django.conf import settings as s; print(s.SITE_URL)"
    variables = PRODUCTION | {"ALLOWED_HOSTS": hosts, "SITE_URL": site}

    done = manage("shell", "--no-imports", "-c", printed, **variables)

    assert done.stdout.strip() == expected


def test_production_that_answers_to_every_name_has_to_say_its_own():
    done = manage("check", **PRODUCTION | {"ALLOWED_HOSTS": "*"})

    assert done.returncode != 0
    assert "Set SITE_URL" in done.stderr


def test_process_environment_wins_over_the_file():
    """Whatever `.env` says here."""
    done = manage(
        "shell",
        "--no-imports",
        "-c",
        "from django.conf import settings as s; print(s.SECRET_KEY)",
        **PRODUCTION,
    )

    assert done.stdout.strip() == PRODUCTION["SECRET_KEY"]


def test_example_of_the_environment_names_every_variable():
    source = (settings.BASE_DIR / "assessment/settings.py").read_text("utf-8")
    used = set(re.findall(r"env(?:_url)?\.\w+\(\s*\"([A-Z_]+)\"", source))
    used |= set(re.findall(r"_required_in_production\(\s*\"([A-Z_]+)\"", source))
    example = (settings.BASE_DIR / ".env.example").read_text("utf-8")

    named = set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE))

    assert len(used) > 10
    assert named - {"PORT"} == used
