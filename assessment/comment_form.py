"""The filters of the comments: a form whose values stand in the address of the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.comment_queries import Thread
from assessment.models import CommentThread, Side
from questionnaire.instrument import Instrument

OPEN, RESOLVED = "open", "resolved"
MUST, MAY = "must", "may"


class CommentFilterForm(forms.Form):
    """What does not fit filters nothing."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    turn = forms.ChoiceField(label=gettext_lazy("Waiting for"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    settle = forms.ChoiceField(label=gettext_lazy("Importance"), required=False)
    section = forms.ChoiceField(label=gettext_lazy("Section"), required=False)

    def __init__(self, data: QueryDict, *, instrument: Instrument) -> None:
        super().__init__(data)
        self._offer("state", [(OPEN, _("Open")), (RESOLVED, _("Resolved"))])
        self._offer("turn", Side.choices)
        self._offer("kind", CommentThread.Kind.choices)
        self._offer(
            "settle", [(MUST, _("Must be settled")), (MAY, _("May be settled"))]
        )
        self._offer("section", [(s.code, s.title) for s in instrument.sections])
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"
        self.is_valid()

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  see above
        field.choices = [("", _("All")), *choices]

    @property
    def is_filtering(self) -> bool:
        return any(self.cleaned_data.values())

    def takes(self, thread: Thread) -> bool:
        """Whether a thread is among those asked for."""
        asked, row = self.cleaned_data, thread.thread
        checks = {
            "state": {OPEN: thread.is_open, RESOLVED: thread.is_resolved},
            "settle": {MUST: row.must_settle, MAY: not row.must_settle},
        }
        values = {"turn": thread.turn, "kind": row.kind, "section": row.section}
        return all(
            (checks[name][wanted] if name in checks else values[name] == wanted)
            for name, wanted in asked.items()
            if wanted
        )
