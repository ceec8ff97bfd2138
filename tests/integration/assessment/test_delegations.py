"""The page of delegations, the overview and the form of whoever has a part."""

import datetime
import html
import json
import re

import pytest

from assessment.models import Delegation, Response, Team
from assessment.models.delegations import today
from assessment.queries import held_answers
from assessment.services.delegations import finish_delegation, withdraw_delegation
from assessment.services.rounds import open_response
from questionnaire.addresses import Address
from tests.delegating import age, give, switch
from tests.factories import AdministratorFactory, MemberFactory
from tests.instruments import nmdc
from tests.saving import body, put, sent, submit

HUB = "/responses/PER/2025/"
LIST = f"{HUB}team/delegations/"
SRC = f"{HUB}sections/src/"
GEN = f"{HUB}sections/gen/"
ROW = "SRC-INV[SRC-RES]"
NOBODY = "Not delegated to you, nor to anybody yet. Ask your coordinator for it."
DUE = (today() + datetime.timedelta(days=7)).isoformat()


@pytest.fixture
def client(response, coordinator, signed_in):
    return signed_in(coordinator)


@pytest.fixture
def delegate(response, contributor, signed_in):
    return signed_in(contributor)


@pytest.fixture
def made(response, coordinator, contributor):
    return give(response, coordinator, contributor, ROW, message="Ask the archive")


@pytest.fixture
def delegated(made, peru, coordinator):
    switch(peru, coordinator)
    return made


def shown(page):
    return " ".join(
        html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split()
    )


def fields(**changes):
    return {
        "person": "", "email": "", "parts": [ROW], "due_on": DUE, "message": "",
    } | changes  # fmt: skip


def stood(response, cell):
    held = held_answers(response).get(Address.parse(cell))
    return held.value if held else None


def path(delegation, action):
    return f"{LIST}{delegation.pk}/{action}/"


# The page


def test_page_says_who_has_what_and_what_nobody_has(
    client, made, response, coordinator
):
    give(response, coordinator, "luis@example.org", "EXC")
    put(response, coordinator, {f"{ROW}.exists": "yes"})

    page = client.get(LIST)

    words = shown(page)
    assert page.status_code == 200
    for line in (
        "SRC-INV Inventory of data sources · Residence permits",
        "1 of 9 required answers",
        "luis@example.org Has not signed in yet",
        "Ask the archive",
        "41 questions and rows",
        "Respondents and agencies whole section",
    ):
        assert line in words
    assert [u.section.code for u in page.context["left_over"]] == [
        section.code for section in nmdc().sections if section.code != "EXC"
    ]


@pytest.mark.parametrize(
    ("answers", "days", "done", "status"),
    [
        ({}, 1, False, "not_started"),
        ({f"{ROW}.exists": "yes"}, 1, False, "in_progress"),
        ({f"{ROW}.exists": "no"}, 1, False, "answered"),
        ({f"{ROW}.exists": "no"}, -1, False, "overdue"),
        ({}, -1, False, "overdue"),
        ({}, 0, False, "not_started"),
        ({}, -1, True, "done"),
        ({}, 1, True, "done"),
    ],
)
def test_state_of_a_delegation(
    client, made, response, coordinator, answers, days, done, status
):
    put(response, coordinator, answers)
    age(made, days)
    if done:
        finish_delegation(delegation=made, by=coordinator)

    (line,) = client.get(LIST).context["lines"]

    assert line.status == status


def test_answers_carried_over_do_not_count(client, made, response, coordinator):
    put(response, coordinator, {f"{ROW}.exists": "no"})
    response.answers.update(is_confirmed=False)

    (line,) = client.get(LIST).context["lines"]

    assert (line.status, line.progress.answered) == ("not_started", 0)


def test_part_of_somebody_who_left_is_nobodys(client, made, contributor):
    contributor.memberships.update(is_active=False)

    page = client.get(LIST)

    assert "No longer in the team" in shown(page)
    assert page.context["lines"][0].is_gone
    assert len(page.context["left_over"]) == 9


