"""Reports as PDF that were rendered once and are kept."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models.rounds import Response, Round
from assessment.models.work import Work


def rendered_name(instance: RenderedReport, name: str) -> str:
    """Return where a file is stored: nothing of it can be guessed or chosen."""
    token = secrets.token_hex(20)
    return f"reports/{token[:2]}/{token[2:]}"


class RenderedReport(Work):
    """The report of a record in a language, found again by the digest of its contents.

    `key` is the SHA-256 of everything the document depends on (`reports.content_key`);
    `number` is that of the submission, None for a draft, which is kept for a day only;
    `edition` that of the adopted action plan that is printed, None for none. The synthesis
    of a region, empty for all, is of a round instead of a response and has neither number.
    Written by `reports.kept` only; what is deleted is rendered again when it is asked for.
    """

    key = models.CharField(_("digest of its contents"), max_length=64, unique=True)
    response = models.ForeignKey(
        Response,
        models.PROTECT,
        related_name="rendered_reports",
        verbose_name=_("response"),
        null=True,
        blank=True,
    )
    round = models.ForeignKey(
        Round,
        models.PROTECT,
        related_name="rendered_syntheses",
        verbose_name=_("round"),
        null=True,
        blank=True,
    )
    region = models.CharField(_("region"), max_length=60, blank=True)
    number = models.PositiveSmallIntegerField(_("submission"), null=True, blank=True)
    edition = models.PositiveSmallIntegerField(
        _("edition of the action plan"), null=True, blank=True
    )
    file = models.FileField(
        _("file"), upload_to=rendered_name, max_length=200, blank=True
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("rendered report")
        verbose_name_plural = _("rendered reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "building", "ready", "failed"]),
                name="rendered_report_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="ready") | Q(size__gte=1),
                name="rendered_report_ready_has_a_file",
            ),
            models.CheckConstraint(
                condition=Q(response__isnull=False, round__isnull=True, region="")
                | Q(
                    response__isnull=True,
                    round__isnull=False,
                    number__isnull=True,
                    edition__isnull=True,
                ),
                name="rendered_report_of_a_response_or_a_round",
            ),
        ]

    def __str__(self) -> str:
        if self.response is None:
            return f"{self.round} {self.region} {self.language}"
        return f"{self.response} {self.number or ''} {self.language}"
