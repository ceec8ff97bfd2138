"""Answers, one a cell, and every revision they went through."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.audit import REQUEST_ID_MAX
from assessment.models.rounds import Response
from questionnaire.addresses import Address


class Via(models.TextChoices):
    """The way by which a revision came in."""

    PAGE = "page", _("Page")
    FORM = "form", _("Form")
    QUEUE = "queue", _("Kept on the computer and sent later")
    WORKBOOK = "workbook", _("Workbook")
    API = "api", _("Programming interface")
    PREFILL = "prefill", _("Carried over")
    IMPORT = "import", _("Import")
    MERGE = "merge", _("Merge")


class Answer(models.Model):
    """The value of one cell; null is blank. Written by `services.answers` only.

    Codes are text, checked against the pinned questionnaire, not foreign keys into it.
    """

    response = models.ForeignKey(
        Response, models.PROTECT, related_name="answers", verbose_name=_("response")
    )
    question = models.CharField(_("question"), max_length=40)
    row = models.CharField(_("row"), max_length=40, blank=True)
    column = models.CharField(_("column"), max_length=40, blank=True)
    value = models.JSONField(_("value"), null=True)
    revision = models.PositiveIntegerField(_("revision"))
    is_confirmed = models.BooleanField(_("confirmed"), default=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("changed by"),
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question", "row", "column"], name="answer_address"
            ),
            models.CheckConstraint(
                condition=models.Q(revision__gte=1), name="answer_revision_from_one"
            ),
        ]

    def __str__(self) -> str:
        return str(self.address)

    @property
    def address(self) -> Address:
        return Address(self.question, self.row, self.column)


class AnswerRevision(models.Model):
    """One change of one cell, kept for ever; its own record in the audit trail.

    `ip` and `request_id` say from where, as far as there was a request.
    """

    answer = models.ForeignKey(
        Answer, models.PROTECT, related_name="revisions", verbose_name=_("answer")
    )
    revision = models.PositiveIntegerField(_("revision"))
    value = models.JSONField(_("value"), null=True)
    is_confirmed = models.BooleanField(_("confirmed"), default=True)
    via = models.CharField(_("way"), max_length=10, choices=Via)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("changed by"),
    )
    changed_at = models.DateTimeField(_("changed at"))
    ip = models.GenericIPAddressField(_("address"), null=True, blank=True)
    request_id = models.CharField(
        _("request"), max_length=REQUEST_ID_MAX, blank=True, default=""
    )

    class Meta:
        ordering = ["answer", "revision"]
        verbose_name = _("revision of an answer")
        verbose_name_plural = _("revisions of answers")
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "revision"], name="answer_revision_once"
            )
        ]
        indexes = [
            models.Index(fields=["changed_at", "id"], name="answer_revision_by_time")
        ]

    def __str__(self) -> str:
        return f"{self.answer} r{self.revision}"
