"""Files as they come: encodings, delimiters, workbooks, and what is refused."""

import csv
import datetime
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.errors import DataRefused
from geoapp.ingest import prepare
from geoapp.ingest.reading import files, workbook, workbook_reader
from geoapp.ingest.reading.files import read_file
from geoapp.ingest.reading.mapping import apply
from geoapp.ingest.reading.recognise import recognise
from tests.unit.ingest.conftest import ROW

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


@pytest.mark.parametrize("sign", ",;")
def test_a_title_above_the_table_is_left_out_with_a_warning(sign):
    blank = sign * 2
    text = f"Incidents of 2031{blank}\n{blank}\nid{sign}place{sign}title\na-1{sign}Ergneti{sign}x\n"
    sheet = read_file(text.encode(), "x.csv")
    assert (sheet.columns, sheet.rows, sheet.lines, sheet.top) == (
        ("id", "place", "title"),
        (("a-1", "Ergneti", "x"),),
        (4,),
        3,
    )
    (warning,) = sheet.warnings
    assert (warning.level, warning.line, warning.value) == ("warning", 1, "Incidents of 2031")
    assert "line 3" in warning.expected


@pytest.mark.parametrize("text", ["id\na-1\na-2\n", "id,place\na-1,x,y\n", "id\na-1\n" * 12 + "a,b,c\n"])
def test_a_narrow_header_is_no_title(text):
    assert read_file(text.encode(), "x.csv").columns[0] == "id"


def test_columns_without_a_name_and_without_text_are_passed_over():
    sheet = read_file(b",id,,place\n,a-1,,x\n , a-2,,y\n", "x.csv")
    assert (sheet.columns, sheet.rows) == (("id", "place"), (("a-1", "x"), (" a-2", "y")))
    assert sheet.faults == ()


def test_text_without_a_name_above_it_is_told_with_its_line():
    (fault,) = read_file(b"id,,place\na-1,,x\na-2,lost?,y\n", "x.csv").faults
    assert (fault.level, fault.line, fault.value) == ("error", 3, "lost?")


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


def test_cells_of_all_sheets_count_together(monkeypatch):
    made = openpyxl.Workbook()
    for name in "ab":
        made.create_sheet(name)["J10"] = "x"
    file = io.BytesIO()
    made.save(file)
    assert read_file(file.getvalue(), "x.xlsx").columns
    monkeypatch.setattr(workbook, "MOST_CELLS", 150)
    with pytest.raises(DataRefused, match="cells"):
        read_file(file.getvalue(), "x.xlsx")


def test_cells_that_do_not_say_where_they_stand_are_counted_by_the_reader(monkeypatch):
    monkeypatch.setattr(workbook_reader, "MOST_CELLS", 100)
    data = with_parts(rows="<row><c><v>1</v></c><c><v>2</v></c></row>" * 51)
    assert workbook_reader.read(data, None) == {"cells": 102}
    data = with_parts(rows="<row><c><v>1</v></c><c><v>2</v></c></row>" * 50)
    assert len(workbook_reader.read(data, None)["rows"]) == 50


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def with_parts(**parts):
    """A workbook whose first sheet and shared texts are these."""
    given = {
        "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>{parts['rows']}</sheetData></worksheet>"
    }
    if "texts" in parts:
        given["xl/sharedStrings.xml"] = f"<sst {MAIN}>{parts['texts']}</sst>"
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(["id"]))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in dict.fromkeys([*old.namelist(), *given]):
            new.writestr(name, given[name] if name in given else old.read(name))
    return file.getvalue()


def test_cells_far_apart_that_hide_where_they_stand_are_refused_too():
    far = '<row r="1048570">' + "<c><v>1</v></c>" * 16_000 + "</row>"
    with pytest.raises(DataRefused, match="unpacks to"):
        read_file(with_parts(rows='<row r="1"><c r="A1"><v>1</v></c></row>' + far), "x.xlsx")


def test_a_long_text_that_stands_in_many_cells_is_refused():
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_001))
    data = with_parts(rows=rows, texts=f"<si><t>{'x' * 200_000}</t></si>")
    assert len(data) < 200_000
    with pytest.raises(DataRefused, match="unpacks to"):
        read_file(data, "x.xlsx")


def test_texts_that_many_cells_share_are_read():
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 4))
    sheet = read_file(with_parts(rows=rows, texts="<si><t>id</t></si>"), "x.xlsx")
    assert (sheet.columns, sheet.rows) == (("id",), (("id",), ("id",)))


def test_a_sheet_can_be_named():
    made = openpyxl.Workbook()
    made.active.append(["first"])
    made.create_sheet("მაისი").append(["id"])
    file = io.BytesIO()
    made.save(file)
    assert read_file(file.getvalue(), "x.xlsx", "მაისი").columns == ("id",)
    with pytest.raises(DataRefused, match="Sheet, მაისი"):
        read_file(file.getvalue(), "x.xlsx", "June")


