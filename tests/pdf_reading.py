"""A report's PDF as a reader's software sees it: text in its place, and the tree of tags.

Reads the content streams that WeasyPrint writes, one operator a line. All lengths are
points from the lower left corner of the page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pikepdf

# What matters of a content stream: state, marks and text.
_LINE = re.compile(
    rb"^(?:(?P<q>q)|(?P<Q>Q)|(?P<cm>[-\d. ]+) cm|(?P<EMC>EMC)"
    rb"|/(?P<tag>\w+)\n(?:BMC|<<(?P<properties>[^\n]*)>>\nBDC)"
    rb"|(?P<Tm>[-\d. ]+) Tm|/(?P<font>\w+) (?P<size>[\d.]+) Tf|\[(?P<TJ>[^\n]*)\] TJ)$",
    re.MULTILINE,
)
_SHOWN = re.compile(rb"<([0-9a-f]*)>|(-?[\d.]+)")
_MCID = re.compile(rb"/MCID (\d+)")

Matrix = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Text drawn at once; `mark` is its marked content, None for an artifact."""

    page: int
    mark: int | None
    is_marked: bool
    text: str
    left: float
    right: float
    base: float
    size: float
    is_upright: bool


@dataclass(eq=False, slots=True)
class Tag:
    """An element of the tree. `marks` are marked contents as (page, number)."""

    kind: str
    parent: Tag | None
    item: Any
    kids: list[Tag | tuple[int, int]] = field(default_factory=list)
    annotations: list[Any] = field(default_factory=list)

    @property
    def attributes(self) -> Any:
        return self.item.get("/A")

    def tags(self) -> list[Tag]:
        return [kid for kid in self.kids if isinstance(kid, Tag)]

    def walk(self) -> Iterator[Tag]:
        yield self
        for kid in self.tags():
            yield from kid.walk()

    def marks(self) -> Iterator[tuple[int, int]]:
        """Yield the marked contents in the order of the tree."""
        for kid in self.kids:
            if isinstance(kid, Tag):
                yield from kid.marks()
            else:
                yield kid

    def within(self, *kinds: str) -> bool:
        """Return whether the element lies within another of one of these kinds."""
        above = self.parent
        while above is not None and above.kind not in kinds:
            above = above.parent
        return above is not None


@dataclass(frozen=True, slots=True)
class Font:
    text: dict[int, str]
    widths: dict[int, float]


