"""What officers follow: all countries of a round."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from assessment.forms import JoinForm
from assessment.http import Request, require, signed_in
from assessment.models import Response, Round
from assessment.permissions import GlobalAction, may_globally
from assessment.queries import round_lines
from assessment.services.rounds import close_round, open_response, open_round


@require_safe
@signed_in
def round_detail(request: Request, round_code: str) -> HttpResponse:
    """All countries with state and progress; opens, closes, adds countries."""
    require(request, GlobalAction.FOLLOW_ROUNDS)
    round_ = get_object_or_404(Round, code=round_code)
    lines = round_lines(round_, request.user)
    region, status = request.GET.get("region", ""), request.GET.get("status", "")
    shown = [
        line
        for line in lines
        if region in ("", line.response.country.region)
        and status in ("", line.response.status)
    ]
    return render(
        request,
        "assessment/round_detail.html",
        {
            "round": round_,
            "lines": shown,
            "total": len(lines),
            "counts": [
                (value, label, sum(line.response.status == value for line in lines))
                for value, label in Response.Status.choices
            ],
            "regions": sorted({line.response.country.region for line in lines}),
            "region": region,
            "status": status,
            "days_left": round_.days_left(timezone.now()),
            "join_form": JoinForm(round_=round_),
            "manages_people": may_globally(request.user, GlobalAction.MANAGE_PEOPLE),
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
