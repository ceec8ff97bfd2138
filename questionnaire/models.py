"""The instrument as Django models: what fixtures fill and statisticians read.

Parts are found by code, never by id. Rows, columns and choices are validated JSON:
nothing queries them one by one. Once published, a version cannot change
(`questionnaire.guard`).
"""

from __future__ import annotations

from typing import TypeVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from questionnaire.guard import GuardedManager

code_validator = RegexValidator(
    r"^[A-Za-z0-9.\-]+$", _("Use letters, digits, dots, hyphens.")
)


Part = TypeVar("Part", bound=models.Model)


class QuestionnaireManager(GuardedManager["Questionnaire"]):
    def get_by_natural_key(self, code: str, version: str) -> Questionnaire:
        return self.get(code=code, version=version)


class Questionnaire(models.Model):
    """One version of the instrument; `method` holds the constants of the gap analysis."""

    code = models.CharField(_("code"), max_length=20, validators=[code_validator])
    version = models.CharField(_("version"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    subtitle = models.CharField(_("subtitle"), max_length=300, blank=True)
    introduction = models.TextField(_("introduction"), blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    assessment_year_question = models.CharField(
        _("assessment-year question"), max_length=40
    )
    method = models.JSONField(_("method"))

    objects = QuestionnaireManager()

    class Meta:
        ordering = ["code", "version"]
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], name="questionnaire_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    def natural_key(self) -> tuple[str, str]:
        return self.code, self.version


class PartManager(GuardedManager[Part]):
    """Parts of a questionnaire, found by questionnaire code, version and own code."""

    def get_by_natural_key(self, questionnaire: str, version: str, code: str) -> Part:
        return self.get(
            questionnaire__code=questionnaire, questionnaire__version=version, code=code
        )


class Section(models.Model):
    """A part of the questionnaire that one agency may answer."""

    questionnaire = models.ForeignKey(
        Questionnaire,
        models.PROTECT,
        related_name="sections",
        verbose_name=_("questionnaire"),
    )
    code = models.CharField(_("code"), max_length=20, validators=[code_validator])
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("purpose"), blank=True)
    guidance = models.TextField(_("guidance"), blank=True)
    is_scored = models.BooleanField(_("scored"), default=True)
    origin = models.CharField(_("origin"), max_length=20, blank=True)
    subsections = models.JSONField(_("subsections"), default=list, blank=True)

    objects = PartManager["Section"]()

    class Meta:
        ordering = ["questionnaire", "position"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "code"], name="section_code"
            )
        ]

    def __str__(self) -> str:
        return self.code

    def natural_key(self) -> tuple[str, str, str]:
        return (*self.questionnaire.natural_key(), self.code)

    natural_key.dependencies = ["questionnaire.questionnaire"]  # type: ignore[attr-defined]


class QuestionManager(GuardedManager["Question"]):
    def get_by_natural_key(
        self, questionnaire: str, version: str, code: str
    ) -> Question:
        return self.get(
            section__questionnaire__code=questionnaire,
            section__questionnaire__version=version,
            code=code,
        )


class Question(models.Model):
    """A question, a matrix or a repeating group, with its choices, rows and columns.

    Keys inside the JSON are those of the instrument's description: a choice has `value`,
    `label`, `score` (0 to 1), `exclusive`; `choices` may name one of the questionnaire's
    choice sets instead.
    """

    class Kind(models.TextChoices):
        YES_NO = "yes_no", _("Yes or no")
        SINGLE_CHOICE = "single_choice", _("Single choice")
        MULTIPLE_CHOICE = "multiple_choice", _("Multiple choice")
        TEXT = "text", _("Short text")
        LONG_TEXT = "long_text", _("Long text")
        INTEGER = "integer", _("Whole number")
        DECIMAL = "decimal", _("Decimal number")
        YEAR = "year", _("Year")
        DATE = "date", _("Date")
        URL = "url", _("Web address")
        MATRIX = "matrix", _("Matrix")
        REPEATING_GROUP = "repeating_group", _("Repeating group")

    section = models.ForeignKey(
        Section, models.PROTECT, related_name="questions", verbose_name=_("section")
    )
    code = models.CharField(_("code"), max_length=40, validators=[code_validator])
    position = models.PositiveSmallIntegerField(_("position"))
    subsection = models.CharField(_("subsection"), max_length=40, blank=True)
    short = models.CharField(_("short label"), max_length=120)
    text = models.TextField(_("text"))
    hint = models.TextField(_("hint"), blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    is_required = models.BooleanField(_("required"), default=False)
    show_if = models.JSONField(_("shown if"), null=True, blank=True)
    when_hidden = models.CharField(_("when hidden"), max_length=10, blank=True)
    allows_na = models.BooleanField(_("allows not applicable"), default=False)
    is_scored = models.BooleanField(_("scored"), default=False)
    weight = models.FloatField(_("weight"), null=True, blank=True)
    dimension = models.CharField(_("dimension"), max_length=20, blank=True)
    band_set = models.CharField(_("band set"), max_length=40, blank=True)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    minimum = models.FloatField(_("minimum"), null=True, blank=True)
    maximum = models.FloatField(_("maximum"), null=True, blank=True)
    lookup = models.CharField(_("lookup"), max_length=20, blank=True)
    sources = models.JSONField(_("sources"), default=list, blank=True)
    evidence = models.CharField(_("evidence"), max_length=10, default="none")
    origin = models.CharField(_("origin"), max_length=20, blank=True)
    gate = models.CharField(_("gate column"), max_length=40, blank=True)
    gate_open = models.JSONField(_("values that open a row"), default=list, blank=True)
    when_closed = models.CharField(_("when closed"), max_length=10, blank=True)
    row_weight = models.JSONField(_("row weight"), null=True, blank=True)
    row_groups = models.JSONField(_("row groups"), default=list, blank=True)
    columns = models.JSONField(_("columns or fields"), default=list, blank=True)
    rows = models.JSONField(_("rows"), default=list, blank=True)
    min_items = models.PositiveSmallIntegerField(
        _("minimum of items"), null=True, blank=True
    )
    max_items = models.PositiveSmallIntegerField(
        _("maximum of items"), null=True, blank=True
    )

    objects = QuestionManager()

    class Meta:
        ordering = ["section", "position"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(fields=["section", "code"], name="question_code")
        ]

    def __str__(self) -> str:
        return self.code

    def natural_key(self) -> tuple[str, str, str]:
        return (*self.section.questionnaire.natural_key(), self.code)

    natural_key.dependencies = ["questionnaire.section"]  # type: ignore[attr-defined]


class Recommendation(models.Model):
    """A capacity-building action, recommended when its trigger is true."""

    questionnaire = models.ForeignKey(
        Questionnaire,
        models.PROTECT,
        related_name="recommendations",
        verbose_name=_("questionnaire"),
    )
    code = models.CharField(_("code"), max_length=20, validators=[code_validator])
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    dimension = models.CharField(_("dimension"), max_length=20)
    kind = models.CharField(_("kind"), max_length=30)
    horizon = models.CharField(_("horizon"), max_length=10)
    trigger = models.JSONField(_("trigger"))
    addresses = models.JSONField(_("need rows addressed"), default=list, blank=True)
    standards = models.JSONField(_("standards"), default=list, blank=True)
    partners = models.JSONField(_("partners"), default=list, blank=True)

    objects = PartManager["Recommendation"]()

    class Meta:
        ordering = ["questionnaire", "position"]
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "code"], name="recommendation_code"
            )
        ]

    def __str__(self) -> str:
        return self.code

    def natural_key(self) -> tuple[str, str, str]:
        return (*self.questionnaire.natural_key(), self.code)

    natural_key.dependencies = ["questionnaire.questionnaire"]  # type: ignore[attr-defined]


