"""An import with all that belongs to it, beside tools that only write the rows; each in a process of its own.

Prints JSON. Ours is `geoapp import` from the command line: checks, join, history, versions, text and box
index. sqlite-utils, pandas and ogr2ogr get the same file and check nothing.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import synthetic
from geoapp import reference
from geoapp.config import resource
from geoapp.ingest import prepare, read_table
from geoapp.query import Filters
from geoapp.store import Store

ROWS = 100_000
# How many rows the templates make of one incident, on the average of the shipped data.
ROWS_AN_INCIDENT = 2.63
LATER_INCIDENTS = 19  # about 50 rows, on days all over the years
RUNS = 5
PANDAS = """
import sqlite3, sys
import pandas
connection = sqlite3.connect(sys.argv[2])
pandas.read_csv(sys.argv[1], dtype=str).to_sql("rows", connection, index=False)
connection.close()
"""
# A process of its own, because the peak of a child counts from the memory of the one that started it.
# Where the system tells, the peak is that of all processes together, looked at fifty times a second.
LAUNCHER = """
import pathlib, resource, subprocess, sys, time

def held_kb(pid):
    try:
        lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
        own = sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
        tasks = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
        return own + sum(held_kb(child) for task in tasks for child in task.read_text().split())
    except OSError:
        return 0

begin = time.perf_counter()
process = subprocess.Popen(sys.argv[2:])
together = 0
while process.poll() is None:
    together = max(together, held_kb(process.pid))
    time.sleep(0.02)
seconds = time.perf_counter() - begin
used = resource.getrusage(resource.RUSAGE_CHILDREN)
told = (seconds, used.ru_utime + used.ru_stime, max(together, used.ru_maxrss))
pathlib.Path(sys.argv[1]).write_text(" ".join(map(str, told)))
sys.exit(process.returncode)
"""
Found = dict[str, Any]


def main() -> None:
    """Measure and print; the first argument is the number of rows."""
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS), indent=2))


def measure(rows: int = ROWS, store: Path | None = None) -> Found:
    """Rows a second and peak memory in MB of every contender, and a small batch on top of a large store."""
    known = reference.read(resource("data"))
    with tempfile.TemporaryDirectory(prefix="geoapp-bench-") as name:
        folder = Path(name)
        content = synthetic.as_csv(known, 0, round(rows / ROWS_AN_INCIDENT), 1, repeated=True)
        file = folder / "rows.csv"
        file.write_bytes(content)
        count = len(read_table(content))
        found: Found = {"rows": count, "bytes_a_row": round(len(content) / count)}
        found["contenders"] = {
            name: _timed(command, count, folder, setting)
            for name, command, setting in _contenders(file, folder)
        }
        small = store or folder / "ours" / "geoapp.sqlite3"
        found["later_batch"] = _later(small)
    return found


def _contenders(file: Path, folder: Path) -> list[tuple[str, Sequence[str], Mapping[str, str]]]:
    """Name, command and what it needs in its environment, of everything that is installed here."""
    python = sys.executable
    ours = {
        "GEOAPP_INSTANCE_DIR": str(folder / "ours"),
        "GEOAPP_DATABASE_URL": f"sqlite:///{folder / 'ours' / 'geoapp.sqlite3'}",
        "GEOAPP_MAX_UPLOAD_MB": "2000",
    }
    listed: list[tuple[str, Sequence[str], Mapping[str, str]]] = [
        ("geoapp import", [python, "-m", "geoapp", "import", str(file)], ours),
        ("pandas.to_sql", [python, "-c", PANDAS, str(file), str(folder / "pandas.sqlite")], {}),
    ]
    if importlib.util.find_spec("sqlite_utils"):
        insert = ["insert", str(folder / "utils.sqlite"), "rows", str(file), "--csv"]
        listed.append(("sqlite-utils insert", [python, "-m", "sqlite_utils", *insert], {}))
    if ogr2ogr := shutil.which("ogr2ogr"):
        target = str(folder / "ogr.sqlite")
        listed.append(("ogr2ogr", [ogr2ogr, "-f", "SQLite", target, str(file)], {}))
    return listed


def _timed(command: Sequence[str], rows: int, folder: Path, setting: Mapping[str, str]) -> Found:
    """Wall time from start to exit, which includes loading the program, and peak memory; one run."""
    told = folder / "told"
    launched = [sys.executable, "-c", LAUNCHER, str(told), *command]
    done = subprocess.run(
        launched, env=os.environ | dict(setting), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    seconds, processor, peak_kb = map(float, told.read_text().split())
    return {
        "seconds": round(seconds, 2),
        "processor_seconds": round(processor, 2),
        "rows_a_second": round(rows / seconds),
        "peak_mb": round(peak_kb / 1024),
    }


def _later(file: Path) -> Found:
    """Small batches one after the other: from the bytes of the file until map and list have them."""
    with Store.open(f"sqlite:///{file}", create=False) as store:
        before = store.current().incidents
        taken = [_one_batch(store, turn) for turn in range(RUNS)]
    return {
        "incidents_before": before,
        "rows": [rows for rows, _ in taken],
        "seconds": [round(seconds, 2) for _, seconds in taken],
    }


def _one_batch(store: Store, turn: int) -> tuple[int, float]:
    first = store.current().number * 1_000_000 + turn * LATER_INCIDENTS
    content = synthetic.as_csv(store.reference(), first, LATER_INCIDENTS, turn)
    begin = time.perf_counter()
    table = read_table(content, "later.csv")
    version = store.commit(prepare(store, table, public_note="A small batch for a benchmark"))
    manifest = json.loads(store.manifest())
    assert manifest["version"] == version.number
    for chunk in manifest["chunks"]:
        store.chunk(chunk[0])
    assert store.find(Filters(sortby=("-updated",), limit=1))
    return len(table), time.perf_counter() - begin


if __name__ == "__main__":
    main()
