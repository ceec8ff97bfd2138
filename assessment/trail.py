"""The audit trail as one stream: what was recorded, and each revision of an answer.

Read in pieces by a cursor, newest first, as the history of a response is. It never tells
what an answer is or was: people at UNSD read submissions only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import merge
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assessment.history import PAGE_SIZE, Cursor, within
from assessment.models import AnswerRevision, AuditAction, AuditEvent, User
from questionnaire.addresses import Address

ANSWER = "answer.saved"  # the action of a revision, beside those of events
ANSWERS = "answer"
NO_ANSWERS = "-answer"


@dataclass(frozen=True, slots=True)
class TrailFilters:
    """What to show. `person` is part of a name or e-mail address, `group` of an action.

    `since` and `until` are days in UTC, both included.
    """

    person: str = ""
    country: int | None = None
    round: int | None = None
    group: str = ""
    since: date | None = None
    until: date | None = None
    request_id: str = ""
    ip: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody did; `detail` holds codes and counts.

    `by` is the name of that day, of who saved an answer today's; `email` is today's.
    """

    cursor: Cursor
    by: str
    email: str
    action: str
    subject: str = ""
    country: str = ""
    iso3: str = ""
    round_code: str = ""
    ip: str = ""
    request_id: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return self.cursor.at

    @property
    def label(self) -> str:
        return actions().get(self.action, self.action)

    @property
    def words(self) -> list[tuple[str, str]]:
        """The detail as people read it: what, and its value."""
        names = detail_names()
        known = [key for key in names if key in self.detail]
        others = sorted(self.detail.keys() - names.keys())
        return [
            (names.get(key, key), _said(self.detail[key])) for key in (*known, *others)
        ]


def actions() -> dict[str, str]:
    """Return the name of every action, by its code."""
    named = {ANSWER: _("Answer saved")}
    return named | {action.value: str(action.label) for action in AuditAction}


def groups() -> dict[str, str]:
    """Return the name of every group of actions, by its code."""
    return {
        NO_ANSWERS: _("Everything but answers"),
        ANSWERS: _("Answers"),
        "response": _("Submission and review"),
        "clearance": _("Clearance in the country"),
        "comment": _("Comments and notes"),
        "reviewed": _("Reviewed values"),
        "view": _("Differing views"),
        "evidence": _("Evidence files"),
        "institution": _("Institutions"),
        "delegation": _("Delegations"),
        "team": _("Teams and roles"),
        "round": _("Rounds and imports"),
        "version": _("Questionnaire and translations"),
        "account": _("Sign-in and passwords"),
        "admin": _("Administration"),
        "download": _("Downloads"),
    }


def detail_names() -> dict[str, str]:
    """Return what the keys of a detail are called, in the order in which they are said.

    A key without a name is shown as it is.
    """
    return {
        "record": _("Record"),
        "kind": _("Kind"),
        "language": _("Language"),
        "parts": _("Parts"),
        "fields": _("Fields"),
        "changes": _("Changes"),
        "before": _("Earlier name"),
        "into": _("Into"),
        "countries": _("Countries"),
        "submission": _("Submission"),
        "from_role": _("Role before"),
        "to_role": _("Role after"),
        "from_status": _("From"),
        "to_status": _("To"),
        "on": _("On"),
        "due_on": _("Due on"),
        "saved": _("Saved"),
        "rejected": _("Rejected"),
        "answers": _("Answers rewritten"),
        "texts": _("Texts"),
        "filters": _("Filters"),
        "bytes": _("Bytes"),
        "sha256": _("SHA-256"),
        "number": _("Number"),
        "comment": _("Comment"),
        "revision": _("Revision"),
        "way": _("Way"),
        "confirmed": _("Confirmed"),
    }


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        return "; ".join(
            f"{key}: {' → '.join(str(one) or '–' for one in values)}"
            for key, values in value.items()
        )
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def entries(
    filters: TrailFilters,
    *,
    after: Cursor | None = None,
    limit: int | None = PAGE_SIZE,
) -> Iterator[Entry]:
    """Yield what was done, newest first, older than `after`; all of it without `limit`.

    Two queries, one where the group of actions needs no other.
    """
    streams: list[Iterator[Entry]] = []
    if filters.group != ANSWERS:
        events = _events(filters, after)
        streams.append(map(_event_entry, _rows(events, limit)))
    if filters.group in ("", ANSWERS):
        revisions = _revisions(filters, after)
        streams.append(map(_revision_entry, _rows(revisions, limit)))
    merged = merge(*streams, key=_place, reverse=True)
    for number, entry in enumerate(merged):
        if limit is not None and number >= limit:
            return
        yield entry


