"""Elements of a plain tree, against those of cssselect2."""

from __future__ import annotations

from typing import Any

import pytest
from cssselect2 import ElementWrapper

from reports.renderer.elements import plain_element
from reports.renderer.tree import plain_tree

PAGE = (
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>x</title></head>'
    '<body data-head="x"><p id="y" class="a  b&#9;c">{body}</p></body></html>\n'
)


def seen(element: Any) -> tuple[Any, ...]:
    return (
        element.local_name,
        element.namespace_url,
        element.id,
        set(element.classes),
        element.lang,
    )


def test_selectors_see_the_same_of_each_element():
    tree = plain_tree(PAGE.format(body="<b>z</b>"))

    ours, theirs = (
        [seen(element) for element in kind.from_html_root(tree).iter_subtree()]
        for kind in (plain_element(), ElementWrapper)
    )

    assert ours == theirs
    assert ours[5] == ("p", "", "y", {"a", "b", "c"}, "en")


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("title", "meta"), ["meta", "title"]),
        (("style", "link"), []),
        (("p", "title"), ["title", "p"]),
    ],
)
def test_elements_are_found_in_the_head_and_outside_it(names, found):
    root = plain_element().from_html_root(plain_tree(PAGE.format(body="z")))

    assert [element.local_name for element in root.query_all(*names)] == found
