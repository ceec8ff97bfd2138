"""The median of a country's region, as a report of it may print it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from assessment.models import Response
from reports.compare.figures import KeptFigures
from reports.compare.records import accepted_by, figures_by_record
from reports.compare.statistics import LEAST, median_of_many
from reports.sources import RegionMedian


def region_median(response: Response, at: datetime | None) -> RegionMedian | None:
    """Return the medians of the other countries of the region that stood accepted at `at`.

    Of the same round; None where they are fewer than five, or where there is no moment.
    What happened later changes nothing, so that a report of a record stays as it is. Two
    queries at most once the figures are kept, none without a moment or a region.
    """
    if at is None or not response.country.region:
        return None
    records = accepted_by(others_in_region(response), at)
    if len(records) < LEAST:
        return None
    found = figures_by_record(records)
    return median_of(response.country.region, list(found.values()))


def others_in_region(response: Response) -> QuerySet[Response]:
    """Return the responses of the same round from other countries of the region."""
    return Response.objects.filter(
        round=response.round_id, country__region=response.country.region
    ).exclude(country=response.country_id)


def median_of(region: str, found: Sequence[KeptFigures]) -> RegionMedian:
    """Return the medians of five records or more, each of at least five scores."""
    return RegionMedian(
        region=region,
        count=len(found),
        overall=median_of_many(figures.overall for figures in found),
        sections={
            code: median_of_many(figures.sections.get(code) for figures in found)
            for code in _codes(figures.sections for figures in found)
        },
        dimensions={
            code: median_of_many(figures.dimensions.get(code) for figures in found)
            for code in _codes(figures.dimensions for figures in found)
        },
    )


def _codes(groups: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(code for group in groups for code in group))