@pytest.mark.parametrize(
    ("order", "read", "others"),
    [
        (("notes", "table"), "table", "notes"),
        (("table", "notes"), "table", "notes"),
        (("empty", "notes"), "notes", None),
        (("notes", "table", "second"), "table", "notes, second"),
    ],
)
def test_the_first_sheet_with_a_table_is_read_and_the_others_with_text_are_told(order, read, others):
    rows = {
        "notes": [["Read me"], ["Please"]],
        "table": [["id", "place", "title"], ["a", "b", "c"]],
        "empty": [],
    }
    rows["second"] = rows["table"]
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name in order:
        added = made.create_sheet(name)
        for row in rows[name]:
            added.append(row)
    file = io.BytesIO()
    made.save(file)
    sheet = read_file(file.getvalue(), "x.xlsx")
    assert sheet.form == f"XLSX, its sheet {read}"
    assert len(sheet) == 1
    told = [each.expected for each in sheet.warnings]
    assert told == ([f"one sheet with text; {read} was read, not {others}"] if others else [])


RUSSIAN = "id;title\na-1;Сотрудники комитета сообщили о переговорах\n"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (RUSSIAN.encode("cp1251"), []),
        ("id;title\na-1;Café à côté, déjà vu, être, élève, père, fête, où\n".encode("cp1252"), []),
        ("id;title\na-1;Ёж\n".encode("cp1251"), ["Windows-1251"]),
        ("id;title\na-1;café\n".encode("cp1252"), ["Windows-1252"]),
        (RUSSIAN.encode("utf-16-le"), ["UTF-16"]),
        (RUSSIAN.encode("utf-16-be"), ["UTF-16"]),
        (RUSSIAN.encode(), []),
    ],
)
def test_a_guess_that_is_not_sure_says_what_was_assumed(data, told):
    sheet = read_file(data, "x.csv")
    assert [word for each in sheet.warnings for word in told if word in each.expected] == told
    assert len(sheet.warnings) == len(told)


def test_what_was_assumed_is_among_the_warnings_of_the_batch(editor):
    text = ",".join(ROW) + "\n" + ",".join(ROW.values()).replace("Example", "Café") + "\n"
    sheet = read_file(text.encode("cp1252"), "x.csv")
    batch = prepare(editor.store, apply(sheet, recognise(sheet).plan))
    assert ["Windows-1252" in each.expected for each in batch.warnings] == [True]


def test_an_older_workbook_says_what_to_do():
    with pytest.raises(DataRefused, match="save it as .xlsx"):
        read_file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "x.xls")


def test_a_heading_with_line_breaks_and_other_delimiters_in_cells_do_not_mislead():
    text = 'id;"title\nof it";notes\na-1;"x, y, z, w, v";p|q|r\n'
    sheet = read_file(text.encode(), "x.csv")
    assert sheet.columns == ("id", "title of it", "notes")
    assert sheet.rows == (("a-1", "x, y, z, w, v", "p|q|r"),)


CELL = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t;,|\"'=+-@ ქЖæ"), max_size=12
)
TABLES = st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6)


def kept(rows):
    """Rows of nothing but blanks are left behind by spreadsheets."""
    return tuple(row for row in rows if any(cell.strip() for cell in row))


@given(
    rows=TABLES,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    sign=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_any_table_of_text_is_read_back_in_every_encoding_and_with_every_delimiter(rows, encoding, sign, end):
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=sign, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("id", "title", "summary"), *rows])
    sheet = read_file(file.getvalue().encode(encoding), "x.csv")
    assert (sheet.columns, sheet.rows) == (("id", "title", "summary"), kept(rows))


RUSSIAN_WORDS = st.lists(
    st.text("абвгдежзийклмнопрстуфхцчшщъыьэюяё", min_size=2, max_size=9), min_size=4, max_size=9
).map(" ".join)


@given(rows=st.lists(st.tuples(RUSSIAN_WORDS, RUSSIAN_WORDS, RUSSIAN_WORDS), min_size=1, max_size=5))
def test_any_cyrillic_words_in_windows_1251_are_read_back(rows):
    lines = [";".join(row) for row in [("id", "title", "summary"), *rows]]
    assert read_file("\r\n".join(lines).encode("cp1251"), "x.csv").rows == tuple(rows)


@given(rows=TABLES)
@settings(max_examples=6)
def test_any_table_of_text_is_read_back_from_a_workbook(rows):
    rows = [tuple("".join(c for c in cell if c.isprintable() or c == "\n") for cell in row) for row in rows]
    made = openpyxl.Workbook()
    for number, row in enumerate([("id", "title", "summary"), *rows], start=1):
        for column, text in enumerate(row, start=1):
            cell = made.active.cell(number, column)
            cell.value, cell.data_type = text or None, "s"
    file = io.BytesIO()
    made.save(file)
    found = read_file(file.getvalue(), "x.xlsx").rows
    assert found == kept(rows)


def test_a_line_of_delimiters_alone_is_not_a_table_of_millions_of_columns():
    for data in (
        b",".join(b"c%d" % number for number in range(501)) + b"\n",
        b"x" + b";" * 3_000_000 + b"y\n1\n",
    ):
        with pytest.raises(DataRefused) as caught:
            read_file(data, "wide.csv")
        assert "at most 500 columns" in str(caught.value)


def test_more_rows_than_any_table_has_are_refused(monkeypatch):
    monkeypatch.setattr(files, "MOST_ROWS", 3)
    with pytest.raises(DataRefused, match="at most 3 rows"):
        read_file(b"id\na\nb\nc\nd\n", "long.csv")
