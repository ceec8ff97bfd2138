"""The tables of the page of review, printed by one light template (docs/adr/0004)."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from reports.review.structure import QuestionView

register = template.Library()


@register.simple_tag
def review_table(item: QuestionView, year: int | None) -> SafeString:
    """Return the rows of a matrix or the entries of a group; `year` is the last round's."""
    context = {"item": item, "year": year}
    html = render_to_string("reports/review_table.html", context, using="jinja2")
    return mark_safe(html)  # noqa: S308  escaped by the template
