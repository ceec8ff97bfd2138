"""Keeping the figures of frozen records, so that comparing countries reads no answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessment.models import RecordFigures


def keep_figures(*, method: str, figures: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep the figures of records by their hash; those kept already stay. One query.

    Whoever computes them gets the same from the same record, so that of two at once the
    second has nothing to add.
    """
    RecordFigures.objects.bulk_create(
        (
            RecordFigures(record=record, method=method, figures=found)
            for record, found in figures.items()
        ),
        ignore_conflicts=True,
    )
