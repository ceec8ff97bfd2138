"""Who has which part of a response, and what a person may therefore write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery
from django.db.models import Value as Literal
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from assessment.compiled import Compiled, given
from assessment.models import Delegation, Response, Team, User
from assessment.parts import parts_over
from assessment.permissions import Role, role_of
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Question


class Holding(NamedTuple):
    """A delegation that has not ended, with only what answering needs."""

    user_id: int | None
    email: str
    name: str
    parts: tuple[str, ...]

    def is_of(self, user: User) -> bool:
        return self.user_id == user.pk or self.email == user.email.lower()


def _named() -> Coalesce:
    """Return the display name: of the person, of who joined by the address, or that."""
    joined = User.objects.filter(
        email=OuterRef("email"),
        memberships__country=OuterRef("response__country"),
        memberships__is_active=True,
    )
    nobody = Literal("")
    return Coalesce(
        NullIf(F("user__name"), nobody),
        NullIf(Subquery(joined.values("name")[:1]), nobody),
        F("user__email"),
        F("email"),
        output_field=CharField(),
    )


_HOLDINGS = Compiled(
    lambda: (
        Delegation.objects.order_by("pk")
        .filter(response=given("response"), ended_at__isnull=True)
        .annotate(name=_named())
        .values_list("user", "email", "name", "parts")
    )
)


def holdings_of(response: Response) -> list[Holding]:
    """Return who has which part now. One query."""
    return [
        Holding(user, email, name, tuple(parts))
        for user, email, name, parts in _HOLDINGS.rows(response=response.pk)
    ]


def holdings_shown(response: Response) -> list[Holding]:
    """Return the same for a page that was asked for just now. None without delegations."""
    return holdings_of(response) if getattr(response, "has_delegations", True) else []


def delegations_of(response: Response) -> QuerySet[Delegation]:
    """Return all delegations of a response, ended ones too, each with a `name`."""
    people = ("user", "delegated_by", "done_by", "ended_by")
    found = response.delegations.select_related(*people).annotate(name=_named())
    return found.order_by("due_on", "pk")


def running_delegations(response: Response) -> list[Delegation]:
    """Return what has not ended. One query, none where nothing is delegated."""
    if not getattr(response, "has_delegations", True):
        return []
    return list(delegations_of(response).filter(ended_at__isnull=True))


def holdings_in(delegations: Iterable[Delegation]) -> list[Holding]:
    """Return delegations from `delegations_of` as holdings. No query."""
    return [
        Holding(d.user_id, d.email, getattr(d, "name", d.address), tuple(d.parts))
        for d in delegations
    ]


def is_delegated(response: Response) -> bool:
    """Return whether contributors answer only their part.

    `response` is locked or comes from `responses_with_instrument`. No query.
    """
    return getattr(response, "team_mode", None) == Team.Mode.DELEGATED


def is_restricted(user: User, response: Response) -> bool:
    """Return whether `user` may write only what is delegated to them."""
    is_contributor = role_of(user, response.country_id) is Role.CONTRIBUTOR
    return is_contributor and is_delegated(response)


@dataclass(frozen=True)
class Territory:
    """Who has what, as one person meets it; `own` are this person's parts.

    Where `is_restricted`, the person writes only there.
    """

    instrument: Instrument
    own: frozenset[str] = frozenset()
    others: tuple[Holding, ...] = ()
    is_restricted: bool = False

    def covers(self, address: Address) -> bool:
        """Return whether the person may write the cell, as far as delegation goes."""
        return not self.is_restricted or self.is_own(address)

    def is_own(self, address: Address) -> bool:
        return not self.own.isdisjoint(parts_over(self.instrument, address))

    def covers_any_of(self, question: Question) -> bool:
        """Return whether the person may write the question or at least a row of it."""
        return self.covers(Address(question.code)) or any(
            self.covers(Address(question.code, row.code)) for row in question.rows
        )

    def holders_of(self, address: Address) -> list[str]:
        """Return the names of the others who have the cell, each once."""
        over = parts_over(self.instrument, address)
        found = (h.name for h in self.others if not set(over).isdisjoint(h.parts))
        return list(dict.fromkeys(found))

    def refusal(self, address: Address) -> str:
        """Return why the person may not write the cell; empty where they may."""
        return "" if self.covers(address) else not_yours(self.holders_of(address))


def not_yours(holders: list[str]) -> str:
    """Return the words for what is not delegated to the reader."""
    if not holders:
        return _(
            "Not delegated to you, nor to anybody yet. Ask your coordinator for it."
        )
    return _("Not delegated to you: %(people)s answers this.") % {
        "people": ", ".join(holders)
    }


def territory_in(
    holdings: Iterable[Holding],
    user: User,
    response: Response,
    instrument: Instrument,
) -> Territory:
    """Return what `user` meets where `holdings` stand. No query."""
    mine: list[Holding] = []
    others: list[Holding] = []
    for holding in holdings:
        (mine if holding.is_of(user) else others).append(holding)
    return Territory(
        instrument=instrument,
        own=frozenset(part for holding in mine for part in holding.parts),
        others=tuple(others),
        is_restricted=is_restricted(user, response),
    )


def territory_to_save(
    user: User, response: Response, instrument: Instrument
) -> Territory:
    """Return what `user` may write. One query if they are restricted, else none."""
    if not is_restricted(user, response):
        return Territory(instrument)
    return territory_in(holdings_of(response), user, response, instrument)