def test_invited_person_who_joined_is_shown_by_name(
    client, response, peru, coordinator
):
    give(response, coordinator, "luis@example.org", "EXC")
    MemberFactory(
        country=peru, role="contributor", email="luis@example.org", name="Luis Quispe"
    )

    (line,) = client.get(LIST).context["lines"]

    assert (line.name, line.is_awaited) == ("Luis Quispe", False)


def test_name_of_a_person_elsewhere_is_not_told(client, response, coordinator, peru):
    chile = type(peru).objects.get(iso3="CHL")
    MemberFactory(
        country=chile, role="contributor", email="luis@example.org", name="Zoila Rojas"
    )
    give(response, coordinator, "luis@example.org", "EXC")

    assert "Zoila" not in shown(client.get(LIST))


@pytest.mark.parametrize("role", ["contributor", "observer"])
def test_page_is_for_coordinators(response, peru, signed_in, role):
    page = signed_in(MemberFactory(country=peru, role=role)).get(LIST)

    assert page.status_code == 403


@pytest.mark.parametrize("status", ["submitted", "accepted"])
def test_page_can_be_read_while_nothing_can_be_delegated(
    client, response, made, contributor, status
):
    Response.objects.filter(pk=response.pk).update(status=status)

    page = client.get(LIST)
    refused = client.post(LIST, fields(person=contributor.pk))

    assert (page.status_code, refused.status_code) == (200, 409)
    assert '<form class="delegate"' not in page.content.decode()
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize("status", ["draft", "returned"])
def test_administrator_delegates_whether_submitted_yet_or_not(
    response, contributor, signed_in, status
):
    Response.objects.filter(pk=response.pk).update(status=status)
    client = signed_in(AdministratorFactory())

    assert client.get(LIST).status_code == 200
    assert client.post(LIST, fields(person=contributor.pk)).status_code == 302


# Delegating


def test_form_delegates_to_a_person(client, response, contributor, coordinator):
    page = client.post(LIST, fields(person=contributor.pk, message="Please"))

    made = Delegation.objects.get()
    assert (page.status_code, page.headers["Location"]) == (302, LIST)
    assert (made.user, made.parts, made.message) == (contributor, [ROW], "Please")
    assert (made.due_on.isoformat(), made.delegated_by) == (DUE, coordinator)


def test_form_delegates_to_an_address(client, response):
    client.post(LIST, fields(email="Luis@Example.org", parts=["GEN", "EXC-01"]))

    made = Delegation.objects.get()
    assert (made.user, made.email) == (None, "luis@example.org")
    assert made.parts == ["GEN", "EXC-01"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"parts": []}, "parts"),
        ({"parts": ["NOTHING"]}, "parts"),
        ({"parts": [ROW, "SRC-INV[NOWHERE]"]}, "parts"),
        ({"parts": ["<script>"]}, "parts"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"due_on": "2026-02-30"}, "due_on"),
        ({"due_on": ""}, "due_on"),
        ({"due_on": "soon"}, "due_on"),
        ({"email": ""}, "person"),
        ({"email": "nobody"}, "email"),
        ({"person": "0"}, "person"),
        ({"person": "x"}, "person"),
        ({"message": "x" * 5001}, "message"),
        ({"replaces": "x"}, "replaces"),
    ],
)
def test_form_that_cannot_be_met_is_shown_again(client, response, changes, field):
    page = client.post(LIST, fields(email="luis@example.org") | changes)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert Delegation.objects.count() == 0


def test_form_names_person_or_address_not_both(client, response, contributor):
    page = client.post(LIST, fields(person=contributor.pk, email="luis@example.org"))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["email"]


def test_observer_and_stranger_are_no_choice(client, response, peru):
    chile = type(peru).objects.get(iso3="CHL")
    observer = MemberFactory(country=peru, role="observer")
    stranger = MemberFactory(country=chile, role="contributor")

    for person in (observer, stranger):
        page = client.post(LIST, fields(person=person.pk))
        assert page.status_code == 422
    refused = client.post(LIST, fields(email=observer.email))

    assert refused.status_code == 422
    assert "is an observer, who only reads" in shown(refused)
    assert Delegation.objects.count() == 0


def test_refused_form_keeps_what_was_chosen(client, response):
    page = client.post(LIST, fields(parts=[ROW], message="Please"))

    content = page.content.decode()
    assert re.search(rf'value="{re.escape(ROW)}" checked', content)
    assert "Please" in content


