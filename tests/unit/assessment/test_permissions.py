import pytest

from assessment.models import Membership, Response, User
from assessment.permissions import (
    Action,
    GlobalAction,
    Role,
    may,
    may_ever,
    may_globally,
    may_in_country,
    responses_visible_to,
    role_of,
    unsd_role_of,
)
from assessment.services.rounds import system_user
from tests.factories import (
    AdministratorFactory,
    MemberFactory,
    MembershipFactory,
    OfficerFactory,
    UserFactory,
)

Status = Response.Status
VIEW, EDIT, COMMENT = Action.VIEW, Action.EDIT, Action.COMMENT
SEE_TEAM, INVITE, DELEGATE = Action.SEE_TEAM, Action.INVITE, Action.DELEGATE
SUBMIT, WITHDRAW = Action.SUBMIT, Action.WITHDRAW
RETURN, ACCEPT, REOPEN = Action.RETURN, Action.ACCEPT, Action.REOPEN
DOWNLOAD = Action.DOWNLOAD
LIST = Action.MANAGE_INSTITUTIONS

# design.md, section 4, and contracts.md, section 3: the policy itself, cell by cell.
MATRIX = {
    (Role.CONTRIBUTOR, Status.DRAFT): {VIEW, SEE_TEAM, EDIT, COMMENT, DOWNLOAD},
    (Role.CONTRIBUTOR, Status.SUBMITTED): {VIEW, SEE_TEAM, COMMENT, DOWNLOAD},
    (Role.CONTRIBUTOR, Status.RETURNED): {VIEW, SEE_TEAM, EDIT, COMMENT, DOWNLOAD},
    (Role.CONTRIBUTOR, Status.ACCEPTED): {VIEW, SEE_TEAM, COMMENT, DOWNLOAD},
    (Role.COORDINATOR, Status.DRAFT): {
        VIEW, SEE_TEAM, EDIT, COMMENT, INVITE, DELEGATE, SUBMIT, DOWNLOAD,
    },
    (Role.COORDINATOR, Status.SUBMITTED): {
        VIEW, SEE_TEAM, COMMENT, INVITE, WITHDRAW, DOWNLOAD,
    },
    (Role.COORDINATOR, Status.RETURNED): {
        VIEW, SEE_TEAM, EDIT, COMMENT, INVITE, DELEGATE, SUBMIT, DOWNLOAD,
    },
    (Role.COORDINATOR, Status.ACCEPTED): {VIEW, SEE_TEAM, COMMENT, INVITE, DOWNLOAD},
    (Role.OBSERVER, Status.DRAFT): {VIEW, SEE_TEAM, DOWNLOAD},
    (Role.OBSERVER, Status.SUBMITTED): {VIEW, SEE_TEAM, DOWNLOAD},
    (Role.OBSERVER, Status.RETURNED): {VIEW, SEE_TEAM, DOWNLOAD},
    (Role.OBSERVER, Status.ACCEPTED): {VIEW, SEE_TEAM, DOWNLOAD},
    (Role.OFFICER, Status.DRAFT): set(),
    (Role.OFFICER, Status.SUBMITTED): {VIEW, COMMENT, RETURN, ACCEPT, DOWNLOAD},
    (Role.OFFICER, Status.RETURNED): {VIEW, COMMENT, DOWNLOAD},
    (Role.OFFICER, Status.ACCEPTED): {VIEW, COMMENT, REOPEN, DOWNLOAD},
    (Role.ADMINISTRATOR, Status.DRAFT): {SEE_TEAM, INVITE, DELEGATE},
    (Role.ADMINISTRATOR, Status.SUBMITTED): {
        VIEW, SEE_TEAM, COMMENT, INVITE, RETURN, ACCEPT, DOWNLOAD,
    },
    (Role.ADMINISTRATOR, Status.RETURNED): {
        VIEW, SEE_TEAM, COMMENT, INVITE, DELEGATE, DOWNLOAD,
    },
    (Role.ADMINISTRATOR, Status.ACCEPTED): {VIEW, SEE_TEAM, COMMENT, INVITE, REOPEN, DOWNLOAD},
    (Role.SYSTEM, Status.DRAFT): {VIEW, EDIT},
    (Role.SYSTEM, Status.SUBMITTED): {VIEW},
    (Role.SYSTEM, Status.RETURNED): {VIEW, EDIT},
    (Role.SYSTEM, Status.ACCEPTED): {VIEW},}  # fmt: skip
COUNTRY_ROLES = [Role.CONTRIBUTOR, Role.COORDINATOR, Role.OBSERVER]
# Answers as they stand now, and their history: never for people at UNSD.
for _role in (*COUNTRY_ROLES, Role.SYSTEM):
    for _status in Status:
        MATRIX[_role, _status].add(Action.READ_LIVE)
