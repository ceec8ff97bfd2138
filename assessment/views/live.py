"""What an open page asks in the background: changes, presence, an earlier value."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessment.http import Request, get_response_for, signed_in
from assessment.live import (
    Changed,
    changes_after,
    cursor_of,
    pulse,
    questions_of,
    value_at,
)
from assessment.models import AnswerRevision, Response, User
from assessment.queries import Reading, instrument_of, is_unsd
from assessment.refusals import Malformed
from assessment.services.answers import as_utc
from assessment.services.presence import end_presence, record_presence
from questionnaire.addresses import Address
from questionnaire.instrument import Section

MOST_DIGITS = 15


def live_context(
    request: Request,
    response: Response,
    reading: Reading,
    section: Section | None = None,
) -> dict[str, Any]:
    """Return what a page needs to ask on: `live`, empty where it never does. No query."""
    if not settings.LIVE_POLL_MS or is_unsd(request.user, response):
        return {"live": {}}
    return {
        "live": {
            "section": section.code if section else "",
            "cursor": cursor_of(reading, section) if section else 0,
            "poll_ms": settings.LIVE_POLL_MS,
        }
    }


@require_safe
@never_cache
@signed_in
def change_list(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Say what changed in a section after the page's cursor, and who is there.

    Without a section only who is there. Besides session, person and response two queries
    where nothing changed, and one more where something did.
    """
    response = _live(request, iso3, round_code)
    section = _section(request, response)
    questions = questions_of(section) if section else set()
    record_presence(
        response=response, by=request.user, section=section.code if section else ""
    )
    found = pulse(response, request.user, questions)
    cursor = min(_cursor(request, found.total), found.total)
    changes: list[Changed] = []
    if cursor < found.total:
        cursor, changes = changes_after(response, questions, cursor)
    return JsonResponse(
        {
            "cursor": cursor,
            "changes": [_as_json(change, request.user) for change in changes],
            "present": [{"name": p.name, "section": p.section} for p in found.present],
        }
    )


@require_POST
@signed_in
def presence_leave(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Take the person's name off a section: the page goes away."""
    response = _live(request, iso3, round_code)
    section = _section(request, response)
    end_presence(
        response=response, by=request.user, section=section.code if section else ""
    )
    return HttpResponse(status=204)


@require_safe
@never_cache
@signed_in
def revision_detail(
    request: Request, iso3: str, round_code: str, revision: int
) -> HttpResponse:
    """Say what stood in a cell at a revision: what a stale save was based on."""
    response = _live(request, iso3, round_code)
    try:
        address = Address.parse(request.GET.get("cell", ""))
        value = value_at(response, address, revision)
    except (ValueError, AnswerRevision.DoesNotExist):
        raise Http404 from None
    return JsonResponse({"value": value})


def _live(request: Request, iso3: str, round_code: str) -> Response:
    """Return the response to those who read its answers as they are. Raises Http404."""
    response = get_response_for(request, iso3, round_code, to_save=True)
    if is_unsd(request.user, response):
        raise Http404
    return response


def _section(request: Request, response: Response) -> Section | None:
    code = request.GET.get("section", "")
    if not code:
        return None
    section = instrument_of(response).section_by_code.get(code.upper())
    if section is None:
        raise Http404
    return section


def _cursor(request: Request, newest: int) -> int:
    since = request.GET.get("since")
    if since is None:
        return newest
    if not (since.isascii() and since.isdecimal() and len(since) <= MOST_DIGITS):
        raise Malformed(_("“since” is the cursor of an earlier answer."))
    return int(since)


def _as_json(change: Changed, user: User) -> dict[str, Any]:
    question, row, column = change.address
    return {
        "question": question,
        "row": row,
        "column": column,
        "value": change.value,
        "revision": change.revision,
        "by": change.by,
        "at": as_utc(change.at),
        "confirmed": change.is_confirmed,
        "own": change.by_pk == user.pk,
    }
