"""The figures of a report as one flat table: a line a figure, as CSV.

Numbers have four decimals, half up, as in `report.json`; the words of `kind`, `figure` and
`category` are codes and never translated (docs/report_exports.md).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain

from assessment.spreadsheets import unarmed
from reports.analysis import Analysis, analyse
from reports.analysis.aggregation import OVERALL
from reports.analysis.as_json import DECIMALS
from reports.analysis.figures import half_up
from reports.analysis.results import Action, Figures, Gap, GroupScore
from reports.sources import ReportSource

HEAD = (
    "country",
    "round",
    "record",
    "hash",
    "kind",
    "code",
    "title",
    "figure",
    "value",
    "category",
)
Figure = tuple[str, str | float | None]


def render_csv(source: ReportSource) -> bytes:
    """Return the figures of `source` as CSV in UTF-8, with a mark for spreadsheets.

    Titles are in the language of the instrument that `source` was read in.
    """
    record = "draft" if source.number is None else f"submission-{source.number}"
    place = (source.iso3, source.round_code, record, source.hash)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    analysis = analyse(source.instrument, source.answers)
    for *names, value in chain(_lines(analysis), _own_lines(source)):
        shown = tuple(unarmed(str(name)) for name in names)
        writer.writerow([*place, *shown, *_written(value)])
    return text.getvalue().encode("utf-8-sig")


def scores_by_code(analysis: Analysis) -> dict[str, dict[str, str | float | None]]:
    """Return scores, levels and whether they are published, by the names of the CSV."""
    overall = {OVERALL: dict(_overall_scores(analysis))}
    groups = (*analysis.sections.values(), *analysis.dimensions.values())
    found = overall | {group.code: dict(_group_scores(group)) for group in groups}
    return {
        code: {
            name: half_up(value, DECIMALS) if isinstance(value, float) else value
            for name, value in figures.items()
        }
        for code, figures in found.items()
    }


def _lines(analysis: Analysis) -> Iterator[tuple[str | float | None, ...]]:
    yield from _named(("overall", OVERALL, ""), _overall(analysis))
    for kind, groups in (
        ("section", analysis.sections),
        ("dimension", analysis.dimensions),
    ):
        for group in groups.values():
            yield from _named((kind, group.code, group.title), _group(group))
    questions = analysis.instrument.question_by_code
    for code, scored in analysis.questions.items():
        final = scored.score.final
        score = None if final is None else 100 * final
        figures = (("score_final", score), ("weight", scored.weight))
        yield from _named(("question", code, questions[code].short), figures)
    for code, gap in analysis.gaps.items():
        yield from _named(("gap", code, gap.label), _gap(gap))
    for rank, action in enumerate(analysis.actions, start=1):
        title = action.recommendation.title
        is_first = action.code in analysis.first_wave
        yield from _named(
            ("action", action.code, title), _action(action, rank, is_first=is_first)
        )


def _own_lines(source: ReportSource) -> Iterator[tuple[str | float | None, ...]]:
    """Yield the scores from the country's own answers, where values were reviewed."""
    if source.own_answers is None:
        return
    own = analyse(source.instrument, source.own_answers)
    figure = "score_self_assessed"
    yield "overall", OVERALL, "", figure, own.overall.score.final
    for group in own.sections.values():
        yield "section", group.code, group.title, figure, group.score.final


def _named(
    names: tuple[str, ...], figures: Iterable[Figure]
) -> Iterator[tuple[str | float | None, ...]]:
    for figure, value in figures:
        yield (*names, figure, value)


def _overall_scores(analysis: Analysis) -> Iterator[Figure]:
    overall = analysis.overall
    yield from _scores(overall.score)
    yield "is_published", int(overall.is_publishable and overall.level is not None)
    yield "level", overall.level.level if overall.level else None


def _overall(analysis: Analysis) -> Iterator[Figure]:
    overall, shares = analysis.overall, analysis.completeness
    yield from _overall_scores(analysis)
    yield (
        "level_of_score",
        (overall.level_of_score.level if overall.level_of_score else None),
    )
    yield "completeness", shares.overall
    yield "share_dk", shares.share_dk
    yield "share_evidence", shares.share_evidence
    for code, value in analysis.weighted_gaps.items():
        yield f"weighted_data_gap_{code}", value


def _group_scores(group: GroupScore) -> Iterator[Figure]:
    yield from _scores(group.score)
    yield "is_published", int(group.is_publishable and group.score.final is not None)
    yield "level", group.level.level if group.level else None


def _group(group: GroupScore) -> Iterator[Figure]:
    yield from _group_scores(group)
    if group.completeness is not None:
        yield "completeness", group.completeness


def _scores(score: Figures) -> Iterator[Figure]:
    yield "score_final", score.final
    yield "score_provisional", score.provisional
    yield "score_upper", score.upper


def _gap(gap: Gap) -> Iterator[Figure]:
    yield "class", gap.gap_class
    yield "severity", gap.severity
    yield "need", gap.need
    yield "availability", 100 * gap.availability
    yield "quality", 100 * gap.quality
    yield "data_level", gap.data_level


def _action(action: Action, rank: int, *, is_first: bool) -> Iterator[Figure]:
    yield "rank", rank
    yield "rank_value", action.rank_value
    yield "priority", action.priority
    yield "horizon", action.recommendation.horizon
    yield "first_wave", int(is_first)


def _written(value: str | float | None) -> tuple[str, str]:
    """Return number and category: a column of numbers alone is read as numbers."""
    if isinstance(value, str):
        return "", value
    if isinstance(value, float):
        return repr(half_up(value, DECIMALS)), ""
    return "" if value is None else str(value), ""
