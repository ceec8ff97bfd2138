"""Analysis and PDF: what is measured without a server."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from statistics import median
from typing import Any

from bench.report import PartLine, ReadingLine
from bench.server import Installation

ANALYSIS_MS = 30
REVIEW_MS = 400
REVIEW_KB = 150
REVIEW_QUERIES = 12
PDF_MS, PDF_WARM_MS = 4000, 2500
PDF_MB = 250
QUERIES = 10
QUIET_MS, MOVED_MS = 250, 2000
COMPARED_MS, COLD_MS = 400, 5000
ROUNDS = 3
_ENOUGH = 60.0  # seconds, after which no further round of documents begins


def analysis_lines(found: Mapping[str, Any]) -> list[ReadingLine]:
    """Return the floor and a line a country from `bench.inside`."""
    floor = found["floor_ms"]
    lines = [ReadingLine("floor: signed-in empty view, in process", floor)]
    for iso3, ms in found["ms"].items():
        lines.append(
            ReadingLine(
                f"analysis of {iso3}, {found['answers'][iso3]} answers",
                ms,
                ms / floor,
                target=f"≤ {ANALYSIS_MS} ms",
                is_met=ms <= ANALYSIS_MS,
            )
        )
    return lines


def review_line(found: Mapping[str, Any], answers: Mapping[str, int]) -> ReadingLine:
    """Return the line of the page of review from `bench.inside`; its bytes are gzip."""
    iso3, queries = found["iso3"], found["queries"]
    return ReadingLine(
        f"page of review of {iso3}, {answers[iso3]} answers, {queries} queries",
        found["ms"],
        found["ms"] / found["floor_ms"],
        bytes=found["bytes_gzip"],
        target=f"≤ {REVIEW_MS} ms, ≤ {REVIEW_KB} kB gzip, ≤ {REVIEW_QUERIES} queries",
        is_met=found["ms"] <= REVIEW_MS
        and found["bytes_gzip"] <= 1000 * REVIEW_KB
        and queries <= REVIEW_QUERIES,
    )


def dashboard_lines(made: Installation) -> list[ReadingLine]:
    """Return the floor and the dashboard of many countries, quiet and after all moved."""
    found = json.loads(made.run("-m", "bench.dashboard", timeout=300))
    floor, what = found["floor_ms"], "dashboard of {countries} countries"
    lines = [ReadingLine("floor: signed-in empty view, in process", floor)]
    limits = {"quiet": QUIET_MS, "moved": MOVED_MS}
    words = {
        "quiet": "nothing new",
        "moved": "first visit after all changed",
    }
    for name, limit in limits.items():
        ms, queries = found[f"{name}_ms"], found[f"{name}_queries"]
        lines.append(
            ReadingLine(
                f"{what.format(**found)}, {words[name]}, {queries} queries",
                ms,
                ms / floor,
                bytes=found["bytes"] if name == "quiet" else None,
                target=f"≤ {QUERIES} queries, ≤ {limit:,} ms",
                is_met=ms <= limit and queries <= QUERIES,
            )
        )
    return lines


def comparison_lines(made: Installation) -> list[ReadingLine]:
    """Return the comparison of many countries, figures kept and none kept."""
    found = json.loads(made.run("-m", "bench.comparison", timeout=300))
    floor, what = found["floor_ms"], "comparison of {countries} countries"
    limits = {"kept": COMPARED_MS, "cold": COLD_MS}
    words = {"kept": "{queries} queries", "cold": "no figures kept yet"}
    return [
        ReadingLine(
            f"{what}, {words[name]}".format(**found),
            found[f"{name}_ms"],
            found[f"{name}_ms"] / floor,
            bytes=found["bytes"] if name == "kept" else None,
            target=f"≤ {limit:,} ms",
            is_met=found[f"{name}_ms"] <= limit and found["queries"] <= QUERIES,
        )
        for name, limit in limits.items()
    ]


def document_lines(
    made: Installation, iso3: str, round_code: str
) -> tuple[list[ReadingLine], list[PartLine]]:
    """Render the floor and the report in turns, each time in a fresh process."""
    floors: list[dict[str, Any]] = []
    reports: list[dict[str, Any]] = []
    began = time.monotonic()
    while len(reports) < ROUNDS and (not reports or time.monotonic() - began < _ENOUGH):
        floors.append(json.loads(made.run("-m", "bench.document")))
        arguments = ("-m", "bench.document", iso3, round_code)
        reports.append(json.loads(made.run(*arguments)))
    floor, report = _of(floors), _of(reports)
    lines = [
        ReadingLine(
            "floor: WeasyPrint, one line",
            floor["ms"],
            peak_mb=floor["peak_mb"],
            bytes=int(floor["bytes"]),
        ),
        ReadingLine(
            f"PDF of {iso3} with the full annex, first of a process",
            report["ms"],
            report["ms"] / floor["ms"],
            target=f"≤ {PDF_MS / 1000:.0f} s",
            is_met=report["ms"] <= PDF_MS,
        ),
        ReadingLine(
            f"PDF of {iso3} with the full annex, warm",
            report["warm_ms"],
            report["warm_ms"] / floor["ms"],
            report["peak_mb"],
            int(report["bytes"]),
            target=f"≤ {PDF_WARM_MS / 1000:.1f} s, ≤ {PDF_MB} MB",
            is_met=report["warm_ms"] <= PDF_WARM_MS and report["peak_mb"] <= PDF_MB,
        ),
    ]
    return lines, part_lines(reports)


def part_lines(reports: list[dict[str, Any]]) -> list[PartLine]:
    """Return the parts of a rendering, the longest first; each the least of all runs.

    Other programs only ever add to a time.
    """
    least = {
        part: min(report["parts"].get(part, 0.0) for report in reports)
        for part in reports[0]["parts"]
    }
    total = sum(least.values())
    return [
        PartLine(part, ms, ms / total)
        for part, ms in sorted(least.items(), key=lambda item: -item[1])
    ]


_MEDIANS = ("ms", "warm_ms", "warm_cpu_ms", "bytes")


def _of(runs: list[dict[str, Any]]) -> dict[str, float]:
    """Return medians of times and sizes, and the highest of the peaks."""
    found = {key: float(median(run[key] for run in runs)) for key in _MEDIANS}
    return found | {"peak_mb": max(run["peak_mb"] for run in runs)}
