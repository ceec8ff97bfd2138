"""What a rendering made is let go of without a search for garbage."""

from __future__ import annotations

import gc

from reports.pdf import html_to_pdf

TABLE = (
    '<!DOCTYPE html>\n<html lang="en"><head><title>x</title></head><body>'
    '<table><colgroup><col style="background: red"></colgroup>'
    '<thead><tr><th scope="col">a</th></tr></thead>'
    "<tbody><tr><td>b</td></tr></tbody></table></body></html>"
)
KINDS = ("TableCellBox", "TextBox", "Layout")


def left() -> list[str]:
    names = [type(item).__name__ for item in gc.get_objects()]
    return [name for name in names if name in KINDS]


def test_no_cell_and_no_line_waits_for_the_collector():
    gc.collect()
    before = left()
    gc.disable()
    try:
        html_to_pdf(TABLE, identifier=b"x")
        after = left()
    finally:
        gc.enable()

    assert (before, after) == ([], [])
