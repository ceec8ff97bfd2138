"""Clearance inside the country: who concurs, the head's clearance, and withdrawing one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessment.clearance_forms import ConcurrenceForm, SignatureForm
from assessment.clearance_queries import (
    WHOLE,
    Board,
    Expected,
    board_of,
    digests_of,
    own_parts,
)
from assessment.http import Request, get_response_for, live_response_for, signed_in
from assessment.models import Clearance, Response
from assessment.parts import Place, place_of
from assessment.permissions import Action, may
from assessment.queries import Reading, read_for
from assessment.refusals import NotReady, Refusal
from assessment.services.answers import refuse_closed
from assessment.services.clearance import (
    Signature,
    SignatureRefused,
    clear_response,
    record_concurrence,
    withdraw_clearance,
)
from assessment.views.responses import response_context


def clearance_response_for(
    request: Request, iso3: str, round_code: str
) -> tuple[Response, Reading]:
    """Return a response whose clearance the person may read, with its live answers.

    Raises Http404 for people at UNSD, and where the round asks for no clearance.
    """
    response = live_response_for(request, iso3, round_code)
    _require_asked(response)
    return response, read_for(request.user, response)


def _require_asked(response: Response) -> None:
    if not response.round.asks_for_clearance:
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def clearance_detail(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show who has concurred and cleared; record the clearance of the head."""
    if request.method == "POST":
        return _clear(request, iso3, round_code)
    response, reading = clearance_response_for(request, iso3, round_code)
    board = board_of(response, reading)
    return _detail_page(request, response, reading, board, _head_form(board))


def _head_form(board: Board) -> SignatureForm:
    """Return the form with what the last clearance said, but for day and remark."""
    last = board.head.record if board.head else None
    if last is None:
        heads = (record for record in board.withdrawn if not record.is_concurrence)
        last = next(heads, None)
    return SignatureForm(initial=_initial(last))


def _initial(record: Clearance | None) -> dict[str, Any]:
    if record is None:
        return {}
    return {
        "institution": record.institution,
        "person_name": record.person_name,
        "function": record.function,
    }


def _signature(form: SignatureForm) -> Signature:
    given = form.cleaned_data
    return Signature(
        institution=given["institution"],
        person_name=given["person_name"],
        function=given["function"],
        signed_on=given["signed_on"],
        remark=given["remark"],
    )


def _detail_page(
    request: Request,
    response: Response,
    reading: Reading,
    board: Board,
    form: SignatureForm,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
) -> HttpResponse:
    return render(
        request,
        "assessment/clearance_detail.html",
        response_context(request, response)
        | {
            "board": board,
            "form": form,
            "refusal": refusal,
            "own": own_parts(reading.instrument, board.delegations, request.user),
            "is_confirmed": request.POST.get("without") == "yes",
        },
        status=status,
    )


