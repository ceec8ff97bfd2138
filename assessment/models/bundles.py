"""Reports of many countries in one file, made in the background."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models.rounds import Response, Round
from assessment.models.work import Work

KEPT = timedelta(days=7)


def bundle_name(instance: ReportBundle, name: str) -> str:
    """Return where a file is stored: nothing of it can be guessed or chosen."""
    token = secrets.token_hex(20)
    return f"bundles/{token[:2]}/{token[2:]}"


class ReportBundle(Work):
    """The reports of chosen countries as one ZIP, for the person who asked for it.

    Written by `reports.bundles` only.
    """

    round = models.ForeignKey(
        Round, models.PROTECT, related_name="bundles", verbose_name=_("round")
    )
    requested_at = models.DateTimeField(_("requested at"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("requested by"),
    )
    file = models.FileField(
        _("file"), upload_to=bundle_name, max_length=200, blank=True
    )
    expires_at = models.DateTimeField(_("kept until"))

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = _("bundle of reports")
        verbose_name_plural = _("bundles of reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "building", "ready", "failed"]),
                name="report_bundle_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} #{self.pk}"

    def is_expired(self, now: datetime) -> bool:
        return now >= self.expires_at


class BundledReport(models.Model):
    """One country of a bundle, and what became of its report."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Included")
        LEFT_OUT = "left_out", _("Left out")
        FAILED = "failed", _("Failed")

    bundle = models.ForeignKey(
        ReportBundle,
        models.PROTECT,
        related_name="reports",
        verbose_name=_("bundle"),
    )
    response = models.ForeignKey(
        Response, models.PROTECT, related_name="+", verbose_name=_("response")
    )
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.WAITING
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["bundle", "response__country__name"]
        verbose_name = _("report of a bundle")
        verbose_name_plural = _("reports of a bundle")
        constraints = [
            models.UniqueConstraint(
                fields=["bundle", "response"], name="bundled_report_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["waiting", "done", "left_out", "failed"]),
                name="bundled_report_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bundle_id}: {self.response_id} {self.outcome}"
