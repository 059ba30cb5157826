import csv as standard
import datetime
from io import StringIO

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.export import csv
from geoapp.export.pieces import PIECE_BYTES
from geoapp.export.rows import protect
from geoapp.incident import COLUMNS, Incident, Joined, Record, Report, to_feature
from geoapp.ingest.checking.cells import unprotect
from geoapp.kinds import NumberRange

REPORT = Report(
    source_url="https://example.org/a",
    source_publisher="Example",
    source_language="en",
    statement="It says so.",
    report_id="an-incident/1",
)


def _record(*reports, **values):
    known = {
        "id": "an-incident",
        "date": datetime.date(2019, 8, 24),
        "date_precision": "day",
        "title": "Title",
        "summary": "Summary",
        "category": "detention",
        "place": "Chorchana",
        "location_precision": "village",
        "actors": ("GE_GOV", "SO_GOV"),
        "status": "single_source",
        "reports": reports or (REPORT,),
    }
    return Record(incident=Incident(**(known | values)), joined=Joined(longitude=43.7, latitude=42.1))


def _features(records):
    return (orjson.dumps(to_feature(record)) for record in records)


def _read(content):
    return list(standard.DictReader(StringIO(content.decode(), newline="")))


def _rows(*records, bom=False):
    return _read(b"".join(csv(_features(records), bom)))


def test_the_columns_are_those_of_the_contract_in_its_order():
    assert b"".join(csv([])) == ",".join(COLUMNS).encode() + b"\r\n"


def test_an_incident_stands_on_the_row_of_its_first_report_alone():
    second = Report(
        source_url="https://example.org/b",
        source_publisher="Other",
        source_language="ru",
        statement="No.",
        claimed_people=NumberRange(7, 9),
    )
    first, other = _rows(_record(REPORT, second))
    assert (first["id"], first["title"], first["actors"]) == ("an-incident", "Title", "GE_GOV;SO_GOV")
    assert (other["id"], other["title"], other["actors"], other["date"]) == ("an-incident", "", "", "")
    assert (other["source_publisher"], other["claimed_people"]) == ("Other", "7/9")


def test_a_point_of_the_gazetteer_is_not_written_as_if_it_were_stated():
    (row,) = _rows(_record())
    assert (row["latitude"], row["longitude"]) == ("", "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+7 995", "'+7 995"),
        ("-5 people", "'-5 people"),
        ("@name", "'@name"),
        ("\tindented", "'\tindented"),
        ("\rnext", "'\rnext"),
        ("'=1+1", "''=1+1"),
        ("''-", "'''-"),
        ("'quoted'", "'quoted'"),
        ("five = 5", "five = 5"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_could_run_gets_one_more_apostrophe(text, written):
    assert protect(text) == written
    assert unprotect(written) == text


@given(st.text(alphabet="'=+-@\t\r\nab"))
def test_import_takes_away_exactly_what_export_added(text):
    assert unprotect(protect(text)) == text


def test_numbers_are_not_taken_for_formulas_and_times_of_day_are_text():
    (row,) = _rows(_record(latitude=-42.5, longitude=-0.25, time="12:00", time_zone="+04:00"))
    assert (row["latitude"], row["longitude"]) == ("-42.5", "-0.25")
    assert row["time_zone"] == "'+04:00"


@given(st.text(alphabet="\"',;\r\n\t =ა\U0001f600", min_size=1, max_size=12))
def test_a_cell_comes_back_as_it_was(text):
    (row,) = _rows(_record(summary=text))
    assert unprotect(row["summary"]) == text


def test_a_byte_order_mark_stands_in_front_when_asked_for():
    plain, marked = (b"".join(csv(_features([_record()]), bom)) for bom in (False, True))
    assert marked == b"\xef\xbb\xbf" + plain


def test_a_large_export_never_holds_more_than_a_piece_of_the_records():
    taken = 0

    def records():
        nonlocal taken
        for _ in range(10_000):
            taken += 1
            yield _record()

    first = next(csv(_features(records())))
    assert PIECE_BYTES <= len(first) < 2 * PIECE_BYTES
    assert taken < 1_000
