"""The process that helps with a large import: it changes nothing but the time, and never outlives its use."""

import subprocess
import sys

import pytest

from geoapp import frames
from geoapp.cli import helping, streamed
from geoapp.cli.helping import Helper
from geoapp.config import resource
from geoapp.errors import StoreFailed
from geoapp.ingest.by_parts import streaming
from geoapp.ingest.by_parts.helping import Task
from geoapp.store import Store
from tests import engines

WAIT_S = 60


@pytest.fixture(autouse=True)
def large(monkeypatch):
    """The shipped file is large, and has many parts."""
    monkeypatch.setattr(streamed, "LARGE_BYTES", 1)
    monkeypatch.setattr(streaming, "PART_BYTES", 20_000)


@pytest.fixture
def stored(run, tmp_path, monkeypatch):
    """Imports the shipped file with or without a helper: what was asked of it and what is stored."""

    def stored(helped):
        asked = []
        ask = Helper.ask
        monkeypatch.setattr(helping, "is_useful", lambda: helped)
        monkeypatch.setattr(Helper, "ask", lambda self, task: asked.append(task) or ask(self, task))
        address = engines.address(tmp_path, f"{helped}.sqlite3")
        monkeypatch.setenv("GEOAPP_DATABASE_URL", address)
        told = run("import", resource("data") / "incidents.csv")
        monkeypatch.setattr(Helper, "ask", ask)
        with Store.open(address) as store:
            return len(asked), told.stdout, store.current().content_hash, store.manifest()

    return stored


def test_the_same_is_stored_with_and_without_a_second_process(stored):
    parts, *helped = stored(True)
    none, *alone = stored(False)
    assert helped == alone
    assert parts > 0
    assert none == 0


def test_a_helper_that_dies_is_told_and_nothing_is_stored(run, tmp_path, monkeypatch):
    monkeypatch.setattr(helping, "is_useful", lambda: True)
    monkeypatch.setattr(helping, "_START", "raise SystemExit(3)")
    monkeypatch.setenv("GEOAPP_DATABASE_URL", engines.address(tmp_path))
    told = run("import", resource("data") / "incidents.csv", code=1)
    assert "nothing was stored" in told.stderr
    with Store.open(engines.address(tmp_path), create=False) as store:
        assert store.current().incidents == 0
        assert [batch.kind for batch in store.batches()] == ["reload"]


def test_what_the_helper_cannot_read_is_told(tmp_path, run, monkeypatch):
    address = engines.address(tmp_path)
    monkeypatch.setenv("GEOAPP_DATABASE_URL", address)
    run("import", resource("data") / "incidents.csv")
    with Store.open(address, create=False) as store:
        version = store.current().number
    with Helper(address) as helper:
        helper.begin(tmp_path / "files", ("rows.csv", "", ("id",)), version - 1)
        with pytest.raises(StoreFailed, match="changed while"):
            helper.ask(Task(tmp_path / "0", {}, None)).result(WAIT_S)
        with pytest.raises(StoreFailed):
            helper.ask(Task(tmp_path / "none", {}, None)).result(WAIT_S)


def test_when_the_import_is_killed_the_helper_ends_and_leaves_no_rows(tmp_path, run, monkeypatch):
    monkeypatch.setenv("GEOAPP_DATABASE_URL", engines.address(tmp_path))
    run("import", resource("data") / "incidents.csv", "--dry-run")
    rows = tmp_path / "files" / "rows"
    rows.mkdir(parents=True)
    process = subprocess.Popen(
        [sys.executable, "-c", helping._START, *sys.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    begun = (str(rows.parent), engines.address(tmp_path), 1, ("rows.csv", "", ("id",)))
    frames.dump(begun, process.stdin)
    process.stdin.close()  # as the system does for a process that is killed
    assert process.wait(WAIT_S) == 0
    process.stdout.close()
    assert not rows.parent.exists()


def test_a_helper_that_was_never_needed_ends_too():
    process = subprocess.Popen(
        [sys.executable, "-c", helping._START, *sys.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    process.stdin.close()
    assert process.wait(WAIT_S) == 0
    process.stdout.close()


def test_an_interrupted_import_leaves_no_process_behind(monkeypatch, tmp_path):
    with pytest.raises(KeyboardInterrupt), Helper(f"sqlite:///{tmp_path / 'none.sqlite3'}") as helper:
        assert helper._process.poll() is None
        raise KeyboardInterrupt
    assert helper._process.poll() is not None
