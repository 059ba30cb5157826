"""The section of the page about load, from `load-*.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def load_lines(results: Path) -> Iterator[str]:
    """Markdown for every engine that was measured; nothing where none was."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(results.glob("load-*.json"))]
    if not found:
        return
    yield "\n## Load\n"
    yield (
        "Processes of `geoapp serve` behind nginx, asked by wrk over kept connections, all on one machine "
        "(`python -m benchmarks.load`). Items are 20 incidents of the API with their reports, the same ones "
        "each time, or those of a box that nobody asked for before; the rows after them ask for such boxes, "
        "too. An error is a connection that broke, no answer in two seconds, or one of status 400 and above. "
        "As many processes of tipg (behind uvicorn) serve the same incidents, without their "
        "reports, from the same PostgreSQL in the same run: its own page with a map, a vector tile that most "
        "of them lie in, the page of one, and 20 of them.\n"
    )
    yield (
        "| Server | Answer | kB | Requests a second | as many as tipg | Median, ms | 99th percentile, ms | "
        "Requests | Errors |"
    )
    yield "| :--- | :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for each in found:
        tipg = each.get("tipg", {})
        yield from (_row(each["engine"], name, told, tipg.get(name)) for name, told in each["alone"].items())
        meanwhile = each["meanwhile"].items()
        yield from (_row(each["engine"], f"while {name}", told) for name, told in meanwhile)
        yield from (_row("tipg", name, told) for name, told in tipg.items())
    yield ""
    yield from (_about(each) for each in found)


def _row(server: str, name: str, told: dict[str, Any], tipg: dict[str, Any] | None = None) -> str:
    ratio = f"{told['requests_a_second'] / tipg['requests_a_second']:.1f}" if tipg else ""
    cells = (
        server,
        name,
        f"{told['kilobytes']:,.1f}",
        f"{told['requests_a_second']:,.0f}",
        ratio,
        f"{told['p50_ms']:.1f}",
        f"{told['p99_ms']:.1f}",
        f"{told['requests']:,}",
        f"{told['errors']:,}",
    )
    return "| " + " | ".join(cells) + " |"


def _about(found: dict[str, Any]) -> str:
    machine = found["machine"]
    return (
        f"- {found['engine']}: {found['incidents']:,} incidents, {found['workers']} processes, "
        f"{found['connections']} connections, {found['seconds']} s each; {machine['day']}, "
        f"{machine['cores']} cores, Python {machine['python']}, load {machine['load']}."
    )
