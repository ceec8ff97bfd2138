"""Need and data side by side: the gap matrix (gap_method.md, 7).

The gap matrix always uses the final treatment of blanks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from questionnaire.addresses import Address
from questionnaire.instrument import (
    NA,
    Instrument,
    Question,
    Row,
)
from questionnaire.method import (
    GapInput,
    GapRules,
)
from questionnaire.states import CellState, ResponseState
from reports.analysis.cells import Reading, read_cell
from reports.analysis.figures import LEFT_OUT, half_up, mean
from reports.analysis.results import Gap

NOT_COUNTED = frozenset({"no_need", "not_assessed"})
WITHOUT_GAP = NOT_COUNTED | {"met"}

_UNKNOWN = frozenset({CellState.DONT_KNOW, CellState.BLANK})

_Readings = Mapping[str, Reading]


def find_gaps(state: ResponseState) -> dict[str, Gap]:
    """Return every row of the gap matrix, met ones included, in file order."""
    instrument = state.instrument
    return {
        row.code: _gap(state, source, instrument.question_by_code[source.matrix], row)
        for source in instrument.gap_inputs
        for row in instrument.question_by_code[source.matrix].rows
        if all(row.fixed.get(code) != NA for code in source.availability_columns)
    }


def find_gap(state: ResponseState, matrix: str, row: Row) -> Gap:
    """Return one row of the gap matrix."""
    source = next(g for g in state.instrument.gap_inputs if g.matrix == matrix)
    return _gap(state, source, state.instrument.question_by_code[matrix], row)


def order_gaps(instrument: Instrument, gaps: Iterable[Gap]) -> list[Gap]:
    """Sort by class, then severity, then file order, in which `gaps` come."""
    classes = instrument.gap_rules.class_by_code
    decimals = instrument.scoring_rules.threshold_decimals
    return sorted(
        gaps,
        key=lambda gap: (
            classes[gap.gap_class].order,
            -half_up(gap.severity or 0.0, decimals),
        ),
    )


def weigh_gaps(
    instrument: Instrument, gaps: Mapping[str, Gap]
) -> dict[str, float | None]:
    """Return the weighted data gap of each matrix and of each theme, 0 to 100."""
    found = {
        source.matrix: _weighted_gap(
            g for g in gaps.values() if g.matrix == source.matrix
        )
        for source in instrument.gap_inputs
    }
    themes = {
        row.code: row.theme
        for source in instrument.gap_inputs
        for row in instrument.question_by_code[source.matrix].rows
    }
    for theme in instrument.gap_rules.themes:
        found[f"theme_{theme.code}"] = _weighted_gap(
            gap for gap in gaps.values() if themes[gap.code] == theme.code
        )
    return found


def _weighted_gap(gaps: Iterable[Gap]) -> float | None:
    found = mean(
        (gap.need, 1 - gap.adequacy)
        for gap in gaps
        if gap.need is not None and gap.need >= 1
    )
    return None if found is None else 100 * found


def _gap(state: ResponseState, source: GapInput, matrix: Question, row: Row) -> Gap:
    rules = state.instrument.gap_rules
    decimals = state.instrument.scoring_rules.threshold_decimals
    asked = Address(matrix.code, row.code, source.need_column)
    answer = state.value(asked)
    need = rules.need_values.get(answer)
    available = _read(state, matrix, row, source.availability_columns)
    availability = min(_score(reading) for reading in available.values())
    measured: _Readings = {}
    if availability > 0:
        measured = _read(state, matrix, row, source.quality_weights)
    quality = _quality(measured, source.quality_weights)
    adequacy = availability * (1 + quality) / 2
    rounded = half_up(availability, decimals), half_up(quality, decimals)
    level = _data_level(*rounded, rules)
    gap_class = rules.table[answer if need is not None else "unknown"][level]
    readings = (*available.values(), *measured.values())
    return Gap(
        code=row.code,
        matrix=matrix.code,
        label=row.label,
        need=need,
        availability=availability,
        quality=quality,
        adequacy=adequacy,
        data_level=level,
        gap_class=gap_class,
        severity=_severity(need, adequacy, rules),
        kind=_kind(*rounded, rules),
        weak_points=_weak_points(measured, rules, decimals),
        is_unknown=any(reading.state in _UNKNOWN for reading in available.values()),
        causes=_causes(asked, readings),
    )


def _read(
    state: ResponseState, matrix: Question, row: Row, columns: Collection[str]
) -> dict[str, Reading]:
    """Read some cells of a row, in the order of the matrix."""
    return {
        column.code: read_cell(state, matrix, row, column)
        for column in matrix.columns
        if column.code in columns
    }


def _score(reading: Reading) -> float:
    """Whatever is not answered counts nothing here."""
    return 0.0 if reading.state in _UNKNOWN else reading.score.final or 0.0


def _quality(measured: _Readings, weights: Mapping[str, float]) -> float:
    parts = ((weights[code], reading) for code, reading in measured.items())
    return (
        mean((w, None if r.score is LEFT_OUT else _score(r)) for w, r in parts) or 0.0
    )


def _data_level(availability: float, quality: float, rules: GapRules) -> int:
    if availability == 0:
        return 0
    if availability < 1:
        return 1 if quality < rules.limited_from else 2
    if quality < rules.limited_from:
        return 2
    return 3 if quality < rules.adequate_from else 4


def _kind(availability: float, quality: float, rules: GapRules) -> str:
    if availability == 0:
        return "no_data"
    if availability < 1:
        return "partial_data"
    return "weak_quality" if quality < rules.adequate_from else "none"


def _severity(need: float | None, adequacy: float, rules: GapRules) -> float | None:
    if need is None:
        return None
    return 100 * need / max(rules.need_values.values()) * (1 - adequacy)


def _weak_points(
    measured: _Readings, rules: GapRules, decimals: int
) -> tuple[str, ...]:
    return tuple(
        code
        for code, reading in measured.items()
        if reading.score is not LEFT_OUT
        and half_up(_score(reading), decimals) < rules.weak_point_below
    )


def _causes(need: Address, readings: Sequence[Reading]) -> tuple[Address, ...]:
    """Return the cells of the row, each once, before the assessment year."""
    found = dict.fromkeys((need, *(a for reading in readings for a in reading.causes)))
    return tuple(sorted(found, key=lambda address: address.question != need.question))