for _status in Status:
    MATRIX[Role.COORDINATOR, _status] |= {LIST, Action.PLAN}
    MATRIX[Role.SYSTEM, _status] |= {LIST, Action.PLAN}
for _status in (Status.DRAFT, Status.RETURNED):
    MATRIX[Role.CONTRIBUTOR, _status].add(Action.DISSENT)
    MATRIX[Role.COORDINATOR, _status] |= {Action.DISSENT, Action.SETTLE}
# Comments of a draft are what the country asked: officers read and answer them.
for _status in Status:
    for _role in (Role.CONTRIBUTOR, Role.COORDINATOR):
        MATRIX[_role, _status] |= {Action.READ_COMMENTS, Action.REPLY}
    MATRIX[Role.OBSERVER, _status].add(Action.READ_COMMENTS)
    for _role in (Role.OFFICER, Role.ADMINISTRATOR):
        MATRIX[_role, _status] |= {
            Action.READ_COMMENTS, Action.REPLY, Action.RESOLVE, Action.NOTE,
        }  # fmt: skip
# Institutions concur through their contributors; the coordinator records for anybody.
for _status in (Status.DRAFT, Status.RETURNED):
    MATRIX[Role.CONTRIBUTOR, _status].add(Action.CONCUR)
    MATRIX[Role.COORDINATOR, _status] |= {Action.CONCUR, Action.CLEAR}
for _status in (Status.SUBMITTED, Status.RETURNED, Status.ACCEPTED):
    MATRIX[Role.OFFICER, _status].add(Action.REVIEW)
    MATRIX[Role.ADMINISTRATOR, _status].add(Action.REVIEW)
for _role in (Role.OFFICER, Role.ADMINISTRATOR):
    MATRIX[_role, Status.SUBMITTED].add(Action.REVIEW_VALUE)
NOT_SYSTEM = [role for role in Role if role is not Role.SYSTEM]


def person(role, country, **fields):
    if role is Role.OFFICER:
        return OfficerFactory(**fields)
    if role is Role.ADMINISTRATOR:
        return AdministratorFactory(**fields)
    if role is Role.SYSTEM:
        return system_user()
    return MemberFactory(country=country, role=role.value, **fields)


def allowed(user, response):
    return {action for action in Action if may(user, action, response)}


def again(user):
    return User.objects.get(pk=user.pk)


def test_matrix_covers_every_role_and_status():
    assert set(MATRIX) == {(role, status) for role in Role for status in Status}


@pytest.mark.parametrize(("role", "status"), MATRIX)
def test_may_follows_the_access_matrix(response, peru, role, status):
    Response.objects.filter(pk=response.pk).update(status=status)
    response.status = status
    user = person(role, peru)

    assert allowed(user, response) == MATRIX[role, status]
    assert (response in responses_visible_to(user)) is (VIEW in MATRIX[role, status])


@pytest.mark.parametrize("role", Role)
def test_may_ever_is_what_some_status_allows(response, peru, role):
    user = person(role, peru)

    ever = {action for action in Action if may_ever(user, action, response)}

    assert ever == set().union(*(MATRIX[role, status] for status in Status))


@pytest.mark.parametrize("role", Role)
def test_rights_in_a_country_are_those_in_some_status(peru, role):
    user = person(role, peru)

    rights = {action for action in Action if may_in_country(user, action, peru.pk)}

    assert rights == set().union(*(MATRIX[role, status] for status in Status))


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", COUNTRY_ROLES)
def test_members_of_another_country_see_nothing(
    response, django_assert_num_queries, role, status
):
    Response.objects.filter(pk=response.pk).update(status=status)
    response.status = status
    stranger = MemberFactory(country=country_named("CHL"), role=role.value)

    assert role_of(stranger, response.country_id) is None
    assert allowed(stranger, response) == set()
    assert list(responses_visible_to(stranger)) == []


def country_named(iso3):
    return Response._meta.get_field("country").related_model.objects.get(iso3=iso3)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", NOT_SYSTEM)
def test_inactive_people_may_nothing(response, peru, role, status):
    Response.objects.filter(pk=response.pk).update(status=status)
    response.status = status
    user = person(role, peru, is_active=False)

    assert role_of(user, peru.pk) is None
    assert unsd_role_of(user) is None
    assert allowed(user, response) == set()
    assert list(responses_visible_to(user)) == []
    assert [a for a in GlobalAction if may_globally(user, a)] == []


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", COUNTRY_ROLES)
def test_inactive_membership_gives_nothing(response, peru, role, status):
    Response.objects.filter(pk=response.pk).update(status=status)
    response.status = status
    user = UserFactory()
    MembershipFactory(user=user, country=peru, role=role.value, is_active=False)

    assert allowed(user, response) == set()
    assert list(responses_visible_to(user)) == []


