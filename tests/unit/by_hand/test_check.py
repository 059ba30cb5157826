"""A sheet is held against the same rules as a file, and is told the same words, at the cell."""

import pytest

from geoapp import by_hand
from geoapp.by_hand import Form, Saved
from geoapp.config import resource
from geoapp.errors import DataRefused
from geoapp.ingest import prepare, read_table

from .conftest import INCIDENT, REPORT, a_sheet, with_cells, with_report


def faults_of(checked):
    return {(fault.report, fault.column): fault for fault in checked.errors}


def test_a_good_sheet_becomes_a_batch_of_one_with_its_joined_fields(store):
    checked = by_hand.check(store, a_sheet())
    assert checked.faults == ()
    assert checked.identifier == "2019-08-24-post-seen"
    assert checked.change.before is None
    assert checked.change.after.joined.place_id == "place-chorchana"
    assert checked.change.after.incident.status == "single_source"


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("date", "24.8.2019"),
        ("end_date", "2019-08-01"),
        ("time", "25:00"),
        ("date_precision", "hour"),
        ("title", ""),
        ("category", "post_establish"),
        ("latitude", "42"),
        ("longitude", "1e9"),
        ("location_precision", "near"),
        ("actors", "GE_GOVT"),
        ("status", "true"),
        ("source_url", "ftp://example.org/"),
        ("source_publisher", ""),
        ("source_language", "English"),
        ("attributed_to", "GEGOV"),
        ("claimed_date", "last week"),
        ("claimed_people", "many"),
        ("claimed_latitude", "42.1"),
        ("report_status", "gone"),
    ],
)
def test_every_error_has_the_words_that_a_file_gets_and_stands_at_its_cell(store, column, text):
    sheet = (
        a_sheet({column: text})
        if column not in INCIDENT and column in REPORT_CELLS
        else a_sheet(**{column: text})
    )
    cells = {**sheet.incident, **sheet.reports[0], "id": "2019-08-24-post-seen"}
    file = ",".join(cells) + "\n" + ",".join(f'"{value}"' for value in cells.values())
    with pytest.raises(DataRefused) as refused:
        prepare(store, read_table(file.encode(), "file.csv"))
    told = [
        (each.column, each.expected, each.suggestion)
        for each in refused.value.problems
        if each.level == "error"
    ]
    errors = by_hand.check(store, sheet).errors
    assert [(each.column, each.expected, each.suggestion) for each in errors] == told


REPORT_CELLS = set(by_hand.blank_sheet().reports[0])


def test_a_fault_of_a_report_names_the_report(store):
    sheet = a_sheet({}, {"source_url": "https://example.org/2", "source_language": "xyz"})
    assert set(faults_of(by_hand.check(store, sheet))) == {(1, "source_language")}


def test_all_errors_come_at_once(store):
    sheet = a_sheet({"source_language": "xyz"}, date="x", category="y")
    assert set(faults_of(by_hand.check(store, sheet))) == {
        (None, "date"),
        (None, "category"),
        (0, "source_language"),
    }


def test_a_blank_form_is_told_every_cell_that_it_needs(store):
    columns = {column for _, column in faults_of(by_hand.check(store, by_hand.blank_sheet()))}
    assert {"date", "title", "summary", "category", "place", "source_url"} <= columns


def test_a_stored_incident_whose_cells_are_all_blanked_is_not_taken_for_unchanged(store, saved, opened):
    blank = with_cells(opened, **dict.fromkeys(opened.incident, ""))
    assert (None, "title") in faults_of(by_hand.check(store, blank, saved))


def test_a_new_incident_with_date_and_title_of_a_stored_one_is_an_error_that_names_it(store, saved):
    errors = faults_of(by_hand.check(store, a_sheet({"source_url": "https://example.org/9"})))
    assert saved in errors[None, "title"].expected


def test_the_id_of_another_incident_is_never_used_again(store, saved):
    store.undo(store.batches()[0].id)
    checked = by_hand.check(store, a_sheet())
    assert checked.identifier == f"{saved}-2"
    assert checked.errors == ()


def test_an_unchanged_form_changes_nothing(store, saved, opened):
    checked = by_hand.check(store, opened, saved)
    assert (checked.errors, checked.change) == ((), None)


def test_a_new_report_with_the_link_of_a_stored_one_is_added_and_not_taken_for_it(store, saved, opened):
    checked = by_hand.check(store, with_report(opened, 1, statement="Says it again."), saved)
    reports = checked.change.after.incident.reports
    assert [each.report_id for each in reports] == [f"{saved}/1", f"{saved}/2"]
    assert [each.statement for each in reports] == [REPORT["statement"], "Says it again."]


def test_a_number_of_a_report_is_never_given_twice(store, saved, opened):
    two = with_report(opened, 1, source_url="https://example.org/2")
    assert isinstance(by_hand.save(store, Form(sheet=two, identifier=saved, opened=1), "ana"), Saved)
    store.undo(store.batches()[0].id)
    checked = by_hand.check(store, with_report(opened, 1, source_url="https://example.org/3"), saved)
    assert checked.change.after.incident.reports[1].report_id == f"{saved}/3"


def test_a_withdrawn_report_stays_and_is_marked(store, saved, opened):
    two = with_report(opened, 1, source_url="https://example.org/2")
    by_hand.save(store, Form(sheet=two, identifier=saved, opened=1), "ana")
    now = by_hand.sheet_of(store.get(saved).incident)
    checked = by_hand.check(store, with_report(now, 0, report_status="retracted"), saved)
    assert [each.report_status for each in checked.change.after.incident.reports] == ["retracted", None]


def test_what_looks_like_a_formula_or_its_protection_is_kept_as_typed(store):
    for text in ("=1+1", "'=1+1", "''=x", "-5", "@me", "'quoted'"):
        checked = by_hand.check(store, a_sheet(title=text))
        assert checked.change.after.incident.title == text


def test_every_shipped_incident_opens_and_is_saved_unchanged(store):
    file = resource("data") / "incidents.csv"
    store.commit(prepare(store, read_table(file.read_bytes(), file.name), public_note="x"))
    from geoapp.query import Filters

    records = store.find(Filters(limit=10_000))
    assert len(records) == 252
    for record in records[::9]:
        checked = by_hand.check(store, by_hand.sheet_of(record.incident), record.incident.id)
        assert (checked.errors, checked.change) == ((), None), record.incident.id
