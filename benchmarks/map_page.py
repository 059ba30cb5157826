"""The map page in headless Chromium: time to the first marks, to filter again, and bytes over the wire."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page

SIZE = {"width": 1366, "height": 768}
WAIT_SECONDS = 120
FILTERED = 41
# A browser's own clock, read where it ran; nothing of this program's timing goes through Python.
_MEASURES = "name => performance.getEntriesByName(name, 'measure').map(entry => entry.duration)"
_WEIGHTS = """() => performance.getEntriesByType('resource').map(
    entry => [new URL(entry.name).pathname, entry.encodedBodySize])"""
_FILTER = """async count => {
    const categories = (await window.boundaryMap.dataset).manifest.categories
        .map(each => Array.isArray(each) ? each[0] : each.code ?? each);
    await (await window.boundaryMap.dataset).complete;
    performance.clearMeasures('refilter');
    for (let turn = 0; turn < count; turn += 1) {
        window.boundaryMap.setFilters({category: [categories[turn % categories.length]]});
        await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
    }
}"""


@contextmanager
def served(database_url: str) -> Iterator[str]:
    """`geoapp serve` over this database on a free port; gives its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "geoapp", "serve", "--port", "0"],
        env=os.environ | {"GEOAPP_DATABASE_URL": database_url},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield _address(process)
    finally:
        process.terminate()
        process.wait(30)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    told = []
    for line in process.stderr:
        told.append(line)
        if found := re.search(r"http://[^ ]+", line):
            return found[0].rstrip("/")
    raise RuntimeError("the server did not start:\n" + "".join(told))


def measure(browser: Browser, address: str, runs: int) -> dict[str, Any]:
    """First marks and re-filter in ms (medians), and bodies over the wire in bytes, from cold caches."""
    # What a process makes once and keeps is not what a reader waits for.
    _open(browser, address)
    first: list[float] = []
    filtered: list[float] = []
    weights: list[tuple[str, int]] = []
    for _ in range(runs):
        found = _open(browser, address)
        first.append(found["first_marks_ms"])
        filtered.extend(found["refilter_ms"])
        weights = found["weights"]
    return {
        "first_marks_ms": {"median": round(median(first), 1), "all": [round(each, 1) for each in first]},
        "refilter_ms": {
            "median": round(median(filtered), 2),
            "p95": round(sorted(filtered)[int(len(filtered) * 0.95)], 2),
            "count": len(filtered),
        },
        "html_gzip_bytes": _page_bytes(address),
        "wire_bytes": _by_kind(weights),
    }


def _open(browser: Browser, address: str) -> dict[str, Any]:
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        page.goto(address + "/", wait_until="commit")
        (first, *_) = until_measured(page, "first-marks")
        page.wait_for_load_state("networkidle")
        weights = page.evaluate(_WEIGHTS)
        page.evaluate(_FILTER, FILTERED)
        return {
            "first_marks_ms": first,
            "refilter_ms": page.evaluate(_MEASURES, "refilter"),
            "weights": weights,
        }
    finally:
        context.close()


def until_measured(page: Page, name: str) -> list[float]:
    """Durations in ms of the page's measure of that name, once there is one; raises TimeoutError."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        if found := page.evaluate(_MEASURES, name):
            return [float(each) for each in found]
        page.wait_for_timeout(20)
    raise TimeoutError(f"no measure {name!r} on {page.url} within {WAIT_SECONDS} s")


def _page_bytes(address: str) -> int:
    request = urllib.request.Request(address + "/", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as response:
        body: bytes = response.read()
        assert gzip.decompress(body), "the page is served gzipped"
    return len(body)


def _by_kind(weights: list[tuple[str, int]]) -> dict[str, int]:
    kinds = {".js": "javascript", ".css": "css", ".bin": "incidents"}
    total: dict[str, int] = {}
    for path, size in weights:
        kind = next((name for end, name in kinds.items() if path.endswith(end)), "other")
        total[kind] = total.get(kind, 0) + size
    total["javascript_and_css"] = total.get("javascript", 0) + total.get("css", 0)
    return total
