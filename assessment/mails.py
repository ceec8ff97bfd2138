"""E-mails, sent after the transaction that causes them, as background work.

Each has a plain text and the same as HTML: `mails/<template>.txt` and `.html`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django_tasks import task

_is_silent: ContextVar[bool] = ContextVar("is_silent", default=False)


@contextmanager
def no_mails() -> Iterator[None]:
    """Send nothing meanwhile: demonstration data tells nobody anything."""
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)


@task()
def send_mail(
    subject: str,
    body: str,
    to: Sequence[str],
    html: str = "",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send one message."""
    message(subject, body, to, html, headers).send()


def message(
    subject: str,
    body: str,
    to: Sequence[str],
    html: str = "",
    headers: Mapping[str, str] | None = None,
) -> EmailMultiAlternatives:
    """Return a message. A line break in a name never becomes a header."""
    made = EmailMultiAlternatives(
        " ".join(subject.split()), body, to=list(to), headers=dict(headers or {})
    )
    if html:
        made.attach_alternative(html, "text/html")
    return made


def mail_after_commit(
    *,
    to: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    unsubscribe: str = "",
) -> None:
    """Send `template` to one address once the present transaction is committed.

    It is worded now, in the language that is active. `unsubscribe` is where one click
    ends such e-mails; mail programs offer it too (RFC 8058).
    """
    if _is_silent.get():
        return
    path = f"assessment/mails/{template}"
    known = dict(context) | {
        "subject": subject,
        "unsubscribe_url": unsubscribe,
        "settings_url": full_url("assessment:notification_settings"),
    }
    body = render_to_string(f"{path}.txt", known)
    html = render_to_string(f"{path}.html", known)
    headers = {
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    transaction.on_commit(
        lambda: send_mail.enqueue(
            subject, body, [to], html, headers if unsubscribe else {}
        )
    )


def full_url(view: str, *arguments: str | int) -> str:
    """Return the address of a page as it stands in an e-mail."""
    return f"{settings.SITE_URL}{reverse(view, args=arguments)}"
