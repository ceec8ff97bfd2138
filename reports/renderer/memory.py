"""Memory: what a rendering made is let go of, instead of searched for as garbage.

Python frees at once what nothing refers to any more; whatever hangs on things that refer
to one another waits for a search through all there is. A report leaves a hundred and
fifty thousand objects, which hang on a few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from reports.renderer.replacing import replace


def hasten() -> None:
    from weasyprint import layout

    replace(layout.layout_document, _layout_document(layout.layout_document))


def _layout_document(original: Callable[..., Iterator[Any]]) -> Callable[..., Any]:
    def layout_document(
        html: Any, root_box: Any, context: Any, *limits: int
    ) -> Iterator[Any]:
        html.layout_context = context
        return original(html, root_box, context, *limits)

    return layout_document


def let_cells_go(table: Any) -> None:
    """Part the columns of a table from its cells, once their backgrounds are known.

    That is all they know them for; a box that is no table has no columns.
    """
    for group in vars(table).get("column_groups", ()):
        for column in group.children:
            vars(column).pop("get_cells", None)


def let_go(document: Any) -> None:
    """Part what refers to one another in a document that is written."""
    for known in vars(document.font_config).get("known_texts", {}).values():
        known.clear()
    context = getattr(vars(document).get("_html"), "layout_context", None)
    if context is not None:
        vars(context).clear()
