"""The content of one questionnaire version as plain JSON, and its hash.

Fixtures and database hold the same content; the hash tells whether they do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import rfc8785
import yaml
from django.db import models
from django.db.models import Prefetch

from questionnaire.models import (
    ConsistencyRule,
    Question,
    Questionnaire,
    Recommendation,
    Section,
)

QUESTIONNAIRE_FIELDS = (
    "code", "version", "title", "subtitle", "introduction", "language",
    "assessment_year_question", "method",
)  # fmt: skip
SECTION_FIELDS = (
    "code", "position", "title", "purpose", "guidance", "is_scored", "origin", "subsections",
)  # fmt: skip
QUESTION_FIELDS = (
    "code", "position", "subsection", "short", "text", "hint", "kind", "is_required",
    "show_if", "when_hidden", "allows_na", "is_scored", "weight", "dimension", "band_set",
    "choices", "unit", "minimum", "maximum", "lookup", "sources", "evidence", "origin",
    "gate", "gate_open", "when_closed", "row_weight", "row_groups", "columns", "rows",
    "min_items", "max_items",
)  # fmt: skip
RECOMMENDATION_FIELDS = (
    "code", "position", "title", "text", "dimension", "kind", "horizon", "trigger",
    "addresses", "standards", "partners",
)  # fmt: skip
RULE_FIELDS = (
    "code", "position", "severity", "topic", "when", "message", "cells", "rationale",
)  # fmt: skip


class Entry(NamedTuple):
    """One record of a fixture file, with the file it stands in."""

    file: str
    model: str
    fields: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.fields.get("code", "?"))


def content_of(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return the content of a questionnaire held in the database. Four queries."""
    sections = questionnaire.sections.order_by("position").prefetch_related(
        Prefetch("questions", Question.objects.order_by("position"))
    )
    return {
        "questionnaire": _pick(questionnaire, QUESTIONNAIRE_FIELDS),
        "sections": [
            _pick(section, SECTION_FIELDS)
            | {
                "questions": [
                    _pick(q, QUESTION_FIELDS) for q in section.questions.all()
                ]
            }
            for section in sections
        ],
        "recommendations": [
            _pick(r, RECOMMENDATION_FIELDS)
            for r in questionnaire.recommendations.order_by("position")
        ],
        "consistency_rules": [
            _pick(r, RULE_FIELDS)
            for r in questionnaire.consistency_rules.order_by("position")
        ],
    }


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hexadecimal, of the canonical JSON (RFC 8785) of `content`."""
    return hashlib.sha256(rfc8785.dumps(dict(content))).hexdigest()


def read_entries(paths: Iterable[Path]) -> list[Entry]:
    """Read fixture files. Raises yaml.YAMLError and OSError as they come."""
    return [
        Entry(path.name, record["model"], record["fields"])
        for path in paths
        for record in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader) or []
    ]


def content_from_entries(entries: Iterable[Entry]) -> dict[str, Any]:
    """Assemble the content of one version from fixture records, defaults filled in.

    Raises KeyError or StopIteration if a record that everything hangs on is missing;
    `questionnaire.checks` finds that before.
    """
    grouped: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        grouped.setdefault(entry.model.removeprefix("questionnaire."), []).append(
            entry.fields
        )
    questions: dict[str, list[dict[str, Any]]] = {}
    for fields in grouped.get("question", ()):
        questions.setdefault(fields["section"][-1], []).append(
            _filled(Question, fields, QUESTION_FIELDS)
        )
    for listed in questions.values():
        listed.sort(key=lambda fields: fields["position"])
    sections = [
        _filled(Section, fields, SECTION_FIELDS)
        | {"questions": questions.get(fields["code"], [])}
        for fields in sorted(grouped.get("section", ()), key=lambda f: f["position"])
    ]
    return {
        "questionnaire": _filled(
            Questionnaire, grouped["questionnaire"][0], QUESTIONNAIRE_FIELDS
        ),
        "sections": sections,
        "recommendations": _sorted(Recommendation, grouped, RECOMMENDATION_FIELDS),
        "consistency_rules": _sorted(ConsistencyRule, grouped, RULE_FIELDS),
    }


def _sorted(
    model: type[models.Model],
    grouped: Mapping[str, list[dict[str, Any]]],
    names: Iterable[str],
) -> list[dict[str, Any]]:
    found = grouped.get(model._meta.model_name or "", [])
    return [
        _filled(model, f, names) for f in sorted(found, key=lambda f: f["position"])
    ]


def _pick(instance: models.Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(instance, name) for name in names}


def _filled(
    model: type[models.Model], fields: Mapping[str, Any], names: Iterable[str]
) -> dict[str, Any]:
    """Return `fields` as the database would hand them back: defaults, number types."""
    filled = {}
    for name in names:
        field = model._meta.get_field(name)
        assert isinstance(field, models.Field)  # noqa: S101  a content field is a column
        value = fields[name] if name in fields else field.get_default()
        filled[name] = field.to_python(value) if value is not None else None
    return filled
