"""What is done outside of the services and recorded all the same.

Signing in and passwords (django-allauth), the admin site, translations loaded from
fixtures, and accounts at UNSD that a command makes. Signals of libraries, none of ours.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from allauth.account import signals as account
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth import signals as auth
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.http import HttpRequest

from assessment.audit import record, shortened
from assessment.models import AuditAction, User
from assessment.origin import NOWHERE, current_origin
from questionnaire.models import Questionnaire, Translation

OF_FLAG = {
    ADDITION: AuditAction.ADMIN_ADDED,
    CHANGE: AuditAction.ADMIN_CHANGED,
    DELETION: AuditAction.ADMIN_DELETED,
}


def connect() -> None:
    """Listen; once a process, when the models are there."""
    auth.user_logged_in.connect(_signed_in)
    auth.user_logged_out.connect(_signed_out)
    auth.user_login_failed.connect(_failed)
    account.password_set.connect(_password_set)
    account.password_changed.connect(_password_changed)
    account.password_reset.connect(_password_reset)
    post_save.connect(_admin_changed, sender=LogEntry)
    post_save.connect(_account_made, sender=User)
    post_save.connect(_translated, sender=Translation)


def _signed_in(sender: Any, user: User, **kwargs: Any) -> None:
    record(AuditAction.ACCOUNT_SIGN_IN, by=user)


def _signed_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record(AuditAction.ACCOUNT_SIGN_OUT, by=user)


def _failed(
    sender: Any,
    credentials: dict[str, Any],
    request: HttpRequest | None = None,
    **kwargs: Any,
) -> None:
    """Record a wrong password, also of who is signed in and was asked again."""
    typed = str(credentials.get("email") or credentials.get("username") or "")
    user = getattr(request, "user", None)
    record(
        AuditAction.ACCOUNT_SIGN_IN_FAILED,
        by=user if isinstance(user, User) else None,
        subject=shortened(typed),
    )


def _password_set(sender: Any, user: User, **kwargs: Any) -> None:
    record(AuditAction.ACCOUNT_PASSWORD_SET, by=user)


def _password_changed(sender: Any, user: User, **kwargs: Any) -> None:
    record(AuditAction.ACCOUNT_PASSWORD_CHANGED, by=user)


def _password_reset(sender: Any, user: User, **kwargs: Any) -> None:
    record(AuditAction.ACCOUNT_PASSWORD_RESET, by=user)


def _admin_changed(
    sender: Any, instance: LogEntry, created: bool, **kwargs: Any
) -> None:
    if not created:
        return
    kind = ContentType.objects.get_for_id(instance.content_type_id or 0)
    changes, fields = _said(instance.change_message)
    record(
        OF_FLAG[instance.action_flag],
        by=instance.user,
        subject=instance.object_repr,
        record=kind.model,
        number=str(instance.object_id),
        changes=changes or None,
        fields=None if changes else fields or None,
    )


def _said(message: str) -> tuple[dict[str, Any], list[str]]:
    """Return what an entry of the admin's log says: values by field, names of fields."""
    parts = json.loads(message) if message.startswith("[") else []
    changes: dict[str, Any] = {}
    fields: list[str] = []
    for part in parts:
        changes |= part.get("values", {})
        fields += part.get("changed", {}).get("fields", [])
    return changes, fields


def _account_made(sender: Any, instance: User, created: bool, **kwargs: Any) -> None:
    """Record who gets rights by a command; of requests the admin site's log tells."""
    if created and instance.unsd_role and current_origin() == NOWHERE:
        record(
            AuditAction.ACCOUNT_MADE,
            by=None,
            subject=instance.email,
            to_role=instance.unsd_role,
        )


class _Translated:
    """Counts the texts written in one transaction, by version and language."""

    def __init__(self) -> None:
        self.texts: Counter[tuple[int, str]] = Counter()

    def __call__(self) -> None:
        for (version, language), count in self.texts.items():
            record(
                AuditAction.VERSION_TRANSLATED,
                by=None,
                subject=str(Questionnaire.objects.get(pk=version)),
                language=language,
                texts=count,
            )


def _translated(sender: Any, instance: Translation, **kwargs: Any) -> None:
    """Record a thousand texts of one fixture as one event, when they are committed."""
    waiting = (entry[1] for entry in connection.run_on_commit)
    tally = next((one for one in waiting if isinstance(one, _Translated)), None)
    if tally is None:
        tally = _Translated()
    tally.texts[instance.questionnaire_id, instance.language] += 1
    if tally.texts.total() == 1:
        transaction.on_commit(tally)
