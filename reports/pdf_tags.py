"""The tags of a PDF as PDF/UA-1 wants them (ISO 14289-1).

WeasyPrint tags running heads like text and leaves them out of the tree, gives cells of
heads no scope, boxes of figures in pixels from above, and names a link by its anchor.
Done on the objects before they are written; what is right already stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

POINTS = 0.75  # of a CSS pixel


def repair_tags(pages: Iterable[Any], pdf: Any) -> None:
    """Complete the tags of a `pydyf.PDF` that was drawn from WeasyPrint's `pages`."""
    _name_links(pages)
    elements = _objects(pdf, "/StructElem")
    reached = _reached(elements)
    orphans = [item for name, item in elements.items() if name not in reached]
    _make_artifacts(pdf, orphans)
    for name in reached:
        element = elements[name]
        if element["S"] == "/TH":
            element["A"]["Scope"] = _scope(elements, element)
        elif element["S"] == "/Figure":
            _place_figure(pdf, element)


def _name_links(pages: Iterable[Any]) -> None:
    """Describe every link by its text: 7.18.5 of ISO 14289-1."""
    import pydyf

    for page in pages:
        for _kind, _target, _rectangle, box in page.links:
            words = " ".join("".join(box.element.itertext()).split())
            if box.link_annotation is not None and words:
                box.link_annotation["Contents"] = pydyf.String(words)


def _reached(elements: dict[bytes, Any]) -> set[bytes]:
    """Return the elements that hang on the tree."""
    found: set[bytes] = set()
    left = [name for name, item in elements.items() if item["S"] == "/Document"]
    while left:
        name = left.pop()
        found.add(name)
        left.extend(kid for kid in elements[name]["K"] if kid in elements)
    return found


# Running heads, page numbers and the watermark


def _make_artifacts(pdf: Any, orphans: list[Any]) -> None:
    """Mark what hangs on no tree as an artifact of the page: 7.1 and 7.8."""
    numbers: dict[bytes, set[int]] = defaultdict(set)
    for element in orphans:
        numbers[element["Pg"]].update(k for k in element["K"] if isinstance(k, int))
        element.clear()
    pages = _objects(pdf, "/Page")
    tree = _object(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])
    parents = dict(zip(tree["Nums"][::2], tree["Nums"][1::2], strict=True))
    for name, content in numbers.items():
        page = pages[name]
        _mark(_object(pdf, page["Contents"]).stream, set(content))
        for number in content:
            parents[page["StructParents"]][number] = "null"


def _mark(stream: list[Any], numbers: set[int]) -> None:
    """Turn the marked content `numbers` into artifacts; they stand at the end."""
    import pydyf

    for at in range(len(stream) - 1, 0, -1):
        if not numbers:
            break
        item = stream[at]
        if isinstance(item, dict) and item.get("MCID") in numbers:
            numbers.discard(item["MCID"])
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


def _scope(elements: dict[bytes, Any], cell: Any) -> str:
    """Return the scope of a head: 7.5."""
    row = elements[cell["P"]]
    return "/Column" if elements[row["P"]]["S"] == "/THead" else "/Row"


def _place_figure(pdf: Any, figure: Any) -> None:
    """Give the box of a figure in points from the lower left corner of its page: 7.3."""
    height = _object(pdf, figure["Pg"])["MediaBox"][3]
    left, top, right, bottom = (POINTS * side for side in figure["A"]["BBox"])
    figure["A"]["BBox"][:] = [left, height - bottom, right, height - top]
