"""contracts.md, section 2: autosave, `POST /responses/<iso3>/<round>/answers`."""

import json
import re

import pytest
from django.test import Client

from assessment.models import Answer, AnswerRevision, Response
from assessment.queries import held_answers
from assessment.services.rounds import close_round
from tests.factories import AdministratorFactory, MemberFactory, OfficerFactory
from tests.saving import body, put, sent

URL = "/responses/PER/2025/answers"
MIB = 1024 * 1024
NOT_JSON = "The request is not JSON."
NEEDS_LIST = "The request needs a list “changes”."
NEEDS_KEYS = "Each change needs question, row, column, value and base."
NEEDS_CODES = "Question, row and column are codes: text, row and column may be empty."
NEEDS_BASE = "The base is the revision a change is based on: 0 or more."
NEEDS_WAY = "The way, “via”, is “page”, “queue” or “merge”."
TWICE = "The same cell appears twice in one request."
TOO_LARGE = "The request is too large: at most 500 changes and 1 MiB at a time."


@pytest.fixture
def client(response, contributor, signed_in):
    return signed_in(contributor)


def post(client, content, *, url=URL, content_type="application/json", **extra):
    return client.post(url, data=content, content_type=content_type, **extra)


def standing(response):
    return {
        str(address): (held.value, held.revision)
        for address, held in held_answers(response).items()
        if str(address) != "GEN-02"
    }


# Saved, conflict, invalid


def test_answers_come_back_in_order_each_with_its_address(
    client, response, coordinator
):
    put(response, coordinator, {"GEN-12": "theirs"})
    at = Answer.objects.get(question="GEN-12").changed_at.strftime("%Y-%m-%dT%H:%M:%SZ")

    page = post(
        client,
        body(
            sent("GEN-12", "mine"),
            sent("SRC-INV[SRC-CEN].exists", "yes"),
            sent("GEN-04", "xxx"),
            sent("XXX-01", 1),
            sent("GEN-12.@note", " A note "),
        ),
    )

    assert page.status_code == 200
    assert page.headers["Content-Type"] == "application/json"
    assert page.json() == {
        "results": [
            {
                "question": "GEN-12",
                "row": "",
                "column": "",
                "status": "conflict",
                "current": {
                    "value": "theirs",
                    "revision": 1,
                    "by": coordinator.name,
                    "at": at,
                },
            },
            {
                "question": "SRC-INV",
                "row": "SRC-CEN",
                "column": "exists",
                "status": "saved",
                "revision": 1,
            },
            {
                "question": "GEN-04",
                "row": "",
                "column": "",
                "status": "invalid",
                "errors": ["Choose one of the answers listed."],
            },
            {
                "question": "XXX-01",
                "row": "",
                "column": "",
                "status": "invalid",
                "errors": [
                    "This question, row or column is not part of the questionnaire."
                ],
            },
            {
                "question": "GEN-12",
                "row": "",
                "column": "@note",
                "status": "saved",
                "revision": 1,
            },
        ]
    }
    assert standing(response) == {
        "GEN-12": ("theirs", 1),
        "SRC-INV[SRC-CEN].exists": ("yes", 1),
        "GEN-12.@note": ("A note", 1),
    }


def test_autosave_is_recorded_as_the_page(client, contributor):
    post(client, body(sent("GEN-01", "Peru")))

    revision = AnswerRevision.objects.get(answer__question="GEN-01")
    assert (revision.via, revision.changed_by) == ("page", contributor)


@pytest.mark.parametrize("via", ["page", "queue", "merge"])
def test_way_may_be_named(client, via):
    page = post(client, json.dumps({"changes": [sent("GEN-01", "Peru")], "via": via}))

    assert page.status_code == 200
    assert AnswerRevision.objects.get(answer__question="GEN-01").via == via


def test_resending_after_a_lost_reply_is_saved_once(client, response):
    first = post(client, body(sent("GEN-01", "Peru")))

    second = post(client, body(sent("GEN-01", "Peru")))

    assert second.json() == first.json()
    assert standing(response) == {"GEN-01": ("Peru", 1)}


def test_no_changes_are_no_results(client, response):
    page = post(client, body())

    assert (page.status_code, page.json()) == (200, {"results": []})


@pytest.mark.parametrize("iso3", ["per", "Per"])
def test_country_may_be_written_in_any_case(client, iso3):
    page = post(
        client, body(sent("GEN-01", "x")), url=f"/responses/{iso3}/2025/answers"
    )

    assert page.status_code == 200


