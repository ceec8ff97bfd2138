"""What country and reviewer say to each other about a response, and officers' own notes.

Internal notes stand in a table of their own: no query of comments can return one.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models.common import Withdrawable, together
from assessment.models.reviews import Submission
from assessment.models.rounds import Response
from questionnaire.addresses import Address


class Side(models.TextChoices):
    """Who speaks: people of the country, or of the United Nations Statistics Division."""

    COUNTRY = "country", _("Country")
    UNSD = "unsd", _("UNSD")


class _Placed(models.Model):
    """Something said of a cell, a matrix row, a question or a whole section.

    A place is a section and an address in it; of a whole section the address is empty.
    """

    section = models.CharField(_("section"), max_length=40)
    question = models.CharField(_("question"), max_length=40, blank=True)
    row = models.CharField(_("row"), max_length=40, blank=True)
    column = models.CharField(_("column"), max_length=40, blank=True)

    class Meta:
        abstract = True

    @property
    def address(self) -> Address:
        """Where it stands; the question is empty for a whole section."""
        return Address(self.question, self.row, self.column)

    @property
    def place(self) -> str:
        """The place as one text: a section's code, or an address."""
        return str(self.address) if self.question else self.section

    def covers(self, section: str, address: Address) -> bool:
        """Whether it is about a cell of `section`."""
        if not self.question:
            return self.section == section
        return self.question == address.question and all(
            asked in ("", found)
            for asked, found in ((self.row, address.row), (self.column, address.column))
        )


class CommentThread(_Placed):
    """A point of review, or a question of the country: open until it is resolved.

    `must_settle` holds up the next submission until the country has replied or changed
    the answer. Praise is never open. Written by `services.comments` only.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        CORRECTION = "correction", _("Correction asked")
        SUGGESTION = "suggestion", _("Suggestion")
        PRAISE = "praise", _("Praise")

    response = models.ForeignKey(
        Response,
        models.PROTECT,
        related_name="comment_threads",
        verbose_name=_("response"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    must_settle = models.BooleanField(_("must be settled"), default=False)
    side = models.CharField(_("opened by"), max_length=8, choices=Side)
    opened_at = models.DateTimeField(_("opened at"))
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("resolved by"),
    )

    class Meta:
        ordering = ["response", "opened_at", "pk"]
        verbose_name = _("comment thread")
        verbose_name_plural = _("comment threads")
        constraints = [
            models.CheckConstraint(
                condition=Q(must_settle=False) | Q(side=Side.UNSD) & ~Q(kind="praise"),
                name="comment_thread_must_settle_is_asked_by_unsd",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["question", "correction", "suggestion", "praise"]
                ),
                name="comment_thread_kind_known",
            ),
            together("comment_thread", "resolved"),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.get_kind_display()}"


class Comment(Withdrawable):
    """One thing said in a thread; the first one opens it.

    `submission` is the latest one when it was said, none before the first. A withdrawn
    comment stays on record and is shown to nobody.
    """

    thread = models.ForeignKey(
        CommentThread,
        models.PROTECT,
        related_name="comments",
        verbose_name=_("thread"),
    )
    side = models.CharField(_("side"), max_length=8, choices=Side)
    text = models.TextField(_("text"))
    submission = models.ForeignKey(
        Submission,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("submission"),
    )
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )

    class Meta:
        ordering = ["thread", "written_at", "pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [together("comment", "withdrawn")]

    def __str__(self) -> str:
        return f"{self.thread} #{self.pk}"


class InternalNote(_Placed, Withdrawable):
    """What officers note for each other; nobody in the country ever learns of it."""

    response = models.ForeignKey(
        Response,
        models.PROTECT,
        related_name="internal_notes",
        verbose_name=_("response"),
    )
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )

    class Meta:
        ordering = ["response", "written_at", "pk"]
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        constraints = [together("internal_note", "withdrawn")]

    def __str__(self) -> str:
        return f"{self.place} #{self.pk}"