class ConsistencyRule(models.Model):
    """A condition that is true when answers contradict each other."""

    class Severity(models.TextChoices):
        ERROR = "error", _("Error")
        WARNING = "warning", _("Warning")

    questionnaire = models.ForeignKey(
        Questionnaire,
        models.PROTECT,
        related_name="consistency_rules",
        verbose_name=_("questionnaire"),
    )
    code = models.CharField(_("code"), max_length=20, validators=[code_validator])
    position = models.PositiveSmallIntegerField(_("position"))
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    topic = models.CharField(_("topic"), max_length=30)
    when = models.JSONField(_("when"))
    message = models.TextField(_("message"))
    cells = models.JSONField(_("cells"))
    rationale = models.TextField(_("rationale"), blank=True)

    objects = PartManager["ConsistencyRule"]()

    class Meta:
        ordering = ["questionnaire", "position"]
        verbose_name = _("consistency rule")
        verbose_name_plural = _("consistency rules")
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "code"], name="consistency_rule_code"
            )
        ]

    def __str__(self) -> str:
        return self.code

    def natural_key(self) -> tuple[str, str, str]:
        return (*self.questionnaire.natural_key(), self.code)

    natural_key.dependencies = ["questionnaire.questionnaire"]  # type: ignore[attr-defined]


class TranslationManager(models.Manager["Translation"]):
    def get_by_natural_key(
        self, questionnaire: str, version: str, address: str, language: str
    ) -> Translation:
        return self.get(
            questionnaire__code=questionnaire,
            questionnaire__version=version,
            address=address,
            language=language,
        )


class Translation(models.Model):
    """One text of a questionnaire in another language.

    `address` names the text as `questionnaire.building` reads it, for example
    `BAS-01:text` or `SRC-INV.row.SRC-CEN:label`. Translations may be corrected after
    publication: they change no code, score or rule.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEWED = "reviewed", _("Reviewed")

    questionnaire = models.ForeignKey(
        Questionnaire,
        models.PROTECT,
        related_name="translations",
        verbose_name=_("questionnaire"),
    )
    address = models.CharField(_("address of the text"), max_length=120)
    language = models.CharField(_("language"), max_length=10)
    text = models.TextField(_("text"))
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    objects = TranslationManager()

    class Meta:
        ordering = ["questionnaire", "language", "address"]
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "address", "language"],
                name="translation_of_a_text",
            )
        ]

    def __str__(self) -> str:
        return f"{self.address} ({self.language})"

    def natural_key(self) -> tuple[str, str, str, str]:
        return (*self.questionnaire.natural_key(), self.address, self.language)

    natural_key.dependencies = ["questionnaire.questionnaire"]  # type: ignore[attr-defined]


class Publication(models.Model):
    """That a version is in use and what it says. No fixture contains it."""

    questionnaire = models.OneToOneField(
        Questionnaire,
        models.PROTECT,
        related_name="publication",
        verbose_name=_("questionnaire"),
    )
    content_hash = models.CharField(_("content hash"), max_length=64)
    published_at = models.DateTimeField(_("published at"), auto_now_add=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.content_hash[:12]}"
