"""Typed requests, responses by permission, and refusals as pages or JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

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
    sees: Action = Action.VIEW,
) -> Response:
    """Return the response if `action` is allowed now. One query.

    `to_save` reads only what saving needs, in one; the save service locks. `sees` is what
    one must be allowed for the page to exist: other than VIEW where no answer is shown.

    Raises Http404 if it is not theirs to see, RoleForbids (403) if their role never does
    this, ResponseClosed (409) if the status forbids it now.
    """
    try:
        response = response_for(
            request.user, iso3, round_code, to_save=to_save, sees=sees
        )
    except Response.DoesNotExist:
        raise Http404 from None
    if not may_ever(request.user, action, response):
        raise RoleForbids
    if not may(request.user, action, response):
        raise closed(response)
    return response


def live_response_for(request: Request, iso3: str, round_code: str) -> Response:
    """Return a response whose live answers the person may read. Two queries.

    Raises Http404 for everybody else: at UNSD there are submissions only.
    """
    response = get_response_for(request, iso3, round_code)
    if not may(request.user, Action.READ_LIVE, response):
        raise Http404
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
        kept = None if request.user.is_authenticated else send_again(request)
        return kept or page(request, *args, **kwargs)

    return wrapped


_NOT_KEPT = frozenset({"csrfmiddlewaretoken", "password", "password1", "password2"})
_LONG = 20  # characters from which a value is worth showing


def send_again(request: HttpRequest) -> HttpResponse | None:
    """Return a page that keeps what a form of this site sent, to be sent once more.

    None where nothing was sent, or where the browser does not say that the form stood on
    a page of this host: no other site can have a form filled in here. Files are not kept.
    """
    origin = urlsplit(request.headers.get("Origin", ""))
    here = (request.scheme, request.get_host())
    if request.method != "POST" or (origin.scheme, origin.netloc) != here:
        return None
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in _NOT_KEPT
    ]
    if not any(value for _, value in typed):
        return None
    page = render(
        request,
        "send_again.html",
        {
            "typed": typed,
            "texts": [v for n, v in typed if not n.startswith("_") and len(v) > _LONG],
            "is_session_over": not request.user.is_authenticated,
        },
        status=403,
    )
    page["Cache-Control"] = "private, no-store"
    return page


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
    kept = send_again(request) if request.user.is_authenticated else None
    return kept or render(request, "403_csrf.html", status=403)
