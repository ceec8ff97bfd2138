"""Reports as PDF, rendered once and kept: found again by their contents, not by name.

Everybody who needs a report asks here: the page that offers it, the ZIP of many, the
command line, and what renders ahead when answers are submitted or accepted. A file is
stored whole before its row names it, so that two processes at once render twice at worst
and nobody reads half a file. A draft is kept for a day, for who asked for it.
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation

from assessment.background import run_later
from assessment.models import RenderedReport, Response, Round, WorkStatus
from assessment.queries import latest_submission, responses_with_instrument
from assessment.refusals import NotReady
from assessment.round_queries import rounds_with_instrument
from reports.compare.synthesis_pdf import render_synthesis, synthesis_key, topic_of
from reports.compare.synthesis_structure import Topic
from reports.content_key import content_key
from reports.pdf import RenderingFailed, render_pdf
from reports.queries import draft_to_report, source_to_report
from reports.sources import ReportSource

logger = logging.getLogger(__name__)

DRAFT_KEPT = timedelta(days=1)
_UNFINISHED = (WorkStatus.WAITING, WorkStatus.BUILDING)


# Without waiting for others


def kept_pdf(response: Response, source: ReportSource, *, language: str) -> bytes:
    """Return the report of a source: the kept file, or a new one, kept unless a draft.

    Raises RenderingFailed.
    """
    key = content_key(source, language)
    content = _content_at(key)
    if content is None:
        content = render_pdf(source, language=language)
        if not source.is_draft:
            _keep(_row(response, source, language, key), key, content)
    return content


def kept_synthesis(round_: Round, topic: Topic, *, language: str) -> bytes:
    """Return the synthesis of a topic: the kept file, or a new one, which is kept.

    Raises RenderingFailed.
    """
    key = synthesis_key(topic, language=language)
    content = _content_at(key)
    if content is None:
        content = render_synthesis(topic, language=language)
        _keep(_row_of_synthesis(round_, topic, language, key), key, content)
    return content


def _content_at(key: str) -> bytes | None:
    row = RenderedReport.objects.filter(key=key).first()
    return content_of(row) if row else None


def content_of(row: RenderedReport) -> bytes | None:
    """Return the file of a report; None unless it is there as it was written."""
    if row.status != WorkStatus.READY:
        return None
    try:
        with row.file.open("rb") as file:
            content: bytes = file.read()
    except (OSError, ValueError):
        return None
    return content if len(content) == row.size else None


def is_there(row: RenderedReport) -> bool:
    """Return whether a report can be sent, without reading it."""
    if row.status != WorkStatus.READY:
        return False
    try:
        return bool(row.file.size == row.size)
    except (OSError, ValueError):
        return False


# In the background


def request_pdf(
    response: Response, source: ReportSource, *, language: str
) -> RenderedReport:
    """Return the row of a report; the work begins unless it is done, begun or failed.

    Of a draft that is waiting to be rendered there is one: the work reads the answers as
    they then are.
    """
    key = content_key(source, language)
    waiting = RenderedReport.objects.filter(
        response=response, number=None, language=language, status=WorkStatus.WAITING
    )
    row = waiting.first() if source.is_draft else None
    if row is None or row.status_at(timezone.now()) == WorkStatus.FAILED:
        row = _row(response, source, language, key)
    _begin(row)
    return row


def request_synthesis(round_: Round, topic: Topic, *, language: str) -> RenderedReport:
    """Return the row of a synthesis; the work begins unless done, begun or failed."""
    key = synthesis_key(topic, language=language)
    row = _row_of_synthesis(round_, topic, language, key)
    _begin(row)
    return row


def _begin(row: RenderedReport) -> None:
    is_lost = row.status == WorkStatus.READY and not is_there(row)
    if row.attempt == 0 or is_lost:
        start_pdf(row)


def start_pdf(row: RenderedReport) -> None:
    """Begin what nobody has begun, what failed or was cut off, or whose file is lost."""
    if _claim(row):
        run_later("keep_report", "--work", str(row.pk), str(row.attempt))


def keep_ahead(response: Response) -> None:
    """Render what was just frozen, in every language of the site, before anybody asks."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found = responses_with_instrument().get(pk=response.pk)
            latest_submission(found)  # of a draft nothing is made ahead
            source = source_to_report(found)
        row = _row(found, source, language, content_key(source, language))
        if _claim(row):
            build_pdf(pk=row.pk, attempt=row.attempt)


def build_pdf(*, pk: int, attempt: int) -> None:
    """Render a report; nothing happens if another attempt has taken over."""
    clear_kept()
    if not _sign(pk, attempt, status=WorkStatus.BUILDING):
        return
    row = RenderedReport.objects.get(pk=pk)
    try:
        with translation.override(row.language):
            key, content = _rendered(row)
        _finish(row, key, content)
    except (RenderingFailed, NotReady) as failure:
        _sign(pk, attempt, status=WorkStatus.FAILED, reason=str(failure)[:500])
    except Exception:
        _sign(pk, attempt, status=WorkStatus.FAILED)
        raise


