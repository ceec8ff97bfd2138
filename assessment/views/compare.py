"""Two submissions side by side, cell by cell; the country also against its live answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from assessment.audit import record
from assessment.compared import DIFFERENT, Comparison, Line, compare
from assessment.comparison import Change
from assessment.http import Request, get_response_for, signed_in
from assessment.models import AuditAction, Response
from assessment.permissions import Action, may
from assessment.queries import held_answers, held_in, instrument_of
from assessment.spreadsheets import csv_page
from assessment.submission_queries import submissions_numbered, submissions_of
from assessment.views.responses import response_context

LIVE = "live"
COLUMNS = ("section", "question", "row", "column", "label", "change", "from", "to")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be compared: the numbers of submissions, `after` None for live answers."""

    before: int
    after: int | None

    @property
    def query(self) -> dict[str, str]:
        after = LIVE if self.after is None else str(self.after)
        return {"from": str(self.before), "to": after}


@require_safe
@signed_in
def submission_compare(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show what differs between two submissions, or the last one and what stands now."""
    response = get_response_for(request, iso3, round_code)
    submissions = submissions_of(response)
    asked = _asked(request, response, [one.number for one in submissions])
    found = _compared(request, response, asked) if asked else None
    kinds = [kind.value for kind in _kinds(request)]
    query = urlencode({**asked.query, "kind": kinds}, doseq=True) if asked else ""
    return render(
        request,
        "assessment/submission_compare.html",
        response_context(request, response)
        | {
            "submissions": submissions,
            "offers_live": _offers_live(request, response),
            "asked": asked,
            "comparison": found,
            "export_url": f"{_url('compare_export', response)}?{query}",
            "page_url": _url("submission_compare", response),
        },
    )


@require_safe
@signed_in
def compare_export(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Send the same as CSV (docs/compare_csv.md)."""
    response = get_response_for(request, iso3, round_code)
    numbers = [one.number for one in submissions_of(response)]
    asked = _asked(request, response, numbers)
    if asked is None:
        raise Http404
    found = _compared(request, response, asked)
    sections = {
        question.question.code: section.section.code
        for section in found.sections
        for question in section.questions
    }
    country, round_ = response.country, response.round
    edition = "-".join(asked.query.values())
    name = f"comparison_{country.iso3}_{round_.code}_{edition}"
    record(
        AuditAction.DOWNLOAD_COMPARISON,
        by=request.user,
        response=response,
        subject=f"{name}.csv",
    )
    rows = [_row(line, sections[line.address.question]) for line in found.lines]
    return csv_page(name, COLUMNS, rows)


def _row(line: Line, section: str) -> tuple[str, ...]:
    return (
        section, *line.address, line.name, line.mark.change.value, line.before, line.after,
    )  # fmt: skip


def _offers_live(request: Request, response: Response) -> bool:
    """Whether there are live answers to be read that may differ from what was submitted."""
    return response.is_editable and may(request.user, Action.READ_LIVE, response)


def _asked(
    request: Request, response: Response, numbers: Sequence[int]
) -> Asked | None:
    """Return what to compare; None where there is nothing yet. `numbers`: latest first.

    Without a word it is the latest with the one before. Raises Http404 for what is not
    there for the person.
    """
    to = request.GET.get("to", "")
    if to == LIVE and not may(request.user, Action.READ_LIVE, response):
        raise Http404
    after: int | None = None
    earlier = list(numbers)
    if to and to != LIVE:
        after = _number(to, numbers)
        earlier = [number for number in numbers if number < after]
    elif not to and not _offers_live(request, response):
        after, *earlier = numbers
    begin = request.GET.get("from", "")
    if begin:
        return Asked(_number(begin, numbers), after)
    return Asked(earlier[0], after) if earlier else None


def _number(text: str, numbers: Sequence[int]) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise Http404
    if int(text) not in numbers:
        raise Http404
    return int(text)


def _kinds(request: Request) -> tuple[Change, ...]:
    """Return the kinds asked for; where none is, all that are differences."""
    asked = request.GET.getlist("kind")
    return tuple(kind for kind in Change if kind.value in asked) or DIFFERENT


def _compared(request: Request, response: Response, asked: Asked) -> Comparison:
    found = submissions_numbered(response, {asked.before, asked.after or asked.before})
    before = held_in(found[asked.before])
    after = held_in(found[asked.after]) if asked.after else held_answers(response)
    return compare(instrument_of(response), before, after, _kinds(request))


def _url(name: str, response: Response) -> str:
    arguments = [response.country.iso3, response.round.code]
    return reverse(f"assessment:{name}", args=arguments)
