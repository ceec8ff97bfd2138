"""Reviewed values: which are set on a response, and which of them are in force.

One in force stands and replaces the answer that is still there. Once the country has
answered otherwise it has lapsed: it was set against another answer (gap_method.md, 10).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from assessment.models import Acceptance, Response, ReviewedValue
from questionnaire.addresses import Address
from questionnaire.conditions import is_blank
from questionnaire.instrument import Instrument, Value


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A reviewed value as it counts: `answer` is what it replaces; None is blank."""

    address: Address
    answer: Value
    value: Value
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewedLine:
    """A reviewed value in words; a blank value or answer is empty.

    It stands in place of `answer`, given in submission `number`; `now` is what is answered
    at present, other than `answer` where the value has lapsed.
    """

    pk: int
    address: Address
    name: str
    value: str
    answer: str
    now: str
    reason: str
    by: str
    at: datetime
    number: int
    is_in_force: bool
    withdrawn_by: str
    withdrawn_at: datetime | None

    @property
    def is_standing(self) -> bool:
        return self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class ReviewLinks:
    """What a section shows of reviewed values: those that stand, by question.

    `set_url` is where one is set, empty for who may not.
    """

    set_url: str
    lines: Mapping[str, Sequence[ReviewedLine]]


def any_reviewed() -> Exists:
    """Return whether reviewed values stand, for a query of responses."""
    return Exists(
        ReviewedValue.objects.filter(
            response=OuterRef("pk"), withdrawn_at__isnull=True
        ).order_by()
    )


def reviewed_values_of(response: Response) -> QuerySet[ReviewedValue]:
    """Return the reviewed values of a response, withdrawn ones too, in their order."""
    return (
        ReviewedValue.objects.filter(response=response.pk)
        .select_related("set_by", "withdrawn_by", "submission")
        .order_by("set_at", "pk")
    )


def standing_of(response: Response) -> list[ReviewedValue]:
    """Return the reviewed values that stand, in force or lapsed. One query."""
    return list(reviewed_values_of(response).filter(withdrawn_at__isnull=True))


def reviewed_to_show(response: Response) -> list[ReviewedValue]:
    """Return what stands on a response with instrument; no query where nothing does."""
    return standing_of(response) if getattr(response, "has_reviewed", True) else []


def is_in_force(answers: Mapping[Address, Value], one: ReviewedValue) -> bool:
    """Whether it stands and replaces what is answered in `answers`."""
    return one.is_standing and same(answers.get(one.address), one.replaced)


def in_force(
    instrument: Instrument,
    answers: Mapping[Address, Value],
    found: Iterable[ReviewedValue],
) -> tuple[Reviewed, ...]:
    """Return those in force over `answers`, in the order of the instrument. No query."""
    kept = [one for one in found if is_in_force(answers, one)]
    kept.sort(key=lambda one: instrument.sort_key(one.address))
    return tuple(
        Reviewed(
            one.address,
            one.replaced,
            one.value,
            one.reason,
            one.set_by.name,
            one.set_at,
        )
        for one in kept
    )


def reviewed_in(acceptance: Acceptance | None) -> tuple[Reviewed, ...]:
    """Return the reviewed values that an acceptance froze, in its order. No query."""
    if acceptance is None:
        return ()
    return tuple(map(_frozen, json.loads(acceptance.canonical_json)["reviewed_values"]))


def _frozen(one: Mapping[str, Any]) -> Reviewed:
    return Reviewed(
        Address(one["question"], one["row"], one["column"]),
        one["answer"],
        one["value"],
        one["reason"],
        one["reviewed_by"],
        datetime.fromisoformat(one["reviewed_at"]),
    )


def with_reviewed(
    answers: Mapping[Address, Value], reviewed: Iterable[Reviewed]
) -> dict[Address, Value]:
    """Return `answers` with reviewed values in place of those they replace."""
    values = {one.address: one.value for one in reviewed}
    return {a: v for a, v in {**answers, **values}.items() if not is_blank(v)}


def same(one: Value, other: Value) -> bool:
    """Whether two canonical values are one; all that is blank is the same."""
    return one == other or (is_blank(one) and is_blank(other))
