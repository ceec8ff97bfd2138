"""The instrument for reading. Corrections are new versions, loaded from fixtures."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from questionnaire.models import (
    ConsistencyRule,
    Publication,
    Question,
    Questionnaire,
    Recommendation,
    Section,
)


class ReadOnly(admin.ModelAdmin[Any]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Section, Recommendation, ConsistencyRule)
class PartAdmin(ReadOnly):
    list_display = ["code", "questionnaire", "position"]
    list_filter = ["questionnaire"]
    search_fields = ["code"]


@admin.register(Question)
class QuestionAdmin(ReadOnly):
    list_display = ["code", "short", "kind", "section", "is_scored"]
    list_filter = ["section__questionnaire", "kind"]
    search_fields = ["code", "text"]


@admin.register(Questionnaire, Publication)
class VersionAdmin(ReadOnly):
    list_display = ["__str__"]
