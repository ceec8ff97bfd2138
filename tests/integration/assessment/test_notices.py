"""The pages of notices, the count in the header, and the way out of an e-mail."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessment.models import Notification, NotificationPreference
from assessment.notice_mails import DIGEST, unsubscribe_url
from assessment.notice_queries import PAGE_LENGTH, channels_of
from assessment.services.transitions import return_response
from tests.commenting import ask
from tests.factories import UserFactory
from tests.saving import submit

LIST = "/notifications/"
SETTINGS = "/notifications/settings/"


@pytest.fixture
def client(response, coordinator, signed_in):
    return signed_in(coordinator)


@pytest.fixture
def returned(response, coordinator, officer):
    """One notice of the coordinator."""
    submit(response, coordinator)
    return_response(response=response, by=officer, message="Please correct.")
    return Notification.objects.get(person=coordinator)


def ask_often(response, officer, number):
    for count in range(number):
        ask(response, officer, "GEN-03", f"Question {count}")


def header_of(page):
    text = page.content.decode()
    start = text.index("notice-bell")
    return " ".join(text[start : text.index("</a>", start)].split())


def test_header_says_how_much_is_new(client, returned):
    page = client.get("/")
    assert "1 new" in header_of(page)

    client.get(f"{LIST}{returned.pk}/")

    assert "new" not in header_of(client.get("/"))


def test_list_is_empty_at_first(client):
    page = client.get(LIST)

    assert page.status_code == 200
    assert "There are no notices yet." in page.content.decode()


def test_notice_leads_on_and_is_read_then(client, returned):
    assert "notices__line--unread" in client.get(LIST).content.decode()

    page = client.get(f"{LIST}{returned.pk}/")

    assert (page.status_code, page.url) == (302, "/responses/PER/2025/")
    returned.refresh_from_db()
    assert returned.read_at is not None
    assert "notices__line--unread" not in client.get(LIST).content.decode()


def test_looking_ahead_marks_nothing(client, returned):
    assert client.head(f"{LIST}{returned.pk}/").status_code == 405

    returned.refresh_from_db()
    assert returned.read_at is None


def test_notice_of_another_does_not_exist(returned, officer, contributor, signed_in):
    for person in (officer, contributor):
        client = signed_in(person)
        assert client.get(f"{LIST}{returned.pk}/").status_code == 404
        assert client.get(f"{LIST}{2**70}/").status_code == 404

    returned.refresh_from_db()
    assert returned.read_at is None


def test_two_tabs_mark_only_what_each_has_shown(
    client, returned, response, coordinator, officer
):
    ask(response, officer, "GEN-03")
    newest = Notification.objects.filter(person=coordinator).latest("pk")

    page = client.post(f"{LIST}read/", {"until": str(returned.pk)}, follow=True)
    again = client.post(f"{LIST}read/", {"until": str(returned.pk)}, follow=True)

    assert "All notices are marked as read." in page.content.decode()
    assert again.status_code == 200
    unread = Notification.objects.filter(person=coordinator, read_at=None)
    assert list(unread) == [newest]


@pytest.mark.parametrize("until", ["", "x", "-1", "9" * 30])
def test_reading_nonsense_reads_nothing(client, returned, until):
    page = client.post(f"{LIST}read/", {"until": until})

    assert page.status_code == 302
    returned.refresh_from_db()
    assert returned.read_at is None


def test_older_notices_are_on_the_next_page(client, returned, response, officer):
    ask_often(response, officer, PAGE_LENGTH)
    first = client.get(LIST).content.decode()
    (cursor,) = {part.split('"')[0] for part in first.split('href="?before=')[1:]}

    second = client.get(f"{LIST}?before={cursor}").content.decode()

    assert first.count('class="notices__text"') == PAGE_LENGTH
    assert second.count('class="notices__text"') == 1
    assert "returned the response for correction" in second
    nothing = client.get(f"{LIST}?before={returned.pk}").content.decode()
    assert "Nothing is older." in nothing


@pytest.mark.parametrize("number", [1, 20])
def test_pages_cost_the_same_with_one_notice_and_with_many(
    client, returned, response, officer, number
):
    ask_often(response, officer, number)
    counts = []
    for url in (LIST, SETTINGS, f"{LIST}{returned.pk}/"):
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        counts.append(len(captured))

    assert counts == [4, 5, 6]


def test_fragments_and_saving_do_not_count_notices(client, returned):
    for url in ("/responses/PER/2025/comments/at/GEN/", "/responses/PER/2025/changes"):
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        assert [q for q in captured if "assessment_notification" in q["sql"]] == []


def test_choice_of_emails_is_kept(client, coordinator):
    text = client.get(SETTINGS).content.decode()
    assert "The response is returned for correction" in text
    assert "A response is submitted" not in text
    kinds = (
        "delegated due_soon overdue handed_back returned accepted reopened "
        "plan_adopted commented replied"
    )
    fields = dict.fromkeys(kinds.split(), "daily")

    page = client.post(SETTINGS, fields | {"returned": "none"}, follow=True)

    assert "Your choice of e-mails is saved." in page.content.decode()
    rows = dict(
        NotificationPreference.objects.filter(person=coordinator).values_list(
            "kind", "channel"
        )
    )
    already = {"plan_adopted", "commented", "replied"}  # daily by default
    daily = {kind: "daily" for kind in fields if kind not in already}
    assert rows == daily | {"returned": "none"}


def test_choice_that_is_none_is_refused(client):
    page = client.post(SETTINGS, {"returned": "hourly"})

    assert page.status_code == 422
    assert "Not saved" in page.content.decode()
    assert NotificationPreference.objects.count() == 0


def test_language_is_chosen_where_there_are_several(client, coordinator, settings):
    assert 'name="language"' not in client.get(SETTINGS).content.decode()
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    text = client.get(SETTINGS).content.decode()
    assert "Language of the site (English)" in text
    fields = {kind.value: way.value for kind, way in channels_of(coordinator).items()}
    assert client.post(SETTINGS, fields | {"language": "xx"}).status_code == 422

    assert client.post(SETTINGS, fields | {"language": "ar"}).status_code == 302

    coordinator.refresh_from_db()
    assert coordinator.language == "ar"


def test_who_belongs_nowhere_has_nothing_to_choose(db, signed_in):
    page = signed_in(UserFactory()).get(SETTINGS)

    assert page.status_code == 200
    assert "nothing is sent to you" in page.content.decode()


def test_link_in_an_email_asks_and_then_ends_them_without_signing_in(coordinator):
    url = unsubscribe_url(coordinator, "returned").removeprefix("http://127.0.0.1:8000")
    stranger = Client(enforce_csrf_checks=True)

    asked = stranger.get(url)
    assert "The response is returned for correction" in asked.content.decode()
    assert NotificationPreference.objects.count() == 0
    done = stranger.post(url, {"List-Unsubscribe": "One-Click"})
    again = stranger.post(url)

    assert [page.status_code for page in (asked, done, again)] == [200, 200, 200]
    assert "These e-mails have ended" in done.content.decode()
    row = NotificationPreference.objects.get()
    assert (row.person, row.kind, row.channel) == (coordinator, "returned", "none")
    assert coordinator.email not in done.content.decode()


def test_link_of_the_summary_ends_what_is_daily(coordinator, contributor, response):
    url = unsubscribe_url(contributor, DIGEST).removeprefix("http://127.0.0.1:8000")

    assert Client().post(url).status_code == 200

    kinds = NotificationPreference.objects.values_list("kind", flat=True)
    assert set(kinds) == {
        "returned", "accepted", "reopened", "plan_adopted", "commented", "replied",
    }  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post"])
def test_link_that_was_changed_does_nothing(coordinator, officer, method):
    mine = unsubscribe_url(coordinator, "returned").rsplit("/", 2)[1]
    other = unsubscribe_url(officer, "submitted").rsplit("/", 2)[1]
    mixed = ":".join([other.split(":")[0], *mine.split(":")[1:]])

    page = getattr(Client(), method)(f"/notifications/unsubscribe/{mixed}/")

    assert page.status_code == 404
    assert NotificationPreference.objects.count() == 0


def test_command_says_what_it_sends(response, coordinator, officer, capsys):
    submit(response, coordinator)

    call_command("send_digest", "--dry-run")
    call_command("send_digest")
    call_command("send_digest")

    assert capsys.readouterr().out.splitlines() == [
        f"Would send to {officer.email}: 1",
        "Would send 1 summaries.",
        f"Sent to {officer.email}: 1",
        "Sent 1 summaries.",
        "Sent 0 summaries.",
    ]
