from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from assessment.models import Country, Invitation, Membership, User
from assessment.refusals import InvitationUnusable, RoleForbids, TeamRefused
from assessment.services.invitations import (
    accept_invitation,
    register_invited,
    resend_invitation,
    revoke_invitation,
)
from assessment.team_queries import token_hash
from tests.factories import (
    AdministratorFactory,
    MemberFactory,
    MembershipFactory,
    OfficerFactory,
    UserFactory,
)
from tests.teams import EMAIL, SITE, last_token, log_of, offer

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
ROLES = ["observer", "contributor", "coordinator"]
PASSWORD = "a long enough password"


@pytest.fixture
def chile(db):
    return Country.objects.get(iso3="CHL")


@pytest.fixture
def ana(peru):
    return MemberFactory(country=peru, role="coordinator", name="Ana")


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def sent(peru, ana, clock, django_capture_on_commit_callbacks):
    """Invite somebody; return the invitation and the token in its message."""

    def send(**values):
        with django_capture_on_commit_callbacks(execute=True):
            invitation = offer(peru, ana, **values)
        invitation.refresh_from_db()
        return invitation, last_token()

    return send


def again(invitation):
    return Invitation.objects.get(pk=invitation.pk)


# Inviting


@pytest.mark.parametrize("role", ROLES)
def test_coordinator_invites_in_any_role_of_the_country(peru, ana, clock, role):
    invitation = again(offer(peru, ana, email="Interior@Example.ORG", role=role))

    assert (invitation.country, invitation.email, invitation.name, invitation.role) == (
        peru,
        "interior@example.org",
        "Luz",
        role,
    )
    assert (invitation.invited_by, invitation.invited_at) == (ana, NOW)
    assert invitation.expires_at == NOW + timedelta(days=14)
    assert log_of(peru) == [("invited", None, "interior@example.org", "", role)]


