"""Where the time of a PDF goes: a stopwatch at the parts of the renderer and at ours.

A part's time is its own: what it spends in another part counts there only.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from inspect import isgenerator
from typing import Any

REST = "WeasyPrint: the rest"
# Part, module, object or function in it, its attribute if it is an object.
_PARTS = (
    ("ours: analysis and words", "reports.pdf", "analyse", ""),
    ("ours: analysis and words", "reports.pdf", "build_document", ""),
    ("ours: HTML of the templates", "reports.pdf", "render_html", ""),
    ("ours: reading the HTML", "reports.pdf", "plain_tree", ""),
    ("ours: writing the file", "reports.pdf", "written", ""),
    ("Python: collecting garbage", "gc", "collect", ""),
    ("WeasyPrint: styles", "weasyprint.document", "get_all_computed_styles", ""),
    ("WeasyPrint: boxes", "weasyprint.document", "build_formatting_structure", ""),
    ("WeasyPrint: layout", "weasyprint.document", "layout_document", ""),
    ("WeasyPrint: drawing", "weasyprint.document", "Page", "paint"),
    ("WeasyPrint: tags", "weasyprint.pdf", "add_tags", ""),
    ("WeasyPrint: embedding fonts", "weasyprint.pdf", "build_fonts_dictionary", ""),
    ("WeasyPrint: shaping text", "weasyprint.text.line_break", "Layout", "setup"),
    ("WeasyPrint: shaping text", "weasyprint.text.line_break", "Layout", "set_text"),
    (
        "WeasyPrint: shaping text",
        "weasyprint.text.line_break",
        "Layout",
        "get_first_line",
    ),
)


class Stopwatch:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._running = [REST]
        self._since = time.process_time()

    def turn(self) -> None:
        """Credit the time since the last turn to the part that is running."""
        now, part = time.process_time(), self._running[-1]
        self.seconds[part] = self.seconds.get(part, 0.0) + now - self._since
        self._since = now

    def around(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*arguments: Any, **named: Any) -> Any:
            self.turn()
            self._running.append(part)
            try:
                result = function(*arguments, **named)
                return list(result) if isgenerator(result) else result
            finally:
                self.turn()
                self._running.pop()

        return measured


def stopped(render: Callable[[], Any]) -> dict[str, float]:
    """Return the processor time of each part of a rendering, in milliseconds."""
    watch = Stopwatch()
    for part, module, name, attribute in _PARTS:
        holder: Any = importlib.import_module(module)
        if attribute:
            holder, name = getattr(holder, name), attribute
        setattr(holder, name, watch.around(part, getattr(holder, name)))
    watch.turn()
    watch.seconds.clear()
    render()
    watch.turn()
    return {part: 1000 * seconds for part, seconds in watch.seconds.items()}
