"""Ids that are made for rows without one."""

from datetime import date

import pytest

from geoapp.ingest import prepare, read_table
from geoapp.ingest.checking.groups import make_id
from tests.unit.ingest.conftest import REPORT, ROW, MemoryStore, to_csv

BLANK = ROW | {"id": ""}


@pytest.mark.parametrize(
    ("precision", "title", "made"),
    [
        ("day", "Post seen near Chorchana", "2019-08-01-post-seen-near-chorchana"),
        ("month", "Café “X” — reopened!", "2019-08-cafe-x-reopened"),
        ("year", "მოსაზღვრე", "2019-mosazghvre"),
        ("day", "🙂", "2019-08-01-incident"),
    ],
)
def test_an_id_is_the_date_at_its_precision_and_the_title(precision, title, made):
    assert make_id(date(2019, 8, 1), precision, title) == made


def test_a_long_title_is_cut_between_words():
    made = make_id(date(2019, 8, 1), "day", "word " * 40)
    assert len(made) <= 80
    assert made.endswith("-word")
    assert len(make_id(date(2019, 8, 1), "day", "x" * 200)) <= 80


@pytest.mark.parametrize(
    ("blank", "told"), [(["title"], "title"), (["date"], "date"), (["date", "title"], "id")]
)
def test_what_is_missing_to_make_an_id_is_told_where_it_is_missing(editor, blank, told):
    (problem,) = editor.refused(BLANK | dict.fromkeys(blank, ""))
    assert problem.column == told
    assert problem.expected == "an id, or date and title on the same row to make one from"


def test_blank_ids_are_made_and_the_same_file_again_changes_nothing(editor):
    rows = [BLANK, BLANK | {"title": "Post seen near Chorchana!"}]
    editor.upload(*rows)
    assert set(editor.store.records) == {
        "2019-08-24-post-seen-near-chorchana",
        "2019-08-24-post-seen-near-chorchana-2",
    }
    batch = editor.preview(*rows)
    assert (batch.changes, batch.unchanged) == ((), 2)


def test_rows_without_id_but_with_one_date_and_title_are_one_incident(editor):
    editor.upload(BLANK, BLANK | REPORT | {"source_url": "https://example.org/2"})
    (record,) = editor.store.records.values()
    assert len(record.incident.reports) == 2


def test_a_row_with_neither_id_nor_date_and_title_is_refused(editor):
    (problem,) = editor.refused(ROW, {"id": "", **REPORT})
    assert (problem.line, problem.column) == (3, "id")


class CountedStore(MemoryStore):
    """Counts how many ids were asked for."""

    asked = 0

    def get_many(self, ids):
        self.asked += len(ids)
        return super().get_many(ids)


def test_many_titles_of_one_beginning_are_named_in_one_go(shipped):
    store = CountedStore(shipped)
    rows = [BLANK | {"title": "Post seen near Chorchana" + "!" * number} for number in range(300)]
    batch = prepare(store, read_table(to_csv(*rows)))
    base = "2019-08-24-post-seen-near-chorchana"
    assert [change.id for change in batch.changes] == [base, *(f"{base}-{n}" for n in range(2, 301))]
    assert store.asked < 3 * len(rows)
    store.commit(batch)
    assert prepare(store, read_table(to_csv(*rows))).unchanged == 300


def test_single_lines_lose_the_blanks_around_them(editor):
    editor.upload(ROW | {"source_publisher": "\u00a0Civil.ge ", "place": " Chorchana"})
    incident = editor.stored()
    assert (incident.reports[0].source_publisher, incident.place) == ("Civil.ge", "Chorchana")
