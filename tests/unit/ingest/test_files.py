"""Files as they come: encodings, delimiters, workbooks, and what is refused."""

import datetime
import io
import zipfile

import openpyxl
import pytest

from geoapp.errors import DataRefused
from geoapp.ingest import workbook
from geoapp.ingest.files import read_file

TEXT = "id;place\na-1;Ёжик\na-2;Цхинвали, город на реке; и ещё\n".replace("; и", " и")


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1251", "Windows-1251")],
)
def test_an_encoding_is_recognised(encoding, told):
    sheet = read_file(TEXT.encode(encoding), "x.csv")
    assert sheet.form == f"{told}, separated by semicolons"
    assert sheet.columns == ("id", "place")
    assert sheet.rows[0] == ("a-1", "Ёжик")


def test_western_letters_are_recognised():
    sheet = read_file("id,place\na-1,Café à côté de la frontière\n".encode("cp1252"), "x.csv")
    assert sheet.rows == (("a-1", "Café à côté de la frontière"),)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_delimiter_is_recognised(sign, end):
    text = end.join([sign.join(("id", "a, b; c")), sign.join(("a-1", '"two\nlines"')), ""])
    if sign in ",;":
        text = text.replace("a, b; c", "abc")
    sheet = read_file(text.encode(), "x.csv")
    assert sheet.rows == (("a-1", "two\nlines"),)
    assert sheet.lines == (2,)


def test_the_hint_of_excel_counts_as_a_line():
    sheet = read_file(b"sep=;\nid;place\na-1;x\n", "x.csv")
    assert (sheet.columns, sheet.lines) == (("id", "place"), (3,))


def test_blank_rows_and_trailing_delimiters_are_passed_over():
    sheet = read_file(b"id,place,,\na-1,x,,\n,,,\na-2\n", "x.csv")
    assert (sheet.rows, sheet.lines, sheet.faults) == ((("a-1", "x"), ("a-2", "")), (2, 4), ())


def test_a_row_that_is_too_long_is_told_with_its_line():
    (fault,) = read_file(b"id,place\na-1,x,y\n", "x.csv").faults
    assert (fault.line, fault.level) == (2, "error")


@pytest.mark.parametrize("data", [b"", b"\n\n", b",,\n", b"id,\x00place\n", b'id\n"open\n', b"\xff\xfe\x00"])
def test_what_is_no_table_is_refused(data):
    with pytest.raises(DataRefused):
        read_file(data, "x.csv")


def book(*rows):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_a_workbook_gives_the_texts_that_a_person_would_type():
    day = datetime.date(2019, 8, 24)
    sheet = read_file(book(["id", "date", "claimed_people", "latitude"], ["a-1", day, 7, 42.25]), "x.xlsx")
    assert sheet.rows == (("a-1", "2019-08-24", "7", "42.25"),)
    assert sheet.lines == (2,)


def test_an_empty_workbook_is_refused():
    with pytest.raises(DataRefused):
        read_file(book(), "x.xlsx")


def test_another_archive_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("note.txt", "no workbook")
    with pytest.raises(DataRefused):
        read_file(file.getvalue(), "x.xlsx")
    with pytest.raises(DataRefused):
        read_file(file.getvalue()[:40], "x.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 100_000)
    file = io.BytesIO(book(["id"], ["a-1"]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", bytes(1_000_000))
    with pytest.raises(DataRefused, match="unpacks to at most"):
        read_file(file.getvalue(), "x.xlsx")


def test_two_cells_far_apart_do_not_fill_the_memory():
    made = openpyxl.Workbook()
    made.active["A1"], made.active["XFD1048576"] = "id", "far"
    file = io.BytesIO()
    made.save(file)
    with pytest.raises(DataRefused, match="cells"):
        read_file(file.getvalue(), "x.xlsx")
