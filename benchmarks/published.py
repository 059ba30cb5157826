"""The published site of the shipped data behind nginx: its size, and what Lighthouse says of its pages.

    python -m benchmarks.published
    python -m benchmarks.published --runs 3 --lighthouse node_modules/.bin/lighthouse

needs Debian's nginx and Chromium, and Lighthouse 12, which npx fetches unless it is named. The site is
published into a folder of its own, once. The result goes into `benchmarks/results/published.json`, the page
is written anew.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import report
from benchmarks.programs import free_port, nginx, program
from geoapp.cli.opening import fill_if_empty, open_store
from geoapp.config import Settings
from geoapp.publish import Published, publish
from geoapp.web.language import LANGUAGES

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
LIGHTHOUSE = "npx --yes lighthouse@12"
INCIDENT = "2019-08-24-georgian-post-established"
PAGES = (
    *(f"{language.prefix}/" for language in LANGUAGES.values()),
    "/incidents/",
    f"/incidents/{INCIDENT}/",
    "/methodology/",
)
TRIES = 3
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
METRICS = {
    "first-contentful-paint": "first_contentful_paint_ms",
    "largest-contentful-paint": "largest_contentful_paint_ms",
    "total-blocking-time": "total_blocking_time_ms",
    "cumulative-layout-shift": "cumulative_layout_shift",
    "speed-index": "speed_index_ms",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Publish, measure, write the result, write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.published", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="visits of Lighthouse to each page")
    parser.add_argument("--lighthouse", default=LIGHTHOUSE, help="the command that runs Lighthouse 12")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="geoapp-published-") as folder:
        found = measure(Path(folder), shlex.split(asked.lighthouse), asked.runs)
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / "published.json"
    file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(file.read_text(encoding="utf-8"))
    (ROOT / "docs" / "benchmarks.md").write_text(report.page(RESULTS), encoding="utf-8")


def measure(folder: Path, lighthouse: Sequence[str], runs: int) -> dict[str, Any]:
    """Sizes in bytes, time to publish in seconds, and for every page the medians of Lighthouse's runs."""
    port, root = free_port(), folder / "site"
    # The site's own address: feed, site map and canonical links are part of what is measured.
    settings = Settings(
        instance_dir=folder / "instance",
        contact="desk@example.org",
        base_url=f"http://127.0.0.1:{port}",
    )
    with open_store(settings, create=True) as store:
        fill_if_empty(store, settings)
    begin, busy = time.perf_counter(), time.process_time()
    done = publish(settings, root)
    seconds = {"clock": time.perf_counter() - begin, "processor": time.process_time() - busy}
    if done.failed:
        sys.exit(f"the site is not whole: {done.failed[0]}")
    visits: dict[str, list[dict[str, Any]]] = {page: [] for page in PAGES}
    with nginx(example(port, root), folder, port) as address:
        # Page after page, not run after run of one: what else the machine does falls on all of them.
        for _ in range(runs):
            for page in PAGES:
                visits[page].append(_visit(lighthouse, address + page, folder))
                print(page, visits[page][-1]["scores"], flush=True)
    return {
        "sizes": _sizes(root, done),
        "publish_seconds": {name: round(value, 1) for name, value in seconds.items()},
        "pages": {page: _medians(each) for page, each in visits.items()},
        "machine": _machine(visits),
    }


def example(port: int, root: Path) -> str:
    """What operators copy, on a port and a folder of the measurement."""
    text = (ROOT / "deploy" / "nginx-published.conf").read_text(encoding="utf-8")
    for pattern, here in (
        (r"listen 80;", f"listen 127.0.0.1:{port};"),
        (r"root \S+;", f"root {root};"),
        (r"(access|error)_log .*;", ""),
    ):
        text, found = re.subn(pattern, here, text)
        assert found, pattern
    return f"include /etc/nginx/mime.types;\n{text}"


def _visit(lighthouse: Sequence[str], address: str, folder: Path) -> dict[str, Any]:
    """One run with the mobile profile, in a browser that never was there."""
    file = folder / "lighthouse.json"
    options = (
        "--quiet",
        "--output=json",
        f"--output-path={file}",
        "--form-factor=mobile",
        "--chrome-flags=--headless=new --no-sandbox",
    )
    load = os.getloadavg()[0]
    told = _told([*lighthouse, address, *options], file)
    audits = told["audits"]
    return {
        "scores": {name: round(100 * told["categories"][name]["score"]) for name in CATEGORIES},
        "metrics": {name: audits[audit]["numericValue"] for audit, name in METRICS.items()},
        "wire_bytes": audits["total-byte-weight"]["numericValue"],
        "requests": len(audits["network-requests"]["details"]["items"]),
        "refused": _refused(told),
        "benchmark_index": told["environment"]["benchmarkIndex"],
        "load": round(load, 1),
        "versions": {
            "lighthouse": told["lighthouseVersion"],
            "chromium": told["environment"]["hostUserAgent"].partition("Chrome/")[2].partition(" ")[0],
        },
    }


def _told(command: Sequence[str], file: Path) -> dict[str, Any]:
    """What Lighthouse writes; asked again where it failed itself, as on a busy machine it does."""
    for _ in range(TRIES):
        done = subprocess.run(
            command,
            check=False,
            env=os.environ | {"CHROME_PATH": program("chromium")},
            stdout=subprocess.DEVNULL,
        )
        if done.returncode == 0:
            found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return found
    sys.exit(f"Lighthouse failed {TRIES} times: {shlex.join(command)}")


def _refused(told: dict[str, Any]) -> list[str]:
    """What takes away from the scores that are not of speed."""
    judged = (each for name in CATEGORIES[1:] for each in told["categories"][name]["auditRefs"])
    scores = {each["id"]: told["audits"][each["id"]]["score"] for each in judged if each["weight"]}
    return sorted(name for name, score in scores.items() if score is not None and score < 1)


def _medians(visits: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of each figure the median; every run's score of speed beside what the machine was doing."""
    scores = {name: median(each["scores"][name] for each in visits) for name in CATEGORIES}
    metrics = {name: round(median(each["metrics"][name] for each in visits), 3) for name in METRICS.values()}
    return {
        "scores": scores,
        "metrics": metrics,
        "wire_bytes": round(median(each["wire_bytes"] for each in visits)),
        "requests": round(median(each["requests"] for each in visits)),
        "refused": sorted({name for each in visits for name in each["refused"]}),
        "runs": [
            {
                "performance": each["scores"]["performance"],
                "benchmark_index": each["benchmark_index"],
                "load": each["load"],
            }
            for each in visits
        ],
    }


def _sizes(root: Path, done: Published) -> dict[str, Any]:
    """Bytes without the packed twins: of each language's pages, and of what all languages share."""
    files = (each for each in root.rglob("*") if each.is_file() and not _is_twin(each))
    whole = sum(each.stat().st_size for each in files)
    return {
        "whole": whole,
        "by_language": done.by_language,
        "shared": whole - sum(done.by_language.values()),
    }


def _is_twin(file: Path) -> bool:
    return file.suffix in (".br", ".gz") and file.with_suffix("").is_file()


def _machine(visits: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    everything = [each for found in visits.values() for each in found]
    return {
        "day": time.strftime("%Y-%m-%d", time.gmtime()),
        "cores": os.cpu_count(),
        "benchmark_index": median(each["benchmark_index"] for each in everything),
        "load": median(each["load"] for each in everything),
        **everything[0]["versions"],
    }


if __name__ == "__main__":
    main()