def test_link_of_a_part_chooses_it(client, response):
    content = client.get(f"{LIST}?part=EXC&part={ROW}").content.decode()

    assert len(re.findall(r'name="parts" value="[^"]*" checked', content)) == 2


def test_delegating_anew_begins_with_the_old(client, made, peru):
    ana = MemberFactory(country=peru, role="contributor", name="Ana")
    content = client.get(f"{LIST}?replaces={made.pk}").content.decode()

    assert f'name="replaces" value="{made.pk}"' in content
    assert re.search(rf'value="{re.escape(ROW)}" checked', content)

    client.post(LIST, fields(person=ana.pk, replaces=made.pk))

    made.refresh_from_db()
    assert made.ending == "withdrawn"
    assert Delegation.objects.get(ended_at=None).user == ana


@pytest.mark.parametrize("value", ["", "x", "0", "99999999", "9" * 5000, "-1"])
def test_nothing_is_replaced_by_a_forged_number(client, made, value):
    page = client.get(LIST, {"replaces": value})

    assert page.status_code == 200
    assert page.context["replaced"] == ""


def test_delegation_of_another_country_is_not_found(
    client, response, round_2025, officer, peru, contributor
):
    chile = type(peru).objects.get(iso3="CHL")
    other = open_response(round_=round_2025, country=chile, by=officer)
    chilean = MemberFactory(country=chile, role="coordinator")
    theirs = give(other, chilean, chilean, "GEN")

    for action in ("withdraw", "remind", "done", "reopen", "hand-back"):
        assert client.post(path(theirs, action)).status_code == 404
    refused = client.post(LIST, fields(person=contributor.pk, replaces=theirs.pk))

    assert refused.status_code == 404
    theirs.refresh_from_db()
    assert (theirs.done_at, theirs.ended_at, theirs.reminded_at) == (None, None, None)


# What is done with one


def test_coordinator_reminds_and_withdraws(client, made, coordinator):
    assert client.post(path(made, "remind")).status_code == 302
    assert client.post(path(made, "remind")).status_code == 302
    made.refresh_from_db()
    assert made.reminded_at is not None

    page = client.post(path(made, "withdraw"), follow=True)

    made.refresh_from_db()
    assert (made.ending, made.ended_by) == ("withdrawn", coordinator)
    assert "Ended delegations" in shown(page)


def test_delegate_marks_as_done_and_the_coordinator_sees_it(client, delegate, made):
    page = delegate.post(path(made, "done"))

    assert (page.status_code, page.headers["Location"]) == (302, HUB)
    (line,) = client.get(LIST).context["lines"]
    assert line.status == "done"

    delegate.post(path(made, "reopen"))

    (line,) = client.get(LIST).context["lines"]
    assert line.status == "not_started"


def test_delegate_hands_back(client, delegate, made, contributor):
    page = delegate.post(path(made, "hand-back"), {"message": "Not ours"})

    made.refresh_from_db()
    assert (page.status_code, page.headers["Location"]) == (302, HUB)
    assert (made.ending, made.ended_by) == ("handed_back", contributor)
    assert "Not ours" in shown(client.get(LIST))


@pytest.mark.parametrize("action", ["withdraw", "remind"])
def test_delegate_does_not_do_what_coordinators_do(delegate, made, action):
    assert delegate.post(path(made, action)).status_code == 403
    assert delegate.post(LIST, fields(email="a@example.org")).status_code == 403
    assert delegate.post(f"{LIST}mode/", {"mode": "open"}).status_code == 403


@pytest.mark.parametrize("action", ["done", "reopen", "hand-back"])
def test_colleague_does_nothing_with_the_part_of_another(made, peru, signed_in, action):
    page = signed_in(MemberFactory(country=peru, role="contributor")).post(
        path(made, action)
    )

    assert page.status_code == 403
    made.refresh_from_db()
    assert (made.done_at, made.ended_at) == (None, None)


def test_too_long_a_message_hands_nothing_back(delegate, made):
    page = delegate.post(path(made, "hand-back"), {"message": "x" * 5001})

    made.refresh_from_db()
    assert (page.status_code, made.ended_at) == (409, None)


