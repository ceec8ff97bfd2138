from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation
from django_tasks import TaskResultStatus

from assessment.models import Invitation
from assessment.services.invitation_mail import send_invitation
from assessment.services.invitations import revoke_invitation
from assessment.team_queries import invitation_by_token
from tests.factories import MemberFactory
from tests.teams import SITE, last_token, offer

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
TEXT = """\
Dear Luz,

Ana & <Co> invites you to work on the assessment of national migration data capacity \
for Peru.

Your role: Contributor
Contributors answer the questionnaire together with colleagues of other institutions.

To accept, open this link:

https://assessment.example.org/invitations/{token}/

The link is for you alone, works once and until 15 March 2025, 12:00 UTC. Please do not \
forward it.

Questions? Write to Ana & <Co>, ana@example.org. If you did not expect this invitation, \
ignore it: nothing happens.
"""


class DeafServer(BaseEmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError


@pytest.fixture
def ana(peru):
    return MemberFactory(
        country=peru, role="coordinator", name="Ana & <Co>", email="ana@example.org"
    )


@pytest.fixture
def invitation(peru, ana, time_machine):
    time_machine.move_to(NOW, tick=False)
    return offer(peru, ana)


def send(invitation, language="en"):
    return send_invitation.enqueue(invitation.pk, SITE, language)


def test_message_says_who_invites_where_as_what_and_until_when(invitation):
    send(invitation)

    (message,) = mail.outbox
    assert message.subject == "Invitation: migration data capacity, Peru"
    assert message.to == ["interior@example.org"]
    assert message.body.rstrip("\n") + "\n" == TEXT.format(token=last_token())
    assert message.content_subtype == "plain"


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("coordinator", "Coordinators answer the questionnaire, invite colleagues and"),
        ("observer", "Observers read the answers and the report."),
    ],
)
def test_message_explains_the_role(peru, ana, role, words):
    send(offer(peru, ana, role=role, name=""))

    body = mail.outbox[0].body
    assert f"Your role: {role.capitalize()}\n{words}" in body
    assert body.startswith("Good day,\n")


def test_message_is_in_the_language_asked_for(invitation):
    with translation.override("en"):
        send(invitation, "fr")

    assert "15 mars 2025" in mail.outbox[0].body


def test_token_is_long_and_its_link_is_found(invitation):
    send(invitation)

    assert len(last_token()) == 43  # 32 random bytes
    assert invitation_by_token(last_token()) == invitation


def test_message_sent_twice_leaves_the_newest_link(invitation):
    """A queue may deliver a task more than once."""
    send(invitation)
    first = last_token()
    send(invitation)

    assert invitation_by_token(first) is None
    assert invitation_by_token(last_token()) == invitation


def test_failure_is_noted_and_no_link_works(invitation, settings, caplog):
    settings.EMAIL_BACKEND = f"{__name__}.DeafServer"

    result = send(invitation)

    invitation.refresh_from_db()
    assert result.status == TaskResultStatus.FAILED
    assert (invitation.failed_at, invitation.sent_at) == (NOW, None)
    assert (invitation.token_sha256, invitation.is_open(NOW)) == (None, True)


@pytest.mark.parametrize("case", ["withdrawn", "expired"])
def test_nothing_is_sent_for_what_is_over(invitation, ana, time_machine, case):
    """A worker may be late."""
    if case == "withdrawn":
        revoke_invitation(invitation=invitation, by=ana)
    else:
        time_machine.move_to(NOW + timedelta(days=14), tick=False)

    send(invitation)

    assert mail.outbox == []
    assert Invitation.objects.get().token_sha256 is None
