"""Choosing and changing the actions of a plan; the services of `assessment` write."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessment.http import Request, signed_in
from assessment.models import PlanAction, Response
from assessment.plan_content import PlanRefused
from assessment.plan_forms import PlanActionForm, is_number, said_in
from assessment.plans import content_of
from assessment.refusals import NotReady, Refusal
from assessment.services.plan_editions import carry_over_plan
from assessment.services.plans import (
    Outcome,
    Said,
    Stale,
    add_own,
    add_recommended,
    move_action,
    restore_action,
    save_action,
    say_what_became,
    withdraw_action,
)
from reports.document.plan import differences, shown_value
from reports.plan_views import (
    back_to_plan,
    plan_page_for,
    response_to_plan,
    shown_plan,
)


def _action(response: Response, number: int) -> PlanAction:
    found = PlanAction.objects.select_related("changed_by")
    action = get_object_or_404(found, response=response.pk, number=number)
    action.response = response
    return action


# Adding


@require_POST
@signed_in
def plan_add(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Add the recommendations ticked."""
    response = response_to_plan(request, iso3, round_code)
    codes = request.POST.getlist("code")
    if not codes:
        refusal = NotReady(_("Nothing was ticked: nothing was added."))
        page = plan_page_for(request, response)
        return shown_plan(request, page, status=422, refusal=refusal)
    added = add_recommended(response=response, codes=codes, by=request.user)
    words = ngettext(
        "%(count)d action was added to the plan. Say who does it and by when.",
        "%(count)d actions were added to the plan. Say who does each and by when.",
        len(added),
    )
    messages.success(request, words % {"count": len(added)})
    return back_to_plan(response, f"plan-{added[0].number}" if added else "actions")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan_own(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Add an action of the country's own."""
    response = response_to_plan(request, iso3, round_code)
    page = plan_page_for(request, response)
    options: dict[str, Any] = {
        "partners": page.instrument.catalogue.partners,
        "is_own": True,
    }
    if request.method != "POST":
        return shown_plan(request, page, form=PlanActionForm(**options), is_new=True)
    form = PlanActionForm(request.POST, **options)
    if form.is_valid():
        try:
            action = add_own(response=response, content=form.content, by=request.user)
        except PlanRefused as refused:
            form.add_error(None, refused.details)
        else:
            messages.success(request, _("Your action was added to the plan."))
            return back_to_plan(response, f"plan-{action.number}")
    return shown_plan(request, page, status=422, form=form, is_new=True)


@require_POST
@signed_in
def plan_carry(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Bring in what an earlier plan left, where it was adopted too late to be carried."""
    response = response_to_plan(request, iso3, round_code)
    if carry_over_plan(response=response, by=request.user):
        messages.success(request, _("The unfinished actions were carried over."))
    return back_to_plan(response, "became")


# Changing


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan_action(
    request: Request, iso3: str, round_code: str, number: int
) -> HttpResponse:
    """Show the plan with one action open to be changed; save it."""
    response = response_to_plan(request, iso3, round_code)
    action = _action(response, number)
    if not action.is_standing:
        return back_to_plan(response, "withdrawn")
    page = plan_page_for(request, response)
    if not page.can_edit and request.method != "POST":
        return back_to_plan(response)
    options: dict[str, Any] = {
        "partners": page.instrument.catalogue.partners,
        "is_own": not action.recommendation,
        "content": content_of(action),
    }
    shown: dict[str, Any] = {"editing": action.number, "base": action.revision}
    if request.method != "POST":
        return shown_plan(request, page, form=PlanActionForm(**options), **shown)
    form = PlanActionForm(request.POST, **options)
    base = request.POST.get("base", "")
    if not form.is_valid():
        shown["base"] = base  # a colleague's change was not seen: it must be a conflict
        return shown_plan(request, page, status=422, form=form, **shown)
    try:
        outcome = save_action(
            action=action,
            content=form.content,
            base=int(base) if is_number(base) else 0,
            by=request.user,
        )
    except PlanRefused as refused:
        form.add_error(None, refused.details)
        return shown_plan(
            request, page, status=422, form=form, **shown | {"base": base}
        )
    if isinstance(outcome, Stale):
        shown |= {
            "stale": outcome,
            "differences": differences(content_of(outcome.action), outcome.mine),
        }
        form = PlanActionForm(**options | {"content": outcome.mine})
        return shown_plan(
            request, plan_page_for(request, response), status=409, form=form, **shown
        )
    messages.success(request, _("Saved."))
    return back_to_plan(response, f"plan-{action.number}")


@require_POST
@signed_in
def plan_statuses(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Save status and remark of the actions sent: one, or all of an earlier plan.

    What cannot be saved comes back as it was typed; the rest is saved.
    """
    response = response_to_plan(request, iso3, round_code)
    said = said_in(request.POST)
    try:
        outcomes = say_what_became(
            response=response, said=[one for one in said if one.status], by=request.user
        )
    except (PlanRefused, NotReady) as refused:
        return _said_again(request, response, said, refused)
    stale = {one.action.number: one for one in outcomes if isinstance(one, Stale)}
    back = [one for one in said if not one.status or one.number in stale]
    if back:
        _tell_saved(request, outcomes, is_all=False)
        return _said_again(request, response, back, stale=stale)
    _tell_saved(request, outcomes)
    numbers = request.POST.getlist("number")
    if len(numbers) == 1 and is_number(numbers[0]):
        return back_to_plan(response, f"plan-{numbers[0]}")
    is_left = len(numbers) > len(outcomes)  # those of which nothing was said
    return back_to_plan(response, "waiting" if is_left else "became")


def _said_again(
    request: Request,
    response: Response,
    said: list[Said],
    refusal: Refusal | None = None,
    stale: Mapping[int, Stale] = MappingProxyType({}),
) -> HttpResponse:
    """Show the plan with what was said in its place, and why it was not saved."""
    page = plan_page_for(request, response)
    page.said = {one.number: one for one in said}
    titles = {line.action.number: line.row.title for line in page.lines}
    if stale:
        message = _(
            "A colleague changed these actions meanwhile. What you said was not saved "
            "and stands below: save again to put it in place of theirs."
        )
        words = [_stale_words(one, titles) for one in stale.values()]
        refusal, status = NotReady(message, words), 409
    elif refusal is None:
        message = _(
            "A remark is saved with a status. Choose one; what you wrote stands below."
        )
        words = [titles.get(one.number, "") for one in said]
        refusal, status = NotReady(message, words), 422
    else:
        status = refusal.status
    return shown_plan(request, page, status=status, refusal=refusal)


def _stale_words(stale: Stale, titles: dict[int, str]) -> str:
    action, mine = stale.action, stale.mine
    return _(
        "%(title)s: %(person)s says “%(theirs)s” %(their_remark)s, you said “%(mine)s” "
        "%(my_remark)s"
    ) % {
        "title": titles.get(action.number, action.title or action.recommendation),
        "person": action.changed_by,
        "theirs": shown_value("status", action.status),
        "their_remark": f"({action.remark})" if action.remark else "",
        "mine": shown_value("status", mine.status),
        "my_remark": f"({mine.remark})" if mine.remark else "",
    }


def _tell_saved(
    request: Request, outcomes: list[Outcome], *, is_all: bool = True
) -> None:
    saved = sum(not isinstance(one, Stale) and one.is_new for one in outcomes)
    if saved:
        words = ngettext(
            "The status of %(count)d action was saved.",
            "The status of %(count)d actions was saved.",
            saved,
        )
        messages.success(request, words % {"count": saved})
    elif is_all:
        messages.info(request, _("No status was changed."))


@require_POST
@signed_in
def plan_move(
    request: Request, iso3: str, round_code: str, number: int
) -> HttpResponse:
    response = response_to_plan(request, iso3, round_code)
    at = request.POST.get("at", "")
    move_action(
        action=_action(response, number),
        is_up=request.POST.get("to") == "up",
        at=int(at) if is_number(at) else 0,
        by=request.user,
    )
    return back_to_plan(response, f"plan-{number}")


@require_POST
@signed_in
def plan_withdraw(
    request: Request, iso3: str, round_code: str, number: int
) -> HttpResponse:
    response = response_to_plan(request, iso3, round_code)
    withdraw_action(action=_action(response, number), by=request.user)
    messages.success(
        request, _("Taken out of the plan. It is kept below and can be brought back.")
    )
    return back_to_plan(response, "actions")


@require_POST
@signed_in
def plan_restore(
    request: Request, iso3: str, round_code: str, number: int
) -> HttpResponse:
    response = response_to_plan(request, iso3, round_code)
    restore_action(action=_action(response, number), by=request.user)
    messages.success(request, _("The action is back, at the end of the plan."))
    return back_to_plan(response, f"plan-{number}")
