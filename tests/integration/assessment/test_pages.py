"""Every page for every role, and the actions that its forms send."""

import html
import json
import re

import pytest

from assessment.models import Acceptance, Country, Response, Submission, Transition
from assessment.queries import held_answers
from assessment.services.rounds import close_round, open_response
from assessment.services.transitions import accept_response, return_response
from tests.factories import (
    AdministratorFactory,
    MemberFactory,
    OfficerFactory,
    RoundFactory,
    UserFactory,
)
from tests.instruments import demo_answers, nmdc
from tests.saving import put, state_of, submit

HUB = "/responses/PER/2025/"
CHECK = f"{HUB}check/"
SECTION = f"{HUB}sections/gen/"
ROUND = "/rounds/2025/"
MISSING = 92
COUNTRY_ROLES = ["contributor", "coordinator", "observer"]
UNSD_ROLES = ["officer", "administrator"]
STATUSES = [status.value for status in Response.Status]
ERROR = {"SRC-INV[SRC-CEN].exists": "yes", "SRC-INV[SRC-CEN].latest_year": 2026}
ERROR_MESSAGE = (
    "The latest year of a source is later than the assessment year in GEN-02."
)


@pytest.fixture
def chile(peru):
    return Country.objects.get(iso3="CHL")


@pytest.fixture
def client_of(signed_in, peru):
    def client(role):
        if role == "officer":
            return signed_in(OfficerFactory())
        if role == "administrator":
            return signed_in(AdministratorFactory())
        if role == "nobody":
            return signed_in(UserFactory())
        return signed_in(MemberFactory(country=peru, role=role))

    return client


@pytest.fixture
def in_status(response, coordinator, officer):
    """Bring the response to a status by the transitions that lead there."""

    def bring(status):
        if status != "draft":
            submit(response, coordinator)
        if status == "returned":
            return_response(response=response, by=officer, message="Check GEN-01.")
        if status == "accepted":
            accept_response(response=response, by=officer)
        return response

    return bring


def text(page):
    return html.unescape(page.content.decode())


def status_of(response):
    return Response.objects.get(pk=response.pk).status


# Who sees which page


@pytest.mark.parametrize("path", [HUB, CHECK, SECTION])
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("role", COUNTRY_ROLES)
def test_country_reads_its_response_in_every_status(
    in_status, client_of, role, status, path
):
    in_status(status)

    assert client_of(role).get(path).status_code == 200


@pytest.mark.parametrize("path", [HUB, CHECK, SECTION])
@pytest.mark.parametrize(
    ("status", "code"),
    [("draft", 404), ("submitted", 200), ("returned", 200), ("accepted", 200)],
)
@pytest.mark.parametrize("role", UNSD_ROLES)
def test_unsd_reads_a_response_from_its_first_submission_on(
    in_status, client_of, role, status, code, path
):
    in_status(status)

    assert client_of(role).get(path).status_code == code


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("contributor", 404),
        ("coordinator", 404),
        ("observer", 404),
        ("nobody", 404),
        ("officer", 200),
        ("administrator", 200),
    ],
)
def test_round_is_followed_by_unsd_only(response, client_of, role, code):
    assert client_of(role).get(ROUND).status_code == code


@pytest.mark.parametrize("role", [*COUNTRY_ROLES, *UNSD_ROLES, "nobody"])
def test_home_opens_for_everybody(response, client_of, role):
    page = client_of(role).get("/")

    assert page.status_code == 200
    assert (f'href="{HUB}"' in text(page)) is (role in COUNTRY_ROLES)
    assert (f'href="{ROUND}"' in text(page)) is (role in UNSD_ROLES)


def test_home_of_the_signed_out_leads_to_the_sign_in(client, db):
    page = client.get("/")

    assert page.status_code == 200
    assert 'href="/accounts/login/' in text(page)


@pytest.mark.parametrize("path", [HUB, CHECK, SECTION])
def test_returned_response_shows_unsd_the_submission_and_not_the_draft(
    in_status, client_of, coordinator, response, path
):
    put(response, coordinator, {"GEN-12": "As submitted"})
    in_status("returned")
    put(response, coordinator, {"GEN-12": "Secret draft"})

    seen_by_officer = text(client_of("officer").get(path))
    seen_at_home = text(client_of("contributor").get(path))

    assert "Secret draft" not in seen_by_officer
    assert ("As submitted" in seen_by_officer) is (path == SECTION)
    assert ("Secret draft" in seen_at_home) is (path == SECTION)