def _rendered(row: RenderedReport) -> tuple[str, bytes]:
    """Return a file of what the records now are, and its key."""
    language = row.language
    if row.response_id is None:
        round_ = rounds_with_instrument().get(rendered_syntheses=row.pk)
        topic = topic_of(round_, row.region)
        key = synthesis_key(topic, language=language)
        return key, render_synthesis(topic, language=language)
    source = _source(responses_with_instrument().get(pk=row.response_id), row)
    return content_key(source, language), render_pdf(source, language=language)


def _source(response: Response, row: RenderedReport) -> ReportSource:
    if row.number is None:
        return draft_to_report(response)
    return source_to_report(response, submission=row.number, edition=row.edition)


# Rows and files


def _row(
    response: Response, source: ReportSource, language: str, key: str
) -> RenderedReport:
    edition = source.plan.number if source.plan else None
    return _row_at(
        key, language, response=response, number=source.number, edition=edition
    )


def _row_of_synthesis(
    round_: Round, topic: Topic, language: str, key: str
) -> RenderedReport:
    return _row_at(key, language, round=round_, region=topic.region)


def _row_at(key: str, language: str, **place: object) -> RenderedReport:
    """Return the row of a key; a new one waits for its first attempt."""
    now = timezone.now()
    row, _is_new = RenderedReport.objects.get_or_create(
        key=key,
        defaults={
            **place,
            "language": language,
            "attempt": 0,
            "signed_at": now,
            "created_at": now,
        },
    )
    return row


def _claim(row: RenderedReport) -> bool:
    """Take up a new attempt; False if the file is there or somebody else is at work."""
    now = timezone.now()
    is_at_work = row.attempt > 0 and row.status_at(now) in _UNFINISHED
    if is_at_work or is_there(row):
        return False
    found = RenderedReport.objects.filter(pk=row.pk, attempt=row.attempt)
    begun = found.update(
        status=WorkStatus.WAITING, attempt=row.attempt + 1, signed_at=now, reason=""
    )
    row.refresh_from_db()
    return bool(begun)


def _sign(pk: int, attempt: int, **changes: object) -> bool:
    """Give a sign of life; return whether this attempt is still the one that counts."""
    found = RenderedReport.objects.filter(
        pk=pk, attempt=attempt, status__in=_UNFINISHED
    )
    return bool(found.update(signed_at=timezone.now(), **changes))


def _finish(row: RenderedReport, key: str, content: bytes) -> None:
    """Keep what was rendered.

    If the record has moved on since it was asked for, the file is there for who waits,
    and is found by nobody else.
    """
    if key != row.key:
        RenderedReport.objects.filter(pk=row.pk, attempt=row.attempt).update(
            key=secrets.token_hex(32)
        )
    _store(RenderedReport.objects.filter(attempt=row.attempt), row, content)


def _keep(row: RenderedReport, key: str, content: bytes) -> None:
    """Keep what somebody rendered who did not wait; without a place for it, go on."""
    try:
        _store(RenderedReport.objects.filter(key=key), row, content)
    except OSError:
        logger.exception("The report %s cannot be kept", row.pk)


def _store(rows: QuerySet[RenderedReport], row: RenderedReport, content: bytes) -> None:
    """Store a file whole, then name it, unless its row has got one or is gone."""
    storage = row.file.storage
    name = storage.save(
        row.file.field.generate_filename(row, "report.pdf"), ContentFile(content)
    )
    before = row.file.name or ""
    named = rows.filter(pk=row.pk, file=before).update(
        status=WorkStatus.READY,
        file=name,
        size=len(content),
        reason="",
        signed_at=timezone.now(),
    )
    gone = before if named else name
    if gone:
        storage.delete(gone)


def clear_kept(now: datetime | None = None) -> int:
    """Delete drafts older than a day and what a newer file replaces; return how many."""
    now = now or timezone.now()
    old = RenderedReport.objects.filter(created_at__lt=now - DRAFT_KEPT)
    newer = RenderedReport.objects.filter(
        language=OuterRef("language"),
        status=WorkStatus.READY,
        created_at__gt=OuterRef("created_at"),
    )
    of_response = {"response": OuterRef("response"), "number": OuterRef("number")}
    of_round = {"round": OuterRef("round"), "region": OuterRef("region")}
    gone = old.filter(
        Q(number=None, round=None)
        | Exists(newer.filter(**of_response))
        | Exists(newer.filter(**of_round))
    )
    for row in gone:
        row.file.delete(save=False)
        row.delete()
    return len(gone)