def _clear(request: Request, iso3: str, round_code: str) -> HttpResponse:
    response = get_response_for(request, iso3, round_code, Action.CLEAR)
    form = SignatureForm(request.POST)
    refusal: Refusal | None = None
    is_confirmed = request.POST.get("without") == "yes"
    if form.is_valid():
        try:
            clear_response(
                response=response,
                signature=_signature(form),
                without=request.POST.getlist("missing") if is_confirmed else [],
                seen=request.POST.get("seen", ""),
                by=request.user,
            )
        except (NotReady, SignatureRefused) as refused:
            refusal = refused
        else:
            messages.success(
                request, _("The clearance is recorded. The response can be submitted.")
            )
            return redirect("assessment:clearance_detail", iso3, round_code)
    reading = read_for(request.user, response)
    return _detail_page(
        request,
        response,
        reading,
        board_of(response, reading),
        form,
        status=refusal.status if refusal else 422,
        refusal=refusal,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def clearance_concur(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Record that an institution stands by its part, or by the whole."""
    response = get_response_for(request, iso3, round_code, Action.CONCUR)
    _require_asked(response)
    refuse_closed(response, request.user, Action.CONCUR)
    reading = read_for(request.user, response)
    board = board_of(response, reading)
    line = _asked(request, board)
    offered = _offered(request, response, reading, board, line)
    options: dict[str, Any] = {
        "offered": offered,
        "is_whole_offered": may(request.user, Action.CLEAR, response),
    }
    if request.method != "POST":
        form = ConcurrenceForm(
            initial=_concurrence_initial(request, board, line, offered), **options
        )
        return _concur_page(request, response, reading, line, form)
    form = ConcurrenceForm(request.POST, **options)
    refusal: Refusal | None = None
    if form.is_valid():
        try:
            record_concurrence(
                response=response,
                signature=_signature(form),
                parts=form.cleaned_data["parts"],
                seen=_seen(request),
                by=request.user,
            )
        except (NotReady, SignatureRefused) as refused:
            refusal = refused
        else:
            words = _("The concurrence of %(institution)s is recorded.")
            given = {"institution": form.cleaned_data["institution"]}
            messages.success(request, words % given)
            return redirect("assessment:clearance_detail", iso3, round_code)
    return _concur_page(request, response, reading, line, form, refusal)


def _asked(request: Request, board: Board) -> Expected | None:
    """Return whose concurrence the address asks for, if anybody's."""
    key = request.GET.get("for", "")
    return next((line for line in board.expected if line.key == key), None)


def _offered(
    request: Request,
    response: Response,
    reading: Reading,
    board: Board,
    line: Expected | None,
) -> tuple[Place, ...]:
    """Return the parts to choose from: one's own, those of the institution, or all."""
    instrument = reading.instrument
    if not may(request.user, Action.CLEAR, response):
        own = own_parts(instrument, board.delegations, request.user)
        return tuple(place_of(instrument, part) for part in own)
    if line is not None:
        return line.places
    return tuple(place_of(instrument, section.code) for section in instrument.sections)


def _concurrence_initial(
    request: Request, board: Board, line: Expected | None, offered: tuple[Place, ...]
) -> dict[str, Any]:
    mine = (found for found in board.expected if request.user.pk in found.users)
    line = line or next(mine, None)
    if line is None:
        return {}
    initial = _initial(line.standing.record if line.standing else None)
    if line.institution is not None:
        initial.setdefault("institution", line.institution.name)
    asked = {place.code for place in line.places}
    return initial | {"parts": [p.code for p in offered if p.code in asked]}


def _concur_page(
    request: Request,
    response: Response,
    reading: Reading,
    line: Expected | None,
    form: ConcurrenceForm,
    refusal: Refusal | None = None,
) -> HttpResponse:
    parts = form.fields["parts"].choices  # type: ignore[attr-defined]
    codes = [WHOLE, *(code for code, _name in parts)]
    seen = digests_of(reading.instrument, reading.answers, codes)
    status = 200 if not form.is_bound else refusal.status if refusal else 422
    return render(
        request,
        "assessment/clearance_concur.html",
        response_context(request, response)
        | {
            "line": line,
            "form": form,
            "refusal": refusal,
            "seen": json.dumps(seen),
        },
        status=status,
    )


def _seen(request: Request) -> Mapping[str, str]:
    """Return the digests that the form carries; none where it arrived damaged."""
    try:
        seen = json.loads(request.POST.get("seen", ""))
    except (ValueError, RecursionError):
        return {}
    return seen if isinstance(seen, dict) else {}


@require_POST
@signed_in
def clearance_withdraw(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    response = get_response_for(request, iso3, round_code, Action.CONCUR)
    record = get_object_or_404(Clearance, pk=pk, response=response.pk)
    withdraw_clearance(response=response, clearance=record, by=request.user)
    messages.success(request, _("Withdrawn. The record is kept below."))
    return redirect("assessment:clearance_detail", iso3, round_code)
