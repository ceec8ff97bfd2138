"""Files given as evidence for a question, beside the links of its `@evidence` cell."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.common import Withdrawable, together
from assessment.models.rounds import Response


def random_name(instance: EvidenceFile, name: str) -> str:
    """Return where a file is stored: nothing of it can be guessed or chosen."""
    token = secrets.token_hex(20)
    return f"evidence/{token[:2]}/{token[2:]}"


class EvidenceFile(Withdrawable):
    """A document uploaded for a question, or for one row of a matrix.

    `name` is the file's own, made safe; `file` is stored under a random one. A file
    withdrawn is kept: submissions made before still list it. Written by
    `services.evidence` only.
    """

    response = models.ForeignKey(
        Response,
        models.PROTECT,
        related_name="evidence_files",
        verbose_name=_("response"),
    )
    question = models.CharField(_("question"), max_length=40)
    row = models.CharField(_("row"), max_length=40, blank=True)
    name = models.CharField(_("name of the file"), max_length=150)
    title = models.CharField(_("title"), max_length=300, blank=True)
    content_type = models.CharField(_("content type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"), help_text=_("Bytes."))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    file = models.FileField(_("file"), upload_to=random_name, max_length=200)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("uploaded by"),
    )

    class Meta:
        ordering = ["response", "question", "row", "uploaded_at", "pk"]
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        constraints = [
            together("evidence_file", "withdrawn"),
            models.CheckConstraint(
                condition=models.Q(size__gte=1), name="evidence_file_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.name

    @property
    def shown_title(self) -> str:
        return self.title or self.name
