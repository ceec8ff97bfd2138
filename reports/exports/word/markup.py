"""WordprocessingML as text: what a paragraph and a table are made of.

Text is put together and read once for a whole document, which is some twenty times as
quick as an object for each cell. The order of the properties is that of the schema
(ECMA-376, part 1, 17.3 and 17.4).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from assessment.spreadsheets import printable

TWIPS_PER_MM = 1440 / 25.4
EMU_PER_MM = 36000
_BOOKMARK_LENGTH = 40
KEEP_NEXT = "<w:keepNext/>"
_LONG = 2000  # letters
_TAG = re.compile(r"<[^>]+>")


def quoted(text: str) -> str:
    """Return `text` as it may stand in an element or an attribute."""
    return escape(printable(text), quote=True)


def bookmark_name(anchor: str) -> str:
    """Return the name of a bookmark: letters, digits and `_`, 40 at most.

    Two anchors never have the same one.
    """
    name = anchor.replace("-", "_")
    is_plain = "_" not in anchor and re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name)
    if is_plain and len(name) <= _BOOKMARK_LENGTH:
        return name
    digest = hashlib.sha256(anchor.encode()).hexdigest()[:16]
    return f"a_{digest}"


def runs_leftwards(text: str) -> bool:
    """Whether `text` in a document that runs leftwards does so: its first letter tells."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return True


def run(text: str, style: str = "", *, is_rtl: bool = False) -> str:
    """Return a run in a character style; a line break stays one."""
    if not text:
        return ""
    properties = f'<w:rStyle w:val="{style}"/>' if style else ""
    if is_rtl and runs_leftwards(text):
        properties += "<w:rtl/>"
    lines = (
        f'<w:t xml:space="preserve">{quoted(line)}</w:t>' for line in text.split("\n")
    )
    head = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<w:r>{head}{'<w:br/>'.join(lines)}</w:r>"


def field(code: str, shown: str = "") -> str:
    """Return a field with what is shown until it is updated, as runs."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run(shown)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def paragraph(
    inline: str,
    style: str = "",
    *,
    is_rtl: bool = False,
    more: Sequence[str] = (),
    spacing: str = "",
) -> str:
    """Return a paragraph; `more` may hold `keepNext` and `pageBreakBefore`."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties += "".join(more)
    if is_rtl:
        properties += "<w:bidi/>"
    properties += spacing
    head = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{head}{inline}</w:p>"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its paragraphs, each as inline text, and how it looks."""

    paragraphs: tuple[str, ...]
    style: str = "TableText"
    span: int = 1
    fill: str = ""


def cell(
    *paragraphs: str, style: str = "TableText", span: int = 1, fill: str = ""
) -> Cell:
    return Cell(paragraphs or ("",), style, span, fill)


def number(text: str) -> Cell:
    return cell(text, style="TableNumber")


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are shares of the line; `title` says to a screen reader what it holds."""

    title: str
    widths: Sequence[float]
    rows: Iterable[Sequence[Cell]]
    head: Sequence[Cell] = ()
    style: str = "ReportTable"
    has_row_heads: bool = True
    min_height: float = 0.0  # of a row, in mm
    keeps_next: bool = False


def table(given: Table, *, line: float, is_rtl: bool = False) -> str:
    """Return a table on a line of `line` mm; heads are repeated, rows kept whole."""
    total = sum(given.widths)
    widths = [round(line * TWIPS_PER_MM * width / total) for width in given.widths]
    look = (
        f'<w:tblLook w:val="0000" w:firstRow="{int(bool(given.head))}" w:lastRow="0" '
        f'w:firstColumn="{int(given.has_row_heads)}" w:lastColumn="0" w:noHBand="1" '
        'w:noVBand="1"/>'
    )
    parts = [
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{given.style}"/>',
        "<w:bidiVisual/>" if is_rtl else "",
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>{look}',
        f'<w:tblCaption w:val="{quoted(given.title)}"/></w:tblPr><w:tblGrid>',
        *(f'<w:gridCol w:w="{width}"/>' for width in widths),
        "</w:tblGrid>",
    ]
    if given.head:
        parts.append(_row(given.head, widths, "<w:tblHeader/>", is_rtl, ()))
    height = round(given.min_height * TWIPS_PER_MM)
    more = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    kept = (KEEP_NEXT,) if given.keeps_next else ()
    rows = [_row(cells, widths, more, is_rtl, kept) for cells in given.rows]
    if not rows and not given.head:
        return ""
    return "".join([*parts, *rows, "</w:tbl>"])


def _is_long(one: Cell) -> bool:
    """Whether a cell might fill a page: such a row could not be kept in one piece."""
    letters = sum(map(len, one.paragraphs))
    if letters <= _LONG:  # with the tags, which are not counted below
        return False
    return sum(len(_TAG.sub("", inline)) for inline in one.paragraphs) > _LONG


def _row(
    cells: Sequence[Cell],
    widths: Sequence[int],
    more: str,
    is_rtl: bool,
    kept: Sequence[str],
) -> str:
    whole = "" if any(map(_is_long, cells)) else "<w:cantSplit/>"
    properties = f"<w:trPr>{whole}{more}</w:trPr>" if whole or more else ""
    parts = [f"<w:tr>{properties}"]
    at = 0
    for one in cells:
        width = sum(widths[at : at + one.span])
        at += one.span
        span = f'<w:gridSpan w:val="{one.span}"/>' if one.span > 1 else ""
        fill = (
            f'<w:shd w:val="clear" w:color="auto" w:fill="{one.fill}"/>'
            if one.fill
            else ""
        )
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{fill}</w:tcPr>'
        )
        parts += [
            paragraph(inline, one.style, is_rtl=is_rtl, more=kept)
            for inline in one.paragraphs
        ]
        parts.append("</w:tc>")
    return "".join([*parts, "</w:tr>"])
