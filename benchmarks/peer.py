"""The same points through folium's FastMarkerCluster, its assets served from this machine as ours are."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

import folium
from folium.plugins import FastMarkerCluster
from playwright.sync_api import Browser

from benchmarks.map_page import SIZE, until_measured

# The versions that folium asks its content delivery network for; awesome-markers has no 2.0.2 on npm.
PACKAGES = (
    "leaflet@1.9.3",
    "leaflet.markercluster@1.1.0",
    "leaflet.awesome-markers@2.0.4",
    "jquery@3.7.1",
    "bootstrap@5.2.2",
)
SCRIPTS = (
    ("leaflet", "leaflet/dist/leaflet.js"),
    ("jquery", "jquery/dist/jquery.min.js"),
    ("bootstrap", "bootstrap/dist/js/bootstrap.bundle.min.js"),
    ("awesome_markers", "leaflet.awesome-markers/dist/leaflet.awesome-markers.js"),
)
STYLES = (
    ("leaflet_css", "leaflet/dist/leaflet.css"),
    ("bootstrap_css", "bootstrap/dist/css/bootstrap.min.css"),
    ("awesome_markers_css", "leaflet.awesome-markers/dist/leaflet.awesome-markers.css"),
)
CLUSTER = "leaflet.markercluster/dist"
_WATCH = """new MutationObserver((_, watcher) => {
    if (document.querySelector('.marker-cluster, .leaflet-marker-icon')) {
        watcher.disconnect();
        requestAnimationFrame(() => performance.measure('first-marks'));
    }
}).observe(document, {childList: true, subtree: true});"""
# What a page has to do to show a part of the markers: take all out, put that part in, draw.
_FILTER = """name => {
    const cluster = window[name], markers = cluster.getLayers();
    for (let turn = 0; turn < 3; turn += 1) {
        const part = markers.filter((_, index) => index % 3 === turn);
        performance.mark('begin');
        cluster.clearLayers();
        cluster.addLayers(part);
        performance.measure('refilter', 'begin');
    }
}"""


def measure(browser: Browser, points: list[tuple[float, float]], folder: Path, runs: int) -> dict[str, Any]:
    """First marks and re-filter in ms (medians) for points given as latitude, longitude; from cold caches."""
    cluster = _write(points, folder)
    first, filtered = [], []
    with _served(folder) as address:
        for _ in range(runs):
            context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
            page = context.new_page()
            page.add_init_script(_WATCH)
            page.goto(address + "/peer.html", wait_until="commit")
            first += until_measured(page, "first-marks")[:1]
            page.evaluate(_FILTER, cluster)
            filtered += until_measured(page, "refilter")
            context.close()
    return {
        "first_marks_ms": {"median": round(median(first), 1), "all": [round(each, 1) for each in first]},
        "refilter_ms": {"median": round(median(filtered), 2), "count": len(filtered)},
        "html_bytes": (folder / "peer.html").stat().st_size,
    }


def _write(points: list[tuple[float, float]], folder: Path) -> str:
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("npm is needed to fetch what folium's page loads from its network")
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *PACKAGES]
    subprocess.run(command, check=True, cwd=folder)
    built = folium.Map(location=(42.2, 44.0), zoom_start=9, tiles=None)
    # Without tiles folium gives the map no zoom levels, and markercluster refuses to work.
    built.options.update(min_zoom=6, max_zoom=18)
    built.default_js = [(name, f"node_modules/{path}") for name, path in SCRIPTS]
    built.default_css = [(name, f"node_modules/{path}") for name, path in STYLES]
    cluster = FastMarkerCluster([list(point) for point in points])  # type: ignore[no-untyped-call]
    cluster.default_js = [("markercluster", f"node_modules/{CLUSTER}/leaflet.markercluster.js")]
    cluster.default_css = [
        ("markercluster_css", f"node_modules/{CLUSTER}/MarkerCluster.css"),
        ("markercluster_default_css", f"node_modules/{CLUSTER}/MarkerCluster.Default.css"),
    ]
    cluster.add_to(built)
    built.save(str(folder / "peer.html"))
    return str(cluster.get_name())


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing; a line for each file would drown the results."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
