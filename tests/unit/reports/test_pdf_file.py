"""The file of a PDF, read back by another library."""

from __future__ import annotations

import io

import pikepdf
import pydyf
import pytest

from reports.pdf_file import written


def read_back(pdf: pydyf.PDF, identifier: bytes = b"record") -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(written(pdf, identifier=identifier)))


def with_page(*objects: pydyf.Object) -> pydyf.PDF:
    pdf = pydyf.PDF()
    pdf.info["Title"] = pydyf.String("Über (alles)")
    for item in objects:
        pdf.add_object(item)
    page = {"Type": "/Page", "Parent": pdf.pages.reference, "Resources": "<<>>"}
    pdf.add_page(pydyf.Dictionary(page | {"MediaBox": pydyf.Array([0, 0, 9, 9])}))
    return pdf


def test_file_has_page_title_and_identifier():
    pdf = read_back(with_page(), identifier=b"\xff\x00record")

    assert pdf.check_pdf_syntax() == []
    assert len(pdf.pages) == 1
    assert str(pdf.docinfo.Title) == "Über (alles)"
    assert bytes(pdf.trailer.ID[0]) == b"\xff\x00record"
    assert len(bytes(pdf.trailer.ID[1])) == 32


def test_hash_in_the_identifier_is_of_the_file():
    first, same, other = (
        read_back(with_page(pydyf.Stream([text]))) for text in (b"a", b"a", b"b")
    )

    assert bytes(first.trailer.ID[1]) == bytes(same.trailer.ID[1])
    assert bytes(first.trailer.ID[1]) != bytes(other.trailer.ID[1])


@pytest.mark.parametrize("compress", [True, False])
def test_stream_is_compressed_where_it_should_be(compress):
    pieces = ["q", b"\nstream\n", pydyf.Dictionary({"MCID": 0}), b"\nendstream"] * 9
    plain = b"\n".join([b"q", b"\nstream\n", b"<</MCID 0>>", b"\nendstream"] * 9)
    stream = pydyf.Stream(pieces, {"Type": "/Test"}, compress=compress)

    pdf = read_back(with_page(stream))
    found = pdf.get_object(stream.number, 0)

    assert found.read_bytes() == plain
    assert (len(found.read_raw_bytes()) < len(plain)) is compress
    assert found.Type == "/Test"


@pytest.mark.parametrize("count", [1, 300, 70_000])
def test_objects_are_found_by_number(count):
    objects = [pydyf.Dictionary({"N": number}) for number in range(count)]

    pdf = read_back(with_page(*objects))

    for number in (0, count // 2, count - 1):
        found = pdf.get_object(objects[number].number, 0)
        assert number == found.N
