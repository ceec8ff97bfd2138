"""Forms of institutions."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.institution_particulars import Particulars
from assessment.institution_queries import Directory, clean_name
from assessment.models import Institution
from assessment.models.institutions import NAME_MAX, SHORT_NAME_MAX
from questionnaire.values import InvalidValue, clean_text

ALIASES_MAX = 50


class InstitutionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of a country's institutions by name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.short_name})" if obj.short_name else obj.name


def _among(directory: Directory, *, but: Institution | None) -> Any:
    pks = [i.pk for i in directory.offered if i != but]
    return Institution.objects.filter(pk__in=pks).order_by("name")


class InstitutionForm(forms.Form):
    """What is known of one institution; a new one cannot be retired yet."""

    name = forms.CharField(label=_("Name"), max_length=NAME_MAX)
    short_name = forms.CharField(
        label=_("Short name"),
        max_length=SHORT_NAME_MAX,
        required=False,
        help_text=_("As people say it, for example an acronym."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("Not said")), *Institution.Kind.choices],
        help_text=_("Joins it to the agreements on data exchange (COO-MOU)."),
    )
    parent = InstitutionField(
        label=_("Part of"),
        queryset=Institution.objects.none(),
        required=False,
        empty_label=_("Nothing larger"),
    )
    contact_name = forms.CharField(
        label=_("Contact person"), max_length=150, required=False
    )
    contact_email = forms.EmailField(
        label=_("E-mail of the contact person"), required=False
    )
    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        max_length=ALIASES_MAX * NAME_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: earlier names, names in other languages."),
    )
    is_retired = forms.BooleanField(
        label=_("No longer exists: do not offer it in answers"), required=False
    )

    def __init__(
        self,
        *args: Any,
        directory: Directory,
        institution: Institution | None = None,
        **kwargs: Any,
    ) -> None:
        if institution is not None:
            kwargs.setdefault("initial", _initial(institution))
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, InstitutionField)  # noqa: S101  see above
        parent.queryset = _among(directory, but=institution)
        if institution is None:
            del self.fields["is_retired"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_name(self) -> str:
        try:
            return clean_name(clean_text(self.cleaned_data["name"], NAME_MAX))
        except InvalidValue as invalid:
            raise forms.ValidationError(invalid.messages) from None

    def clean_aliases(self) -> tuple[str, ...]:
        names = [clean_name(line) for line in self.cleaned_data["aliases"].splitlines()]
        names = [name for name in names if name]
        if len(names) > ALIASES_MAX:
            raise forms.ValidationError(
                _("At most %(maximum)s other names.") % {"maximum": ALIASES_MAX}
            )
        if any(len(name) > NAME_MAX for name in names):
            raise forms.ValidationError(
                _("A name has at most %(maximum)s characters.") % {"maximum": NAME_MAX}
            )
        return tuple(names)

    @property
    def particulars(self) -> Particulars:
        return Particulars(**self.cleaned_data)


def _initial(institution: Institution) -> dict[str, Any]:
    return {
        "name": institution.name,
        "short_name": institution.short_name,
        "kind": institution.kind,
        "parent": institution.parent_id,
        "contact_name": institution.contact_name,
        "contact_email": institution.contact_email,
        "aliases": "\n".join(institution.aliases),
        "is_retired": institution.retired_at is not None,
    }


class MergeForm(forms.Form):
    """The institution that another becomes part of."""

    into = InstitutionField(
        label=_("It is the same as"),
        queryset=Institution.objects.none(),
        empty_label=_("Choose"),
    )

    def __init__(
        self, *args: Any, directory: Directory, source: Institution, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        into = self.fields["into"]
        assert isinstance(into, InstitutionField)  # noqa: S101  see above
        into.queryset = _among(directory, but=source)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
