"""One PDF in a fresh process: its time and the process's peak of memory.

Run as `python -m bench.document [ISO3 ROUND]` by `bench.__main__`; prints one JSON
object. Without arguments the floor: WeasyPrint on a document of one line, with the
project's fonts and without Django.
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


def main() -> None:
    os.environ["FONTCONFIG_FILE"] = str(FONTS)
    render = report(*sys.argv[1:]) if len(sys.argv) > 1 else line()
    before = time.perf_counter()
    pdf = render()
    seconds = time.perf_counter() - before
    found = {"ms": 1000 * seconds, "bytes": len(pdf), "peak_mb": peak_mb()}
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
    # About one process in a hundred was seen to end in a segmentation fault after this
    # line: a thread of a native library seems to outlive its code. Nothing is left to do.
    os._exit(0)
