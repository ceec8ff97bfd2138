import datetime
import io

import openpyxl
import pytest

from assessment.spreadsheets import csv_page, unarmed, xlsx_page

HEAD = ("a", "b", "c", "d")
MOMENT = datetime.datetime(2025, 3, 1, 9, 30, 15, 7, tzinfo=datetime.UTC)
ROWS = [["=1+1", 2, MOMENT, None], ["Côte d’Ivoire", 2.5, MOMENT, "x"]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_would_be_a_formula_is_disarmed(start):
    assert unarmed(f"{start}1") == f"'{start}1"


@pytest.mark.parametrize("text", ["", "Peru", "1=1", "'=1"])
def test_other_text_stays(text):
    assert unarmed(text) == text


def test_xlsx_leaves_out_control_characters():
    """They cannot stand in a workbook: writing one failed."""
    page = xlsx_page("t", ["a\x00"], [["b\x07\ufffe\n=1"], ["\x01=1"]])

    sheet = openpyxl.load_workbook(io.BytesIO(page.content))["t"]
    assert list(sheet.values) == [("a",), ("b\n=1",), ("'=1",)]


def test_csv_has_a_mark_and_disarmed_texts():
    page = csv_page("t", HEAD, ROWS)

    assert page.content.decode("utf-8") == (
        "\ufeffa,b,c,d\r\n"
        "'=1+1,2,2025-03-01T09:30:15Z,\r\n"
        "Côte d’Ivoire,2.5,2025-03-01T09:30:15Z,x\r\n"
    )
    assert page["Content-Disposition"] == 'attachment; filename="t.csv"'
    assert page["Cache-Control"] == "private, no-store"


def test_xlsx_keeps_numbers_and_moments():
    page = xlsx_page("t", HEAD, ROWS)

    sheet = openpyxl.load_workbook(io.BytesIO(page.content))["t"]
    at = MOMENT.replace(tzinfo=None, microsecond=0)
    assert list(sheet.values) == [
        ("a", "b", "c", "d"),
        ("'=1+1", 2, at, None),
        ("Côte d’Ivoire", 2.5, at, "x"),
    ]
    assert sheet.freeze_panes == "A2"
    assert all(cell.data_type == "s" for cell in sheet["A"])
    assert page["Content-Disposition"] == 'attachment; filename="t.xlsx"'