# The hub


@pytest.mark.parametrize("role", COUNTRY_ROLES)
def test_hub_links_to_every_section(response, client_of, role):
    page = text(client_of(role).get(HUB))

    addresses = [f"{HUB}sections/{s.code.lower()}/" for s in nmdc().sections]
    assert [address for address in addresses if address not in page] == []


ACTIONS = ("submit", "withdraw", "return", "accept", "reopen")


@pytest.mark.parametrize(
    ("role", "status", "offered"),
    [
        ("coordinator", "draft", set()),
        ("coordinator", "submitted", {"withdraw"}),
        ("coordinator", "returned", set()),
        ("coordinator", "accepted", set()),
        ("contributor", "submitted", set()),
        ("observer", "submitted", set()),
        ("officer", "submitted", {"return", "accept"}),
        ("officer", "returned", set()),
        ("officer", "accepted", {"reopen"}),
        ("administrator", "submitted", {"return", "accept"}),
        ("administrator", "accepted", {"reopen"}),
    ],
)
def test_hub_offers_what_the_person_may_do_now(
    in_status, client_of, role, status, offered
):
    in_status(status)

    page = text(client_of(role).get(HUB))

    assert {a for a in ACTIONS if f'action="{HUB}{a}/"' in page} == offered


def test_hub_shows_the_message_of_a_return(in_status, client_of):
    in_status("returned")

    assert "Check GEN-01." in text(client_of("contributor").get(HUB))


def test_hub_of_an_illustrative_round_says_so(response, round_2025, client_of):
    round_2025.is_illustrative = True
    round_2025.save()

    assert "llustrative" in text(client_of("contributor").get(HUB))


def test_message_with_markup_is_escaped(in_status, client_of, response, officer):
    in_status("submitted")
    return_response(response=response, by=officer, message="<script>x</script>")

    assert b"<script>x</script>" not in client_of("contributor").get(HUB).content


# The check page and submission


def test_check_page_names_what_is_missing_and_offers_to_confirm_it(response, client_of):
    page = text(client_of("coordinator").get(CHECK))

    assert f'name="missing_confirmed" value="{MISSING}"' in page
    assert f'formaction="{HUB}submit/"' in page
    assert "GEN-01" in page


@pytest.mark.parametrize("role", ["contributor", "observer"])
def test_check_page_offers_submission_to_coordinators_only(response, client_of, role):
    assert f"{HUB}submit/" not in text(client_of(role).get(CHECK))


def test_check_page_names_contradictions(response, coordinator, client_of):
    put(response, coordinator, ERROR)

    page = text(client_of("coordinator").get(CHECK))

    assert ERROR_MESSAGE in page
    assert f"{HUB}submit/" not in page


def test_submission_leads_back_to_the_hub(response, client_of, coordinator):
    page = client_of("coordinator").post(
        f"{HUB}submit/", {"missing_confirmed": str(MISSING)}
    )

    assert (page.status_code, page.headers["Location"]) == (302, HUB)
    assert status_of(response) == "submitted"
    assert Submission.objects.count() == 1


def test_double_click_on_submit_makes_one_submission(response, client_of):
    client = client_of("coordinator")
    data = {"missing_confirmed": str(MISSING)}

    pages = [client.post(f"{HUB}submit/", data) for _ in range(2)]

    assert [page.status_code for page in pages] == [302, 302]
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    "confirmed",
    [None, "", "on", "0", "91", "93", "-92", "92.0", "92 ", "0x5c", "²", "9" * 5000],
)
def test_submission_without_the_right_confirmation_is_409(
    response, client_of, confirmed
):
    data = {} if confirmed is None else {"missing_confirmed": confirmed}

    page = client_of("coordinator").post(f"{HUB}submit/", data)

    assert page.status_code == 409
    assert 'role="alert"' in text(page)
    assert f'name="missing_confirmed" value="{MISSING}"' in text(page)
    assert status_of(response) == "draft"


