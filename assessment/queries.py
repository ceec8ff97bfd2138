"""Reads that span models. They return querysets or frozen dataclasses."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import get_language

from assessment.models import (
    Acceptance,
    Answer,
    Response,
    Round,
    Submission,
    Transition,
    User,
)
from assessment.permissions import (
    UNSD_ROLES,
    Action,
    Role,
    may,
    responses_visible_to,
    role_of,
)
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Value
from questionnaire.models import Translation
from questionnaire.repository import InstrumentKey, instrument_for
from questionnaire.states import ResponseState


@dataclass(frozen=True, slots=True)
class Held:
    """What stands in one cell; `by` is the display name of who wrote it.

    `pk` is the answer's, 0 where the cell was read from a submission.
    """

    value: Value
    revision: int
    by: str
    at: datetime
    is_confirmed: bool = True
    pk: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Reading:
    """A response as one person reads it: live answers, or a frozen submission."""

    instrument: Instrument
    held: dict[Address, Held]
    submission: Submission | None = None

    @cached_property
    def answers(self) -> dict[Address, Value]:
        """The answers that count: confirmed and not blank."""
        return {
            address: held.value
            for address, held in self.held.items()
            if held.is_confirmed and held.value is not None
        }

    @cached_property
    def state(self) -> ResponseState:
        return ResponseState(self.instrument, self.answers)


def responses_with_instrument() -> QuerySet[Response]:
    """Return responses joined with country, round and publication, and stamped.

    `stamp` is the moment of the newest translation into the active language: with it,
    no further query is needed to know which instrument in memory is the right one.
    """
    return _with_instrument(get_language() or "en").all()


@cache
def _with_instrument(language: str) -> QuerySet[Response]:
    """Return the query, built once a language: building costs as much as asking."""
    newest = (
        Translation.objects.filter(
            questionnaire=OuterRef("round__questionnaire"), language=language
        )
        .order_by("-changed_at")
        .values("changed_at")[:1]
    )
    return (
        Response.objects.select_related("country", "round__questionnaire__publication")
        .defer(
            "round__questionnaire__method",
            "round__questionnaire__introduction",
            "round__questionnaire__subtitle",
        )
        .annotate(stamp=Subquery(newest))
    )


@cache
def _to_save(language: str) -> QuerySet[Response]:
    """Return the same with only what saving reads."""
    return (
        _with_instrument(language)
        .defer(None)
        .select_related(None)
        .select_related("round__questionnaire__publication")
        .only(
            "status",
            "country",
            "round__year",
            "round__opened_at",
            "round__closed_at",
            "round__questionnaire__code",
            "round__questionnaire__publication__content_hash",
        )
    )


def response_for(
    user: User, iso3: str, round_code: str, *, to_save: bool = False
) -> Response:
    """Return a response that exists for `user`. Raises Response.DoesNotExist.

    Two queries: the response and, once a request, the person's roles. `to_save` reads
    only what saving needs.
    """
    responses = (
        _to_save(get_language() or "en") if to_save else responses_with_instrument()
    )
    response = responses.get(country__iso3=iso3.upper(), round__code=round_code)
    if not may(user, Action.VIEW, response):
        raise Response.DoesNotExist
    return response


def instrument_of(response: Response, language: str | None = None) -> Instrument:
    """Return the instrument of a response from `responses_with_instrument`. No query."""
    questionnaire = response.round.questionnaire
    return instrument_for(
        questionnaire.pk,
        InstrumentKey(
            questionnaire.publication.content_hash,
            language or get_language() or "en",
            getattr(response, "stamp", None),
        ),
    )


def held_answers(response: Response, among: Q | None = None) -> dict[Address, Held]:
    """Return what stands in every cell ever answered, or in those `among` picks.

    One query of plain rows, since a response has some 830 cells; in the order of first
    save, which is the order of the items of repeating groups.
    """
    rows = _cells().filter(response=response.pk)
    if among is not None:
        rows = rows.filter(among)
    return {
        Address(question, row, column): Held(value, revision, by, at, confirmed, pk)
        for question, row, column, value, revision, by, at, confirmed, pk in rows
    }


@cache
def _cells() -> QuerySet[Answer, tuple[Any, ...]]:
    """Return the query of cells, built once."""
    return Answer.objects.order_by("pk").values_list(
        "question", "row", "column", "value", "revision", "changed_by__name",
        "changed_at", "is_confirmed", "pk",
    )  # fmt: skip


def read_for(user: User, response: Response) -> Reading:
    """Return the response as `user` may read it. One query, one more at UNSD.

    People at UNSD never read live answers: they read the latest submission.
    """
    instrument = instrument_of(response)
    if role_of(user, response.country_id) in UNSD_ROLES:
        submission = latest_submission(response)
        return Reading(instrument, held_in(submission), submission)
    return Reading(instrument, held_answers(response))


def latest_submission(response: Response, number: int | None = None) -> Submission:
    """Return the latest submission that was not withdrawn, or the one asked for.

    Raises Submission.DoesNotExist. One query.
    """
    found = Submission.objects.select_related(
        "submitted_by", "acceptance__accepted_by"
    ).filter(response=response, withdrawn_at__isnull=True)
    if number is not None:
        return found.get(number=number)
    latest = found.order_by("-number").first()
    if latest is None:
        raise Submission.DoesNotExist
    return latest


def acceptance_of(submission: Submission) -> Acceptance | None:
    """Return the acceptance of a submission from `latest_submission`. No query."""
    return getattr(submission, "acceptance", None)


def held_in(submission: Submission) -> dict[Address, Held]:
    """Return the cells of a submission, in its order. No query."""
    by, at = submission.submitted_by.name, submission.submitted_at
    return {
        Address(a["question"], a["row"], a["column"]): Held(
            a["value"], a["revision"], by, at
        )
        for a in json.loads(submission.canonical_json)["answers"]
    }


def rounds_with_responses_of(user: User) -> list[Response]:
    """Return the responses of the person's own countries, newest round first. Two queries."""
    return list(
        Response.objects.filter(country_id__in=list(user.country_roles))
        .select_related("country", "round")
        .order_by("-round__year", "country__name")
    )


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One country in a round, as officers follow it; progress in per cent."""

    response: Response
    progress: float | None
    last_change: datetime | None
    submitted_at: datetime | None
    is_readable: bool


def round_lines(round_: Round, user: User) -> list[RoundLine]:
    """Return all countries of a round with state and progress. Four queries.

    Progress is computed from the live answers but shows none of them.
    """
    responses = list(
        responses_with_instrument()
        .filter(round=round_)
        .annotate(
            submitted_at=Subquery(
                Submission.objects.filter(
                    response=OuterRef("pk"), withdrawn_at__isnull=True
                )
                .order_by("-number")
                .values("submitted_at")[:1]
            )
        )
        .order_by("country__name")
    )
    answers: dict[int, dict[Address, Value]] = {
        response.pk: {} for response in responses
    }
    changed: dict[int, datetime] = {}
    rows = Answer.objects.filter(response__round=round_).values_list(
        "response_id",
        "question",
        "row",
        "column",
        "value",
        "is_confirmed",
        "changed_at",
    )
    for pk, question, row, column, value, is_confirmed, at in rows.iterator(
        chunk_size=5000
    ):
        changed[pk] = max(at, changed.get(pk, at))
        if is_confirmed and pk in answers:  # a country may have joined just now
            answers[pk][Address(question, row, column)] = value
    readable = set(
        responses_visible_to(user).filter(round=round_).values_list("pk", flat=True)
    )
    return [
        RoundLine(
            response=response,
            progress=ResponseState(
                instrument_of(response), answers[response.pk]
            ).completeness(),
            last_change=changed.get(response.pk),
            submitted_at=getattr(response, "submitted_at", None),
            is_readable=response.pk in readable,
        )
        for response in responses
    ]


def transitions_of(response: Response) -> Iterable[Transition]:
    """Return what happened to a response, newest first. One query."""
    return response.transitions.select_related("made_by").order_by("-made_at", "-pk")


def is_unsd(user: User, response: Response) -> bool:
    """Return whether `user` reads `response` from UNSD's side. At most one query."""
    return role_of(user, response.country_id) in UNSD_ROLES


def coordinators_of(response: Response) -> list[User]:
    """Return the active coordinators of the country, for messages. One query."""
    return list(
        User.objects.filter(
            is_active=True,
            memberships__country=response.country_id,
            memberships__is_active=True,
            memberships__role=Role.COORDINATOR,
        )
    )
