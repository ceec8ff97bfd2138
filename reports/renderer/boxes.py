"""Boxes: lengths, corners and backgrounds found once for each style."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reports.renderer.memory import let_cells_go
from reports.renderer.replacing import replace

_SIDES = ("left", "right", "top", "bottom")
_LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in _SIDES),
    "width", "min_width", "max_width", "height", "min_height", "max_height",
)  # fmt: skip
_USED = (*_LENGTHS, *(f"border_{side}_width" for side in _SIDES))
_NO_RADIUS = ((0, "px"), (0, "px"))
_SQUARE = {
    f"border_{corner}_radius": (0, 0)
    for corner in ("top_left", "top_right", "bottom_right", "bottom_left")
}


def hasten() -> None:
    import pydyf
    from weasyprint import draw
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import background, percent
    from weasyprint.layout import float as floats

    lengths, backgrounds = (
        percent.resolve_percentages,
        background.layout_box_backgrounds,
    )
    replace(lengths, _resolve_percentages(lengths, boxes))
    replace(backgrounds, _layout_box_backgrounds(backgrounds))
    replace(draw.draw_border, _draw_border(draw.draw_border))
    replace(floats.avoid_collisions, _avoid_collisions(floats.avoid_collisions, boxes))
    boxes.Box.is_in_normal_flow = _is_in_normal_flow(boxes.Box.is_in_normal_flow)
    boxes.Box.establishes_formatting_context = _establishes(
        boxes.Box.establishes_formatting_context
    )
    boxes.Box.rounded_box = _rounded_box(boxes.Box.rounded_box)
    pydyf.PDF.page_references = property(_page_references(pydyf.PDF.page_references))


def _resolve_percentages(original: Callable[..., None], boxes: Any) -> Any:
    def resolve_percentages(box: Any, containing_block: Any) -> None:
        style = box.style
        is_other = isinstance(box, boxes.PageBox)
        if is_other or style["border_collapse"] == "collapse":
            original(box, containing_block)
            return
        if isinstance(containing_block, boxes.Box):
            size = (containing_block.width, containing_block.height)
        else:
            size = tuple(containing_block)
        try:
            known = style.used_by_size
        except AttributeError:
            known = style.used_by_size = {}
            known["is_fixed"] = all(
                getattr(style[name], "unit", "px") == "px" for name in _LENGTHS
            )
        key = "any" if known["is_fixed"] else size
        found = known.get(key)
        if found is None:
            original(box, size)
            known[key] = {name: getattr(box, name) for name in _USED}
        else:
            vars(box).update(found)

    return resolve_percentages


def _layout_box_backgrounds(original: Callable[..., None]) -> Callable[..., None]:
    def layout_box_backgrounds(
        page: Any, box: Any, get_image: Any, *further: Any, **named: Any
    ) -> None:
        style = box.style
        try:
            is_bare = style.is_bare
        except AttributeError:
            is_bare = style.is_bare = _is_bare(style)
        if not is_bare or box is page or further or named:
            original(page, box, get_image, *further, **named)
            let_cells_go(box)
            return
        vars(box).update(_SQUARE)
        for child in box.all_children():
            layout_box_backgrounds(page, child, get_image)
        let_cells_go(box)
        box.background = None

    return layout_box_backgrounds


def _is_bare(style: Any) -> bool:
    """Return whether there is no background, and no corner is round."""
    color = style["background_color"]
    return (
        all(style[name] == _NO_RADIUS for name in _SQUARE)
        and style["border_image_source"][0] == style["mask_border_source"][0] == "none"
        and style["visibility"] == "visible"
        and color != "currentcolor"
        and color.alpha == 0
        and all(kind == "none" for kind, _value in style["background_image"])
        and not style["box_shadow"]
    )


def _avoid_collisions(original: Callable[..., Any], boxes: Any) -> Callable[..., Any]:
    def avoid_collisions(
        context: Any, box: Any, containing_block: Any, outer: bool = True
    ) -> Any:
        """Return where a line stands; without floats it is where its block begins."""
        if outer or type(box) is not boxes.LineBox or context.excluded_shapes:
            return original(context, box, containing_block, outer)
        left = containing_block.content_box_x()
        right = left + containing_block.width - box.margin_right
        left += box.margin_left
        is_mirrored = containing_block.style["direction"] == "rtl"
        x = (right if is_mirrored else left) - box.margin_left
        return x, box.border_box_y() - box.margin_top, right - left

    return avoid_collisions


def _is_in_normal_flow(original: Callable[[Any], bool]) -> Callable[[Any], bool]:
    def is_in_normal_flow(box: Any) -> bool:
        style = box.style
        is_plain = style["float"] == "none" and style["position"] == "static"
        return is_plain or original(box)

    return is_in_normal_flow


def _rounded_box(original: Callable[..., Any]) -> Callable[..., Any]:
    square = (0, 0)

    def rounded_box(
        box: Any, top: float, right: float, bottom: float, left: float
    ) -> Any:
        is_square = (
            box.border_top_left_radius
            == box.border_top_right_radius
            == box.border_bottom_right_radius
            == box.border_bottom_left_radius
            == square
        )
        if not is_square or min(top, right, bottom, left) < 0:
            return original(box, top, right, bottom, left)
        return (
            box.border_box_x() + left,
            box.border_box_y() + top,
            box.border_width() - left - right,
            box.border_height() - top - bottom,
            square,
            square,
            square,
            square,
        )

    return rounded_box


def _establishes(original: Callable[[Any], bool]) -> Callable[[Any], bool]:
    def establishes_formatting_context(box: Any) -> bool:
        known = vars(box.style).setdefault("establishing", {})
        key = (type(box), box.is_column)
        if key not in known:
            known[key] = original(box)
        return bool(known[key])

    return establishes_formatting_context


def _draw_border(original: Callable[..., None]) -> Callable[..., None]:
    def draw_border(stream: Any, box: Any) -> None:
        style = box.style
        is_open = (
            box.border_top_width == box.border_left_width == box.border_right_width == 0
            and style["border_image_source"][0] == "none"
            and not style["column_rule_width"]
        )
        if is_open and box.border_bottom_width == 0:
            return
        if is_open and _has_plain_line(box, style):
            _draw_line_below(stream, box, style)
        else:
            original(stream, box)

    return draw_border


def _has_plain_line(box: Any, style: Any) -> bool:
    color = style["border_bottom_color"]
    return (
        style["visibility"] == "visible"
        and style["border_bottom_style"] == "solid"
        and color != "currentcolor"
        and color.alpha != 0
        and all(getattr(box, corner) == (0, 0) for corner in _SQUARE)
    )


def _draw_line_below(stream: Any, box: Any, style: Any) -> None:
    """Draw what the original does: what is under the padding, cut to the bottom side."""
    x, y = box.border_box_x(), box.border_box_y()
    width, height = box.border_width(), box.border_height()
    line, bottom = box.border_bottom_width, y + height
    with stream.artifact(), stream.stacked():
        stream.move_to(x + width, bottom)
        stream.line_to(x, bottom)
        stream.line_to(x, bottom - line)
        stream.line_to(x + width, bottom - line)
        stream.clip(even_odd=True)
        stream.end()
        stream.set_color(style["border_bottom_color"])
        stream.rectangle(x, y, width, height - line)
        stream.rectangle(x, y, width, height)
        stream.fill(even_odd=True)


def _page_references(original: property) -> Callable[[Any], Any]:
    find = original.fget

    def page_references(pdf: Any) -> Any:
        """Return what names the pages, which the tags ask for at each element."""
        count, found = vars(pdf).get("known_pages", (0, ()))
        if count != pdf.pages["Count"] and find is not None:
            found = find(pdf)
            pdf.known_pages = (pdf.pages["Count"], found)
        return found

    return page_references