class Printed:
    """A PDF that was written by `reports.pdf`."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.pdf = pikepdf.open(io.BytesIO(content))
        self.height = float(self.pdf.pages[0].MediaBox[3])
        self.width = float(self.pdf.pages[0].MediaBox[2])
        self._numbers = {
            page.obj.objgen: number for number, page in enumerate(self.pdf.pages)
        }

    @cached_property
    def pieces(self) -> list[list[Piece]]:
        """Return the text of each page in the order in which it was drawn."""
        return [
            list(_pieces(number, page.Contents.read_bytes(), self.fonts))
            for number, page in enumerate(self.pdf.pages)
        ]

    @cached_property
    def marked(self) -> dict[tuple[int, int], list[Piece]]:
        """Return the text of each marked content."""
        found: dict[tuple[int, int], list[Piece]] = {}
        for piece in (piece for page in self.pieces for piece in page):
            if piece.mark is not None:
                found.setdefault((piece.page, piece.mark), []).append(piece)
        return found

    @cached_property
    def tree(self) -> Tag:
        (document,) = self.pdf.Root.StructTreeRoot.K
        return self._tag(document, None)

    def marks_on(self, page: int) -> list[int]:
        """Return the numbers of the marked contents of a page."""
        content = self.pdf.pages[page].Contents.read_bytes()
        return [int(number) for number in _MCID.findall(content)]

    def pieces_of(self, tag: Tag) -> list[Piece]:
        """Return the text of an element in the order of the tree."""
        return [piece for mark in tag.marks() for piece in self.marked.get(mark, ())]

    def text_of(self, tag: Tag) -> str:
        """Return the words of an element: pieces that follow one another on a line join."""
        words: list[str] = []
        last = None
        for piece in self.pieces_of(tag):
            if (
                last is None
                or abs(last.base - piece.base) > 0.5
                or last.page != piece.page
            ):
                words.append(" ")
            words.append(piece.text)
            last = piece
        return re.sub(r"\s+", " ", "".join(words)).strip()

    def text(self, page: int) -> str:
        """Return the text of a page as drawn, running heads included."""
        return re.sub(r"\s+", " ", " ".join(piece.text for piece in self.pieces[page]))

    @cached_property
    def fonts(self) -> dict[str, Font]:
        """Return the fonts by name; all pages share them."""
        found = {}
        for name, font in self.pdf.pages[0].obj.Resources.Font.items():
            (descendant,) = font.DescendantFonts
            found[name[1:]] = Font(to_unicode(font), _widths(descendant.W))
        return found

    def _tag(self, item: Any, parent: Tag | None, page: int = 0) -> Tag:
        tag = Tag(str(item.S)[1:], parent, item)
        if "/Pg" in item:
            page = self._numbers[item.Pg.objgen]
        kids = item.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if not isinstance(kid, pikepdf.Dictionary):
                tag.kids.append((page, int(kid)))
            elif kid.get("/Type") == "/OBJR":
                tag.annotations.append(kid.Obj)
            else:
                tag.kids.append(self._tag(kid, tag, page))
        return tag


def to_unicode(font: Any) -> dict[int, str]:
    """Return which text each glyph of a font stands for."""
    cmap = font.ToUnicode.read_bytes().decode("ascii")
    pairs = re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", cmap)
    return {
        int(glyph, 16): bytes.fromhex(text).decode("utf-16-be", "replace")
        for glyph, text in pairs
    }


def _widths(entries: Any) -> dict[int, float]:
    found: dict[int, float] = {}
    values = list(entries)
    for first, widths in zip(values[::2], values[1::2], strict=True):
        for offset, width in enumerate(widths):
            found[int(first) + offset] = float(width)
    return found


def _pieces(page: int, content: bytes, fonts: dict[str, Font]) -> Iterator[Piece]:
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    stack: list[Matrix] = []
    marks: list[tuple[bytes, int | None]] = []
    place: Matrix = matrix
    font, size = Font({}, {}), 0.0
    for line in _LINE.finditer(content):
        if line["TJ"] is not None:
            text, length = _shown(line["TJ"], font, size)
            yield _piece(page, marks, text, length, size, _product(place, matrix))
            place = _product((1, 0, 0, 1, length, 0), place)
        elif line["Tm"]:
            place = _matrix(line["Tm"])
        elif line["font"]:
            font, size = fonts[line["font"].decode()], float(line["size"])
        elif line["tag"]:
            number = _MCID.search(line["properties"] or b"")
            marks.append((line["tag"], int(number[1]) if number else None))
        elif line["EMC"]:
            marks.pop()
        else:
            matrix = _moved(line, matrix, stack)


def _moved(line: re.Match[bytes], matrix: Matrix, stack: list[Matrix]) -> Matrix:
    if line["cm"]:
        return _product(_matrix(line["cm"]), matrix)
    if line["Q"]:
        return stack.pop()
    stack.append(matrix)
    return matrix


def _piece(
    page: int,
    marks: list[tuple[bytes, int | None]],
    text: str,
    length: float,
    size: float,
    matrix: Matrix,
) -> Piece:
    a, b, _c, _d, left, base = matrix
    numbers = [number for _tag, number in marks if number is not None]
    return Piece(
        page=page,
        mark=numbers[-1] if numbers else None,
        is_marked=bool(marks),
        text=text,
        left=left,
        right=left + a * length,
        base=base,
        size=a * size,
        is_upright=abs(b) < 0.001,
    )


def _shown(operands: bytes, font: Font, size: float) -> tuple[str, float]:
    text, length = [], 0.0
    for glyphs, shift in _SHOWN.findall(operands):
        if shift:
            length -= float(shift)
            continue
        for at in range(0, len(glyphs), 4):
            glyph = int(glyphs[at : at + 4], 16)
            text.append(font.text.get(glyph, ""))
            length += font.widths.get(glyph, 0.0)
    return "".join(text), length * size / 1000


def _matrix(operands: bytes) -> Matrix:
    return tuple(map(float, operands.split()))


def _product(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )
