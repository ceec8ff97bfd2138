"""National institutions that produce or hold migration data, and their history."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.people import Country

NAME_MAX = 300
SHORT_NAME_MAX = 60


class Institution(models.Model):
    """A national producer or holder of data. Answers keep its name as text.

    `aliases` are earlier names and those of institutions merged into this one. `key` is
    the name as names are compared (`institution_queries.name_key`). Written by
    `services.institutions` only.
    """

    class Kind(models.TextChoices):
        """As the questionnaire groups agencies (COO-04, COO-MOU)."""

        STATISTICS = "statistics", _("Statistical office")
        BORDER = "border", _("Border or immigration authority")
        INTERIOR = "interior", _("Interior ministry, register or residence permits")
        LABOUR = "labour", _("Labour ministry")
        FOREIGN = "foreign", _("Foreign affairs ministry")
        ASYLUM = "asylum", _("Asylum or refugee authority")
        CIVIL = "civil", _("Civil registration authority")
        EDUCATION = "education", _("Education ministry")
        SOCIAL = "social", _("Health or social security institution")
        JUSTICE = "justice", _("Police and justice")
        BANK = "bank", _("Central bank")
        PLANNING = "planning", _("Planning or finance ministry")
        MINISTRY = "ministry", _("Other ministry")
        LOCAL = "local", _("Regional or local authority")
        RESEARCH = "research", _("University or research institute")
        INTERNATIONAL = "international", _("International organization")
        OTHER = "other", _("Other")

    country = models.ForeignKey(
        Country,
        models.PROTECT,
        related_name="institutions",
        verbose_name=_("country"),
    )
    name = models.CharField(_("name"), max_length=NAME_MAX)
    key = models.CharField(_("key"), max_length=3 * NAME_MAX, editable=False)
    short_name = models.CharField(
        _("short name"), max_length=SHORT_NAME_MAX, blank=True
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=150, blank=True)
    contact_email = models.EmailField(_("e-mail of the contact person"), blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
        verbose_name=_("part of"),
    )
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    created_at = models.DateTimeField(_("added at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("added by"),
    )
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("retired by"),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="merged",
        null=True,
        blank=True,
        verbose_name=_("merged into"),
    )
    merged_at = models.DateTimeField(_("merged at"), null=True, blank=True)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("merged by"),
    )

    class Meta:
        ordering = ["country", "name"]
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "key"],
                condition=models.Q(merged_into__isnull=True),
                name="institution_once_a_country",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    merged_into__isnull=True,
                    merged_at__isnull=True,
                    merged_by__isnull=True,
                )
                | models.Q(
                    merged_into__isnull=False,
                    merged_at__isnull=False,
                    merged_by__isnull=False,
                ),
                name="institution_merged_into_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=models.Q(retired_at__isnull=True, retired_by__isnull=True)
                | models.Q(retired_at__isnull=False, retired_by__isnull=False),
                name="institution_retired_at_and_by_together",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def names(self) -> list[str]:
        """Every name by which answers may mean it, its own first."""
        return [
            self.name,
            *([self.short_name] if self.short_name else []),
            *self.aliases,
        ]


class InstitutionChange(models.Model):
    """One change of an institution, kept for ever; `answers` counts those rewritten."""

    class What(models.TextChoices):
        ADDED = "added", _("Added")
        NAME = "name", _("Name")
        SHORT_NAME = "short_name", _("Short name")
        KIND = "kind", _("Kind")
        CONTACT_NAME = "contact_name", _("Contact person")
        CONTACT_EMAIL = "contact_email", _("E-mail of the contact person")
        PARENT = "parent", _("Part of")
        ALIASES = "aliases", _("Other names")
        RETIRED = "retired", _("No longer offered")
        MERGED = "merged", _("Merged into another")
        ABSORBED = "absorbed", _("Another merged into it")

    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="changes",
        verbose_name=_("institution"),
    )
    what = models.CharField(_("what"), max_length=20, choices=What)
    before = models.TextField(_("from"), blank=True)
    after = models.TextField(_("to"), blank=True)
    answers = models.PositiveIntegerField(_("answers rewritten"), default=0)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("changed by"),
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        ordering = ["institution", "changed_at", "pk"]
        verbose_name = _("change of an institution")
        verbose_name_plural = _("changes of institutions")

    def __str__(self) -> str:
        return f"{self.institution}: {self.get_what_display()}"
