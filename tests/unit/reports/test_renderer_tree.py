"""The tree of our templates, against that of WeasyPrint's own parser."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5

from reports.pdf import render_html
from reports.renderer.tree import NotPlain, plain_tree
from tests.report_sources import draft, previous, submission

PAGE = (
    '<!DOCTYPE html>\n<html lang="en">\n  <head>\n    <title>a &amp; b</title>\n  '
    '</head>\n  <body data-head="x">{body}</body>\n</html>\n'
)


def whole(element: Element) -> tuple[Any, ...]:
    own = (element.tag, element.attrib, element.text, element.tail)
    return (*own, [whole(child) for child in element])


def parsed(html: str) -> tuple[Any, ...]:
    return whole(tinyhtml5.parse(html, namespace_html_elements=False))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_report_has_the_tree_that_a_parser_makes(language):
    sources = submission("PER", previous=previous("PRY")), draft("PER", {})
    source = sources[language == "ar"]

    html = render_html(source, language=language)

    assert whole(plain_tree(html)) == parsed(html)


@pytest.mark.parametrize(
    "body",
    [
        "",
        " \n<p>5 &lt; 6 > 4 &amp;amp; &nbsp;&eacute;&#39;</p> ",
        '<table>\n<tr>\n<td colspan="2" hidden>1<br>2</td>\n</tr>\n</table>',
        "<table><colgroup> <col> </colgroup><tr><th>1</th></tr><tr></tr></table>",
        '<ul> <li><b>x</b> <i title="&quot;&lt;">y</i></li> </ul>',
    ],
)
def test_plain_page_has_the_tree_that_a_parser_makes(body):
    html = PAGE.format(body=body)

    assert whole(plain_tree(html)) == parsed(html)


@pytest.mark.parametrize(
    "body",
    [
        "<p>open",
        "<p><table><tr><td>1</td></tr></table></p>",
        "<p><p>1</p></p>",
        "<table>1<tr><td>2</td></tr></table>",
        "<table><tbody><td>1</td></tbody></table>",
        '<a href="#x"><b><a href="#y">1</a></b></a>',
        "<ul>1</ul>",
        "<b><i>1</b></i>",
        "<!-- note -->",
        "<p title='x'>1</p>",
        '<p title="1" title="2">3</p>',
        "<style>p { color: red }</style>",
        "<custom>1</custom>",
        "<P>1</P>",
        "1 < 2",
        "\r\n",
        "</p>",
        "</body><p>1</p><body>",
        "<body></body>",
    ],
)
def test_anything_else_is_left_to_the_parser(body):
    with pytest.raises(NotPlain):
        plain_tree(PAGE.format(body=body))


@pytest.mark.parametrize(
    "html", ["", "text", "<!DOCTYPE html>", "<!DOCTYPE html><p>1</p>", "<html></html>"]
)
def test_what_is_no_whole_document_is_left_to_the_parser(html):
    with pytest.raises(NotPlain):
        plain_tree(html)
