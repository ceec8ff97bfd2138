"""Text that the fonts of the reports can print.

A character without a glyph would print as an empty box, which PDF/UA forbids and which
stops the rendering. What no font has is named by its number, so that nothing is lost
unseen; the page on the screen shows it as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from django.utils.translation import ngettext

# Line ends other than "\n": Word's (vertical tab), form feed, next line, separators.
_LINE_ENDS = str.maketrans(dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "\n"))
_SPACES = frozenset("\t\n\r ")
_VARIATION_SELECTORS = frozenset({*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})
# Fillers and format characters that the renderer wants to see a glyph of.
_REFUSED = frozenset("\u070f\u0890\u0891\u115f\u1160\u3164\uffa0\ufff9\ufffa\ufffb")
_NAMED = 4

# The lightest first: a text seldom needs the last one, which takes half a second to read.
_FONTS = ("NotoSans_400Regular", "NotoSansSymbols2_400Regular",
          "Vazirmatn_400Regular", "NotoSansArabic_400Regular",
          "NotoSansThai_400Regular",
          "NotoSansArmenian_400Regular", "NotoSansBengali_400Regular",
          "NotoSansEthiopic_400Regular", "NotoSansGeorgian_400Regular",
          "NotoSansHebrew_400Regular", "NotoSansKhmer_400Regular",
          "NotoSansLao_400Regular", "NotoSansMyanmar_400Regular",
          "NotoSansSinhala_400Regular", "NotoSansTamil_400Regular",
          "NotoSansMath_400Regular", "NotoSansSC_400Regular")  # fmt: skip


def printable(text: str, fonts: Path) -> str:
    """Return `text` with what the fonts in the folder `fonts` lack named instead."""
    text = text.translate(_LINE_ENDS)
    lacking = lacking_in(frozenset(text), fonts)
    if not lacking:
        return text
    pattern = re.compile(f"[{re.escape(''.join(sorted(lacking)))}]+")
    return pattern.sub(lambda match: _named(match[0]), text)


def lacking_in(characters: frozenset[str], fonts: Path) -> frozenset[str]:
    """Return those of `characters` for which no font has a glyph, but which need one."""
    written = characters - _SPACES
    unprintable = {c for c in written if _is_unprintable(c)}
    left = {c for c in written - unprintable if not _is_invisible(c)}
    for name in _FONTS:
        if not left:
            break
        covered = _covered(fonts / f"{name}.ttf")
        left = {c for c in left if ord(c) not in covered}
    return frozenset(left | unprintable)


def _is_invisible(character: str) -> bool:
    """Return whether a character changes others, or how lines run, and shows nothing."""
    is_format = unicodedata.category(character) == "Cf"
    return is_format or ord(character) in _VARIATION_SELECTORS


def _is_unprintable(character: str) -> bool:
    """Return whether the renderer finds no glyph, whatever a font says."""
    return unicodedata.category(character) == "Cc" or character in _REFUSED


@cache
def _covered(font: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap())


def _named(characters: str) -> str:
    """Return the numbers of a few characters; of a long run only how many they are."""
    if len(characters) > _NAMED:
        words = ngettext(
            "%(count)d character without a font",
            "%(count)d characters without a font",
            len(characters),
        ) % {"count": len(characters)}
        return f"[{words}]"
    return f"[{' '.join(f'U+{ord(c):04X}' for c in characters)}]"
