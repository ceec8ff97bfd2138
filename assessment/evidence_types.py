"""What kinds of files are taken as evidence, told by their content, not by their name.

Nothing is unpacked: of archives the directory is read and two small members, with a limit.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

NAME_MAX = 150

# Limits of archives, far above what office programs write.
MEMBERS_MAX = 5_000
UNPACKED_MAX = 500 * 1024 * 1024
RATIO_MAX = 200  # asked of archives that unpack to more than RATIO_FROM
RATIO_FROM = 20 * 1024 * 1024
MEMBER_READ_MAX = 256 * 1024

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ODT = "application/vnd.oasis.opendocument.text"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: how its name ends, its content type, its name for people."""

    label: str
    content_type: str
    endings: tuple[str, ...]


PDF = FileKind("PDF", "application/pdf", ("pdf",))
DOCX = FileKind("DOCX", _DOCX, ("docx",))
XLSX = FileKind("XLSX", _XLSX, ("xlsx",))
ODT = FileKind("ODT", _ODT, ("odt",))
PNG = FileKind("PNG", "image/png", ("png",))
JPEG = FileKind("JPEG", "image/jpeg", ("jpg", "jpeg"))
WEBP = FileKind("WEBP", "image/webp", ("webp",))
KINDS = (PDF, DOCX, XLSX, ODT, PNG, JPEG, WEBP)
ACCEPT = ",".join(f".{ending}" for kind in KINDS for ending in kind.endings)


class Unacceptable(Exception):
    """A file that is not taken; `message` says why, in the person's language."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def kind_of(file: IO[bytes], name: str) -> FileKind:
    """Return what `file` is. Raises Unacceptable, also if its name says otherwise."""
    head = _head(file)
    if not head:
        raise Unacceptable(_("The file is empty."))
    kind = next((kind for test, kind in _STARTS if test(head)), None)
    if kind is None and head.startswith(b"PK\x03\x04"):
        kind = _kind_of_archive(file)
    elif kind is not None and _has_archive(file):
        raise Unacceptable(_("The file is two kinds of file at once."))
    if kind is None:
        raise Unacceptable(_not_taken())
    if _ending(name) not in kind.endings:
        message = _("The name says otherwise, but this is a %(kind)s file. Rename it.")
        raise Unacceptable(message % {"kind": kind.label})
    file.seek(0)
    return kind


def label_of(content_type: str) -> str:
    return next((k.label for k in KINDS if k.content_type == content_type), "")


def _not_taken() -> str:
    labels = ", ".join(kind.label for kind in KINDS)
    return _("This kind of file is not taken. Taken are: %(kinds)s.") % {
        "kinds": labels
    }


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(64)


_STARTS: tuple[tuple[Callable[[bytes], bool], FileKind], ...] = (
    (lambda head: re.match(rb"%PDF-[12]\.\d", head) is not None, PDF),
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), PNG),
    (lambda head: head.startswith(b"\xff\xd8\xff"), JPEG),
    (lambda head: head[:4] == b"RIFF" and head[8:15] == b"WEBPVP8", WEBP),
)


def _has_archive(file: IO[bytes]) -> bool:
    file.seek(0)
    return zipfile.is_zipfile(file)


# Archives: office documents


def _kind_of_archive(file: IO[bytes]) -> FileKind | None:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            _refuse_dangerous(archive)
            return _office_kind(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        raise Unacceptable(_("The file is damaged.")) from None


def _refuse_dangerous(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    is_bomb = unpacked > UNPACKED_MAX or (
        unpacked > RATIO_FROM and unpacked / packed > RATIO_MAX
    )
    if len(members) > MEMBERS_MAX or is_bomb:
        raise Unacceptable(_("The file unpacks to far more than a document has."))
    names = [member.filename for member in members]
    if len(set(map(str.lower, names))) != len(names) or any(map(_leaves, names)):
        raise Unacceptable(_("The file is damaged."))
    if any(member.flag_bits & 1 for member in members):
        raise Unacceptable(
            _("The file is protected by a password: nobody can read it.")
        )
    if any(map(_is_active, names)):
        raise Unacceptable(
            _("The file holds macros or programs. Save it without them.")
        )


def _leaves(name: str) -> bool:
    """Whether a member would be written outside the folder it is unpacked in."""
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


_ACTIVE = re.compile(
    r"(^|/)(vbaproject\.bin|vbadata\.xml|macrosheets/|activex/)|^(basic|scripts)/",
    re.IGNORECASE,
)


def _is_active(name: str) -> bool:
    return _ACTIVE.search(name) is not None


def _office_kind(archive: zipfile.ZipFile) -> FileKind | None:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        types = _read(archive, "[Content_Types].xml")
        if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
            raise Unacceptable(
                _("The file holds macros or programs. Save it without them.")
            )
        if "word/document.xml" in names and f"{_DOCX}.main+xml".encode() in types:
            return DOCX
        if "xl/workbook.xml" in names and f"{_XLSX}.main+xml".encode() in types:
            return XLSX
        return None
    is_odf = archive.namelist()[:1] == ["mimetype"] and "content.xml" in names
    return ODT if is_odf and _read(archive, "mimetype") == _ODT.encode() else None


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a small member; a larger one is no member of an honest document."""
    with archive.open(name) as member:
        content = member.read(MEMBER_READ_MAX + 1)
    if len(content) > MEMBER_READ_MAX:
        raise Unacceptable(_("The file is damaged."))
    return content


# Names

_UNWANTED = re.compile(
    r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]'
)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """Return a name to show and to save under: no path, no control or direction signs.

    Letters of every script stay; the ending stays when the name is cut.
    """
    text = name.encode("utf-8", "ignore").decode()  # without lone surrogates
    text = unicodedata.normalize("NFC", text).replace("\\", "/").rsplit("/", 1)[-1]
    text = " ".join(_UNWANTED.sub(" ", text).split()).rstrip(". ")
    stem, dot, ending = text.rpartition(".")
    if not dot:
        stem, ending = text, ""
    stem = stem.strip(". ") or "document"
    if _RESERVED.fullmatch(stem):
        stem = f"{stem}_"
    ending = ending.strip()[:10]
    stem = stem[: NAME_MAX - len(ending) - 1]
    return f"{stem}.{ending}" if ending else stem


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
