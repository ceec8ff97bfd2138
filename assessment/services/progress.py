"""Keeping the progress of responses, so that following a round reads no answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from assessment.models import Response, ResponseProgress
from assessment.queries import instrument_of
from assessment.round_queries import Totals, answers_by_response
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument
from questionnaire.states import ResponseState


def keep_progress(
    *, responses: Sequence[Response], totals: Mapping[int, Totals]
) -> dict[int, float | None]:
    """Return the completeness of each response, computed for those that moved on.

    `responses` come from `followed_responses`, `totals` from `answer_totals`. No query
    where nothing moved on, else one to read all of their answers and one to write: what
    is written names the revisions that were read, so that of two at once neither leaves
    a figure that passes for newer than it is.
    """
    kept = {r.pk: r.progress.completeness for r in responses if _is_fresh(r, totals)}
    moved = {r.pk: instrument_of(r) for r in responses if r.pk not in kept}
    if not moved:
        return kept
    computed = _computed(moved)
    ResponseProgress.objects.bulk_create(
        computed,
        update_conflicts=True,
        unique_fields=["response"],
        update_fields=["completeness", "revisions", "content_hash"],
    )
    return kept | {one.response_id: one.completeness for one in computed}


def _is_fresh(response: Response, totals: Mapping[int, Totals]) -> bool:
    progress: ResponseProgress | None = getattr(response, "progress", None)
    if progress is None:
        return False
    publication = response.round.questionnaire.publication
    now = (totals.get(response.pk, Totals()).revisions, publication.content_hash)
    return (progress.revisions, progress.content_hash) == now


def _computed(moved: Mapping[int, Instrument]) -> list[ResponseProgress]:
    rows = answers_by_response(list(moved)).iterator(chunk_size=5000)
    found = {
        pk: _progress(pk, moved[pk], cells)
        for pk, cells in groupby(rows, itemgetter(0))
    }
    return [found.get(pk) or _progress(pk, moved[pk], ()) for pk in moved]


def _progress(
    pk: int,
    instrument: Instrument,
    rows: Iterable[tuple[int, str, str, str, Any, int, bool]],
) -> ResponseProgress:
    answers, revisions = {}, 0
    for _, question, row, column, value, revision, is_confirmed in rows:
        revisions += revision
        if is_confirmed:
            answers[Address(question, row, column)] = value
    return ResponseProgress(
        response_id=pk,
        completeness=ResponseState(instrument, answers).completeness(),
        revisions=revisions,
        content_hash=instrument.content_hash,
    )
