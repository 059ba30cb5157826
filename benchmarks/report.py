"""Results in JSON -> one page in Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.api import api_lines
from benchmarks.exports import export_lines
from benchmarks.load_report import load_lines
from benchmarks.published_report import published_lines

HEAD = (
    "Data set",
    "First marks, ms",
    "folium, ms",
    "times faster",
    "Filter again, ms",
    "folium, ms",
    "HTML gzipped, kB",
    "JS + CSS, kB",
    "Incidents, kB",
)

INTRODUCTION = """\
Synthetic incidents with the widths and the places of the shipped ones, through the same import as real
ones. Headless Chromium without a graphics card, loopback, cold caches, medians. folium's FastMarkerCluster
gets the same points in the same run, with its scripts from the same machine.
"""


def page(results: Path) -> str:
    """Everything in the folder of results as Markdown."""
    found = sorted(
        (json.loads(file.read_text(encoding="utf-8")) for file in results.glob("map-*.json")),
        key=lambda each: each["incidents"],
    )
    joined = json.loads((results / "join.json").read_text(encoding="utf-8"))
    imported = [json.loads(file.read_text(encoding="utf-8")) for file in results.glob("import-*.json")]
    lines = [*_lines(found, joined), *_import_lines(sorted(imported, key=lambda each: each["rows"]))]
    lines += load_lines(results)
    lines += published_lines(results)
    return "\n".join(lines) + "\n"


def _lines(found: list[dict[str, Any]], joined: dict[str, Any]) -> Iterator[str]:
    yield "<!-- Made by `make bench`; edit benchmarks/report.py, not this file. -->\n"
    yield "# Measurements\n"
    yield INTRODUCTION
    yield "| " + " | ".join(HEAD) + " |"
    yield "|" + " ---: |" * len(HEAD)
    yield from (_row(each) for each in found)
    yield ""
    yield from (_about(each) for each in found)
    yield from _reader_lines([each for each in found if "reader" in each])
    yield from export_lines(found)
    yield from api_lines(found)
    yield from _join_lines(joined)


def _row(found: dict[str, Any]) -> str:
    ours, peer = found["ours"], found.get("folium")
    first, again, wire = ours["first_marks_ms"], ours["refilter_ms"], ours["wire_bytes"]
    cells = [
        f"{found['incidents']:,}",
        f"{first['median']:,.0f}",
        f"{peer['first_marks_ms']['median']:,.0f}" if peer else "not run",
        f"{peer['first_marks_ms']['median'] / first['median']:,.0f}" if peer else "",
        f"{again['median']:.2f} (95th percentile {again['p95']:.2f})",
        f"{peer['refilter_ms']['median']:,.0f}" if peer else "not run",
        f"{ours['html_gzip_bytes'] / 1000:.1f}",
        f"{wire['javascript_and_css'] / 1000:.1f}",
        f"{wire.get('incidents', 0) / 1000:,.0f}",
    ]
    return "| " + " | ".join(cells) + " |"


READER = (
    "Data set",
    "Brush, ms a frame",
    "95th percentile",
    "Counts beside choices, ms",
    "Renderer, MB",
    "First marks on a weak link, ms",
)


def _reader_lines(found: list[dict[str, Any]]) -> Iterator[str]:
    if not found:
        return
    yield "\n## A reader at work\n"
    yield (
        "The brush is drawn across the whole histogram; counts are those of two categories in ten years; "
        "memory is what the renderer has for itself. A weak link has 10 Mbit/s, 40 ms there and back, and a "
        "processor slowed four times; the median of all visits.\n"
    )
    yield "| " + " | ".join(READER) + " |"
    yield "|" + " ---: |" * len(READER)
    for each in found:
        reader = each["reader"]
        cells = [
            f"{each['incidents']:,}",
            f"{reader['brush_frame_ms']['median']:.1f}",
            f"{reader['brush_frame_ms']['p95']:.1f}",
            f"{reader['facet_counts_ms']['median']:.1f}",
            f"{reader['renderer_megabytes']:,.0f}",
            f"{median(reader['weak_link_first_marks_ms']):,.0f}",
        ]
        yield "| " + " | ".join(cells) + " |"


def _about(found: dict[str, Any]) -> str:
    machine = found["machine"]
    imported = f", imported in {found['import_seconds']:,.0f} s" if "import_seconds" in found else ""
    visits = ", ".join(f"{each:,.0f}" for each in found["ours"]["first_marks_ms"]["all"])
    where = f"{machine['cores']} cores, Chromium {machine['chromium']}, Python {machine['python']}"
    return (
        f"- {found['incidents']:,} incidents with {found['reports']:,} reports{imported}, "
        f"{found['store_megabytes']:,.0f} MB in SQLite; first marks of each visit: {visits} ms; "
        f"{machine['day']}, {where}."
    )


def _join_lines(joined: dict[str, Any]) -> Iterator[str]:
    faster, error = joined["times_faster_than_sjoin_nearest"], joined["largest_error_m"]
    yield "\n## Distance to the line\n"
    yield (
        f"{joined['points']:,} points: {joined['distance_us_a_point']} µs a point. geopandas' "
        f"`sjoin_nearest` takes {faster['line']} times as long on the whole line, and "
        f"{faster['line_in_pieces']} times as long on its pieces."
    )
    yield (
        f"Largest error against geodesics over {error['sample']} points: {error['ours']} m (theirs "
        f"{error['sjoin_nearest']} m). All joined fields: {joined['join_us_an_incident']} µs an incident."
    )


def _import_lines(measured: list[dict[str, Any]]) -> Iterator[str]:
    if not measured:
        return
    yield "\n## Imports\n"
    yield (
        "The whole of `geoapp import`: reading, every check, joined fields, history, text and box index, in "
        "one transaction. The others write the rows of the same file into SQLite and check nothing. "
        "One run each, from the start of the program to its end.\n"
    )
    yield "| Rows | Bytes a row | Program | Seconds | of the processor | Rows a second | Peak MB |"
    yield "| ---: | ---: | :--- | ---: | ---: | ---: | ---: |"
    for found in measured:
        for name, told in found["contenders"].items():
            yield (
                f"| {found['rows']:,} | {found['bytes_a_row']} | {name} | {told['seconds']} | "
                f"{told['processor_seconds']} | {told['rows_a_second']:,} | {told['peak_mb']:,} |"
            )
    yield ""
    for later in (found["later_batch"] for found in measured):
        seconds = ", ".join(map(str, later["seconds"]))
        yield (
            f"- Batches of {min(later['rows'])} to {max(later['rows'])} rows on random days, on top of "
            f"{later['incidents_before']:,} incidents, each from the bytes of its file until manifest, "
            f"chunks and list have it: {seconds} s."
        )
    yield from (f"- {found['rows']:,} rows: {found['remark']}" for found in measured if "remark" in found)
