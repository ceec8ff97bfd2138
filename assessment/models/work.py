"""Work in the background that somebody may be waiting for."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

# Work that gave no sign of life for so long was cut off: a report takes seconds.
SILENT = timedelta(minutes=3)
# Work that nobody took up for so long will not be: no worker runs.
UNTAKEN = timedelta(hours=1)


class WorkStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    BUILDING = "building", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class Work(models.Model):
    """A file that is made in the background.

    `attempt` tells the present work from one that was cut off and might still go on;
    `signed_at` is its last sign of life.
    """

    Status = WorkStatus

    language = models.CharField(_("language"), max_length=12)
    status = models.CharField(
        _("status"), max_length=10, choices=WorkStatus, default=WorkStatus.WAITING
    )
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    signed_at = models.DateTimeField(_("last sign of life"))
    size = models.PositiveBigIntegerField(_("size"), default=0, help_text=_("Bytes."))

    class Meta:
        abstract = True

    def status_at(self, now: datetime) -> WorkStatus:
        """Return the status, failed also where the work was cut off or never begun."""
        silence = now - self.signed_at
        limit = {WorkStatus.WAITING: UNTAKEN, WorkStatus.BUILDING: SILENT}
        status = WorkStatus(self.status)
        return WorkStatus.FAILED if silence > limit.get(status, silence) else status
