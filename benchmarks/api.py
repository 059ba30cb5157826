"""Pages of features by box and days: CPU of everything that serves, and the slowest of a hundred answers."""

from __future__ import annotations

import argparse
import http.client
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import urlopen

from benchmarks import api_peer, exports

# Twenty windows of six years along the whole line: no two requests after one another are the same.
YEARS = range(2000, 2020)
PAGE = "/collections/incidents/items?f=json&limit=500&bbox=43.5,42,44.6,42.4&datetime={0}-01-01/{1}-12-31"
LARGE = "/collections/incidents/items?f=json&limit=10000"
CLIENTS = 8
Found = dict[str, Any]


class Served(Protocol):
    """A server that is measured."""

    @property
    def address(self) -> str:
        """Where it is asked."""

    def cpu_seconds(self) -> float:
        """What it has used."""


def measure(url: str, *, peer: bool) -> Found:
    """Ours for the store at this address and, from the same incidents, pygeoapi with PostGIS."""
    with tempfile.TemporaryDirectory(prefix="geoapp-bench-api-") as name:
        folder = Path(name)
        geopackage = folder / "incidents.gpkg"
        with exports.served(url, folder / "ours") as server:
            found = {"ours": _asked(server, "/api", rounds=10)}
            if not (peer and api_peer.is_possible()):
                return found
            with urlopen(f"{server.address}/exports/incidents.gpkg") as answer, geopackage.open("wb") as file:
                shutil.copyfileobj(answer, file)
        with api_peer.served(geopackage, folder) as server:
            return found | {"pygeoapi": _asked(server, "", rounds=1)}


def _asked(server: Served, root: str, rounds: int) -> Found:
    """One after another for the CPU, then by eight clients for the time."""
    pages = [root + PAGE.format(year, year + 5) for year in YEARS]
    connection = _connection(server)
    returned = [json.loads(_get(connection, page)[0])["numberReturned"] for page in pages]
    used = server.cpu_seconds()
    times = [_get(connection, page)[1] for _ in range(rounds) for page in pages]
    used = server.cpu_seconds() - used
    together = _together(server, pages[::4] * rounds)
    rows = server.cpu_seconds()
    count = json.loads(_get(connection, root + LARGE)[0])["numberReturned"]
    rows = server.cpu_seconds() - rows
    return {
        "features": round(median(returned)),
        "cpu_ms": round(used / len(times) * 1000, 2),
        "median_ms": round(median(times), 1),
        "p99_ms_of_eight": round(quantiles(together, n=100)[98], 1),
        "cpu_us_a_row": round(rows / count * 1e6, 1),
    }


def _together(server: Served, pages: Sequence[str]) -> list[float]:
    """Milliseconds of every answer when eight clients ask at once."""

    def client(_: int) -> list[float]:
        connection = _connection(server)
        return [_get(connection, page)[1] for page in pages]

    with ThreadPoolExecutor(CLIENTS) as clients:
        return [took for each in clients.map(client, range(CLIENTS)) for took in each]


def _connection(server: Served) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(server.address).netloc)


def _get(connection: http.client.HTTPConnection, path: str) -> tuple[bytes, float]:
    begin = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} for {path}: {body[:500]!r}")
    return body, (time.perf_counter() - begin) * 1000


HEAD = ("Incidents", "Server", "CPU, ms a page", "times as much", "p99 of eight clients, ms", "CPU, µs a row")


def api_lines(found: Sequence[Found]) -> Iterator[str]:
    """What was measured as Markdown; sizes without it are left out."""
    measured = [each for each in found if "api" in each]
    if not measured:
        return
    yield "\n## Pages of features\n"
    yield (
        "Pages of 500 features by box and six years (`bbox`, `datetime`), and one page of 10,000 for what "
        "a row costs. pygeoapi has the rows in PostGIS with indexes on point and date, behind waitress, as "
        "ours; its time is that of its process and the database's, and its features have no reports. "
        "Servers and clients share the machine.\n"
    )
    yield "| " + " | ".join(HEAD) + " |"
    yield "| ---: | :--- | ---: | ---: | ---: | ---: |"
    for each in measured:
        for name, told in each["api"].items():
            ratio = told["cpu_ms"] / each["api"]["ours"]["cpu_ms"]
            yield (
                f"| {each['incidents']:,} | {name} | {told['cpu_ms']} | {ratio:.1f} | "
                f"{told['p99_ms_of_eight']:,} | {told['cpu_us_a_row']} |"
            )
    yield ""


def main() -> None:
    """Measure the store at an address and print; `--peer` with pygeoapi."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--peer", action="store_true")
    asked = parser.parse_args()
    print(json.dumps(measure(asked.url, peer=asked.peer), indent=2))


if __name__ == "__main__":
    main()