def test_message_leaves_after_the_commit_and_carries_the_only_token(
    peru, ana, clock, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as waiting:
        invitation = offer(peru, ana)
    before = again(invitation)
    assert (before.token_sha256, before.sent_at, mail.outbox) == (None, None, [])

    (send,) = waiting
    send()

    after = again(invitation)
    assert after.token_sha256 == token_hash(last_token())
    assert (after.sent_at, after.failed_at) == (NOW, None)
    assert last_token() not in str(Invitation.objects.values().get())


def test_administrator_invites_for_any_country(chile):
    invitation = offer(chile, AdministratorFactory(), role="coordinator")

    assert again(invitation).country == chile


@pytest.mark.parametrize("role", ["contributor", "observer", "officer", "stranger"])
def test_nobody_else_invites(peru, chile, role):
    by = {
        "officer": OfficerFactory,
        "stranger": lambda: MemberFactory(country=chile, role="coordinator"),
    }.get(role, lambda: MemberFactory(country=peru, role=role))()

    with pytest.raises(RoleForbids):
        offer(peru, by)

    assert Invitation.objects.count() == 0


def test_role_outside_the_country_is_never_stored(peru, ana):
    with pytest.raises(IntegrityError), transaction.atomic():
        offer(peru, ana, role="administrator")


@pytest.mark.parametrize("email", [EMAIL, EMAIL.upper()])
def test_address_with_an_open_invitation_is_not_invited_twice(peru, ana, email):
    offer(peru, ana)

    with pytest.raises(TeamRefused) as refused:
        offer(peru, ana, email=email, role="coordinator")

    assert refused.value.message == (
        "interior@example.org has an open invitation already. Send it again or withdraw "
        "it in the list of open invitations."
    )
    assert Invitation.objects.get().role == "contributor"


def test_two_countries_may_invite_the_same_address(peru, chile, ana):
    offer(peru, ana)
    offer(chile, MemberFactory(country=chile, role="coordinator"))

    assert Invitation.objects.count() == 2


def test_expired_invitation_is_renewed_by_inviting_again(peru, ana, clock):
    first = offer(peru, ana)
    clock.move_to(NOW + timedelta(days=14), tick=False)

    second = offer(peru, ana, role="observer", name="")

    assert second.pk == first.pk
    assert (again(first).role, again(first).name) == ("observer", "")
    assert again(first).expires_at == NOW + timedelta(days=28)


def test_active_member_is_not_invited(peru, ana):
    MemberFactory(country=peru, role="observer", email=EMAIL)

    with pytest.raises(TeamRefused) as refused:
        offer(peru, ana, email=EMAIL.title())

    assert refused.value.message == (
        "interior@example.org is in the team already, as observer. Change the role there."
    )


def test_deactivated_member_may_be_invited(peru, ana):
    MembershipFactory(
        user=UserFactory(email=EMAIL), country=peru, role="observer", is_active=False
    )

    assert offer(peru, ana).pk is not None


def test_country_has_at_most_so_many_open_invitations(
    peru, chile, ana, clock, settings
):
    settings.INVITATIONS_MAX_OPEN = 2
    offer(chile, AdministratorFactory(), email="chile@example.org")
    first = offer(peru, ana, email="a@example.org")
    offer(peru, ana, email="b@example.org")

    with pytest.raises(TeamRefused) as refused:
        offer(peru, ana, email="c@example.org")

    assert refused.value.message == (
        "There are already 2 open invitations, the most a country may have. Withdraw "
        "some that are not needed, or wait until they expire."
    )
    revoke_invitation(invitation=first, by=ana)
    offer(peru, ana, email="c@example.org")
    clock.move_to(NOW + timedelta(days=15), tick=False)
    offer(peru, ana, email="d@example.org")
    offer(peru, ana, email="e@example.org")
    expired = Invitation.objects.get(email="b@example.org")
    with pytest.raises(TeamRefused):
        resend_invitation(invitation=expired, by=ana, site=SITE)


# Sending again


def test_sending_again_makes_a_new_link_and_ends_the_old_one(
    peru, sent, clock, django_capture_on_commit_callbacks
):
    invitation, old = sent()
    bea = MemberFactory(country=peru, role="coordinator")
    later = NOW + timedelta(days=3)
    clock.move_to(later, tick=False)

    with django_capture_on_commit_callbacks() as waiting:
        resend_invitation(invitation=invitation, by=bea, site=SITE)

    assert (
        again(invitation).token_sha256 is None
    )  # at once, even if a worker sends late
    waiting[0]()
    renewed = again(invitation)
    assert renewed.token_sha256 == token_hash(last_token()) != token_hash(old)
    assert (renewed.invited_by, renewed.invited_at) == (bea, later)
    assert renewed.expires_at == later + timedelta(days=14)
    assert [kind for kind, *_ in log_of(peru)] == ["invited", "resent"]
    with pytest.raises(InvitationUnusable):
        register_invited(token=old, name="Luz", password=PASSWORD)


def test_double_click_sends_one_message(ana, sent, clock):
    invitation, token = sent()
    clock.move_to(NOW + timedelta(seconds=59), tick=False)

    with pytest.raises(TeamRefused) as refused:
        resend_invitation(invitation=invitation, by=ana, site=SITE)

    assert refused.value.message == (
        "The invitation of interior@example.org was sent a moment ago. Wait a minute."
    )
    assert again(invitation).token_sha256 == token_hash(token)


@pytest.mark.parametrize("failed_at", [NOW, None])
def test_message_that_did_not_leave_may_be_sent_at_once(peru, ana, clock, failed_at):
    invitation = offer(peru, ana)
    Invitation.objects.update(failed_at=failed_at)

    resend_invitation(invitation=invitation, by=ana, site=SITE)

    assert again(invitation).failed_at is None
    assert [kind for kind, *_ in log_of(peru)] == ["invited", "resent"]


@pytest.mark.parametrize("service", [resend_invitation, revoke_invitation])
def test_accepted_invitation_is_neither_sent_nor_withdrawn(ana, sent, clock, service):
    invitation, token = sent()
    register_invited(token=token, name="Luz", password=PASSWORD)
    clock.move_to(NOW + timedelta(hours=1), tick=False)
    extra = {"site": SITE} if service is resend_invitation else {}

    with pytest.raises(TeamRefused) as refused:
        service(invitation=invitation, by=ana, **extra)

    assert refused.value.message == (
        "The invitation of interior@example.org was accepted or withdrawn meanwhile."
    )


@pytest.mark.parametrize("service", [resend_invitation, revoke_invitation])
def test_invitation_of_another_country_is_not_theirs(chile, sent, service):
    invitation, token = sent()
    stranger = MemberFactory(country=chile, role="coordinator")
    extra = {"site": SITE} if service is resend_invitation else {}

    with pytest.raises(RoleForbids):
        service(invitation=invitation, by=stranger, **extra)

    assert again(invitation).token_sha256 == token_hash(token)


# Withdrawing


def test_withdrawn_invitation_stops_working_and_may_be_made_anew(peru, ana, sent):
    invitation, token = sent()

    revoke_invitation(invitation=invitation, by=ana)
    revoke_invitation(invitation=invitation, by=ana)

    withdrawn = again(invitation)
    assert (withdrawn.revoked_at, withdrawn.revoked_by) == (NOW, ana)
    with pytest.raises(InvitationUnusable):
        register_invited(token=token, name="Luz", password=PASSWORD)
    assert sent()[0].pk != invitation.pk
    assert [kind for kind, *_ in log_of(peru)] == ["invited", "revoked", "invited"]


# Accepting


def test_who_has_no_account_gets_one_and_the_role(peru, sent):
    invitation, token = sent(email="Luz@Example.org", role="observer")

    luz = register_invited(token=token, name="Luz Rojas", password=PASSWORD)

    assert (luz.email, luz.name, luz.unsd_role) == ("luz@example.org", "Luz Rojas", "")
    assert luz.check_password(PASSWORD)
    assert luz.role_in(peru.pk) == "observer"
    accepted = again(invitation)
    assert (accepted.accepted_at, accepted.accepted_by) == (NOW, luz)
    assert log_of(peru)[-1] == ("accepted", "Luz Rojas", luz.email, "", "observer")


def test_link_works_once(sent):
    _invitation, token = sent()
    luz = register_invited(token=token, name="Luz", password=PASSWORD)

    with pytest.raises(InvitationUnusable):
        accept_invitation(token=token, by=luz)
    with pytest.raises(InvitationUnusable):
        register_invited(token=token, name="Eve", password=PASSWORD)

    assert User.objects.filter(email=EMAIL).count() == 1


@pytest.mark.parametrize(
    ("after", "works"),
    [(timedelta(days=14, seconds=-1), True), (timedelta(days=14), False)],
)
def test_link_works_for_fourteen_days(sent, clock, after, works):
    _invitation, token = sent()
    clock.move_to(NOW + after, tick=False)

    if works:
        assert register_invited(token=token, name="Luz", password=PASSWORD).pk
    else:
        with pytest.raises(InvitationUnusable):
            register_invited(token=token, name="Luz", password=PASSWORD)


@pytest.mark.parametrize("token", ["", "x", "None", "\x00", "é", "\ud800"])
def test_unknown_link_is_unusable(peru, ana, token):
    offer(peru, ana)  # not yet sent: it has no token at all

    with pytest.raises(InvitationUnusable):
        register_invited(token=token, name="Luz", password=PASSWORD)


@pytest.mark.parametrize("email", [EMAIL, "Interior@Example.org"])
def test_account_of_the_address_accepts_in_any_case(peru, sent, email):
    luz = UserFactory(email=email)
    _invitation, token = sent()

    accepted = accept_invitation(token=token, by=luz)

    assert (accepted.membership.role, accepted.is_changed) == ("contributor", True)


def test_account_is_not_made_twice(sent):
    luz = UserFactory(email="Interior@Example.org", name="Luz")
    invitation, token = sent()

    with pytest.raises(TeamRefused) as refused:
        register_invited(token=token, name="Eve", password=PASSWORD)

    assert refused.value.message == (
        "This address has an account already: sign in to accept the invitation."
    )
    luz.refresh_from_db()
    assert (luz.name, again(invitation).is_pending) == ("Luz", True)


def test_somebody_else_cannot_accept(peru, sent):
    invitation, token = sent()
    eve = UserFactory(email="eve@example.org")

    with pytest.raises(InvitationUnusable):
        accept_invitation(token=token, by=eve)

    assert not Membership.objects.filter(user=eve).exists()
    assert again(invitation).is_pending


def test_account_switched_off_cannot_accept(sent):
    luz = UserFactory(email=EMAIL, is_active=False)
    invitation, token = sent()

    with pytest.raises(InvitationUnusable):
        accept_invitation(token=token, by=luz)

    assert not Membership.objects.filter(user=luz).exists()
    assert again(invitation).is_pending


@pytest.mark.parametrize("offered", ROLES)
@pytest.mark.parametrize("held", ROLES)
def test_role_of_a_member_only_rises(peru, sent, held, offered):
    """They joined another way while the invitation was open."""
    _invitation, token = sent(role=offered)
    luz = MemberFactory(country=peru, role=held, email=EMAIL, name="Luz")

    accepted = accept_invitation(token=token, by=luz)

    higher = max(held, offered, key=ROLES.index)
    assert (accepted.membership.role, accepted.is_changed) == (higher, higher != held)
    assert Membership.objects.get(user=luz).role == higher
    assert log_of(peru)[-1] == ("accepted", "Luz", EMAIL, held, higher)


@pytest.mark.parametrize("offered", ROLES)
@pytest.mark.parametrize("held", ROLES)
def test_somebody_deactivated_comes_back_in_the_role_offered(peru, sent, held, offered):
    _invitation, token = sent(role=offered)
    luz = UserFactory(email=EMAIL)
    membership = MembershipFactory(user=luz, country=peru, role=held, is_active=False)

    accepted = accept_invitation(token=token, by=luz)

    membership.refresh_from_db()
    assert (membership.role, membership.is_active) == (offered, True)
    assert (accepted.membership, accepted.is_changed) == (membership, True)


# What the database itself refuses


@pytest.mark.parametrize(
    "values",
    [
        {"accepted_at": NOW},
        {"revoked_at": NOW},
        {"expires_at": NOW},
        {"role": "officer"},
    ],
)
def test_database_refuses_half_an_event_and_unknown_roles(peru, ana, clock, values):
    offer(peru, ana)

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(**values)


def test_database_refuses_what_is_accepted_and_withdrawn(peru, ana, clock):
    offer(peru, ana)

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(
            accepted_at=NOW, accepted_by=ana, revoked_at=NOW, revoked_by=ana
        )


def test_database_refuses_a_second_open_invitation(peru, ana, clock):
    offer(peru, ana)

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            country=peru,
            email=EMAIL.upper(),
            role="observer",
            invited_by=ana,
            invited_at=NOW,
            expires_at=NOW + timedelta(days=1),
        )
