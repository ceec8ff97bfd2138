from functools import partial

import pytest

from assessment.models import Country, Membership, MembershipChange
from assessment.refusals import LastCoordinator, RoleForbids, TeamRefused
from assessment.services.teams import (
    add_member,
    change_role,
    deactivate_member,
    hand_over,
    reactivate_member,
)
from tests.factories import (
    AdministratorFactory,
    MemberFactory,
    MembershipFactory,
    OfficerFactory,
    UserFactory,
)
from tests.teams import log_of

ROLES = ["observer", "contributor", "coordinator"]


@pytest.fixture
def chile(db):
    return Country.objects.get(iso3="CHL")


@pytest.fixture
def ana(peru):
    return MemberFactory(country=peru, role="coordinator", name="Ana")


def member(country, role="contributor", name="Luz", **fields):
    user = UserFactory(name=name, **fields)
    return MembershipFactory(user=user, country=country, role=role)


def own(user):
    return user.memberships.get()


def standing(membership):
    return Membership.objects.values_list("role", "is_active").get(pk=membership.pk)


# Roles


@pytest.mark.parametrize("before", ROLES)
@pytest.mark.parametrize("after", ROLES)
def test_coordinator_gives_any_role_of_the_country(peru, ana, before, after):
    luz = member(peru, before)

    changed = change_role(membership=luz, role=after, by=ana)

    assert changed is (before != after)
    assert standing(luz) == (after, True)
    assert log_of(peru) == ([("role", "Luz", "", before, after)] if changed else [])


def test_log_says_who_and_when(peru, ana, time_machine):
    time_machine.move_to("2025-03-01T12:00:00Z", tick=False)

    change_role(membership=member(peru), role="observer", by=ana)

    (change,) = MembershipChange.objects.all()
    assert change.made_by == ana
    assert change.made_at.isoformat() == "2025-03-01T12:00:00+00:00"


def test_administrator_changes_roles_in_any_country(chile):
    luz = member(chile)

    change_role(membership=luz, role="coordinator", by=AdministratorFactory())

    assert standing(luz) == ("coordinator", True)


@pytest.mark.parametrize("role", ["contributor", "observer", "officer", "stranger"])
@pytest.mark.parametrize("service", [change_role, deactivate_member, reactivate_member])
def test_team_is_changed_by_nobody_else(peru, chile, ana, service, role):
    luz = member(peru)
    by = {
        "officer": OfficerFactory,
        "stranger": lambda: MemberFactory(country=chile, role="coordinator"),
    }.get(role, lambda: MemberFactory(country=peru, role=role))()
    extra = {"role": "observer"} if service is change_role else {}

    with pytest.raises(RoleForbids):
        service(membership=luz, by=by, **extra)

    assert standing(luz) == ("contributor", True)
    assert log_of(peru) == []


@pytest.mark.parametrize("lost", ["role", "membership", "account"])
def test_rights_are_read_again_under_the_lock(peru, ana, lost):
    """The request began while Ana was coordinator."""
    luz = member(peru)
    assert ana.role_in(peru.pk) == "coordinator"
    if lost == "account":
        type(ana).objects.filter(pk=ana.pk).update(is_active=False)
    else:
        values = {"role": "observer"} if lost == "role" else {"is_active": False}
        Membership.objects.filter(user=ana).update(**values)

    with pytest.raises(RoleForbids):
        change_role(membership=luz, role="coordinator", by=ana)


def test_role_of_somebody_deactivated_is_not_changed(peru, ana):
    luz = member(peru)
    deactivate_member(membership=luz, by=ana)

    with pytest.raises(TeamRefused) as refused:
        change_role(membership=luz, role="observer", by=ana)

    assert refused.value.message == "Luz is deactivated. Reactivate them first."
    assert standing(luz) == ("contributor", False)


# Adding


def test_administrator_adds_somebody_without_an_invitation(chile):
    luz = UserFactory(name="Luz")

    add_member(user=luz, country=chile, role="observer", by=AdministratorFactory())

    assert standing(own(luz)) == ("observer", True)
    assert log_of(chile) == [("added", "Luz", "", "", "observer")]


def test_officer_adds_nobody(chile):
    with pytest.raises(RoleForbids):
        add_member(
            user=UserFactory(), country=chile, role="observer", by=OfficerFactory()
        )

    assert Membership.objects.count() == 0


# Deactivating


