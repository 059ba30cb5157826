from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from geoapp.errors import SettingRefused, StoreFailed
from geoapp.query import Filters
from geoapp.store import Store, migrations
from geoapp.store.dialect.postgresql_layout import INSTEAD
from geoapp.store.migrations.hidden import is_ours
from geoapp.store.schema import metadata
from tests import engines
from tests.unit.store.building import a_record, put


def is_expected(difference):
    """What PostgreSQL has otherwise, and says of columns that came with a later layout."""
    what, of = (difference[0][0] if isinstance(difference, list) else difference[0]), difference[-1]
    return engines.SERVER and (what == "modify_comment" or getattr(of, "name", "") in INSTEAD)


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_the_migrations_give_the_tables_that_are_declared(address):
    with Store.open(address) as store, store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours, "compare_type": True})
        found = compare_metadata(context, metadata)
        assert [each for each in found if not is_expected(each)] == []


def test_the_newest_migration_is_the_one_known_without_alembic():
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_a_store_is_opened_again_as_it_was_left(store, address):
    put(store, a_record("post-1"))
    with Store.open(address, create=False) as again:
        assert again.get("post-1") == store.get("post-1")
        assert again.current() == store.current()


def test_processes_that_open_a_new_store_at_once_make_one(address):
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: Store.open(address), range(4)))
    assert [each.current().number for each in stores] == [0, 0, 0, 0]
    for each in stores:
        each.close()


def test_a_missing_database_is_not_made_by_readers(tmp_path):
    file = tmp_path / "none.sqlite3"
    for options in ({"create": False}, {"read_only": True}):
        with pytest.raises(StoreFailed, match=r"none\.sqlite3"):
            Store.open(f"sqlite:///{file}", **options)
    assert not file.exists()


def test_a_reader_cannot_write(store, address):
    put(store, a_record("post-1"))
    with Store.open(address, read_only=True) as reader:
        assert reader.ids(Filters()) == ["post-1"]
        with pytest.raises(StoreFailed, match="reading only"):
            put(reader, a_record("post-2"))
    assert store.ids(Filters()) == ["post-1"]


@pytest.mark.parametrize(
    "address", ["sqlite://", "sqlite:///:memory:", "mysql://host/name", "no address", ""]
)
def test_addresses_that_cannot_be_used_are_refused(address):
    with pytest.raises(SettingRefused, match="^GEOAPP_DATABASE_URL"):
        Store.open(address)


def test_a_file_that_is_no_database_is_told(tmp_path):
    file = tmp_path / "text.sqlite3"
    file.write_text("This is a letter, and no database at all. " * 50)
    with pytest.raises(StoreFailed, match="not a database"):
        Store.open(f"sqlite:///{file}")


def test_a_folder_that_is_missing_is_told(tmp_path):
    with pytest.raises(StoreFailed, match="folder"):
        Store.open(f"sqlite:///{tmp_path / 'no' / 'such.sqlite3'}")


def test_a_database_of_a_newer_program_is_refused(store, address):
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for options in ({}, {"read_only": True}):
        with pytest.raises(StoreFailed, match="version of this program"):
            Store.open(address, **options)


def test_a_locked_database_is_told_and_nothing_is_changed(store, address, monkeypatch):
    monkeypatch.setattr("geoapp.store.dialect.base.BUSY_TIMEOUT_S", 0)
    with Store.open(address) as waiting:
        with store.writing():
            with pytest.raises(StoreFailed, match="another process is writing"):
                put(waiting, a_record("post-1"))
            assert waiting.ids(Filters()) == []
        put(waiting, a_record("post-1"))
    assert store.ids(Filters()) == ["post-1"]
