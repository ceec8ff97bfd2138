"""Lines of text: found once for the same words, font and width, and drawn from memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from reports.renderer.glyphs import Unknown, shown
from reports.renderer.replacing import replace

# What the shape of a line depends on, besides its words and its width.
_PROPERTIES = (
    "direction", "font_family", "font_feature_settings", "font_kerning",
    "font_language_override", "font_size", "font_stretch", "font_style",
    "font_variant_alternates", "font_variant_caps", "font_variant_east_asian",
    "font_variant_ligatures", "font_variant_numeric", "font_variant_position",
    "font_variation_settings", "font_weight", "hyphenate_character",
    "hyphenate_limit_chars", "hyphenate_limit_zone", "hyphens", "lang", "letter_spacing",
    "line_height", "overflow_wrap", "tab_size", "text_decoration_line", "white_space",
    "word_break", "word_spacing",
)  # fmt: skip


def hasten() -> None:
    from weasyprint import draw
    from weasyprint.text import line_break

    replace(line_break.split_first_line, _split_first_line(line_break))
    replace(line_break.strut, _strut(line_break.strut))
    line_break.Layout.setup = _setup(line_break)
    line_break.Layout.deactivate = _deactivate(line_break.Layout.deactivate)
    draw.text.pango = _Pango(draw.text.pango)
    replace(draw.draw_text, _draw_text(draw.text))


def _font(style: Any) -> dict[Any, Any]:
    """Return what is known of texts that look like those of `style`, in one document."""
    try:
        known: dict[Any, Any] = style.known_texts
    except AttributeError:
        every = vars(style.font_config).setdefault("known_texts", {})
        look = repr([style[name] for name in _PROPERTIES])
        known = style.known_texts = every.setdefault(look, {})
    return known


def _split_first_line(line_break: Any) -> Callable[..., Any]:
    original = line_break.split_first_line

    def split_first_line(
        text: str, style: Any, context: Any, max_width: Any, *how: Any, **which: Any
    ) -> Any:
        known = _font(style)
        key = (text, max_width, *how, *which, *which.values())
        found = known.get(key)
        if found is None:
            found = known[key] = original(
                text, style, context, max_width, *how, **which
            )
        return found

    return split_first_line


def _strut(original: Callable[..., Any]) -> Callable[..., Any]:
    def strut(style: Any) -> Any:
        known = _font(style)
        found = known.get("strut")
        if found is None:
            found = known["strut"] = original(style)
        return found

    return strut


def _setup(line_break: Any) -> Callable[..., None]:
    """Return a `Layout.setup` that makes the context and description of a font once."""
    original = line_break.Layout.setup
    ffi, gobject, pango = line_break.ffi, line_break.gobject, line_break.pango

    def setup(layout: Any, style: Any) -> None:
        known = vars(style).get("known_texts", {"is_plain": False})
        if not known.get("is_plain"):
            original(layout, style)
            if "is_plain" not in known:
                attributes = pango.pango_layout_get_attributes(layout.layout)
                known["is_plain"] = attributes == ffi.NULL and is_usual(style)
            return
        if "context" not in known:
            known["language"] = layout.language = _language(line_break, style)
            known["context"] = _context(line_break, style, known["language"])
            known["description"] = line_break.get_font_description(style)
        layout.style, layout.language = style, known["language"]
        layout.first_line_direction = 0
        layout.ascent = layout.underline_position = layout.strikethrough_position = None
        layout.layout = ffi.gc(
            pango.pango_layout_new(known["context"]), gobject.g_object_unref
        )
        pango.pango_layout_set_auto_dir(layout.layout, False)
        pango.pango_layout_set_font_description(layout.layout, known["description"])

    return setup


def is_usual(style: Any) -> bool:
    """Return whether words have no lines and the language of the text."""
    return bool(
        style["text_decoration_line"] == "none"
        and style["font_language_override"] == "normal"
    )


def _language(line_break: Any, style: Any) -> Any:
    if not style["lang"]:
        return line_break.pango.pango_language_get_default()
    kept, _content = line_break.unicode_to_char_p(style["lang"])
    return line_break.pango.pango_language_from_string(kept)


def _context(line_break: Any, style: Any, language: Any) -> Any:
    pango = line_break.pango
    context = line_break.ffi.gc(
        pango.pango_font_map_create_context(style.font_config.font_map),
        line_break.gobject.g_object_unref,
    )
    pango.pango_context_set_round_glyph_positions(context, False)
    direction = line_break.PANGO_DIRECTION[style["direction"]]
    pango.pango_context_set_base_dir(context, direction)
    if style["lang"]:
        pango.pango_context_set_language(context, language)
    return context


def _deactivate(original: Callable[..., None]) -> Callable[..., None]:
    def deactivate(layout: Any) -> None:
        """Keep the shape of a line until it is drawn, instead of finding it again."""
        known = vars(layout.style).get("known_texts", {})
        if not known.get("is_plain") or "\n" in layout.text:
            original(layout)

    return deactivate


class _Pango:
    """Pango, but that a line which was kept is not shaped again to be one paragraph."""

    def __init__(self, pango: Any) -> None:
        self._pango = pango
        self.is_kept = False

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._pango, name)
        setattr(self, name, found)
        return found

    @contextmanager
    def line_of(self, layout: Any, style: Any) -> Iterator[None]:
        """Give a layout its line: the kept one, or one made again; then let it go."""
        self.is_kept = hasattr(layout, "layout") and not layout.justification_spacing
        if not self.is_kept:
            layout.reactivate(style)
        try:
            yield
        finally:
            self.is_kept = False
            vars(layout).pop("layout", None)

    def pango_layout_set_single_paragraph_mode(
        self, layout: Any, is_single: int
    ) -> None:
        if not self.is_kept:
            self._pango.pango_layout_set_single_paragraph_mode(layout, is_single)


class _Recorder:
    """Passes on what draws a line, and remembers it but for where the line stands."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.ink_rect, self.logical_rect = stream.ink_rect, stream.logical_rect
        self.add_font = stream.add_font
        self.set_text_matrix = stream.set_text_matrix
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def show_text(self, text: str) -> None:
        self._call("show_text", text)

    def set_font_size(self, font: str, size: float) -> None:
        self._call("set_font_size", font, size)

    def set_text_rise(self, rise: float) -> None:
        self._call("set_text_rise", rise)

    def _call(self, name: str, *arguments: Any) -> None:
        self.calls.append((name, arguments))
        getattr(self._stream, name)(*arguments)


