"""GeoParquet 1.1: reports nested as a list of structures, Zstandard, the licences in the file's metadata."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from geoapp.export import tables
from geoapp.export.about import About

# Some thousand rows to a group: a file with a group for each batch is half as large again.
BATCHES_IN_GROUP = 5


def save(lines: Path, target: Path, about: About) -> None:
    """Write the Features of `lines` (one a line) to `target`; memory does not grow with their number."""
    told = {name: str(value) for name, value in about.members().items()}
    told["parts"] = orjson.dumps([part._asdict() for part in about.parts]).decode()
    known, seen = tables.schema(nested=True), _Seen()
    with pq.ParquetWriter(target, known, compression="zstd") as writer:
        batches = tables.incidents(seen.watch(tables.read_lines(lines)), nested=True)
        while group := list(islice(batches, BATCHES_IN_GROUP)):
            writer.write_table(pa.Table.from_batches(group))
        writer.add_key_value_metadata(told | {"geo": orjson.dumps(seen.described()).decode()})


class _Seen:
    """The box of the points that went by, in WGS 84 degrees."""

    def __init__(self) -> None:
        self.bbox: list[float] | None = None

    def watch(self, some: Iterator[list[dict[str, Any]]]) -> Iterator[list[dict[str, Any]]]:
        for features in some:
            for feature in features:
                if feature["geometry"]:
                    self._add(*feature["geometry"]["coordinates"])
            yield features

    def _add(self, x: float, y: float) -> None:
        west, south, east, north = self.bbox or (x, y, x, y)
        self.bbox = [min(west, x), min(south, y), max(east, x), max(north, y)]

    def described(self) -> dict[str, Any]:
        """The `geo` metadata; without `crs` the points are in longitude and latitude, WGS 84 (OGC:CRS84)."""
        column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
        if self.bbox:
            column["bbox"] = self.bbox
        return {"version": "1.1.0", "primary_column": tables.GEOMETRY, "columns": {tables.GEOMETRY: column}}
