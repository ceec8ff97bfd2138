"""The audit trail: what people did, kept for ever beside the revisions of answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.people import Country
from assessment.models.rounds import Response, Round

SUBJECT_MAX = 300
REQUEST_ID_MAX = 64


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete what was recorded."""

    def __init__(self) -> None:
        super().__init__("The audit trail is append-only: nothing in it is changed.")


class AppendOnlyQuerySet(models.QuerySet["AuditEvent"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError

    def bulk_create(
        self, objs: Iterable[AuditEvent], *args: Any, **kwargs: Any
    ) -> list[AuditEvent]:
        if kwargs.get("update_conflicts"):
            raise AppendOnlyError
        return super().bulk_create(objs, *args, **kwargs)


class AuditAction(models.TextChoices):
    """What can be recorded; the word before the dot is its group."""

    RESPONSE_OPEN = "response.open", _("Response opened")
    RESPONSE_SUBMIT = "response.submit", _("Response submitted")
    RESPONSE_WITHDRAW = "response.withdraw", _("Submission withdrawn")
    RESPONSE_RETURN = "response.return", _("Response returned")
    RESPONSE_ACCEPT = "response.accept", _("Response accepted")
    RESPONSE_REOPEN = "response.reopen", _("Response reopened")
    CLEARANCE_CONCURRED = "clearance.concurred", _("Concurrence recorded")
    CLEARANCE_CLEARED = "clearance.cleared", _("Clearance recorded")
    CLEARANCE_WITHDRAWN = "clearance.withdrawn", _("Clearance or concurrence withdrawn")
    COMMENT_OPENED = "comment.opened", _("Comment written")
    COMMENT_REPLIED = "comment.replied", _("Reply written")
    COMMENT_RESOLVED = "comment.resolved", _("Point resolved")
    COMMENT_UNRESOLVED = "comment.unresolved", _("Point opened again")
    COMMENT_WITHDRAWN = "comment.withdrawn", _("Comment withdrawn")
    COMMENT_NOTE = "comment.note", _("Internal note written")
    COMMENT_NOTE_WITHDRAWN = "comment.note_withdrawn", _("Internal note withdrawn")
    REVIEWED_SET = "reviewed.set", _("Reviewed value set")
    REVIEWED_WITHDRAWN = "reviewed.withdrawn", _("Reviewed value withdrawn")
    VIEW_RECORDED = "view.recorded", _("Differing view recorded")
    VIEW_WITHDRAWN = "view.withdrawn", _("Differing view withdrawn")
    VIEW_ADOPTED = "view.adopted", _("Differing view adopted")
    VIEW_PRINTED = "view.printed", _("Printing of differing views switched")
    PLAN_ADDED = "plan.added", _("Action added to the plan")
    PLAN_CHANGED = "plan.changed", _("Action of the plan changed")
    PLAN_MOVED = "plan.moved", _("Action of the plan moved up or down")
    PLAN_WITHDRAWN = "plan.withdrawn", _("Action taken out of the plan")
    PLAN_RESTORED = "plan.restored", _("Action brought back into the plan")
    PLAN_CARRIED = "plan.carried", _("Actions of the earlier plan carried over")
    PLAN_ADOPTED = "plan.adopted", _("Action plan adopted")
    EVIDENCE_ADDED = "evidence.added", _("Evidence file uploaded")
    EVIDENCE_WITHDRAWN = "evidence.withdrawn", _("Evidence file withdrawn")
    INSTITUTION_ADDED = "institution.added", _("Institution added")
    INSTITUTION_CHANGED = "institution.changed", _("Institution changed")
    INSTITUTION_MERGED = "institution.merged", _("Institution merged")
    DELEGATION_MADE = "delegation.made", _("Part delegated")
    DELEGATION_WITHDRAWN = "delegation.withdrawn", _("Delegation withdrawn")
    DELEGATION_HANDED_BACK = "delegation.handed_back", _("Part handed back")
    DELEGATION_DONE = "delegation.done", _("Part marked as done")
    DELEGATION_REOPENED = "delegation.reopened", _("Part no longer done")
    DELEGATION_REMINDED = "delegation.reminded", _("Reminder sent")
    DELEGATION_MODE = "delegation.mode", _("Way of sharing the work switched")
    TEAM_INVITED = "team.invited", _("Person invited")
    TEAM_RESENT = "team.resent", _("Invitation sent again")
    TEAM_REVOKED = "team.revoked", _("Invitation withdrawn")
    TEAM_ACCEPTED = "team.accepted", _("Invitation accepted")
    TEAM_ADDED = "team.added", _("Person added to a team")
    TEAM_ROLE = "team.role", _("Role changed")
    TEAM_DEACTIVATED = "team.deactivated", _("Person deactivated")
    TEAM_REACTIVATED = "team.reactivated", _("Person reactivated")
    TEAM_HANDED_OVER = "team.handed_over", _("Coordinator role handed over")
    ROUND_OPENED = "round.opened", _("Round opened")
    ROUND_CLOSED = "round.closed", _("Round closed")
    ROUND_ASSIGNED = "round.assigned", _("Officer put in charge")
    ROUND_REMINDED = "round.reminded", _("Country reminded")
    ROUND_IMPORTED = "round.imported", _("Answers imported from a file")
    VERSION_PUBLISHED = "version.published", _("Questionnaire version published")
    VERSION_TRANSLATED = "version.translated", _("Translations written")
    ACCOUNT_SIGN_IN = "account.sign_in", _("Signed in")
    ACCOUNT_SIGN_OUT = "account.sign_out", _("Signed out")
    ACCOUNT_SIGN_IN_FAILED = "account.sign_in_failed", _("Sign-in failed")
    ACCOUNT_PASSWORD_SET = "account.password_set", _("Password set")
    ACCOUNT_PASSWORD_CHANGED = "account.password_changed", _("Password changed")
    ACCOUNT_PASSWORD_RESET = "account.password_reset", _("Password reset by e-mail")
    ACCOUNT_MADE = "account.made", _("Account at UNSD made by command")
    ADMIN_ADDED = "admin.added", _("Added in the administration")
    ADMIN_CHANGED = "admin.changed", _("Changed in the administration")
    ADMIN_DELETED = "admin.deleted", _("Deleted in the administration")
    DOWNLOAD_REPORT = "download.report", _("Report downloaded")
    DOWNLOAD_PLAN = "download.plan", _("Action plan downloaded")
    DOWNLOAD_HISTORY = "download.history", _("History downloaded")
    DOWNLOAD_HOLDINGS = "download.holdings", _("Table of holdings downloaded")
    DOWNLOAD_EVIDENCE = "download.evidence", _("Evidence file downloaded")
    DOWNLOAD_COMPARISON = "download.comparison", _("Comparison downloaded")
    DOWNLOAD_ROUND = "download.round", _("Table of a round downloaded")
    DOWNLOAD_BUNDLE = "download.bundle", _("Reports downloaded as ZIP")
    DOWNLOAD_AUDIT = "download.audit", _("Audit trail downloaded")


class AuditEvent(models.Model):
    """One thing that changed state or rights: who, what, when, from where.

    `actor` is null for who is not signed in and for commands; `actor_name` is the name of
    that day. `subject` names what it was done to, `detail` how, never an answer, a comment
    or a note. Saves of answers are not here: their `AnswerRevision` is the record. Written
    by `assessment.audit.record` only; nothing is ever changed, which triggers of the
    database enforce too. `action` has no choices, so that a new one needs no migration.
    """

    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("by"),
    )
    actor_name = models.CharField(_("name at that time"), max_length=254, blank=True)
    action = models.CharField(_("action"), max_length=40)
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("country"),
    )
    round = models.ForeignKey(
        Round,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("round"),
    )
    response = models.ForeignKey(
        Response,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("response"),
    )
    subject = models.CharField(_("subject"), max_length=SUBJECT_MAX, blank=True)
    detail = models.JSONField(
        _("detail"), default=dict, blank=True, encoder=DjangoJSONEncoder
    )
    ip = models.GenericIPAddressField(_("address"), null=True, blank=True)
    request_id = models.CharField(_("request"), max_length=REQUEST_ID_MAX, blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("event of the audit trail")
        verbose_name_plural = _("events of the audit trail")
        indexes = [
            models.Index(fields=["at", "id"], name="audit_event_by_time"),
            models.Index(fields=["request_id"], name="audit_event_by_request"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert it; raise AppendOnlyError if it is there already."""
        if not self._state.adding or kwargs.get("force_update"):
            raise AppendOnlyError
        super().save(*args, force_insert=True)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError
