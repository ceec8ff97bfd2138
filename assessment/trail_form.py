"""The filters of the audit trail: a form whose values stand in the address of the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.history_form import encoded
from assessment.models import Country, Round
from assessment.models.audit import REQUEST_ID_MAX
from assessment.trail import TrailFilters, groups


class TrailForm(forms.Form):
    """What does not fit is shown beside its field and filters nothing."""

    person = forms.CharField(
        label=gettext_lazy("Person"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"type": "search"}),
        help_text=gettext_lazy("Part of a name or e-mail address."),
    )
    country = forms.TypedChoiceField(
        label=gettext_lazy("Country or area"),
        required=False,
        coerce=int,
        empty_value=None,
    )
    round = forms.TypedChoiceField(
        label=gettext_lazy("Round"), required=False, coerce=int, empty_value=None
    )
    group = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Days are those of UTC."),
    )
    until = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    ip = forms.GenericIPAddressField(
        label=gettext_lazy("Network address"), required=False, unpack_ipv4=True
    )
    request_id = forms.CharField(
        label=gettext_lazy("Request"), required=False, max_length=REQUEST_ID_MAX
    )

    def __init__(self, data: QueryDict) -> None:
        """Offer the countries and rounds there are. Two queries."""
        super().__init__(data)
        countries = Country.objects.order_by("name").values_list("pk", "name")
        rounds = Round.objects.values_list("pk", "title")
        self._offer("country", countries, _("All countries"))
        self._offer("round", rounds, _("All rounds"))
        self._offer("group", groups().items(), _("Everything"))
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"
        self.is_valid()

    def _offer(self, name: str, choices: Iterable[Any], everything: str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  see above
        field.choices = [("", everything), *choices]

    @property
    def filters(self) -> TrailFilters:
        """What was asked for, as far as it is valid."""
        asked = self.cleaned_data
        return TrailFilters(
            person=asked.get("person") or "",
            country=asked.get("country"),
            round=asked.get("round"),
            group=asked.get("group") or "",
            since=asked.get("since"),
            until=asked.get("until"),
            request_id=asked.get("request_id") or "",
            ip=asked.get("ip") or "",
        )

    @property
    def is_filtering(self) -> bool:
        return self.filters != TrailFilters()

    @property
    def address(self) -> str:
        """The filters as the query of an address, without those left empty."""
        return encoded({name: self.data.get(name, "") for name in self.fields})
