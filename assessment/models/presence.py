"""Who is on a response just now."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.rounds import Response


class Presence(models.Model):
    """Where a person was last seen in a response; one row each, written over at every sign.

    Nothing is deleted from what people say and decide. This is neither: a row is true for
    half a minute, and keeping where everybody was and when would be watching them.
    """

    response = models.ForeignKey(
        Response, models.PROTECT, related_name="+", verbose_name=_("response")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
    )
    section = models.CharField(
        _("section"), max_length=40, blank=True, help_text=_("Empty on the overview.")
    )
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presence")
        constraints = [
            models.UniqueConstraint(fields=["response", "user"], name="presence_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.response} {self.section}"
