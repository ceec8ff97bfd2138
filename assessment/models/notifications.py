"""What people are told happened, and how each of them wants to be told by e-mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models.people import Country
from assessment.models.rounds import Response


class Kind(models.TextChoices):
    """What happened; `notice_words` says it in a sentence."""

    INVITED = "invited", _("I am invited to a country's team")
    DELEGATED = "delegated", _("A part is delegated to me")
    DUE_SOON = "due_soon", _("My part or the whole response is due soon")
    OVERDUE = "overdue", _("Parts of colleagues are overdue")
    HANDED_BACK = "handed_back", _("A part is handed back")
    RETURNED = "returned", _("The response is returned for correction")
    ACCEPTED = "accepted", _("The response is accepted")
    REOPENED = "reopened", _("An accepted response is reopened")
    COMMENTED = "commented", _("A comment is opened")
    REPLIED = "replied", _("A comment is replied to")
    SUBMITTED = "submitted", _("A response is submitted")
    WITHDRAWN = "withdrawn", _("A submission is withdrawn")
    PLAN_ADOPTED = "plan_adopted", _("An edition of an action plan is adopted")
    ASSIGNED = "assigned", _("I am put in charge of a country")


class Channel(models.TextChoices):
    """When an e-mail goes out; the site itself always shows a notice."""

    IMMEDIATE = "immediate", _("At once")
    DAILY = "daily", _("Once a day")
    NONE = "none", _("No e-mail")


class Notification(models.Model):
    """One person is told of one thing. Written by `services.notices` only.

    It holds names of places and numbers, never what somebody wrote; the sentence is made
    when it is read, in the reader's language. `channel` is what the person wanted when it
    happened; `mailed_at` is written before an e-mail leaves, so that it leaves once.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="notifications",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    response = models.ForeignKey(
        Response,
        models.PROTECT,
        related_name="notifications",
        null=True,
        blank=True,
        verbose_name=_("response"),
    )
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("country"),
    )
    params = models.JSONField(_("names and numbers"), default=dict)
    path = models.CharField(_("leads to"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("by"),
    )
    channel = models.CharField(_("e-mail"), max_length=10, choices=Channel)
    created_at = models.DateTimeField(_("created at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=["immediate", "daily", "none"]),
                name="notification_channel_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"],
                condition=Q(read_at__isnull=True),
                name="notification_unread",
            ),
            models.Index(fields=["person", "-id"], name="notification_newest"),
            models.Index(
                fields=["person"],
                condition=Q(channel="daily", mailed_at__isnull=True),
                name="notification_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"


class NotificationPreference(models.Model):
    """What a person chose for one kind; without one the default of the kind counts."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="notification_preferences",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    channel = models.CharField(_("e-mail"), max_length=10, choices=Channel)

    class Meta:
        ordering = ["person", "kind"]
        verbose_name = _("choice of e-mails")
        verbose_name_plural = _("choices of e-mails")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], name="notification_preference_once"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["immediate", "daily", "none"]),
                name="notification_preference_channel_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind} {self.channel}"
