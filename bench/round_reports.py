"""The reports of a whole round in a pool of processes, as `render_report --all` makes them.

Run as `python -m bench.round_reports --countries 200 --workers 2`; no part of `make bench`,
since it takes minutes. Countries are made up from the frozen answers of the demonstration,
in a temporary database. Prints the processor time of a report in the first and the last
quarter, and the most memory that each worker held.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.report import table

PATTERNS, ROUND = ("GEO", "MEX", "THA"), "bench"
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Rendered:
    failure: str
    pid: int
    cpu: float
    peak_mb: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.round_reports")
    parser.add_argument("--countries", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    if "BENCH_DATABASE_URL" in os.environ:
        return inside(arguments.countries, arguments.workers)
    from bench.server import installation

    with installation() as made:
        words = [f"--{name}={value}" for name, value in vars(arguments).items()]
        print(made.run("-m", "bench.round_reports", *words, timeout=HOUR), end="")
    return 0


def fill(countries: int) -> list[str]:
    """Make a round of its own in which countries have submitted; return their codes."""
    from assessment.models import Country, Response, Round, Submission, User
    from assessment.records import sha256_of

    officer = User.objects.get(email="officer@example.org")
    round_ = Round.objects.get(code="2025")
    round_.pk, round_.code = None, ROUND
    round_._state.adding = True
    round_.save()
    patterns = [
        Submission.objects.filter(response__country__iso3=iso3).latest("submitted_at")
        for iso3 in PATTERNS
    ]
    found = list(Country.objects.order_by("iso3")[:countries])
    for number, country in enumerate(found):
        response = Response.objects.create(
            round=round_, country=country, opened_by=officer, status="submitted"
        )
        copied = patterns[number % len(patterns)]
        text = copied.canonical_json.replace(copied.response.country.iso3, country.iso3)
        copied.pk, copied.response = None, response
        copied._state.adding = True
        copied.canonical_json, copied.sha256 = text, sha256_of(text)
        copied.save()
        patterns[number % len(patterns)] = copied
    return [country.iso3 for country in found]


def measured(job: Any) -> Rendered:
    from bench.document import peak_mb
    from reports.management.commands.render_report import render

    before = time.process_time()
    failure = render(job)
    return Rendered(failure, os.getpid(), time.process_time() - before, peak_mb())


def inside(countries: int, workers: int) -> int:
    import django

    django.setup()

    from django.conf import settings
    from django.db import connections
    from tqdm import tqdm

    from reports.management.commands.render_report import REPORTS_PER_WORKER, Job

    codes = fill(countries)
    connections.close_all()
    context = multiprocessing.get_context("fork")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench.") as folder:
        settings.MEDIA_ROOT = folder
        jobs = [
            Job(iso3, ROUND, "en", None, Path(folder) / f"{iso3}.pdf") for iso3 in codes
        ]
        with context.Pool(workers, maxtasksperchild=REPORTS_PER_WORKER) as pool:
            results = pool.imap(measured, jobs)
            found = list(tqdm(results, total=len(jobs), unit="report"))
    seconds = time.monotonic() - began
    failures = [one.failure for one in found if one.failure]
    print(result(found, seconds, workers))
    print("\n".join(failures), file=sys.stderr)
    return 1 if failures else 0


def result(found: list[Rendered], seconds: float, workers: int) -> str:
    quarter = max(1, len(found) // 4)
    first, last = found[:quarter], found[-quarter:]
    peaks: dict[int, float] = {}
    for one in found:
        peaks[one.pid] = max(one.peak_mb, peaks.get(one.pid, 0.0))
    firsts = [median(one.cpu for one in part) for part in (first, last)]
    rows = [
        ["CPU seconds a report, first quarter (median)", f"{firsts[0]:.2f}"],
        ["CPU seconds a report, last quarter (median)", f"{firsts[1]:.2f}"],
        ["last quarter / first quarter", f"{firsts[1] / firsts[0]:.2f}"],
        ["seconds a report, all workers together", f"{seconds / len(found):.2f}"],
        ["seconds in all", f"{seconds:.0f}"],
        ["processes, one after the other", str(len(peaks))],
        ["peak MB of a worker, lowest and highest", _range(list(peaks.values()))],
    ]
    head = f"{len(found)} reports, {workers} workers"
    return table([head, ""], rows)


def _range(values: list[float]) -> str:
    return f"{min(values):.0f} – {max(values):.0f}"


if __name__ == "__main__":
    sys.exit(main())
