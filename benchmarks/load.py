"""Two processes behind nginx under wrk: in peace, while batches are committed, while both are restarted.

    python -m benchmarks.load
    python -m benchmarks.load --database postgresql+psycopg://user@host/new

needs Debian's wrk and nginx. Without a database it is SQLite and, where PostgreSQL with PostGIS is installed,
a server of its own too, with two processes of tipg on the same incidents beside ours. The database that is
named has to be new. The results go into `benchmarks/results/load-ENGINE.json`, the page is written anew.
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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import peer_tipg, peers, report, synthetic
from benchmarks.programs import PATIENCE_S, answers, free_port, nginx, program, until
from geoapp import reference
from geoapp.config import resource
from geoapp.ingest import prepare, read_table
from geoapp.query import Filters
from geoapp.store import Store

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
WORKERS, INCIDENTS, LATER, BATCHES = 2, 10_000, 500, 5
# Asked for so long before the measurement begins: every worker has read templates and reference data, and has
# made ready what it makes ready after its start.
WARM_SECONDS = 3
# What stands in an address that is another one each time, so that no answer was ever given before.
TURN = "TURN"
PEER_DATABASE = "load_tipg"
# The nearest that it has: its own page with a map, a tile of most incidents, one of them as a page.
PEER_PATHS = {
    "map page": "/collections/public.incidents/tiles/WebMercatorQuad/map.html",
    "chunk": "/collections/public.incidents/tiles/WebMercatorQuad/8/159/94",
    "card": "/collections/public.incidents/items/1?f=html",
    "items": "/collections/public.incidents/items?f=geojson&limit=20",
    "items of another box each time": "/collections/public.incidents/items?f=geojson&limit=20"
    f"&bbox=43.5,42,44.6{TURN},42.4",
}
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
local threads = 0
setup = function(thread)
    threads = threads + 1
    thread:set("turn", (os.time() % 10000) * 100000 + threads * 50000)
end
request = function()
    turn = turn + 1
    return wrk.format(nil, (wrk.path:gsub("TURN", string.format("%d", turn))))
end
done = function(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '{"requests": %d, "microseconds": %d, "bytes": %d, "p50": %d, "p99": %d, "errors": %d}\\n',
        summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""
Found = dict[str, Any]


class Process:
    """One server on a port that it keeps."""

    def __init__(
        self, command: Callable[[int], Sequence[str]], settings: Mapping[str, str], ready: str
    ) -> None:
        self.port = free_port()
        self._command, self._environment = command(self.port), os.environ | settings
        self._ready = f"http://127.0.0.1:{self.port}{ready}"
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(lambda: answers(self._ready))

    def end(self) -> None:
        """Ask it to end and wait until it has."""
        self._process.terminate()
        self._process.wait(PATIENCE_S)

    def restart(self) -> None:
        """End it, start it, wait until it is ready."""
        self.end()
        self._start()


@dataclass(frozen=True)
class Load:
    """How hard is asked, and where what wrk reads may stand."""

    folder: Path
    seconds: int
    connections: int

    def on(self, address: str, *, warm: bool = True) -> Found:
        """Requests a second, latency and errors of one address."""
        if warm:
            self._asked(address, WARM_SECONDS)
        found = self._asked(address, self.seconds)
        return {
            "requests_a_second": round(found["requests"] / found["microseconds"] * 1e6, 1),
            "p50_ms": round(found["p50"] / 1000, 1),
            "p99_ms": round(found["p99"] / 1000, 1),
            "kilobytes": round(found["bytes"] / max(found["requests"], 1) / 1000, 1),
            "requests": found["requests"],
            "errors": found["errors"],
        }

    def _asked(self, address: str, seconds: int) -> dict[str, int]:
        script = self.folder / "told.lua"
        script.write_text(SCRIPT, encoding="utf-8")
        size = ("-t2", f"-c{self.connections}", f"-d{seconds}s")
        options = (*size, "-H", "Accept-Encoding: br, gzip", "-s", str(script))
        command = [program("wrk"), *options, address]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found: dict[str, int] = json.loads(told.splitlines()[-1])
        return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, write the results, write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--database", default="", help="address of a new database")
    parser.add_argument("--seconds", type=int, default=10, help="of each measurement")
    parser.add_argument("--connections", type=int, default=8)
    asked = parser.parse_args(arguments)
    RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="geoapp-load-") as folder:
        load = Load(Path(folder), asked.seconds, asked.connections)
        for found in [measure(asked.database, load)] if asked.database else everything(load):
            file = RESULTS / f"load-{found['engine']}.json"
            file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
            print(file.read_text(encoding="utf-8"), flush=True)
    (ROOT / "docs" / "benchmarks.md").write_text(report.page(RESULTS), encoding="utf-8")


def everything(load: Load) -> Iterator[Found]:
    """SQLite and, where it can be had, PostgreSQL with tipg beside us on the same server."""
    yield measure(f"sqlite:///{load.folder / 'load.sqlite'}", load)
    if not peers.has_postgis():
        print("PostgreSQL is left out: it needs postgresql-15-postgis-3 and gdal-bin")
        return
    from tests.postgres import server

    with server.running() as postgres:
        geopackage = load.folder / "incidents.gpkg"
        ours = measure(postgres.address(server.READY), load, geopackage)
        server.say(postgres, "postgres", f"CREATE DATABASE {PEER_DATABASE}")
        server.say(postgres, PEER_DATABASE, "CREATE EXTENSION postgis")
        database = urlsplit(postgres.address(PEER_DATABASE))
        peers.load(geopackage, database)
        packages = peers.environment(load.folder / "tipg", peer_tipg.PACKAGES)
        settings = peer_tipg.settings(database)
        with _served(
            load, lambda port: peer_tipg.command(packages, port), settings, peer_tipg.READY
        ) as found:
            address, _ = found
            yield ours | {"tipg": {name: load.on(address + path) for name, path in PEER_PATHS.items()}}


def measure(database: str, load: Load, geopackage: Path | None = None) -> Found:
    """Requests a second, latency and errors: of each kind of answer, and while data or processes change.

    `geopackage` is where the incidents are put for a peer, before they change.
    """
    settings = {"GEOAPP_DATABASE_URL": database, "GEOAPP_INSTANCE_DIR": str(load.folder)}

    def command(port: int) -> Sequence[str]:
        return [sys.executable, "-m", "geoapp", "serve", "--port", str(port)]

    with synthetic.fill(database, INCIDENTS) as store, _served(load, command, settings, "/readyz") as served:
        address, processes = served
        if geopackage:
            with urllib.request.urlopen(f"{address}/exports/incidents.gpkg") as answer:
                geopackage.write_bytes(answer.read())
        paths = _paths(store)
        alone = {name: load.on(address + path) for name, path in paths.items()}

        def items() -> Found:
            # Every answer counts from the first one on.
            return load.on(address + paths["items of another box each time"], warm=False)

        meanwhile = {
            f"{BATCHES} batches are committed": _beside(lambda: _commit(store), items),
            "both processes are restarted": _beside(lambda: _restart(processes), items),
        }
    return {
        "engine": database.partition(":")[0].partition("+")[0],
        "incidents": INCIDENTS,
        "workers": WORKERS,
        "connections": load.connections,
        "seconds": load.seconds,
        "machine": {
            "day": time.strftime("%Y-%m-%d", time.gmtime()),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "load": round(os.getloadavg()[2], 1),
        },
        "alone": alone,
        "meanwhile": meanwhile,
    }


@contextmanager
def _served(
    load: Load, command: Callable[[int], Sequence[str]], settings: Mapping[str, str], ready: str
) -> Iterator[tuple[str, list[Process]]]:
    """That many processes behind nginx; gives its address and them."""
    with ExitStack() as stack:
        processes = []
        for _ in range(WORKERS):
            processes.append(Process(command, settings, ready))
            stack.callback(processes[-1].end)
        port = free_port()
        servers = " ".join(f"server 127.0.0.1:{each.port} max_fails=0;" for each in processes)
        inside = BALANCED.format(servers=servers, port=port)
        yield stack.enter_context(nginx(inside, load.folder, port, ready)), processes


def _paths(store: Store) -> dict[str, str]:
    chunk = json.loads(store.manifest())["chunks"][0][0]
    key = store.keys(Filters(limit=1))[0]
    return {
        "map page": "/",
        "chunk": f"/map/chunks/{chunk}.bin",
        "card": f"/incidents/key/{key}",
        "items": "/api/collections/incidents/items?limit=20",
        "items of another box each time": "/api/collections/incidents/items?limit=20"
        f"&bbox=43.5,42,44.6{TURN},42.4",
    }


def _commit(store: Store) -> None:
    """Batches one after another, each as an import brings it."""
    known = reference.read(resource("data"))
    for number in range(BATCHES):
        text = synthetic.as_csv(known, INCIDENTS + number * LATER, LATER, 1)
        store.commit(prepare(store, read_table(text, "later.csv")))


def _restart(processes: Sequence[Process]) -> None:
    for each in processes:
        each.restart()


def _beside(work: Callable[[], object], measured: Callable[[], Found]) -> Found:
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


if __name__ == "__main__":
    main()
