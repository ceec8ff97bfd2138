"""Action plans: revisions, actions, and the editions frozen of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from assessment.models import (
    AuditEvent,
    PlanAction,
    PlanActionRevision,
    PlanEdition,
    Response,
)
from assessment.plans import CONTENT, content_of
from assessment.records import canonical_text, moment, sha256_of
from assessment.verifying_rows import Found


def plan_problems(response: Response) -> Iterator[Found]:
    """Compare each action with its revisions, and each edition with these. Three queries."""
    contents = {
        (number, revision): (content, is_withdrawn)
        for number, revision, content, is_withdrawn in PlanActionRevision.objects.filter(
            action__response=response
        )
        .order_by("action", "revision")
        .values_list("action__number", "revision", "content", "is_withdrawn")
    }
    for action in PlanAction.objects.filter(response=response).order_by("number"):
        yield from _action_problems(action, contents)
    editions = PlanEdition.objects.filter(response=response).order_by("number")
    found = list(editions.select_related("adopted_by"))
    numbers = [edition.number for edition in found]
    if numbers != list(range(1, len(numbers) + 1)):
        given = ", ".join(map(str, numbers))
        yield "editions of the plan", f"their numbers are {given}, with a gap"
    for edition in found:
        yield from _edition_problems(response, edition, contents)


Contents = Mapping[tuple[int, int], tuple[Any, bool]]


def _action_problems(action: PlanAction, contents: Contents) -> Iterator[Found]:
    where = f"action {action.number} of the plan"
    revisions = [revision for number, revision in contents if number == action.number]
    if revisions != list(range(1, action.revision + 1)):
        given = ", ".join(map(str, revisions))
        yield where, f"its revisions are {given}, not 1 to {action.revision}"
        return
    now = (content_of(action).as_json(), not action.is_standing)
    if contents[action.number, action.revision] != now:
        yield where, f"the action is not its last revision, {action.revision}"


def _edition_problems(
    response: Response, edition: PlanEdition, contents: Contents
) -> Iterator[Found]:
    where = f"edition {edition.number} of the plan"
    text = edition.canonical_json
    if sha256_of(text) != edition.sha256:
        yield where, f"its text has not the SHA-256 {edition.sha256} stored beside it"
    try:
        record = json.loads(text)
        is_canonical = isinstance(record, dict) and canonical_text(record) == text
    except ValueError:
        is_canonical = False
    if not is_canonical:
        yield where, "its text is not canonical JSON"
        return
    expected = {
        "country": response.country.iso3,
        "round": response.round.code,
        "number": edition.number,
        "adopted_at": moment(edition.adopted_at),
    }
    for key, value in expected.items():
        if record.get(key) != value:
            yield where, f"its text says {key} {record.get(key)!r}, the row {value!r}"
    if record.get("adopted_by") not in _names(edition):
        yield where, f"nobody who adopted it was called {record.get('adopted_by')!r}"
    yield from _frozen_problems(where, record, contents)


def _names(edition: PlanEdition) -> set[str]:
    """Return the names that the person has or had. One query."""
    had = AuditEvent.objects.filter(actor=edition.adopted_by_id).order_by()
    return {edition.adopted_by.name, *had.values_list("actor_name", flat=True)}


def _frozen_problems(
    where: str, record: Mapping[str, Any], contents: Contents
) -> Iterator[Found]:
    try:
        frozen = [
            (
                (one["number"], one["revision"]),
                {name: one[name] for name in CONTENT if name in one},
            )
            for one in record["actions"]
        ]
    except (KeyError, TypeError):
        yield where, "its text does not hold actions as editions do"
        return
    for (number, revision), content in frozen:
        kept = contents.get((number, revision))
        if kept is None:
            yield where, f"action {number}: there is no revision {revision}"
        elif kept != (content, False):
            yield where, f"action {number}: revision {revision} says something else"