def test_moment_of_a_conflict_is_utc_with_z(client, response, coordinator):
    put(response, coordinator, {"GEN-12": "theirs"})

    page = post(client, body(sent("GEN-12", "mine")))

    at = page.json()["results"][0]["current"]["at"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", at)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        (sent("GEN-01", "a\x00b"), "invalid"),
        (sent("GEN-01", "a\ud800"), "invalid"),
        (sent("BAS-13", 10**400), "invalid"),
        (sent("BAS-13", True), "invalid"),
        (sent("BAS-13", [[[[]]]]), "invalid"),
        (sent("GEN-01.@evidence", [[[[]]]]), "invalid"),
        (sent("GEN-01.@evidence", [{"title": ["a"], "url": {}}]), "invalid"),
        (sent("GEN-01", {"a": {"b": [1]}}), "invalid"),
        (sent("GEN-01", None, 10**30), "saved"),
        (sent("GEN-01", "x", 10**30), "conflict"),
        (sent("GEN-01", "x", 2**31), "conflict"),
        (sent("GEN-01", "x", 2**63), "conflict"),
        (sent("GEN-01", "x") | {"question": "\x00"}, "invalid"),
        (sent("GEN-01", "x") | {"question": "\ud800"}, "invalid"),
        (sent("GEN-01", "x") | {"row": "\x00"}, "invalid"),
        (sent("GEN-01", "x") | {"column": "\udfff"}, "invalid"),
        (sent("GEN-01", "x") | {"question": "Q" * 100_000}, "invalid"),
        (sent("GEN-05[abcd1234].name", "x") | {"row": "\ud800aaaaaaa"}, "invalid"),
    ],
)
def test_strange_single_change_is_answered_and_breaks_nothing(
    client, response, changed, status
):
    page = post(client, body(changed, sent("GEN-03", "INEI")))

    assert page.status_code == 200
    statuses = [result["status"] for result in page.json()["results"]]
    assert statuses == [status, "saved"]
    assert standing(response) == {"GEN-03": ("INEI", 1)}


def test_infinity_written_as_a_large_number_is_invalid(client, response):
    content = body(sent("BAS-13", 5)).replace('"value": 5', '"value": 1e400')

    page = post(client, content)

    assert page.json()["results"][0]["errors"] == ["Enter a number."]


# 400: malformed


def without(key):
    return {k: v for k, v in sent("GEN-01", "x").items() if k != key}


def with_(**changes):
    return sent("GEN-01", "x") | changes


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (" ", NOT_JSON),
        ("changes", NOT_JSON),
        ("{", NOT_JSON),
        ('{"changes": [}', NOT_JSON),
        ('{"changes": []} x', NOT_JSON),
        ('{"changes": [NaN]}', NOT_JSON),
        ('{"changes": [Infinity]}', NOT_JSON),
        ('{"changes": [-Infinity]}', NOT_JSON),
        ('{"changes": [' + "9" * 5000 + "]}", NOT_JSON),
        ("[" * 100_000, NOT_JSON),
        ('{"changes":' * 50_000, NOT_JSON),
        (b'{"changes": ["\xff"]}', NOT_JSON),
        ('{"changes": ["é"]}'.encode("latin-1"), NOT_JSON),
        (b"\x00", NOT_JSON),
        ("null", NEEDS_LIST),
        ("[]", NEEDS_LIST),
        ("5", NEEDS_LIST),
        ('"changes"', NEEDS_LIST),
        ("{}", NEEDS_LIST),
        ('{"changes": null}', NEEDS_LIST),
        ('{"changes": {}}', NEEDS_LIST),
        ('{"changes": "x"}', NEEDS_LIST),
        ('{"Changes": []}', NEEDS_LIST),
        ('{"changes": [null]}', NEEDS_KEYS),
        ('{"changes": [[]]}', NEEDS_KEYS),
        ('{"changes": ["GEN-01"]}', NEEDS_KEYS),
        ('{"changes": [{}]}', NEEDS_KEYS),
        *[(body(without(k)), NEEDS_KEYS) for k in sent("GEN-01", "x")],
        (body(with_(extra=1)), NEEDS_KEYS),
        (body(with_(question=None)), NEEDS_CODES),
        (body(with_(question=5)), NEEDS_CODES),
        (body(with_(question="")), NEEDS_CODES),
        (body(with_(question=["GEN-01"])), NEEDS_CODES),
        (body(with_(row=None)), NEEDS_CODES),
        (body(with_(row=0)), NEEDS_CODES),
        (body(with_(row={})), NEEDS_CODES),
        (body(with_(column=False)), NEEDS_CODES),
        (body(with_(base=-1)), NEEDS_BASE),
        (body(with_(base=True)), NEEDS_BASE),
        (body(with_(base=False)), NEEDS_BASE),
        (body(with_(base=None)), NEEDS_BASE),
        (body(with_(base="0")), NEEDS_BASE),
        (body(with_(base=0.0)), NEEDS_BASE),
        (body(with_(base=1.5)), NEEDS_BASE),
        (body(with_(base=[])), NEEDS_BASE),
        (body(sent("GEN-01", "x"), sent("GEN-01", "y", 1)), TWICE),
        (body(sent("GEN-01", "x"), sent("GEN-01", "x")), TWICE),
        (body(sent("XXX-01", "x"), sent("XXX-01", "y")), TWICE),
        ('{"changes": [], "via": "form"}', NEEDS_WAY),
        ('{"changes": [], "via": null}', NEEDS_WAY),
        ('{"changes": [], "via": ["page"]}', NEEDS_WAY),
    ],
)  # fmt: skip
def test_malformed_request_is_refused_whole(client, response, content, message):
    page = post(client, content)

    assert page.status_code == 400
    assert page.json() == {"code": "malformed", "message": message}
    assert standing(response) == {}


