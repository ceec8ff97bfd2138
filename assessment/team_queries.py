"""Reads of a country's team: people, invitations, what happened."""

from __future__ import annotations

import hashlib

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from assessment.models import (
    Country,
    Invitation,
    Membership,
    MembershipChange,
    Response,
    User,
)

Role = Membership.Role
# From the fewest rights to the most.
RANKS = (Role.OBSERVER, Role.CONTRIBUTOR, Role.COORDINATOR)
SHOWN_CHANGES = 20
PENDING = Q(accepted_at__isnull=True, revoked_at__isnull=True)


def rank(role: str) -> int:
    """Return the place of a role among those of a country, 0 to 2."""
    return RANKS.index(Role(role))


def members_of(country: Country) -> QuerySet[Membership]:
    """Return the people of a country: the active first, coordinators before others."""
    by_rank = Case(
        *(When(role=role, then=Value(-rank(role))) for role in RANKS),
        output_field=IntegerField(),
    )
    return (
        Membership.objects.filter(country=country, user__is_system=False)
        .select_related("user")
        .order_by("-is_active", "-user__is_active", by_rank, "user__name", "pk")
    )


def active_members_of(country: Country) -> QuerySet[Membership]:
    return members_of(country).filter(is_active=True, user__is_active=True)


def coordinators_in(country: Country) -> QuerySet[Membership]:
    """Return the memberships of those who can act as coordinators now."""
    return active_members_of(country).filter(role=Role.COORDINATOR)


def pending_invitations_of(country: Country) -> QuerySet[Invitation]:
    """Return what was neither accepted nor withdrawn, expired ones included."""
    return (
        Invitation.objects.filter(PENDING, country=country)
        .select_related("invited_by")
        .order_by("-expires_at", "pk")
    )


def open_invitations_of(country: Country) -> QuerySet[Invitation]:
    return pending_invitations_of(country).filter(expires_at__gt=timezone.now())


def latest_changes_of(country: Country) -> QuerySet[MembershipChange]:
    """Return what happened to the team, newest first, at most 20. One query."""
    found = MembershipChange.objects.filter(country=country).select_related(
        "person", "made_by"
    )
    return found.order_by("-made_at", "-pk")[:SHOWN_CHANGES]


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def invitation_by_token(token: str) -> Invitation | None:
    """Return the invitation of a link, whatever became of it. One query."""
    return (
        Invitation.objects.select_related("country", "invited_by")
        .filter(token_sha256=token_hash(token))
        .first()
    )


def account_of(email: str) -> User | None:
    """Return the account with an address, in any case of its letters. One query."""
    return User.objects.filter(email__iexact=email, is_system=False).first()


def membership_of(user: User, country: Country) -> Membership | None:
    return Membership.objects.filter(user=user, country=country).first()


def newest_response_of(country: Country) -> Response | None:
    """Return the response that somebody new to the country looks for. One query."""
    return (
        Response.objects.filter(country=country, round__opened_at__isnull=False)
        .select_related("country", "round")
        .order_by(
            F("round__closed_at").desc(nulls_first=True), "-round__year", "-round__code"
        )
        .first()
    )
