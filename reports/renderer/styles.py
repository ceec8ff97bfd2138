"""Styles: one for all that looks alike."""

from __future__ import annotations

from typing import Any


def hasten() -> None:
    from weasyprint import css

    css.StyleFor = _sharing(css, _place_style(css))


def _look(cascaded: dict[str, Any]) -> tuple[Any, ...]:
    """Return what tells declarations apart; their values live as long as the style."""
    return tuple(
        (name, id(value), str(rank)) for name, (value, rank) in cascaded.items()
    )


def _place_style(css: Any) -> Any:
    class PlaceStyle(css.ComputedStyle):  # type: ignore[misc]  # WeasyPrint is untyped
        """The style of an element with an id: another's, but for the id."""

        def __init__(self, alike: Any, cascaded: dict[str, Any]) -> None:
            super().__init__(
                alike.parent_style, cascaded, None, alike.root_style, alike.base_url,
                alike.font_config, alike.initial_page_sizes,
            )  # fmt: skip
            self.alike = alike

        @property
        def anonymous_style(self) -> Any:
            return self.alike.anonymous_style

        def __missing__(self, key: str) -> Any:
            if key == "anchor":
                return super().__missing__(key)
            value = self[key] = self.alike[key]
            return value

    return PlaceStyle


def _sharing(css: Any, place_style: Any) -> Any:
    """Return a StyleFor in which what looks alike has one style.

    WeasyPrint shares the styles of elements, but not of those with an id, which to it is
    a property, of pseudo-elements, and of pages and their margins.
    """

    class SharingStyleFor(css.StyleFor):  # type: ignore[misc]  # WeasyPrint is untyped
        def __init__(self, *arguments: Any) -> None:
            self.known_looks: dict[Any, Any] = {}
            super().__init__(*arguments)

        def set_computed_styles(
            self, element: Any, parent: Any, root: Any = None,
            pseudo_type: Any = None, base_url: Any = None, target_collector: Any = None,
        ) -> None:  # fmt: skip
            cascaded = self.get_cascaded_styles().get((element, pseudo_type), {})
            is_place = not pseudo_type and "anchor" in cascaded
            is_page = not hasattr(element, "tag")
            if parent is None or not (is_place or is_page or pseudo_type):
                super().set_computed_styles(
                    element, parent, root, pseudo_type, base_url, target_collector
                )
                return
            anchor = cascaded.pop("anchor", None)
            styles = self.get_computed_styles()
            key = (id(styles[parent, None]), pseudo_type, _look(cascaded))
            if key not in self.known_looks:
                super().set_computed_styles(
                    element, parent, root, pseudo_type, base_url
                )
                self.known_looks[key] = styles[element, pseudo_type]
            style = styles[element, pseudo_type] = self.known_looks[key]
            if is_place:
                style = place_style(style, {**cascaded, "anchor": anchor})
                styles[element, None] = style
                target_collector.collect_anchor(style["anchor"])

    return SharingStyleFor
