"""The forms of the page of delegations. They validate; services save."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.models import Team, User
from assessment.models.delegations import today
from assessment.parts import all_parts
from questionnaire.instrument import Instrument


class DelegationForm(forms.Form):
    """Which parts go to whom, until when."""

    person = forms.ChoiceField(label=_("Person in your country"), required=False)
    email = forms.EmailField(
        label=_("Or an e-mail address"),
        required=False,
        help_text=_(
            "Of somebody who has no account yet. The part is theirs once they sign in "
            "with this address."
        ),
    )
    parts = forms.MultipleChoiceField(
        label=_("Parts"),
        error_messages={
            "required": _("Choose at least one section, question or row."),
            "invalid_choice": _("“%(value)s” is not a part of the questionnaire."),
        },
    )
    due_on = forms.DateField(
        label=_("Due on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    message = forms.CharField(
        label=_("Message"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Sent with the e-mail and shown beside the part."),
    )
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        instrument: Instrument,
        members: Sequence[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(user.pk): user for user in members}
        people = [(pk, f"{user} ({user.email})") for pk, user in self.members.items()]
        person, parts = self.fields["person"], self.fields["parts"]
        assert isinstance(person, forms.ChoiceField)  # noqa: S101  declared above
        assert isinstance(parts, forms.MultipleChoiceField)  # noqa: S101  declared above
        person.choices = [("", "–"), *people]
        parts.choices = [(code, code) for code in all_parts(instrument)]
        self.fields["due_on"].widget.attrs["min"] = today().isoformat()

    def clean_due_on(self) -> datetime.date:
        due_on: datetime.date = self.cleaned_data["due_on"]
        if due_on < today():
            raise forms.ValidationError(_("This day is past."))
        return due_on

    def clean(self) -> dict[str, Any]:
        """Require a person or an address, and not both."""
        cleaned = super().clean() or {}
        if self.errors.keys() & {"person", "email"}:
            return cleaned
        given = bool(cleaned.get("person")) + bool(cleaned.get("email"))
        if given == 0:
            self.add_error("person", _("Choose a person, or give an e-mail address."))
        if given == 2:
            self.add_error("email", _("Choose a person or give an address, not both."))
        return cleaned

    @property
    def user(self) -> User | None:
        return self.members.get(self.cleaned_data["person"])


class ModeForm(forms.Form):
    """The switch of a country: open or delegated."""

    mode = forms.ChoiceField(choices=Team.Mode.choices)


class HandBackForm(forms.Form):
    """Why a part is handed back, if the delegate says so."""

    message = forms.CharField(required=False, max_length=5_000)
