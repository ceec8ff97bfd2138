"""Characters that no font of the reports has are named; everything else stays."""

from __future__ import annotations

import pytest

from reports.glyphs import lacking_in, printable
from reports.pdf import check_fonts
from tests.extremes import SCRIPTS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Población, Ελλάδα, Россия, 人口, الهجرة, ไทย", None),
        ("საქართველო Հայաստան ישראל বাংলা தமிழ் සිංහල ខ្មែរ ລາວ မြန်မာ አማርኛ नेपाली", None),
        ("● ○ ◐ ▲ ■ ✓ → ≥ “ ” – … fi ﬁ", None),
        ("line\nline\ttab", None),
        ("a\u200db\ufe0fc\u202ed\u00ade\ufeff", None),
        ("\U0001f469\u200d\U0001f52c", "[U+1F469]\u200d[U+1F52C]"),
        ("done \u1f00\U0001fae1!", "done \u1f00[U+1FAE1]!"),
        ("a\x07b\x7f", "a[U+0007]b[U+007F]"),
        ("\u3164\ufff9", "[U+3164 U+FFF9]"),
        ("\ue000\ue001", "[U+E000 U+E001]"),
        ("\ufdd0\uffff", "[U+FDD0 U+FFFF]"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("\U00012000" * 5, "[5 characters without a font]"),
        ("", None),
    ],
)  # fmt: skip
def test_what_has_no_glyph_is_named(text, expected):
    assert printable(text, check_fonts()) == (text if expected is None else expected)


def test_long_run_is_counted_in_the_language_of_the_report():
    assert printable("x" + "\U00012000" * 12, check_fonts()) == (
        "x[12 characters without a font]"
    )


def test_scripts_of_the_extremes_lack_only_what_they_mean_to_lack():
    lacking = lacking_in(frozenset("".join(SCRIPTS)), check_fonts())

    assert lacking == {"\U00012000", "\ue000", "\U0001f469", "\U0001f52c"}
