"""The audit trail as administrators read it, and what is recorded outside of services."""

import csv
import html
import io
import json
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from assessment.audit import record
from assessment.models import AnswerRevision, AuditAction, AuditEvent, Country, User
from assessment.services.comments import write_note
from assessment.services.evidence import add_file
from assessment.services.rounds import open_response, system_user
from assessment.services.transitions import accept_response
from questionnaire.models import Translation
from tests.auditing import Trail, gen
from tests.factories import (
    AdministratorFactory,
    MemberFactory,
    OfficerFactory,
    RoundFactory,
    UserFactory,
)
from tests.files import pdf, upload
from tests.saving import body, change, save, sent, submit

PAGE, CSV, LINES = "/audit/", "/audit.csv", "/audit.jsonl"
ANSWERS = "/responses/PER/2025/answers"
PASSWORD = "a long enough password"
SECRET = "What nobody at UNSD may read"


@pytest.fixture
def administrator(db):
    return AdministratorFactory(name="Ada", email="ada@example.org")


@pytest.fixture
def client(administrator, signed_in):
    return signed_in(administrator)


def text(page):
    return html.unescape(page.content.decode())


def plain(page):
    """Return what the list says, tags left out."""
    listed = re.search(r'<ol class="events">.*?</ol>', text(page), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", listed[0]).split()) if listed else ""


def rows(page):
    content = b"".join(page.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def lines(page):
    content = b"".join(page.streaming_content).decode()
    return [json.loads(line) for line in content.splitlines()]


def asked(client, **filters):
    """Return actions and subjects that the filters leave, newest first."""
    found = lines(client.get(LINES, filters))
    mine = (
        AuditAction.DOWNLOAD_AUDIT,
        AuditAction.ACCOUNT_SIGN_IN,
        AuditAction.ACCOUNT_MADE,
    )
    return [(e["action"], e["subject"]) for e in found if e["action"] not in mine]


# Who may


@pytest.mark.parametrize("path", [PAGE, CSV, LINES])
def test_trail_is_there_for_administrators_only(response, peru, path, signed_in):
    others = [
        OfficerFactory(),
        *(MemberFactory(country=peru, role=r) for r in ("coordinator", "observer")),
    ]

    assert signed_in(AdministratorFactory()).get(path).status_code == 200
    assert [signed_in(other).get(path).status_code for other in others] == [404] * 3
    assert Client().get(path).status_code == 302


def test_header_leads_administrators_there(client, officer, signed_in):
    assert f'href="{PAGE}"' in text(client.get("/"))
    assert f'href="{PAGE}"' not in text(signed_in(officer).get("/"))


# The page


def test_page_shows_events_and_saves_newest_first(client, response, coordinator):
    save(response, coordinator, change("GEN-01", SECRET))
    submit(response, coordinator)

    said = plain(client.get(PAGE))

    assert re.search(
        r"Response submitted Peru · 2025 From draft To submitted by a command .*"
        r"Answer saved GEN-01 Peru · 2025 Revision 1 Way page .*"
        r"Response opened Peru · 2025",
        said,
    )


def test_page_links_to_what_else_somebody_did(client, response, coordinator):
    member = Client(headers={"X-Request-ID": "abcdefgh-1234"}, REMOTE_ADDR="192.0.2.7")
    member.force_login(coordinator)
    content = body(sent("GEN-01", "Peru"))
    member.post(ANSWERS, content, content_type="application/json")

    page = text(client.get(PAGE))

    assert f'href="?person={coordinator.email.replace("@", "%40")}"' in page
    assert 'href="?ip=192.0.2.7"' in page
    assert 'href="?request_id=abcdefgh-1234"' in page
    assert asked(client, request_id="abcdefgh-1234") == [("answer.saved", "GEN-01")]
    assert asked(client, ip="192.0.2.7") == [("answer.saved", "GEN-01")]


def test_nobody_at_unsd_reads_answers_or_notes_in_it(
    client, response, coordinator, contributor, officer, media
):
    save(response, coordinator, change("GEN-01", SECRET))
    add_file(
        response=response,
        question="GEN-11",
        upload=upload(f"{SECRET}.pdf", pdf()),
        by=coordinator,
    )
    submit(response, coordinator)
    write_note(response=response, place=gen(response), text=SECRET, by=officer)

    shown = text(client.get(PAGE))
    sent_csv = b"".join(client.get(CSV).streaming_content).decode()
    sent_lines = b"".join(client.get(LINES).streaming_content).decode()

    assert "GEN-01" in shown
    assert "Internal note written" in shown
    assert SECRET not in shown + sent_csv + sent_lines


def test_empty_pages_say_why(client):
    assert "Nothing matches the filter." in text(client.get(PAGE, {"group": "team"}))
    before = {"before": "2000-01-01T00:00:00+00:00_t1"}
    assert "Nothing is older." in text(client.get(PAGE, before))


@pytest.fixture
def many(response, coordinator):
    """130 events of one moment and 130 saves, most of another."""
    now = timezone.now()
    for number in range(130):
        record(AuditAction.ROUND_CLOSED, by=coordinator, subject=f"event {number}")
    answer = response.answers.get()
    AnswerRevision.objects.bulk_create(
        AnswerRevision(
            answer=answer,
            revision=number + 2,
            value=number,
            via="page",
            changed_by=coordinator,
            changed_at=now,
        )
        for number in range(130)
    )


def test_pages_follow_one_another_without_gap_or_repetition(client, many):
    seen, url = [], PAGE
    while url:
        page = text(client.get(url))
        seen += re.findall(
            r"event \d+|GEN-02</bdi>.*?Revision</dt><dd><bdi>\d+", page, re.DOTALL
        )
        older = re.search(r'href="([^"]+)">Older<', page)
        url = older and older[1]

    assert len(seen) == len(set(seen)) == 261


def test_long_trail_leads_back_to_the_newest(client, many):
    older = re.search(
        r'href="([^"]+)">Older<', text(client.get(PAGE, {"group": "round"}))
    )

    page = text(client.get(older[1]))

    assert 'href="/audit/?group=round">Back to the newest<' in page


# Filters


@pytest.fixture
def busy(response, round_2025, coordinator, contributor, officer):
    """What two countries did, in one round."""
    save(response, contributor, change("GEN-01", "Peru"))
    submit(response, coordinator)
    accept_response(response=response, by=officer)
    chile = Country.objects.get(iso3="CHL")
    return open_response(round_=round_2025, country=chile, by=officer)


def test_filters_leave_what_was_asked_for(client, busy, coordinator, contributor, peru):
    submitted, saved = ("response.submit", ""), ("answer.saved", "GEN-01")

    assert asked(client, person=contributor.email.upper()) == [saved]
    assert asked(client, person=coordinator.name) == [submitted]
    assert asked(client, country=peru.pk, group="response") == [
        ("response.accept", ""),
        submitted,
        ("response.open", ""),
    ]
    assert asked(client, country=busy.country_id) == [
        ("response.open", ""),
        ("answer.saved", "GEN-02"),
    ]
    assert asked(client, group="answer", country=peru.pk) == [
        saved,
        ("answer.saved", "GEN-02"),
    ]
    assert ("answer.saved", "GEN-01") not in asked(client, group="-answer")
    assert submitted in asked(client, group="-answer")


def test_round_is_a_filter(client, busy, nmdc_db):
    other = RoundFactory(questionnaire=nmdc_db)
    record(AuditAction.ROUND_CLOSED, by=None, round_=other, subject=other.code)

    assert asked(client, round=other.pk) == [("round.closed", other.code)]
    assert ("round.opened", "2025") in asked(client, round=busy.round_id)
    assert ("answer.saved", "GEN-01") in asked(client, round=busy.round_id)


def test_name_of_that_day_is_found(client, coordinator):
    was = coordinator.name
    record(AuditAction.ROUND_CLOSED, by=coordinator, subject="x")
    coordinator.name = "Married"
    coordinator.save()

    assert asked(client, person=was) == [("round.closed", "x")]
    assert asked(client, person="married") == [("round.closed", "x")]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"since": "2025-05-02"}, 2),
        ({"until": "2025-05-02"}, 2),
        ({"since": "2025-05-02", "until": "2025-05-02"}, 1),
        ({"since": "2025-05-04"}, 0),
        ({"since": "soon"}, 3),
        ({"country": "999999"}, 3),
        ({"ip": "x"}, 3),
        ({"group": "nothing"}, 3),
    ],
)
def test_days_are_those_of_utc_and_nonsense_filters_nothing(
    administrator, signed_in, filters, count, time_machine
):
    for day in ("01T12:00", "02T23:59", "03T00:00"):
        time_machine.move_to(f"2025-05-{day}:00+00:00", tick=False)
        record(AuditAction.ROUND_CLOSED, by=administrator)
    time_machine.move_to("2026-01-01T00:00:00+00:00")

    client = signed_in(administrator)

    assert len(asked(client, **filters)) == count


