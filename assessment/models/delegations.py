"""Who answers which part of a response."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.models.people import Country, User
from assessment.models.rounds import DEADLINE_ZONE, Response


class Team(models.Model):
    """How a country shares the work; a country without one is open.

    Not a field of Country, which is loaded from a fixture again and again.
    """

    class Mode(models.TextChoices):
        OPEN = "open", _("Open")
        DELEGATED = "delegated", _("Delegated")

    country = models.OneToOneField(
        Country, models.PROTECT, related_name="team", verbose_name=_("country")
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.OPEN)
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("changed by"),
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [
            models.CheckConstraint(
                condition=Q(mode__in=["open", "delegated"]), name="team_mode_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.get_mode_display()}"


def _together(name: str, *fields: str) -> models.CheckConstraint:
    """Return the constraint that all of `fields` are null or none is."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True for field in fields})
        | Q(**{f"{field}__isnull": False for field in fields}),
        name=name,
    )


class Delegation(models.Model):
    """A person's right and duty to answer part of a response.

    `parts` are codes of sections, questions or matrix rows (`assessment.parts`). Whoever is
    not here yet is named by `email`, in small letters, and has the part from the moment
    somebody signs in with that address. A delegation ends, it is never deleted.
    """

    class Ending(models.TextChoices):
        WITHDRAWN = "withdrawn", _("Withdrawn")
        HANDED_BACK = "handed_back", _("Handed back")

    response = models.ForeignKey(
        Response,
        models.PROTECT,
        related_name="delegations",
        verbose_name=_("response"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="delegations",
        null=True,
        blank=True,
        verbose_name=_("person"),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    parts = models.JSONField(_("parts"))
    due_on = models.DateField(_("due on"))
    message = models.TextField(_("message"), blank=True)
    delegated_at = models.DateTimeField(_("delegated at"))
    delegated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("delegated by"),
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("done by"),
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("ended by"),
    )
    ending = models.CharField(_("ending"), max_length=20, choices=Ending, blank=True)
    ending_message = models.TextField(_("message at the end"), blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    escalated_at = models.DateTimeField(
        _("coordinators told at"), null=True, blank=True
    )

    class Meta:
        ordering = ["response", "due_on", "pk"]
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, email="")
                | Q(user__isnull=True) & ~Q(email=""),
                name="delegation_to_person_or_address",
            ),
            _together("delegation_done_at_and_by_together", "done_at", "done_by"),
            _together("delegation_ended_at_and_by_together", "ended_at", "ended_by"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="")
                | Q(ended_at__isnull=False, ending__in=["withdrawn", "handed_back"]),
                name="delegation_ending_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["response"],
                condition=Q(ended_at__isnull=True),
                name="delegation_running",
            )
        ]

    def __str__(self) -> str:
        return f"{self.response}: {self.address} – {', '.join(self.parts)}"

    @property
    def address(self) -> str:
        """The e-mail address of whoever has the part."""
        return self.user.email if self.user else self.email

    @property
    def is_overdue(self) -> bool:
        is_running = self.done_at is None and self.ended_at is None
        return is_running and self.due_on < today()

    def is_of(self, user: User) -> bool:
        return self.user_id == user.pk or self.email == user.email.lower()


def today() -> datetime.date:
    """Return the day as deadlines count it: it ends in UTC−12."""
    return timezone.now().astimezone(DEADLINE_ZONE).date()
