"""Who inside the country stands by the answers: institutions, and the head who clears."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models.common import Withdrawable, together
from assessment.models.rounds import Response

INSTITUTION_MAX = 200
PERSON_MAX = 150


class Clearance(Withdrawable):
    """A record, not a status: an institution concurs, or the head of the NSO clears.

    `parts` are codes (`assessment.parts`) of what it is about, none for the whole, which a
    clearance always is about; `answers_sha256` is the digest of the answers in them as
    they stood. `without` names whose concurrence was missing when the head cleared, and
    `key` is the institution as names are compared. Nothing is deleted: a new record
    withdraws the old one. Written by `services.clearance` only.
    """

    class Kind(models.TextChoices):
        CONCURRENCE = "concurrence", _("Concurrence")
        CLEARANCE = "clearance", _("Clearance")

    response = models.ForeignKey(
        Response, models.PROTECT, related_name="clearances", verbose_name=_("response")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    institution = models.CharField(_("institution"), max_length=INSTITUTION_MAX)
    key = models.CharField(_("key"), max_length=3 * INSTITUTION_MAX, editable=False)
    person_name = models.CharField(_("name"), max_length=PERSON_MAX)
    function = models.CharField(_("function"), max_length=INSTITUTION_MAX)
    signed_on = models.DateField(_("signed on"))
    remark = models.TextField(_("remark"), blank=True)
    parts = models.JSONField(_("parts"), default=list, blank=True)
    without = models.JSONField(_("without"), default=list, blank=True)
    answers_sha256 = models.CharField(_("SHA-256 of the answers"), max_length=64)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    class Meta:
        ordering = ["response", "recorded_at", "pk"]
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")
        constraints = [
            models.UniqueConstraint(
                fields=["response", "key"],
                condition=Q(kind="concurrence", withdrawn_at__isnull=True),
                name="clearance_one_concurrence_an_institution",
            ),
            models.UniqueConstraint(
                fields=["response"],
                condition=Q(kind="clearance", withdrawn_at__isnull=True),
                name="clearance_one_a_response",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["concurrence", "clearance"]),
                name="clearance_kind_known",
            ),
            together("clearance", "withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.response}: {self.person_name}, {self.institution}"

    @property
    def is_concurrence(self) -> bool:
        return self.kind == self.Kind.CONCURRENCE