def test_submission_with_a_contradiction_is_409(response, coordinator, client_of):
    put(response, coordinator, ERROR)

    page = client_of("coordinator").post(
        f"{HUB}submit/", {"missing_confirmed": str(MISSING)}
    )

    assert page.status_code == 409
    assert ERROR_MESSAGE in text(page)
    assert status_of(response) == "draft"


WARNING = {"SRC-01": 2024}
TO_EXPLAIN = "Unusual together: check, or explain."
UNEXPLAINED = "One point to check must be explained in a remark before submission"


def words(page):
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(text(page))).split())


def test_submission_with_an_unexplained_warning_is_409_and_keeps_what_was_given(
    response, coordinator, client_of
):
    put(response, coordinator, WARNING)
    missing = str(len(state_of(response).missing()))

    page = client_of("coordinator").post(
        f"{HUB}submit/",
        {
            "_bases": json.dumps({"SRC-01.@note": 0}),
            "SRC-01.@note": "   ",
            "missing_confirmed": missing,
        },
    )

    assert page.status_code == 409
    assert UNEXPLAINED in words(page)
    assert 'href="#remark-SRC-01.@note"' in text(page)
    assert "Write why both answers are right, or correct one of them." in words(page)
    assert f'value="{missing}" checked' in text(page)
    assert status_of(response) == "draft"


def test_check_page_counts_what_is_to_be_explained(response, coordinator, client_of):
    put(response, coordinator, WARNING)
    before = words(client_of("coordinator").get(CHECK))
    put(response, coordinator, {"SRC-01.@note": "Postponed."})

    after = words(client_of("coordinator").get(CHECK))

    assert "1 point to explain" in before
    assert TO_EXPLAIN in before
    assert "First explain the point above that has no remark" in before
    assert "0 points to explain of 1 to check" in after
    assert "Unusual together: explained." in after
    assert "First explain" not in after


def test_hub_tells_what_is_to_be_explained(response, coordinator, client_of):
    put(response, coordinator, WARNING)
    before = words(client_of("coordinator").get(HUB))
    put(response, coordinator, {"SRC-01.@note": "Postponed."})

    after = words(client_of("coordinator").get(HUB))

    assert "1 point is to be explained in a remark." in before
    assert "1 point to explain" in before
    assert "to be explained" not in after
    assert "1 point explained" in after


def test_officer_reads_why_a_point_is_raised_and_its_explanation(
    response, coordinator, client_of
):
    put(response, coordinator, WARNING | {"SRC-01.@note": "Postponed & late."})
    submit(response, coordinator)

    page = words(client_of("officer").get(CHECK))
    section = words(client_of("officer").get(f"{HUB}sections/src/"))

    why = "Why this is pointed out: A planned census lies in the present or in the future."
    assert why in page
    assert "Explanation: Postponed & late." in page
    assert why in section
    assert "Explanation: Postponed & late." in section
    assert "Change the explanation" not in section
    assert why not in words(client_of("coordinator").get(CHECK))


def test_remarks_are_saved_from_the_check_page(response, client_of):
    page = client_of("contributor").post(
        CHECK,
        {"_bases": json.dumps({"GEN-12.@note": 0}), "GEN-12.@note": "As agreed"},
    )

    assert (page.status_code, page.headers["Location"]) == (302, CHECK)
    assert [
        held.value
        for address, held in held_answers(response).items()
        if str(address) == "GEN-12.@note"
    ] == ["As agreed"]


def test_remarks_typed_beside_the_button_are_submitted_with_the_rest(
    response, client_of
):
    client_of("coordinator").post(
        f"{HUB}submit/",
        {
            "_bases": json.dumps({"GEN-12.@note": 0}),
            "GEN-12.@note": "As agreed",
            "missing_confirmed": str(MISSING),
        },
    )

    assert "As agreed" in Submission.objects.get().canonical_json


def test_stale_remark_stops_the_submission_and_shows_both(
    response, coordinator, client_of
):
    put(response, coordinator, {"GEN-12.@note": "Theirs"})

    page = client_of("coordinator").post(
        f"{HUB}submit/",
        {
            "_bases": json.dumps({"GEN-12.@note": 0}),
            "GEN-12.@note": "Mine",
            "missing_confirmed": str(MISSING),
        },
    )

    assert page.status_code == 422
    assert status_of(response) == "draft"
    assert held_answers(response).popitem()[1].value == "Theirs"


