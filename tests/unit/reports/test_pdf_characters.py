"""What is copied from a PDF is what stands there, letter by letter."""

from __future__ import annotations

import unicodedata

import pytest

from reports.pdf import html_to_pdf, static_root
from reports.pdf_characters import texts_of_glyphs
from tests.pdf_reading import Printed

PAGE = (
    '<!DOCTYPE html>\n<html lang="en"><head><title>x</title></head>'
    "<body><p>{}</p></body></html>\n"
)
# Letters that differ in their dots only, in every place of a word, and two in one.
ARABIC = "بيت تبن ثبت نبي حجر خبز ضيف صيف طبيب ظبي عين غين قلب فجر لأ لإ لآلئ الله ١٢٣"
# A character of two glyphs, one of which is a character too; marks over tall letters.
THAI = "กำลัง การย้ายถิ่น ที่ ผู้ลี้ภัย ปั๊ม ฐาน ญี่ปุ่น เครื่อง ป้า ฝ้า ปู่ สถิติแห่งชาติ"
ACCENTS = "n̂ non q̃ qui Ấn affluent offices"


def printed(text: str) -> Printed:
    return Printed(html_to_pdf(PAGE.format(text), identifier=b"x"))


def letters(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


@pytest.mark.parametrize("text", [THAI, ACCENTS], ids=["thai", "accents"])
def test_letters_are_those_that_were_written(text):
    found = printed(text)

    assert letters(found.text_of(found.tree)).split() == letters(text).split()


def test_glyphs_of_arabic_are_one_character_each():
    """They stand from left to right, and readers turn them around."""
    found = printed(ARABIC)
    (font,) = [font for font in found.fonts.values() if "ب" in font.text.values()]

    assert {len(text) for text in font.text.values()} == {1}
    written = letters(found.text_of(found.tree))
    assert sorted(written.replace(" ", "")) == sorted(ARABIC.replace(" ", ""))


def test_two_letters_in_one_glyph_are_one_character():
    program = (static_root() / "fonts" / "Vazirmatn_400Regular.ttf").read_bytes()

    texts = {text for found in texts_of_glyphs(program).values() for text in found}

    assert {"\ufefb", "\ufef7", "\ufdf2"} <= texts
    assert not texts & {"لا", "لأ", "الله"}


def test_part_of_a_letter_stands_for_nothing():
    """Noto Sans Arabic draws the dots of letters as glyphs of their own."""
    from fontTools.ttLib import TTFont

    path = static_root() / "fonts" / "NotoSansArabic_400Regular.ttf"
    dot = TTFont(path).getGlyphID("dotabovear")

    assert dot not in texts_of_glyphs(path.read_bytes())
