"""The process dies in the middle of a commit: the store is as it was before, to the last index."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from geoapp.query import Filters
from geoapp.store import Store
from tests.unit.store.building import a_record, put

# Says how far it is after every slice, so that the test can kill it at a known moment.
COMMIT = """
import sys
from geoapp.batch import Batch, Change
from geoapp.store import Store
from geoapp.store.writing import commit
from tests.unit.store.building import a_record, changed

commit.WRITTEN_AT_ONCE = 100
store = Store.open(sys.argv[1])
old = store.get("post-1")
changes = [Change(None, a_record(f"new-{number}")) for number in range(2000)]
changes.append(Change(old, changed(old, title="Changed")))
batch = Batch(changes=tuple(changes), base_version=store.current().number)
store.commit(batch, progress=lambda done, total: print(done, flush=True))
"""
ROOT = Path(__file__).parents[3]


def kill_after(address: str, slices: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", COMMIT, address],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    for _ in range(slices):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("slices", [1, 9, 20])
def test_a_commit_that_is_killed_leaves_nothing(store, address, slices):
    put(store, a_record("post-1"))
    before, record, manifest = store.current(), store.get("post-1"), store.manifest()
    store.close()
    kill_after(address, slices)
    with Store.open(address) as after:
        assert after.current() == before
        assert after.manifest() == manifest
        assert after.get("post-1") == record
        assert after.ids(Filters()) == ["post-1"]
        assert after.ids(Filters(q="post")) == ["post-1"]
        assert after.ids(Filters(bbox=(-180, -90, 180, 90))) == ["post-1"]
        put(after, a_record("new-1"))
        assert after.get("new-1").version == 1
    check_integrity(address)


def check_integrity(address: str) -> None:
    """The database's own checks; PostgreSQL holds references at every step, and its log mends its pages."""
    if not address.startswith("sqlite:"):
        return
    connection = sqlite3.connect(address.removeprefix("sqlite:///"))
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("INSERT INTO incident_words(incident_words) VALUES ('integrity-check')")
        assert connection.execute("SELECT rtreecheck('incident_boxes')").fetchone() == ("ok",)
    finally:
        connection.close()
