"""Elements of the tags that go on overleaf, made one again.

WeasyPrint tags pages one by one: what goes on overleaf is an element on each page, and a
table there begins with its head anew. A screen reader would announce another table, list
or paragraph. What comes of one element of the document becomes one element, which page
its content is on stands with the content, and the heads that are repeated leave the tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Elements = dict[bytes, Any]

# A link has an annotation of its own on each page, and a figure is never divided.
_APART = ("/Link", "/Figure")


def remember_origins(tags: Any) -> None:
    """Have WeasyPrint's module `tags` note of which HTML element a tag comes."""
    build = tags._build_box_tree

    def built(box: Any, *others: Any) -> Iterator[Any]:
        for element in build(box, *others):
            if not hasattr(element, "origin"):
                element.origin = (box.element, box.element_tag, element["S"])
                element.ends_on = element["Pg"]
            yield element

    tags._build_box_tree = built


def join_pages(elements: Elements, holder: Any) -> None:
    """Join the kids of `holder` that go on overleaf; what was joined keeps no kids."""
    kids = list(holder["K"])
    holder["K"].clear()
    _append(elements, holder, kids)


def _append(elements: Elements, holder: Any, more: Iterable[Any]) -> None:
    """Give an element more kids, the first of which may go on where its last ended."""
    kids = holder["K"]
    for kid in more:
        element = elements.get(kid)
        last = elements.get(kids[-1]) if kids else None
        if element is not None and last is not None and _goes_on(last, element):
            _join(elements, last, element)
            continue
        kids.append(kid)
        if element is not None:
            element["P"] = holder.reference


def _goes_on(element: Any, rest: Any) -> bool:
    origin = getattr(element, "origin", None)
    return (
        origin is not None
        and origin == getattr(rest, "origin", None)
        and element.ends_on != rest.ends_on
        and element["S"] not in _APART
    )


def _join(elements: Elements, element: Any, rest: Any) -> None:
    """Move what stands in `rest`, on a later page, to the element that it goes on."""
    element.ends_on = rest.ends_on
    kids = list(rest["K"])
    rest["K"].clear()
    if element["S"] not in ("/Table", "/TR"):
        _append(elements, element, kids)
        return
    known = {elements[kid].origin: elements[kid] for kid in element["K"]}
    for kid in kids:  # of a table its groups of rows, of a row cells side by side
        part = elements[kid]
        before = known.get(part.origin)
        if before is None:
            _append(elements, element, [kid])
        elif part["S"] != "/THead":
            _join(elements, before, part)
