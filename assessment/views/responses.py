"""The hub, the check page and the transitions of one response."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment.carried import carried_over, origin_words
from assessment.clearance_queries import summary_of
from assessment.comment_queries import asked_threads, threads_shown
from assessment.comment_tasks import said_on_hub
from assessment.compared import has_comparable
from assessment.delegation_page import Line, lines_of, own_part, who_by_section
from assessment.delegation_queries import is_restricted, running_delegations
from assessment.dissent import view_counts
from assessment.forms import MessageForm
from assessment.http import Request, get_response_for, signed_in
from assessment.hub import contradiction_lines, missing_lines, progress_of
from assessment.live import present_in
from assessment.models import Response, Round, Via
from assessment.navigation import tabs
from assessment.permissions import (
    Action,
    GlobalAction,
    may,
    may_ever,
    may_globally,
    role_of,
)
from assessment.plans import plan_to_say
from assessment.queries import (
    Reading,
    coordinators_of,
    is_unsd,
    read_for,
    rounds_with_responses_of,
    transitions_of,
)
from assessment.refusals import NotReady, Refusal, ResponseClosed, RoleForbids
from assessment.reviewed import in_force, reviewed_to_show
from assessment.section_form import BASES, posted_changes
from assessment.services.answers import Conflict, Invalid, save_changes
from assessment.services.transitions import (
    accept_response,
    reopen_response,
    return_response,
    submit_response,
    withdraw_response,
)
from assessment.views.live import live_context
from questionnaire.consistency import contradictions, unexplained


@require_safe
def home(request: Request) -> HttpResponse:
    """Say what this is; signed in: list my responses, and rounds for UNSD."""
    if not request.user.is_authenticated:
        return render(request, "assessment/welcome.html")
    follows = may_globally(request.user, GlobalAction.FOLLOW_ROUNDS)
    return render(
        request,
        "assessment/home.html",
        {
            "responses": rounds_with_responses_of(request.user),
            "rounds": Round.objects.order_by("-year", "-code") if follows else [],
            "follows": follows,
        },
    )


def response_context(request: Request, response: Response) -> dict[str, Any]:
    """Return the head of every page of a response, and what may be done. No query."""
    return {
        "response": response,
        "round": response.round,
        "country": response.country,
        "may": {action.value: may(request.user, action, response) for action in Action},
        "is_open": response.round.is_open,
        "role": role_of(request.user, response.country_id),
        "follows_rounds": may_globally(request.user, GlobalAction.FOLLOW_ROUNDS),
        "days_left": response.round.days_left(timezone.now()),
        "tabs": tabs(request, response),
        "dissent_count": view_counts(response).total(),
    }


@require_safe
@signed_in
def response_detail(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show the hub: the sections as a task list, and the one next thing to do."""
    return _hub_page(request, get_response_for(request, iso3, round_code))


