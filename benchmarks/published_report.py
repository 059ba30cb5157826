"""The section of the page about the published site, from `published.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEAD = (
    "Page",
    "Performance",
    "Accessibility",
    "Best practices",
    "SEO",
    "First paint, s",
    "Largest paint, s",
    "Blocked, ms",
    "Layout shift",
    "On the wire, kB",
    "Requests",
)


def published_lines(results: Path) -> Iterator[str]:
    """Markdown of the published site; nothing where it was not measured."""
    file = results / "published.json"
    if not file.is_file():
        return
    found = json.loads(file.read_text(encoding="utf-8"))
    yield "\n## The published site\n"
    yield (
        "`geoapp publish` of the shipped data, served by nginx with `gzip_static`, visited by Lighthouse "
        "(mobile profile, simulated slow link and processor) with an empty cache; medians "
        "(`python -m benchmarks.published`). The wire is everything that the first view asks for.\n"
    )
    yield "| " + " | ".join(HEAD) + " |"
    yield "| :--- |" + " ---: |" * (len(HEAD) - 1)
    yield from (_row(page, told) for page, told in found["pages"].items())
    yield ""
    yield from _about(found)


def _row(page: str, told: dict[str, Any]) -> str:
    metrics = told["metrics"]
    cells = (
        f"`{page}`",
        *(f"{score:.0f}" for score in told["scores"].values()),
        f"{metrics['first_contentful_paint_ms'] / 1000:.1f}",
        f"{metrics['largest_contentful_paint_ms'] / 1000:.1f}",
        f"{metrics['total_blocking_time_ms']:.0f}",
        f"{metrics['cumulative_layout_shift']:.3f}",
        f"{told['wire_bytes'] / 1000:.0f}",
        f"{told['requests']}",
    )
    return "| " + " | ".join(cells) + " |"


def _about(found: dict[str, Any]) -> Iterator[str]:
    sizes, seconds, machine = found["sizes"], found["publish_seconds"], found["machine"]
    pages = ", ".join(f"{code} {size / 1e6:.1f} MB" for code, size in sizes["by_language"].items())
    each = sizes["whole"] / len(sizes["by_language"])
    yield (
        f"- {sizes['whole'] / 1e6:.1f} MB without the packed twins, {each / 1e6:.1f} MB for each language: "
        f"pages {pages}, and {sizes['shared'] / 1e6:.1f} MB that all share. Published in "
        f"{seconds['clock']:,.0f} s ({seconds['processor']:,.0f} s of the processor)."
    )
    yield (
        f"- {machine['day']}, {machine['cores']} cores, Lighthouse {machine['lighthouse']}, Chromium "
        f"{machine['chromium']}; Lighthouse's own index of the machine "
        f"{machine['benchmark_index']:,.0f}, load {machine['load']} (medians)."
    )
    for page, told in found["pages"].items():
        runs = ", ".join(
            f"{run['performance']} ({run['benchmark_index']:,.0f}; {run['load']})" for run in told["runs"]
        )
        yield f"- `{page}`, performance of each run (index of the machine; load): {runs}."
