"""The JSON body of a save, checked for form; values are judged by the save service."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.conf import settings
from django.http import HttpRequest
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils.translation import gettext as _

from assessment.models import Via
from assessment.refusals import Malformed, TooLarge
from assessment.services.answers import Change
from questionnaire.addresses import Address

KEYS = {"question", "row", "column", "value", "base"}
WAYS = {"page": Via.PAGE, "queue": Via.QUEUE, "merge": Via.MERGE}


def parse_changes(request: HttpRequest, body: bytes) -> tuple[list[Change], Via]:
    """Return the changes of a request's body and the way they came.

    Raises Malformed (400) or TooLarge (413).
    """
    if request.content_type != "application/json":
        raise Malformed(_("Send the changes as JSON: Content-Type application/json."))
    try:
        document = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Malformed(_("The request is not JSON.")) from None
    if not isinstance(document, dict) or not isinstance(document.get("changes"), list):
        raise Malformed(_("The request needs a list “changes”."))
    found = document["changes"]
    if len(found) > settings.ANSWERS_MAX_CHANGES:
        raise _too_large()
    changes = [_change(item) for item in found]
    if len({change.address for change in changes}) != len(changes):
        raise Malformed(_("The same cell appears twice in one request."))
    via = document.get("via", "page")
    if not isinstance(via, str) or via not in WAYS:
        raise Malformed(_("The way, “via”, is “page”, “queue” or “merge”."))
    return changes, WAYS[via]


def read_body(request: HttpRequest) -> bytes:
    """Return the body of a request. Raises TooLarge, and Malformed if it broke off."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    is_long = len(length) > len(str(settings.ANSWERS_MAX_BYTES))
    if length.isdecimal() and (is_long or int(length) > settings.ANSWERS_MAX_BYTES):
        raise _too_large()
    try:
        body = request.read(settings.ANSWERS_MAX_BYTES + 1)
    except (UnreadablePostError, RawPostDataException):
        raise Malformed(_("The request did not arrive whole.")) from None
    if len(body) > settings.ANSWERS_MAX_BYTES:
        raise _too_large()
    return bytes(body)


def _too_large() -> TooLarge:
    message = _(
        "The request is too large: at most %(changes)s changes and 1 MiB at a time."
    )
    return TooLarge(message % {"changes": settings.ANSWERS_MAX_CHANGES})


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _change(item: Any) -> Change:
    if not isinstance(item, dict) or set(item) != KEYS:
        raise Malformed(_("Each change needs question, row, column, value and base."))
    codes = item["question"], item["row"], item["column"]
    if not all(isinstance(code, str) for code in codes) or not item["question"]:
        raise Malformed(
            _("Question, row and column are codes: text, row and column may be empty.")
        )
    base = item["base"]
    if type(base) is not int or base < 0:
        raise Malformed(_("The base is the revision a change is based on: 0 or more."))
    return Change(Address(*codes), item["value"], base)
