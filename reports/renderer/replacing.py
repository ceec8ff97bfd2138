"""Putting a function in the place of another of WeasyPrint."""

from __future__ import annotations

import sys
from typing import Any


def replace(original: Any, ours: Any) -> None:
    """Put `ours` wherever a module of WeasyPrint names the original.

    Style sheets are left alone: while a style is being computed, not all of it may be
    asked for.
    """
    name = original.__name__
    for path, module in list(sys.modules.items()):
        is_theirs = path.startswith("weasyprint") and "css" not in path.split(".")
        if is_theirs and getattr(module, name, None) is original:
            setattr(module, name, ours)
