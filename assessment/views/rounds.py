"""What officers follow: all countries of a round."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment.dashboard import NO_TURN, Filters, headings, places_of, round_lines
from assessment.forms import JoinForm
from assessment.http import Request, require, signed_in
from assessment.models import Response, Round, Side
from assessment.navigation import round_tabs
from assessment.permissions import GlobalAction, may_globally
from assessment.round_figures import overview_of, rate_of, regions_of
from assessment.round_queries import milestones, officers, round_to_follow
from assessment.services.rounds import close_round, open_response, open_round

# Country and region share the first column.
OWN_COLUMNS = (
    "status", "progress", "activity", "points", "turn", "officer", "submitted",
)  # fmt: skip


@require_safe
@signed_in
def round_detail(request: Request, round_code: str) -> HttpResponse:
    """All countries, filtered and sorted as the address says; opens, closes, adds."""
    round_ = followed_round(request, round_code)
    lines = round_lines(round_, request.user)
    filters = Filters.parse(request.GET)
    return render(
        request,
        "assessment/round_detail.html",
        round_context(request, round_)
        | {
            "lines": filters.shown(lines, request.user),
            "total": len(lines),
            "counts": [
                (
                    label,
                    sum(line.response.status == value for line in lines),
                    filters.query(status=value),
                    value,
                )
                for value, label in Response.Status.choices
            ],
            "places": places_of(line.response.country for line in lines),
            "statuses": Response.Status.choices,
            "sides": [*Side.choices, (NO_TURN, _("Nobody"))],
            "officers": list(officers()),
            "filters": filters,
            "query": filters.query(),
            "all_url": filters.query(status=""),
            "headings": (columns := headings(filters)),
            "columns": [columns[name] for name in OWN_COLUMNS],
            "join_form": JoinForm(round_=round_),
            "manages_people": may_globally(request.user, GlobalAction.MANAGE_PEOPLE),
            "assigns": may_globally(request.user, GlobalAction.ASSIGN),
        },
    )


def round_context(request: Request, round_: Round) -> dict[str, Any]:
    """Return the head of every page of a round. No query."""
    return {
        "round": round_,
        "tabs": round_tabs(request, round_),
        "days_left": round_.days_left(timezone.now()),
    }


def followed_round(request: Request, round_code: str) -> Round:
    """Return a round for those who follow rounds; it does not exist for others."""
    require(request, GlobalAction.FOLLOW_ROUNDS)
    try:
        return round_to_follow(round_code, request.user)
    except Round.DoesNotExist:
        raise Http404 from None


@require_safe
@signed_in
def round_progress(request: Request, round_code: str) -> HttpResponse:
    """Show the round as a map of tiles, by region, and over time against the deadline."""
    round_ = followed_round(request, round_code)
    countries, now = milestones(round_), timezone.now()
    return render(
        request,
        "assessment/round_progress.html",
        round_context(request, round_)
        | {
            "total": len(countries),
            "regions": regions_of(countries),
            "statuses": Response.Status.choices,
            "overview": overview_of(countries),
            "rate": rate_of(
                round_, countries, now=now, is_mirrored=get_language_bidi()
            ),
        },
    )


@require_POST
@signed_in
def round_join(request: Request, round_code: str) -> HttpResponse:
    require(request, GlobalAction.MANAGE_ROUNDS)
    round_ = get_object_or_404(Round, code=round_code)
    form = JoinForm(request.POST, round_=round_)
    if not round_.is_open:
        messages.error(request, _("Open the round first."))
    elif form.is_valid():
        countries = form.cleaned_data["countries"]
        for country in countries:
            open_response(round_=round_, country=country, by=request.user)
        messages.success(
            request,
            ngettext(
                "%(count)d country joined the round.",
                "%(count)d countries joined the round.",
                len(countries),
            )
            % {"count": len(countries)},
        )
    else:
        messages.error(
            request, _("Choose at least one country that is not in the round.")
        )
    return redirect("assessment:round_detail", round_code)


@require_POST
@signed_in
def round_open(request: Request, round_code: str) -> HttpResponse:
    require(request, GlobalAction.MANAGE_ROUNDS)
    open_round(
        round_=get_object_or_404(Round, code=round_code), countries=[], by=request.user
    )
    messages.success(request, _("The round is open: countries can answer."))
    return redirect("assessment:round_detail", round_code)


@require_POST
@signed_in
def round_close(request: Request, round_code: str) -> HttpResponse:
    require(request, GlobalAction.MANAGE_ROUNDS)
    close_round(round_=get_object_or_404(Round, code=round_code), by=request.user)
    messages.success(
        request, _("The round is closed: answers can no longer be changed.")
    )
    return redirect("assessment:round_detail", round_code)
