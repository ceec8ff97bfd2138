"""Files given as evidence: taking one, withdrawing one."""

from __future__ import annotations

import hashlib
from typing import IO, Any, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.audit import record
from assessment.delegation_queries import territory_to_save
from assessment.evidence_queries import files_standing
from assessment.evidence_types import Unacceptable, kind_of, safe_name
from assessment.models import AuditAction, EvidenceFile, Response, User
from assessment.models.evidence import random_name
from assessment.queries import instrument_of
from assessment.refusals import NotTheirs, Refusal, TooLarge
from assessment.services.answers import lock_open, refuse_closed
from questionnaire.addresses import EVIDENCE, Address
from questionnaire.values import TITLE_MAX, InvalidValue, clean_text

FILES_MAX = 20  # a question


class NotTaken(Refusal):
    """A file that cannot be kept, and why."""

    status = 422
    code = "not_taken"


def too_large() -> TooLarge:
    limit = settings.EVIDENCE_MAX_BYTES / 1024 / 1024
    return TooLarge(
        _("The file is too large: at most %(limit)g MB can be kept.")
        % {"limit": round(limit, 2)}
    )


def refuse_evidence(response: Response, place: Address, by: User) -> None:
    """Raise a refusal unless `by` may give evidence at `place` now.

    The one place to ask: whoever may write the `@evidence` cell may give a file too.
    """
    if instrument_of(response).cell(place) is None:
        raise NotTaken(_("This question is not part of the questionnaire."))
    refuse_closed(response, by)
    elsewhere = territory_to_save(by, response, instrument_of(response)).refusal(place)
    if elsewhere:
        raise NotTheirs(elsewhere)


def add_file(
    *,
    response: Response,
    question: str,
    upload: UploadedFile[Any],
    by: User,
    title: str = "",
    row: str = "",
) -> EvidenceFile:
    """Keep a file as evidence; the same content given twice is one file.

    Raises NotTaken, TooLarge, and what saving an answer would raise. Nothing is stored
    before the content was looked at.
    """
    place = Address(question, row, EVIDENCE)
    refuse_evidence(response, place, by)
    name, title = safe_name(upload.name or ""), _title(title)
    content_type = _content_type(upload, name)
    sha256 = _sha256(upload)
    stored = default_storage.save(random_name(EvidenceFile(), name), upload)
    try:
        file = _keep(
            response,
            place,
            EvidenceFile(
                question=question,
                row=row,
                name=name,
                title=title,
                content_type=content_type,
                size=upload.size or 0,
                sha256=sha256,
                file=stored,
            ),
            by,
        )
    except BaseException:
        default_storage.delete(stored)
        raise
    if file.file.name != stored:
        default_storage.delete(stored)
    setattr(response, "has_files", True)  # noqa: B010  the annotation it was read with
    return file


def _content_type(upload: UploadedFile[Any], name: str) -> str:
    if upload.size is not None and upload.size > settings.EVIDENCE_MAX_BYTES:
        raise too_large()
    try:
        return kind_of(cast("IO[bytes]", upload.file), name).content_type
    except Unacceptable as refused:
        raise NotTaken(refused.message) from None


def _title(title: str) -> str:
    try:
        return " ".join(clean_text(title, TITLE_MAX).split())
    except InvalidValue as invalid:
        raise NotTaken(" ".join(invalid.messages)) from None


def _sha256(upload: UploadedFile[Any]) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


@transaction.atomic
def _keep(
    response: Response, place: Address, file: EvidenceFile, by: User
) -> EvidenceFile:
    """Write the record under the lock of the response, as an answer is written.

    So a file comes before a submission or after it, never in between.
    """
    lock_open(response, by)
    refuse_evidence(response, place, by)
    standing = files_standing(response).filter(question=file.question, row=file.row)
    same = standing.filter(sha256=file.sha256).first()
    if same is not None:
        return same
    if standing.count() >= FILES_MAX:
        message = _("At most %(maximum)s files can be given for one question.")
        raise NotTaken(message % {"maximum": FILES_MAX})
    file.response, file.uploaded_by, file.uploaded_at = response, by, timezone.now()
    file.save()
    _record(AuditAction.EVIDENCE_ADDED, response, file, by)
    return file


@transaction.atomic
def withdraw_file(*, response: Response, pk: int, by: User) -> EvidenceFile:
    """Take a file back; it stays stored for the submissions that list it. Idempotent.

    Raises EvidenceFile.DoesNotExist, and what saving an answer would raise.
    """
    lock_open(response, by)
    file = EvidenceFile.objects.get(response=response, pk=pk)
    refuse_evidence(response, Address(file.question, file.row, EVIDENCE), by)
    if file.withdrawn_at is None:
        file.withdrawn_at, file.withdrawn_by = timezone.now(), by
        file.save(update_fields=["withdrawn_at", "withdrawn_by"])
        _record(AuditAction.EVIDENCE_WITHDRAWN, response, file, by)
    return file


def _record(
    action: AuditAction, response: Response, file: EvidenceFile, by: User
) -> None:
    """Record which file of which question; its name may say what the answer does."""
    record(
        action,
        by=by,
        response=response,
        subject=str(Address(file.question, file.row, EVIDENCE)),
        number=file.pk,
        sha256=file.sha256,
        bytes=file.size,
    )
