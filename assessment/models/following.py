"""How officers follow a round: progress, who is in charge, and reminders."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models.rounds import Response


class ResponseProgress(models.Model):
    """The completeness of a response, kept because computing it reads every answer.

    It holds for the answers whose revisions add up to `revisions`, read against the
    questionnaire with `content_hash`: every change of an answer adds one, so equal sums
    are equal answers, and what does not fit is computed anew. Written by
    `services.progress` only; a migration that changes what counts must empty the table.
    """

    response = models.OneToOneField(
        Response,
        models.PROTECT,
        primary_key=True,
        related_name="progress",
        verbose_name=_("response"),
    )
    completeness = models.FloatField(
        _("completeness"), null=True, help_text=_("0 to 100; none if nothing counts.")
    )
    revisions = models.PositiveBigIntegerField(_("revisions"))
    content_hash = models.CharField(_("questionnaire"), max_length=64)

    class Meta:
        verbose_name = _("progress of a response")
        verbose_name_plural = _("progress of responses")
        constraints = [
            models.CheckConstraint(
                condition=Q(completeness__isnull=True)
                | Q(completeness__gte=0, completeness__lte=100),
                name="response_progress_in_per_cent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.completeness}"


class OfficerAssignment(models.Model):
    """Who was put in charge of a response, by whom and when; never changed."""

    response = models.ForeignKey(
        Response,
        models.PROTECT,
        related_name="officer_assignments",
        verbose_name=_("response"),
    )
    from_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("from"),
    )
    to_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("to"),
    )
    assigned_at = models.DateTimeField(_("assigned at"))
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("assigned by"),
    )

    class Meta:
        ordering = ["response", "assigned_at", "pk"]
        verbose_name = _("assignment of an officer")
        verbose_name_plural = _("assignments of officers")

    def __str__(self) -> str:
        return f"{self.response_id}: {self.to_officer_id or '–'}"


class CountryReminder(models.Model):
    """A reminder sent to the coordinators of a country; `sent_to` are their addresses."""

    response = models.ForeignKey(
        Response,
        models.PROTECT,
        related_name="country_reminders",
        verbose_name=_("response"),
    )
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    sent_to = models.JSONField(_("sent to"))
    sent_at = models.DateTimeField(_("sent at"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("sent by"),
    )

    class Meta:
        ordering = ["response", "sent_at", "pk"]
        verbose_name = _("reminder of a country")
        verbose_name_plural = _("reminders of countries")

    def __str__(self) -> str:
        return f"{self.response_id}: {self.subject}"