def test_refused_remark_keeps_its_text_and_the_base_it_was_typed_on(
    response, coordinator, client_of
):
    """Answers that contradict each other a little ask for remarks."""
    put(response, coordinator, {str(a): v for a, v in demo_answers("JOR").items()})
    client = client_of("contributor")
    bases = bases_in(client.get(CHECK))
    name = min(bases)
    put(response, coordinator, {name: "Theirs"})

    page = client.post(CHECK, {"_bases": json.dumps(bases), name: "x" * 20_001})

    assert page.status_code == 422
    assert "x" * 20_001 in text(page)
    assert bases_in(page)[name] == bases[name]


def bases_in(page):
    found = re.search(r'name="_bases" value="([^"]*)"', page.content.decode())
    return json.loads(html.unescape(found[1]))


def test_observer_saves_no_remarks(response, client_of):
    page = client_of("observer").post(CHECK, {"_bases": "{}"})

    assert page.status_code == 403


# Transitions: each view, once through and once refused


@pytest.mark.parametrize(
    ("action", "status", "role", "data", "leads_to"),
    [
        ("submit", "draft", "coordinator", {"missing_confirmed": "92"}, "submitted"),
        ("submit", "returned", "coordinator", {"missing_confirmed": "92"}, "submitted"),
        ("withdraw", "submitted", "coordinator", {}, "draft"),
        ("return", "submitted", "officer", {"message": "Check."}, "returned"),
        ("return", "submitted", "administrator", {"message": "Check."}, "returned"),
        ("accept", "submitted", "officer", {}, "accepted"),
        ("reopen", "accepted", "officer", {"message": "Late figure."}, "returned"),
    ],
)
def test_action_moves_the_response(
    in_status, client_of, action, status, role, data, leads_to
):
    response = in_status(status)

    page = client_of(role).post(f"{HUB}{action}/", data)

    assert (page.status_code, page.headers["Location"]) == (302, HUB)
    assert status_of(response) == leads_to


@pytest.mark.parametrize(
    ("action", "status", "role", "code"),
    [
        ("submit", "draft", "contributor", 403),
        ("submit", "draft", "observer", 403),
        ("submit", "submitted", "officer", 403),
        ("submit", "accepted", "coordinator", 409),
        ("withdraw", "submitted", "contributor", 403),
        ("withdraw", "draft", "coordinator", 409),
        ("withdraw", "accepted", "coordinator", 409),
        ("withdraw", "submitted", "officer", 403),
        ("return", "submitted", "coordinator", 403),
        ("return", "accepted", "officer", 409),
        ("return", "draft", "officer", 404),
        ("accept", "submitted", "coordinator", 403),
        ("accept", "returned", "officer", 409),
        ("accept", "draft", "administrator", 404),
        ("reopen", "accepted", "coordinator", 403),
        ("reopen", "submitted", "officer", 409),
    ],
)
def test_action_that_is_not_theirs_is_refused(
    in_status, client_of, action, status, role, code
):
    response = in_status(status)
    before = Transition.objects.count()

    page = client_of(role).post(
        f"{HUB}{action}/", {"message": "Because.", "missing_confirmed": "92"}
    )

    assert page.status_code == code
    assert status_of(response) == status
    assert Transition.objects.count() == before


@pytest.mark.parametrize(
    ("action", "status"), [("return", "submitted"), ("reopen", "accepted")]
)
@pytest.mark.parametrize("message", ["", "  \n", "x" * 5001, "a\x00b"])
def test_message_that_cannot_be_sent_moves_nothing(
    in_status, client_of, action, status, message
):
    response = in_status(status)

    page = client_of("officer").post(f"{HUB}{action}/", {"message": message})

    assert page.status_code == 422
    assert status_of(response) == status


def test_double_click_on_accept_makes_one_acceptance(in_status, client_of):
    in_status("submitted")
    client = client_of("officer")

    pages = [client.post(f"{HUB}accept/") for _ in range(2)]

    assert [page.status_code for page in pages] == [302, 302]
    assert Acceptance.objects.count() == 1


# Rounds


def test_round_page_lists_its_countries(
    response, round_2025, chile, officer, client_of
):
    open_response(round_=round_2025, country=chile, by=officer)

    page = text(client_of("officer").get(ROUND))

    assert "Peru" in page
    assert "Chile" in page


