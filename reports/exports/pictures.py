"""Charts as PNG, for programs that do not show vector graphics everywhere.

resvg draws any SVG, so that a chart of a new form needs no change here; Pillow would
have needed a second drawing of every chart.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import resvg_py
from django.conf import settings

DOTS_PER_INCH = 220
_MM_PER_INCH = 25.4
_SIZE = re.compile(r'\s(?:width|height)="[^"]*"')
_FONT = "fonts/NotoSans_400Regular.ttf"


@lru_cache(maxsize=256)
def png(svg: str, width: float, height: float) -> bytes:
    """Return a chart that is `width` × `height` mm on paper, sharp at 200 dots per inch."""
    root, end, inside = svg.partition(">")
    size = f' width="{_dots(width)}" height="{_dots(height)}"'
    has_text = "<text" in svg
    fonts = [str(Path(settings.BASE_DIR) / "static" / _FONT)] if has_text else None
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=_SIZE.sub("", root) + size + end + inside,
            skip_system_fonts=True,
            font_files=fonts,
        )
    )


def _dots(millimetres: float) -> int:
    return max(1, round(millimetres / _MM_PER_INCH * DOTS_PER_INCH))


def png_of_height(svg: str, height: float) -> bytes:
    """Return a picture of its own proportions, `height` mm high on paper."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            height=_dots(height),
            skip_system_fonts=True,
            font_files=[str(Path(settings.BASE_DIR) / "static" / _FONT)],
        )
    )
