"""`kill -9` at random moments of a commit of 100,000 rows: afterwards all of it is there, or nothing."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.synthetic import as_csv
from geoapp import reference
from geoapp.config import resource
from geoapp.ingest import prepare, read_table
from geoapp.query import Filters
from geoapp.store import Store
from tests.unit.store.test_kill import ROOT, check_integrity

ROWS, KILLS = 100_000, 20
ROWS_AN_INCIDENT = 2.6
COMMIT = """
import pickle, sys
from geoapp.store import Store
with open(sys.argv[2], "rb") as file:
    batch = pickle.load(file)
with Store.open(sys.argv[1]) as store:
    print("begin", flush=True)
    store.commit(batch)
    print("done", flush=True)
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A small store, 100,000 rows as a file, and one with the batch that they make against that store."""
    folder = tmp_path_factory.mktemp("killed")
    known = reference.read(resource("data"))
    with Store.open(f"sqlite:///{folder / 'base.sqlite3'}") as store:
        store.save_reference(known)
        store.commit(prepare(store, read_table(as_csv(known, 0, 10, 1))))
        count = round(ROWS / ROWS_AN_INCIDENT)
        rows = as_csv(known, 10, count, 1)
        batch = prepare(store, read_table(rows))
    assert sum(len(change.after.incident.reports) for change in batch.changes) > ROWS * 0.95
    (folder / "batch").write_bytes(pickle.dumps(batch))
    (folder / "rows.csv").write_bytes(rows)
    return folder, len(batch.changes)


def committing(file: Path, batch: Path) -> subprocess.Popen[str]:
    """A process that has just begun to commit; `ended` waits for it."""
    process = subprocess.Popen(
        [sys.executable, "-c", COMMIT, f"sqlite:///{file}", str(batch)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begin\n"
    return process


def ended(process: subprocess.Popen[str]) -> int:
    """How it ended."""
    process.communicate()
    return process.returncode


def copy_of(base: Path, name: str) -> Path:
    return Path(shutil.copy(base / "base.sqlite3", base / name))


def state(file: Path) -> tuple[object, ...]:
    """What readers see, right after a start."""
    with Store.open(f"sqlite:///{file}") as store:
        now = store.current()
        found = store.count(Filters()), store.count(Filters(q="report")), len(store.manifest())
        return now.number, now.content_hash, now.incidents, now.reports, *found


def importing(file: Path, rows: Path) -> subprocess.Popen[str]:
    """`geoapp import` that has just begun."""
    return subprocess.Popen(
        [sys.executable, "-m", "geoapp", "import", str(rows)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "GEOAPP_DATABASE_URL": f"sqlite:///{file}",
            "GEOAPP_INSTANCE_DIR": str(file.parent),
        },
        text=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("begun", [committing, importing])
def test_a_killed_commit_leaves_all_or_nothing(prepared, begun):
    folder, count = prepared
    given = folder / ("batch" if begun is committing else "rows.csv")
    nothing = state(folder / "base.sqlite3")
    whole = copy_of(folder, "whole.sqlite3")
    begin = time.monotonic()
    assert ended(begun(whole, given)) == 0
    seconds = time.monotonic() - begin
    everything = state(whole)
    assert everything[2] == nothing[2] + count
    chance, seen = random.Random(2019), set()
    for number in range(KILLS):
        file = copy_of(folder, f"killed-{number}.sqlite3")
        process = begun(file, given)
        # One in each twentieth of the time that it takes.
        time.sleep(chance.uniform(number, number + 1) / KILLS * seconds)
        process.send_signal(signal.SIGKILL)
        ended(process)
        found = state(file)
        assert found in (nothing, everything)
        seen.add(found)
        check_integrity(f"sqlite:///{file}")
        for each in folder.glob(f"{file.name}*"):
            each.unlink()
    for each in folder.glob("whole.sqlite3*"):
        each.unlink()
    assert nothing in seen