def _rows(
    found: QuerySet[Any, tuple[Any, ...]], limit: int | None
) -> Iterator[tuple[Any, ...]]:
    return iter(found[:limit]) if limit else found.iterator(chunk_size=1000)


def _place(entry: Entry) -> tuple[datetime, bool, int]:
    return entry.cursor.at, entry.cursor.is_transition, entry.cursor.pk


def _events(
    filters: TrailFilters, after: Cursor | None
) -> QuerySet[AuditEvent, tuple[Any, ...]]:
    found = AuditEvent.objects.filter(
        within("at", filters.since, filters.until),
        _from_where(filters),
        _by(filters, "actor", "actor_name"),
    )
    if filters.country is not None:
        found = found.filter(country=filters.country)
    if filters.round is not None:
        found = found.filter(round=filters.round)
    if filters.group not in ("", NO_ANSWERS):
        found = found.filter(action__startswith=f"{filters.group}.")
    if after is not None:
        same = Q(at=after.at, pk__lt=after.pk) if after.is_transition else Q(pk=None)
        found = found.filter(Q(at__lt=after.at) | same)
    return found.order_by("-at", "-pk").values_list(
        "pk", "at", "actor_name", "actor__email", "action", "subject", "country__name",
        "country__iso3", "round__code", "ip", "request_id", "detail",
    )  # fmt: skip


def _revisions(
    filters: TrailFilters, after: Cursor | None
) -> QuerySet[AnswerRevision, tuple[Any, ...]]:
    found = AnswerRevision.objects.filter(
        within("changed_at", filters.since, filters.until),
        _from_where(filters),
        _by(filters, "changed_by"),
    )
    if filters.country is not None:
        found = found.filter(answer__response__country=filters.country)
    if filters.round is not None:
        found = found.filter(answer__response__round=filters.round)
    if after is not None:
        same = {} if after.is_transition else {"pk__lt": after.pk}
        found = found.filter(
            Q(changed_at__lt=after.at) | Q(changed_at=after.at, **same)
        )
    return found.order_by("-changed_at", "-pk").values_list(
        "pk", "changed_at", "changed_by__name", "changed_by__email", "answer__question",
        "answer__row", "answer__column", "answer__response__country__name",
        "answer__response__country__iso3", "answer__response__round__code", "ip",
        "request_id", "revision", "via", "is_confirmed",
    )  # fmt: skip


def _from_where(filters: TrailFilters) -> Q:
    condition = Q()
    if filters.request_id:
        condition &= Q(request_id=filters.request_id)
    if filters.ip:
        condition &= Q(ip=filters.ip)
    return condition


def _by(filters: TrailFilters, person: str, name: str = "") -> Q:
    """Return who did it: people of today's name or address, or of the `name` recorded."""
    if not filters.person:
        return Q()
    text = filters.person
    people = User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text))
    condition = Q(**{f"{person}__in": people.order_by().values("pk")})
    return condition | Q(**{f"{name}__icontains": text}) if name else condition


def _event_entry(row: tuple[Any, ...]) -> Entry:
    pk, at, name, email, action, subject, country, iso3, code, ip, number, detail = row
    return Entry(
        cursor=Cursor(at, is_transition=True, pk=pk),
        by=name,
        email=email or "",
        action=action,
        subject=subject,
        country=country or "",
        iso3=iso3 or "",
        round_code=code or "",
        ip=ip or "",
        request_id=number,
        detail=detail,
    )


def _revision_entry(row: tuple[Any, ...]) -> Entry:
    (
        pk, at, name, email, question, item, column, country, iso3, code, ip, number,
        revision, via, is_confirmed,
    ) = row  # fmt: skip
    return Entry(
        cursor=Cursor(at, is_transition=False, pk=pk),
        by=name,
        email=email,
        action=ANSWER,
        subject=str(Address(question, item, column)),
        country=country,
        iso3=iso3,
        round_code=code,
        ip=ip or "",
        request_id=number,
        detail={"revision": revision, "way": via}
        | ({} if is_confirmed else {"confirmed": False}),
    )
