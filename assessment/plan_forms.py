"""The form of one action of a plan. It validates; services save."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessment.models import PlanAction
from assessment.models.plans import TITLE_MAX
from assessment.plan_content import SHORT_TEXT_MAX, TEXT_MAX
from assessment.plans import CONTENT, ActionContent
from assessment.services.plans import Said
from assessment.team_forms import Laid, NameField

Cost, Status = PlanAction.Cost, PlanAction.Status
NUMBER_MAX = 6  # digits


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


def _text(label: Any, help_text: Any, longest: int, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class PlanActionForm(Laid):
    """What a country says about one action; a recommended one has its title already."""

    title = NameField(label=_("What is to be done"), max_length=TITLE_MAX)
    text = _text(
        _("Details (optional)"),
        _("What exactly the country will do, in its own words."),
        TEXT_MAX,
    )
    owner = NameField(
        label=_("Responsible institution"),
        required=False,
        max_length=TITLE_MAX,
        help_text=_("One institution that answers for it."),
        widget=forms.TextInput(
            attrs={
                "data-institution": "",
                "list": "institutions",
                "autocomplete": "off",
            }
        ),
    )
    co_owners = _text(
        _("Together with (optional)"),
        _("Other institutions that take part."),
        SHORT_TEXT_MAX,
    )
    starts_on = _day(_("Starts on"))
    ends_on = _day(_("Ends on"))
    cost = forms.ChoiceField(
        label=_("Cost in United States dollars"),
        required=False,
        help_text=_("All years together, whoever pays."),
        choices=[("", _("Not said yet")), *Cost.choices],
    )
    partners = forms.MultipleChoiceField(
        label=_("Support asked from"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    partners_other = NameField(
        label=_("Others asked (optional)"), required=False, max_length=TITLE_MAX
    )
    measure = _text(
        _("Seen from (optional)"),
        _("How everybody will know that it is done."),
        SHORT_TEXT_MAX,
    )
    status = forms.ChoiceField(label=_("Status"), choices=Status.choices)
    remark = _text(
        _("Remark on the status (optional)"),
        _("Why it is postponed or dropped, what was reached."),
        TEXT_MAX,
    )

    def __init__(
        self, *args: Any, partners: Mapping[str, str], is_own: bool, **kwargs: Any
    ) -> None:
        content = kwargs.pop("content", None)
        if content is not None:
            kwargs["initial"] = {name: getattr(content, name) for name in CONTENT}
        super().__init__(*args, **kwargs)
        if not is_own:
            del self.fields["title"]
        if content is not None and not content.status:
            status = self.fields["status"]
            assert isinstance(status, forms.ChoiceField)  # noqa: S101  declared above
            status.choices = [("", _("Not said yet")), *Status.choices]
            status.required = False
        field = self.fields["partners"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  declared above
        known = [(code, f"{code} – {name}") for code, name in sorted(partners.items())]
        gone = [c for c in (content.partners if content else ()) if c not in partners]
        field.choices = [*known, *((code, code) for code in gone)]
        self.helper.layout = Layout(
            *(["title"] if is_own else []),
            "text",
            Div("owner", "co_owners", css_class="plan-form__pair"),
            Div("starts_on", "ends_on", "cost", css_class="plan-form__pair"),
            Div("partners", css_class="plan-form__partners"),
            "partners_other",
            "measure",
            Div("status", "remark", css_class="plan-form__pair"),
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        starts, ends = found.get("starts_on"), found.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The action ends before it starts."))
        return found

    @property
    def content(self) -> ActionContent:
        values = {n: self.cleaned_data[n] for n in CONTENT if n in self.cleaned_data}
        return ActionContent(**values | {"partners": tuple(values["partners"])})


def said_in(data: QueryDict) -> list[Said]:
    """Return what a list of actions sends: those with a status or a remark.

    Numbers that arrive damaged are left out.
    """
    found = []
    for number in dict.fromkeys(data.getlist("number")):
        base, status = data.get(f"base-{number}", ""), data.get(f"status-{number}", "")
        remark = data.get(f"remark-{number}", "")
        if is_number(number) and is_number(base) and (status or remark.strip()):
            found.append(Said(int(number), int(base), status, remark))
    return found


def is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= NUMBER_MAX
