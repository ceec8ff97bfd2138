"""Which keys each record of a fixture has, and what may stand in them.

The fields of records come from the models; the JSON inside them is described here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from questionnaire import content
from questionnaire.checks.parts import (
    Fault,
    Part,
    anything,
    filled_text,
    flag,
    list_of,
    mapping_to,
    nullable,
    number,
    one_of,
    record,
    score,
    share,
    text,
    weight,
    whole,
)
from questionnaire.checks.problems import Problem, model_of, problem_of, said
from questionnaire.content import Entry
from questionnaire.models import (
    ConsistencyRule,
    Question,
    Questionnaire,
    Recommendation,
    Section,
)

ORIGINS = ("seed", "seed_extended", "added")
PLAIN_KINDS = tuple(
    kind.value
    for kind in Question.Kind
    if kind not in (Question.Kind.MATRIX, Question.Kind.REPEATING_GROUP)
)
EVIDENCE = ("none", "optional", "expected")
LOOKUPS = ("", "institution")
WHEN_HIDDEN = ("", "zero", "exclude")
WHEN_CLOSED = ("", "zero", "skip")


def _coded(**more: Part) -> Part:
    """Describe a list of items with a code and the keys given, all required."""
    return list_of(record({"code": filled_text, **more}, {}), least=1)


CHOICES = list_of(
    record(
        {"value": filled_text, "label": filled_text},
        {"score": score, "exclusive": flag},
    )
)


def choices(path: str, value: Any) -> Iterator[Fault]:
    """Take a list, or the name of a set of choices."""
    yield from () if isinstance(value, str) else CHOICES(path, value)


FIELD = {"code": filled_text, "label": filled_text, "kind": one_of(*PLAIN_KINDS)}
FIELD_OPTIONS: dict[str, Part] = {
    "choices": choices,
    "required": flag,
    "lookup": one_of(*LOOKUPS),
}
COLUMN_OPTIONS: dict[str, Part] = {
    **FIELD_OPTIONS,
    "scored": flag,
    "weight": weight,
    "band_set": text,
    "allow_na": flag,
    "gated": flag,
}
COLUMNS = list_of(record(FIELD, COLUMN_OPTIONS))
FIELDS = list_of(record(FIELD, FIELD_OPTIONS))
ROWS = list_of(
    record(
        {"code": filled_text, "label": filled_text},
        {
            "short": filled_text,
            "weight": weight,
            "bands": text,
            "when_closed": one_of(*WHEN_CLOSED[1:]),
            "no_na": flag,
            "fixed": mapping_to(text),
            "core": flag,
            "group": text,
            "origin": one_of(*ORIGINS),
            "letter": text,
            "theme": text,
            "family": text,
            "indicator": text,
            "target": text,
            "disaggregation": text,
            "usual_source": text,
        },
    )
)
ROW_GROUPS = list_of(
    record(
        {"code": filled_text, "title": filled_text},
        {"targets": list_of(text), "origin": one_of(*ORIGINS)},
    )
)
ROW_WEIGHT = record(
    {"column": text, "map": mapping_to(number(0)), "otherwise": number(0)}, {}
)
SOURCES = list_of(record({"ref": filled_text, "at": filled_text}, {}))
SUBSECTIONS = list_of(record({"code": filled_text, "title": filled_text}, {}))
BAND_SET = record(
    {
        "method": one_of("age", "value"),
        "bands": list_of(record({"max": number(), "score": score}, {}), least=1),
    },
    {},
)
LABELLED = _coded(label=filled_text)
GAP_RULES = record(
    {
        "need_values": mapping_to(number(0)),
        "quality_limits": record(
            {"limited_from": score, "adequate_from": score, "weak_point_below": score},
            {},
        ),
        "data_levels": _coded(level=whole(0), label=filled_text),
        "classes": _coded(
            label=filled_text,
            order=whole(1),
            colour=filled_text,
            description=filled_text,
        ),
        "table": mapping_to(list_of(text)),
        "kinds": LABELLED,
        "themes": LABELLED,
    },
    {},
)
RANKING = record(
    {
        "weights": record({"QD": score, "DD": score, "NS": score}, {}),
        "priority_from": record({"high": share, "medium": share, "low": share}, {}),
    },
    {},
)
CATALOGUE = record(
    {
        "code": filled_text,
        "version": filled_text,
        "kinds": LABELLED,
        "horizons": LABELLED,
        "ranking": RANKING,
        "first_wave": record({"size": whole(1), "max_per_dimension": whole(1)}, {}),
        "partners": mapping_to(filled_text),
    },
    {},
)
SCORING_RULES = record(
    {
        "dk_score": score,
        "blank_score_final": score,
        "optional_row_bonus": score,
        "balance_rule_levels_above_weakest_dimension": whole(0),
        "publication": record(
            {"section_completeness_min": share, "overall_completeness_min": share}, {}
        ),
        "display_decimals": whole(0, 10),
        "threshold_decimals": whole(0, 15),
    },
    {},
)
METHOD = record(
    {
        "reserved_values": record({"dk": filled_text, "na": filled_text}, {}),
        "dimensions": _coded(title=filled_text, description=text),
        "maturity_levels": _coded(
            level=whole(1), name=filled_text, min_score=share, description=text
        ),
        "section_weights": mapping_to(weight),
        "band_sets": mapping_to(BAND_SET),
        "choice_sets": mapping_to(CHOICES),
        "scoring_rules": SCORING_RULES,
        "gap_rules": GAP_RULES,
        "gap_inputs": list_of(
            record(
                {
                    "matrix": text,
                    "need_column": text,
                    "availability_columns": list_of(text, least=1),
                    "quality_weights": mapping_to(weight),
                },
                {},
            ),
            least=1,
        ),
        "catalogue": CATALOGUE,
        "consistency": record(
            {
                "severities": record(
                    {"error": filled_text, "warning": filled_text}, {}
                ),
                "topics": _coded(title=filled_text),
            },
            {},
        ),
        "references": _coded(citation=filled_text),
    },
    {},
)

# What stands in a field, where the model's column does not say it.
INSIDE: dict[type[models.Model], dict[str, Part]] = {
    Questionnaire: {"method": METHOD},
    Section: {"subsections": SUBSECTIONS, "origin": one_of("", *ORIGINS)},
    Question: {
        "show_if": nullable(anything),
        "when_hidden": one_of(*WHEN_HIDDEN),
        "weight": nullable(weight),
        "choices": choices,
        "lookup": one_of(*LOOKUPS),
        "sources": SOURCES,
        "evidence": one_of(*EVIDENCE),
        "origin": one_of("", *ORIGINS),
        "gate_open": list_of(text),
        "when_closed": one_of(*WHEN_CLOSED),
        "row_weight": nullable(ROW_WEIGHT),
        "row_groups": ROW_GROUPS,
        "columns": COLUMNS,
        "rows": ROWS,
    },
    Recommendation: {
        "trigger": anything,
        "addresses": list_of(text),
        "standards": list_of(text),
        "partners": list_of(text),
    },
    ConsistencyRule: {"when": anything, "cells": list_of(filled_text, least=1)},
}
FIELDS_OF: dict[type[models.Model], tuple[str, ...]] = {
    Questionnaire: content.QUESTIONNAIRE_FIELDS,
    Section: ("questionnaire", *content.SECTION_FIELDS),
    Question: ("section", *content.QUESTION_FIELDS),
    Recommendation: ("questionnaire", *content.RECOMMENDATION_FIELDS),
    ConsistencyRule: ("questionnaire", *content.RULE_FIELDS),
}


def _characters(field: models.Field[Any, Any]) -> Part:
    """Text within the limits of its column: length, characters of a code, choices."""

    def part(path: str, value: Any) -> Iterator[Fault]:
        faults = list((text if field.blank else filled_text)(path, value))
        yield from faults
        if faults:
            return
        try:
            field.run_validators(value)
        except ValidationError as error:
            message = f"{path} is {said(value)}."
            yield Fault(message, " ".join(map(str, error.messages)))

    return part


def _natural_key(length: int) -> Part:
    def part(path: str, value: Any) -> Iterator[Fault]:
        yield from list_of(text)(path, value)
        if isinstance(value, list) and len(value) != length:
            wanted = "[code, version, section]" if length > 2 else "[code, version]"
            yield Fault(f"{path} is {said(value)}.", f"Write {wanted}.")

    return part


def _column(field: models.Field[Any, Any]) -> Part:
    if isinstance(field, models.ForeignKey):
        return _natural_key(3 if field.related_model is Section else 2)
    if isinstance(field, models.BooleanField):
        return flag
    if isinstance(field, models.PositiveSmallIntegerField):
        return nullable(whole(0)) if field.null else whole(1)
    if isinstance(field, models.FloatField):
        return nullable(number())
    if field.choices:
        return one_of(*(str(value) for value, _ in field.flatchoices))
    return _characters(field)


def _shape(model: type[models.Model], **instead: Part) -> Part:
    inside = INSIDE[model] | instead
    required: dict[str, Part] = {}
    optional: dict[str, Part] = {}
    for name in FIELDS_OF[model]:
        field = model._meta.get_field(name)
        assert isinstance(field, models.Field)  # noqa: S101  a column, not a relation
        part = inside.get(name) or _column(field)
        is_optional = field.blank or field.null or field.has_default()
        (optional if is_optional else required)[name] = part
    return record(required, optional)


SHAPES = {str(model._meta.model_name): _shape(model) for model in FIELDS_OF}
GROUP = _shape(Question, columns=FIELDS)


def misshapen(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Yield a problem for each key or value that its record cannot have."""
    for entry in entries:
        is_group = entry.fields.get("kind") == Question.Kind.REPEATING_GROUP
        shape = GROUP if is_group else SHAPES[model_of(entry)]
        for message, remedy in shape("", entry.fields):
            yield problem_of(entry, message, remedy)
