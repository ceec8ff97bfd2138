"""Measure speed and print the tables: `make bench`, or `python -m bench --postgres`.

Nothing fails for being slow; a wrong answer of the server does end the run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from bench import readings, web
from bench.client import Unexpected
from bench.report import part_table, reading_table, view_table
from bench.server import ROOT, WORKERS, installation, serving

_BUSY = 0.5  # load of other programs before the run from which figures are doubtful


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = parsed()
    if arguments.postgres:
        with_postgres = str(ROOT / "scripts" / "with_postgres.sh")
        again = [sys.executable, "-m", "bench", "--empty-database"]
        os.execv(with_postgres, [with_postgres, *again])
    began, busy = time.monotonic(), os.getloadavg()[0]
    database_url = os.environ["DATABASE_URL"] if arguments.empty_database else ""
    with installation(database_url) as made:
        say("inside one process …")
        inside = json.loads(made.run("-m", "bench.inside", str(web.CLIENTS)))
        say("over HTTP …")
        with serving(made) as server:
            try:
                taken = web.take(server, inside["visitors"])
            except Unexpected as failure:
                say(f"Stopped: {failure}")
                return 1
        say("dashboard …")
        dashboard = readings.dashboard_lines(made)
        dashboard += readings.comparison_lines(made)
        say("documents …")
        documents, parts = readings.document_lines(
            made, inside["longest"], inside["round"]
        )
    print(heading(inside, busy), end="\n\n")
    print(view_table(web.lines(taken, inside)), end="\n\n")
    figures = readings.analysis_lines(inside["analysis"])
    figures.append(
        readings.review_line(inside["review"], inside["analysis"]["answers"])
    )
    print(reading_table(figures + dashboard + documents), end="\n\n")
    print(part_table(parts))
    say(f"{time.monotonic() - began:.0f} seconds in all")
    return 0


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure speed."
    )
    parser.add_argument(
        "--postgres", action="store_true", help="on a PostgreSQL server of its own"
    )
    parser.add_argument(  # what --postgres calls; fills the database, so nobody else should
        "--empty-database", action="store_true", help=argparse.SUPPRESS
    )
    return parser.parse_args()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def heading(inside: dict[str, Any], busy: float) -> str:
    """Return on what was measured, and whether something else was running."""
    now = datetime.now(UTC)
    parts = [
        f"{now:%Y-%m-%d}",
        f"{os.cpu_count()} cores",
        system(),
        f"Python {platform.python_version()}",
        f"Django {version('django')}",
        f"WeasyPrint {version('weasyprint')}",
        inside["database"],
        f"gunicorn {version('gunicorn')} with {WORKERS} workers",
        f"load before the run {busy:.1f}",
    ]
    doubt = ""
    if busy > _BUSY:
        doubt = "\nOther programs were running: trust the ratios, not the milliseconds."
    return ", ".join(parts) + "." + doubt


def system() -> str:
    try:
        found = platform.freedesktop_os_release()
    except OSError:
        return platform.system()
    return found.get("PRETTY_NAME", platform.system())


if __name__ == "__main__":
    sys.exit(main())
