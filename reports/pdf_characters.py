"""Which characters each glyph of a PDF stands for, so that text can be searched and copied.

WeasyPrint gives the first glyph of a cluster the cluster's whole text and the others
none, and a glyph keeps what it was given first. That is wrong where a character is drawn
as several glyphs that others share, as in Thai, and read wrongly where several letters
that run from right to left are one glyph: there the font itself says what a glyph is drawn for
(ISO 32000-1, 9.10.3).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from io import BytesIO
from typing import Any

_SINGLE, _LIGATURE, _EXTENSION = 1, 4, 7  # kinds of lookups in the table GSUB
_FORMS = frozenset({"<initial>", "<medial>", "<final>", "<isolated>"})
_BATCH = 100  # entries of one list: ISO 32000-1, 9.10.3

_Texts = Mapping[int, frozenset[str]]


def name_glyphs(drawn: Any, pdf: Any, program_of: Callable[[Any], bytes]) -> None:
    """Correct the ToUnicode maps of a `pydyf.PDF`, drawn from a WeasyPrint document.

    `program_of` returns the whole file of a HarfBuzz face.
    """
    fonts = {font.name: font for font in drawn.fonts.values()}
    for item in pdf.objects:
        if (
            isinstance(item, dict)
            and item.get("Type") == "/Font"
            and "ToUnicode" in item
        ):
            font = fonts[item["BaseFont"]]
            if any(map(_is_doubtful, font.to_unicode.values())):
                stream = pdf.objects[int(item["ToUnicode"].split()[0])].stream
                texts = texts_of_glyphs(program_of(font.hb_face), font.index)
                _rewrite(stream, _corrected(font, texts))


def _is_doubtful(text: str) -> bool:
    """Return whether a glyph may be no character: part of one, or several, but not ﬁ."""
    return len(text) != 1 and not (text and text.isascii())


def _corrected(font: Any, texts: _Texts) -> dict[int, str]:
    corrected = {}
    for glyph, text in font.to_unicode.items():
        meant = texts.get(glyph, frozenset({text}))
        corrected[glyph] = text if text in meant else min(meant)
    return corrected


@lru_cache(maxsize=8)
def texts_of_glyphs(program: bytes, index: int = 0) -> _Texts:
    """Return which texts each glyph of a font may stand for, by the number of the glyph.

    They follow from the characters that the font maps to glyphs and from what it puts
    in their place (initial and final forms, ligatures). A glyph that is only ever a part of
    a letter, as the dots of some Arabic fonts, has none.
    """
    from fontTools.ttLib import TTFont

    font = TTFont(BytesIO(program), fontNumber=index, lazy=True)
    texts: dict[str, set[str]] = {}
    for code, name in font.getBestCmap().items():
        texts.setdefault(name, set()).add(_plain(chr(code)))
    substitutions = list(_substitutions(font))
    while found := [
        (target, _joined([min(texts[name]) for name in source]))
        for source, target in substitutions
        if target not in texts and all(name in texts for name in source)
    ]:
        for target, text in found:
            texts.setdefault(target, set()).add(text)
    return {font.getGlyphID(name): frozenset(found) for name, found in texts.items()}


def _plain(character: str) -> str:
    """Return the letter of a form that Unicode has for old systems."""
    letter = unicodedata.normalize("NFKC", character)
    return letter if _kind(character) in _FORMS and len(letter) == 1 else character


def _kind(character: str) -> str:
    return unicodedata.decomposition(character).partition(" ")[0]


def _joined(letters: list[str]) -> str:
    text = "".join(letters)
    return _ligatures().get(text, text) if len(letters) > 1 else text


@cache
def _ligatures() -> Mapping[str, str]:
    """Return the forms that Unicode has for several Arabic letters in one, as ﻻ.

    Readers turn the letters of one glyph around with the line that runs from right to
    left; a form is one character, which searching takes for its letters (NFKC).
    """
    forms = (chr(code) for code in range(0xFB50, 0xFEFD))
    return {
        unicodedata.normalize("NFKC", form): form
        for form in forms
        if _kind(form) == "<isolated>"
    }


def _substitutions(font: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    lookups = font["GSUB"].table.LookupList.Lookup if "GSUB" in font else []
    for table in (table for lookup in lookups for table in lookup.SubTable):
        inner = table.ExtSubTable if table.LookupType == _EXTENSION else table
        if inner.LookupType == _SINGLE:
            yield from (((source,), to) for source, to in inner.mapping.items())
        elif inner.LookupType == _LIGATURE:
            for first, ligatures in inner.ligatures.items():
                yield from (
                    ((first, *one.Component), one.LigGlyph) for one in ligatures
                )


def _rewrite(lines: list[bytes], texts: Mapping[int, str]) -> None:
    """Put `texts` in place of the entries of a ToUnicode map."""
    start = next(i for i, line in enumerate(lines) if line.endswith(b" beginbfchar"))
    end = lines.index(b"endcmap")
    entries = [
        f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>".encode()
        for glyph, text in texts.items()
    ]
    batches = []
    for first in range(0, len(entries), _BATCH):
        batch = entries[first : first + _BATCH]
        batches += [f"{len(batch)} beginbfchar".encode(), *batch, b"endbfchar"]
    lines[start:end] = batches
