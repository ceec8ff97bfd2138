"""The action plan: the page, adopting it, its history and its workbook.

The page offers what the analysis recommends: of the live answers for a draft, else of
what was frozen. `plan_editing_views` has what changes single actions.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessment.audit import record
from assessment.http import Request, get_response_for, live_response_for, signed_in
from assessment.institution_choices import Offered
from assessment.institution_queries import directory_of
from assessment.models import AuditAction, PlanAction, PlanEdition, Response, Submission
from assessment.permissions import Action
from assessment.plan_forms import is_number
from assessment.plans import changes_of_plan, editions_of
from assessment.refusals import NotReady, Refusal
from assessment.services.plan_editions import adopt_plan
from assessment.spreadsheets import XLSX
from assessment.views.responses import response_context
from reports.document.plan import differences
from reports.plan_page import PlanPage
from reports.plan_workbook import plan_workbook
from reports.queries import report_source_for


@require_safe
@signed_in
def plan_detail(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show the plan; to the coordinator with everything that changes it."""
    response = get_response_for(request, iso3, round_code)
    return shown_plan(request, plan_page_for(request, response, _edition(request)))


def plan_page_for(
    request: Request, response: Response, edition: int | None = None
) -> PlanPage:
    """Return what the person may read of a plan; 404 for an edition that is none."""
    try:
        source = report_source_for(request.user, response)
        return PlanPage(request.user, response, source, edition=edition)
    except (Submission.DoesNotExist, PlanEdition.DoesNotExist):
        raise Http404 from None


def _edition(request: Request) -> int | None:
    asked = request.GET.get("edition", "")
    if not asked:
        return None
    if not is_number(asked):
        raise Http404
    return int(asked)


def shown_plan(
    request: Request,
    page: PlanPage,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
    **more: Any,
) -> HttpResponse:
    response = page.response
    context: dict[str, Any] = {
        "page": page,
        "refusal": refusal,
        "statuses": PlanAction.Status.choices,
        # Of the one action that is open to be changed, or of a new one.
        "form": None, "editing": None, "is_new": False, "base": 0, "stale": None,
        "differences": (), "offered": Offered(),
    }  # fmt: skip
    context |= more
    if context["form"] is not None:
        context["offered"] = Offered(directory_of(response.country_id).offered)
    return render(
        request,
        "reports/plan_detail.html",
        response_context(request, response) | context,
        status=status,
    )


def response_to_plan(request: Request, iso3: str, round_code: str) -> Response:
    return get_response_for(request, iso3, round_code, Action.PLAN)


def back_to_plan(response: Response, anchor: str = "") -> HttpResponse:
    place = [response.country.iso3, response.round.code]
    fragment = f"#{anchor}" if anchor else ""
    return redirect(reverse("reports:plan_detail", args=place) + fragment)


# Adopting, history, download


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan_adopt(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show what would be adopted, and adopt it once confirmed."""
    response = response_to_plan(request, iso3, round_code)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            edition = adopt_plan(
                response=response, seen=request.POST.get("seen", ""), by=request.user
            )
        except NotReady as refused:
            refusal = refused
        else:
            words = _(
                "The plan is adopted as edition %(number)s. Reports print it now."
            )
            messages.success(request, words % {"number": edition.number})
            return back_to_plan(response)
    page = plan_page_for(request, response)
    if refusal is None and not page.can_adopt:
        return back_to_plan(response)
    shown = render(
        request,
        "reports/plan_adopt.html",
        response_context(request, response) | {"page": page, "refusal": refusal},
        status=refusal.status if refusal else 200,
    )
    shown["Cache-Control"] = "private, no-store"
    return shown


@require_safe
@signed_in
def plan_history(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show every change of the plan to the people of its country."""
    response = live_response_for(request, iso3, round_code)
    page = plan_page_for(request, response)
    titles = page.titles
    events = [
        (
            change,
            titles[change.revision.action_id],
            differences(change.before, change.after),
        )
        for change in changes_of_plan(response)
    ]
    shown = render(
        request,
        "reports/plan_history.html",
        response_context(request, response)
        | {"events": events, "editions": editions_of(response)},
    )
    shown["Cache-Control"] = "private, no-store"
    return shown


@require_safe
@signed_in
def plan_xlsx(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Send the plan as a workbook: the live one, or an edition; 404 if there is none."""
    response = get_response_for(request, iso3, round_code, Action.DOWNLOAD)
    page = plan_page_for(request, response, _edition(request))
    if page.plan is None:
        raise Http404
    edition = f"edition-{page.plan.number}" if page.plan.number else "live"
    place = f"{response.country.iso3}-{response.round.code}"
    name = f"action-plan-{place}-{edition}.xlsx"
    record(AuditAction.DOWNLOAD_PLAN, by=request.user, response=response, subject=name)
    sent = HttpResponse(
        plan_workbook(page),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    sent["Cache-Control"] = "private, no-store"
    return sent
