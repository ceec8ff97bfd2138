import pytest

from assessment.models import Country, Membership
from assessment.team_forms import AccountForm, HandOverForm, InviteForm, RoleForm
from tests.factories import MemberFactory

PASSWORD = "a long enough password"


def errors(form):
    return {name: list(found) for name, found in form.errors.items()}


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"email": ""}, "email", "This field is required."),
        ({"email": "luz"}, "email", "Enter a valid email address."),
        ({"email": "a@b.pe\nBcc: c@d.pe"}, "email", "Enter a valid email address."),
        ({"role": ""}, "role", "This field is required."),
        (
            {"role": "administrator"},
            "role",
            "Select a valid choice. administrator is not one of the available choices.",
        ),
        ({"name": "Luz\x1b"}, "name", "A name has letters only."),
        ({"name": "Luz\x00"}, "name", "Null characters are not allowed."),
    ],
)
def test_invitation_that_cannot_be_sent_is_refused(values, field, message):
    form = InviteForm({"email": "luz@example.org", "role": "observer"} | values)

    assert errors(form) == {field: [message]}


@pytest.mark.parametrize(
    ("name", "kept"), [("", ""), (" Luz \n Rojas ", "Luz Rojas"), ("لوز", "لوز")]
)
def test_name_is_one_line(name, kept):
    form = InviteForm({"email": "luz@example.org", "role": "observer", "name": name})

    assert form.is_valid()
    assert form.cleaned_data["name"] == kept


@pytest.mark.parametrize("form", [InviteForm, RoleForm])
def test_every_role_of_a_country_is_offered(form):
    offered = {value for value, _label in form().fields["role"].choices}

    assert offered == set(Membership.Role.values)


def test_role_is_handed_to_active_colleagues_without_it(peru):
    chile = Country.objects.get(iso3="CHL")
    MemberFactory(country=peru, role="coordinator", name="A")
    MemberFactory(country=peru, role="contributor", name="B")
    MemberFactory(country=peru, role="observer", name="C")
    MemberFactory(country=peru, role="contributor", name="D", is_active=False)
    MemberFactory(country=chile, role="contributor", name="E")

    labels = [
        str(label) for _, label in HandOverForm(country=peru).fields["to"].choices
    ]

    assert labels == ["B (Contributor)", "C (Observer)"]


@pytest.mark.parametrize("to", ["", "0", "x", "9" * 30, "1\x00"])
def test_role_is_handed_to_nobody_else(peru, to):
    MemberFactory(country=peru, role="contributor")

    form = HandOverForm({"to": to}, country=peru)

    assert list(form.errors) == ["to"]


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"name": "  \n"}, "name", "This field is required."),
        ({"password2": "other"}, "password2", "The two passwords are not the same."),
        (
            {"password1": "short", "password2": "short"},
            "password1",
            "This password is too short. It must contain at least 12 characters.",
        ),
        (
            {"password1": "luz.rojas@example", "password2": "luz.rojas@example"},
            "password1",
            "The password is too similar to the e-mail.",
        ),
    ],
)
def test_account_needs_a_name_and_a_good_password(values, field, message):
    given = {"name": "Luz", "password1": PASSWORD, "password2": PASSWORD} | values

    form = AccountForm(given, email="luz.rojas@example.org")

    assert errors(form) == {field: [message]}


def test_password_keeps_its_spaces():
    password = f" {PASSWORD} "
    given = {"name": "Luz", "password1": password, "password2": password}

    form = AccountForm(given, email="luz@example.org")

    assert form.is_valid()
    assert form.cleaned_data["password1"] == password
