"""Files are told by their content; names are made safe."""

import io
import struct
import unicodedata
import zipfile

import pytest

from assessment import evidence_types
from assessment.evidence_types import Unacceptable, kind_of, label_of, safe_name
from tests.files import (
    JPEG,
    ODT,
    PNG,
    SHEET,
    WEBP,
    WORD,
    archive,
    content_types,
    docx,
    odt,
    pdf,
    xlsx,
)


def told(content, name):
    return kind_of(io.BytesIO(content), name).content_type


def refused(content, name):
    with pytest.raises(Unacceptable) as raised:
        kind_of(io.BytesIO(content), name)
    return raised.value.message


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (pdf(), "a.pdf", "application/pdf"),
        (pdf(), "a.b.PDF", "application/pdf"),
        (docx(), "a.docx", WORD),
        (xlsx(), "a.xlsx", SHEET),
        (odt(), "a.odt", ODT),
        (PNG, "a.png", "image/png"),
        (JPEG, "a.jpg", "image/jpeg"),
        (JPEG, "a.JPEG", "image/jpeg"),
        (WEBP, "a.webp", "image/webp"),
        (pdf(), "evil.exe.pdf", "application/pdf"),
    ],
)
def test_kind_is_told_by_content(content, name, content_type):
    assert told(content, name) == content_type


def test_file_can_be_read_from_its_start_afterwards():
    file = io.BytesIO(docx())

    kind_of(file, "a.docx")

    assert file.read(2) == b"PK"


NOT_TAKEN = (
    "This kind of file is not taken. Taken are: PDF, DOCX, XLSX, ODT, PNG, JPEG, WEBP."
)
DAMAGED = "The file is damaged."
MACROS = "The file holds macros or programs. Save it without them."
TOO_MUCH = "The file unpacks to far more than a document has."
TWO = "The file is two kinds of file at once."


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.pdf", "The file is empty."),
        (b"<html>", "a.pdf", NOT_TAKEN),
        (b"MZ\x90\x00", "a.exe", NOT_TAKEN),
        (b"\n%PDF-1.7", "a.pdf", NOT_TAKEN),
        (b"%PDF-", "a.pdf", NOT_TAKEN),
        (b"GIF89a", "a.gif", NOT_TAKEN),
        (b"\x89PNG\r\n\x1a\n<script>", "a.png", NOT_TAKEN),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "a.webp", NOT_TAKEN),
        (b"<svg xmlns='x'/>", "a.svg", NOT_TAKEN),
        (archive({"a.txt": "x"}), "a.zip", NOT_TAKEN),
        (archive({"a.txt": "x"}), "a.docx", NOT_TAKEN),
        (pdf() + docx(), "a.pdf", TWO),
        (PNG + docx(), "a.png", TWO),
        (JPEG + docx(), "a.jpg", TWO),
        (b"junk" + docx(), "a.docx", NOT_TAKEN),
        (docx()[:-30], "a.docx", DAMAGED),
        (b"PK\x03\x04" + b"\x00" * 60, "a.docx", DAMAGED),
        (docx(**{"../../etc/passwd": b"x"}), "a.docx", DAMAGED),
        (docx(**{"/etc/passwd": b"x"}), "a.docx", DAMAGED),
        (docx(**{"word\\x": b"x"}), "a.docx", DAMAGED),
        (docx(**{"WORD/document.xml": b"x"}), "a.docx", DAMAGED),
        (docx(**{"word/vbaProject.bin": b"x"}), "a.docx", MACROS),
        (docx(**{"word/activeX/activeX1.bin": b"x"}), "a.docx", MACROS),
        (xlsx(**{"xl/VBAPROJECT.BIN": b"x"}), "a.xlsx", MACROS),
        (xlsx(**{"xl/macrosheets/sheet1.xml": b"x"}), "a.xlsx", MACROS),
        (odt(**{"Basic/script-lc.xml": b"x"}), "a.odt", MACROS),
        (odt(**{"Scripts/python/a.py": b"x"}), "a.odt", MACROS),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_refused_in_words(content, name, message):
    assert refused(content, name) == message


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (pdf(), "invoice.pdf.exe", "PDF"),
        (pdf(), "a.docx", "PDF"),
        (docx(), "a.xlsx", "DOCX"),
        (docx(), "a.docm", "DOCX"),
        (PNG, "a.jpg", "PNG"),
        (PNG, "png", "PNG"),
        (PNG, "a.png.html", "PNG"),
        (odt(), "a.docx", "ODT"),
    ],
)
def test_name_that_says_otherwise_is_refused(content, name, kind):
    assert refused(content, name) == (
        f"The name says otherwise, but this is a {kind} file. Rename it."
    )


