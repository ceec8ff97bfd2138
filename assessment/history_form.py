"""The filters of the history: a form whose values stand in the address of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.history import Filters, ways
from questionnaire.instrument import Instrument


class HistoryForm(forms.Form):
    """What does not fit is shown beside its field and filters nothing."""

    section = forms.ChoiceField(label=gettext_lazy("Section"), required=False)
    question = forms.ChoiceField(label=gettext_lazy("Question"), required=False)
    person = forms.TypedChoiceField(
        label=gettext_lazy("Person"), required=False, coerce=int, empty_value=None
    )
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
    way = forms.ChoiceField(label=gettext_lazy("Way"), required=False)

    def __init__(
        self,
        data: QueryDict,
        *,
        instrument: Instrument,
        people: Sequence[tuple[int, str]],
    ) -> None:
        super().__init__(data)
        self.instrument = instrument
        self._offer("section", _sections(instrument), _("All sections"))
        self._offer("question", _questions(instrument), _("All questions"))
        self._offer("person", people, _("Everybody"))
        self._offer("way", list(ways().items()), _("All ways"))
        for name in self.fields:
            css = "form-control" if name in ("since", "until") else "form-select"
            self.fields[name].widget.attrs["class"] = css
        self.is_valid()

    def _offer(self, name: str, choices: Sequence[Any], everything: str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  see above
        field.choices = [("", everything), *choices]

    @property
    def filters(self) -> Filters:
        """What was asked for, as far as it is valid. A question outweighs its section."""
        asked = self.cleaned_data
        questions = None
        if asked.get("section"):
            section = self.instrument.section_by_code[asked["section"]]
            questions = frozenset(q.code for q in section.questions)
        if asked.get("question"):
            questions = frozenset([asked["question"]])
        return Filters(
            questions=questions,
            person=asked.get("person"),
            since=asked.get("since"),
            until=asked.get("until"),
            way=asked.get("way") or "",
        )

    @property
    def is_filtering(self) -> bool:
        return self.filters != Filters()

    @property
    def address(self) -> str:
        """The filters as the query of an address, without those left empty."""
        return encoded({name: self.data.get(name, "") for name in self.fields})


def encoded(parameters: Mapping[str, str]) -> str:
    """Return the parameters that say something, as the query of an address."""
    return urlencode({name: value for name, value in parameters.items() if value})


def _sections(instrument: Instrument) -> list[tuple[str, str]]:
    return [(section.code, section.title) for section in instrument.sections]


def _questions(instrument: Instrument) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (section.title, [(q.code, f"{q.code} {q.short}") for q in section.questions])
        for section in instrument.sections
    ]
