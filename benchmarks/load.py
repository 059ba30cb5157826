"""Two processes behind nginx under wrk: in peace, while a batch is committed, while both are restarted.

    python -m benchmarks.load
    python -m benchmarks.load --database postgresql+psycopg://user@host/new

needs Debian's wrk and nginx. The database named has to be new; without one it is SQLite. The results go into
`benchmarks/results/load-ENGINE.json`, the page is written anew.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

from benchmarks import report, synthetic
from benchmarks.programs import PATIENCE_S, answers, free_port, nginx, program, until
from geoapp import reference
from geoapp.config import resource
from geoapp.ingest import prepare, read_table
from geoapp.query import Filters
from geoapp.store import Store

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
WORKERS, INCIDENTS, LATER = 2, 10_000, 1_000
# A page that was loaded before the measurement begins: every worker has read templates and reference data.
WARM = 6
# Without max_fails=0 nginx would ask nobody for ten seconds when both were restarted shortly after another.
BALANCED = """
    upstream geoapp {{ {servers} keepalive 16; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://geoapp; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_set_header Host $host;
        }}
    }}
"""
# wrk's own figures, exact and without words around them. Times are in microseconds.
SCRIPT = """
done = function(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format('{"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "errors": %d}\\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


class Process:
    """One `geoapp serve` on a port that it keeps."""

    def __init__(self, database: str, folder: Path) -> None:
        self._environment = os.environ | {
            "GEOAPP_DATABASE_URL": database,
            "GEOAPP_INSTANCE_DIR": str(folder),
        }
        self.port = free_port()
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-m", "geoapp", "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(command, env=self._environment, stderr=subprocess.DEVNULL)
        until(lambda: answers(f"http://127.0.0.1:{self.port}/readyz"))

    def end(self) -> None:
        """Ask it to end and wait until it has."""
        self._process.terminate()
        self._process.wait(PATIENCE_S)

    def restart(self) -> None:
        """End it, start it, wait until it is ready."""
        self.end()
        self._start()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, write the results, write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--database", default="", help="address of a new database; SQLite without it")
    parser.add_argument("--seconds", type=int, default=10, help="of each measurement")
    parser.add_argument("--connections", type=int, default=8)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="geoapp-load-") as folder:
        found = measure(asked.database, Path(folder), asked.seconds, asked.connections)
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"load-{found['engine']}.json"
    file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(file.read_text(encoding="utf-8"))
    (ROOT / "docs" / "benchmarks.md").write_text(report.page(RESULTS), encoding="utf-8")


def measure(database: str, folder: Path, seconds: int, connections: int) -> dict[str, Any]:
    """Requests a second, latency and errors: of each kind of answer, and while data or processes change."""
    database = database or f"sqlite:///{folder / 'load.sqlite'}"
    with synthetic.fill(database, INCIDENTS) as store, ExitStack() as stack:
        processes = [Process(database, folder) for _ in range(WORKERS)]
        for each in processes:
            stack.callback(each.end)
        address = stack.enter_context(_balanced(processes, folder))
        paths = _paths(store)

        def wrk(path: str) -> dict[str, Any]:
            return _wrk(address + path, folder, seconds, connections)

        alone = {name: wrk(path) for name, path in paths.items()}
        batch = _later(store)
        items = paths["items"]
        meanwhile = {
            "a batch is committed": _beside(lambda: store.commit(batch), lambda: wrk(items)),
            "both processes are restarted": _beside(lambda: _restart(processes), lambda: wrk(items)),
        }
    return {
        "engine": database.partition(":")[0].partition("+")[0],
        "incidents": INCIDENTS,
        "workers": WORKERS,
        "connections": connections,
        "seconds": seconds,
        "machine": {
            "day": time.strftime("%Y-%m-%d", time.gmtime()),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        },
        "alone": alone,
        "meanwhile": meanwhile,
    }


def _paths(store: Store) -> dict[str, str]:
    chunk = json.loads(store.manifest())["chunks"][0][0]
    key = store.keys(Filters(limit=1))[0]
    return {
        "map page": "/",
        "chunk": f"/map/chunks/{chunk}.bin",
        "card": f"/incidents/key/{key}",
        "items": "/api/collections/incidents/items?limit=20",
    }


def _later(store: Store) -> Any:
    known = reference.read(resource("data"))
    return prepare(store, read_table(synthetic.as_csv(known, INCIDENTS, LATER, 1), "later.csv"))


def _restart(processes: Sequence[Process]) -> None:
    for each in processes:
        each.restart()


def _beside(work: Callable[[], object], measured: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Measure while the work is done, again until it is over; errors are those of all turns."""
    failed: list[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=run)
    thread.start()
    turns = [measured()]
    while not done.is_set():
        turns.append(measured())
    thread.join()
    if failed:
        raise failed[0]
    return turns[0] | {"errors": sum(each["errors"] for each in turns), "turns": len(turns)}


def _wrk(address: str, folder: Path, seconds: int, connections: int) -> dict[str, Any]:
    with urllib.request.urlopen(address) as answer:
        answer.read()
    for _ in range(WARM):
        urllib.request.urlopen(address).close()
    script = folder / "told.lua"
    script.write_text(SCRIPT, encoding="utf-8")
    options = (
        "-t2",
        f"-c{connections}",
        f"-d{seconds}s",
        "-H",
        "Accept-Encoding: br, gzip",
        "-s",
        str(script),
    )
    command = [program("wrk"), *options, address]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = json.loads(told.splitlines()[-1])
    return {
        "requests_a_second": round(found["requests"] / found["microseconds"] * 1e6, 1),
        "p50_ms": round(found["p50"] / 1000, 1),
        "p99_ms": round(found["p99"] / 1000, 1),
        "requests": found["requests"],
        "errors": found["errors"],
    }


def _balanced(processes: Sequence[Process], folder: Path) -> AbstractContextManager[str]:
    """nginx before the processes; gives its address."""
    port = free_port()
    servers = " ".join(f"server 127.0.0.1:{each.port} max_fails=0;" for each in processes)
    return nginx(BALANCED.format(servers=servers, port=port), folder, port, "/healthz")


if __name__ == "__main__":
    main()
