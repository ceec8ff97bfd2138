"""Elements of a plain tree, as the selectors of style sheets look at them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any


@cache
def plain_element() -> Any:
    """Return a class of elements whose names have no namespace.

    cssselect2 finds out name, id and classes of each element when it is asked first, one
    by one and under a lock; it is asked for all of them of all elements. For the few that
    stand in the head of a document it goes through the whole of it.
    """
    from cssselect2 import ElementWrapper
    from cssselect2.compiler import split_whitespace

    class PlainElement(ElementWrapper):  # type: ignore[misc]  # it is untyped
        def __init__(self, etree_element: Any, *where: Any, **further: Any) -> None:
            super().__init__(etree_element, *where, **further)
            classes = etree_element.get("class")
            self.local_name, self.namespace_url = etree_element.tag, ""
            self.id = etree_element.get("id")
            self.classes = set(split_whitespace(classes)) if classes else ()

        def query_all(self, *names: str) -> Iterator[Any]:
            head = next(self.iter_children(), self)
            if _count(self.etree_element, names) > _count(head.etree_element, names):
                head = self
            found: Iterator[Any] = ElementWrapper.query_all(head, *names)
            return found

    return PlainElement


def _count(element: Any, names: tuple[str, ...]) -> int:
    return sum(1 for name in names for _ in element.iter(name))