def test_switch_is_thrown_and_back(client, response, peru):
    for mode in ("delegated", "open"):
        page = client.post(f"{LIST}mode/", {"mode": mode})
        assert (page.status_code, page.headers["Location"]) == (302, LIST)
        assert Team.objects.get(country=peru).mode == mode
        assert client.get(LIST).context["is_delegated"] is (mode == "delegated")

    assert client.post(f"{LIST}mode/", {"mode": "other"}).status_code == 409


def test_switch_names_those_who_could_only_read(client, made, peru):
    MemberFactory(country=peru, role="contributor", name="Ana")

    assert "1 contributor has no part and could then only read: Ana." in shown(
        client.get(LIST)
    )


# The overview


def test_overview_shows_ones_part_and_who_is_on_what(
    delegate, made, response, coordinator
):
    give(response, coordinator, "luis@example.org", "EXC")

    page = delegate.get(HUB)

    words = shown(page)
    assert "Your part SRC-INV Inventory of data sources · Residence permits" in words
    assert "0 of 1 required answers" in words
    assert "Ask the archive" in words
    assert page.context["who"] == {
        "SRC": f"{made.user.name} (a part)",
        "EXC": "luis@example.org",
    }
    assert f"{SRC}#c-SRC-INV%5BSRC-RES%5D.exists" in page.content.decode()


def test_overview_of_others_has_no_part(client, made):
    page = client.get(HUB)

    assert page.context["own"].lines == ()
    assert 'id="your-part"' not in page.content.decode()
    assert LIST in page.content.decode()


def test_overview_says_when_nothing_is_delegated_to_the_reader(
    delegate, response, peru, coordinator
):
    switch(peru, coordinator)

    assert "Nothing is delegated to you" in shown(delegate.get(HUB))


@pytest.mark.parametrize(
    ("exists", "is_done", "words"),
    [
        (None, False, "Continue your part: Traditional data sources"),
        ("no", False, "Your part is answered. Mark it as done above"),
        ("no", True, "Your part is marked as done."),
        (None, True, "Your part is marked as done."),
    ],
)
def test_next_step_of_a_delegate(
    delegate, delegated, response, coordinator, exists, is_done, words
):
    put(response, coordinator, {f"{ROW}.exists": exists})
    if is_done:
        finish_delegation(delegation=delegated, by=coordinator)

    assert words in shown(delegate.get(HUB))


def test_people_at_unsd_are_not_told_who_is_on_what(response, made, officer, signed_in):
    submit(response, made.delegated_by)
    page = signed_in(officer).get(HUB)

    assert page.status_code == 200
    assert page.context["who"] == {}


# The form


def test_only_ones_part_can_be_written_on_the_page(delegate, delegated):
    content = delegate.get(SRC).content.decode()

    cells = set(re.findall(r'data-cell="([^"]+)"', content))
    bases = re.search(r'name="_bases" value="([^"]*)"', content)
    row = {f"{ROW}.{c.code}" for c in nmdc().question_by_code["SRC-INV"].columns}
    assert cells == row
    assert set(json.loads(html.unescape(bases[1]))) == row
    assert content.count("Your part") == 2  # the row, and the words that explain it
    assert content.count(NOBODY) == 22


def test_page_without_any_of_ones_part_is_only_read(delegate, delegated):
    page = delegate.get(GEN)

    content = page.content.decode()
    assert "Nothing in this section is delegated to you" in content
    assert "data-cell=" not in content
    assert "section.js" not in content


def test_page_names_who_answers_a_question(delegate, delegated, response, coordinator):
    give(response, coordinator, "luis@example.org", "SRC-01", "SRC-INV[SRC-CEN]")

    words = shown(delegate.get(SRC))

    assert "Not delegated to you: luis@example.org answers this." in words
    assert "Delegated to: luis@example.org" in words


def test_page_tells_conditions_what_is_only_read(
    delegate, delegated, response, coordinator
):
    """SRC-13 is asked if residence permits exist, which is another's row now."""
    put(response, coordinator, {f"{ROW}.exists": "yes"})
    withdraw_delegation(delegation=delegated, by=coordinator)
    give(response, coordinator, delegated.user, "SRC-13")

    content = delegate.get(SRC).content.decode()
    data = re.search(r'id="section-data"[^>]*>(.*?)</script>', content, re.DOTALL)

    assert json.loads(data[1])["answers"][f"{ROW}.exists"] == "yes"
    assert set(re.findall(r'data-cell="([^"]+)"', content)) == {
        "SRC-13",
        "SRC-13.@note",
    }


