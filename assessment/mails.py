"""E-mails, sent after the transaction that causes them, as background work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django_tasks import task


@task()
def send_mail(subject: str, body: str, to: Sequence[str], html: str = "") -> None:
    """Send one message. A line break in a name never becomes a header."""
    message = EmailMultiAlternatives(" ".join(subject.split()), body, to=list(to))
    if html:
        message.attach_alternative(html, "text/html")
    message.send()


def mail_after_commit(
    *,
    to: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    has_html: bool = False,
) -> None:
    """Send `template` to one address once the present transaction is committed.

    `has_html` sends its HTML beside the plain text.
    """
    path = f"assessment/mails/{template}"
    body = render_to_string(f"{path}.txt", dict(context))
    html = render_to_string(f"{path}.html", dict(context)) if has_html else ""
    transaction.on_commit(lambda: send_mail.enqueue(subject, body, [to], html))


def full_url(view: str, *arguments: str) -> str:
    """Return the address of a page as it stands in an e-mail."""
    return f"{settings.SITE_URL}{reverse(view, args=arguments)}"
