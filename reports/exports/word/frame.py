"""What surrounds the chapters: page, running heads, properties, contents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import docx
from django.utils.translation import pgettext
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.opc.rel import Relationships
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import _BaseHeaderFooter
from docx.shared import Mm

from assessment.spreadsheets import printable
from reports.document.structure import ReportDocument
from reports.document.wording import clipped
from reports.exports.word import markup
from reports.exports.word.body import Body, Heading
from reports.exports.word.styles import font_table, language_tag, numbering, styles

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)
# Parts of python-docx's template that say nothing here.
_UNUSED = ("stylesWithEffects", "webSettings", "customXml", "thumbnail", "fontTable")
_CONTENTS_DEPTH = 2
_PROPERTY_LENGTH = 255  # letters that python-docx takes
# 15 is that of Word 2013 and later: an older one opens in compatibility mode.
_WORD_VERSION = "15"

_WATERMARK = (
    '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" '
    'adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>'
    '<v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>'
    '<v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>'
    '<v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/>'
    '<v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom" '
    'o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
    '<v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="watermark{number}" o:spid="_x0000_s20{number}" type="#_x0000_t136" '
    'alt="{words}" style="position:absolute;margin-left:0;margin-top:0;width:430pt;'
    "height:140pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;"
    "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
    'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#f0dada" '
    'stroked="f"><v:fill opacity=".6"/>'
    '<v:textpath style="font-family:Arial;font-size:1pt;font-weight:bold" string="{words}"/>'
    "</v:shape></w:pict></w:r>"
)


def empty_document(report: ReportDocument) -> Document:
    """Return a document with page, styles, running heads and properties, and no text."""
    document = docx.Document()
    is_rtl = report.direction == "rtl"
    _drop(document.part.rels)
    _drop(document.part.package.rels)
    _fill(document.styles.element, styles(report.language, is_rtl=is_rtl))
    _fill(document.part.numbering_part.element, numbering())
    _name_fonts(document)
    _set_version(document)
    _set_page(document, report, is_rtl=is_rtl)
    _describe(document, report)
    return document


def write_contents(body: Body, at: int) -> None:
    """Put the contents before the part `at`: a field, filled in with the headings."""
    shown = [one for one in body.headings if one.level <= _CONTENTS_DEPTH]
    lines = [_contents_line(body, one) for one in shown]
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText '
        f'xml:space="preserve"> TOC \\o "1-{_CONTENTS_DEPTH}" \\h \\z \\u </w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    paragraphs = [
        markup.paragraph(
            (begin if index == 0 else "")
            + line
            + (end if index == len(lines) - 1 else ""),
            f"TOC{heading.level}",
            is_rtl=body.is_rtl,
        )
        for index, (heading, line) in enumerate(zip(shown, lines, strict=True))
    ]
    body.parts[at:at] = paragraphs


def _contents_line(body: Body, heading: Heading) -> str:
    text = body.text(heading.title, "PlainLink")
    page = markup.field(f"PAGEREF {heading.bookmark} \\h")
    return (
        f'<w:hyperlink w:anchor="{heading.bookmark}" w:history="1">{text}'
        f"<w:r><w:tab/></w:r>{page}</w:hyperlink>"
    )


def assemble(body: Body) -> None:
    """Move what was written into the document, before the properties of its section."""
    text = "".join(body.parts)
    read = parse_xml(f"<w:body {_NAMESPACES}>{text}</w:body>")
    end = body.document.element.body.sectPr
    for element in list(read):
        end.addprevious(element)


def _fill(element: BaseOxmlElement, children: str) -> None:
    """Replace what is inside `element`."""
    for child in list(element):
        element.remove(child)
    for child in list(parse_xml(f"<w:body {_NAMESPACES}>{children}</w:body>")):
        element.append(child)


def _drop(relations: Relationships) -> None:
    for key, relation in list(relations.items()):
        if relation.reltype.rpartition("/")[2] in _UNUSED:
            del relations[key]


def _name_fonts(document: Document) -> None:
    part = Part(
        PackURI("/word/fontTable.xml"),
        CONTENT_TYPE.WML_FONT_TABLE,
        font_table(),
        document.part.package,
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)


def _set_version(document: Document) -> None:
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), _WORD_VERSION)


def _set_page(document: Document, report: ReportDocument, *, is_rtl: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(22), Mm(19)
    section.header_distance, section.footer_distance = Mm(10), Mm(9)
    section.different_first_page_header_footer = True
    body = Body(document, is_rtl)
    draft = _watermark(report, 51)
    _replace(section.first_page_header, body, [draft], "header")
    _replace(section.first_page_footer, body, [""], "")
    _replace(section.header, body, _running_head(body, report), "header")
    _replace(section.footer, body, [_running_foot(body, report)], "footer")
    if is_rtl:
        properties = document.element.body.sectPr
        grid = properties.find("{*}docGrid")
        bidi = parse_xml(f"<w:bidi {_NAMESPACES}/>")
        if grid is None:
            properties.append(bidi)
        else:
            grid.addprevious(bidi)


def _replace(
    part: _BaseHeaderFooter, body: Body, lines: Sequence[str], style: str
) -> None:
    part.is_linked_to_previous = False
    text = "".join(markup.paragraph(line, style, is_rtl=body.is_rtl) for line in lines)
    _fill(part._element, text)  # python-docx keeps it under no public name


def _running_head(body: Body, report: ReportDocument) -> list[str]:
    draft = ""
    if report.watermark:
        draft = "<w:r><w:tab/></w:r>" + body.text(report.watermark, "Alert")
    lines = [body.text(report.running_head) + draft + _watermark(report, 52)]
    if report.notice:
        lines.append(body.text(report.notice, "Alert"))
    return lines


def _watermark(report: ReportDocument, number: int) -> str:
    if not report.watermark:
        return ""
    return _WATERMARK.format(number=number, words=markup.quoted(report.watermark))


def _running_foot(body: Body, report: ReportDocument) -> str:
    page = body.text(pgettext("page 3 of 20", "Page") + " ") + markup.field("PAGE", "1")
    of = body.text(" " + pgettext("page 3 of 20", "of") + " ") + markup.field(
        "NUMPAGES"
    )
    return body.text(report.running_foot) + "<w:r><w:tab/></w:r>" + page + of


def _describe(document: Document, report: ReportDocument) -> None:
    """Set the properties; the moment of the record is written when the file is packed."""
    properties = document.core_properties
    properties.title = _property(report.title)
    properties.author = properties.last_modified_by = _property(report.cover.country)
    properties.subject = _property(report.cover.title)
    properties.language = language_tag(report.language)
    properties.keywords = properties.category = properties.comments = ""
    properties.identifier = report.cover.hash
    properties.content_status = _property(report.cover.status)
    properties.revision = 1
    properties.created = properties.modified = datetime(2000, 1, 1, tzinfo=UTC)


def _property(text: str) -> str:
    """Return `text` as short as a property has to be."""
    return clipped(printable(text), _PROPERTY_LENGTH)
