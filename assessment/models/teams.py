"""How people come into a country's team, and what happened to it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from assessment.models.common import together
from assessment.models.people import Country, Membership


class Invitation(models.Model):
    """An offer of a role in a country, sent by e-mail and accepted once.

    The token is in the e-mail only; here is its SHA-256, none until a message left.
    """

    country = models.ForeignKey(
        Country, models.PROTECT, related_name="invitations", verbose_name=_("country")
    )
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Membership.Role)
    token_sha256 = models.CharField(
        _("SHA-256 of the token"), max_length=64, null=True, blank=True, unique=True
    )
    invited_at = models.DateTimeField(_("invited at"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("invited by"),
    )
    expires_at = models.DateTimeField(_("expires at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("not sent at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("accepted by"),
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("revoked by"),
    )

    class Meta:
        ordering = ["country", "email", "pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                "country",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
            ),
            together("invitation", "accepted"),
            together("invitation", "revoked"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_accepted_or_revoked",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("invited_at")),
                name="invitation_expires_after_it_was_made",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Membership.Role.values),
                name="invitation_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} – {self.country} ({self.get_role_display()})"

    @property
    def is_pending(self) -> bool:
        """Whether it was neither accepted nor revoked; it may have expired."""
        return self.accepted_at is None and self.revoked_at is None

    def is_open(self, now: datetime) -> bool:
        return self.is_pending and now < self.expires_at


class MembershipChange(models.Model):
    """One thing that happened to a country's team: what, to whom, by whom, when."""

    class Kind(models.TextChoices):
        INVITED = "invited", _("invited")
        RESENT = "resent", _("invited again")
        REVOKED = "revoked", _("invitation withdrawn")
        ACCEPTED = "accepted", _("invitation accepted")
        ADDED = "added", _("added by an administrator")
        ROLE = "role", _("role changed")
        DEACTIVATED = "deactivated", _("deactivated")
        REACTIVATED = "reactivated", _("reactivated")
        HANDED_OVER = "handed_over", _("coordinator role handed over")

    country = models.ForeignKey(
        Country,
        models.PROTECT,
        related_name="membership_changes",
        verbose_name=_("country"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("person"),
    )
    email = models.EmailField(_("e-mail invited"), blank=True)
    from_role = models.CharField(
        _("role before"), max_length=20, choices=Membership.Role, blank=True
    )
    to_role = models.CharField(
        _("role after"), max_length=20, choices=Membership.Role, blank=True
    )
    made_at = models.DateTimeField(_("at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta:
        ordering = ["country", "-made_at", "-pk"]
        verbose_name = _("change of a team")
        verbose_name_plural = _("changes of teams")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(email=""),
                name="membership_change_concerns_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["country", "-made_at"], name="membership_change_newest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.get_kind_display()}"
