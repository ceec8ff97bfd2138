"""Whose page it is (docs/adr/0008): several people share a computer and its tabs."""

import pytest
from django.core.cache import cache
from django.test import Client

from assessment.models import Answer, User
from tests.saving import body, sent

ANSWERS = "/responses/PER/2025/answers"
GEN = "/responses/PER/2025/sections/gen/"
PASSWORD = "a long password"


def post(client, **headers):
    content = body(sent("GEN-01", "Peru"))
    return client.post(
        ANSWERS, content, content_type="application/json", headers=headers
    )


def stored():
    return list(
        Answer.objects.filter(question="GEN-01").values_list("value", flat=True)
    )


def test_changes_of_the_person_signed_in_are_saved(response, contributor, signed_in):
    page = post(signed_in(contributor), **{"X-User": str(contributor.pk)})

    assert (page.status_code, page.headers["X-User"]) == (200, str(contributor.pk))
    assert stored() == ["Peru"]


@pytest.mark.parametrize("other", ["0", "x", "٣", " "])
def test_changes_meant_for_somebody_else_are_refused_whole(
    response, contributor, signed_in, other
):
    page = post(signed_in(contributor), **{"X-User": f"{contributor.pk}{other}"})

    assert page.status_code == 409
    assert page.json() == {
        "code": "person",
        "message": "Someone else has signed in on this computer meanwhile. "
        "Nothing was changed. Load the page again.",
    }
    assert stored() == []


def test_changes_of_a_person_whose_session_ended_ask_to_sign_in(response, contributor):
    page = post(Client(), **{"X-User": str(contributor.pk)})

    assert (page.status_code, page.json()["code"]) == (401, "session")


def test_any_form_meant_for_somebody_else_is_refused(
    response, contributor, coordinator, signed_in
):
    page = signed_in(contributor).post(GEN, {}, headers={"X-User": coordinator.pk})

    assert page.status_code == 409


def test_pages_name_the_person_and_are_stored_by_nobody_else(
    response, contributor, signed_in
):
    page = signed_in(contributor).get(GEN)

    assert page.headers["X-User"] == str(contributor.pk)
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert f'data-person="{contributor.pk}"' in page.content.decode()


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/offline/", "/nowhere/"])
def test_pages_for_nobody_say_so(db, client, path):
    page = client.get(path)

    assert page.headers["X-User"] == "none"
    assert b"data-person" not in page.content


@pytest.mark.parametrize("path", ["/healthz", "/service-worker.js"])
def test_what_is_no_page_costs_no_look_at_the_session(
    response, contributor, signed_in, django_assert_num_queries, path
):
    client = signed_in(contributor)

    with django_assert_num_queries(0):
        page = client.get(path)

    assert "X-User" not in page.headers


def test_token_comes_with_the_person(response, contributor, signed_in):
    assert signed_in(contributor).get("/csrf/").json()["user"] == contributor.pk
    assert Client().get("/csrf/").json()["user"] is None


def test_signing_out_empties_the_cache_of_the_browser(contributor, signed_in):
    page = signed_in(contributor).post("/accounts/logout/")

    assert page.headers["Clear-Site-Data"] == '"cache"'
    assert page.headers["X-User"] == "none"


def test_looking_at_the_page_to_sign_out_empties_nothing(contributor, signed_in):
    page = signed_in(contributor).get("/accounts/logout/")

    assert "Clear-Site-Data" not in page.headers


# Signing in without leaving the page


@pytest.fixture
def ana(db):
    return User.objects.create_user("ana@example.org", PASSWORD, name="Ana")


def sign_in(client, password):
    return client.post(
        "/accounts/login/",
        {"login": "ana@example.org", "password": password},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )


def test_signing_in_from_a_script_answers_json(ana, client):
    page = sign_in(client, PASSWORD)

    assert (page.status_code, page.json()["location"]) == (200, "/")


def test_wrong_password_from_a_script_is_400_with_the_reason(ana, client):
    page = sign_in(client, "wrong")

    assert page.status_code == 400
    assert page.json()["form"]["errors"] == [
        "The email address and/or password you specified are not correct."
    ]


@pytest.fixture
def no_attempts():
    """Attempts are counted in the cache, which tests share."""
    cache.clear()
    yield
    cache.clear()


def test_attempts_from_a_script_are_limited(ana, client, no_attempts):
    for _ in range(10):
        page = sign_in(client, "wrong")

    assert "Too many failed login attempts" in str(page.json()["form"]["errors"])
    assert sign_in(client, PASSWORD).status_code == 400
