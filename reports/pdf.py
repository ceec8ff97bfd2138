"""The report as PDF. Nothing but this and `reports.renderer` imports WeasyPrint.

Nothing comes from the network, and nothing may be missing: an asset that cannot be
served stops the rendering, and whatever WeasyPrint logs as a warning or an error becomes
a failure. Same record, language, templates, fonts and renderer: same bytes.
"""

from __future__ import annotations

import gc
import hashlib
import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from reports.analysis import analyse
from reports.document import build_document
from reports.glyphs import printable
from reports.pdf_archive import make_archival
from reports.pdf_characters import name_glyphs
from reports.pdf_file import written
from reports.pdf_joined import remember_origins
from reports.pdf_tags import repair_tags
from reports.renderer import hasten
from reports.renderer.elements import plain_element
from reports.renderer.memory import let_go
from reports.renderer.stack import with_room
from reports.renderer.tree import NotPlain, plain_tree
from reports.sources import ReportSource

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from weasyprint.urls import URLFetcher

TEMPLATE = "reports/pdf/report.html"
ASSET = "asset:"
BASE_SHEET = "css/report_base.css"
FAMILIES = ("NotoSans_400Regular", "NotoSans_700Bold", "Vazirmatn_400Regular",
            "NotoSansSC_400Regular", "NotoSansSymbols2_400Regular")  # fmt: skip

# A line that just fits is broken early if a space follows at the end of its block.
_LAST_SPACE = re.compile(r"\s+(</(?:td|th|p|li|h[123])>)")

# Rendering switches off garbage collection and listens to a logger, both of which belong
# to the whole process.
_rendering = threading.Lock()


class RenderingFailed(Exception):
    """The report could not be rendered as it should be; the message says why."""


def render_pdf(source: ReportSource, *, language: str = "en") -> bytes:
    """Return the report of `source` as tagged PDF. Raises RenderingFailed."""
    html = render_html(source, language=language)
    identifier = hashlib.sha256(f"{source.hash}\n{language}\n{html}".encode()).digest()
    return html_to_pdf(html, identifier=identifier)


def render_html(source: ReportSource, *, language: str = "en") -> str:
    """Return the HTML from which the PDF is made."""
    analysis = analyse(source.instrument, source.answers)
    with translation.override(language):
        document = build_document(source, analysis, language=language)
        html = printable(
            render_to_string(TEMPLATE, {"report": document}), check_fonts()
        )
    return _LAST_SPACE.sub(r"\1", html)


@with_room
def html_to_pdf(html: str, *, identifier: bytes) -> bytes:
    """Return `html` as PDF/UA-1 and PDF/A-2b in one. Raises RenderingFailed."""
    weasyprint = _weasyprint()
    fatal = weasyprint.urls.FatalURLFetchingError
    with _rendering, _collection_paused(), _nothing_logged():
        try:
            document = _html_class()(html, _fetcher())
            files: list[bytes] = []

            def finish(drawn: Any, content: Any) -> None:
                repair_tags(drawn.pages, content)
                make_archival(content)
                name_glyphs(drawn, content, weasyprint.text.fonts.get_hb_object_data)
                files.append(written(content, identifier=identifier))
                del content.objects[1:]  # WeasyPrint writes an empty file after it
                let_go(drawn)

            document.write_pdf(
                stylesheets=document.sheets, pdf_variant="pdf/ua-1", finisher=finish
            )
        except fatal as error:  # a BaseException: it must not end a worker
            raise RenderingFailed(str(error)) from error
    return files[0]


# Assets


def static_root() -> Path:
    return Path(settings.BASE_DIR) / "static"


@cache
def _fetcher() -> URLFetcher:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class StaticFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
        """Serves `asset:` addresses and data: URIs; refuses everything else for good."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = static_file(url)
            if path is None:
                message = f"The report refers to {url!r}, which is no asset"
                raise FatalURLFetchingError(message)
            kind = "text/css" if path.suffix == ".css" else "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return StaticFetcher(allowed_protocols=("data",))


def static_file(url: str) -> Path | None:
    """Return the static file that an `asset:` address names, or None if there is none."""
    if not url.startswith(ASSET):
        return None
    root = static_root().resolve()
    path = (root / url.removeprefix(ASSET)).resolve()
    return path if path.is_file() and path.is_relative_to(root) else None


# The renderer


@cache
def _html_class() -> Any:
    """Return WeasyPrint's HTML with a shorter style sheet of its own.

    The original tests four hundred rules on every element and gives each of them five
    pseudo-elements for notes, and each page sixteen margin boxes. Should WeasyPrint
    change inside, the method below is not called and only the gain is lost.
    """
    weasyprint = _weasyprint()
    from weasyprint import HTML

    sheet = weasyprint.CSS(filename=static_root() / BASE_SHEET)

    class ReportHtml(HTML):  # type: ignore[misc]  # WeasyPrint is untyped
        def __init__(self, html: str, url_fetcher: URLFetcher) -> None:
            try:
                tree = plain_tree(html)
            except NotPlain:
                super().__init__(string=html, url_fetcher=url_fetcher)
                self.sheets: list[Any] = []
                return
            self.sheets = _taken_sheets(tree)
            self.base_url, self.url_fetcher, self.media_type = (
                None,
                url_fetcher,
                "print",
            )
            self.wrapper_element = plain_element().from_html_root(tree)
            self.etree_element = self.wrapper_element.etree_element

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return [sheet]

    return ReportHtml


def _taken_sheets(tree: Element) -> list[Any]:
    """Take the links to style sheets out of a document and return what they lead to."""
    head = tree[0]
    links = head.findall("link[@rel='stylesheet']")
    for link in links:
        head.remove(link)
    return [_sheet(url, _stamp(url)) for link in links if (url := link.get("href"))]


@lru_cache(maxsize=8)
def _sheet(url: str, stamp: int) -> Any:
    """Return a style sheet, read once while its file is the same."""
    with _nothing_logged():
        return _weasyprint().CSS(url=url, url_fetcher=_fetcher())


def _stamp(url: str) -> int:
    path = static_file(url)
    return path.stat().st_mtime_ns if path else 0


def check_fonts() -> Path:
    """Return the folder of the fonts. Raises RenderingFailed if one is missing.

    Without any font WeasyPrint would crash the process.
    """
    fonts = static_root() / "fonts"
    needed = [fonts / "fonts.conf", *(fonts / f"{name}.ttf" for name in FAMILIES)]
    missing = [path.name for path in needed if not path.is_file()]
    if missing:
        message = f"Fonts of the reports are missing in {fonts}: {', '.join(missing)}"
        raise RenderingFailed(message)
    return fonts


@cache
def _weasyprint() -> Any:
    """Import WeasyPrint with the project's fonts and no others."""
    os.environ["FONTCONFIG_FILE"] = str(check_fonts() / "fonts.conf")
    import weasyprint
    import weasyprint.urls

    hasten(weasyprint)
    remember_origins(weasyprint.pdf.tags)
    gc.freeze()
    return weasyprint


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Pause garbage collection: rendering makes many objects and hardly any garbage.

    Afterwards there is some; who has switched it off altogether has no use for it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
            gc.collect()


class _Records(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _nothing_logged() -> Iterator[None]:
    """Raise RenderingFailed if WeasyPrint logs a warning or an error meanwhile."""
    logger, records = logging.getLogger("weasyprint"), _Records()
    logger.addHandler(records)
    try:
        yield
    finally:
        logger.removeHandler(records)
    if records.messages:
        raise RenderingFailed("; ".join(dict.fromkeys(records.messages)))
