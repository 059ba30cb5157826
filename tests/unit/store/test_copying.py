"""A store copied, backed up and restored, between any two engines, is the same store."""

import sqlite3
import stat

import pytest
from sqlalchemy import func, select, text, update

from geoapp.errors import Conflict, StoreFailed
from geoapp.query import Filters
from geoapp.store import Store, copying
from geoapp.store.schema import incidents, metadata, reports
from geoapp.users import Users
from tests import engines
from tests.unit.store.building import a_record, a_report, changed, put

FOLDS = "Чорчана ჩორჩანა Цъорцъана Chorchana"
# Every engine that this run has, each with each.
ROUTES = [(one, other) for one in engines.KINDS for other in engines.KINDS]


def whole(store):
    """Every row of every table, as values that all engines give alike."""
    with store.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


@pytest.fixture
def filled(shipped, tmp_path):
    """Makes a store of an engine with all that a store can hold: changed, undone, redacted, with accounts."""

    def fill(kind):
        address = engines.address(tmp_path, "from.sqlite3", kind)
        with Store.open(address) as store:
            store.save_reference(shipped)
            told = a_report(report_id="post-1/1", statement=FOLDS, claimed_latitude=42.123456789012)
            put(store, a_record("post-1", reports=(told,)), a_record("post-2", joined={"longitude": None}))
            put(store, changed(store.get("post-2"), title="Changed"), author="Ana", private_note="x")
            put(store, a_record("post-3"))
            store.undo(store.batches()[0].id, note="Wrong")
            store.redact("post-2", "summary", reason="x")
            Users(store).add("ana", "editor", "four wet boots by the door")
        return address

    return fill


@pytest.mark.skipif("postgresql" not in engines.KINDS, reason="SQLite keeps links in an order of its own")
def test_where_rows_stay_as_they_were_put_the_links_of_a_record_stand_together(filled, tmp_path):
    target = engines.address(tmp_path, "to.sqlite3", "postgresql")
    copying.copy(filled(engines.KINDS[0]), target)
    with Store.open(target) as store, store.reading() as connection:
        asked = text("SELECT incident_key FROM incident_links ORDER BY ctid")
        keys = list(connection.execute(asked).scalars())
    assert len(set(keys)) > 1
    assert keys == sorted(keys)


@pytest.mark.parametrize(("kind", "other"), ROUTES)
def test_a_copy_holds_every_row_and_answers_alike(filled, tmp_path, kind, other):
    source, target = filled(kind), engines.address(tmp_path, "to.sqlite3", other)
    version = copying.copy(source, target)
    with Store.open(source) as one, Store.open(target) as two:
        assert two.current() == one.current() == version
        assert whole(two) == whole(one)
        for filters in (Filters(q="ჩორჩანა"), Filters(bbox=(43, 42, 44, 43)), Filters(actor=("GE_GOV",))):
            assert two.ids(filters) == one.ids(filters)
        assert two.ids(Filters(q="цъорцъ")) == ["post-1"]
        assert two.manifest() == one.manifest()
        # Numbers go on behind those that came along.
        assert put(two, a_record("post-4")).number == version.number + 1
        assert two.batches()[0].id == one.batches()[0].id + 1
        Users(two).add("rosa", "reviewer", "four wet boots by the door")


def test_a_store_that_holds_something_is_not_overwritten(filled, tmp_path):
    source, target = filled(engines.NAME), engines.address(tmp_path, "to.sqlite3")
    copying.copy(source, target)
    with pytest.raises(Conflict, match="holds data already"):
        copying.copy(source, target)
    with pytest.raises(Conflict, match="onto itself"):
        copying.copy(source, source)


def test_a_copy_that_would_differ_is_refused_and_leaves_nothing(filled, tmp_path):
    source, target = filled(engines.NAME), engines.address(tmp_path, "to.sqlite3")
    with Store.open(source) as store, store.writing() as connection:
        connection.execute(update(reports).values(statement="Somebody wrote past the program."))
    with pytest.raises(StoreFailed, match="not what was copied"):
        copying.copy(source, target)
    with Store.open(target) as store:
        assert store.current().number == 0
        with store.reading() as connection:
            assert connection.execute(select(func.count()).select_from(incidents)).scalar_one() == 0


def test_a_backup_is_one_private_file_that_restores_what_it_was_made_of(filled, tmp_path):
    source, file = filled(engines.NAME), tmp_path / "backup.sqlite"
    version = copying.backup(source, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir() if each.name.startswith("backup")) == [file.name]
    with Store.open(source) as store:
        before = whole(store)
        put(store, a_record("post-9"), changed(store.get("post-1"), title="Later"))
    with pytest.raises(Conflict, match="holds data already"):
        copying.restore(file, source)
    assert copying.restore(file, source, replacing=True) == version
    with Store.open(source) as store:
        assert whole(store) == before
        assert store.ids(Filters(q="post")) == ["post-1", "post-2"]
        assert store.ids(Filters(bbox=(43, 42, 44, 43))) == ["post-1"]


def test_a_process_that_stays_sees_what_was_restored(filled, tmp_path):
    """The number of a version can come again with other content."""
    source, file = filled(engines.NAME), tmp_path / "backup.sqlite"
    copying.backup(source, file)
    with Store.open(source) as staying:
        put(staying, a_record("post-8", category="detention"))
        counted = staying.count(Filters(category=("detention",)))
        copying.restore(file, source, replacing=True)
        put(staying, a_record("post-9"))
        assert (counted, staying.count(Filters(category=("detention",)))) == (1, 0)


def test_a_backup_never_takes_the_place_of_another(filled, tmp_path):
    file = tmp_path / "backup.sqlite"
    file.write_text("The only backup")
    with pytest.raises(Conflict, match="exists already"):
        copying.backup(filled(engines.NAME), file)
    assert file.read_text() == "The only backup"


def test_what_is_no_backup_is_told_and_changes_nothing(filled, tmp_path):
    source, file = filled(engines.NAME), tmp_path / "backup.sqlite"
    with pytest.raises(StoreFailed, match="no backup"):
        copying.restore(file, source, replacing=True)
    file.write_text("This is a letter, and no database at all. " * 50)
    with pytest.raises(StoreFailed, match="not a database"):
        copying.restore(file, source, replacing=True)
    sqlite3.connect(tmp_path / "empty.sqlite").close()
    with pytest.raises(StoreFailed, match="no database of this program"):
        copying.restore(tmp_path / "empty.sqlite", source, replacing=True)
    with Store.open(source) as store:
        assert store.ids(Filters()) == ["post-1", "post-2"]


def test_a_folder_that_is_missing_is_told(filled, tmp_path):
    with pytest.raises(StoreFailed, match="cannot be written"):
        copying.backup(filled(engines.NAME), tmp_path / "none" / "backup.sqlite")
