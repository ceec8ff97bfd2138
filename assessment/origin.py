"""From where a request came, and its number: known to whatever it causes.

A middleware, the first of all, notes both for the time of the request; commands and
workers have neither.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")


@dataclass(frozen=True, slots=True)
class Origin:
    """The address of who asked, None where there is none, and the request's number."""

    ip: str | None = None
    request_id: str = ""


NOWHERE = Origin()
_KEPT = "_origin"
_current: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def current_origin() -> Origin:
    """Return the origin of the request being answered; outside of one it is empty."""
    return _current.get()


class OriginMiddleware:
    """Numbers the request, or takes the number that a proxy gave it; says it in the reply."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        origin = Origin(address_of(request), _number_of(request))
        setattr(request, _KEPT, origin)  # lines about it are logged after it has ended
        token = _current.set(origin)
        try:
            page = self.get_response(request)
        finally:
            _current.reset(token)
        page[HEADER] = origin.request_id
        return page


def _number_of(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    return given if GIVEN.fullmatch(given) else uuid.uuid4().hex


def address_of(request: HttpRequest) -> str | None:
    """Return the address of who asked, None if the server was not told.

    Each of `settings.TRUSTED_PROXIES` proxies adds one hop at the end of X-Forwarded-For;
    what stands before those was written by whoever sent the request.
    """
    trusted: int = settings.TRUSTED_PROXIES
    if trusted > 0:
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        if len(hops) >= trusted:
            found = _normal(hops[-trusted])
            if found is not None:
                return found
    return _normal(request.META.get("REMOTE_ADDR", ""))


def _normal(text: str) -> str | None:
    """Return an address as databases keep it; IPv4 within IPv6 as IPv4."""
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


class RequestIdFilter(logging.Filter):
    """Gives every line of the log the number of its request."""

    def filter(self, record: logging.LogRecord) -> bool:
        of_request = getattr(getattr(record, "request", None), _KEPT, NOWHERE)
        origin = current_origin()
        record.request_id = origin.request_id or of_request.request_id or "-"
        return True
