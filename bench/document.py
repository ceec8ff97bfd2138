"""One PDF in a fresh process: its time, where it goes, and the process's peak of memory.

Run as `python -m bench.document [ISO3 ROUND]` by `bench.__main__`; prints one JSON
object. Without arguments the floor: WeasyPrint on a document of one line, with the
project's fonts and without Django. It is rendered twice, for the first and the warm time,
and a report a third time with a stopwatch at the parts of the renderer.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.server import ROOT

FONTS = ROOT / "static" / "fonts" / "fonts.conf"
LINE = "<!doctype html><html lang=en><title>Line</title><p>One line of a document."


def peak_mb() -> float:
    """Return the most memory this process ever held, in MB of 10^6 bytes.

    Linux starts `ru_maxrss` at what the parent held when it made this process; the
    kernel's high-water mark belongs to this program alone.
    """
    try:
        status = Path("/proc/self/status").read_text()
        kilobytes = int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0])
    except (OSError, IndexError):
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        kilobytes = used // 1024 if sys.platform == "darwin" else used
    return kilobytes * 1024 / 1e6


def line() -> Callable[[], bytes]:
    import weasyprint

    return lambda: bytes(weasyprint.HTML(string=LINE).write_pdf())


def report(iso3: str, round_code: str) -> Callable[[], bytes]:
    """Return what renders the report, once everything it needs has been read."""
    import django

    django.setup()

    import weasyprint  # noqa: F401  importing it is not rendering

    from reports.pdf import render_pdf
    from reports.queries import report_source

    source = report_source(iso3, round_code)
    return lambda: render_pdf(source)


def timed(render: Callable[[], bytes]) -> tuple[float, float, int]:
    """Return time and processor time in milliseconds, and the bytes of the file."""
    before, cpu = time.perf_counter(), time.process_time()
    length = len(render())
    return (
        1000 * (time.perf_counter() - before),
        1000 * (time.process_time() - cpu),
        length,
    )


def main() -> None:
    os.environ["FONTCONFIG_FILE"] = str(FONTS)
    is_report = len(sys.argv) > 1
    render = report(*sys.argv[1:]) if is_report else line()
    ms, _, length = timed(render)
    warm_ms, warm_cpu_ms, _ = timed(render)
    found = {"ms": ms, "warm_ms": warm_ms, "warm_cpu_ms": warm_cpu_ms, "bytes": length}
    found["peak_mb"] = peak_mb()
    parts = {}
    if is_report:
        from bench.parts import stopped

        parts = stopped(render)
    print(json.dumps(found | {"parts": parts}), flush=True)


if __name__ == "__main__":
    main()
    # About one process in a hundred was seen to end in a segmentation fault after this
    # line: a thread of a native library seems to outlive its code. Nothing is left to do.
    os._exit(0)
