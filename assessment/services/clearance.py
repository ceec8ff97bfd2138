"""Recording who concurs and who clears; nothing here changes an answer or a status."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.audit import record
from assessment.clearance_queries import (
    WHOLE,
    board_of,
    digest_of,
    digests_of,
    is_current,
    is_inside,
    latest_day,
    own_parts,
    standing_records,
)
from assessment.delegation_queries import delegations_of
from assessment.institution_queries import clean_name, name_key
from assessment.models import AuditAction, Clearance, Delegation, Response, User
from assessment.models.clearance import INSTITUTION_MAX, PERSON_MAX
from assessment.parts import all_parts, normal
from assessment.permissions import Action, Role, role_of
from assessment.queries import Reading, held_answers, instrument_of
from assessment.records import clearance_record
from assessment.refusals import NotReady, NotTheirs, Refusal
from assessment.services.answers import lock_open
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Value
from questionnaire.values import LONG_TEXT_MAX, InvalidValue, clean_text

Kind = Clearance.Kind


class NotCleared(NotReady):
    """The round asks for a clearance, and none stands for the answers as they are."""

    code = "not_cleared"


class SignatureRefused(Refusal):
    """What was signed cannot be recorded as it was sent; `details` say why."""

    status = 422
    code = "invalid"

    def __init__(self, details: Iterable[str]) -> None:
        super().__init__(_("Nothing was recorded."), list(details))


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, for which institution, when, and what they remarked."""

    institution: str
    person_name: str
    function: str
    signed_on: datetime.date
    remark: str = ""


@transaction.atomic
def record_concurrence(
    *,
    response: Response,
    signature: Signature,
    parts: Iterable[str],
    seen: Mapping[str, str],
    by: User,
) -> Clearance:
    """Record that an institution stands by the answers in `parts`, none for the whole.

    A contributor does so for what is delegated to them, a coordinator for anybody. `seen`
    holds the digest of each part (`WHOLE` for the whole) as it was shown. The record that
    the institution had is withdrawn by it; the same one again is the one there is.
    Raises SignatureRefused, NotTheirs, NotReady if the answers are others by now, and
    ResponseClosed or RoleForbids as saving does.
    """
    lock_open(response, by, Action.CONCUR)
    _refuse_unasked(response)
    signature = _cleaned(signature)
    reading = _live(response)
    asked = _known(reading.instrument, parts)
    before = response.clearances.filter(
        kind=Kind.CONCURRENCE,
        key=name_key(signature.institution),
        withdrawn_at__isnull=True,
    ).first()
    if role_of(by, response.country_id) is Role.CONTRIBUTOR:
        _refuse_others(response, reading.instrument, asked, before, by)
    _refuse_unseen(reading, asked or [WHOLE], seen)
    return _record(response, reading, Kind.CONCURRENCE, signature, asked, before, by)


@transaction.atomic
def clear_response(
    *,
    response: Response,
    signature: Signature,
    without: Collection[str],
    seen: str,
    by: User,
) -> Clearance:
    """Record that the head of the statistical office clears the answers as they are.

    `without` names whose concurrence was shown as missing and confirmed to be; `seen` is
    the digest of the answers as it was shown. The earlier clearance is withdrawn by it;
    the same one again is the one there is. Raises as `record_concurrence` does, and
    NotReady where a concurrence is missing that was not confirmed.
    """
    lock_open(response, by, Action.CLEAR)
    _refuse_unasked(response)
    signature = _cleaned(signature)
    reading = _live(response)
    _refuse_unseen(reading, [WHOLE], {WHOLE: seen})
    board = board_of(response, reading, _running(response))
    _refuse_missing(board.missing, without)
    before = board.head.record if board.head else None
    return _record(
        response, reading, Kind.CLEARANCE, signature, [], before, by, board.missing
    )


@transaction.atomic
def withdraw_clearance(*, response: Response, clearance: Clearance, by: User) -> None:
    """Withdraw a record, which is kept; twice is once.

    A contributor withdraws what they recorded, a coordinator everything. Raises NotTheirs,
    and ResponseClosed or RoleForbids as saving does.
    """
    is_concurrence = clearance.is_concurrence
    lock_open(response, by, Action.CONCUR if is_concurrence else Action.CLEAR)
    is_contributor = role_of(by, response.country_id) is Role.CONTRIBUTOR
    if is_contributor and clearance.recorded_by_id != by.pk:
        raise NotTheirs(_("Somebody else recorded this. Ask your coordinator."))
    _withdraw(response, clearance, by, timezone.now())


def clearance_to_freeze(
    *, response: Response, instrument: Instrument, answers: Mapping[Address, Value]
) -> dict[str, Any] | None:
    """Return what a submission of `answers` freezes; None where the round asks for none.

    Concurrences count as far as they are about these answers. Raises NotCleared. The
    response is locked by the caller. One query where the round asks.
    """
    if not response.round.asks_for_clearance:
        return None
    standing = standing_records(response)
    heads = [one for one in standing if not one.is_concurrence]
    if not heads:
        raise NotCleared(
            _(
                "The head of the statistical office has not cleared the answers yet. "
                "Record the clearance first."
            )
        )
    if not is_current(heads[0], instrument, answers):
        raise NotCleared(
            _(
                "Answers changed after %(person)s cleared them. Look at what changed, "
                "and record the clearance anew."
            )
            % {"person": heads[0].person_name}
        )
    return clearance_record(
        heads[0],
        [
            one
            for one in standing
            if one.is_concurrence and is_current(one, instrument, answers)
        ],
    )


