"""Changing a country's team: roles, deactivation, handing over.

Every change takes the lock of the country and looks at the rights of who asks again
under it: two coordinators who demote each other at once leave one.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.audit import record
from assessment.models import (
    AuditAction,
    Country,
    Membership,
    MembershipChange,
    User,
)
from assessment.permissions import Action, may_in_country
from assessment.refusals import LastCoordinator, RoleForbids, TeamRefused
from assessment.team_queries import coordinators_in

Kind = MembershipChange.Kind
Role = Membership.Role


def lock_team(country: Country) -> None:
    """Let nobody else change the team until the transaction ends. One query."""
    Country.objects.select_for_update(no_key=True).get(pk=country.pk)


def lock_as_manager(country: Country, by: User) -> None:
    """Lock the team for who may manage it now. Raises RoleForbids. Three queries."""
    lock_team(country)
    fresh = User.objects.get(pk=by.pk)  # `by` remembers the role the request began with
    if not may_in_country(fresh, Action.INVITE, country.pk):
        raise RoleForbids


def record_change(
    kind: Kind,
    country: Country,
    *,
    by: User,
    person: User | None = None,
    email: str = "",
    from_role: str = "",
    to_role: str = "",
) -> None:
    """Write what happened into the log of the team and the audit trail. Two queries."""
    MembershipChange.objects.create(
        country=country,
        kind=kind,
        person=person,
        email=email,
        from_role=from_role,
        to_role=to_role,
        made_by=by,
        made_at=timezone.now(),
    )
    record(
        AuditAction(f"team.{kind.value}"),
        by=by,
        country_id=country.pk,
        subject=person.email if person else email,
        from_role=from_role,
        to_role=to_role,
    )


@transaction.atomic
def add_member(*, user: User, country: Country, role: str, by: User) -> Membership:
    """Make somebody a member without an invitation: what the admin site does.

    Raises RoleForbids. The database refuses a second membership.
    """
    lock_as_manager(country, by)
    member = Membership.objects.create(user=user, country=country, role=role)
    record_change(Kind.ADDED, country, by=by, person=user, to_role=role)
    return member


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> bool:
    """Give a person another role; return whether it was another.

    Raises RoleForbids, LastCoordinator, or TeamRefused for somebody deactivated.
    """
    member = _locked(membership, by)
    if not member.is_active:
        raise TeamRefused(
            _("%(person)s is deactivated. Reactivate them first.")
            % {"person": member.user}
        )
    before = member.role
    if before == role:
        return False
    _refuse_last(member)
    _give(member, Role(role))
    record_change(
        Kind.ROLE,
        member.country,
        by=by,
        person=member.user,
        from_role=before,
        to_role=role,
    )
    return True


@transaction.atomic
def deactivate_member(*, membership: Membership, by: User) -> None:
    """Close the country to a person at once; what they wrote stays. Idempotent.

    Raises RoleForbids or LastCoordinator.
    """
    member = _locked(membership, by)
    if member.is_active:
        _refuse_last(member)
        _switch(member, is_active=False)
        record_change(
            Kind.DEACTIVATED,
            member.country,
            by=by,
            person=member.user,
            from_role=member.role,
        )


@transaction.atomic
def reactivate_member(*, membership: Membership, by: User) -> None:
    """Open the country to a person again, in the role they had. Idempotent."""
    member = _locked(membership, by)
    if not member.is_active:
        _switch(member, is_active=True)
        record_change(
            Kind.REACTIVATED,
            member.country,
            by=by,
            person=member.user,
            to_role=member.role,
        )


@transaction.atomic
def hand_over(*, country: Country, to: Membership, by: User) -> None:
    """Give one's own coordinator role to a colleague and become a contributor.

    Raises RoleForbids for who is no coordinator of the country, TeamRefused if the
    colleague is not an active member without the role.
    """
    lock_team(country)
    own = coordinators_in(country).filter(user=by).first()
    if own is None:
        raise RoleForbids
    heir = Membership.objects.select_related("user").get(pk=to.pk)
    before = heir.role
    if heir.country_id != country.pk or not (heir.is_active and heir.user.is_active):
        raise TeamRefused(
            _("%(person)s is not active in this country.") % {"person": heir.user}
        )
    if before == Role.COORDINATOR:
        raise TeamRefused(
            _("%(person)s is a coordinator already.") % {"person": heir.user}
        )
    _give(heir, Role.COORDINATOR)
    _give(own, Role.CONTRIBUTOR)
    record_change(
        Kind.HANDED_OVER,
        country,
        by=by,
        person=heir.user,
        from_role=before,
        to_role=Role.COORDINATOR,
    )


def _locked(membership: Membership, by: User) -> Membership:
    lock_as_manager(membership.country, by)
    return Membership.objects.select_related("user", "country").get(pk=membership.pk)


def _refuse_last(member: Membership) -> None:
    acting = list(coordinators_in(member.country)[:2])
    if acting == [member]:
        raise LastCoordinator(str(member.user))


def _give(member: Membership, role: Role) -> None:
    member.role = role
    member.save(update_fields=["role"])


def _switch(member: Membership, *, is_active: bool) -> None:
    member.is_active = is_active
    member.save(update_fields=["is_active"])
