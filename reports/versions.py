"""Which templates and which renderer a report was made with, for its last annex."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

# What decides the words and the look of a report, besides its record and its language.
PATTERNS = (
    "reports/analysis/**/*.py",
    "reports/document/**/*.py",
    "reports/charts.py",
    "reports/pdf*.py",
    "static/css/report*.css",
    "templates/reports/pdf/**/*.html",
    "templates/reports/partials/terms.html",
)


@cache
def template_version() -> str:
    """Return the first 16 digits of the SHA-256 over the files that make a report."""
    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256()
    for path in sorted({path for pattern in PATTERNS for path in root.glob(pattern)}):
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def renderer_version() -> str:
    return f"WeasyPrint {version('weasyprint')}"
