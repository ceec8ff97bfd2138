"""Whose page it is: several people may share a computer, and its tabs stay open.

A page sends the id of the person it was made for (`X-User`); every reply says who is
signed in now. The browser keeps copies of pages by that id (docs/adr/0008).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from assessment.http import refusal_response
from assessment.refusals import OtherPerson

HEADER = "X-User"
NOBODY = "none"
SIGN_OUT = "account_logout"


class PersonMiddleware:
    """Refuses what was sent for somebody else; says who is signed in; limits caching."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = self.get_response(request)
        if page.status_code < 500 and (_is_page(page) or "Cache-Control" not in page):
            _sign(request, page)
        return page

    def process_view(
        self, request: HttpRequest, *_view: Any, **_arguments: Any
    ) -> HttpResponse | None:
        meant = request.headers.get(HEADER)
        if meant and request.user.is_authenticated and meant != str(request.user.pk):
            return refusal_response(request, OtherPerson())
        return None


def _is_page(page: HttpResponse) -> bool:
    return str(page.get("Content-Type", "")).startswith("text/html")


def _is_sign_out(request: HttpRequest) -> bool:
    match = request.resolver_match
    return (
        request.method == "POST" and match is not None and match.view_name == SIGN_OUT
    )


def _sign(request: HttpRequest, page: HttpResponse) -> None:
    if not request.user.is_authenticated:
        page[HEADER] = NOBODY
        if _is_sign_out(request):  # with the Back button it would show its pages again
            page["Clear-Site-Data"] = '"cache"'
        return
    page[HEADER] = str(request.user.pk)
    if "Cache-Control" not in page:
        patch_cache_control(page, private=True, no_cache=True)
