"""Comments and internal notes: the only writers of both.

The response's row is locked, so that nobody submits or withdraws in the same moment.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.audit import record
from assessment.comment_queries import Place, side_of
from assessment.models import (
    AuditAction,
    Comment,
    CommentThread,
    InternalNote,
    Response,
    Side,
    Submission,
    User,
)
from assessment.permissions import Action, may, may_ever
from assessment.refusals import Refusal, ResponseClosed, RoleForbids
from assessment.services.telling import tell_said
from questionnaire.values import LONG_TEXT_MAX, InvalidValue, clean_text

Kind = CommentThread.Kind
# A second click sends the same words again: they are taken once.
SAME_WITHIN = timedelta(minutes=1)


class CommentRefused(Refusal):
    """The comment cannot be taken as it was sent; `details` say why."""

    status = 422
    code = "invalid"

    def __init__(self, *details: str) -> None:
        super().__init__(_("The comment was not saved."), details)


@transaction.atomic
def open_thread(
    *,
    response: Response,
    place: Place,
    kind: str,
    must_settle: bool,
    text: str,
    by: User,
) -> CommentThread:
    """Open a thread with its first comment; sent twice within a minute it is one.

    Of the country it is a question that holds up nothing, and praise never does. Raises
    CommentRefused, RoleForbids, or ResponseClosed where the status allows no new thread.
    """
    lock_for(response, by, Action.COMMENT)
    text = _cleaned(text)
    side = side_of(by, response)
    if kind not in Kind.values:
        raise CommentRefused(_("Choose what kind of comment this is."))
    if side == Side.COUNTRY:
        kind, must_settle = Kind.QUESTION, False
    wanted = {
        "response": response,
        "section": place.section.code,
        **place.address._asdict(),
    }
    for said in _same(by, text).filter(
        **{f"thread__{name}": value for name, value in wanted.items()}
    ):
        return said.thread
    now = timezone.now()
    thread = CommentThread.objects.create(
        **wanted,
        kind=kind,
        must_settle=must_settle and kind != Kind.PRAISE,
        side=side,
        opened_at=now,
    )
    _say(thread, text, by)
    _record(AuditAction.COMMENT_OPENED, thread, by, kind=thread.kind)
    return thread


@transaction.atomic
def reply(*, thread: CommentThread, text: str, by: User) -> Comment:
    """Say something in a thread. Raises CommentRefused if it is resolved or withdrawn."""
    thread = _locked(thread, by, Action.REPLY)
    text = _cleaned(text)
    if thread.resolved_at is not None:
        raise CommentRefused(
            _("The point is resolved. Open it again, or write a new comment.")
        )
    if not thread.comments.filter(withdrawn_at__isnull=True).exists():
        raise CommentRefused(_("The comment was withdrawn meanwhile. Write a new one."))
    for said in _same(by, text).filter(thread=thread):
        return said
    _record(AuditAction.COMMENT_REPLIED, thread, by)
    return _say(thread, text, by)


@transaction.atomic
def resolve_thread(*, thread: CommentThread, by: User, text: str = "") -> None:
    """Resolve a thread, with a last word or without. Twice is once."""
    thread = _locked(thread, by, Action.RESOLVE)
    if thread.resolved_at is not None:
        return
    if text.strip():
        _say(thread, _cleaned(text), by)
    thread.resolved_at, thread.resolved_by = timezone.now(), by
    thread.save(update_fields=["resolved_at", "resolved_by"])
    _record(AuditAction.COMMENT_RESOLVED, thread, by)


@transaction.atomic
def unresolve_thread(*, thread: CommentThread, text: str, by: User) -> None:
    """Open a resolved thread again and say why: it is the other side's turn."""
    thread = _locked(thread, by, Action.RESOLVE)
    text = _cleaned(text)
    if thread.resolved_at is None:
        return
    thread.resolved_at = thread.resolved_by = None
    thread.save(update_fields=["resolved_at", "resolved_by"])
    _say(thread, text, by)
    _record(AuditAction.COMMENT_UNRESOLVED, thread, by)


