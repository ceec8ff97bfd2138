"""Evidence files: which stand, which belong to a submission, who may read one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from assessment.evidence_types import ACCEPT, label_of
from assessment.models import EvidenceFile, Response, Submission, User
from assessment.queries import is_unsd


def files_standing(response: Response) -> QuerySet[EvidenceFile]:
    """Return the files of a response that are not withdrawn, in the order they came."""
    found = EvidenceFile.objects.filter(response=response, withdrawn_at__isnull=True)
    return found.order_by("pk")


def files_in(submission: Submission) -> QuerySet[EvidenceFile]:
    """Return the files that stood when a response was submitted: the same for ever."""
    at = submission.submitted_at
    return EvidenceFile.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at),
        response=submission.response_id,
        uploaded_at__lte=at,
    ).order_by("pk")


def readable_file(user: User, response: Response, pk: int) -> EvidenceFile:
    """Return a file that `user` may read. Raises EvidenceFile.DoesNotExist. One query.

    People at UNSD read the files of submissions; the country also those that stand.
    """
    submitted = Submission.objects.filter(
        response=OuterRef("response"),
        withdrawn_at__isnull=True,
        submitted_at__gte=OuterRef("uploaded_at"),
    )
    before_withdrawal = submitted.filter(submitted_at__lt=OuterRef("withdrawn_at"))
    stands = Q(withdrawn_at__isnull=True)
    if is_unsd(user, response):
        stands &= Q(Exists(submitted))
    readable = stands | Q(Exists(before_withdrawal))
    return EvidenceFile.objects.get(readable, response=response, pk=pk)


# As pages show them


@dataclass(frozen=True, slots=True)
class FileView:
    """A file as a page lists it; `size` in bytes."""

    pk: int
    title: str
    name: str
    label: str
    size: int
    url: str


@dataclass(frozen=True, slots=True)
class QuestionFiles:
    """The files of one question, and the page where they are added and withdrawn."""

    url: str
    files: Sequence[FileView]
    accept: str = ACCEPT


class ResponseFiles:
    """The files of a response as one person reads it: those that stand, or submitted."""

    def __init__(self, response: Response, submission: Submission | None) -> None:
        """Read the files. One query, none where the response never had one."""
        self._place = [response.country.iso3, response.round.code]
        self._files: dict[str, list[FileView]] = {}
        if not getattr(response, "has_files", True):
            return
        found = files_standing(response) if submission is None else files_in(submission)
        for file in found:
            self._files.setdefault(file.question, []).append(self._view(file))

    def of(self, question: str) -> QuestionFiles:
        url = reverse(
            "assessment:evidence_detail", args=[*self._place, question.lower()]
        )
        return QuestionFiles(url, self._files.get(question, []))

    def _view(self, file: EvidenceFile) -> FileView:
        return FileView(
            pk=file.pk,
            title=file.shown_title,
            name=file.name,
            label=label_of(file.content_type),
            size=file.size,
            url=reverse("assessment:evidence_download", args=[*self._place, file.pk]),
        )
