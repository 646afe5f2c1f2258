import csv

import pytest
from openpyxl import load_workbook

from hub import tables

HEADER = ["title", "note", "count"]
ROWS = [
    ['Шахта, "Nord"', "two\nlines", 3],
    ['=HYPERLINK("https://evil.example")', "+1", -4],
    ["เหมือง", None, 1.5],
]


def read_csv(file) -> list[list[str]]:
    return list(csv.reader(file.read().decode("utf-8-sig").splitlines(keepends=True)))


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", "\x00=1"]
)
def test_no_cell_begins_a_formula(cell):
    assert tables.harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a=1", "1-2", -4, 1.5, None, "'=1"])
def test_other_cells_stay_as_they_are(cell):
    assert tables.harmless(cell) == cell


def test_csv_is_read_back_as_it_was_written():
    file = tables.as_csv(HEADER, ROWS)

    assert read_csv(file) == [
        HEADER,
        ['Шахта, "Nord"', "two\nlines", "3"],
        ['\'=HYPERLINK("https://evil.example")', "'+1", "-4"],
        ["เหมือง", "", "1.5"],
    ]


def test_csv_says_that_it_is_utf_8_and_ends_its_lines_as_the_standard_has_it():
    raw = tables.as_csv(["a"], [["b"]]).read()

    assert raw == b"\xef\xbb\xbfa\r\nb\r\n"


def test_xlsx_holds_texts_and_numbers_and_no_formula():
    sheet = load_workbook(tables.as_xlsx(HEADER, ROWS, "works")).active

    assert [[cell.value for cell in row] for row in sheet] == [
        HEADER,
        ['Шахта, "Nord"', "two\nlines", 3],
        ['\'=HYPERLINK("https://evil.example")', "'+1", -4],
        ["เหมือง", None, 1.5],
    ]
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}
    assert (sheet.title, sheet.freeze_panes) == ("works", "A2")


def test_xlsx_leaves_out_what_no_sheet_can_hold():
    sheet = load_workbook(tables.as_xlsx(["a"], [["x\x00y\x1f" + "z" * 40_000]])).active

    assert sheet["A2"].value == ("xy" + "z" * 40_000)[:32_767]
