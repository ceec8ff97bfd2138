"""Which code, templates, fonts and renderer a report is made with.

One list of files serves both ends: what the last annex prints of it, and the key by which
a report that is made already is found (`reports.content_key`).
"""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

# Code far from reports is in it too: an upgrade renders again rather than miss a change.
FILES = (
    "assessment/*.py",
    "questionnaire/**/*.py",
    "reports/**/*.py",
    "templates/reports/**/*",
    "static/css/report*",
    "static/fonts/*",
    "locale/**/*.mo",
)
LIBRARIES = (
    "babel", "cssselect2", "django", "fonttools", "pydyf", "tinycss2", "tinyhtml5",
    "weasyprint",
)  # fmt: skip
_PRINTED = 16  # hexadecimal digits


def template_version() -> str:
    """Return the beginning of the SHA-256 over the files that make a report."""
    return files_digest()[:_PRINTED]


@cache
def renderer_version() -> str:
    return f"WeasyPrint {version('weasyprint')}"


@cache
def library_versions() -> tuple[str, ...]:
    return tuple(f"{name} {version(name)}" for name in LIBRARIES)


def files_digest() -> str:
    """Return the SHA-256 over code, templates, style and fonts, which are read once.

    Where they are being written they are looked at each time.
    """
    return _digest(_changes() if settings.DEBUG else 0)


@lru_cache(maxsize=1)
def _digest(changes: int) -> str:
    digest = hashlib.sha256()
    for path in _files():
        content = path.read_bytes()
        name = path.relative_to(settings.BASE_DIR).as_posix()
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


def _changes() -> int:
    return hash(tuple((str(path), path.stat().st_mtime_ns) for path in _files()))


def _files() -> list[Path]:
    root = Path(settings.BASE_DIR)
    found = {path for pattern in FILES for path in root.glob(pattern)}
    return sorted(path for path in found if path.is_file())