def test_person_without_any_role_may_nothing(response):
    user = UserFactory()

    assert allowed(user, response) == set()
    assert list(responses_visible_to(user)) == []
    assert [a for a in GlobalAction if may_globally(user, a)] == []


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", COUNTRY_ROLES)
@pytest.mark.parametrize("unsd", [OfficerFactory, AdministratorFactory])
def test_role_in_the_country_comes_before_the_role_at_unsd(
    response, peru, unsd, role, status
):
    """Nobody reviews their own country."""
    Response.objects.filter(pk=response.pk).update(status=status)
    response.status = status
    user = unsd()
    MembershipFactory(user=user, country=peru, role=role.value)

    assert role_of(user, peru.pk) is role
    assert allowed(user, response) == MATRIX[role, status]
    assert (response in responses_visible_to(user)) is (VIEW in MATRIX[role, status])


def test_officer_who_is_also_a_member_still_reviews_other_countries(
    response, peru, round_2025, officer
):
    Response.objects.filter(pk=response.pk).update(status=Status.SUBMITTED)
    response.status = Status.SUBMITTED
    MembershipFactory(user=officer, country=country_named("CHL"), role="coordinator")

    assert allowed(officer, response) == MATRIX[Role.OFFICER, Status.SUBMITTED]
    assert list(responses_visible_to(officer)) == [response]


def test_officer_whose_membership_ended_is_an_officer_again(response, peru, officer):
    Response.objects.filter(pk=response.pk).update(status=Status.SUBMITTED)
    response.status = Status.SUBMITTED
    MembershipFactory(user=officer, country=peru, role="observer", is_active=False)

    assert role_of(officer, peru.pk) is Role.OFFICER
    assert allowed(officer, response) == MATRIX[Role.OFFICER, Status.SUBMITTED]
    assert list(responses_visible_to(officer)) == [response]


def test_member_of_two_countries_has_each_role_in_its_country(peru):
    chile = country_named("CHL")
    user = MemberFactory(country=peru, role="coordinator")
    MembershipFactory(user=user, country=chile, role="observer")

    roles = role_of(user, peru.pk), role_of(user, chile.pk)

    assert roles == (Role.COORDINATOR, Role.OBSERVER)


def test_every_role_a_membership_can_hold_is_in_the_table():
    assert {role.value for role in Membership.Role} == {r.value for r in COUNTRY_ROLES}


def test_every_role_at_unsd_is_in_the_table():
    assert {role.value for role in User.UnsdRole} == {"", "officer", "administrator"}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.CONTRIBUTOR, set()),
        (Role.COORDINATOR, set()),
        (Role.OBSERVER, set()),
        (
            Role.OFFICER,
            {
                GlobalAction.FOLLOW_ROUNDS,
                GlobalAction.MANAGE_ROUNDS,
                GlobalAction.ASSIGN,
            },
        ),
        (
            Role.ADMINISTRATOR,
            {
                GlobalAction.FOLLOW_ROUNDS,
                GlobalAction.MANAGE_ROUNDS,
                GlobalAction.ASSIGN,
                GlobalAction.MANAGE_PEOPLE,
                GlobalAction.LOAD_VERSIONS,
                GlobalAction.READ_AUDIT,
            },
        ),
        (Role.SYSTEM, set()),
    ],
)
def test_global_actions_follow_the_table(peru, role, expected):
    user = person(role, peru)

    assert {a for a in GlobalAction if may_globally(user, a)} == expected


def test_roles_are_read_once_a_request(response, peru, django_assert_num_queries):
    user = again(MemberFactory(country=peru, role="coordinator"))

    with django_assert_num_queries(1):
        for action in Action:
            may(user, action, response)
            may_ever(user, action, response)
        role_of(user, peru.pk)


@pytest.mark.parametrize(
    ("factory", "opens"), [(OfficerFactory, False), (AdministratorFactory, True)]
)
def test_admin_site_is_for_administrators(db, factory, opens):
    user = factory()

    assert user.is_staff is opens
    assert user.has_perm("assessment.change_user") is opens
    assert user.has_module_perms("assessment") is opens


def test_inactive_administrator_has_no_permission(db):
    user = AdministratorFactory(is_active=False)

    assert not user.has_perm("assessment.change_user")
    assert not user.has_module_perms("assessment")
