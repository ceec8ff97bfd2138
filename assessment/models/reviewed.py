"""What reviewers put beside an answer, which it never changes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.comments import CommentThread
from assessment.models.common import Withdrawable, together
from assessment.models.reviews import Submission
from assessment.models.rounds import Response
from questionnaire.addresses import Address


class ReviewedValue(Withdrawable):
    """A value that an officer sets in place of `replaced`, the answer as it was submitted.

    `value` None stands for an answer that is treated as blank. Kept for ever: a reviewed
    value is withdrawn, and a changed one is withdrawn and set anew, in the same `thread`.
    Written by `services.reviewed` only.
    """

    response = models.ForeignKey(
        Response,
        models.PROTECT,
        related_name="reviewed_values",
        verbose_name=_("response"),
    )
    submission = models.ForeignKey(
        Submission,
        models.PROTECT,
        related_name="reviewed_values",
        verbose_name=_("submission"),
    )
    question = models.CharField(_("question"), max_length=40)
    row = models.CharField(_("row"), max_length=40, blank=True)
    column = models.CharField(_("column"), max_length=40, blank=True)
    replaced = models.JSONField(_("answer replaced"), null=True, blank=True)
    value = models.JSONField(_("reviewed value"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    thread = models.ForeignKey(
        CommentThread,
        models.PROTECT,
        related_name="reviewed_values",
        verbose_name=_("thread"),
    )
    set_at = models.DateTimeField(_("set at"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("set by"),
    )

    class Meta:
        ordering = ["response", "set_at", "pk"]
        verbose_name = _("reviewed value")
        verbose_name_plural = _("reviewed values")
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question", "row", "column"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="reviewed_value_one_a_cell",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="reviewed_value_has_a_reason"
            ),
            together("reviewed_value", "withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.value!r}"

    @property
    def address(self) -> Address:
        return Address(self.question, self.row, self.column)

    def says(self, replaced: Any, value: Any, reason: str) -> bool:
        """Whether this is what it says already."""
        return (self.replaced, self.value, self.reason) == (replaced, value, reason)
