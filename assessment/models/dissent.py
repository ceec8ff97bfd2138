"""What somebody in the country holds against the national answer, beside that answer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.common import Withdrawable, together
from assessment.models.rounds import Response
from questionnaire.addresses import Address


class DifferingView(Withdrawable):
    """A value or a remark that differs from the national answer, which it never changes.

    Kept for ever: a view is withdrawn, and a changed one is withdrawn and recorded anew.
    Written by `services.dissent` only.
    """

    response = models.ForeignKey(
        Response, models.PROTECT, related_name="views", verbose_name=_("response")
    )
    question = models.CharField(_("question"), max_length=40)
    row = models.CharField(_("row"), max_length=40, blank=True)
    column = models.CharField(_("column"), max_length=40, blank=True)
    value = models.JSONField(_("value"), null=True, blank=True)
    text = models.TextField(_("remark"), blank=True)
    institution = models.CharField(_("who holds it"), max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        ordering = ["response", "recorded_at", "pk"]
        verbose_name = _("differing view")
        verbose_name_plural = _("differing views")
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question", "row", "column", "recorded_by"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="differing_view_one_a_person",
            ),
            together("differing_view", "withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.institution}"

    @property
    def address(self) -> Address:
        return Address(self.question, self.row, self.column)

    def says(self, value: Any, text: str, institution: str) -> bool:
        """Whether this is what it says already."""
        return (self.value, self.text, self.institution) == (value, text, institution)