@pytest.mark.parametrize(
    "types",
    [
        content_types("application/vnd.ms-word.document.macroEnabled"),
        content_types(WORD) + '<Default ContentType="application/vnd.ms-office.vbaProject"/>',
    ],
)  # fmt: skip
def test_macros_declared_without_their_part_are_refused(types):
    content = archive({"[Content_Types].xml": types, "word/document.xml": "x"})

    assert refused(content, "a.docx") == MACROS


@pytest.mark.parametrize(
    "members",
    [
        {"[Content_Types].xml": content_types(WORD)},
        {"[Content_Types].xml": "", "word/document.xml": "x"},
        {"[Content_Types].xml": content_types(SHEET), "word/document.xml": "x"},
        {"content.xml": "x", "mimetype": ODT},
        {"mimetype": ODT},
        {"mimetype": "application/epub+zip", "content.xml": "x"},
    ],
)
def test_archive_that_only_resembles_a_document_is_refused(members):
    assert refused(archive(members), "a.docx") == NOT_TAKEN


def test_archive_that_unpacks_to_too_much_is_refused():
    bomb = docx(**{"word/media/a": b"\x00" * (evidence_types.RATIO_FROM + 1)})

    assert len(bomb) < 100_000
    assert refused(bomb, "a.docx") == TOO_MUCH


def test_archive_that_claims_too_much_is_refused_unread():
    content = docx(**{"word/media/a": b"x"})
    start = content.rindex(b"PK\x01\x02")  # its last entry in the directory
    size = struct.pack("<L", evidence_types.UNPACKED_MAX + 1)
    claimed = content[: start + 24] + size + content[start + 28 :]

    assert refused(claimed, "a.docx") == TOO_MUCH


def test_archive_of_too_many_members_is_refused():
    many = {f"word/{n}.xml": b"" for n in range(evidence_types.MEMBERS_MAX)}

    assert refused(docx(**many), "a.docx") == TOO_MUCH


def test_huge_member_is_not_read_whole():
    types = content_types(WORD) + " " * evidence_types.MEMBER_READ_MAX
    content = archive({"[Content_Types].xml": types, "word/document.xml": "x"})

    assert refused(content, "a.docx") == DAMAGED


def test_protected_archive_is_refused():
    content = bytearray(docx())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(sign) + offset
        content[at] |= 1

    assert refused(bytes(content), "a.docx") == (
        "The file is protected by a password: nobody can read it."
    )


def test_unknown_compression_of_what_is_read_is_damage():
    content = bytearray(
        archive({"mimetype": ODT, "content.xml": "x"}, zipfile.ZIP_STORED)
    )
    for sign, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(sign) + offset] = 97

    assert refused(bytes(content), "a.odt") == DAMAGED


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\temp\\a b.pdf", "a b.pdf"),
        ("تقرير الهجرة.pdf", "تقرير الهجرة.pdf"),
        ("移民 2024.xlsx", "移民 2024.xlsx"),
        ("a\x00b\n\tc.pdf", "a b c.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ('a<b>:"|?*.pdf', "a b.pdf"),
        ("...pdf", "document.pdf"),
        (".pdf", "document.pdf"),
        ("", "document"),
        ("../..", "document"),
        ("CON.pdf", "CON_.pdf"),
        ("lpt1.docx", "lpt1_.docx"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("\ud800.pdf", "document.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("a." + "y" * 300, "a." + "y" * 10),
    ],
)
def test_name_is_made_safe(name, safe):
    assert safe_name(name) == safe
    assert unicodedata.is_normalized("NFC", safe_name(name))
    assert safe_name(safe) == safe


def test_label_of_a_content_type():
    assert (label_of(ODT), label_of("text/html")) == ("ODT", "")