def _draw_text(text: Any) -> Callable[..., None]:
    original = text.draw_text

    def draw_text(
        stream: Any, box: Any, offset_x: float, overflow: str, ellipsis: str = "none"
    ) -> None:
        style, layout = box.style, box.pango_layout
        known = _font(style)
        is_plain = known.get("is_plain") and style["visibility"] == "visible"
        if not is_plain or overflow != "clip" or ellipsis != "none":
            original(stream, box, offset_x, overflow, ellipsis)
            return
        x, y = box.position_x, box.position_y + box.baseline
        key = ("drawn", layout.text, layout.justification_spacing)
        calls, pictures = known.get(key), ()
        stream.set_color(style["color"])
        stream.begin_text()
        if calls is None:
            with text.pango.line_of(layout, style):
                try:
                    calls = known[key] = shown(text, stream, box)
                except Unknown:
                    drawn = _Recorder(stream)
                    pictures = text.draw_first_line(
                        drawn, box, overflow, ellipsis, text.Matrix(d=-1, e=x, f=y)
                    )
                    if not pictures:
                        known[key] = drawn.calls
        if calls:  # nothing is drawn of spaces
            stream.set_text_matrix(1, 0, 0, -1, x, y)
            for name, arguments in calls:
                getattr(stream, name)(*arguments)
        stream.end_text()
        text.draw_emojis(stream, style, x, y, pictures)

    return draw_text
