"""The countries of a round as a table to save (docs/round_csv.md)."""

from __future__ import annotations

from assessment.round_queries import RoundLine
from assessment.spreadsheets import Cell

COLUMNS = (
    "iso3", "m49", "country", "region", "subregion", "status", "completeness",
    "last_activity", "days_idle", "deadline", "days_left", "open_points", "must_be_settled",
    "waiting_for_unsd", "turn", "officer", "first_submitted", "last_submitted", "accepted",
    "last_reminded",
)  # fmt: skip


def table_row(line: RoundLine, *, days_left: int) -> list[Cell]:
    """Return a line as the table has it; days are left to what can still be edited."""
    response, points = line.response, line.points
    country = response.country
    return [
        country.iso3,
        country.m49,
        country.name,
        country.region,
        country.subregion,
        response.status,
        None if line.progress is None else round(line.progress, 1),
        line.active_at,
        line.idle_days,
        response.round.closes_on.isoformat(),
        days_left if response.is_editable else None,
        points.open,
        points.must,
        points.for_unsd,
        line.turn,
        str(response.officer or ""),
        line.first_submitted_at,
        line.submitted_at,
        line.accepted_at,
        line.reminded_at,
    ]
