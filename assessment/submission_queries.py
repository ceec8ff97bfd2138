"""The submissions of a response that can be read: withdrawn ones are never among them."""

from __future__ import annotations

from collections.abc import Collection

from assessment.models import Response, Submission


def submissions_of(response: Response) -> list[Submission]:
    """Return all submissions without their answers, latest first. One query."""
    readable = Submission.objects.filter(response=response, withdrawn_at__isnull=True)
    return list(
        readable.select_related("submitted_by")
        .defer("canonical_json", "views_json", "names_json")
        .order_by("-number")
    )


def submissions_numbered(
    response: Response, numbers: Collection[int]
) -> dict[int, Submission]:
    """Return those of `numbers` that exist, with their answers. One query."""
    found = Submission.objects.filter(
        response=response, withdrawn_at__isnull=True, number__in=numbers
    ).select_related("submitted_by")
    return {submission.number: submission for submission in found}


def submission_before(submission: Submission) -> Submission | None:
    """Return the submission that came before; None of the first. One query."""
    earlier = Submission.objects.filter(
        response=submission.response_id,
        withdrawn_at__isnull=True,
        number__lt=submission.number,
    )
    return earlier.select_related("submitted_by").order_by("-number").first()