def test_round_page_links_only_to_what_can_be_read(
    in_status, round_2025, chile, officer, client_of
):
    in_status("submitted")
    open_response(round_=round_2025, country=chile, by=officer)

    page = text(client_of("officer").get(ROUND))

    assert f'href="{HUB}"' in page
    assert 'href="/responses/CHL/2025/"' not in page


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("", {"Chile", "Peru"}),
        ("?status=draft", {"Chile"}),
        ("?status=submitted", {"Peru"}),
        ("?status=accepted", set()),
        ("?status=xxx%00", set()),
        ("?region=Americas", {"Chile", "Peru"}),
        ("?region=Europe", set()),
        ("?region=Americas&status=draft", {"Chile"}),
    ],
)
def test_round_page_can_be_filtered(
    in_status, round_2025, chile, officer, client_of, query, listed
):
    in_status("submitted")
    open_response(round_=round_2025, country=chile, by=officer)

    page = client_of("officer").get(f"{ROUND}{query}")

    lines = {line.response.country.name for line in page.context["lines"]}
    assert page.status_code == 200
    assert lines == listed


def test_countries_join_a_round(round_2025, peru, chile, client_of):
    page = client_of("officer").post(
        f"{ROUND}join/", {"countries": [peru.pk, chile.pk]}
    )

    assert (page.status_code, page.headers["Location"]) == (302, ROUND)
    assert set(
        Response.objects.values_list("country__iso3", "status")
    ) == {("PER", "draft"), ("CHL", "draft")}  # fmt: skip


@pytest.mark.parametrize(
    "countries", [[], [""], ["0"], ["x"], ["999999999999999999999"], ["1\x00"]]
)
def test_country_that_is_none_does_not_join(round_2025, client_of, countries):
    page = client_of("officer").post(f"{ROUND}join/", {"countries": countries})

    assert page.status_code == 302
    assert Response.objects.count() == 0


def test_country_in_the_round_does_not_join_again(response, peru, client_of):
    client_of("officer").post(f"{ROUND}join/", {"countries": [peru.pk]})

    assert Response.objects.count() == 1


def test_nobody_joins_a_closed_round(round_2025, peru, officer, client_of):
    close_round(round_=round_2025, by=officer)

    client_of("officer").post(f"{ROUND}join/", {"countries": [peru.pk]})

    assert Response.objects.count() == 0


def test_round_is_closed_and_opened_again(round_2025, client_of):
    client = client_of("officer")

    closed = client.post(f"{ROUND}close/")
    round_2025.refresh_from_db()
    was_open = round_2025.is_open
    opened = client.post(f"{ROUND}open/")
    round_2025.refresh_from_db()

    assert (closed.status_code, opened.status_code) == (302, 302)
    assert (was_open, round_2025.is_open) == (False, True)


def test_round_that_was_never_opened_cannot_be_closed(nmdc_db, client_of):
    RoundFactory(code="next", questionnaire=nmdc_db)

    assert client_of("officer").post("/rounds/next/close/").status_code == 409


@pytest.mark.parametrize("action", ["", "join/", "open/", "close/"])
def test_round_that_is_not_there_is_404(db, client_of, action):
    client = client_of("officer")
    send = client.post if action else client.get

    assert send(f"/rounds/nowhere/{action}").status_code == 404


@pytest.mark.parametrize("action", ["join/", "open/", "close/"])
@pytest.mark.parametrize("role", [*COUNTRY_ROLES, "nobody"])
def test_rounds_are_managed_by_unsd_only(round_2025, client_of, role, action):
    page = client_of(role).post(f"{ROUND}{action}")

    round_2025.refresh_from_db()
    assert page.status_code == 404
    assert round_2025.is_open


# For machines


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told_to_anybody(db, client, path):
    page = client.get(path)

    assert (page.status_code, page.content) == (200, b"ok")
    assert "no-store" in page.headers["Cache-Control"]


def test_token_is_fresh_and_never_cached(db, client):
    page = client.get("/csrf/")

    assert re.fullmatch(r"[A-Za-z0-9]{64}", page.json()["token"])
    assert page.json()["user"] is None
    assert "no-store" in page.headers["Cache-Control"]
