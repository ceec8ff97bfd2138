"""The message that carries an invitation's link, sent as background work."""

from __future__ import annotations

import secrets

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks import task

from assessment.mails import message
from assessment.models import Invitation
from assessment.team_queries import token_hash


@task()
def send_invitation(pk: int, site: str, language: str) -> None:
    """Mint the link of an open invitation and send it, in a language.

    The token is made here, so that it stands in no queue and no database. When sending
    fails that is noted, the error is raised and no link works until the next attempt.
    """
    token = secrets.token_urlsafe(32)
    minted = token_hash(token)
    invitation = _mint(pk, minted)
    if invitation is None:
        return
    found = Invitation.objects.filter(pk=pk, token_sha256=minted)
    link = site.rstrip("/") + reverse("assessment:invitation_detail", args=[token])
    try:
        with translation.override(language):
            _message(invitation, link).send()
    except Exception:
        found.update(token_sha256=None, failed_at=timezone.now())
        raise
    found.update(sent_at=timezone.now(), failed_at=None)


@transaction.atomic
def _mint(pk: int, minted: str) -> Invitation | None:
    invitation = (
        Invitation.objects.select_related("country", "invited_by")
        .select_for_update(of=("self",))
        .get(pk=pk)
    )
    if not invitation.is_open(timezone.now()):
        return None
    invitation.token_sha256 = minted
    invitation.save(update_fields=["token_sha256"])
    return invitation


def _message(invitation: Invitation, link: str) -> EmailMultiAlternatives:
    context = {
        "invitation": invitation,
        "country": invitation.country,
        "inviter": invitation.invited_by,
        "link": link,
    }
    folder = "assessment/email"
    subject = render_to_string(f"{folder}/invitation_subject.txt", context)
    html = context | {"subject": subject.strip(), "unsubscribe_url": ""}
    return message(
        subject,
        render_to_string(f"{folder}/invitation.txt", context),
        [invitation.email],
        render_to_string(f"{folder}/invitation.html", html),
    )
