import pytest

from questionnaire.addresses import EVIDENCE, NOTE, Address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("GEN-01", Address("GEN-01")),
        ("SRC-INV[SRC-CEN].exists", Address("SRC-INV", "SRC-CEN", "exists")),
        ("POL-SDG[SDG-16.10.1].latest_year", Address("POL-SDG", "SDG-16.10.1", "latest_year")),
        ("SRC-INV[SRC-CEN]", Address("SRC-INV", "SRC-CEN")),
        ("SRC-INV.exists", Address("SRC-INV", "", "exists")),
        ("GEN-01.@note", Address("GEN-01", "", NOTE)),
        ("SRC-INV[SRC-CEN].@evidence", Address("SRC-INV", "SRC-CEN", EVIDENCE)),
        ("GEN-05[abcd1234].name", Address("GEN-05", "abcd1234", "name")),
    ],
)  # fmt: skip
def test_address_is_read_and_written_in_one_form(text, address):
    assert Address.parse(text) == address
    assert str(address) == text


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "GEN 01", "GEN-01 ", "GEN-01\n", "\x00", "GEN-01.", "GEN-01[]", "[A].b",
        "GEN-01[a", "GEN-01]a[", "GEN-01[a]b", "GEN-01.a.b", "GEN-01[a][b]", "GEN_01",
        "GÉN-01", "GEN-01.@@note", "GEN-01.1a", "GEN-01.Name", "GEN-01[a b].c",
        "GEN-01[a].c\n",
    ],
)  # fmt: skip
def test_other_text_is_no_address(text):
    with pytest.raises(ValueError, match="is not the address of a cell"):
        Address.parse(text)
