"""The disk is full or somebody else is writing: a commit says so, and nothing was changed."""

import os
import resource
import subprocess
import sys

import pytest
from sqlalchemy import event

from geoapp.errors import StoreFailed
from geoapp.query import Filters
from geoapp.store import Store
from tests import engines
from tests.unit.store.building import a_record, changed, put
from tests.unit.store.test_kill import ROOT, check_integrity

MANY = [a_record(f"new-{number}") for number in range(2_000)]


@pytest.fixture
def before(store):
    """A store with one record; gives its version."""
    put(store, a_record("post-1"))
    return store.current()


def as_before(store, before):
    return (
        store.current() == before
        and store.ids(Filters()) == store.ids(Filters(q="post")) == ["post-1"]
        and store.get("post-1").version == 1
    )


def allow(store, pages):
    """Let the database grow by so many pages of 4,096 bytes at most, as a full disk would."""

    def limit(connection, _):
        (used,) = connection.execute("PRAGMA page_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute(f"PRAGMA max_page_count = {used + max(1, pages * 4096 // size)}")

    event.listen(store._database.engine, "connect", limit)
    store._database.engine.dispose()
    return limit


@engines.sqlite_only
@pytest.mark.parametrize("pages", [1, 100, 800])
def test_a_full_disk_is_told_and_changes_nothing(store, before, address, pages):
    limit = allow(store, pages)
    with pytest.raises(StoreFailed, match="disk that holds the database is full .*nothing was changed"):
        put(store, changed(store.get("post-1"), title="Changed"), *MANY)
    assert as_before(store, before)
    event.remove(store._database.engine, "connect", limit)
    store._database.engine.dispose()
    assert put(store, *MANY).incidents == 2_001
    store.close()
    check_integrity(address)


IMPORT = """
import sys
from geoapp.store import Store
from tests.unit.store.test_faults import MANY, put
with Store.open(sys.argv[1]) as store:
    put(store, *MANY)
"""


@engines.sqlite_only
def test_a_file_that_cannot_grow_is_told_and_changes_nothing(store, before, address):
    """As on a disk with a quota: the operating system refuses to write in the middle of the commit."""
    store.close()
    most = 2_000_000

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    done = subprocess.run(
        [sys.executable, "-c", IMPORT, address],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "the disk that holds the database is full" in done.stderr
    with Store.open(address) as after:
        assert as_before(after, before)
    check_integrity(address)


def test_a_database_that_others_write_to_is_told_and_changes_nothing(store, before, address, monkeypatch):
    monkeypatch.setattr("geoapp.store.dialect.base.BUSY_TIMEOUT_S", 0)
    with Store.open(address) as mine:
        with store.writing():
            for change in (
                lambda: put(mine, *MANY),
                lambda: mine.undo(2),
                lambda: mine.redact("post-1", reason="x"),
            ):
                with pytest.raises(StoreFailed, match="another process is writing .*nothing was changed"):
                    change()
            assert as_before(mine, before)
        assert put(mine, a_record("post-2")).incidents == 2


def test_readers_go_on_while_somebody_writes(store, before):
    with store.writing():
        assert as_before(store, before)