def test_person_is_deactivated_and_reactivated_in_the_same_role(peru, ana):
    luz = member(peru, "observer")

    deactivate_member(membership=luz, by=ana)
    between = standing(luz)
    reactivate_member(membership=luz, by=ana)

    assert (between, standing(luz)) == (("observer", False), ("observer", True))
    assert log_of(peru) == [
        ("deactivated", "Luz", "", "observer", ""),
        ("reactivated", "Luz", "", "", "observer"),
    ]


def test_double_click_changes_nothing_and_logs_nothing(peru, ana):
    luz = member(peru)
    for service in (deactivate_member, deactivate_member):
        service(membership=luz, by=ana)
    for service in (reactivate_member, reactivate_member):
        service(membership=luz, by=ana)

    assert [kind for kind, *_ in log_of(peru)] == ["deactivated", "reactivated"]


def test_coordinator_may_leave_when_another_stays(peru, ana):
    member(peru, "coordinator")

    deactivate_member(membership=own(ana), by=ana)

    assert standing(own(ana)) == ("coordinator", False)


# The last coordinator


@pytest.fixture(params=["alone", "other is deactivated", "other has no account"])
def last(request, peru, ana):
    """Ana is the only one who can act as coordinator."""
    if request.param == "other is deactivated":
        other = member(peru, "coordinator")
        Membership.objects.filter(pk=other.pk).update(is_active=False)
    elif request.param == "other has no account":
        member(peru, "coordinator", is_active=False)
    return own(ana)


@pytest.mark.parametrize("by_administrator", [False, True])
@pytest.mark.parametrize("role", ["contributor", "observer", None])
def test_last_coordinator_stays(peru, ana, last, role, by_administrator):
    by = AdministratorFactory() if by_administrator else ana
    service = partial(change_role, role=role) if role else deactivate_member

    with pytest.raises(LastCoordinator) as refused:
        service(membership=last, by=by)

    assert refused.value.message == (
        "Ana is the only active coordinator. Give somebody else the coordinator role "
        "first."
    )
    assert standing(last) == ("coordinator", True)
    assert log_of(peru) == []


def test_coordinator_of_another_country_does_not_count(peru, chile, ana):
    member(chile, "coordinator")

    with pytest.raises(LastCoordinator):
        deactivate_member(membership=own(ana), by=ana)


def test_account_switched_off_is_no_last_coordinator(peru):
    """It can be tidied away: the country had no coordinator before either."""
    luz = member(peru, "coordinator", is_active=False)

    deactivate_member(membership=luz, by=AdministratorFactory())

    assert standing(luz) == ("coordinator", False)


# Handing over


@pytest.mark.parametrize("role", ["contributor", "observer"])
def test_coordinator_role_is_handed_over(peru, ana, role):
    luz = member(peru, role)

    hand_over(country=peru, to=luz, by=ana)

    assert standing(luz) == ("coordinator", True)
    assert standing(own(ana)) == ("contributor", True)
    assert log_of(peru) == [("handed_over", "Luz", "", role, "coordinator")]


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("deactivated", "Luz is not active in this country."),
        ("account off", "Luz is not active in this country."),
        ("abroad", "Luz is not active in this country."),
        ("coordinator", "Luz is a coordinator already."),
    ],
)
def test_role_is_handed_to_nobody_who_cannot_hold_it(peru, chile, ana, case, message):
    luz = member(
        chile if case == "abroad" else peru,
        "coordinator" if case == "coordinator" else "contributor",
        is_active=case != "account off",
    )
    if case == "deactivated":
        Membership.objects.filter(pk=luz.pk).update(is_active=False)

    with pytest.raises(TeamRefused) as refused:
        hand_over(country=peru, to=luz, by=ana)

    assert refused.value.message == message
    assert standing(own(ana)) == ("coordinator", True)
    assert log_of(peru) == []


@pytest.mark.parametrize("role", ["contributor", "administrator", "deactivated"])
def test_only_a_coordinator_has_a_role_to_hand_over(peru, ana, role):
    luz = member(peru)
    if role == "administrator":
        by = AdministratorFactory()
    elif role == "contributor":
        by = MemberFactory(country=peru, role=role)
    else:
        by = MemberFactory(country=peru, role="coordinator")
        Membership.objects.filter(user=by).update(is_active=False)

    with pytest.raises(RoleForbids):
        hand_over(country=peru, to=luz, by=by)

    assert standing(luz) == ("contributor", True)
