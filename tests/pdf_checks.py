"""What must hold of the tags and the pages of every report, whatever it is made from.

Each check returns what it found wrong, in words; nothing is right.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from html import escape

import pikepdf

from tests.pdf_reading import Piece, Printed, Tag

MM = 72 / 25.4
MARGIN = 18 * MM
TOP, BOTTOM = 22 * MM, 19 * MM
HEADINGS = ("H1", "H2", "H3")
BLOCKS = ("P", "H1", "H2", "H3", "L", "Table", "Div", "Figure")
SLIGHT = 1.0

Check = Callable[[Printed], list[str]]


# The tree of tags: PDF/UA-1


def names_language_and_title(printed: Printed) -> list[str]:
    root, metadata = printed.pdf.Root, printed.pdf.Root.Metadata.read_bytes().decode()
    found = {
        "no language": not str(root.get("/Lang", "")),
        "not marked as tagged": not bool(root.MarkInfo.Marked),
        "title not shown": not bool(root.ViewerPreferences.DisplayDocTitle),
        "no title": not str(printed.pdf.docinfo.get("/Title", "")),
        "no title in the metadata": "dc:title" not in metadata,
        "does not say PDF/UA-1": not re.search(r'pdfuaid:part="1"', metadata),
        "tab order": any(page.get("/Tabs") != "/S" for page in printed.pdf.pages),
    }
    return [what for what, is_wrong in found.items() if is_wrong]


def is_what_archives_ask_for(printed: Printed) -> list[str]:
    """PDF/A-2b, as far as it can be seen here (ISO 19005-2)."""
    pdf = printed.pdf
    metadata = pdf.Root.Metadata.read_bytes().decode()
    objects = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
    streams = [o for o in pdf.objects if isinstance(o, pikepdf.Stream)]
    links = [o for o in objects if o.get("/Subtype") == "/Link"]
    found = {
        "does not say PDF/A-2b": 'pdfaid:part="2" pdfaid:conformance="B"' not in metadata,
        "not one description of itself": metadata.count("<rdf:RDF") != 1,
        "does not describe pdfuaid": "<pdfaSchema:prefix>pdfuaid<" not in metadata,
        "title": escape(str(pdf.docinfo.Title)) not in metadata,
        "no output intent": pdf.Root.OutputIntents[0].S != "/GTS_PDFA1",
        "no identifier": len(pdf.trailer.get("/ID", [])) != 2,
        "encrypted": pdf.is_encrypted,
        "scripts or files": {"/JavaScript", "/EmbeddedFiles"} & set(pdf.Root.Names.keys()),
        "links that do not print": any(int(link.get("/F", 0)) != 4 for link in links),
        "interpolated pictures": any(s.get("/Interpolate", False) for s in streams),
        "states nested too deep": max(map(_depth, pdf.pages)) > 28,
    }  # fmt: skip
    return [what for what, is_wrong in found.items() if is_wrong]


def _depth(page: pikepdf.Page) -> int:
    """Return how deep graphics states are nested."""
    steps = re.findall(rb"^[qQ]$", page.Contents.read_bytes(), re.MULTILINE)
    return max(itertools.accumulate(1 if step == b"q" else -1 for step in steps))


def headings_go_down_one_by_one(printed: Printed) -> list[str]:
    found, before = [], 0
    for tag in printed.tree.walk():
        if tag.kind not in HEADINGS:
            continue
        level, text = int(tag.kind[1]), printed.text_of(tag)
        if level > before + 1 or not text:
            found.append(f"{tag.kind} after H{before}: {text!r}")
        before = level
    return found


def bookmarks_are_the_headings(printed: Printed) -> list[str]:
    headings = [printed.text_of(tag) for tag in printed.tree.walk() if tag.kind == "H1"]
    with printed.pdf.open_outline() as outline:
        marks = [str(item.title) for item in outline.root]
    return [] if marks == headings else [f"{marks} for {headings}"]


def tables_have_heads(printed: Printed) -> list[str]:
    return [
        f"page {_page(table)}: {what} in {printed.text_of(table)[:60]!r}"
        for table in printed.tree.walk()
        if table.kind == "Table"
        for what in _wrong_in_table(table)
    ]


def _wrong_in_table(table: Tag) -> Iterator[str]:
    rows = [tag for tag in table.walk() if tag.kind == "TR"]
    cells = [cell for row in rows for cell in row.tags()]
    heads = [cell for cell in cells if cell.kind == "TH"]
    if not heads:
        yield "no TH"
    if any(cell.attributes.get("/Scope") not in ("/Row", "/Column") for cell in heads):
        yield "TH without a scope"
    if {cell.kind for cell in cells} - {"TH", "TD"}:
        yield "something else than cells"
    widths = {
        sum(int(c.attributes.get("/ColSpan", 1)) for c in row.tags()) for row in rows
    }
    if len(widths) > 1:
        yield f"rows of {sorted(widths)} columns"
    inside = {tag.kind for tag in table.walk()} & {*HEADINGS, "Table"}
    if inside - {"Table"} or sum(tag.kind == "Table" for tag in table.walk()) > 1:
        yield "headings or tables inside"


def no_table_begins_anew_overleaf(printed: Printed) -> list[str]:
    """Look for a table right after one with the same head, on a later page."""
    found = []
    for holder in printed.tree.walk():
        for first, second in itertools.pairwise(holder.tags()):
            if first.kind == second.kind == "Table":
                heads = [printed.text_of(table.tags()[0]) for table in (first, second)]
                if len(set(heads)) == 1 and _page(first) < _page(second):
                    found.append(f"page {_page(second)}: {heads[0]!r}")
    return found


def cells_name_their_heads(printed: Printed) -> list[str]:
    """Names of heads are in the tree of names once, cells name heads of their table."""
    names = list(printed.pdf.Root.StructTreeRoot.IDTree.Names)
    known = {
        bytes(name): item.objgen
        for name, item in zip(names[::2], names[1::2], strict=True)
    }
    found = [] if 2 * len(known) == len(names) else ["one name twice"]
    heads: dict[bytes, tuple[int, int]] = {}
    for table in (tag for tag in printed.tree.walk() if tag.kind == "Table"):
        cells = [tag for tag in table.walk() if tag.kind in ("TH", "TD")]
        own = {bytes(c.item.ID): c.item.objgen for c in cells if c.kind == "TH"}
        named = [bytes(n) for c in cells for n in c.attributes.get("/Headers", ())]
        if set(named) - set(own) or (own and not named):
            found.append(f"page {_page(table)}: {sorted(set(named) - set(own))}")
        heads |= own
    return found + ([] if heads == known else ["other heads than those in the tree"])


def figures_are_described(printed: Printed) -> list[str]:
    found = []
    for item in printed.pdf.objects:
        is_figure = isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        if not is_figure:
            continue
        left, bottom, right, top = (float(side) for side in item.A.BBox)
        is_inside = (
            0 <= left < right <= printed.width and 0 <= bottom < top <= printed.height
        )
        if not str(item.get("/Alt", "")).strip() or not is_inside:
            found.append(f"{item.get('/Alt')} at {[left, bottom, right, top]}")
    return found


def lists_hold_items(printed: Printed) -> list[str]:
    allowed = {"L": {"LI"}, "LI": {"Lbl", "LBody"}}
    return [
        f"{tag.kind} holds {kid.kind} on page {_page(tag)}"
        for tag in printed.tree.walk()
        if tag.kind in allowed
        for kid in tag.tags()
        if kid.kind not in allowed[tag.kind]
    ]


def links_are_described(printed: Printed) -> list[str]:
    found, seen = [], Counter[tuple[int, int]]()
    for tag in printed.tree.walk():
        if tag.kind == "Link" and (len(tag.annotations) != 1 or tag.within("Link")):
            found.append(f"link {printed.text_of(tag)!r} is not one annotation")
        for annotation in tag.annotations:
            seen[annotation.objgen] += 1
            if tag.kind != "Link" or not str(annotation.get("/Contents", "")).strip():
                found.append(f"{tag.kind} with {annotation.get('/Contents')}")
    found += [
        f"annotation {annotation.get('/Contents')} is not in the tree"
        for page in printed.pdf.pages
        for annotation in page.obj.get("/Annots", [])
        if seen.pop(annotation.objgen, 0) != 1 or "/StructParent" not in annotation
    ]
    return found + [f"annotation {objgen} on no page" for objgen in seen]


def all_content_is_in_the_tree_or_an_artifact(printed: Printed) -> list[str]:
    in_tree = Counter(printed.tree.marks())
    found = [f"{mark} is {times} times in the tree" for mark, times in in_tree.items()
             if times > 1]  # fmt: skip
    for piece in (piece for page in printed.pieces for piece in page):
        if not piece.is_marked:
            found.append(f"{piece.text!r} on page {piece.page + 1} is not marked")
        elif piece.mark is not None and (piece.page, piece.mark) not in in_tree:
            found.append(f"{piece.text!r} on page {piece.page + 1} is in no element")
    return found


def content_leads_to_its_element(printed: Printed) -> list[str]:
    """Every mark on a page is the tree's or nobody's, and its parent is what holds it."""
    numbers = list(printed.pdf.Root.StructTreeRoot.ParentTree.Nums)
    parents = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    found = {
        (page, number): parent.objgen
        for page, obj in enumerate(printed.pdf.pages)
        for number, parent in enumerate(parents[int(obj.obj.StructParents)])
        if parent is not None
    }
    drawn = {(page, mark) for page in range(len(printed.pieces))
             for mark in printed.marks_on(page)}  # fmt: skip
    holders = {
        kid: tag.item.objgen
        for tag in printed.tree.walk()
        for kid in tag.kids
        if not isinstance(kid, Tag)
    }
    wrong = {mark for mark in found | holders if found.get(mark) != holders.get(mark)}
    return [str(mark) for mark in sorted(wrong | (drawn ^ set(found)))]


def tree_goes_down_the_page(printed: Printed) -> list[str]:
    """Look at what stands below one another: the blocks within one section."""
    found = []
    for holder in printed.tree.walk():
        if holder.kind not in ("Document", "Part", "Sect", "Art"):
            continue
        last: dict[int, float] = {}
        for block in holder.tags():
            for page, pieces in _by_page(printed.pieces_of(block)):
                top = max(piece.base + piece.size for piece in pieces)
                if top > last.get(page, top) + 3:
                    found.append(f"page {page + 1}: {printed.text_of(block)[:50]!r}")
                last[page] = min(piece.base for piece in pieces)
    return found


def fonts_are_whole(printed: Printed) -> list[str]:
    found = []
    for name, font in printed.pdf.pages[0].obj.Resources.Font.items():
        (descendant,) = font.DescendantFonts
        descriptor = descendant.FontDescriptor
        is_embedded = {"/FontFile2", "/FontFile3"} & set(descriptor.keys())
        known = printed.fonts[name[1:]]
        used = set(known.widths)
        is_ours = re.search("Noto|Vazirmatn", str(descriptor.FontName))
        if not (is_embedded and is_ours):
            found.append(f"{descriptor.FontName} is not embedded")
        if "\ufffd" in "".join(known.text.values()) or not known.text or not used:
            found.append(f"{descriptor.FontName} does not say its text")
    return found


# The pages


def no_heading_is_last_on_a_page(printed: Printed) -> list[str]:
    """Neither a heading, nor the head of a table, nor the title of a group of rows."""
    lowest = _lowest(printed)
    return [
        f"page {page + 1} ends with {printed.text_of(tag)!r}"
        for tag in printed.tree.walk()
        if _is_head(tag)
        for page, pieces in _by_page(printed.pieces_of(tag))
        if min(piece.base for piece in pieces) <= lowest[page] + SLIGHT
    ]


def _is_head(tag: Tag) -> bool:
    if tag.kind in (*HEADINGS, "THead"):
        return True
    is_wide = tag.kind == "TH" and tag.attributes.get("/ColSpan", 1) >= 5
    return is_wide or (tag.kind == "TR" and _is_head_of_rows(tag))


def _is_head_of_rows(row: Tag) -> bool:
    """Return whether a row of annex B names the question of the rows that follow."""
    spans = [int(cell.attributes.get("/ColSpan", 1)) for cell in row.tags()]
    return spans == [1, 3, 1]


def text_stays_within_the_margins(printed: Printed) -> list[str]:
    found = []
    for piece in (piece for page in printed.pieces for piece in page):
        if not piece.text.strip() or not piece.is_upright:
            continue
        is_head = piece.mark is None
        low, high = (0, 0) if is_head else (BOTTOM, TOP)
        if (
            piece.left < MARGIN - SLIGHT
            or piece.right > printed.width - MARGIN + SLIGHT
            or piece.base < low
            or piece.base + 0.7 * piece.size > printed.height - high + SLIGHT
        ):
            found.append(f"page {piece.page + 1}: {piece.text!r}")
    return found


def text_does_not_overlap(printed: Printed) -> list[str]:
    """Look for text on one line that runs into what follows."""
    found = []
    for page in printed.pieces:
        lines: dict[int, list[Piece]] = {}
        for piece in page:
            is_on_its_own = not unicodedata.combining((piece.text + " ")[0])
            if piece.is_upright and piece.text.strip() and is_on_its_own:
                lines.setdefault(round(piece.base), []).append(piece)
        for line in lines.values():
            line.sort(key=lambda piece: piece.left)
            found += [
                f"page {first.page + 1}: {first.text!r} and {second.text!r}"
                for first, second in itertools.pairwise(line)
                if first.right > second.left + SLIGHT
            ]
    return found


def rows_are_whole(printed: Printed) -> list[str]:
    """A row with a head does not go on overleaf; long texts, in rows of their own, may."""
    found = []
    for row in (tag for tag in printed.tree.walk() if tag.kind == "TR"):
        has_head = any(cell.kind == "TH" for cell in row.tags())
        if has_head and len({page for page, _mark in row.marks()}) > 1:
            found.append(f"page {_page(row)}: {printed.text_of(row)[:60]!r}")
    return found


def no_chapter_leaves_its_page_nearly_empty(printed: Printed) -> list[str]:
    """Return pages with a heading of a chapter of which less than a twelfth is used."""
    room = printed.height - TOP - BOTTOM
    lowest = _lowest(printed)
    chapters = [tag for tag in printed.tree.walk() if tag.kind == "H1"]
    return [
        f"page {page}: {printed.text_of(tag)!r}"
        for tag in chapters
        if printed.height - TOP - lowest[(page := _page(tag)) - 1] < room / 12
    ]


def _lowest(printed: Printed) -> dict[int, float]:
    return {
        page: min(piece.base for piece in pieces)
        for page, pieces in _by_page(
            [p for page in printed.pieces for p in page if p.mark is not None]
        )
    }


def _by_page(pieces: list[Piece]) -> Iterator[tuple[int, list[Piece]]]:
    shown = [piece for piece in pieces if piece.text.strip() and piece.is_upright]
    for page in sorted({piece.page for piece in shown}):
        yield page, [piece for piece in shown if piece.page == page]


def _page(tag: Tag) -> int:
    return next((page for page, _number in tag.marks()), -1) + 1


TAGS: tuple[Check, ...] = (
    names_language_and_title,
    is_what_archives_ask_for,
    headings_go_down_one_by_one,
    bookmarks_are_the_headings,
    tables_have_heads,
    no_table_begins_anew_overleaf,
    cells_name_their_heads,
    figures_are_described,
    lists_hold_items,
    links_are_described,
    all_content_is_in_the_tree_or_an_artifact,
    content_leads_to_its_element,
    tree_goes_down_the_page,
    fonts_are_whole,
)
PAGES: tuple[Check, ...] = (
    no_heading_is_last_on_a_page,
    text_stays_within_the_margins,
    text_does_not_overlap,
    rows_are_whole,
    no_chapter_leaves_its_page_nearly_empty,
)