def test_one_malformed_change_refuses_the_others_too(client, response):
    page = post(client, body(sent("GEN-03", "INEI"), with_(base=-1)))

    assert page.status_code == 400
    assert standing(response) == {}


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x", "application/octet-stream", "application/json5",
    ],
)  # fmt: skip
def test_other_content_type_is_malformed(client, response, content_type):
    """What a form of another site can send is never taken for changes."""
    page = post(client, body(sent("GEN-01", "x")), content_type=content_type)

    assert page.status_code == 400
    assert standing(response) == {}


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "application/json;charset=UTF-8"],
)
def test_content_type_may_name_the_character_set(client, content_type):
    page = post(client, body(sent("GEN-01", "Perú")), content_type=content_type)

    assert page.status_code == 200


# 413: too large


def test_more_than_500_changes_are_too_large(client, response):
    many = [sent("GEN-01", "x") | {"row": str(n)} for n in range(501)]
    page = post(client, body(*many))

    assert page.status_code == 413
    assert page.json() == {"code": "too_large", "message": TOO_LARGE}
    assert standing(response) == {}


def test_500_changes_are_not_too_large(client):
    many = [sent("GEN-01", "x") | {"row": str(n)} for n in range(500)]

    page = post(client, body(*many))

    assert page.status_code == 200
    assert len(page.json()["results"]) == 500


@pytest.mark.parametrize(("size", "status"), [(MIB, 200), (MIB + 1, 413)])
def test_one_mebibyte_is_the_limit(client, response, size, status):
    content = body(sent("GEN-12", "x"))

    page = post(client, content + " " * (size - len(content)))

    assert page.status_code == status
    if status == 413:
        assert page.json() == {"code": "too_large", "message": TOO_LARGE}
        assert standing(response) == {}


def test_length_is_believed_before_anything_is_read(client, response):
    page = post(client, body(sent("GEN-12", "x")), CONTENT_LENGTH="9" * 5000)

    assert page.status_code == 413


def test_3_mb_paste_into_one_cell_is_too_large_for_the_request(client, response):
    page = post(client, body(sent("GEN-12", "x" * 3 * MIB)))

    assert page.status_code == 413
    assert standing(response) == {}


def test_paste_longer_than_a_cell_is_invalid(client):
    page = post(client, body(sent("GEN-12", "x" * 20_001)))

    assert page.json()["results"][0]["errors"] == [
        "The text has 20001 characters; at most 20000 can be stored."
    ]


# 401 and 403: session and token


def test_ended_session_is_401_json(response, client):
    client.logout()

    page = post(client, body(sent("GEN-01", "x")))

    assert page.status_code == 401
    assert page.json() == {
        "code": "session",
        "message": "Your session has ended. Sign in again; nothing typed is lost.",
    }
    assert standing(response) == {}


def test_person_deactivated_meanwhile_is_401_json(response, client, contributor):
    contributor.is_active = False
    contributor.save()

    assert post(client, body(sent("GEN-01", "x"))).status_code == 401
    assert standing(response) == {}


