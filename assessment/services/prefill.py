"""What a country answered in its last accepted round, carried over to be confirmed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from assessment.models import Response, Submission, User, Via
from assessment.queries import held_in, instrument_of, responses_with_instrument
from assessment.services.answers import Change, Invalid, save_changes
from questionnaire.addresses import Address
from questionnaire.conditions import is_blank

logger = logging.getLogger(__name__)


def carry_over(*, response: Response, by: User) -> Response:
    """Copy the country's last accepted answers into a response just opened; return it.

    Taken from the frozen record, notes and documents included, and matched by code: what
    the questionnaire of this round does not know or does not accept is left out and
    logged. The assessment year is the round's own. One query where there is nothing to
    carry over; else three more and those of one save.
    """
    source = _source(response)
    if source is None:
        return response
    values = dict(_values(response, source))
    outcomes = save_changes(
        response=response,
        changes=[Change(address, value, 0) for address, value in values.items()],
        by=by,
        via=Via.PREFILL,
        is_confirmed=False,
    )
    Response.objects.filter(pk=response.pk).update(prefilled_from=source)
    dropped = [str(o.address) for o in outcomes if isinstance(o, Invalid)]
    if dropped:
        logger.info(
            "%s: %d of %d answers of %s not carried over: %s",
            response,
            len(dropped),
            len(outcomes),
            source,
            ", ".join(dropped),
        )
    return responses_with_instrument().get(pk=response.pk)


def _source(response: Response) -> Submission | None:
    """Return the newest accepted submission of an earlier round; reopened ones too."""
    return (
        Submission.objects.filter(
            response__country=response.country_id,
            response__round__year__lt=response.round.year,
            acceptance__isnull=False,
            withdrawn_at__isnull=True,
        )
        .select_related("submitted_by", "response__country", "response__round")
        .order_by("-response__round__year", "-response__round__code", "-number")
        .first()
    )


def _values(response: Response, source: Submission) -> Iterator[tuple[Address, object]]:
    year = instrument_of(response).assessment_year_question
    for address, held in held_in(source).items():
        if address.question != year and not is_blank(held.value):
            yield address, held.value
