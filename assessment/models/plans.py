"""The action plan of a response, its history, and the editions a country adopted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessment.models.common import Withdrawable, together
from assessment.models.rounds import Response

TITLE_MAX = 300
CODE_MAX = 20


class PlanEdition(models.Model):
    """A plan as the country adopted it; it is never changed, a new one follows.

    `canonical_json` is the exact RFC 8785 text whose SHA-256 is `sha256`. Written by
    `services.plan_editions` only.
    """

    response = models.ForeignKey(
        Response,
        models.PROTECT,
        related_name="plan_editions",
        verbose_name=_("response"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    canonical_json = models.TextField(_("canonical JSON"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    adopted_at = models.DateTimeField(_("adopted at"))
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("adopted by"),
    )

    class Meta:
        ordering = ["response", "number"]
        verbose_name = _("edition of an action plan")
        verbose_name_plural = _("editions of action plans")
        constraints = [
            models.UniqueConstraint(
                fields=["response", "number"], name="plan_edition_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.response} #{self.number}"


class PlanAction(Withdrawable):
    """One action of the plan: a recommendation of the catalogue, or the country's own.

    A recommended one has a code and no title: its words are the instrument's, in every
    language; an own one has a title. `owner` is an institution as text, as in answers.
    `number` counts the actions of a response from 1 and stays. An action carried over
    names the edition it stood in, its number and its status there; its own status is
    empty until the country has said what became of it. Never deleted: withdrawn. Written
    by `services.plans` and `services.plan_editions` only.
    """

    class Cost(models.TextChoices):
        """In United States dollars, all years together."""

        NONE = "none", _("No cost")
        UNDER_10 = "under_10", _("Under 10,000")
        FROM_10 = "from_10", _("10,000 to 50,000")
        FROM_50 = "from_50", _("50,000 to 250,000")
        OVER_250 = "over_250", _("Over 250,000")
        UNKNOWN = "unknown", _("Not known")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        POSTPONED = "postponed", _("Postponed")
        DROPPED = "dropped", _("Dropped")

    response = models.ForeignKey(
        Response,
        models.PROTECT,
        related_name="plan_actions",
        verbose_name=_("response"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    position = models.PositiveIntegerField(_("position"))
    recommendation = models.CharField(
        _("recommendation"), max_length=CODE_MAX, blank=True
    )
    title = models.CharField(_("title"), max_length=TITLE_MAX, blank=True)
    text = models.TextField(_("what is to be done"), blank=True)
    owner = models.CharField(_("responsible"), max_length=TITLE_MAX, blank=True)
    co_owners = models.TextField(_("together with"), blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    cost = models.CharField(_("cost"), max_length=10, choices=Cost, blank=True)
    partners = models.JSONField(_("support asked from"), default=list, blank=True)
    partners_other = models.CharField(
        _("others asked"), max_length=TITLE_MAX, blank=True
    )
    measure = models.TextField(_("seen from"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    earlier = models.ForeignKey(
        PlanEdition,
        models.PROTECT,
        related_name="carried",
        null=True,
        blank=True,
        verbose_name=_("carried over from"),
    )
    earlier_number = models.PositiveSmallIntegerField(
        _("number in that edition"), null=True, blank=True
    )
    earlier_status = models.CharField(
        _("status in that edition"), max_length=10, blank=True
    )
    revision = models.PositiveIntegerField(_("revision"), default=1)
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("changed by"),
    )

    class Meta:
        ordering = ["response", "position", "pk"]
        verbose_name = _("action of a plan")
        verbose_name_plural = _("actions of plans")
        constraints = [
            models.UniqueConstraint(
                fields=["response", "number"], name="plan_action_number"
            ),
            models.UniqueConstraint(
                fields=["response", "recommendation"],
                condition=Q(withdrawn_at__isnull=True) & ~Q(recommendation=""),
                name="plan_action_recommended_once",
            ),
            models.UniqueConstraint(
                fields=["response", "earlier", "earlier_number"],
                name="plan_action_carried_once",
            ),
            models.CheckConstraint(
                condition=(Q(recommendation="") & ~Q(title=""))
                | (~Q(recommendation="") & Q(title="")),
                name="plan_action_recommended_or_titled",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="plan_action_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(status="") | Q(earlier__isnull=False),
                name="plan_action_status_unsaid_only_if_carried",
            ),
            models.CheckConstraint(
                condition=Q(earlier__isnull=True, earlier_number__isnull=True)
                | Q(earlier__isnull=False, earlier_number__isnull=False),
                name="plan_action_earlier_and_number_together",
            ),
            together("plan_action", "withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.response}: {self.recommendation or self.title}"


class PlanActionRevision(models.Model):
    """One change of an action, kept for ever; `content` is all of it as it then was."""

    action = models.ForeignKey(
        PlanAction,
        models.PROTECT,
        related_name="revisions",
        verbose_name=_("action"),
    )
    revision = models.PositiveIntegerField(_("revision"))
    content = models.JSONField(_("content"))
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("changed by"),
    )

    class Meta:
        ordering = ["action", "revision"]
        verbose_name = _("revision of an action")
        verbose_name_plural = _("revisions of actions")
        constraints = [
            models.UniqueConstraint(
                fields=["action", "revision"], name="plan_action_revision_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} r{self.revision}"
