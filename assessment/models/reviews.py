"""What review rests on: submissions, acceptances and the log of transitions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.common import Withdrawable, together
from assessment.models.rounds import Response


class Submission(Withdrawable):
    """The immutable copy of a response handed to review.

    `canonical_json` is the exact RFC 8785 text whose SHA-256 is `sha256`. `views_json` is
    the text of the differing views that its report prints, empty for none; `names_json`
    are the names that country and round bore, which may be renamed. Only the two fields of
    a withdrawal are ever written after creation.
    """

    response = models.ForeignKey(
        Response, models.PROTECT, related_name="submissions", verbose_name=_("response")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    canonical_json = models.TextField(_("canonical JSON"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    views_json = models.TextField(_("differing views printed"), blank=True)
    names_json = models.TextField(_("names of country and round"), blank=True)
    submitted_at = models.DateTimeField(_("submitted at"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("submitted by"),
    )

    class Meta:
        ordering = ["response", "number"]
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.UniqueConstraint(
                fields=["response", "number"], name="submission_number"
            ),
            together("submission", "withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.response} #{self.number}"


class Acceptance(models.Model):
    """What was accepted: the submission's hash and the reviewed values, with its own hash."""

    submission = models.OneToOneField(
        Submission,
        models.PROTECT,
        related_name="acceptance",
        verbose_name=_("submission"),
    )
    canonical_json = models.TextField(_("canonical JSON"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    accepted_at = models.DateTimeField(_("accepted at"))
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("accepted by"),
    )

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")

    def __str__(self) -> str:
        return f"{self.submission} {self.sha256[:12]}"


class Transition(models.Model):
    """A change of a response's status: who, when, from what to what, and why."""

    class Action(models.TextChoices):
        OPEN = "open", _("Opened")
        SUBMIT = "submit", _("Submitted")
        WITHDRAW = "withdraw", _("Withdrawn")
        RETURN = "return", _("Returned")
        ACCEPT = "accept", _("Accepted")
        REOPEN = "reopen", _("Reopened")

    response = models.ForeignKey(
        Response, models.PROTECT, related_name="transitions", verbose_name=_("response")
    )
    action = models.CharField(_("action"), max_length=10, choices=Action)
    from_status = models.CharField(_("from"), max_length=10, blank=True)
    to_status = models.CharField(_("to"), max_length=10)
    message = models.TextField(_("message"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["response", "made_at", "pk"]
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")

    def __str__(self) -> str:
        return f"{self.response}: {self.get_action_display()}"
