"""Inviting people into a country's team, and what they make of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assessment.models import Country, Invitation, Membership, MembershipChange, User
from assessment.refusals import InvitationUnusable, TeamRefused
from assessment.services.invitation_mail import send_invitation
from assessment.services.teams import lock_as_manager, lock_team, record_change
from assessment.services.telling import tell_invited
from assessment.team_queries import (
    PENDING,
    account_of,
    invitation_by_token,
    open_invitations_of,
    rank,
)

Kind = MembershipChange.Kind
RESEND_PAUSE = timedelta(minutes=1)  # a double click makes no second message


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting made of a person: their membership, and whether it changed."""

    membership: Membership
    is_changed: bool


@transaction.atomic
def invite(
    *, country: Country, email: str, name: str, role: str, by: User, site: str = ""
) -> Invitation:
    """Offer a role to an address; the message leaves after the commit.

    `site` is the address under which people reach this site; without it no message is
    sent. An expired invitation of the address is renewed. Raises RoleForbids, or
    TeamRefused for a member, an address already invited, or when the country has too
    many open invitations.
    """
    lock_as_manager(country, by)
    email, now = email.lower(), timezone.now()
    _refuse_member(country, email)
    found = Invitation.objects.filter(PENDING, country=country, email=email).first()
    if found is not None and found.is_open(now):
        raise TeamRefused(
            _(
                "%(email)s has an open invitation already. Send it again or withdraw it "
                "in the list of open invitations."
            )
            % {"email": email}
        )
    _refuse_many(country)
    invitation = found or Invitation(country=country, email=email)
    invitation.name, invitation.role = name, role
    _offer(invitation, by=by, at=now, site=site)
    record_change(Kind.INVITED, country, by=by, email=email, to_role=role)
    tell_invited(invitation, by=by)
    return invitation


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User, site: str) -> Invitation:
    """Send a new link, valid for 14 days anew; the old one stops working at once.

    Raises RoleForbids, or TeamRefused if it was accepted, withdrawn or just sent.
    """
    lock_as_manager(invitation.country, by)
    row, now = _pending(invitation), timezone.now()
    if row.sent_at is not None and now - row.sent_at < RESEND_PAUSE:
        raise TeamRefused(
            _("The invitation of %(email)s was sent a moment ago. Wait a minute.")
            % {"email": row.email}
        )
    if not row.is_open(now):
        _refuse_many(row.country)
    _offer(row, by=by, at=now, site=site)
    record_change(Kind.RESENT, row.country, by=by, email=row.email, to_role=row.role)
    return row


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User) -> None:
    """Withdraw an invitation: its link stops working at once. Idempotent.

    Raises RoleForbids, or TeamRefused if it was accepted meanwhile.
    """
    lock_as_manager(invitation.country, by)
    row = Invitation.objects.get(pk=invitation.pk)
    if row.revoked_at is None:
        row = _pending(invitation)
        row.revoked_at, row.revoked_by = timezone.now(), by
        row.save(update_fields=["revoked_at", "revoked_by"])
        record_change(
            Kind.REVOKED, row.country, by=by, email=row.email, from_role=row.role
        )


@transaction.atomic
def accept_invitation(*, token: str, by: User) -> Accepted:
    """Make the person a member, in the role offered.

    An active member's role only rises, somebody deactivated comes back in the role
    offered. Raises InvitationUnusable, also for another person or a closed account.
    """
    invitation = _usable(token)
    person = User.objects.get(pk=by.pk)
    if not person.is_active or person.email.lower() != invitation.email.lower():
        raise InvitationUnusable
    return _join(invitation, person)


@transaction.atomic
def register_invited(*, token: str, name: str, password: str) -> User:
    """Make the account of who was invited, and accept for them.

    The password has been validated. Raises InvitationUnusable, or TeamRefused if the
    address has an account.
    """
    invitation = _usable(token)
    if account_of(invitation.email) is not None:
        raise _account_exists()
    try:
        with transaction.atomic():
            person = User.objects.create_user(invitation.email, password, name=name)
    except IntegrityError:  # another country's invitation was accepted this instant
        raise _account_exists() from None
    _join(invitation, person)
    return person


def _offer(invitation: Invitation, *, by: User, at: datetime, site: str) -> None:
    invitation.invited_by, invitation.invited_at = by, at
    invitation.expires_at = at + timedelta(days=settings.INVITATION_DAYS)
    invitation.token_sha256 = invitation.sent_at = invitation.failed_at = None
    invitation.save()
    send = partial(send_invitation.enqueue, invitation.pk, site, get_language() or "en")
    if site:
        transaction.on_commit(send, robust=True)


def _usable(token: str) -> Invitation:
    """Lock the team and return the open invitation of a link, or raise."""
    found = invitation_by_token(token)
    if found is None:
        raise InvitationUnusable
    lock_team(found.country)
    row = invitation_by_token(token)
    if row is None or not row.is_open(timezone.now()):
        raise InvitationUnusable
    return row


def _join(invitation: Invitation, person: User) -> Accepted:
    country, role = invitation.country, invitation.role
    member, is_new = Membership.objects.get_or_create(
        user=person, country=country, defaults={"role": role}
    )
    is_changed = is_new or not member.is_active or rank(role) > rank(member.role)
    before = member.role if member.is_active and not is_new else ""
    if is_changed:
        member.role, member.is_active = role, True
        member.save(update_fields=["role", "is_active"])
    invitation.accepted_at, invitation.accepted_by = timezone.now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record_change(
        Kind.ACCEPTED,
        country,
        by=person,
        person=person,
        email=invitation.email,
        from_role=before,
        to_role=member.role,
    )
    return Accepted(member, is_changed)


def _pending(invitation: Invitation) -> Invitation:
    row = Invitation.objects.select_related("country").get(pk=invitation.pk)
    if not row.is_pending:
        raise TeamRefused(
            _("The invitation of %(email)s was accepted or withdrawn meanwhile.")
            % {"email": row.email}
        )
    return row


def _refuse_member(country: Country, email: str) -> None:
    member = Membership.objects.filter(
        country=country, user__email__iexact=email, is_active=True
    ).first()
    if member is not None:
        raise TeamRefused(
            _("%(email)s is in the team already, as %(role)s. Change the role there.")
            % {"email": email, "role": member.get_role_display().lower()}
        )


def _refuse_many(country: Country) -> None:
    most = settings.INVITATIONS_MAX_OPEN
    if open_invitations_of(country).count() >= most:
        raise TeamRefused(
            ngettext(
                "There is already %(count)d open invitation, the most a country may have. "
                "Withdraw one that is not needed, or wait until it expires.",
                "There are already %(count)d open invitations, the most a country may "
                "have. Withdraw some that are not needed, or wait until they expire.",
                most,
            )
            % {"count": most}
        )


def _account_exists() -> TeamRefused:
    return TeamRefused(
        _("This address has an account already: sign in to accept the invitation.")
    )
