"""Reports of many countries as one ZIP, made in the background.

The work is done by `manage.py build_bundle` in a process of its own
(`assessment.background`), so that no request waits, and what a renderer does to its
process ends with it. Work that was cut off is shown as failed (`Work.status_at`) and can
be started again.
"""

from __future__ import annotations

import io
import logging
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import IO

from django.core.files import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessment.background import run_later
from assessment.models import (
    BundledReport,
    ReportBundle,
    Response,
    Round,
    Submission,
    User,
)
from assessment.models.bundles import KEPT
from assessment.permissions import Action, GlobalAction, may, may_globally
from assessment.queries import responses_with_instrument
from assessment.refusals import NotReady, RoleForbids
from reports.kept import kept_pdf
from reports.pdf import RenderingFailed
from reports.queries import report_source_for
from reports.sources import file_name

logger = logging.getLogger(__name__)

Status = ReportBundle.Status
Outcome = BundledReport.Outcome


# Asking for one


@transaction.atomic
def request_bundle(
    *, round_: Round, responses: Sequence[Response], language: str, by: User
) -> ReportBundle:
    """Ask for the reports of responses in a language; the work begins after commit.

    Raises RoleForbids, and NotReady where nothing was chosen.
    """
    if not may_globally(by, GlobalAction.FOLLOW_ROUNDS):
        raise RoleForbids
    if not responses:
        raise NotReady(_("Tick at least one country first."))
    now = timezone.now()
    bundle = ReportBundle.objects.create(
        round=round_,
        language=language,
        requested_at=now,
        requested_by=by,
        signed_at=now,
        expires_at=now + KEPT,
    )
    BundledReport.objects.bulk_create(
        BundledReport(bundle=bundle, response=response) for response in responses
    )
    _start(bundle)
    return bundle


@transaction.atomic
def restart_bundle(*, bundle: ReportBundle, by: User) -> None:
    """Begin again what failed or was cut off; work still under way is left alone.

    Raises RoleForbids for anybody but the person who asked for it.
    """
    row = ReportBundle.objects.select_for_update(of=("self",)).get(pk=bundle.pk)
    if row.requested_by_id != by.pk or not may_globally(by, GlobalAction.FOLLOW_ROUNDS):
        raise RoleForbids
    now = timezone.now()
    if row.status_at(now) != Status.FAILED:
        return
    row.status, row.attempt, row.signed_at = Status.WAITING, row.attempt + 1, now
    row.expires_at = now + KEPT
    row.save(update_fields=["status", "attempt", "signed_at", "expires_at"])
    row.reports.update(outcome=Outcome.WAITING, reason="")
    _start(row)


def _start(bundle: ReportBundle) -> None:
    run_later("build_bundle", str(bundle.pk), str(bundle.attempt))


# The work


def build_bundle(*, pk: int, attempt: int) -> None:
    """Make the ZIP of a bundle; nothing happens if another attempt has taken over."""
    clear_expired()
    if not _sign(pk, attempt, status=Status.BUILDING):
        return
    try:
        with tempfile.TemporaryFile() as file:
            if _write_reports(pk, attempt, file):
                _finish(pk, attempt, file)
    except Exception:
        _sign(pk, attempt, status=Status.FAILED)
        raise


def _sign(pk: int, attempt: int, **changes: object) -> bool:
    """Give a sign of life; return whether this attempt is still the one that counts."""
    found = ReportBundle.objects.filter(
        pk=pk, attempt=attempt, status__in=[Status.WAITING, Status.BUILDING]
    )
    return bool(found.update(signed_at=timezone.now(), **changes))


def _write_reports(pk: int, attempt: int, file: IO[bytes]) -> bool:
    """Write each report, then the list; return False if another attempt took over."""
    bundle = ReportBundle.objects.get(pk=pk)
    reports = list(bundle.reports.select_related("response__country"))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for report in reports:
            if not _sign(pk, attempt):
                return False
            _write_report(bundle, report, archive)
        with translation.override(bundle.language):
            archive.writestr("contents.txt", _contents(reports))
    return True


def _write_report(
    bundle: ReportBundle, report: BundledReport, archive: zipfile.ZipFile
) -> None:
    with translation.override(bundle.language):
        try:
            written = _rendered(bundle, report.response_id)
        except RenderingFailed as failure:
            report.outcome, report.reason = Outcome.FAILED, str(failure)[:500]
        except Exception:
            logger.exception("Report %s of bundle %s", report.pk, bundle.pk)
            report.outcome = Outcome.FAILED
            report.reason = _("The report could not be made.")
        else:
            if written is None:
                report.outcome = Outcome.LEFT_OUT
                report.reason = _("Not submitted yet: not yours to read.")
            else:
                report.outcome = Outcome.DONE
                archive.writestr(*written)
    report.save(update_fields=["outcome", "reason"])


def _rendered(bundle: ReportBundle, pk: int) -> tuple[str, bytes] | None:
    """Return name and content of a report; None if it is not for who asked, as of now."""
    person = User.objects.get(pk=bundle.requested_by_id)
    response = responses_with_instrument().get(pk=pk)
    if not may_globally(person, GlobalAction.FOLLOW_ROUNDS):
        return None
    if not may(person, Action.DOWNLOAD, response):
        return None
    try:
        source = report_source_for(person, response)
    except Submission.DoesNotExist:
        return None
    content = kept_pdf(response, source, language=bundle.language)
    return file_name(source, "pdf"), content


def _contents(reports: Sequence[BundledReport]) -> str:
    text = io.StringIO()
    for report in reports:
        words = [report.response.country.name, report.get_outcome_display()]
        text.write(" – ".join([*words, report.reason] if report.reason else words))
        text.write("\n")
    return text.getvalue()


def _finish(pk: int, attempt: int, file: IO[bytes]) -> None:
    """Store the file if any report is in it, unless another attempt took over."""
    bundle = ReportBundle.objects.get(pk=pk)
    if not bundle.reports.filter(outcome=Outcome.DONE).exists():
        _sign(pk, attempt, status=Status.FAILED)
        return
    size = file.tell()
    file.seek(0)
    name = bundle.file.storage.save(
        bundle.file.field.generate_filename(bundle, "reports.zip"), File(file)
    )
    if not _sign(pk, attempt, status=Status.READY, file=name, size=size):
        bundle.file.storage.delete(name)


def clear_expired(now: datetime | None = None) -> int:
    """Delete the files of bundles whose time is over; return how many."""
    expired = ReportBundle.objects.filter(
        expires_at__lte=now or timezone.now()
    ).exclude(file="")
    for bundle in expired:
        bundle.file.delete(save=False)
        ReportBundle.objects.filter(pk=bundle.pk).update(file="", size=0)
    return len(expired)
