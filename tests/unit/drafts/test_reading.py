"""What of a file is asked before it is checked, and what a remembered mapping answers."""

import pytest

from geoapp.drafts import Answers, Mappings, reading
from geoapp.drafts.reading import read
from geoapp.drafts.work import Unanswered, check
from geoapp.errors import DataRefused
from geoapp.ingest.reading.mapping import ColumnMap
from tests.unit.drafts.conftest import ROW
from tests.uploading import to_csv

FOREIGN = {"Tag": "06/11/2023", "Ort": "Khurvaleti", "Quelle": "https://example.org/1"}
PLAN = ColumnMap(columns={"Tag": "date", "Ort": "place", "Quelle": "source_url"})


def test_our_own_headings_are_not_asked_about(store, draft):
    assert read(store, draft).table is not None


def test_spelling_of_our_headings_does_not_matter(store, drafts):
    draft = drafts.add(
        "ana", "x.csv", to_csv({"Source URL": "u", "DATE": "2019-08-24", "Source-Language": "en"})
    )
    assert read(store, draft).table.columns == ("date", "source_url", "source_language")


def test_the_column_of_our_file_of_errors_is_passed_over(store, drafts):
    draft = drafts.add("ana", "x.csv", to_csv(ROW | {"errors": "date: expected a day"}))
    assert check(store, draft).errors == ()


def test_foreign_headings_are_asked_about(store, drafts):
    with pytest.raises(Unanswered):
        check(store, drafts.add("ana", "x.csv", to_csv(FOREIGN)))


def test_the_order_in_dates_is_asked_even_when_the_columns_are_known(store, drafts):
    draft = drafts.add("ana", "x.csv", to_csv(FOREIGN))
    reading = read(store, drafts.change(draft, Answers(mapping=PLAN.to_dict())))
    assert reading.table is None
    assert (reading.dates.as_day_first, reading.dates.as_month_first) == ("2023-11-06", "2023-06-11")


def test_an_order_that_only_one_reading_allows_is_not_asked(store, drafts):
    draft = drafts.add("ana", "x.csv", to_csv(FOREIGN | {"Tag": "24/11/2023"}))
    reading = read(store, drafts.change(draft, Answers(mapping=PLAN.to_dict())))
    assert reading.table.rows[0][0] == "2023-11-24"


def test_a_remembered_mapping_answers_for_the_same_headings(store, drafts):
    told = {**PLAN.to_dict(), "date_order": "day"}
    Mappings(store).keep("From Berlin", "mk", told)
    reading = read(store, drafts.add("ana", "x.csv", to_csv(FOREIGN)))
    assert (reading.kept_as, reading.table.rows[0][0]) == ("From Berlin", "2023-11-06")
    other = drafts.add("ana", "y.csv", to_csv(FOREIGN | {"Mehr": "x"}))
    assert read(store, other).kept_as == ""


def test_a_mapping_kept_again_takes_the_place_of_the_first(store):
    Mappings(store).keep("One", "mk", PLAN.to_dict())
    Mappings(store).keep("One", "ana", ColumnMap().to_dict())
    assert [each.mapping for each in Mappings(store).all()] == [ColumnMap().to_dict()]


def test_more_rows_than_an_upload_may_have_are_refused_with_the_way_out(store, drafts, monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 1)
    with pytest.raises(DataRefused, match="at most 1 rows in one upload .`geoapp import` takes more"):
        read(store, drafts.add("ana", "x.csv", to_csv(ROW, ROW)))


@pytest.mark.parametrize("rows", [b"", b"\r\n\r\n", b",,,\r\n"])
def test_headings_without_a_row_are_refused_and_told(store, drafts, rows):
    headings = to_csv(ROW).splitlines(keepends=True)[0]
    with pytest.raises(DataRefused, match="at least one row below the headings"):
        read(store, drafts.add("ana", "x.csv", headings + rows))
