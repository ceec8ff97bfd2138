"""Who is told of what, and how: on the site always, by e-mail as each person chose."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.utils import translation
from django.utils.translation import override

from assessment.models import Channel, Kind, Notification, NotificationPreference
from assessment.notice_mails import DIGEST, read_token, unsubscribe_url
from assessment.notice_queries import (
    DEFAULTS,
    channels_of,
    language_for,
    notices_of,
    unread_count,
)
from assessment.notice_words import sentence
from assessment.services.assignments import assign_officer
from assessment.services.comments import reply, withdraw_comment
from assessment.services.delegations import hand_back_delegation
from assessment.services.digest import send_digest
from assessment.services.notices import (
    choose_channels,
    read_all_notices,
    read_notice,
    unsubscribe,
)
from assessment.services.reminders import send_reminders, warn_of_deadline
from assessment.services.rounds import open_response
from assessment.services.transitions import (
    accept_response,
    reopen_response,
    return_response,
    withdraw_response,
)
from tests.commenting import answer, ask, note
from tests.delegating import age, give
from tests.factories import AdministratorFactory, MemberFactory, OfficerFactory
from tests.planning import add, adopt
from tests.saving import submit
from tests.teams import offer

MARKER = "Zyxwvut"


@pytest.fixture
def people(response, peru, coordinator, contributor, officer):
    """Everybody who could be told, by name; `officer` acts for UNSD."""
    found = {
        "coordinator": coordinator,
        "second": MemberFactory(country=peru, role="coordinator"),
        "delegate": contributor,
        "idle": MemberFactory(country=peru, role="contributor"),
        "observer": MemberFactory(country=peru, role="observer"),
        "officer": officer,
        "colleague": OfficerFactory(),
        "administrator": AdministratorFactory(),
        "gone": OfficerFactory(is_active=False),
    }
    give(response, coordinator, contributor, "POL")
    Notification.objects.all().delete()
    return found


def told(people, kind):
    """Return who was told of a kind, with the channel of each."""
    rows = Notification.objects.filter(kind=kind).values_list("person", "channel")
    names = {person.pk: name for name, person in people.items()}
    return {names[pk]: channel for pk, channel in rows}


def test_submission_is_told_to_all_officers_once_a_day(response, people):
    submit(response, people["coordinator"])

    assert told(people, "submitted") == {"officer": "daily", "colleague": "daily"}


def test_submission_is_told_to_the_officer_in_charge_at_once(response, people):
    by = people["administrator"]
    assign_officer(responses=[response.pk], officer=people["colleague"], by=by)
    submit(response, people["coordinator"])

    assert told(people, "assigned") == {"colleague": "daily"}
    assert told(people, "submitted") == {"colleague": "immediate"}


def test_withdrawal_leads_officers_to_the_round(response, people):
    submit(response, people["coordinator"])
    withdraw_response(response=response, by=people["coordinator"])

    assert told(people, "withdrawn") == {"officer": "daily", "colleague": "daily"}
    paths = Notification.objects.filter(kind="withdrawn").values_list("path", flat=True)
    assert set(paths) == {"/rounds/2025/"}


def test_outcomes_are_told_to_coordinators_and_delegates(response, people, fresh):
    team = {
        "coordinator": "immediate",
        "second": "immediate",
        "delegate": "daily",
    }
    submit(response, people["coordinator"])
    return_response(response=fresh(response), by=people["officer"], message=MARKER)
    submit(fresh(response), people["coordinator"])
    accept_response(response=fresh(response), by=people["officer"])
    reopen_response(response=fresh(response), by=people["officer"], message=MARKER)

    assert [told(people, k) for k in ("returned", "accepted", "reopened")] == [team] * 3
    assert not Notification.objects.filter(params__icontains=MARKER).exists()


def test_adopted_plan_is_told_to_coordinators_and_to_unsd_once(response, people, fresh):
    by = people["coordinator"]
    add(response, by, "R-GOV-01")
    adopt(response, by)
    of_a_draft = told(people, "plan_adopted")
    submit(response, by)
    add(fresh(response), by, "R-GOV-02")
    adopt(fresh(response), by)
    adopt(fresh(response), by)  # says the same: the edition there is

    assert of_a_draft == {"second": "daily"}
    found = Notification.objects.filter(kind="plan_adopted")
    assert found.count() == 4
    assert told(people, "plan_adopted") == {
        "second": "daily",
        "officer": "daily",
        "colleague": "daily",
    }
    newest = notices_of(people["officer"]).first()
    assert newest.path == "/responses/PER/2025/plan/?edition=2"
    assert sentence(newest) == (
        f"{by.name} adopted edition 2 of the action plan: Peru, {response.round.title}"
    )


def test_comment_is_told_to_the_other_side_and_reply_to_who_wrote(response, people):
    submit(response, people["coordinator"])
    thread = ask(response, people["officer"], "GEN-03", MARKER)
    assert told(people, "commented") == {"coordinator": "daily", "second": "daily"}

    answer(thread, people["idle"], MARKER)

    assert told(people, "replied") == {
        "coordinator": "daily",
        "second": "daily",
        "officer": "daily",
    }
    found = Notification.objects.get(person=people["officer"], kind="replied")
    assert found.params == {"place": "GEN-03"}
    assert found.path == f"/responses/PER/2025/comments/?at=GEN-03#thread-{thread.pk}"


def test_question_about_a_draft_is_told_to_officers(response, people):
    thread = ask(response, people["coordinator"], "GEN-03", MARKER)
    assert told(people, "commented") == {
        "second": "daily",
        "officer": "daily",
        "colleague": "daily",
    }

    reply(thread=thread, text="Yes.", by=people["colleague"])

    assert told(people, "replied") == {"coordinator": "daily", "second": "daily"}


def test_note_tells_nobody(response, people):
    submit(response, people["coordinator"])
    Notification.objects.all().delete()

    note(response, people["officer"], "GEN-03", MARKER)

    assert Notification.objects.count() == 0


def test_who_withdrew_their_comment_is_told_no_more(response, people):
    thread = ask(response, people["idle"], "GEN-03")
    withdraw_comment(comment=answer(thread, people["delegate"]), by=people["delegate"])
    Notification.objects.all().delete()

    answer(thread, people["officer"], "Once more.")

    assert set(told(people, "replied")) == {"coordinator", "second", "idle"}


def test_delegation_and_its_end_are_told(response, people):
    made = give(response, people["coordinator"], people["idle"], "GEN", "BAS")
    hand_back_delegation(delegation=made, by=people["idle"], message=MARKER)

    assert told(people, "delegated") == {"idle": "immediate"}
    assert told(people, "handed_back") == {
        "coordinator": "immediate",
        "second": "immediate",
    }


def test_nobody_is_told_of_what_they_may_not_see(response, people):
    people["delegate"].memberships.update(is_active=False)
    submit(response, people["coordinator"])
    return_response(response=response, by=people["officer"], message="Please.")

    assert set(told(people, "returned")) == {"coordinator", "second"}


def test_invitation_is_told_to_who_has_an_account(peru, coordinator):
    person = MemberFactory(
        country=peru._meta.model.objects.get(iso3="CHL"), role="observer"
    )
    offer(peru, coordinator, email=person.email)
    offer(peru, coordinator, email="nobody@example.org")

    (notice,) = notices_of(person)
    assert (notice.kind, notice.path, notice.channel) == ("invited", "", "none")
    assert sentence(notice) == (
        f"{coordinator} invites you to the team of Peru. The link is in an e-mail to you."
    )


def test_many_assignments_are_one_notice(response, round_2025, people, peru):
    chile = open_response(
        round_=round_2025,
        country=peru._meta.model.objects.get(iso3="CHL"),
        by=people["officer"],
    )
    by = people["administrator"]
    assign_officer(responses=[response.pk, chile.pk], officer=people["officer"], by=by)

    (notice,) = notices_of(people["officer"])
    assert sentence(notice) == f"{by} put you in charge of 2 countries: A round"


def test_reminder_leaves_only_the_last_unread(response, people):
    due = age(give(response, people["coordinator"], people["idle"], "GEN"), 0)
    send_reminders(days=3, is_trial=False)
    due.refresh_from_db()
    due.reminded_at = None
    due.save()
    send_reminders(days=3, is_trial=False)

    found = notices_of(people["idle"]).filter(kind="due_soon")
    assert [notice.read_at is None for notice in found] == [True, False]


def test_deadline_is_told_once_to_coordinators(response, round_2025, people):
    round_2025.closes_on = datetime.date(2026, 3, 15)
    round_2025.save()
    with time_machine.travel(datetime.datetime(2026, 3, 8, 13, tzinfo=datetime.UTC)):
        warned = [warn_of_deadline(is_trial=trial) for trial in (True, False, False)]
    with time_machine.travel(datetime.datetime(2026, 3, 7, 13, tzinfo=datetime.UTC)):
        early = warn_of_deadline(is_trial=False)

    assert [len(one) for one in warned] == [1, 1, 0]
    assert early == []
    assert told(people, "due_soon") == {
        "coordinator": "immediate",
        "second": "immediate",
    }


# Reading


def test_notices_are_read_once_and_by_their_person_only(response, people):
    submit(response, people["coordinator"])
    first, colleague = people["officer"], people["colleague"]
    (notice,) = notices_of(first)
    with pytest.raises(Notification.DoesNotExist):
        read_notice(pk=notice.pk, by=colleague)
    assert (unread_count(first), unread_count(colleague)) == (1, 1)

    read_notice(pk=notice.pk, by=first)
    at = notices_of(first).get().read_at
    read_notice(pk=notice.pk, by=first)

    assert notices_of(first).get().read_at == at
    assert (unread_count(first), unread_count(colleague)) == (0, 1)


def test_what_came_after_the_page_stays_unread(response, people, officer):
    for place in ("GEN-03", "GEN-04", "GEN-05"):
        ask(response, people["coordinator"], place)
    newest, middle, _oldest = notices_of(officer)

    assert read_all_notices(until=middle.pk, by=officer) == 2
    assert notices_of(officer).get(read_at=None) == newest


def test_who_left_a_country_reads_nothing_of_it(response, people):
    person = people["idle"]
    give(response, people["coordinator"], person, "GEN")
    person.memberships.update(is_active=False)

    assert (list(notices_of(person)), unread_count(person)) == ([], 0)


# E-mail


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """Do something and return the messages that left after it."""

    def do(act):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return list(mail.outbox)

    return do


def html_of(message):
    ((content, kind),) = message.alternatives
    assert kind == "text/html"
    return content


def returned(response, people):
    submit(response, people["coordinator"])
    return_response(response=response, by=people["officer"], message=MARKER)


def test_mail_at_once_has_both_parts_and_a_way_out(response, people, sent):
    messages = {m.to[0]: m for m in sent(lambda: returned(response, people))}

    assert set(messages) == {people["coordinator"].email, people["second"].email}
    message = messages[people["second"].email]
    said = f"{people['officer']} returned the response for correction: Peru, A round"
    notice = Notification.objects.get(person=people["second"])
    url = f"http://127.0.0.1:8000/notifications/{notice.pk}/"
    assert message.subject == said
    assert message.body.startswith(f"{said}\n\nOpen it here:\n{url}\n")
    assert f'href="{url}"' in html_of(message)
    way_out = unsubscribe_url(people["second"], "returned")
    assert message.extra_headers == {
        "List-Unsubscribe": f"<{way_out}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert MARKER not in message.body + html_of(message)


def test_names_are_escaped_in_html_only(response, people, sent):
    people["officer"].name = "<b>Ann</b> & Co"
    people["officer"].save()
    people["officer"].refresh_from_db()

    message = sent(lambda: returned(response, people))[0]

    assert message.subject.startswith("<b>Ann</b> & Co returned")
    assert "<b>Ann</b> & Co returned" in message.body
    assert "&lt;b&gt;Ann&lt;/b&gt; &amp; Co returned" in html_of(message)
    assert "<b>" not in html_of(message)


@pytest.mark.parametrize(
    ("channel", "mails", "waiting"),
    [("immediate", 1, 0), ("daily", 0, 1), ("none", 0, 0)],
)
def test_delegation_is_mailed_as_the_person_chose(
    response, people, sent, channel, mails, waiting
):
    person = people["idle"]
    choose_channels(channels={"delegated": channel}, by=person)

    messages = sent(lambda: give(response, people["coordinator"], person, "GEN"))

    assert len(messages) == mails
    assert notices_of(person).count() == 1
    assert [d.number for d in send_digest(is_trial=True)] == [1] * waiting


def test_choice_that_is_the_default_is_not_written(people):
    person = people["coordinator"]

    choose_channels(channels=channels_of(person), by=person)
    assert NotificationPreference.objects.count() == 0
    choose_channels(channels={"returned": "daily", "submitted": "none"}, by=person)
    choose_channels(channels={"returned": "none"}, by=person)

    rows = NotificationPreference.objects.values_list("person", "kind", "channel")
    assert list(rows) == [(person.pk, "returned", "none")]


def test_every_kind_has_a_default_and_words(response, officer, coordinator):
    assert set(Kind) - set(DEFAULTS) == {Kind.INVITED}
    for kind in Kind:
        notice = Notification(
            kind=kind,
            by=officer,
            response=response,
            country=response.country,
            params={"place": "GEN", "due": "2026-03-01", "count": 2},
        )
        assert "Peru" in sentence(notice)
        assert "%" not in sentence(notice)


def test_digest_is_one_mail_a_person_sent_once(response, people, sent):
    ask(response, people["coordinator"], "GEN-03", MARKER)
    submit(response, people["coordinator"])

    messages = sent(lambda: send_digest(is_trial=False))
    again = sent(lambda: send_digest(is_trial=False))

    to = sorted(m.to[0] for m in messages)
    assert to == sorted(people[p].email for p in ("second", "officer", "colleague"))
    message = next(m for m in messages if m.to == [people["officer"].email])
    assert message.subject == "2 notices: Peru"
    by = people["coordinator"]
    first = f"- {by} commented on GEN-03: Peru, A round"
    second = f"- {by} submitted the response: Peru, A round"
    assert message.body.index(first) < message.body.index(second)
    assert unsubscribe_url(people["officer"], "submitted") in message.body
    way_out = unsubscribe_url(people["officer"], DIGEST)
    assert message.extra_headers["List-Unsubscribe"] == f"<{way_out}>"
    assert MARKER not in message.body + html_of(message)
    assert again == []


def test_digest_leaves_out_what_was_read_and_who_left(response, people, sent):
    ask(response, people["coordinator"], "GEN-03")
    read_notice(pk=notices_of(people["officer"]).get().pk, by=people["officer"])
    people["second"].memberships.update(is_active=False)
    people["colleague"].is_active = False
    people["colleague"].save()

    assert sent(lambda: send_digest(is_trial=False)) == []


def test_digest_of_a_crash_is_not_sent_twice(response, people, sent):
    """What was marked and then cut off is lost rather than sent again."""
    ask(response, people["coordinator"], "GEN-03")
    mail.outbox.clear()
    send_digest(is_trial=False)  # the process ends here: nothing leaves
    assert mail.outbox == []

    assert sent(lambda: send_digest(is_trial=False)) == []
    assert unread_count(people["officer"]) == 1


def test_trial_of_the_digest_writes_nothing(response, people, sent):
    ask(response, people["coordinator"], "GEN-03")

    assert sent(lambda: send_digest(is_trial=True)) == []
    assert len(sent(lambda: send_digest(is_trial=False))) == 3


def test_unsubscribing_ends_a_kind_and_what_waits(response, people, sent):
    person = people["officer"]
    ask(response, people["coordinator"], "GEN-03")
    unsubscribe(person=person, kind="commented")
    unsubscribe(person=person, kind="commented")

    messages = sent(lambda: send_digest(is_trial=False))

    assert person.email not in [m.to[0] for m in messages]
    assert channels_of(person)[Kind.COMMENTED] == Channel.NONE
    assert channels_of(person)[Kind.REPLIED] == Channel.DAILY
    assert unread_count(person) == 1


def test_unsubscribing_from_the_summary_ends_all_that_is_daily(response, people, sent):
    person = people["officer"]
    submit(response, people["coordinator"])
    unsubscribe(person=person)

    assert person.email not in [
        m.to[0] for m in sent(lambda: send_digest(is_trial=False))
    ]
    chosen = channels_of(person)
    assert [kind for kind in chosen if chosen[kind] != Channel.NONE] == [Kind.SUBMITTED]


def test_token_says_what_it_ends_unless_it_was_changed(coordinator):
    token = unsubscribe_url(coordinator, "returned").rsplit("/", 2)[1]
    found = read_token(token)

    assert found is not None
    assert (found.person, found.kind) == (coordinator.pk, "returned")
    assert read_token(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert read_token("x") is None


@pytest.mark.parametrize(
    ("chosen", "language"), [("", "en"), ("ar", "ar"), ("xx", "en")]
)
def test_mail_is_in_the_language_of_the_person(
    response, people, sent, settings, chosen, language
):
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    choose_channels(channels={}, language=chosen, by=people["second"])
    assert language_for(people["second"]) == language

    with override("ar"):
        messages = {m.to[0]: m for m in sent(lambda: returned(response, people))}
        assert translation.get_language() == "ar"

    html = html_of(messages[people["second"].email])
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert '<html lang="en" dir="ltr">' in html_of(
        messages[people["coordinator"].email]
    )