@pytest.mark.parametrize("mode", ["", "open"])
def test_open_country_marks_parts_and_closes_nothing(
    delegate, client, made, peru, coordinator, mode
):
    if mode:
        switch(peru, coordinator, mode)

    mine, theirs = (shown(c.get(SRC)) for c in (delegate, client))

    assert mine.count("Your part") == 1
    assert "Not delegated" not in mine
    assert f"Delegated to: {made.user.name}" in theirs
    assert "GEN-01" in delegate.get(GEN).context["page"].bases


@pytest.mark.parametrize(
    "cell", ["SRC-01", "SRC-INV[SRC-CEN].exists", "SRC-INV.@note", "GEN-01"]
)
def test_json_to_another_cell_is_refused_with_the_reason(
    delegate, delegated, response, cell
):
    page = delegate.post(
        f"{HUB}answers",
        body(sent(cell, "yes"), sent(f"{ROW}.exists", "yes")),
        content_type="application/json",
    )

    refused, saved = page.json()["results"]
    assert page.status_code == 200
    assert (refused["status"], refused["errors"]) == ("invalid", [NOBODY])
    assert (saved["status"], saved["revision"]) == ("saved", 1)
    assert stood(response, cell) is None
    assert stood(response, f"{ROW}.exists") == "yes"


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        ("SRC-01", "2030"),
        ("SRC-INV[SRC-CEN].holder", "INEI"),
        ("SRC-INV.@note", "A note"),
        ("GEN-01", "Peru"),
        ("GEN-05[abcd1234].name", "Ana"),
    ],
)
def test_form_post_to_another_cell_is_refused_and_keeps_the_text(
    delegate, delegated, response, cell, typed
):
    bases = {cell: 0, f"{ROW}.holder": 0}

    page = delegate.post(
        SRC,
        {"_bases": json.dumps(bases), cell: typed, f"{ROW}.holder": "Migraciones"},
    )

    assert page.status_code == 422
    words = shown(page)
    assert NOBODY in words.partition("Some answers were not saved")[2][:600]
    if cell.startswith("SRC"):
        assert f"You had entered: “{typed}”." in words
    assert stood(response, cell) is None
    assert stood(response, f"{ROW}.holder") == "Migraciones"


@pytest.mark.parametrize("role", ["contributor", "coordinator"])
@pytest.mark.parametrize("mode", ["open", "delegated"])
@pytest.mark.parametrize("part", ["SRC", "SRC-01", ROW])
@pytest.mark.parametrize("cell", ["SRC-01", "SRC-01.@note", f"{ROW}.holder", "GEN-01"])
@pytest.mark.parametrize("way", ["json", "form"])
def test_every_way_agrees(
    response, peru, coordinator, signed_in, role, mode, part, cell, way
):
    person = MemberFactory(country=peru, role=role)
    give(response, coordinator, person, part)
    switch(peru, coordinator, mode)
    client = signed_in(person)
    value = "2030" if cell == "SRC-01" else "x"

    if way == "json":
        change = sent(cell, int(value) if cell == "SRC-01" else value)
        client.post(f"{HUB}answers", body(change), content_type="application/json")
    else:
        client.post(SRC, {"_bases": json.dumps({cell: 0}), cell: value})

    covered = {
        "SRC": {"SRC-01", "SRC-01.@note", f"{ROW}.holder"},
        "SRC-01": {"SRC-01", "SRC-01.@note"},
        ROW: {f"{ROW}.holder"},
    }
    is_free = role == "coordinator" or mode == "open"
    assert (stood(response, cell) is not None) is (is_free or cell in covered[part])


def test_remark_on_a_question_of_others_is_refused(delegate, delegated, response):
    page = delegate.post(
        f"{HUB}check/", {"_bases": json.dumps({"GEN-01.@note": 0}), "GEN-01.@note": "x"}
    )

    assert page.status_code == 422
    assert stood(response, "GEN-01.@note") is None