# Inside


def _live(response: Response) -> Reading:
    return Reading(instrument_of(response), held_answers(response))


def _running(response: Response) -> list[Delegation]:
    """Return what is delegated now: a response read before the lock may be mistaken."""
    return list(delegations_of(response).filter(ended_at__isnull=True))


def _known(instrument: Instrument, parts: Iterable[str]) -> list[str]:
    """Return parts as they are kept. Raises SignatureRefused for one that is none."""
    asked = list(parts)
    if not set(asked) <= set(all_parts(instrument)):
        raise SignatureRefused([_("This is not a part of the questionnaire.")])
    return normal(instrument, asked)


def _cleaned(signature: Signature) -> Signature:
    """Return the signature with texts as they are kept: names on one line, NFC."""
    problems: list[str] = []

    def text(label: str, value: str, longest: int) -> str:
        try:
            return clean_text(value, longest)
        except InvalidValue as invalid:
            problems.extend(f"{label}: {message}" for message in invalid.messages)
            return ""

    def name(label: str, value: str, longest: int) -> str:
        cleaned = clean_name(text(label, value, longest))
        if not cleaned and not problems:
            problems.append(_("%(field)s is missing.") % {"field": label})
        return cleaned

    cleaned = replace(
        signature,
        institution=name(_("Institution"), signature.institution, INSTITUTION_MAX),
        person_name=name(_("Name"), signature.person_name, PERSON_MAX),
        function=name(_("Function"), signature.function, INSTITUTION_MAX),
        remark=text(_("Remark"), signature.remark, LONG_TEXT_MAX),
    )
    if signature.signed_on > latest_day():
        problems.append(_("Nothing can have been signed on a day to come."))
    if problems:
        raise SignatureRefused(problems)
    return cleaned


def _refuse_unasked(response: Response) -> None:
    if not response.round.asks_for_clearance:
        raise NotReady(_("This round asks for no clearance: nothing was recorded."))


def _refuse_others(
    response: Response,
    instrument: Instrument,
    asked: list[str],
    before: Clearance | None,
    by: User,
) -> None:
    """Raise NotTheirs unless a contributor speaks of their own parts only."""
    own = own_parts(instrument, _running(response), by)
    if not asked or not is_inside(instrument, asked, own):
        raise NotTheirs(
            _(
                "You can record a concurrence for what is delegated to you, and only that."
            )
        )
    if before is None or before.recorded_by_id == by.pk:
        return
    if not before.parts or not is_inside(instrument, before.parts, own):
        raise NotTheirs(
            _(
                "%(institution)s has concurred with more than is delegated to you. Ask "
                "your coordinator to record it anew."
            )
            % {"institution": before.institution}
        )


def _refuse_unseen(
    reading: Reading, parts: Iterable[str], seen: Mapping[str, str]
) -> None:
    """Raise NotReady if the answers in `parts` are not those that were shown."""
    now = digests_of(reading.instrument, reading.answers, parts)
    if any(seen.get(part) != digest for part, digest in now.items()):
        raise NotReady(
            _(
                "Answers changed since this page was opened. Nothing was recorded: look "
                "at the answers as they are now, then record again."
            )
        )


def _refuse_missing(missing: list[str], confirmed: Collection[str]) -> None:
    if not set(missing) <= set(confirmed):
        raise NotReady(
            ngettext(
                "One concurrence is missing or older than the answers. Wait for it, or "
                "confirm that the clearance is given without it.",
                "%(count)d concurrences are missing or older than the answers. Wait for "
                "them, or confirm that the clearance is given without them.",
                len(missing),
            )
            % {"count": len(missing)},
            missing,
        )


def _record(
    response: Response,
    reading: Reading,
    kind: Kind,
    signature: Signature,
    parts: list[str],
    before: Clearance | None,
    by: User,
    without: Collection[str] = (),
) -> Clearance:
    now = timezone.now()
    made = Clearance(
        response_id=response.pk,
        kind=kind,
        institution=signature.institution,
        key=name_key(signature.institution),
        person_name=signature.person_name,
        function=signature.function,
        signed_on=signature.signed_on,
        remark=signature.remark,
        parts=parts,
        without=list(without),
        answers_sha256=digest_of(reading.instrument, reading.answers, parts),
        recorded_at=now,
        recorded_by=by,
    )
    if before is not None:
        if _content(before) == _content(made):
            return before
        _withdraw(response, before, by, now)
    made.save()
    is_concurrence = kind is Kind.CONCURRENCE
    action = (
        AuditAction.CLEARANCE_CONCURRED
        if is_concurrence
        else AuditAction.CLEARANCE_CLEARED
    )
    record(action, by=by, response=response, number=made.pk, **_details(made))
    return made


def _details(made: Clearance) -> dict[str, Any]:
    return {"parts": made.parts} if made.parts else {}


def _content(made: Clearance) -> tuple[object, ...]:
    """Return what makes a record: two clicks make one."""
    return (
        made.institution, made.person_name, made.function, made.signed_on,
        made.remark, made.parts, made.without, made.answers_sha256,
    )  # fmt: skip


def _withdraw(
    response: Response, made: Clearance, by: User, at: datetime.datetime
) -> None:
    standing = Clearance.objects.filter(pk=made.pk, withdrawn_at__isnull=True)
    if standing.update(withdrawn_at=at, withdrawn_by=by):
        record(
            AuditAction.CLEARANCE_WITHDRAWN, by=by, response=response, number=made.pk,
            **_details(made),
        )  # fmt: skip
