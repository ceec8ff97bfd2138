"""Countries, regions and rounds side by side, for people at UNSD and for a country."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from assessment.audit import record
from assessment.http import Request, get_response_for, require, signed_in
from assessment.models import AuditAction, Round
from assessment.permissions import Action, GlobalAction
from assessment.queries import instrument_of
from assessment.round_queries import round_to_follow
from assessment.spreadsheets import csv_page, xlsx_page
from assessment.views.responses import response_context
from assessment.views.rounds import followed_round, round_context
from questionnaire.instrument import Instrument
from reports.compare.board import (
    SCOPES,
    STATES,
    CompareFilters,
    board_of,
    instrument_of_round,
)
from reports.compare.over_time import (
    Wave,
    country_table,
    course_of,
    region_course,
    region_table,
    same_countries,
    same_countries_table,
    stage_columns,
    wave_columns,
    waves_of,
)
from reports.compare.records import members
from reports.compare.scores import level_marks
from reports.compare.stages import accepted_in_region, region_called, stages_of
from reports.compare.statistics import LEAST
from reports.compare.tables import TABLES
from reports.compare.tallies import gap_classes

SHEETS = {"csv": csv_page, "xlsx": xlsx_page}


@require_safe
@signed_in
def round_compare(request: Request, round_code: str) -> HttpResponse:
    """Compare what was handed in in a round: scores, gaps and recommendations."""
    round_ = followed_round(request, round_code)
    filters = CompareFilters.parse(request.GET)
    board = board_of(round_, request.user, filters)
    asked = board.instrument
    page = render(
        request,
        "reports/round_compare.html",
        round_context(request, round_)
        | {
            "board": board,
            "filters": filters,
            "query": filters.query(),
            "states": STATES.items(),
            "scopes": [
                (label, filters.query(of=scope), scope == filters.shows)
                for scope, label in SCOPES.items()
            ],
            "synthesised": board.accepted_in(filters.region),
            "least": LEAST,
            "levels": level_marks(asked) if asked else (),
            "classes": gap_classes(asked) if asked else (),
        },
    )
    page["Cache-Control"] = "private, no-cache"
    return page


@require_safe
@signed_in
def compare_export(
    request: Request, round_code: str, table: str, ending: str
) -> HttpResponse:
    """Send a table of the comparison, of the countries that the filters show."""
    round_ = followed_round(request, round_code)
    board = board_of(round_, request.user, CompareFilters.parse(request.GET))
    found, name = TABLES[table](board), f"{table}_{round_.code}"
    record(
        AuditAction.DOWNLOAD_COMPARISON,
        by=request.user,
        round_=round_,
        subject=f"{name}.{ending}",
    )
    return SHEETS[ending](name, found.head, found.rows)


@require_safe
@signed_in
def response_over_time(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Show a country from round to round, beside the median of its region."""
    response = get_response_for(request, iso3, round_code)
    reference = instrument_of(response)
    stages = stages_of(request.user, response, reference)
    page = render(
        request,
        "reports/response_over_time.html",
        response_context(request, response)
        | {
            "columns": stage_columns(reference, stages),
            "blocks": course_of(reference, stages, is_mirrored=get_language_bidi()),
            "version": reference.version,
            "has_medians": any(stage.region for stage in stages),
            "least": LEAST,
        },
    )
    page["Cache-Control"] = "private, no-cache"
    return page


@require_safe
@signed_in
def response_over_time_export(
    request: Request, iso3: str, round_code: str, ending: str
) -> HttpResponse:
    """Send what the page of a country over time shows as a table."""
    response = get_response_for(request, iso3, round_code, Action.DOWNLOAD)
    reference = instrument_of(response)
    stages = stages_of(request.user, response, reference)
    found = country_table(
        stage_columns(reference, stages),
        course_of(reference, stages, is_mirrored=False),
    )
    name = f"over-time_{response.country.iso3}"
    record(
        AuditAction.DOWNLOAD_COMPARISON,
        by=request.user,
        response=response,
        subject=f"{name}.{ending}",
    )
    return SHEETS[ending](name, found.head, found.rows)


@require_safe
@signed_in
def region_over_time(request: Request, region_slug: str) -> HttpResponse:
    """Show the medians of a region from round to round, for those who follow rounds."""
    region = _region(request, region_slug)
    context: dict[str, Any] = {"region": region, "columns": [], "least": LEAST}
    followed = _followed(request, region)
    if followed is not None:
        round_, reference, waves = followed
        context |= {
            "round": round_,
            "columns": wave_columns(reference, waves),
            "blocks": region_course(reference, waves, is_mirrored=get_language_bidi()),
            "same": same_countries(reference, waves),
            "version": reference.version,
        }
    page = render(request, "reports/region_over_time.html", context)
    page["Cache-Control"] = "private, no-cache"
    return page


@require_safe
@signed_in
def region_over_time_export(
    request: Request, region_slug: str, table: str, ending: str
) -> HttpResponse:
    """Send a table of a region over time, for those who follow rounds."""
    region = _region(request, region_slug)
    followed = _followed(request, region)
    if followed is None:
        raise Http404
    _round, reference, waves = followed
    if table == "same-countries":
        found = same_countries_table(same_countries(reference, waves))
    else:
        blocks = region_course(reference, waves, is_mirrored=False)
        found = region_table(wave_columns(reference, waves), blocks)
    name = f"{table}_{slugify(region)}"
    record(AuditAction.DOWNLOAD_COMPARISON, by=request.user, subject=f"{name}.{ending}")
    return SHEETS[ending](name, found.head, found.rows)


def _region(request: Request, slug: str) -> str:
    """Return the name of a region for those who follow rounds; 404 if there is none."""
    require(request, GlobalAction.FOLLOW_ROUNDS)
    region = region_called(slug)
    if region is None:
        raise Http404
    return region


def _followed(
    request: Request, region: str
) -> tuple[Round, Instrument, list[Wave]] | None:
    """Return the newest round of a region, by whose codes all are read, and all rounds.

    None where nothing was accepted.
    """
    records = accepted_in_region(request.user, region)
    if not records:
        return None
    newest = max(records, key=lambda record: (record.year, record.round_code))
    round_ = round_to_follow(newest.round_code, request.user)
    reference = instrument_of_round(round_)
    return round_, reference, waves_of(reference, members(records))
