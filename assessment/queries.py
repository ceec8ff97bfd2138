"""Reads that span models. They return querysets or frozen dataclasses."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any, TypeVar, cast

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

from assessment.compiled import Compiled, given
from assessment.dissent import questions_in_dissent
from assessment.models import (
    Acceptance,
    Answer,
    CommentThread,
    Delegation,
    EvidenceFile,
    InternalNote,
    Membership,
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
    role_of,
)
from assessment.plans import plan_there
from assessment.reviewed import any_reviewed
from assessment.utc_text import UtcText
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Value
from questionnaire.models import Publication, Questionnaire, Translation
from questionnaire.repository import InstrumentKey, instrument_for
from questionnaire.states import ResponseState

AnyModel = TypeVar("AnyModel", bound=Model)


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
    `prefilled_year` and `prefilled_title` are those of the round it was prefilled from.
    `team_mode` and the `has_…` spare the same of what is seldom there.
    """
    return _with_instrument(_language()).all()


@cache
def _with_instrument(language: str | RawSQL) -> QuerySet[Response]:
    """Return the query, built once a language: building costs as much as asking."""
    return (
        Response.objects.select_related("country", "round__questionnaire__publication")
        .defer(
            "round__questionnaire__method",
            "round__questionnaire__introduction",
            "round__questionnaire__subtitle",
        )
        .annotate(
            stamp=newest_translation(language),
            prefilled_year=F("prefilled_from__response__round__year"),
            prefilled_title=F("prefilled_from__response__round__title"),
            team_mode=F("country__team__mode"),
            has_comments=Exists(CommentThread.objects.filter(response=OuterRef("pk"))),
            has_notes=Exists(InternalNote.objects.filter(response=OuterRef("pk"))),
            has_files=Exists(EvidenceFile.objects.filter(response=OuterRef("pk"))),
            has_delegations=Exists(
                Delegation.objects.filter(
                    response=OuterRef("pk"), ended_at__isnull=True
                )
            ),
            in_dissent=questions_in_dissent(),
            has_reviewed=any_reviewed(),
            has_plan=plan_there(),
        )
    )


def newest_translation(
    language: str | RawSQL, questionnaire: str = "round__questionnaire"
) -> Subquery:
    """Return the moment of the newest translation, as an annotation."""
    newest = Translation.objects.filter(
        questionnaire=OuterRef(questionnaire), language=language
    ).order_by("-changed_at")
    return Subquery(newest.values("changed_at")[:1])


_ASKED_FOR = Compiled(
    lambda: (
        _with_instrument(given("language"))
        .order_by()
        .filter(country__iso3=given("iso3"), round__code=given("round_code"))
        .annotate(role=role_annotation(given("user")))
    )
)

_TO_SAVE = Compiled(
    lambda: (
        Response.objects.order_by()
        .filter(country__iso3=given("iso3"), round__code=given("round_code"))
        .annotate(
            stamp=newest_translation(given("language")),
            role=role_annotation(given("user")),
        )
        .values_list(
            "pk", "status", "country", "round", "round__year", "round__questionnaire",
            "round__questionnaire__publication__content_hash", "stamp", "role",
        )
    )
)  # fmt: skip


def role_annotation(user: int | RawSQL) -> Subquery:
    """Return the role of a person in the country of each response, as an annotation."""
    return Subquery(
        Membership.objects.filter(
            country=OuterRef("country"), user=user, is_active=True
        ).values("role")
    )


