"""What tells two reports apart: the digest of all that a document depends on.

The whole source, the language, the code and the templates that make the document, the
fonts, the libraries and the settings of this installation that a report prints. Two
reports with the same key are the same to the byte, so that one of them can be kept.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from questionnaire.instrument import Instrument
from reports.sources import ReportSource
from reports.versions import files_digest, library_versions

_INSTRUMENTS = 24
_instruments: dict[int, tuple[Instrument, bytes]] = {}


def content_key(source: ReportSource | tuple[object, ...], language: str) -> str:
    """Return the key of the report of `source` in a language, SHA-256 in hexadecimal.

    Of a document that is no report it is a tuple of all that it prints.
    """
    digest = hashlib.sha256()
    made_with = (files_digest(), library_versions(), _settings())
    for part in ("report", language, made_with, source):
        _add(digest, part)
    return digest.hexdigest()


def _add(digest: Any, value: object) -> None:
    for piece in _pieces(value):
        digest.update(piece)


def _pieces(value: object) -> Iterator[bytes]:
    """Yield a value as bytes that no other value gives; TypeError for an unknown kind.

    Mappings keep their order: a document may show it.
    """
    if value is None or isinstance(value, bool | int | float | str):
        text = str(value).encode()
        yield f"{type(value).__name__}:{len(text)}:".encode() + text
    elif isinstance(value, bytes):
        yield b"bytes:%d:" % len(value) + value
    elif isinstance(value, date | datetime):
        yield b"date:" + value.isoformat().encode() + b";"
    elif isinstance(value, Instrument):
        yield b"instrument:" + _instrument(value)
    else:
        yield from _of_many(value)


def _of_many(value: object) -> Iterator[bytes]:
    if isinstance(value, enum.Enum):
        members: Iterable[object] = (value.value,)
    elif is_dataclass(value):
        members = (getattr(value, field.name) for field in fields(value))
    elif isinstance(value, Mapping):
        members = (member for pair in value.items() for member in pair)
    elif isinstance(value, tuple | list):
        members = value
    elif isinstance(value, frozenset | set):
        members = sorted(value, key=str)
    else:
        message = f"{type(value).__name__} is not known to the key of reports"
        raise TypeError(message)
    yield f"{type(value).__name__}(".encode()
    for member in members:
        yield from _pieces(member)
    yield b")"


def _instrument(instrument: Instrument) -> bytes:
    """Return the digest of an instrument, which stays in memory and never changes."""
    known = _instruments.get(id(instrument))
    if known is None:
        digest = hashlib.sha256()
        for field in fields(instrument):
            _add(digest, getattr(instrument, field.name))
        known = _instruments[id(instrument)] = instrument, digest.digest()
        while len(_instruments) > _INSTRUMENTS:
            del _instruments[next(iter(_instruments))]
    return known[1]


def _settings() -> dict[str, Any]:
    """Return what this installation has its reports print: a logo as its bytes."""
    names = sorted(name for name in dir(settings) if name.startswith("REPORT_"))
    found = {
        name: getattr(settings, name)
        for name in (*names, "INSTALLATION_NAME", "SITE_URL")
    }
    return {name: _bytes_of(value) for name, value in found.items()}


def _bytes_of(value: Any) -> Any:
    path = Path(value) if isinstance(value, str | Path) and value else None
    return path.read_bytes() if path is not None and path.is_file() else value
