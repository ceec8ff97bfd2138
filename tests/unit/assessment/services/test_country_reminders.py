import datetime

import pytest
from django.core import mail
from django.utils import translation

from assessment.models import Country, CountryReminder, Response
from assessment.refusals import RoleForbids
from assessment.services.country_reminders import (
    default_subject,
    default_text,
    remind_countries,
    worded,
    words_of,
)
from assessment.services.rounds import close_round, open_response
from tests.factories import MemberFactory
from tests.saving import submit

LINK = "http://127.0.0.1:8000/responses/PER/2025/"


@pytest.fixture
def remind(officer, django_capture_on_commit_callbacks):
    def of(*responses, text="To {country}: {link}", **more):
        with django_capture_on_commit_callbacks(execute=True):
            sent = remind_countries(
                responses=responses, subject="{round}", text=text, by=officer, **more
            )
        return [(one.response.country.iso3, one.reason) for one in sent]

    return of


def test_coordinators_get_plain_text_and_html(
    response, coordinator, contributor, remind, peru, officer
):
    second = MemberFactory(country=peru, role="coordinator")

    found = remind(response, text="To {country} <b> {x}:\n{link}")

    assert found == [("PER", "")]
    people = sorted([coordinator.email, second.email])
    assert sorted(message.to[0] for message in mail.outbox) == people
    message = mail.outbox[0]
    assert (message.subject, message.body.strip()) == (
        "A round",
        f"To Peru <b> {{x}}:\n{LINK}",
    )
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert f'<a href="{LINK}" rel="nofollow">' in html
    assert "To Peru &lt;b&gt; {x}:<br>" in html
    kept = CountryReminder.objects.get()
    assert sorted(kept.sent_to) == people
    assert (kept.subject, kept.text) == ("A round", message.body.strip())
    assert kept.sent_by == officer


def test_country_is_reminded_once_a_day_unless_confirmed(
    response, coordinator, remind, time_machine
):
    time_machine.move_to(datetime.datetime(2030, 1, 1, 12, tzinfo=datetime.UTC))
    first = remind(response), remind(response), remind(response, is_again=True)
    time_machine.shift(datetime.timedelta(days=1, minutes=1))

    assert [*first, remind(response)] == [
        [("PER", "")],
        [("PER", "Reminded within the last day.")],
        [("PER", "")],
        [("PER", "")],
    ]
    assert len(mail.outbox) == CountryReminder.objects.count() == 3


def test_only_open_responses_with_a_coordinator_are_reminded(
    response, round_2025, coordinator, officer, remind
):
    chile = Country.objects.get(iso3="CHL")
    alone = open_response(round_=round_2025, country=chile, by=officer)
    submit(response, coordinator)

    assert remind(response, alone) == [
        ("PER", "The response was handed in."),
        ("CHL", "The country has no coordinator."),
    ]
    Response.objects.filter(pk=response.pk).update(status="returned")
    assert remind(response) == [("PER", "")]
    close_round(round_=round_2025, by=officer)
    assert remind(response) == [("PER", "The round is closed.")]
    assert len(mail.outbox) == 1


def test_only_people_at_unsd_remind(response, coordinator):
    with pytest.raises(RoleForbids):
        remind_countries(responses=[response], subject="s", text="t", by=coordinator)

    assert CountryReminder.objects.count() == 0


def test_proposed_text_has_the_words_of_the_country(response):
    with translation.override("en"):
        words = words_of(response)
        subject = worded(default_subject(), words)
        text = worded(default_text(), words)

    assert subject == "Reminder: Peru, A round"
    assert "the response of Peru to “A round” is still open." in text
    assert "The deadline is Dec. 31, 2099." in text
    assert LINK in text
    assert "{" not in text