def _hub_page(
    request: Request,
    response: Response,
    *,
    sent: QueryDict | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the hub; with what was `sent` as a message, or why something was refused."""
    reading = read_for(request.user, response)
    found = contradictions(reading.state)
    carried = carried_over(reading)
    progress = progress_of(reading.state, found, carried)
    transitions = list(transitions_of(response))
    completeness = reading.state.completeness() or 0.0
    lines = _delegation_lines(request, response, reading)
    live = live_context(request, response, reading)
    said = said_on_hub(request.user, response, reading, transitions)
    return render(
        request,
        "assessment/response_detail.html",
        response_context(request, response)
        | live
        | {
            "said": said,
            "message_form": MessageForm(
                sent,
                is_optional=bool(said.to_return)
                and may(request.user, Action.RETURN, response),
            ),
            "refusal": refusal,
            "who": who_by_section(lines),
            "own": own_part(reading.instrument, lines, request.user),
            "is_restricted": is_restricted(request.user, response),
            "instrument": reading.instrument,
            "submission": reading.submission,
            "progress": progress,
            "to_confirm": len(carried.addresses),
            "clearance": summary_of(response, reading),
            "plan_waits": plan_to_say(response, request.user),
            "completeness": completeness,
            "done": sum(line.status == "complete" for line in progress),
            "next": next(
                (line for line in progress if line.status != "complete"), None
            ),
            "errors": sum(c.rule.is_error for c in found),
            "to_explain": len(unexplained(reading.state, found)),
            "transitions": transitions,
            "last": transitions[0] if transitions else None,
            "can_compare": has_comparable(
                response,
                transitions,
                reads_live=may(request.user, Action.READ_LIVE, response),
            ),
            "reviewed_count": len(
                in_force(
                    reading.instrument, reading.answers, reviewed_to_show(response)
                )
            ),
            "present": present_in(response, request.user) if live["live"] else {},
        },
        status=status,
    )


def _delegation_lines(
    request: Request, response: Response, reading: Reading
) -> list[Line]:
    """Return who is on what while the country answers, for its own people."""
    is_asked = response.is_editable and response.round.is_open
    if not is_asked or is_unsd(request.user, response):
        return []
    return lines_of(reading.state, running_delegations(response))


@signed_in
def response_check(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show what is missing or contradictory; save remarks on warnings."""
    if request.method == "POST":
        return _remarks_page(request, iso3, round_code)
    response = get_response_for(request, iso3, round_code)
    return _check_page(request, response)


def _check_page(
    request: Request,
    response: Response,
    *,
    status: int = 200,
    refusal: NotReady | None = None,
    problems: Problems | None = None,
    missing_confirmed: int | None = None,
) -> HttpResponse:
    reading = read_for(request.user, response)
    lines = contradiction_lines(reading.state)
    warnings = [line for line in lines if not line.is_error]
    problems = problems or {}
    held = {str(line.remark_at): reading.held.get(line.remark_at) for line in warnings}
    revisions = {name: note.revision if note else 0 for name, note in held.items()}
    carried = carried_over(reading)
    revisions |= {n: p.base for n, p in problems.items() if p.base is not None}
    remarks = {name: note.value if note else None for name, note in held.items()}
    remarks |= {
        name: problem.text for name, problem in problems.items() if problem.text
    }
    return render(
        request,
        "assessment/response_check.html",
        response_context(request, response)
        | {
            "submission": reading.submission,
            "for_reviewers": reading.submission is not None,
            "said": said_on_hub(request.user, response, reading),
            "errors": [line for line in lines if line.is_error],
            # Side by side where they share the note that explains them.
            "warnings": sorted(
                warnings,
                key=lambda line: reading.instrument.position[line.remark_at.question],
            ),
            "to_explain": [line for line in warnings if line.to_explain],
            "missing": missing_lines(reading.state, carried),
            "missing_confirmed": missing_confirmed,
            "to_confirm": len(carried.addresses),
            "origin": origin_words(getattr(response, "prefilled_year", None)),
            "bases": json.dumps(revisions),
            "remarks": remarks,
            "carried_remarks": {
                name: note.value
                for name, note in held.items()
                if note and not note.is_confirmed
            },
            "refusal": refusal,
            "problems": {name: problem.message for name, problem in problems.items()},
            "completeness": reading.state.completeness() or 0.0,
            "clearance": summary_of(response, reading),
            "plan_waits": plan_to_say(response, request.user),
            "coordinators": coordinators_of(response),
        },
        status=status,
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a remark was not saved; `text` is what was typed, unless `message` quotes it.

    `base` is the revision an invalid text was based on: what a colleague wrote meanwhile
    was not seen and has to be a conflict.
    """

    message: str
    text: str = ""
    base: int | None = None


Problems = dict[str, Problem]


def _save_remarks(request: Request, response: Response) -> Problems:
    """Save the remarks that were posted; return those refused, by name of their field."""
    if BASES not in request.POST:
        return {}
    changes = list(
        posted_changes(request.POST, response, read_for(request.user, response))
    )
    problems = {}
    for outcome in save_changes(
        response=response, changes=changes, by=request.user, via=Via.FORM
    ):
        name = str(outcome.address)
        if isinstance(outcome, Invalid):
            problems[name] = Problem(
                " ".join(outcome.errors), request.POST.get(name, ""), outcome.base
            )
        elif isinstance(outcome, Conflict):
            message = _("%(person)s changed this remark meanwhile. Yours was: %(mine)s")
            problems[name] = Problem(
                message % {"person": outcome.by, "mine": outcome.mine}
            )
    return problems


def _remarks_page(request: Request, iso3: str, round_code: str) -> HttpResponse:
    response = get_response_for(request, iso3, round_code, Action.EDIT)
    problems = _save_remarks(request, response)
    if problems:
        return _check_page(request, response, status=422, problems=problems)
    messages.success(request, _("Remarks saved."))
    return redirect("assessment:response_check", iso3, round_code)


# The transitions below ask only whether the response may be seen: their services judge
# role and status under the lock, where a double click finds that it is done already.


@require_POST
@signed_in
def response_submit(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Submit; remarks written on the same page are saved first, so that none is lost."""
    response = get_response_for(request, iso3, round_code)
    confirmed = _number(request.POST.get("missing_confirmed", ""))
    if may(request.user, Action.SUBMIT, response) and response.round.is_open:
        try:
            problems = _save_remarks(request, response)
        except ResponseClosed:  # the service below says why
            problems = {}
        if problems:
            return _check_page(
                request,
                response,
                status=422,
                problems=problems,
                missing_confirmed=confirmed,
            )
    try:
        submission = submit_response(
            response=response, by=request.user, missing_confirmed=confirmed
        )
    except NotReady as refusal:
        return _check_page(
            request,
            response,
            status=409,
            refusal=refusal,
            missing_confirmed=confirmed,
        )
    messages.success(
        request,
        _(
            "Submitted to the United Nations Statistics Division as submission %(number)s."
        )
        % {"number": submission.number},
    )
    return redirect("assessment:response_detail", iso3, round_code)


def _number(text: str) -> int | None:
    """Return the number that was confirmed, None where nothing was."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


@require_POST
@signed_in
def response_withdraw(request: Request, iso3: str, round_code: str) -> HttpResponse:
    response = get_response_for(request, iso3, round_code)
    withdraw_response(response=response, by=request.user)
    messages.success(
        request, _("The submission was withdrawn. You can change answers again.")
    )
    return redirect("assessment:response_detail", iso3, round_code)


@require_POST
@signed_in
def response_return(request: Request, iso3: str, round_code: str) -> HttpResponse:
    return _with_message(request, iso3, round_code, Action.RETURN)


@require_POST
@signed_in
def response_reopen(request: Request, iso3: str, round_code: str) -> HttpResponse:
    return _with_message(request, iso3, round_code, Action.REOPEN)


def _with_message(
    request: Request, iso3: str, round_code: str, action: Action
) -> HttpResponse:
    response = get_response_for(request, iso3, round_code)
    if not may_ever(request.user, action, response):
        raise RoleForbids
    is_optional = action is Action.RETURN and bool(
        asked_threads(threads_shown(response))
    )
    form = MessageForm(request.POST, is_optional=is_optional)
    if not form.is_valid():
        return _hub_page(request, response, sent=request.POST, status=422)
    service = return_response if action is Action.RETURN else reopen_response
    service(response=response, by=request.user, message=form.cleaned_data["message"])
    messages.success(
        request, _("The response was returned to the country with your message.")
    )
    return redirect("assessment:response_detail", iso3, round_code)


@require_POST
@signed_in
def response_accept(request: Request, iso3: str, round_code: str) -> HttpResponse:
    response = get_response_for(request, iso3, round_code)
    try:
        accept_response(
            response=response,
            by=request.user,
            open_confirmed=_number(request.POST.get("open_confirmed", "")),
        )
    except NotReady as refusal:
        return _hub_page(request, response, refusal=refusal, status=refusal.status)
    messages.success(request, _("The response was accepted."))
    return redirect("assessment:response_detail", iso3, round_code)
