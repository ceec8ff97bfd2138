"""Forms of the team page and of accepting an invitation."""

from __future__ import annotations

import unicodedata
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessment.models import Country, Membership, User
from assessment.team_queries import active_members_of

Role = Membership.Role
ROLE_CHOICES = [
    (Role.CONTRIBUTOR, _("Contributor: answers the questionnaire")),
    (Role.OBSERVER, _("Observer: reads answers and report")),
    (
        Role.COORDINATOR,
        _("Coordinator: also invites colleagues and submits the response"),
    ),
]


class Laid(forms.Form):
    """A form that crispy lays out within the form of the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class NameField(forms.CharField):
    """A name in one line: it stands in messages to others."""

    def clean(self, value: Any) -> str:
        name = " ".join(super().clean(value).split())
        if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name):
            raise ValidationError(_("A name has letters only."), code="invalid")
        return name


class InviteForm(Laid):
    """Whom the coordinator invites, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = NameField(
        label=_("Name (optional)"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=ROLE_CHOICES,
        initial=Role.CONTRIBUTOR,
        widget=forms.RadioSelect,
    )


class RoleForm(Laid):
    role = forms.ChoiceField(
        label=_("Role"), choices=ROLE_CHOICES, widget=forms.RadioSelect
    )


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user} ({obj.get_role_display()})"

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except OverflowError:  # a number that no key can have is nobody
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice"
            ) from None


class HandOverForm(Laid):
    """To whom a coordinator hands the role over: an active colleague without it."""

    to = ColleagueField(
        label=_("Who becomes coordinator?"),
        queryset=Membership.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a colleague.")},
    )

    def __init__(self, *args: Any, country: Country, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  see above
        field.queryset = active_members_of(country).exclude(role=Role.COORDINATOR)


class AccountForm(Laid):
    """Name and password of somebody invited who has no account."""

    name = NameField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.rules = password_validators_help_texts()

    def clean(self) -> dict[str, Any]:
        """Hold the password to the same rules as everywhere."""
        data: dict[str, Any] = super().clean() or {}
        password = data.get("password1")
        if not password or "password2" not in data:
            return data
        if password != data["password2"]:
            self.add_error("password2", _("The two passwords are not the same."))
        try:
            validate_password(
                password, User(email=self.email, name=data.get("name", ""))
            )
        except ValidationError as refused:
            self.add_error("password1", refused)
        return data
