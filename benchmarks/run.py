"""All measurements in one run: JSON into `benchmarks/results/`, for people `docs/benchmarks.md`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks import api, exports, imports, interaction, join, map_page, peer, report, synthetic
from geoapp.query import Filters
from geoapp.store import Store

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """Measure at every size that is asked for, write the results, print the page."""
    asked = _arguments()
    RESULTS.mkdir(exist_ok=True)
    for count in asked.incidents:
        print(f"{count:,} incidents", flush=True)
        with tempfile.TemporaryDirectory(prefix="geoapp-bench-") as folder:
            found = _measure(count, Path(folder), asked)
        (RESULTS / f"map-{count}.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    (RESULTS / "join.json").write_text(json.dumps(join.measure(), indent=2) + "\n", encoding="utf-8")
    if asked.rows:
        found = imports.measure(asked.rows, asked.store)
        (RESULTS / f"import-{asked.rows}.json").write_text(
            json.dumps(found, indent=2) + "\n", encoding="utf-8"
        )
    text = report.page(RESULTS)
    PAGE.write_text(text, encoding="utf-8")
    print(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--incidents", type=int, nargs="+", default=[100_000], help="sizes of the data set")
    parser.add_argument("--runs", type=int, default=5, help="visits to our page for the median")
    parser.add_argument("--peer-runs", type=int, default=5, help="visits to folium's page; 0 leaves it out")
    parser.add_argument(
        "--api-peer",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="Datasette and, where PostgreSQL can be had, tipg and pygeoapi beside our API",
    )
    parser.add_argument("--rows", type=int, default=100_000, help="rows to import; 0 leaves imports out")
    parser.add_argument("--store", type=Path, help="a store of that size, made before, in place of a new one")
    return parser.parse_args()


def _measure(count: int, folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    file = asked.store or folder / "bench.sqlite"
    url = f"sqlite:///{file.resolve()}"
    begin = time.perf_counter()
    if asked.store is None:
        synthetic.fill(url, count).close()
    filled = time.perf_counter() - begin
    found: dict[str, Any] = _stored(url, file)
    if asked.store is None:
        found["import_seconds"] = round(filled, 1)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        found["machine"] = _machine(browser)
        with map_page.served(url) as address:
            found["ours"] = map_page.measure(browser, address, asked.runs)
            found["reader"] = interaction.measure(browser, address, asked.runs)
        if asked.peer_runs:
            found["folium"] = peer.measure(browser, _points(url), folder, asked.peer_runs)
        browser.close()
    found["exports"] = exports.measure(url)
    found["api"] = api.measure(url, peer=asked.api_peer)
    return found


def _stored(url: str, file: Path) -> dict[str, Any]:
    store = Store.open(url, create=False)
    known = store.current()
    store.close()
    return {
        "incidents": known.incidents,
        "reports": known.reports,
        "store_megabytes": round(file.stat().st_size / 1e6, 1),
    }


def _points(url: str) -> list[tuple[float, float]]:
    """The points that our map draws, as latitude and longitude."""
    store = Store.open(url, create=False)
    joined = (record.joined for record in store.stream(Filters(located=True)))
    points = [(each.latitude, each.longitude) for each in joined]
    store.close()
    return [(latitude, longitude) for latitude, longitude in points if latitude and longitude]


def _machine(browser: Browser) -> dict[str, Any]:
    return {
        "day": time.strftime("%Y-%m-%d", time.gmtime()),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "chromium": browser.version,
    }


if __name__ == "__main__":
    main()
