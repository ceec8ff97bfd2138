"""Small forms of rounds and review; the questionnaire's own form is in `section_form`."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.models import Country, Round


class MessageForm(forms.Form):
    """What an officer writes to the country when returning or reopening.

    It is optional where open points say already what the country should do.
    """

    message = forms.CharField(
        label=_("Message to the country"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The coordinator reads it at the top of the response."),
    )

    def __init__(self, *args: Any, is_optional: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_optional:
            self.fields["message"].required = False
            self.fields["message"].label = _("Message to the country (optional)")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class CountriesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Countries by primary key; a number that no key can have is no country."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            raise forms.ValidationError(
                self.error_messages["invalid_list"], code="invalid_list"
            ) from None


class JoinForm(forms.Form):
    """Adds countries to a round; those already in it are not offered."""

    countries = CountriesField(
        label=_("Countries and areas"),
        queryset=Country.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Hold Ctrl or Cmd to choose several."),
    )

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["countries"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  see above
        field.queryset = Country.objects.exclude(responses__round=round_)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class CountryReminderForm(forms.Form):
    """What the coordinators of countries are written; see `services.country_reminders`."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(
        label=_("Text"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "{country}, {round}, {deadline} and {link} stand for those of each country."
        ),
    )
    language = forms.CharField(widget=forms.HiddenInput, max_length=12)
    is_again = forms.BooleanField(
        label=_("Also to countries that were reminded within the last day"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
