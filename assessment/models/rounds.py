"""Rounds of collection and the responses of countries."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.people import Country
from questionnaire.models import Questionnaire

# A deadline is the end of that day in the last time zone on earth.
DEADLINE_ZONE = datetime.timezone(datetime.timedelta(hours=-12))


class Round(models.Model):
    """One wave of collection; opening it publishes its questionnaire version."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=200)
    year = models.PositiveSmallIntegerField(
        _("assessment year"),
        help_text=_("Prefills the assessment year of every response."),
    )
    questionnaire = models.ForeignKey(
        Questionnaire,
        models.PROTECT,
        related_name="rounds",
        verbose_name=_("questionnaire"),
    )
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(
        _("deadline"),
        help_text=_("Soft: answers are accepted until the round is closed."),
    )
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    is_illustrative = models.BooleanField(
        _("illustrative"),
        default=False,
        help_text=_("Marks every page and report of the round as illustrative."),
    )
    asks_for_clearance = models.BooleanField(
        _("asks for clearance"),
        default=False,
        help_text=_(
            "A country submits only once the head of its statistical office has cleared "
            "the answers. What is submitted already stays as it is."
        ),
    )

    class Meta:
        ordering = ["-year", "-code"]
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")),
                name="round_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True)
                | models.Q(opened_at__isnull=False),
                name="round_closed_only_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None

    @property
    def deadline(self) -> datetime.datetime:
        """The moment at which the deadline passes: the end of that day in UTC−12."""
        midnight = datetime.datetime.combine(
            self.closes_on + datetime.timedelta(days=1),
            datetime.time.min,
            DEADLINE_ZONE,
        )
        return midnight.astimezone(datetime.UTC)

    def days_left(self, now: datetime.datetime) -> int:
        """Return whole days until the deadline: 0 on the last day, negative after it."""
        return (self.deadline - now).days


class Response(models.Model):
    """One country's answers to the questionnaire of one round."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned for correction")
        ACCEPTED = "accepted", _("Accepted")

    round = models.ForeignKey(
        Round, models.PROTECT, related_name="responses", verbose_name=_("round")
    )
    country = models.ForeignKey(
        Country, models.PROTECT, related_name="responses", verbose_name=_("country")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT
    )
    opened_at = models.DateTimeField(_("opened at"), auto_now_add=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("opened by"),
    )
    prefilled_from = models.ForeignKey(
        "assessment.Submission",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("prefilled from"),
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("assigned officer"),
    )
    prints_views = models.BooleanField(
        _("prints differing views"),
        default=False,
        help_text=_("Whether the report's annex prints the differing views."),
    )

    class Meta:
        ordering = ["round", "country__name"]
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "country"], name="response_once_a_round"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["draft", "submitted", "returned", "accepted"]
                ),
                name="response_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} – {self.round}"

    @property
    def is_editable(self) -> bool:
        return self.status in (self.Status.DRAFT, self.Status.RETURNED)
