"""What an open page asks in the background: `…/changes`, `…/leave`, `…/revisions/<n>`."""

import pytest
from django.test import Client

from assessment.models import Answer, AnswerRevision, Presence, Response
from assessment.services.rounds import close_round
from tests.factories import AdministratorFactory, MemberFactory, OfficerFactory
from tests.instruments import demo_answers
from tests.integration.assessment.test_query_counts import queries
from tests.saving import put, submit

URL = "/responses/PER/2025/changes"
JSON = "application/json"
SINCE = "“since” is the cursor of an earlier answer."


@pytest.fixture
def ana(peru):
    return MemberFactory(country=peru, role="contributor", name="Ana")


@pytest.fixture
def client(response, ana, signed_in):
    return signed_in(ana)


def ask(client, section="GEN", since=None):
    data = {"section": section} | ({} if since is None else {"since": since})
    return client.get(URL, data, headers={"content-type": JSON})


# Changes


def test_change_of_a_colleague_is_told_with_who_and_when(client, response, coordinator):
    start = ask(client).json()
    put(response, coordinator, {"SRC-INV[SRC-CEN].exists": "yes", "GEN-03": "INEI"})
    at = Answer.objects.get(question="GEN-03").changed_at.strftime("%Y-%m-%dT%H:%M:%SZ")

    page = ask(client, since=start["cursor"])

    assert start == {"cursor": 1, "changes": [], "present": []}
    assert page.status_code == 200
    assert page.headers["Content-Type"] == JSON
    assert "no-store" in page.headers["Cache-Control"]
    assert page.json() == {
        "cursor": 2,
        "changes": [
            {
                "question": "GEN-03",
                "row": "",
                "column": "",
                "value": "INEI",
                "revision": 1,
                "by": coordinator.name,
                "at": at,
                "confirmed": True,
                "own": False,
            }
        ],
        "present": [],
    }


def test_own_change_from_another_window_is_told_as_such(client, response, ana):
    put(response, ana, {"GEN-03": "INEI"})

    (change,) = ask(client, since=1).json()["changes"]

    assert (change["question"], change["own"]) == ("GEN-03", True)


def test_section_may_be_written_small(client, response, coordinator):
    put(response, coordinator, {"GEN-03": "INEI"})

    assert len(ask(client, "gen", since=1).json()["changes"]) == 1


def test_page_carries_the_cursor_of_what_it_shows(client, response, coordinator):
    put(response, coordinator, {"GEN-03": "INEI", "GEN-12": "x"})
    put(response, coordinator, {"GEN-03": "INEI, Lima"})

    page = client.get("/responses/PER/2025/sections/gen/").content.decode()

    assert 'data-cursor="4"' in page
    assert ask(client).json()["cursor"] == 4
    assert ask(client, since=4).json()["changes"] == []


def test_cursor_from_before_a_restored_backup_starts_anew(client):
    assert ask(client, since=500).json() == {"cursor": 1, "changes": [], "present": []}


@pytest.mark.parametrize("since", ["", "x", "-1", "1.5", "٣", "9" * 16, "1\x00"])
def test_cursor_that_is_none_is_malformed(client, since):
    page = ask(client, since=since)

    assert page.status_code == 400
    assert page.json() == {"code": "malformed", "message": SINCE}


def test_unknown_section_is_not_found(client):
    assert ask(client, "XXX").status_code == 404


def test_only_reading_is_a_get(client):
    assert client.post(URL).status_code == 405
    assert client.get("/responses/PER/2025/leave").status_code == 405


# Presence


def test_people_see_each_other_and_in_which_section(response, peru, signed_in):
    ana, bea = (
        MemberFactory(country=peru, role=role, name=name)
        for role, name in (("contributor", "Ana"), ("observer", "Bea"))
    )
    ask(signed_in(ana), "GEN")
    first = ask(signed_in(bea), "SRC").json()["present"]

    second = ask(signed_in(ana), "GEN").json()["present"]

    assert first == [{"name": "Ana", "section": "GEN"}]
    assert second == [{"name": "Bea", "section": "SRC"}]


def test_overview_names_who_is_where(client, response, coordinator, signed_in):
    ask(client, "SRC")
    hub = signed_in(coordinator)

    page = hub.get("/responses/PER/2025/")
    found = hub.get(URL, headers={"content-type": JSON}).json()

    assert page.context["present"] == {"SRC": "Ana"}
    assert "Here now: <span data-names>Ana" in page.content.decode()
    assert found == {
        "cursor": 0, "changes": [], "present": [{"name": "Ana", "section": "SRC"}],
    }  # fmt: skip
    assert Presence.objects.get(user=coordinator).section == ""


