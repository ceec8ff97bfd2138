"""Typed requests, responses by permission, and refusals as pages or JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from assessment.models import Response, User
from assessment.permissions import Action, GlobalAction, may, may_ever, may_globally
from assessment.queries import response_for
from assessment.refusals import Refusal, ResponseClosed, RoleForbids


class Request(HttpRequest):
    """A request of a signed-in person."""

    user: User


def get_response_for(
    request: Request,
    iso3: str,
    round_code: str,
    action: Action = Action.VIEW,
    *,
    to_save: bool = False,
) -> Response:
    """Return the response if `action` is allowed now. One query.

    `to_save` reads only what saving needs; the save service locks.

    Raises Http404 if it is not theirs to see, RoleForbids (403) if their role never does
    this, ResponseClosed (409) if the status forbids it now.
    """
    try:
        response = response_for(request.user, iso3, round_code, to_save=to_save)
    except Response.DoesNotExist:
        raise Http404 from None
    if not may_ever(request.user, action, response):
        raise RoleForbids
    if not may(request.user, action, response):
        raise closed(response)
    return response


def closed(response: Response) -> ResponseClosed:
    """Return the refusal that names the status of `response`."""
    message = _("This response is %(status)s and cannot be changed now.")
    return ResponseClosed(
        response.status, message % {"status": response.get_status_display().lower()}
    )


def require(request: Request, action: GlobalAction) -> None:
    """Raise Http404 unless the person may do what needs no response."""
    if not may_globally(request.user, action):
        raise Http404


def wants_json(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def signed_in(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Ask to sign in; answer 401 JSON where the request is JSON (the session is gone)."""
    page = login_required(view)

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if wants_json(request) and not request.user.is_authenticated:
            message = _("Your session has ended. Sign in again; nothing typed is lost.")
            return JsonResponse({"code": "session", "message": message}, status=401)
        return page(request, *args, **kwargs)

    return wrapped


class RefusalMiddleware:
    """Turns refusals raised in views into a page or JSON with the right status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if isinstance(exception, Refusal):
            return refusal_response(request, exception)
        if wants_json(request) and isinstance(exception, Http404):
            message = _("This response does not exist, or is not yours to see.")
            return JsonResponse({"code": "not_found", "message": message}, status=404)
        if wants_json(request) and isinstance(exception, PermissionDenied):
            return JsonResponse(
                {"code": "forbidden", "message": str(exception)}, status=403
            )
        return None


def refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return a refusal as the request wants it: JSON or a page."""
    if wants_json(request):
        body: dict[str, Any] = {"code": refusal.code, "message": refusal.message}
        if refusal.details:
            body["details"] = refusal.details
        if isinstance(refusal, ResponseClosed):
            body["state"] = refusal.state
        return JsonResponse(body, status=refusal.status)
    return render(request, "refusal.html", {"refusal": refusal}, status=refusal.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a stale token: JSON with code `csrf`, or a page that says how to go on."""
    if wants_json(request):
        message = _("The page is too old. It will try again with a new token.")
        return JsonResponse({"code": "csrf", "message": message}, status=403)
    return render(request, "403_csrf.html", status=403)