def test_invalid_filter_is_said_beside_its_field(client):
    assert "Enter a valid date." in text(client.get(PAGE, {"since": "soon"}))


# Exports


def test_csv_has_a_line_for_each(client, response, coordinator):
    member = Client(headers={"X-Request-ID": "abcdefgh-1234"}, REMOTE_ADDR="192.0.2.7")
    member.force_login(coordinator)
    content = body(sent("GEN-01", "Peru"))
    member.post(ANSWERS, content, content_type="application/json")

    page = client.get(CSV, {"request_id": "abcdefgh-1234", "group": "answer"})

    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert page.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    assert page.headers["Cache-Control"] == "private, no-store"
    (row,) = rows(page)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", row.pop("moment"))
    assert row == {
        "person": coordinator.name,
        "email": coordinator.email,
        "action": "answer.saved",
        "subject": "GEN-01",
        "country": "PER",
        "round": "2025",
        "detail": '{"revision": 1, "way": "page"}',
        "address": "192.0.2.7",
        "request": "abcdefgh-1234",
    }


def test_lines_are_one_object_each(client, response):
    page = client.get(LINES, {"group": "response"})

    assert page.headers["Content-Type"] == "application/x-ndjson; charset=utf-8"
    (line,) = lines(page)
    assert line.pop("moment").endswith("Z")
    assert line == {
        "person": response.opened_by.name,
        "email": response.opened_by.email,
        "action": "response.open",
        "subject": "",
        "country": "PER",
        "round": "2025",
        "detail": {},
        "address": None,
        "request": None,
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_becomes_a_formula(client, start):
    person = UserFactory(name=f"{start}1+1")
    record(AuditAction.ROUND_CLOSED, by=person, subject=f"{start}2+2")

    (row,) = rows(client.get(CSV, {"group": "round"}))

    assert (row["person"], row["subject"]) == (f"'{start}1+1", f"'{start}2+2")


def test_export_is_recorded_with_its_filters(client, administrator):
    trail = Trail()

    client.get(CSV, {"group": "team", "person": ""})
    client.get(LINES)

    assert trail.said == [
        ("Ada", "download.audit", "audit.csv", {"filters": "group=team"}),
        ("Ada", "download.audit", "audit.jsonl", {}),
    ]


# Downloads


def test_downloads_are_recorded(response, coordinator, signed_in, media):
    member = signed_in(coordinator)
    file = add_file(
        response=response,
        question="GEN-11",
        upload=upload("a.pdf", pdf()),
        by=coordinator,
    )
    here = "/responses/PER/2025/"
    trail = Trail()

    for path in (
        "report.json",
        "history.csv",
        "team/institutions/holdings.csv",
        f"evidence/files/{file.pk}/",
    ):
        page = member.get(here + path)
        assert page.status_code == 200
        assert b"".join(page) != b""

    assert [said[1:] for said in trail.said] == [
        ("download.report", "migration-data-capacity-PER-2025-draft.json", {}),
        ("download.history", "history_PER_2025.csv", {}),
        ("download.holdings", "who-holds-what-PER-2025.csv", {}),
        ("download.evidence", "GEN-11.@evidence", {"number": file.pk}),
    ]
    assert {event.response for event in trail.events} == {response}


def test_refused_download_is_not_recorded(response, signed_in):
    trail = Trail()

    page = signed_in(UserFactory()).get("/responses/PER/2025/report.pdf")

    assert page.status_code == 404
    assert trail.actions == ["account.sign_in"]


# Sign-in and passwords


@pytest.fixture
def ana(db):
    cache.clear()  # attempts are counted in the cache of the process
    return User.objects.create_user("ana@example.org", PASSWORD, name="Ana")


def sign_in(client, email="ana@example.org", password=PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_sign_in_and_out_are_recorded(ana):
    person = Client(REMOTE_ADDR="192.0.2.7", headers={"X-Request-ID": "abcdefgh-1"})
    trail = Trail()

    sign_in(person)
    person.post("/accounts/logout/")
    person.post("/accounts/logout/")

    assert trail.said == [
        ("Ana", "account.sign_in", "", {}),
        ("Ana", "account.sign_out", "", {}),
    ]
    assert {(e.ip, e.request_id) for e in trail.events} == {("192.0.2.7", "abcdefgh-1")}


def test_failed_sign_in_keeps_no_password_and_little_of_the_address(ana):
    trail = Trail()

    sign_in(Client(REMOTE_ADDR="192.0.2.7"), password="wrong password")
    sign_in(Client(), email="nobody@example.org")

    assert trail.said == [
        ("", "account.sign_in_failed", "an…@example.org", {}),
        ("", "account.sign_in_failed", "no…@example.org", {}),
    ]
    assert (trail.events[0].actor, trail.events[0].ip) == (None, "192.0.2.7")


def test_attempt_with_the_system_account_is_recorded(ana):
    account = system_user()
    account.set_password(PASSWORD)
    account.save()
    trail = Trail()

    sign_in(Client(), email=account.email)

    assert trail.said == [("", "account.sign_in_failed", account.email, {})]


def test_passwords_changed_and_reset_are_recorded(ana):
    person = Client()
    person.force_login(ana)
    trail = Trail()
    new = "another long password"

    person.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    person = Client()
    person.post("/accounts/password/reset/", {"email": ana.email})
    link = re.search(r"/accounts/password/reset/key/\S+", mail.outbox[-1].body)[0]
    form = person.get(link, follow=True).redirect_chain[-1][0]
    person.post(form, {"password1": PASSWORD, "password2": PASSWORD})

    assert "account.password_changed" in trail.actions
    assert trail.said[-1][1:] == ("account.password_reset", "", {})
    assert new not in str([event.__dict__ for event in trail.events])


# The admin site


def test_person_changed_in_the_admin_is_recorded_with_the_values(client):
    officer = OfficerFactory(name="Luis", email="luis@example.org")
    trail = Trail()

    page = client.post(
        f"/admin/assessment/user/{officer.pk}/change/",
        {
            "email": "luis@example.org",
            "name": "Luis",
            "unsd_role": "administrator",
            "is_active": "on",
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        },
    )

    assert page.status_code == 302
    assert trail.said == [
        (
            "Ada",
            "admin.changed",
            "Luis",
            {
                "record": "user",
                "number": str(officer.pk),
                "changes": {"unsd_role": ["officer", "administrator"]},
            },
        )
    ]


def test_round_added_and_changed_in_the_admin_is_recorded(client, nmdc_db):
    form = {
        "code": "2031", "title": "Round 2031", "year": "2031", "questionnaire": nmdc_db.pk,
        "opens_on": "2031-01-01", "closes_on": "2031-12-31",
    }  # fmt: skip
    trail = Trail()

    client.post("/admin/assessment/round/add/", form)
    number = trail.events[0].detail["number"]
    page = f"/admin/assessment/round/{number}/change/"
    client.post(page, form | {"closes_on": "2032-01-31"})

    added, changed = trail.said
    assert added[:3] == ("Ada", "admin.added", "Round 2031")
    assert added[3]["changes"]["questionnaire"] == ["", str(nmdc_db.pk)]
    assert changed == (
        "Ada",
        "admin.changed",
        "Round 2031",
        {
            "record": "round",
            "number": number,
            "changes": {"closes_on": ["2031-12-31", "2032-01-31"]},
        },
    )
    assert "closes_on: 2031-12-31 → 2032-01-31" in text(client.get(PAGE))


def test_records_of_libraries_are_recorded_with_the_fields(client):
    trail = Trail()

    client.post("/admin/auth/group/add/", {"name": "A group"})
    group = LogEntry.objects.get().object_id
    client.post(f"/admin/auth/group/{group}/change/", {"name": "Another"})
    client.post(f"/admin/auth/group/{group}/delete/", {"post": "yes"})

    assert [said[1:] for said in trail.said] == [
        ("admin.added", "A group", {"record": "group", "number": group}),
        (
            "admin.changed",
            "Another",
            {"record": "group", "number": group, "fields": ["Name"]},
        ),
        ("admin.deleted", "Another", {"record": "group", "number": group}),
    ]


def test_many_records_are_not_deleted_at_once(client):
    """Django logs that in a way that nothing hears of."""
    client.post("/admin/auth/group/add/", {"name": "A group"})

    page = client.get("/admin/auth/group/")

    assert "delete_selected" not in text(page)


# Commands and fixtures


def test_administrator_made_by_command_is_recorded(db):
    trail = Trail()

    call_command(
        "createsuperuser", email="root@example.org", name="Root", interactive=False
    )
    User.objects.create_user("member@example.org", name="Member")

    assert trail.said == [
        ("", "account.made", "root@example.org", {"to_role": "administrator"})
    ]


def test_translations_are_recorded_once_a_language(
    nmdc_db, django_capture_on_commit_callbacks
):
    trail = Trail()
    texts = [("GEN-01:text", "es"), ("GEN-02:text", "es"), ("GEN-01:text", "ar")]

    with django_capture_on_commit_callbacks(execute=True):
        for address, language in texts:
            Translation.objects.create(
                questionnaire=nmdc_db, address=address, language=language, text="x"
            )

    version = str(nmdc_db)
    assert trail.said == [
        ("", "version.translated", version, {"language": "es", "texts": 2}),
        ("", "version.translated", version, {"language": "ar", "texts": 1}),
    ]


# The number of a request


def test_every_reply_names_its_request(client):
    page = client.get(PAGE, headers={"X-Request-ID": "abcdefgh-1234"})
    refused = client.get("/nowhere/", headers={"X-Request-ID": "abcdefgh-5678"})

    assert page.headers["X-Request-ID"] == "abcdefgh-1234"
    assert (refused.status_code, refused.headers["X-Request-ID"]) == (
        404,
        "abcdefgh-5678",
    )


def test_limits_of_sign_in_go_by_the_same_address(settings):
    from allauth.account.adapter import get_adapter
    from django.test import RequestFactory

    from assessment.origin import address_of

    settings.TRUSTED_PROXIES = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "x, 203.0.113.9"})

    assert address_of(request) == get_adapter().get_client_ip(request) == "203.0.113.9"


def test_nothing_recorded_is_in_the_admin_site(client):
    assert "/admin/assessment/auditevent/" not in text(client.get("/admin/"))
    assert AuditEvent.objects.exists()
