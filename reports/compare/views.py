"""Countries, regions and rounds side by side, for people at UNSD and for a country."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment.audit import record
from assessment.http import Request, get_response_for, require, signed_in
from assessment.models import AuditAction, Response
from assessment.permissions import GlobalAction
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
    Column,
    Stage,
    Wave,
    course_of,
    region_course,
    same_countries,
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
                (label, filters.query(of=scope), scope == filters.scope)
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
            "columns": [_column_of(stage, reference) for stage in stages],
            "blocks": course_of(reference, stages, is_mirrored=get_language_bidi()),
            "version": reference.version,
            "has_medians": any(stage.region for stage in stages),
            "least": LEAST,
        },
    )
    page["Cache-Control"] = "private, no-cache"
    return page


def _column_of(stage: Stage, reference: Instrument) -> Column:
    of, region = stage.record, stage.region
    note = ""
    if region is not None:
        words = _("%(region)s: median of %(count)d other countries")
        note = words % {"region": region.region, "count": region.count}
    return Column(
        code=of.round_code,
        title=of.round_title,
        year=of.year,
        version="" if of.version == reference.version else of.version,
        state=str(Response.Status(of.status).label),
        note=note,
    )


@require_safe
@signed_in
def region_over_time(request: Request, region_slug: str) -> HttpResponse:
    """Show the medians of a region from round to round, for those who follow rounds."""
    require(request, GlobalAction.FOLLOW_ROUNDS)
    region = region_called(region_slug)
    if region is None:
        raise Http404
    records = accepted_in_region(request.user, region)
    context: dict[str, Any] = {"region": region, "columns": [], "least": LEAST}
    if records:
        newest = max(records, key=lambda record: (record.year, record.round_code))
        round_ = round_to_follow(newest.round_code, request.user)
        reference = instrument_of_round(round_)
        waves = waves_of(reference, members(records))
        context |= {
            "round": round_,
            "columns": [_column_of_wave(wave, reference) for wave in waves],
            "blocks": region_course(reference, waves, is_mirrored=get_language_bidi()),
            "same": same_countries(reference, waves),
            "version": reference.version,
        }
    page = render(request, "reports/region_over_time.html", context)
    page["Cache-Control"] = "private, no-cache"
    return page


def _column_of_wave(wave: Wave, reference: Instrument) -> Column:
    count = len(wave.found)
    words = ngettext("%(count)d country", "%(count)d countries", count)
    return Column(
        code=wave.round_code,
        title=wave.round_title,
        year=wave.year,
        version="" if wave.version == reference.version else wave.version,
        state=words % {"count": count},
    )
