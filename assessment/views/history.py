"""The history of a response or of one cell, its export, and restoring a value."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment.audit import record
from assessment.history import (
    PAGE_SIZE,
    Cursor,
    Event,
    Filters,
    cell_name,
    events,
    in_words,
    people_of,
)
from assessment.history_form import HistoryForm, encoded
from assessment.http import (
    Request,
    get_response_for,
    live_response_for,
    signed_in,
)
from assessment.models import AnswerRevision, AuditAction, Response
from assessment.permissions import Action, may
from assessment.queries import held_answer, instrument_of
from assessment.refusals import Malformed
from assessment.services.answers import Conflict, Invalid, Outcome, Saved
from assessment.services.restoring import restore_revision
from assessment.spreadsheets import unarmed
from assessment.views.responses import response_context
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument

COLUMNS = (
    "moment", "person", "question", "row", "column", "label", "from", "to", "revision",
    "way", "confirmed",
)  # fmt: skip
BOM = "\ufeff"


@require_safe
@signed_in
def history_list(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show who changed what and when, of the whole response or of one cell."""
    response = live_response_for(request, iso3, round_code)
    instrument = instrument_of(response)
    if "cell" in request.GET:
        return _cell_history(request, response, instrument)
    form = HistoryForm(request.GET, instrument=instrument, people=people_of(response))
    asked = form.address
    context = {
        "form": form,
        "export_url": _url("history_export", response, asked),
        "list_url": _url("history_list", response),
    }
    return _page(request, response, instrument, form.filters, asked, context)


def _cell_history(
    request: Request, response: Response, instrument: Instrument
) -> HttpResponse:
    address = _cell(instrument, request.GET["cell"])
    held = held_answer(response, address).get(address)
    question = instrument.question_by_code[address.question]
    asked = encoded({"cell": str(address)})
    context = {
        "address": address,
        "cell_name": cell_name(instrument, address),
        "question": question,
        "current": in_words(instrument, address, held.value) if held else "",
        "held": held,
        "can_restore": may(request.user, Action.EDIT, response)
        and response.round.is_open,
        "question_url": _url(
            "history_list", response, encoded({"question": question.code})
        ),
    }
    filters = Filters(address=address)
    return _page(request, response, instrument, filters, asked, context)


def _page(
    request: Request,
    response: Response,
    instrument: Instrument,
    filters: Filters,
    asked: str,
    context: dict[str, Any],
) -> HttpResponse:
    after = Cursor.parse(request.GET.get("before", ""))
    found = list(
        events(response, instrument, filters, after=after, limit=PAGE_SIZE + 1)
    )
    shown = found[:PAGE_SIZE]
    older = ""
    if len(found) > PAGE_SIZE:
        cursor = encoded({"before": str(shown[-1].cursor)})
        older = _url("history_list", response, f"{asked}&{cursor}" if asked else cursor)
    return render(
        request,
        "assessment/history_list.html",
        response_context(request, response)
        | {
            "events": shown,
            "older_url": older,
            "newest_url": _url("history_list", response, asked) if after else "",
        }
        | context,
    )


def _url(name: str, response: Response, query: str = "") -> str:
    arguments = [response.country.iso3, response.round.code]
    url = reverse(f"assessment:{name}", args=arguments)
    return f"{url}?{query}" if query else url


def _cell(instrument: Instrument, text: str) -> Address:
    try:
        address = Address.parse(text)
    except ValueError:
        raise Http404 from None
    if instrument.cell(address) is None:
        raise Http404
    return address


@require_safe
@signed_in
def history_export(
    request: Request, iso3: str, round_code: str
) -> StreamingHttpResponse:
    """Send the filtered history as CSV (docs/history_csv.md), row by row."""
    response = live_response_for(request, iso3, round_code)
    instrument = instrument_of(response)
    form = HistoryForm(request.GET, instrument=instrument, people=people_of(response))
    found = events(response, instrument, form.filters, limit=None)
    page = StreamingHttpResponse(
        _lines(found, get_language() or "en"), content_type="text/csv; charset=utf-8"
    )
    name = f"history_{response.country.iso3}_{response.round.code}.csv"
    record(
        AuditAction.DOWNLOAD_HISTORY, by=request.user, response=response, subject=name
    )
    page.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return page


class _Line:
    """Takes what csv writes and hands it on."""

    def write(self, text: str) -> str:
        return text


def _lines(found: Iterator[Event], language: str) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield BOM + writer.writerow(COLUMNS)
    # The rows are made after the request has ended, and its language with it.
    with translation.override(language):
        yield from map(writer.writerow, map(_row, found))


def _row(event: Event) -> list[str]:
    address = event.address or Address("")
    moment = event.at.isoformat(timespec="seconds").replace("+00:00", "Z")
    texts = [
        event.by, *address, event.title, event.before, event.after,
        str(event.revision or ""), event.way, "yes" if event.is_confirmed else "no",
    ]  # fmt: skip
    return [moment, *map(unarmed, texts)]


@require_POST
@signed_in
def history_restore(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Write an earlier value of a cell as its new one."""
    response = get_response_for(request, iso3, round_code, Action.EDIT)
    address = _cell(instrument_of(response), request.POST.get("cell", ""))
    try:
        outcome = restore_revision(
            response=response,
            address=address,
            revision=_number(request, "revision"),
            base=_number(request, "base"),
            by=request.user,
        )
    except AnswerRevision.DoesNotExist:
        raise Http404 from None
    _say(request, outcome)
    cell = encoded({"cell": str(address)})
    return redirect(_url("history_list", response, cell))


def _number(request: Request, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isdecimal() or len(text) > 9:
        raise Malformed(_("The form arrived incomplete; nothing was changed."))
    return int(text)


def _say(request: Request, outcome: Outcome) -> None:
    if isinstance(outcome, Saved) and outcome.is_new:
        messages.success(request, _("The earlier value stands again."))
    elif isinstance(outcome, Saved):
        messages.info(request, _("This value stands already; nothing was changed."))
    elif isinstance(outcome, Conflict):
        message = _(
            "%(person)s changed this answer meanwhile. Nothing was restored: look at "
            "the newest value first."
        )
        messages.warning(request, message % {"person": outcome.by})
    elif isinstance(outcome, Invalid):
        messages.error(request, " ".join(outcome.errors))
