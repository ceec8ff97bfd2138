"""What the analysis found in a frozen record, kept because finding it reads every answer."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordFigures(models.Model):
    """The figures of one submission or acceptance, by the hash of its record.

    `method` is a digest of the code that computed them: figures of another method are not
    read, and computed anew. What a record says never changes, so a line never does.
    Written by `services.figures` only; it may be emptied at any time.
    """

    record = models.CharField(_("SHA-256 of the record"), max_length=64)
    method = models.CharField(_("digest of the method"), max_length=64)
    figures = models.JSONField(_("figures"))

    class Meta:
        verbose_name = _("figures of a record")
        verbose_name_plural = _("figures of records")
        constraints = [
            models.UniqueConstraint(
                fields=["record", "method"], name="figures_once_a_record_and_method"
            )
        ]

    def __str__(self) -> str:
        return self.record[:12]