@transaction.atomic
def withdraw_comment(*, comment: Comment, by: User) -> None:
    """Withdraw one's own comment: nobody reads it any more. Twice is once."""
    thread = _locked(comment.thread, by, Action.REPLY)
    if comment.written_by_id != by.pk:
        raise RoleForbids
    standing = Comment.objects.filter(pk=comment.pk, withdrawn_at__isnull=True)
    if standing.update(withdrawn_at=timezone.now(), withdrawn_by=by):
        _record(AuditAction.COMMENT_WITHDRAWN, thread, by, comment=comment.pk)


@transaction.atomic
def write_note(
    *, response: Response, place: Place, text: str, by: User
) -> InternalNote:
    """Note something for other officers; sent twice within a minute it is one."""
    lock_for(response, by, Action.NOTE)
    text = _cleaned(text)
    values = {
        "response": response,
        "section": place.section.code,
        **place.address._asdict(),
        "text": text,
        "written_by": by,
    }
    now = timezone.now()
    same = InternalNote.objects.filter(
        **values, written_at__gt=now - SAME_WITHIN, withdrawn_at__isnull=True
    ).first()
    if same is not None:
        return same
    note = InternalNote.objects.create(**values, written_at=now)
    _record(AuditAction.COMMENT_NOTE, note, by)
    return note


@transaction.atomic
def withdraw_note(*, note: InternalNote, by: User) -> None:
    """Withdraw one's own note. Twice is once."""
    lock_for(note.response, by, Action.NOTE)
    if note.written_by_id != by.pk:
        raise RoleForbids
    standing = InternalNote.objects.filter(pk=note.pk, withdrawn_at__isnull=True)
    if standing.update(withdrawn_at=timezone.now(), withdrawn_by=by):
        _record(AuditAction.COMMENT_NOTE_WITHDRAWN, note, by)


def _locked(thread: CommentThread, by: User, action: Action) -> CommentThread:
    lock_for(thread.response, by, action)
    return CommentThread.objects.select_related("response").get(pk=thread.pk)


def lock_for(response: Response, by: User, action: Action) -> None:
    """Lock the response's row and check again that `by` may act on it.

    A closed round does not matter: review goes on. Raises RoleForbids or ResponseClosed.
    """
    row = Response.objects.select_for_update().get(pk=response.pk)
    response.status = row.status
    if not may_ever(by, action, response):
        raise RoleForbids
    if not may(by, action, response):
        message = _("This response is %(status)s; that cannot be done now.")
        status = response.get_status_display().lower()
        raise ResponseClosed(response.status, message % {"status": status})


def _record(
    action: AuditAction, about: CommentThread | InternalNote, by: User, **detail: Any
) -> None:
    """Record that and where something was said, never what."""
    record(
        action,
        by=by,
        response=about.response,
        subject=about.place,
        number=about.pk,
        **detail,
    )


def _cleaned(text: str) -> str:
    try:
        text = clean_text(text, LONG_TEXT_MAX)
    except InvalidValue as invalid:
        raise CommentRefused(*invalid.messages) from None
    if not text:
        raise CommentRefused(_("Write something first."))
    return text


def _same(by: User, text: str) -> QuerySet[Comment]:
    return Comment.objects.select_related("thread").filter(
        written_by=by,
        text=text,
        written_at__gt=timezone.now() - SAME_WITHIN,
        withdrawn_at__isnull=True,
    )


def _say(thread: CommentThread, text: str, by: User) -> Comment:
    latest = (
        Submission.objects.filter(response=thread.response, withdrawn_at__isnull=True)
        .order_by("-number")
        .only("pk")
        .first()
    )
    said = Comment.objects.create(
        thread=thread,
        side=side_of(by, thread.response),
        text=text,
        submission=latest,
        written_at=timezone.now(),
        written_by=by,
    )
    tell_said(thread, by=by)
    return said
