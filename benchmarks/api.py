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

from benchmarks import exports, peer_datasette, peer_pygeoapi, peer_tipg, peers
from benchmarks.peers import Questions

# Twenty windows of six years along the whole line: no two requests after one another are the same.
YEARS = range(2000, 2020)
PAGE = "/collections/incidents/items?f=json&limit=500&bbox=43.5,42,44.6,42.4&datetime={0}-01-01/{1}-12-31"
LARGE = "/collections/incidents/items?f=json&limit=10000"
CLIENTS = 8
Found = dict[str, Any]


def _number_returned(answer: Any) -> int:
    return int(answer["numberReturned"])


OURS = Questions("/api" + PAGE, "/api" + LARGE, _number_returned)
PYGEOAPI = Questions(PAGE, LARGE, _number_returned)
# It wants a time of day.
TIPG = Questions(
    "/collections/public.incidents/items?f=geojson&limit=500&bbox=43.5,42,44.6,42.4"
    "&datetime={0}-01-01T00:00:00Z/{1}-12-31T23:59:59Z",
    "/collections/public.incidents/items?f=geojson&limit=10000",
    _number_returned,
)
DATASETTE = Questions(
    "/table/incidents.json?_shape=objects&_size=500&_sort=date&lon__gte=43.5&lon__lte=44.6"
    "&lat__gte=42&lat__lte=42.4&date__gte={0}-01-01&date__lte={1}-12-31",
    "/table/incidents.json?_shape=objects&_size=10000",
    lambda answer: len(answer["rows"]),
)


class Served(Protocol):
    """A server that is measured."""

    @property
    def address(self) -> str:
        """Where it is asked."""

    def cpu_seconds(self) -> float:
        """What it has used."""


def measure(url: str, *, peer: bool) -> Found:
    """Ours for the store at this address and, from the same incidents, the peers that can be had here."""
    with tempfile.TemporaryDirectory(prefix="geoapp-bench-api-") as name:
        folder = Path(name)
        geopackage = folder / "incidents.gpkg"
        with exports.served(url, folder / "ours") as server:
            found = {"ours": _asked(server, OURS, rounds=10)}
            if not peer:
                return found
            with urlopen(f"{server.address}/exports/incidents.gpkg") as answer, geopackage.open("wb") as file:
                shutil.copyfileobj(answer, file)
        with peer_datasette.served(geopackage, folder) as server:
            found["datasette"] = _asked(server, DATASETTE, rounds=3)
        if peers.has_postgis():
            with peers.postgis(geopackage) as database:
                with peer_tipg.served(database, folder) as server:
                    found["tipg"] = _asked(server, TIPG, rounds=3)
                with peer_pygeoapi.served(database, folder) as server:
                    found["pygeoapi"] = _asked(server, PYGEOAPI, rounds=1)
        return found


def _asked(server: Served, questions: Questions, rounds: int) -> Found:
    """One after another for the CPU, then by eight clients for the time.

    The CPU is that of the median round: what else the machine does makes some of them dearer.
    """
    pages = [questions.page.format(year, year + 5) for year in YEARS]
    connection = _connection(server)
    returned = [questions.returned(json.loads(_get(connection, page)[0])) for page in pages]
    used, times = [], []
    for _ in range(rounds):
        before = server.cpu_seconds()
        times += [_get(connection, page)[1] for page in pages]
        used.append((server.cpu_seconds() - before) / len(pages))
    together = _together(server, pages[::4] * rounds)
    # The first connection was idle meanwhile, which some servers end.
    connection = _connection(server)
    rows = server.cpu_seconds()
    count = questions.returned(json.loads(_get(connection, questions.large)[0]))
    rows = server.cpu_seconds() - rows
    return {
        "features": round(median(returned)),
        "cpu_ms": round(median(used) * 1000, 2),
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
        "a row costs; the CPU is that of the median round. tipg (behind uvicorn) and pygeoapi (behind "
        "waitress, as ours) have the rows in PostGIS with indexes on point and date; their time is that of "
        "their process and the database's. Datasette has them in a table of SQLite with an index on date "
        "and place, and gives JSON without geometries. Their features have no reports. Servers and clients "
        "share the machine.\n"
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
    """Measure the store at an address and print; `--peer` with the peers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--peer", action="store_true")
    asked = parser.parse_args()
    print(json.dumps(measure(asked.url, peer=asked.peer), indent=2))


if __name__ == "__main__":
    main()