def test_reading_a_page_leaves_no_trace_of_presence(client):
    client.get("/responses/PER/2025/sections/gen/")
    client.get("/responses/PER/2025/")

    assert not Presence.objects.exists()


def test_person_who_leaves_is_gone_at_once(client, response, coordinator, signed_in):
    ask(client, "SRC")
    other = signed_in(coordinator)
    before = ask(other, "GEN").json()["present"]

    left = client.post("/responses/PER/2025/leave?section=SRC")

    assert before == [{"name": "Ana", "section": "SRC"}]
    assert left.status_code == 204
    assert ask(other, "GEN").json()["present"] == []


# The value a stale save was based on


def test_earlier_value_is_told(client, response, coordinator):
    put(response, coordinator, {"SRC-INV[SRC-CEN].holder": "INEI"})
    put(response, coordinator, {"SRC-INV[SRC-CEN].holder": None})
    url = "/responses/PER/2025/revisions/{}"
    cell = {"cell": "SRC-INV[SRC-CEN].holder"}

    assert client.get(url.format(1), cell).json() == {"value": "INEI"}
    assert client.get(url.format(2), cell).json() == {"value": None}
    assert client.get(url.format(3), cell).status_code == 404
    assert client.get(url.format(10**30), cell).status_code == 404
    assert client.get(url.format(1), {"cell": "GEN-01"}).status_code == 404
    assert client.get(url.format(1), {"cell": "’ or 1=1"}).status_code == 404


# Who may ask

ROLES = ["contributor", "coordinator", "observer"]
URLS = [URL, "/responses/PER/2025/revisions/1?cell=GEN-02"]


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("status", Response.Status)
@pytest.mark.parametrize("role", ROLES)
def test_country_people_read_live_in_every_status(
    response, peru, signed_in, role, status, url
):
    Response.objects.filter(pk=response.pk).update(status=status)
    client = signed_in(MemberFactory(country=peru, role=role))

    assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("status", Response.Status)
@pytest.mark.parametrize("factory", [OfficerFactory, AdministratorFactory])
def test_unsd_never_reads_live_answers(response, signed_in, factory, status, url):
    Response.objects.filter(pk=response.pk).update(status=status)
    client = signed_in(factory())

    assert client.get(url).status_code == 404
    assert client.post("/responses/PER/2025/leave").status_code == 404
    assert not Presence.objects.exists()


def test_page_at_unsd_asks_for_nothing_live(response, coordinator, officer, signed_in):
    submit(response, coordinator)
    client = signed_in(officer)

    for path in ("", "sections/gen/"):
        page = client.get(f"/responses/PER/2025/{path}").content.decode()
        assert "data-live" not in page


def test_member_of_another_country_finds_nothing(response, peru, signed_in):
    chile = peru._meta.model.objects.get(iso3="CHL")
    client = signed_in(MemberFactory(country=chile, role="coordinator"))

    assert ask(client).status_code == 404


def test_ended_session_is_told_as_json(response):
    page = ask(Client())

    assert page.status_code == 401
    assert page.json()["code"] == "session"


def test_closed_round_is_still_read_live(client, round_2025, officer):
    close_round(round_=round_2025, by=officer)

    assert ask(client).status_code == 200


def test_page_that_never_asks_is_a_setting(client, settings):
    settings.LIVE_POLL_MS = 0

    page = client.get("/responses/PER/2025/sections/gen/").content.decode()

    assert "data-live" not in page


# Cost


def test_idle_page_costs_few_queries(client, response, coordinator):
    """Session, person and response; presence written; presence and cursor read."""
    put(response, coordinator, {str(a): v for a, v in demo_answers("MEX").items()})
    cursor = ask(client, "SRC").json()["cursor"]

    assert queries(client, f"{URL}?section=SRC&since={cursor}") == 5


def test_changes_cost_one_query_more_for_one_and_for_many(
    client, response, coordinator
):
    cursor = ask(client, "SRC").json()["cursor"]
    put(response, coordinator, {"SRC-01": 2027})
    one = queries(client, f"{URL}?section=SRC&since={cursor}")
    put(response, coordinator, {str(a): v for a, v in demo_answers("MEX").items()})

    many = queries(client, f"{URL}?section=SRC&since={cursor}")

    assert (one, many) == (6, 6)
    assert AnswerRevision.objects.count() > 300
