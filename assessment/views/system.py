"""For browsers and load balancers: tokens and health."""

from __future__ import annotations

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def csrf_token(request: HttpRequest) -> HttpResponse:
    """Give the page a fresh token after its own became stale, and say who is signed in."""
    return JsonResponse({"token": get_token(request), "user": request.user.pk})


def not_offered(request: HttpRequest) -> HttpResponse:
    """Hide a page of allauth that is not offered: addresses are set by administrators."""
    raise Http404


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
