"""The logo that an installation puts on its reports, and what makes a file one.

The file is the installation's own choice and is drawn as it is, so it must be small,
whole and complete in itself: nothing in a report may come from elsewhere.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from django.conf import settings
from django.utils.translation import gettext as _

MAX_BYTES = 1024 * 1024
MAX_PIXELS = 4_000  # a side: few bytes may hold a picture that fills the memory
KINDS = {".svg": "image/svg+xml", ".png": "image/png"}

_SVG = "{http://www.w3.org/2000/svg}"
_FOREIGN_ELEMENTS = {f"{_SVG}{name}" for name in ("script", "foreignObject")}
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg);base64,")
_ELSEWHERE = re.compile(r"@import|url\(\s*['\"]?(?![#'\"\s])", re.IGNORECASE)
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY", b"<?xml-stylesheet")


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture as a data: address; `alt` is the name of whose logo it is."""

    data_uri: str
    alt: str


def installation_logo() -> Logo | None:
    """Return the logo of this installation, None if none is set. Raises OSError."""
    path = logo_path()
    if path is None:
        return None
    content = base64.b64encode(path.read_bytes()).decode()
    kind = KINDS[path.suffix.lower()]
    return Logo(f"data:{kind};base64,{content}", settings.INSTALLATION_NAME)


def logo_path() -> Path | None:
    """Return the file that REPORT_LOGO names; relative to the checkout."""
    name: str = settings.REPORT_LOGO
    return Path(settings.BASE_DIR) / name if name else None


def problem_of(path: Path) -> str:
    """Return why the file at `path` cannot be a logo; empty if it can."""
    if path.suffix.lower() not in KINDS:
        return _("it is neither an SVG nor a PNG file")
    if not path.is_file():
        return _("there is no such file")
    if path.stat().st_size > MAX_BYTES:
        return _("it is larger than 1 MB")
    return _READERS[path.suffix.lower()](path.read_bytes())


def _problem_of_svg(content: bytes) -> str:
    if any(declaration in content for declaration in _DECLARATIONS):
        return _("it declares types, entities or style sheets")
    try:
        root = ET.fromstring(content)  # noqa: S314  no entities: refused above
    except ET.ParseError as error:
        return _("it is no SVG: %(error)s") % {"error": error}
    if root.tag != f"{_SVG}svg":
        return _("it is no SVG")
    if any(_is_foreign(element) for element in root.iter()):
        return _("it refers to something outside of itself, or holds a script")
    return ""


def _is_foreign(element: ET.Element) -> bool:
    return (
        element.tag in _FOREIGN_ELEMENTS
        or _ELSEWHERE.search(element.text or "") is not None
        or any(_leads_elsewhere(name, value) for name, value in element.attrib.items())
    )


def _leads_elsewhere(name: str, value: str) -> bool:
    if name.rpartition("}")[2] == "href":
        return not (value.startswith("#") or _EMBEDDED.match(value))
    return name.startswith("on") or _ELSEWHERE.search(value) is not None


_END_OF_PNG = b"IEND\xaeB`\x82"


def _problem_of_png(content: bytes) -> str:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            if max(picture.size) > MAX_PIXELS:
                words = _("it is more than %(limit)d pixels wide or high")
                return words % {"limit": MAX_PIXELS}
            picture.load()
        if not content.endswith(_END_OF_PNG):  # WeasyPrint lets load() pass over it
            return _("it is no PNG: %(error)s") % {"error": _("it is cut short")}
    except (OSError, SyntaxError, ValueError) as error:
        return _("it is no PNG: %(error)s") % {"error": error}
    return ""


_READERS: dict[str, Callable[[bytes], str]] = {
    ".svg": _problem_of_svg,
    ".png": _problem_of_png,
}