def test_missing_token_is_403_with_code_csrf(response, contributor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(contributor)

    page = post(strict, body(sent("GEN-01", "x")))

    assert page.status_code == 403
    assert page.json() == {
        "code": "csrf",
        "message": "The page is too old. It will try again with a new token.",
    }
    assert standing(response) == {}


def test_fresh_token_makes_the_retry_pass(response, contributor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(contributor)
    stale = post(strict, body(sent("GEN-01", "x")), HTTP_X_CSRFTOKEN="x" * 64)
    token = strict.get("/csrf/").json()["token"]

    page = post(strict, body(sent("GEN-01", "x")), HTTP_X_CSRFTOKEN=token)

    assert (stale.status_code, stale.json()["code"]) == (403, "csrf")
    assert page.status_code == 200
    assert standing(response) == {"GEN-01": ("x", 1)}


# 403, 404, 409: the whole response is closed to the person


def test_role_that_never_may_is_403(response, peru, signed_in):
    observer = MemberFactory(country=peru, role="observer")

    page = post(signed_in(observer), body(sent("GEN-01", "x")))

    assert page.status_code == 403
    assert page.json() == {
        "code": "forbidden",
        "message": (
            "Your role does not allow this. Ask the coordinator of your country."
        ),
    }
    assert standing(response) == {}


@pytest.mark.parametrize("factory", [OfficerFactory, AdministratorFactory])
@pytest.mark.parametrize("status", ["submitted", "returned", "accepted"])
def test_nobody_at_unsd_edits_an_answer(response, signed_in, factory, status):
    Response.objects.filter(pk=response.pk).update(status=status)

    page = post(signed_in(factory()), body(sent("GEN-01", "x")))

    assert page.status_code == 403
    assert standing(response) == {}


@pytest.mark.parametrize("factory", [OfficerFactory, AdministratorFactory])
def test_draft_does_not_exist_for_unsd(response, signed_in, factory):
    page = post(signed_in(factory()), body(sent("GEN-01", "x")))

    assert page.status_code == 404


@pytest.mark.parametrize("role", ["contributor", "coordinator", "observer"])
@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "accepted"])
def test_stranger_from_another_country_is_404(response, peru, signed_in, role, status):
    Response.objects.filter(pk=response.pk).update(status=status)
    chile = peru._meta.model.objects.get(iso3="CHL")
    stranger = MemberFactory(country=chile, role=role)

    page = post(signed_in(stranger), body(sent("GEN-01", "x")))

    assert page.status_code == 404
    assert page.json() == {
        "code": "not_found",
        "message": "This response does not exist, or is not yours to see.",
    }
    assert standing(response) == {}


@pytest.mark.parametrize(
    "url", ["/responses/CHL/2025/answers", "/responses/PER/1999/answers"]
)
def test_response_that_is_not_there_is_404(client, url):
    assert post(client, body(sent("GEN-01", "x")), url=url).status_code == 404


@pytest.mark.parametrize("status", ["submitted", "accepted"])
def test_state_that_forbids_it_is_409_and_named(response, client, status):
    Response.objects.filter(pk=response.pk).update(status=status)

    page = post(client, body(sent("GEN-01", "x")))

    assert page.status_code == 409
    assert page.json() == {
        "code": "closed",
        "message": f"This response is {status} and cannot be changed now.",
        "state": status,
    }
    assert standing(response) == {}


def test_closed_round_is_409_and_named(response, client, round_2025, officer):
    close_round(round_=round_2025, by=officer)

    page = post(client, body(sent("GEN-01", "x")))

    assert page.status_code == 409
    assert page.json() == {
        "code": "closed",
        "message": "The round is closed. Changes are no longer accepted.",
        "state": "closed",
    }


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head"])
def test_other_methods_are_not_allowed(client, method):
    assert getattr(client, method)(URL).status_code == 405


def test_refusals_are_never_kept_by_a_cache(client, response):
    """Answers hold what is nobody else's: no shared cache may keep them."""
    page = post(client, body(sent("GEN-01", "x")))

    assert "Cookie" in page.headers["Vary"]


def test_text_is_sent_as_it_is_stored(client, response):
    text = "</script>\u2028 <b> & \"'"

    post(client, body(sent("GEN-12", text)))
    page = post(client, body(sent("GEN-12", "other")))

    assert json.loads(page.content)["results"][0]["current"]["value"] == text
