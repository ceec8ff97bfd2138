"""What chapters write to: headings, paragraphs, tables, links and pictures in order."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE

from reports.document.structure import Chart, Mark, Quote, Ref
from reports.exports.pictures import png
from reports.exports.word import markup
from reports.exports.word.markup import EMU_PER_MM, Table, bookmark_name, quoted
from reports.palette import FILLS

LINE = 174.0  # mm between the margins
_ABOVE = '<w:spacing w:before="560" w:after="200"/>'  # a chapter that begins no page
_WEB = re.compile(r"https?://[^\s<>\"\x00-\x1f\ufffe\uffff]+")

# The character style of a sign, by the kind of its mark; others have the plain one.
MARK_STYLES = {
    "none": "MarkNone",
    "dk": "MarkUnknown",
    "blank": "MarkUnknown",
    "na": "MarkClosed",
    "closed": "MarkClosed",
    "critical": "MarkNone",
    "error": "MarkNone",
    "worse": "MarkNone",
    "major": "MarkUnknown",
    "moderate": "MarkUnknown",
    "minor": "MarkUnknown",
    "warning": "MarkUnknown",
}
# Behind a class of gaps: the colour of the ground, and the style of what stands on it.
CLASS_FILLS = {kind: colour.lstrip("#").upper() for kind, colour in FILLS.items()}
GAP_STYLES = frozenset({*FILLS, "no-need", "not-assessed"})
DARK_CLASSES = frozenset({"critical"})


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    title: str
    bookmark: str


@dataclass
class Body:
    """The document being written. `document` keeps pictures and addresses of links."""

    document: Document
    is_rtl: bool
    parts: list[str] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    _numbers: int = 0

    # Inline

    def text(self, text: str, style: str = "") -> str:
        return markup.run(text, style, is_rtl=self.is_rtl)

    def strong(self, text: str) -> str:
        return self.text(text, "Strong")

    def muted(self, text: str) -> str:
        return self.text(text, "Muted")

    def mark(self, mark: Mark) -> str:
        """Return the sign of a mark alone."""
        return self.text(mark.symbol, MARK_STYLES.get(mark.kind, "Mark"))

    def labelled(self, mark: Mark) -> str:
        """Return a mark with its meaning in words."""
        space = " " if mark.symbol else ""
        return self.mark(mark) + self.text(f"{space}{mark.label}")

    def gap_class(self, mark: Mark) -> str:
        """Return the class of a gap as a label on its colour."""
        name = mark.kind.replace("-", " ").title().replace(" ", "")
        style = f"Gap{name}" if mark.kind in GAP_STYLES else "Strong"
        return self.text(f" {mark.symbol} {mark.label} ", style)

    def link(self, anchor: str, text: str, style: str = "Reference") -> str:
        """Return a link to a place in the document."""
        if not (anchor and text):
            return self.text(text)
        run = self.text(text, style)
        return (
            f'<w:hyperlink w:anchor="{bookmark_name(anchor)}" w:history="1">{run}'
            "</w:hyperlink>"
        )

    def ref(self, ref: Ref) -> str:
        return self.link(ref.anchor, ref.text)

    def refs(self, refs: Sequence[Ref], more: str = "") -> str:
        """Return links in a row, each with its sign and its note."""
        pieces = []
        for ref in refs:
            sign = self.mark(ref.mark) + self.text(" ") if ref.mark else ""
            note = self.muted(f" ({ref.note})") if ref.note else ""
            pieces.append(sign + self.ref(ref) + note)
        joined = self.text("; ").join(pieces)
        return joined + (self.text(f" {more}") if more else "")

    def web(self, url: str, text: str = "") -> str:
        """Return a link out of the document; what is no web address stays text."""
        if not _WEB.fullmatch(url):
            return self.text(text or url)
        key = self.document.part.relate_to(
            url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
        )
        run = self.text(text or url, "Hyperlink")
        return f'<w:hyperlink r:id="{key}" w:history="1">{run}</w:hyperlink>'

    def bookmark(self, anchor: str, inline: str) -> str:
        """Return `inline` as the place that links to `anchor` lead to."""
        if not anchor:
            return inline
        return self._marked(bookmark_name(anchor), inline)

    def picture(self, chart: Chart, *, width: float, height: float) -> str:
        """Return a chart as a picture of `width` × `height` mm with its words."""
        drawn = png(chart.svg, width, height)
        return self.image(drawn, chart.alt, width=width, height=height)

    def image(self, content: bytes, alt: str, *, width: float, height: float) -> str:
        key, _image = self.document.part.get_or_add_image(io.BytesIO(content))
        number, words = self._next(), quoted(alt)
        size = f'cx="{round(width * EMU_PER_MM)}" cy="{round(height * EMU_PER_MM)}"'
        named = f'id="{number}" name="chart-{number}" descr="{words}"'
        return (
            '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f"<wp:extent {size}/><wp:docPr {named}/><a:graphic>"
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            f"<pic:pic><pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>"
            f'<pic:blipFill><a:blip r:embed="{key}"/><a:stretch><a:fillRect/></a:stretch>'
            f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    # Blocks

    def heading(
        self,
        level: int,
        title: str,
        anchor: str = "",
        *,
        more: str = "",
        is_on_new_page: bool = True,
    ) -> None:
        """Write a heading; `more` follows its title and is not in the contents.

        A heading of the first level begins a page if `is_on_new_page`.
        """
        inline, bookmark = self.text(title), f"_Toc{len(self.headings) + 1:08}"
        self.headings.append(Heading(level, title, bookmark))
        inline = self._marked(bookmark, self.bookmark(anchor, inline)) + more
        stays = level == 1 and not is_on_new_page
        self.parts.append(
            markup.paragraph(
                inline,
                f"Heading{level}",
                is_rtl=self.is_rtl,
                more=['<w:pageBreakBefore w:val="0"/>'] if stays else [],
                spacing=_ABOVE if stays else "",
            )
        )

    def paragraph(
        self, inline: str, style: str = "", *, keeps_next: bool = False
    ) -> None:
        more = [markup.KEEP_NEXT] if keeps_next else []
        self.parts.append(
            markup.paragraph(inline, style, is_rtl=self.is_rtl, more=more)
        )

    def paragraphs(self, texts: Iterable[str], style: str = "") -> None:
        for text in texts:
            if text:
                self.paragraph(self.text(text), style)

    def bullets(self, items: Iterable[str]) -> None:
        for inline in items:
            self.paragraph(inline, "ListBullet")

    def quote(self, quote: Quote) -> None:
        said = self.text(f"“{quote.text}”")
        self.paragraph(self.ref(quote.ref) + self.text(": ") + said, "Quote")

    def table(self, given: Table) -> None:
        """Write a table, and a line of air after it, which also keeps tables apart."""
        self.parts.append(markup.table(given, line=LINE, is_rtl=self.is_rtl))
        self.paragraph("", "AfterTable", keeps_next=given.keeps_next)

    def _marked(self, name: str, inline: str) -> str:
        number = self._next()
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inline}'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers
