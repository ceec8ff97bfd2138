"""The styles of the Word report: named as Word names its own, so that offices can change them.

Sizes are those of the PDF, a little larger where Word's tables are roomier. Fonts are
named, not embedded; `FONTS` says by what a program without one replaces it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.exports.word.markup import TWIPS_PER_MM
from reports.palette import FILLS

BLUE, INK, GREY, RED, AMBER = "1F5F99", "1D2733", "56636F", "8A1C1C", "8A4B08"
GREEN, LINE, PALE = "14652F", "D5DBE1", "F4F7FA"
TEXT_FONT, SIGN_FONT = "Arial", "Segoe UI Symbol"
CHINESE_FONT = "Microsoft YaHei"
FONTS = {
    TEXT_FONT: "Liberation Sans",
    SIGN_FONT: "Noto Sans Symbols 2",
    CHINESE_FONT: "Noto Sans CJK SC",
}
_LANGUAGES = {
    "ar": "ar-SA",
    "en": "en-GB",
    "es": "es-ES",
    "fr": "fr-FR",
    "ru": "ru-RU",
    "zh-hans": "zh-CN",
}
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BULLETS = 1  # the number of the one list


@dataclass(frozen=True, slots=True)
class Look:
    """A style of paragraphs or runs. Sizes and spaces in points; `more` goes into pPr."""

    code: str
    name: str
    size: float = 0.0
    colour: str = ""
    is_bold: bool = False
    is_italic: bool = False
    before: float | None = None
    after: float | None = None
    base: str = "Normal"
    following: str = ""
    line: int = 0  # between lines, in 240ths
    lead: str = ""  # what stands before the spacing in pPr
    trail: str = ""  # what stands after it
    fill: str = ""
    font: str = ""
    is_underlined: bool = False
    raised: str = ""  # superscript or subscript
    outline: int | None = None


_KEEP = "<w:keepNext/><w:keepLines/>"
_RULE = '<w:{0} w:val="single" w:sz="{1}" w:space="{2}" w:color="{3}"/>'
_TABS = '<w:tabs><w:tab w:val="right" w:pos="9865"/></w:tabs>'


def _ruled(side: str, size: int, space: int, colour: str) -> str:
    return f"<w:pBdr>{_RULE.format(side, size, space, colour)}</w:pBdr>"


_PARAGRAPHS = (
    Look("Subtitle", "Subtitle", 13, BLUE, is_bold=True, before=110, after=14,
         lead=_ruled("top", 20, 12, BLUE)),
    Look("Title", "Title", 34, INK, is_bold=True, after=6, following="Normal"),
    Look("CoverText", "Cover Text", 15, GREY, after=3),
    Look("Notice", "Notice", 11, RED, is_bold=True, before=18, after=24,
         lead=_ruled("left", 24, 8, RED), trail='<w:ind w:left="200"/>'),
    Look("Heading1", "heading 1", 18, BLUE, is_bold=True, after=10, following="Normal",
         lead=_KEEP + "<w:pageBreakBefore/>", outline=0),
    Look("Heading2", "heading 2", 12.5, INK, is_bold=True, before=11, after=4,
         following="Normal", lead=_KEEP, outline=1),
    Look("Heading3", "heading 3", 10, INK, is_bold=True, before=10, after=3,
         following="Normal", lead=_KEEP, outline=2),
    Look("TOCHeading", "TOC Heading", 18, BLUE, is_bold=True, after=10,
         following="Normal", lead=_KEEP + "<w:pageBreakBefore/>"),
    Look("TOC1", "toc 1", 9.5, INK, is_bold=True, before=3, after=1, lead=_TABS),
    Look("TOC2", "toc 2", 9, INK, after=0.5, lead=_TABS,
         trail='<w:ind w:left="340"/>'),
    Look("ListBullet", "List Bullet", after=3,
         lead=f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{BULLETS}"/></w:numPr>',
         trail='<w:contextualSpacing/>'),
    Look("Caption", "caption", 8.5, GREY, before=3, after=6),
    Look("Quote", "Quote", 9, INK, is_italic=True, before=3, after=5,
         lead=_ruled("left", 16, 8, "C3CBD3"), trail='<w:ind w:left="220"/>'),
    Look("Note", "Note", 8.5, GREY, after=4),
    Look("Purpose", "Purpose", 9, GREY, after=5, lead="<w:keepNext/>"),
    Look("Narrative", "Narrative", 8.5, after=3, line=252),
    Look("Headline", "Headline", 13, INK, is_bold=True, after=4),
    Look("Figure", "Figure", 28, BLUE, is_bold=True, after=0, trail='<w:jc w:val="center"/>'),
    Look("TableText", "Table Text", 7.5, after=1, line=240),
    Look("TableNumber", "Table Number", base="TableText", trail='<w:jc w:val="right"/>'),
    Look("TableSign", "Table Sign", base="TableText", trail='<w:jc w:val="center"/>'),
    Look("TableHead", "Table Head", 7, BLUE, is_bold=True, base="TableText",
         lead="<w:keepNext/>"),
    Look("TableHeadNumber", "Table Head Number", 7, BLUE, is_bold=True,
         base="TableHead", trail='<w:jc w:val="right"/>'),
    Look("TableHeadSign", "Table Head Sign", 7, BLUE, is_bold=True,
         base="TableHead", trail='<w:jc w:val="center"/>'),
    Look("TableGroup", "Table Group", 8, INK, is_bold=True, base="TableText",
         lead="<w:keepNext/>"),
    Look("AfterTable", "After Table", 4, after=3),
    Look("header", "header", 7.5, GREY, after=0, lead=_TABS),
    Look("footer", "footer", 7.5, GREY, after=0,
         lead=_ruled("top", 4, 4, "C3CBD3") + _TABS),
)  # fmt: skip

_RUNS = (
    Look("Strong", "Strong", is_bold=True),
    Look("Hyperlink", "Hyperlink", colour="174A78", is_underlined=True),
    Look("Reference", "Reference", colour="174A78"),
    Look("PlainLink", "Plain Link", colour=INK),
    Look("Small", "Small", 9, GREY),
    Look("RuleCode", "Rule Code", 6, GREY, raised="superscript"),
    Look("Symbol", "Symbol", is_italic=True),
    Look("Subscript", "Subscript", raised="subscript"),
    Look("Muted", "Muted", colour=GREY),
    Look("Alert", "Alert", colour=RED, is_bold=True),
    Look("Unknown", "Unknown", colour=AMBER, is_italic=True),
    Look("Reviewed", "Reviewed", fill="FDF3DC"),
    Look("Better", "Better", colour=GREEN),
    Look("Worse", "Worse", colour=RED),
    Look("OnDark", "On Dark", colour="FFFFFF"),
    Look("Mark", "Mark", colour=BLUE, font=SIGN_FONT),
    Look("MarkNone", "Mark None", colour=RED, font=SIGN_FONT),
    Look("MarkUnknown", "Mark Unknown", colour=AMBER, font=SIGN_FONT),
    Look("MarkClosed", "Mark Closed", colour=GREY, font=SIGN_FONT),
    Look(
        "GapCritical",
        "Gap Critical",
        colour="FFFFFF",
        fill=FILLS["critical"].lstrip("#"),
    ),
    Look("GapMajor", "Gap Major", colour="451A08", fill=FILLS["major"].lstrip("#")),
    Look(
        "GapModerate",
        "Gap Moderate",
        colour="4A2800",
        fill=FILLS["moderate"].lstrip("#"),
    ),
    Look("GapMinor", "Gap Minor", colour="4A3B00", fill=FILLS["minor"].lstrip("#")),
    Look("GapMet", "Gap Met", colour="14532D", fill=FILLS["met"].lstrip("#")),
    Look("GapNoNeed", "Gap No Need", colour="3C4853", fill="E8ECF1"),
    Look("GapNotAssessed", "Gap Not Assessed", colour="3C4853", fill="E8ECF1"),
)

# The colour stands here, since Writer lets the defaults win over styles inside tables.
_NORMAL = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
    '<w:name w:val="Normal"/><w:qFormat/>'
    f'<w:rPr><w:color w:val="{INK}"/></w:rPr></w:style>'
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/></w:style>'
)


def language_tag(language: str) -> str:
    return _LANGUAGES.get(language, language)


def styles(language: str, *, is_rtl: bool) -> str:
    """Return the children of `w:styles` for a document in `language`."""
    return "".join(
        [
            _defaults(language),
            _NORMAL,
            *(_paragraph_style(look, is_rtl=is_rtl) for look in _PARAGRAPHS),
            *(_run_style(look) for look in _RUNS),
            _table_styles(),
        ]
    )


def numbering() -> str:
    """Return the children of `w:numbering`: the list of the style List Bullet."""
    return (
        '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
        '<w:pStyle w:val="ListBullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="284" w:hanging="284"/></w:pPr>'
        f'<w:rPr><w:color w:val="{BLUE}"/></w:rPr></w:lvl></w:abstractNum>'
        f'<w:num w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num>'
    )


def font_table() -> bytes:
    """Return the part that names the fonts and what may stand in their place."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
        for name, other in FONTS.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<w:fonts xmlns:w="{_WORD}">{fonts}</w:fonts>'.encode()


def _defaults(language: str) -> str:
    tag = language_tag(language)
    fonts = (
        f'<w:rFonts w:ascii="{TEXT_FONT}" w:eastAsia="{CHINESE_FONT}" '
        f'w:hAnsi="{TEXT_FONT}" w:cs="{TEXT_FONT}"/>'
    )
    other = tag if tag.startswith("ar") else "ar-SA"
    main = "en-GB" if tag.startswith("ar") else tag
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts}"
        '<w:sz w:val="19"/><w:szCs w:val="19"/>'
        f'<w:lang w:val="{main}" w:eastAsia="zh-CN" w:bidi="{other}"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault><w:pPr>"
        '<w:spacing w:after="100" w:line="264" w:lineRule="auto"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults>"
    )


def _paragraph_style(look: Look, *, is_rtl: bool) -> str:
    spaces = "".join(
        f' w:{side}="{round(value * 20)}"'
        for side, value in (("before", look.before), ("after", look.after))
        if value is not None
    )
    if look.line:
        spaces += f' w:line="{look.line}" w:lineRule="auto"'
    properties = "".join(
        [
            _mirrored(look.lead) if is_rtl else look.lead,
            "<w:bidi/>" if is_rtl else "",
            f"<w:spacing{spaces}/>" if spaces else "",
            look.trail,
            f'<w:outlineLvl w:val="{look.outline}"/>'
            if look.outline is not None
            else "",
        ]
    )
    following = f'<w:next w:val="{look.following}"/>' if look.following else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{look.code}"'
        f'{_custom(look)}><w:name w:val="{look.name}"/>'
        f'<w:basedOn w:val="{look.base}"/>{following}<w:qFormat/>'
        f"<w:pPr>{properties}</w:pPr>{_run_properties(look)}</w:style>"
    )


