"""What is done once instead of many times inside WeasyPrint, to the same bytes.

A report has some five thousand lines of text and three thousand cells, alike in most ways:
the same words in the same font and width, the same paddings, no borders. The functions of
this package stand in for inner ones of WeasyPrint, remember what those found, and ask
them for everything else. They know one version of it; with any other nothing is replaced
and only the gain is lost, a third of the time. A test compares the files.
"""

from __future__ import annotations

from types import ModuleType

KNOWN_VERSION = "70.0"


def hasten(weasyprint: ModuleType) -> bool:
    """Replace inner functions; return False, doing nothing, for another version."""
    if weasyprint.__version__ != KNOWN_VERSION:
        return False
    from reports.renderer import boxes, memory, streams, styles, text

    text.hasten()
    boxes.hasten()
    styles.hasten()
    memory.hasten()
    streams.hasten()
    return True
