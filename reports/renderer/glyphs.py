"""Glyphs: how each is written, found once for a font instead of for every letter."""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import Any

# PangoGlyphInfo: glyph, width and offsets, all that decides how it is written; flags.
_GLYPHS = Struct("=16s4x")
_NUMBERS = Struct("=Iiii")

_Piece = Callable[[bytes], str]


class Unknown(Exception):
    """A glyph which the font has not been asked for yet, or which is not plain."""


def shown(text: Any, stream: Any, box: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """Return what is called, and with what, to draw a line of glyphs. Raises Unknown.

    The text of a PDF is a list of glyphs in angle brackets and of corrections to where
    the next one stands, which are the same for a glyph of one font and one width.
    """
    calls: list[tuple[str, tuple[Any, ...]]] = []
    if not box.text.strip():
        return calls
    layout = box.pango_layout
    text.pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    string, previous = "", None
    piece: _Piece = _unknown
    first_line, _ = layout.get_first_line()
    run = first_line.runs[0]
    while run != text.ffi.NULL:
        glyphs, pango_font = run.data.glyphs, run.data.item.analysis.font
        run = run.next
        if pango_font != previous:
            if string:
                calls.append(("show_text", (string,)))
            string, previous = "", pango_font
            font, size = stream.add_font(pango_font)
            piece = _pieces(text, font, size)
            calls.append(("set_font_size", (font.hash, size)))
        data = text.ffi.buffer(glyphs.glyphs, glyphs.num_glyphs * _GLYPHS.size)
        string += "<" + "".join(
            [piece(glyph) for (glyph,) in _GLYPHS.iter_unpack(data)]
        )
        string = string[:-1] if string[-1] == "<" else string + ">"
    calls.append(("show_text", (string,)))
    return calls


def _unknown(glyph: bytes) -> str:
    raise Unknown


def _pieces(text: Any, font: Any, size: float) -> _Piece:
    """Return what finds how a glyph of a font is written."""
    by_size = vars(font).setdefault("pieces", {})
    pieces = by_size.get(size)
    if pieces is None:
        pieces = by_size[size] = _Pieces(text, font, size)
    found: _Piece = pieces.__getitem__
    return found


class _Pieces(dict[bytes, str]):
    def __init__(self, text: Any, font: Any, size: float) -> None:
        super().__init__()
        self._units, self._font, self._size = text.FROM_UNITS, font, size
        self._is_plain = not (font.svg or font.png or font.colr or font.bitmap)

    def __missing__(self, key: bytes) -> str:
        glyph, width, right, up = _NUMBERS.unpack(key)
        font, size = self._font, self._size
        is_known = glyph in font.widths and glyph in font.to_unicode
        if not (self._is_plain and is_known) or up:
            raise Unknown
        offset = right / size
        kerning = font.widths[glyph] + offset - width * 1000 * self._units / size
        before = f">{-offset}<" if offset else ""
        after = f">{int(kerning)}<" if kerning else ""
        piece = self[key] = f"{before}{glyph:04x}{after}"
        return piece