def _response_to_save(user: User, iso3: str, round_code: str) -> Response:
    """Return a response with only what saving reads; the rest would be asked for.

    The person's role in the country comes with it. One query.
    """
    found = _TO_SAVE.rows(
        iso3=iso3, round_code=round_code, user=user.pk, language=_language()
    )
    for row in found:
        pk, status, country, round_, year, questionnaire, content_hash, stamp, role = (
            row
        )
        response = _partial(
            Response, id=pk, status=status, country_id=country, round_id=round_
        )
        response.round = _partial(
            Round, id=round_, year=year, questionnaire_id=questionnaire
        )
        response.round.questionnaire = _partial(Questionnaire, id=questionnaire)
        response.round.questionnaire.publication = _partial(
            Publication, questionnaire_id=questionnaire, content_hash=content_hash
        )
        setattr(response, "stamp", stamp)  # noqa: B010  as an annotation would be
        user.told_roles[country] = role or ""
        return response
    raise Response.DoesNotExist


def _response_asked_for(user: User, iso3: str, round_code: str) -> Response:
    """Return a response as `responses_with_instrument` has it, and a person's role."""
    found = _ASKED_FOR.objects(
        iso3=iso3, round_code=round_code, user=user.pk, language=_language()
    )
    for response in found:
        return cast(Response, response)
    raise Response.DoesNotExist


def _partial(model: type[AnyModel], **values: Any) -> AnyModel:
    """Return an instance as if read with only these columns."""
    columns = [f.attname for f in model._meta.concrete_fields if f.attname in values]
    return model.from_db(None, columns, [values[name] for name in columns])


def response_for(
    user: User,
    iso3: str,
    round_code: str,
    *,
    to_save: bool = False,
    sees: Action = Action.VIEW,
) -> Response:
    """Return a response that exists for `user`. Raises Response.DoesNotExist.

    It exists for those who may do `sees`. One query, with the person's role in the
    country; `to_save` reads only what saving needs.
    """
    if to_save:
        response = _response_to_save(user, iso3.upper(), round_code)
    else:
        response = _response_asked_for(user, iso3.upper(), round_code)
        user.told_roles[response.country_id] = getattr(response, "role", None) or ""
    if not may(user, sees, response):
        raise Response.DoesNotExist
    return response


def instrument_of(response: Response, language: str | None = None) -> Instrument:
    """Return the instrument of a response from `responses_with_instrument`. No query."""
    questionnaire = response.round.questionnaire
    return instrument_for(
        questionnaire.pk,
        InstrumentKey(
            questionnaire.publication.content_hash,
            language or _language(),
            getattr(response, "stamp", None),
        ),
    )


def held_answers(response: Response, among: Q | None = None) -> dict[Address, Held]:
    """Return what stands in every cell ever answered, or in those `among` picks.

    One query of plain rows, since a response has some 830 cells; in the order of first
    save, which is the order of the items of repeating groups.
    """
    if among is None:
        return dict(map(_held, _ALL_CELLS.rows(response=response.pk)))
    return dict(map(_held, _cells().filter(among, response=response.pk)))


def held_answer(response: Response, address: Address) -> dict[Address, Held]:
    """Return what stands in one cell, as `held_answers` does. One query."""
    question, row, column = address
    rows = _CELL.rows(response=response.pk, question=question, row=row, column=column)
    return dict(map(_held, rows))


def _held(row: tuple[Any, ...]) -> tuple[Address, Held]:
    question, item, column, value, revision, by, at, confirmed, pk = row
    held = Held(value, revision, by, datetime.fromisoformat(at), confirmed, pk)
    return Address(question, item, column), held


@cache
def _cells() -> QuerySet[Answer, tuple[Any, ...]]:
    """Return the query of cells, built once."""
    return Answer.objects.order_by("pk").values_list(
        "question", "row", "column", "value", "revision", "changed_by__name",
        UtcText("changed_at"), "is_confirmed", "pk",
    )  # fmt: skip


_ALL_CELLS = Compiled(lambda: _cells().filter(response=given("response")))

_CELL = Compiled(
    lambda: (
        _cells()
        .order_by()
        .filter(
            response=given("response"),
            question=given("question"),
            row=given("row"),
            column=given("column"),
        )
    )
)


def _language() -> str:
    return get_language() or "en"


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
