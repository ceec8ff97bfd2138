"""What makes a PDF/UA-1 a PDF/A-2b too (ISO 19005-2).

WeasyPrint marks a file as one or the other. The fonts are embedded and nothing comes
from outside in any case; what is left is the meaning of the colours, that links print,
the exact widths of glyphs, and what the file says of itself.
"""

from __future__ import annotations

import struct
from functools import cache
from importlib.resources import files
from typing import Any

_PRINTS = 4  # the flag of an annotation that prints
_PROFILE = ("weasyprint.pdf", "sRGB2014.icc")
_SRGB = "sRGB IEC 61966-2-1"

# PDF/A allows properties it does not know only if the file describes them: 6.6.2.3.
_IS_PDF_A = b"""\
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
  pdfaid:part="2" pdfaid:conformance="B"/>
<rdf:Description rdf:about=""
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def make_archival(pdf: Any) -> None:
    """Complete a `pydyf.PDF` that says that it is PDF/UA-1."""
    import pydyf

    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.compress = False  # to be read without knowing PDF
    metadata.stream = [metadata.stream[0].replace(b"</rdf:RDF>", _IS_PDF_A)]
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Type") == "/Annot":
            item["F"] = _PRINTS
        elif isinstance(item, dict) and item.get("Subtype") == "/CIDFontType2":
            _correct_widths(pdf, item)
    profile = pydyf.Stream([_srgb()], {"N": 3}, compress=True)
    pdf.add_object(profile)
    intent = {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": pydyf.String(_SRGB),
        "Info": pydyf.String(_SRGB),
        "DestOutputProfile": profile.reference,
    }
    pdf.catalog["OutputIntents"] = pydyf.Array([pydyf.Dictionary(intent)])


def _correct_widths(pdf: Any, font: Any) -> None:
    """Take the widths of glyphs from the font (6.2.11.5): small type rounds them."""
    descriptor = pdf.objects[int(font["FontDescriptor"].split()[0])]
    program = pdf.objects[int(descriptor["FontFile2"].split()[0])].stream[0]
    tables = _tables(program)
    (units,) = struct.unpack_from(">H", program, tables[b"head"] + 18)
    (count,) = struct.unpack_from(">H", program, tables[b"hhea"] + 34)
    for first, widths in zip(font["W"][::2], font["W"][1::2], strict=True):
        for place in range(len(widths)):
            metric = tables[b"hmtx"] + 4 * min(first + place, count - 1)
            (width,) = struct.unpack_from(">H", program, metric)
            widths[place] = round(1000 * width / units)


def _tables(program: bytes) -> dict[bytes, int]:
    """Return where the tables of a TrueType font begin."""
    (count,) = struct.unpack_from(">H", program, 4)
    entries = struct.iter_unpack(">4sLLL", program[12 : 12 + 16 * count])
    return {tag: offset for tag, _sum, offset, _length in entries}


@cache
def _srgb() -> bytes:
    package, name = _PROFILE
    return (files(package) / name).read_bytes()
