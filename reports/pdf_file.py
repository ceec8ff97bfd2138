"""The file that a PDF becomes: objects packed, compressed and numbered.

pydyf, WeasyPrint's writer, compresses at zlib's highest level, which takes eight times
as long for a fifteenth of the size, and writes everything twice to find an identifier.
Object and cross-reference streams are those of ISO 32000-1, 7.5.7 and 7.5.8.
"""

from __future__ import annotations

import hashlib
import zlib
from functools import lru_cache
from typing import Any

import pydyf

# Of data that end with a carriage return, a single line feed after them would make one
# end of line, and the stream would look shorter than it says.
_END = b"\nendstream\nendobj"
_SAFE_END = b"\r\nendstream\nendobj"
_LEVEL = 5  # 6 takes three quarters longer and saves 3 %


def written(pdf: Any, *, identifier: bytes) -> bytes:
    """Return the file of a `pydyf.PDF` that is complete."""
    pdf.add_object(pdf.info)
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    # Of every object: how it is kept, where, and its index or generation there.
    places = [(0, 0, 65535)]
    numbers: list[int] = []
    packed: list[bytes] = []
    holder = len(pdf.objects)
    for item in pdf.objects[1:]:
        if item.compressible:
            places.append((2, holder, len(packed)))
            numbers.append(item.number)
            packed.append(_data(item))
        else:
            places.append((1, len(out), 0))
            _compress(item)
            out += item.indirect.removesuffix(_END) + _SAFE_END + b"\n"

    places.append((1, len(out), 0))
    out += _object(holder, *_object_stream(numbers, packed))
    start = len(out)
    places.append((1, start, 0))
    entries, data = _cross_references(places)
    own = hashlib.sha256(out).hexdigest()
    entries += (
        f"/Root {pdf.catalog.reference.decode()} /Info {pdf.info.reference.decode()} "
        f"/ID [<{identifier.hex()}> <{own}>]"
    )
    out += _object(holder + 1, entries, data)
    return bytes(out + f"startxref\n{start}\n%%EOF\n".encode())


def _data(item: Any) -> bytes:
    """Return what pydyf would write for an object; it asks each value what it is."""
    kind = type(item)
    if kind is bytes:
        return bytes(item)
    if kind is str or kind is int:
        return str(item).encode("ascii")
    if kind is pydyf.Dictionary:
        entries = [
            _name(key) + (value if type(value) is bytes else _data(value))
            for key, value in item.items()
        ]
        return b"<<" + b"".join(entries) + b">>"
    if kind is pydyf.Array:
        values = [value if type(value) is bytes else _data(value) for value in item]
        return b"[" + b" ".join(values) + b"]"
    return bytes(pydyf._to_bytes(item))


@lru_cache(maxsize=1024)
def _name(key: str) -> bytes:
    return b"/" + key.encode("ascii") + b" "


def _compress(stream: Any) -> None:
    if stream.compress:
        stream.compress = False
        _, _, plain = stream.data.partition(b"\nstream\n")
        stream.stream = [zlib.compress(plain.removesuffix(b"\nendstream"), _LEVEL)]
        stream.extra = {**stream.extra, "Filter": "/FlateDecode"}


def _object_stream(numbers: list[int], packed: list[bytes]) -> tuple[str, bytes]:
    index, offset = [], 0
    for number, data in zip(numbers, packed, strict=True):
        index.append(f"{number} {offset}")
        offset += len(data) + 1
    head = " ".join(index).encode()
    entries = f"/Type /ObjStm /N {len(numbers)} /First {len(head) + 1}"
    return entries, b"\n".join((head, *packed))


def _cross_references(places: list[tuple[int, int, int]]) -> tuple[str, bytes]:
    widths = [
        (max(column).bit_length() + 7) // 8 for column in zip(*places, strict=True)
    ]
    data = b"".join(
        value.to_bytes(width, "big")
        for place in places
        for value, width in zip(place, widths, strict=True)
    )
    size = " ".join(map(str, widths))
    return f"/Type /XRef /Size {len(places)} /W [{size}] ", data


def _object(number: int, entries: str, data: bytes) -> bytes:
    data = zlib.compress(data, _LEVEL)
    head = f"{number} 0 obj\n<<{entries} /Filter /FlateDecode /Length {len(data)}>>\n"
    return b"".join((head.encode(), b"stream\n", data, _SAFE_END, b"\n"))
