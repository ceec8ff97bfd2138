"""The tags of a PDF as PDF/UA-1 wants them (ISO 14289-1).

WeasyPrint tags running heads like text and leaves them out of the tree, tags each page
for itself, gives cells of heads no scope, other cells the titles of all groups as heads,
boxes of figures in pixels from above, and names a link by its anchor.
Done on the objects before they are written; what is right already stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reports.pdf_joined import Elements, join_pages

POINTS = 0.75  # of a CSS pixel
_CELLS = ("/TH", "/TD")


def repair_tags(pages: Iterable[Any], pdf: Any) -> None:
    """Complete the tags of a `pydyf.PDF` that was drawn from WeasyPrint's `pages`."""
    _name_links(pages)
    elements = _objects(pdf, "/StructElem")
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    document = elements[root["K"][0]]
    join_pages(elements, document)
    reached = _reached(elements, document)
    orphans = [item for name, item in elements.items() if name not in reached]
    _make_artifacts(pdf, _object(pdf, root["ParentTree"]), orphans)
    heads: dict[Any, bytes] = {}
    for name in reached:
        element = elements[name]
        if element["S"] == "/Table":
            heads.update(_relate_cells(elements, element))
        elif element["S"] == "/Figure":
            _place_figure(pdf, element)
    root["IDTree"] = _tree_of_names(heads)


def _name_links(pages: Iterable[Any]) -> None:
    """Describe every link by its text: 7.18.5 of ISO 14289-1."""
    import pydyf

    for page in pages:
        for _kind, _target, _rectangle, box in page.links:
            words = " ".join("".join(box.element.itertext()).split())
            if box.link_annotation is not None and words:
                box.link_annotation["Contents"] = pydyf.String(words)


def _reached(elements: Elements, document: Any) -> set[bytes]:
    """Return the elements that hang on the tree."""
    found = {document.reference}
    left = [document]
    while left:
        kids = [kid for kid in left.pop()["K"] if kid in elements]
        found.update(kids)
        left.extend(elements[kid] for kid in kids)
    return found


# Running heads, page numbers and the watermark


def _make_artifacts(pdf: Any, tree: Any, orphans: list[Any]) -> None:
    """Mark what hangs on no tree as an artifact of the page: 7.1 and 7.8."""
    numbers: dict[bytes, set[int]] = defaultdict(set)
    for element in orphans:
        numbers[element["Pg"]].update(k for k in element["K"] if isinstance(k, int))
        element.clear()
    pages = _objects(pdf, "/Page")
    parents = dict(zip(tree["Nums"][::2], tree["Nums"][1::2], strict=True))
    for name, content in numbers.items():
        page = pages[name]
        _mark(_object(pdf, page["Contents"]).stream, content)
        for number in content:
            parents[page["StructParents"]][number] = "null"


def _mark(stream: list[Any], numbers: set[int]) -> None:
    """Turn the marked content `numbers` into artifacts."""
    import pydyf

    for at, item in enumerate(stream):
        if type(item) is pydyf.Dictionary and item.get("MCID") in numbers:
            stream[at - 1] = "/Artifact"
            stream[at] = pydyf.Dictionary({"Type": "/Pagination"})


def _objects(pdf: Any, kind: str) -> dict[bytes, Any]:
    """Return the dictionaries of a kind by the reference that leads to each."""
    items: Iterable[Any] = pdf.objects
    return {
        item.reference: item
        for item in items
        if hasattr(item, "get") and item.get("Type") == kind
    }


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


# Tables and figures


def _relate_cells(elements: Elements, table: Any) -> Iterator[tuple[Any, bytes]]:
    """Give heads a scope and other cells their heads (7.5), and yield the heads' names.

    A head that is alone in its row is the title of the rows below, up to the next one.
    No cell is more than one row high.
    """
    columns: dict[int, list[Any]] = defaultdict(list)
    for group in _kids(elements, table):
        is_head = group["S"] == "/THead"
        title: list[Any] = []
        for row in _kids(elements, group):
            cells = [kid for kid in _kids(elements, row) if kid["S"] in _CELLS]
            heads = [cell for cell in cells if cell["S"] == "/TH"]
            names = [head["ID"] for head in heads]
            yield from ((head["ID"], head.reference) for head in heads)
            for head in heads:
                head["A"]["Scope"] = "/Column" if is_head else "/Row"
            if is_head:
                _head_columns(cells, columns)
            elif len(cells) == len(heads) == 1:
                title = names
            else:
                _name_heads(cells, [*title, *names], columns)


def _kids(elements: Elements, element: Any) -> list[Any]:
    return [elements[kid] for kid in element["K"] if kid in elements]


def _head_columns(cells: list[Any], columns: dict[int, list[Any]]) -> None:
    for cell, places in _placed(cells):
        for place in places:
            columns[place].append(cell["ID"])


def _name_heads(
    cells: list[Any], of_row: list[Any], columns: dict[int, list[Any]]
) -> None:
    import pydyf

    for cell, places in _placed(cells):
        if cell["S"] == "/TD":
            of_columns = [name for place in places for name in columns.get(place, ())]
            cell["A"]["Headers"] = pydyf.Array(dict.fromkeys((*of_row, *of_columns)))


def _placed(cells: list[Any]) -> Iterator[tuple[Any, range]]:
    """Yield cells with the columns that they take."""
    at = 0
    for cell in cells:
        width = cell["A"].get("ColSpan", 1)
        yield cell, range(at, at + width)
        at += width


def _tree_of_names(heads: Mapping[Any, bytes]) -> Any:
    """Return the tree that leads from a head's name to the head: ISO 32000-1, 14.7.2."""
    import pydyf

    pairs = sorted(heads.items(), key=lambda pair: pair[0].data)
    return pydyf.Dictionary(
        {"Names": pydyf.Array(part for pair in pairs for part in pair)}
    )


def _place_figure(pdf: Any, figure: Any) -> None:
    """Give the box of a figure in points from the lower left corner of its page: 7.3."""
    height = _object(pdf, figure["Pg"])["MediaBox"][3]
    left, top, right, bottom = (POINTS * side for side in figure["A"]["BBox"])
    figure["A"]["BBox"][:] = [left, height - bottom, right, height - top]
