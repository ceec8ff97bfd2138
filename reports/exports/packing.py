"""Office files that are the same, byte for byte, whenever they are written."""

from __future__ import annotations

import io
import re
import zipfile

# The first moment that a ZIP archive can name: the files inside carry no time.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_FIRST = "[Content_Types].xml"
_CORE = "docProps/core.xml"
_MOMENTS = re.compile(
    rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>|<cp:lastPrinted>.*?</cp:lastPrinted>"
)
_END = b"</cp:coreProperties>"
_MOMENT = (
    '<dcterms:{0} xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:type="dcterms:W3CDTF">{1}</dcterms:{0}>'
)


def repacked(content: bytes, *, created: str) -> bytes:
    """Return an Office file with the moment of its record, and no other, inside.

    `created` is ISO 8601 in UTC, or empty for a record without one.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for name in sorted(source.namelist(), key=lambda name: (name != _FIRST, name)):
            data = source.read(name)
            if name == _CORE:
                data = _dated(data, created)
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, data)
    return out.getvalue()


def _dated(properties: bytes, created: str) -> bytes:
    """Return core properties with `created` as the moment of making and of change."""
    plain = _MOMENTS.sub(b"", properties)
    if not created:
        return plain
    moments = "".join(_MOMENT.format(name, created) for name in ("created", "modified"))
    return plain.replace(_END, moments.encode() + _END)
