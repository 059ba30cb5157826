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
        "(`python -m benchmarks.load`). Items are 20 incidents of the API. The last two rows are items, too; "
        "an error is a connection that broke, an answer that did not come or one of status 400 and above.\n"
    )
    yield "| Engine | Answer | Requests a second | Median, ms | 99th percentile, ms | Requests | Errors |"
    yield "| :--- | :--- | ---: | ---: | ---: | ---: | ---: |"
    for each in found:
        yield from (_row(each["engine"], name, told) for name, told in each["alone"].items())
        yield from (_row(each["engine"], f"while {name}", told) for name, told in each["meanwhile"].items())
    yield ""
    yield from (_about(each) for each in found)


def _row(engine: str, name: str, told: dict[str, Any]) -> str:
    cells = (
        engine,
        name,
        f"{told['requests_a_second']:,.0f}",
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
        f"{machine['cores']} cores, Python {machine['python']}."
    )
