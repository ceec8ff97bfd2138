"""The rounds of a country and of a region, read from their records."""

from __future__ import annotations

from django.utils.text import slugify

from assessment.models import Country, Response, User
from assessment.permissions import responses_visible_to
from questionnaire.instrument import Instrument
from reports.compare.over_time import Stage, codes_between
from reports.compare.records import (
    Record,
    accepted_by,
    figures_by_record,
    latest_records,
)
from reports.compare.region import median_of
from reports.compare.statistics import LEAST


def stages_of(user: User, response: Response, reference: Instrument) -> list[Stage]:
    """Return every round of the country of which `user` may read a record, oldest first.

    The region's median is that of the report while a round is open, so that nobody
    watches it move with every acceptance; of a closed round it is what stands. Three
    queries and one a round, once the figures are kept.
    """
    own = latest_records(responses_visible_to(user).filter(country=response.country_id))
    others = {record.hash: _others(response.country, record) for record in own}
    shown = [record for group in others.values() for record in group]
    found = figures_by_record([*own, *shown])
    return [
        Stage(
            record=record,
            figures=found[record.hash],
            region=median_of(
                record.region, [found[o.hash] for o in others[record.hash]]
            )
            if others[record.hash]
            else None,
            codes=codes_between(reference, record.version),
        )
        for record in own
    ]


def _others(country: Country, record: Record) -> list[Record]:
    """Return what is compared with a record: five others at least, or none. One query."""
    if not country.region:
        return []
    responses = Response.objects.filter(
        round__code=record.round_code, country__region=country.region
    ).exclude(country=country)
    at = None if record.closed_at else record.dated_at
    found = accepted_by(responses, at)
    return found if len(found) >= LEAST else []


def region_called(slug: str) -> str | None:
    """Return the region whose name is written so in an address. One query."""
    names = Country.objects.exclude(region="").order_by().values_list("region")
    return next((name for (name,) in names.distinct() if slugify(name) == slug), None)


def accepted_in_region(user: User, region: str) -> list[Record]:
    """Return what stands accepted in a region, of all rounds. Two queries."""
    return accepted_by(responses_visible_to(user).filter(country__region=region))
