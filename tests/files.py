"""The smallest files of each kind, and some that pretend."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\x00IEND\xaeB`\x82"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 20 + b"\xff\xd9"
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L" + b"\x00" * 16


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def pdf(mark: object = "") -> bytes:
    return f"%PDF-1.7\n% {mark}\n%%EOF\n".encode()


def archive(
    members: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED
) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as file:
        for name, member in members.items():
            file.writestr(name, member)
    return content.getvalue()


def content_types(kind: str) -> str:
    return f'<Types><Override ContentType="{kind}.main+xml"/></Types>'


def docx(**members: bytes) -> bytes:
    parts = {"[Content_Types].xml": content_types(WORD), "word/document.xml": "<w/>"}
    return archive({**parts, **members})


def xlsx(**members: bytes) -> bytes:
    parts = {"[Content_Types].xml": content_types(SHEET), "xl/workbook.xml": "<x/>"}
    return archive({**parts, **members})


def odt(**members: bytes) -> bytes:
    return archive({"mimetype": ODT, "content.xml": "<o/>", **members})