def _mirrored(lead: str) -> str:
    """Return a rule beside a paragraph on its other side: it does not follow the script."""
    return lead.replace("<w:left ", "<w:right ")


def _run_style(look: Look) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{look.code}"{_custom(look)}>'
        f'<w:name w:val="{look.name}"/><w:qFormat/>{_run_properties(look)}</w:style>'
    )


_BUILT_IN = frozenset(
    ("Subtitle", "Title", "Heading1", "Heading2", "Heading3", "TOCHeading", "TOC1", "TOC2",
     "ListBullet", "Caption", "Quote", "header", "footer", "Strong",
     "Hyperlink")
)  # fmt: skip


def _custom(look: Look) -> str:
    return "" if look.code in _BUILT_IN else ' w:customStyle="1"'


def _run_properties(look: Look) -> str:
    half_points = round(look.size * 2)
    parts = [
        (
            look.font,
            '<w:rFonts w:ascii="{0}" w:eastAsia="{0}" w:hAnsi="{0}" w:cs="{0}"/>',
        ),
        (look.is_bold, "<w:b/><w:bCs/>"),
        (look.is_italic, "<w:i/><w:iCs/>"),
        (look.colour, '<w:color w:val="{0}"/>'),
        (half_points, '<w:sz w:val="{0}"/><w:szCs w:val="{0}"/>'),
        (look.is_underlined, '<w:u w:val="single"/>'),
        (look.fill, '<w:shd w:val="clear" w:color="auto" w:fill="{0}"/>'),
        (look.raised, '<w:vertAlign w:val="{0}"/>'),
    ]
    found = "".join(text.format(value) for value, text in parts if value)
    return f"<w:rPr>{found}</w:rPr>" if found else ""


# Tables


def _table_styles() -> str:
    margin = round(1.2 * TWIPS_PER_MM)
    plain = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:tblPr>'
        f'<w:tblInd w:w="0" w:type="dxa"/>{_margins(margin)}</w:tblPr></w:style>'
    )
    report = (
        '<w:style w:type="table" w:customStyle="1" w:styleId="ReportTable">'
        '<w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr>{_borders(('bottom', 'insideH'), LINE)}{_margins(margin)}</w:tblPr>"
        f"{_conditional('firstRow', _bottom(BLUE))}"
        '<w:tblStylePr w:type="firstCol"><w:rPr><w:b/><w:bCs/></w:rPr></w:tblStylePr>'
        "</w:style>"
    )
    grid = (
        '<w:style w:type="table" w:customStyle="1" w:styleId="ReportGrid">'
        '<w:name w:val="Report Grid"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr>{_borders(_SIDES, 'B3BDC7')}{_margins(margin)}</w:tblPr></w:style>"
    )
    box = (
        '<w:style w:type="table" w:customStyle="1" w:styleId="ReportBox">'
        '<w:name w:val="Report Box"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr>{_margins(round(2.4 * TWIPS_PER_MM))}</w:tblPr>"
        f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{PALE}"/>'
        '<w:vAlign w:val="center"/></w:tcPr></w:style>'
    )
    return plain + report + grid + box


_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def _borders(sides: Iterable[str], colour: str) -> str:
    lines = "".join(_RULE.format(side, 4, 0, colour) for side in sides)
    return f"<w:tblBorders>{lines}</w:tblBorders>"


def _margins(sideways: int) -> str:
    sides = (("top", 30), ("left", sideways), ("bottom", 10), ("right", sideways))
    cells = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides)
    return f"<w:tblCellMar>{cells}</w:tblCellMar>"


def _bottom(colour: str) -> str:
    return f"<w:tcBorders>{_RULE.format('bottom', 8, 0, colour)}</w:tcBorders>"


def _conditional(kind: str, cells: str) -> str:
    return (
        f'<w:tblStylePr w:type="{kind}"><w:tcPr>{cells}<w:vAlign w:val="bottom"/></w:tcPr>'
        "</w:tblStylePr>"
    )
