"""The form of one section: plain questions laid out by crispy, and what was posted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from crispy_forms.utils import render_field
from django import forms
from django.http import QueryDict
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assessment.carried import carried_over, is_within
from assessment.live import Before, befores_at
from assessment.models import Response
from assessment.queries import Reading
from assessment.refusals import Malformed
from assessment.reviewed import ReviewedLine
from assessment.section_page import SectionPage
from assessment.section_views import QuestionView
from assessment.services.answers import Change
from questionnaire.addresses import Address
from questionnaire.fields import UNTOUCHED, field_for, posted_value
from questionnaire.instrument import Instrument, Value
from questionnaire.values import InvalidValue, canonical

BASES = "_bases"
CONFIRM = "_confirm"  # the button that was pressed: a scope, or the whole section
WHOLE_SECTION = "section"


NEVER = Before(None, is_confirmed=True)


class QuestionBlock(LayoutObject):  # type: ignore[misc]
    """One question in crispy's layout: its field, or a matrix or group by Jinja2."""

    template = "assessment/partials/question.html"
    field_template = "assessment/crispy/field.html"

    def __init__(self, view: QuestionView, page: SectionPage) -> None:
        self.view = view
        self.page = page

    def render(
        self, form: forms.Form, context: Context, template_pack: str = "", **kwargs: Any
    ) -> SafeString:
        if self.view.cell is None:
            control = self._many_cells()
        elif self.view.is_readonly:
            control = mark_safe("")
        else:
            control = render_field(
                self.view.name,
                form,
                context,
                self.field_template,
                template_pack=template_pack,
            )
        html = get_template(self.template).render(
            {
                "view": self.view,
                "question": self.view.question,
                "control": control,
                "is_readonly": self.view.is_readonly,
                "history_url": self.page.history_url,
                "dissent": self.page.dissent,
                "view_count": self._view_count,
                "review": self.page.review,
                "reviewed_lines": self._reviewed_lines,
            }
        )
        return mark_safe(html)  # noqa: S308  rendered by Django's own template

    @property
    def _view_count(self) -> int:
        dissent = self.page.dissent
        return dissent.counts[self.view.question.code] if dissent else 0

    @property
    def _reviewed_lines(self) -> Sequence[ReviewedLine]:
        review = self.page.review
        return review.lines.get(self.view.question.code, ()) if review else ()

    def _many_cells(self) -> SafeString:
        name = "matrix" if self.view.question.is_matrix else "group"
        html = render_to_string(
            f"assessment/{name}.html",
            {
                "view": self.view,
                "question": self.view.question,
                "is_readonly": self.view.is_readonly,
            },
            using="jinja2",
        )
        return mark_safe(html)  # noqa: S308  Jinja2 has escaped every value


class SectionForm(forms.Form):
    """The plain questions of one section; a field is named by its cell's address.

    It lays out and never validates: `questionnaire.values` judges every way in.
    """

    def __init__(self, page: SectionPage) -> None:
        views = page.questions
        super().__init__(
            initial={v.name: v.cell.value for v in views if v.cell is not None}
        )
        for view in views:
            if view.cell is not None:
                field = field_for(page.instrument, view.question)
                if view.cell.is_number:
                    self.initial[view.name] = view.cell.text
                if view.cell.errors:
                    field.widget.attrs["aria-invalid"] = "true"
                self.fields[view.name] = field
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(QuestionBlock(view, page) for view in views))


def posted_changes(
    data: QueryDict, response: Response, reading: Reading
) -> Iterator[Change]:
    """Yield what a posted form changed, compared with the values it was based on.

    A carried-over value is confirmed by its button only, not by being posted unchanged.
    At most one query, for the earlier values of cells that moved on meanwhile. Raises
    Malformed if the hidden map of revisions is not one.
    """
    bases = _posted_bases(data)
    earlier = _earlier_values(response, reading, bases)
    meant = _meant(data, reading)
    for address, base in bases.items():
        cell = reading.instrument.cell(address)
        if cell is None or cell.is_fixed:
            continue
        raw = posted_value(cell, data)
        if raw is UNTOUCHED:
            continue
        held = reading.held.get(address)
        before = earlier.get(address, NEVER)
        if held is not None and held.revision == base:
            before = Before(held.value, held.is_confirmed)
        is_confirmed = meant(address) and not before.is_confirmed
        if is_confirmed or not _is_same(
            reading.instrument, address, raw, before.value, response.round.year
        ):
            yield Change(address, raw, base)


def confirmed_scope(data: QueryDict) -> Address | None:
    """Return what the confirm button that was pressed names: a cell, row or question.

    Empty for the whole section, None if none was pressed.
    """
    text = data.get(CONFIRM, "")
    if text == WHOLE_SECTION:
        return Address("")
    try:
        return Address.parse(text)
    except ValueError:
        return None


def _meant(data: QueryDict, reading: Reading) -> Callable[[Address], bool]:
    """Return whether a cell is confirmed by the button; of a section, if it is asked."""
    scope = confirmed_scope(data)
    if scope is None:
        return lambda address: False
    if scope.question:
        return lambda address: is_within(address, scope)
    return frozenset(carried_over(reading).addresses).__contains__


def _posted_bases(data: QueryDict) -> dict[Address, int]:
    try:
        found = json.loads(data.get(BASES, ""))
        bases = {Address.parse(name): base for name, base in found.items()}
        if not all(type(base) is int and base >= 0 for base in bases.values()):
            raise ValueError(bases)
    except (ValueError, AttributeError, TypeError, RecursionError):
        raise Malformed(
            _("The form arrived incomplete; nothing was saved. Go back and save again.")
        ) from None
    return bases


def _earlier_values(
    response: Response, reading: Reading, bases: Mapping[Address, int]
) -> dict[Address, Before]:
    stale = {
        address: base
        for address, base in bases.items()
        if base and address in reading.held and base < reading.held[address].revision
    }
    if not stale:
        return {}
    return befores_at(response, stale)


def _is_same(
    instrument: Instrument, address: Address, raw: Any, before: Value, year: int
) -> bool:
    cell = instrument.cell(address)
    assert cell is not None  # noqa: S101  asked by the caller
    if raw == before:
        return True
    try:
        return bool(canonical(cell, raw, assessment_year=year) == before)
    except InvalidValue:
        return False
