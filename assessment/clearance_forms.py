"""The forms of clearance. They validate; services save."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.clearance_queries import latest_day
from assessment.models.clearance import INSTITUTION_MAX, PERSON_MAX
from assessment.parts import Place
from assessment.team_forms import Laid, NameField
from questionnaire.values import LONG_TEXT_MAX


class SignatureForm(Laid):
    """Who signed, for which institution, when, and what they remarked."""

    institution = NameField(label=_("Institution"), max_length=INSTITUTION_MAX)
    person_name = NameField(
        label=_("Name of who signed"),
        max_length=PERSON_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    function = NameField(
        label=_("Function"),
        max_length=INSTITUTION_MAX,
        help_text=_("For example Director-General."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    signed_on = forms.DateField(
        label=_("Signed on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    remark = forms.CharField(
        label=_("Remark (optional)"),
        required=False,
        max_length=LONG_TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was signed under reserve, or added by hand."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].widget.attrs["max"] = latest_day().isoformat()

    def clean_signed_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["signed_on"]
        if day > latest_day():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class ConcurrenceForm(SignatureForm):
    """What an institution concurs with; where `is_whole_offered`, no part is the whole."""

    parts = forms.MultipleChoiceField(
        label=_("What they concur with"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["parts"]

    def __init__(
        self,
        *args: Any,
        offered: Sequence[Place],
        is_whole_offered: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        parts = self.fields["parts"]
        assert isinstance(parts, forms.MultipleChoiceField)  # noqa: S101  declared above
        parts.choices = [(place.code, place.name) for place in offered]
        parts.required = not is_whole_offered
        parts.error_messages["required"] = _("Choose at least one part.")
        if is_whole_offered:
            parts.help_text = _("Choose none if it is about the whole questionnaire.")
