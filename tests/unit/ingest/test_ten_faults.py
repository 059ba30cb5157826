"""A file with ten different faults tells all ten at once; mended in the file of errors it goes in."""

import csv
import io

import pytest

from geoapp.errors import DataRefused
from geoapp.ingest import prepare
from geoapp.ingest.error_file import error_file
from geoapp.ingest.reading.files import read_file
from geoapp.ingest.reading.mapping import apply
from geoapp.ingest.reading.recognise import ERRORS, recognise
from tests.unit.ingest.conftest import ROW, to_csv

FULL = ROW | {"end_date": "", "latitude": "", "longitude": "", "status": "", "claimed_people": ""}
FAULTS = [
    ("category", "detension", "detention"),
    ("date", "2025-05-32", None),
    ("latitude", "42.1375", None),
    ("source_language", "georgian", None),
    ("end_date", "2019-08-01", None),
    ("source_url", "www.example.org/a", None),
    ("status", "confirmed", None),
    ("actors", "GE_GOV;GE_SSG", "GE_GOV;GE_SSSG"),
    ("claimed_people", "one man", None),
    ("title", "", None),
]
# A half-filled point is told at the half that is missing.
TOLD_AT = {"latitude": "longitude"}
ROWS = [
    FULL | {"id": f"row-{number}", "title": f"=Title {number}", column: text}
    for number, (column, text, _) in enumerate(FAULTS)
]
MENDED = FULL | {"latitude": ""}


def table_of(data):
    sheet = read_file(data, "x.csv")
    return apply(sheet, recognise(sheet).plan)


def refused(store, table):
    with pytest.raises(DataRefused) as caught:
        prepare(store, table)
    return caught.value.problems


def test_all_ten_are_told_at_once_with_line_column_value_and_expectation(editor):
    problems = refused(editor.store, table_of(to_csv(*ROWS)))
    assert [(each.line, each.column) for each in problems if each.level == "error"] == [
        (line, TOLD_AT.get(column, column)) for line, (column, _, _) in enumerate(FAULTS, start=2)
    ]
    assert all(each.expected for each in problems)
    for problem, (column, text, suggestion) in zip(problems, FAULTS, strict=True):
        assert problem.value == (text or None if column not in TOLD_AT else None)
        assert suggestion is None or problem.suggestion == suggestion


def test_mended_in_the_file_of_errors_it_goes_in(editor):
    table = table_of(to_csv(*ROWS))
    written = error_file(table, refused(editor.store, table), ERRORS)
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert [row["id"] for row in rows] == [row["id"] for row in ROWS]
    assert [row[ERRORS].partition(":")[0] for row in rows] == [
        TOLD_AT.get(each[0], each[0]) for each in FAULTS
    ]
    assert rows[0]["title"] == "'=Title 0"
    assert rows[2]["latitude"] == "42.1375"
    for row, (column, _, _) in zip(rows, FAULTS, strict=True):
        row[column] = "Mended" if column == "title" else MENDED[column]
    batch = prepare(editor.store, table_of(to_csv(*rows)))
    assert [change.after.incident.title for change in batch.changes] == [
        *(f"=Title {number}" for number in range(9)),
        "Mended",
    ]


def test_numbers_with_a_sign_stay_numbers_in_the_file_of_errors(editor):
    table = table_of(to_csv(FULL | {"category": "odd", "latitude": "-42.1", "longitude": "+43.5"}))
    again = table_of(error_file(table, refused(editor.store, table), ERRORS))
    assert again.columns == table.columns
    assert [each.column for each in refused(editor.store, again) if each.level == "error"] == ["category"]
