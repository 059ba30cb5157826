"""Reading a file: its form, not yet its content."""

import codecs
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.errors import DataRefused, Problem
from geoapp.ingest.table import read_table


def refusal(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(DataRefused) as caught:
        read_table(data, "x.csv")
    return caught.value.problems


def faults(data: bytes) -> tuple[Problem, ...]:
    """Those that leave the rest readable; an import is refused for them together with all others."""
    return read_table(data, "x.csv").faults


def test_line_is_where_the_row_starts_even_after_quoted_line_breaks():
    table = read_table(b'id,summary\na,"one\ntwo\r\nthree"\n\nb,"x"\n,\nc,y\n')
    assert table.lines == (2, 6, 8)
    assert table.rows == (("a", "one\ntwo\r\nthree"), ("b", "x"), ("c", "y"))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_line_ends_and_byte_order_mark_make_no_difference(end, mark):
    table = read_table(mark + end.join(["id,title", "a,ქართული", "b,Ӕ"]).encode())
    assert table.columns == ("id", "title")
    assert table.rows == (("a", "ქართული"), ("b", "Ӕ"))


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_other_encodings_are_refused_with_line_and_byte(mark):
    data = mark + b"id,title\na,caf\xe9\n"
    (problem,) = refusal(data)
    assert problem.line == 2
    assert f"byte {data.index(0xE9) + 1} " in problem.expected
    assert "0xe9" in problem.expected


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ("id,title\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest", "Excel"),
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"id;title\na;b\n", "semicolons"),
        (b"id\ttitle\na\tb\n", "tabs"),
        (b'id,title\na,"b\n', "never closes"),
        (b'id,title\na,"b"c\n', "after a closing quote"),
        (b'id,title\na,"' + b"x" * 140_000 + b'"\n', "131,072"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data, word):
    (problem,) = refusal(data)
    assert word in problem.expected


def test_the_line_of_an_unclosed_quote_is_where_its_row_starts():
    assert refusal(b'id,title\na,b\nc,"d\ne\nf\n')[0].line == 3


def test_every_line_with_a_nul_byte_is_named():
    assert [problem.line for problem in refusal(b"id,title\na\0,b\nc,d\ne,\0\n")] == [2, 4]


def test_every_row_that_is_too_long_or_too_short_is_named():
    problems = faults(b"id,title\na\nb,c\nd,e,f\n")
    assert [(problem.line, problem.expected.split(";")[0]) for problem in problems] == [
        (2, "2 cells as in the header, found 1 (fewer"),
        (4, "2 cells as in the header, found 3 (more"),
    ]


def test_unknown_columns_get_a_suggestion_and_double_ones_are_refused():
    problems = faults(b"id,Titel,id,,source-url\na,b,c,d,e\n")
    assert [(problem.column, problem.suggestion) for problem in problems] == [
        ("Titel", "title"),
        ("id", None),
        (None, None),
        ("source-url", "source_url"),
    ]


def test_what_is_left_of_a_file_with_faults_is_still_read():
    table = read_table(b"id,Titel,place\na,b,c\nd\n", "x.csv")
    assert table.columns == ("id", "place")
    assert table.rows == (("a", "c"), ("d", ""))


def test_nothing_is_read_of_a_file_whose_rows_cannot_be_told_apart():
    assert [problem.column for problem in refusal(b"identifier,title\na,b\n")] == ["identifier"]


def test_trailing_commas_of_a_spreadsheet_are_passed_over_unless_they_hold_text():
    assert read_table(b"id,title,,\na,b,,\n").rows == (("a", "b"),)
    assert faults(b"id,title,,\na,b,c,\n")[0].line == 2


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_what_a_csv_writer_wrote_is_read_back(texts):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "summary"])
    writer.writerows(["a", text] for text in texts)
    table = read_table(stream.getvalue().encode())
    assert [row[1] for row in table.rows] == texts
