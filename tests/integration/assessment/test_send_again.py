"""A form that comes after the session ended, or with a stale token, can be sent again."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from assessment.models import Answer
from tests.factories import MemberFactory

PATH = "/responses/PER/2025/sections/gen/"
HERE = {"HTTP_ORIGIN": "http://testserver"}
TEXT = 'Two lines,\r\nand a "quote" <b>'
SENT = {
    "GEN-12": TEXT,
    "_bases": '{"GEN-12": 0}',
    "_rendered": "GEN-12",
    "GEN-09": ["a", "b"],
}


def hidden(page):
    return re.findall(
        r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.content.decode()
    )


def test_what_was_typed_is_in_the_page_after_the_session_ended(response):
    page = Client().post(PATH, SENT, **HERE)

    assert page.status_code == 403
    assert page["Cache-Control"] == "private, no-store"
    assert f'action="{PATH}"' in page.content.decode()
    kept = [
        (name, value) for name, value in hidden(page) if name != "csrfmiddlewaretoken"
    ]
    assert kept == [
        ("GEN-12", "Two lines,\r\nand a &quot;quote&quot; &lt;b&gt;"),
        ("_bases", "{&quot;GEN-12&quot;: 0}"),
        ("_rendered", "GEN-12"),
        ("GEN-09", "a"),
        ("GEN-09", "b"),
    ]
    assert Answer.objects.filter(question="GEN-12").count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_ORIGIN": "http://evil.example"},
        {"HTTP_ORIGIN": "https://testserver"},
        {"HTTP_ORIGIN": "null"},
    ],
)
def test_what_another_site_sent_is_not_shown(response, headers):
    page = Client().post(PATH, SENT, **headers)

    assert (page.status_code, page["Location"]) == (
        302,
        f"/accounts/login/?next={PATH}",
    )


def test_nothing_typed_leads_to_the_sign_in(response):
    page = Client().post(PATH, {"csrfmiddlewaretoken": "x", "GEN-12": ""}, **HERE)

    assert page.status_code == 302


def test_stale_token_keeps_what_was_typed(response, peru):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(MemberFactory(country=peru, role="coordinator"))

    page = strict.post(PATH, SENT | {"csrfmiddlewaretoken": "old"}, **HERE)

    assert page.status_code == 403
    found = dict(hidden(page))
    assert found["GEN-12"].startswith("Two lines,")
    assert found["csrfmiddlewaretoken"] != "old"


def test_passwords_are_never_kept(db):
    strict = Client(enforce_csrf_checks=True)

    page = strict.post(
        "/accounts/login/", {"login": "ana@example.org", "password": "secret"}, **HERE
    )

    assert page.status_code == 403
    assert b"secret" not in page.content
