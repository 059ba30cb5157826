"""Exports of a large set: CPU of the server for a row, first byte, memory, beside ogr2ogr."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from urllib.request import Request, urlopen

# Every incident has a date, so this leaves all of them and still takes the way of a filter.
ALL_BY_FILTER = "?datetime=1800-01-01/.."
MARK = b'{"type":"Feature",'
RUNS = 3
TICKS = os.sysconf("SC_CLK_TCK")
LOOKS_EVERY_S = 0.05


class Server(NamedTuple):
    """A running server by its address and its process."""

    address: str
    pid: int

    def cpu_seconds(self) -> float:
        """Time that the server has used, in user and in system mode."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def own_megabytes(self) -> float:
        """Memory that is the process's own; pages of the database file are the system's to take back."""
        found = re.search(r"RssAnon:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0


def measure(url: str) -> dict[str, Any]:
    """Filtered stream, whole set made and served, and ogr2ogr, for the store at this address."""
    with (
        tempfile.TemporaryDirectory(prefix="geoapp-bench-exports-") as name,
        served(url, Path(name)) as server,
    ):
        found = {
            "filtered": _asked(server, f"/exports/incidents.geojson{ALL_BY_FILTER}"),
            "made": {"seconds": _seconds(server, "/exports/incidents.geojson")},
            "whole": _asked(server, "/exports/incidents.geojson"),
        }
        if shutil.which("ogr2ogr"):
            found["ogr2ogr"] = _peer(server, Path(name))
    return found


@contextmanager
def served(url: str, folder: Path) -> Iterator[Server]:
    """The store at this address by `geoapp serve` for the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "geoapp", "serve", "--port", "0"],
        env=os.environ | {"GEOAPP_DATABASE_URL": url, "GEOAPP_INSTANCE_DIR": str(folder)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        found = next(filter(None, (re.search(r"Serving on (\S+)/", line) for line in process.stderr)))
        server = Server(found[1], process.pid)
        # The first request opens the store and reads the reference data.
        _get(server, "/exports/incidents.geojson?limit=1")
        yield server
    finally:
        process.terminate()
        process.communicate()


def _get(server: Server, path: str) -> tuple[int, int, float]:
    """Rows, bytes, and milliseconds until the first byte of the content."""
    begin = time.perf_counter()
    with urlopen(Request(server.address + path)) as answer:
        piece = answer.read(1)
        first = (time.perf_counter() - begin) * 1000
        rows, size, end = 0, 0, b""
        while piece:
            size += len(piece)
            # A mark that two pieces share is found in the second one, and none in both.
            rows += (end + piece).count(MARK)
            end = (end + piece)[-len(MARK) + 1 :]
            piece = answer.read(1 << 20)
    return rows, size, first


def _seconds(server: Server, path: str) -> float:
    begin = time.perf_counter()
    _get(server, path)
    return round(time.perf_counter() - begin, 2)


def _asked(server: Server, path: str) -> dict[str, Any]:
    """Medians of some runs; of the memory the most."""
    runs = [_once(server, path) for _ in range(RUNS)]
    names = ("cpu_us_a_row", "first_byte_ms")
    return runs[0] | {
        **{name: round(median(run[name] for run in runs), 2) for name in names},
        "memory_growth_mb": max(run["memory_growth_mb"] for run in runs),
    }


def _once(server: Server, path: str) -> dict[str, Any]:
    before, highest, done = server.own_megabytes(), [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(LOOKS_EVERY_S):
            highest[0] = max(highest[0], server.own_megabytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    used = server.cpu_seconds()
    rows, size, first = _get(server, path)
    used = server.cpu_seconds() - used
    done.set()
    watcher.join()
    return {
        "rows": rows,
        "megabytes": round(size / 1e6, 1),
        "cpu_us_a_row": round(used / max(rows, 1) * 1e6, 2),
        "first_byte_ms": round(first, 1),
        "memory_growth_mb": round(max(highest[0] - before, 0), 1),
    }


def _peer(server: Server, folder: Path) -> dict[str, Any]:
    """GeoPackage to GeoJSON by GDAL's own tool, the same rows without their reports."""
    source, target = folder / "peer.gpkg", folder / "peer.geojson"
    with urlopen(f"{server.address}/exports/incidents.gpkg") as answer, source.open("wb") as file:
        shutil.copyfileobj(answer, file)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["ogr2ogr", "-f", "GeoJSON", str(target), str(source), "incidents"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    with target.open("rb") as file:
        rows = sum(line.startswith(b'{ "type": "Feature"') for line in file)
    return {"rows": rows, "cpu_us_a_row": round(used / max(rows, 1) * 1e6, 2)}


def export_lines(found: list[dict[str, Any]]) -> Iterator[str]:
    """What was measured as Markdown; sizes without exports are left out."""
    measured = [each for each in found if "exports" in each]
    if not measured:
        return
    yield "\n## Exports as GeoJSON\n"
    yield "CPU of the server's process for a row, identity coding, over loopback; memory: its own, at most.\n"
    yield "| Data set | What | µs a row | First byte, ms | Memory grown, MB |"
    yield "| ---: | --- | ---: | ---: | ---: |"
    for each in measured:
        yield from _rows(each["incidents"], each["exports"])
    yield ""


def _rows(incidents: int, told: dict[str, Any]) -> Iterator[str]:
    made = told["made"]["seconds"]
    for name, what in (("filtered", "filtered, streamed"), ("whole", f"whole set, a file made in {made} s")):
        known = told[name]
        yield (
            f"| {incidents:,} | {what} | {known['cpu_us_a_row']} | {known['first_byte_ms']} | "
            f"{known['memory_growth_mb']} |"
        )
    if "ogr2ogr" in told:
        used = told["ogr2ogr"]["cpu_us_a_row"]
        yield f"| {incidents:,} | ogr2ogr, GeoPackage to GeoJSON | {used} | at the end | |"
