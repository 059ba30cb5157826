"""Features as Arrow tables, a thousand rows at a time: what GeoParquet, GeoPackage and FlatGeobuf are
written from.

Days are dates, numbers numbers. GeoParquet nests reports and codes as lists; GDAL's formats have no
lists, so there they are JSON text (and reports a table of their own where a file can hold two).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from geoapp.incident import INCIDENT_FIELDS, JOINED_PROPERTIES, REPORT_FIELDS, Field

# With five thousand a GeoPackage took a third more of the processor: Python looks through all that is there
# for what could go, again and again.
ROWS_AT_ONCE = 1_000
GEOMETRY = "geometry"
_CROSSING = pa.struct(
    [("id", pa.string()), ("name", pa.string()), ("min_m", pa.int64()), ("max_m", pa.int64())]
    + [("state", pa.string())]
)
_PLAIN = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
_PROPERTIES = INCIDENT_FIELDS + JOINED_PROPERTIES


def _is_list(field: Field) -> bool:
    return field.kind.json_schema.get("type") == "array"


def _type_of(field: Field, *, nested: bool) -> pa.DataType:
    schema = field.kind.json_schema
    if schema.get("format") == "date":
        return pa.date32()
    if _is_list(field) and nested:
        objects = schema["items"].get("type") == "object"
        return pa.list_(_CROSSING if objects else pa.string())
    return _PLAIN.get(str(schema.get("type")), pa.string())


def _report_type() -> pa.StructType:
    return pa.struct([(each.name, _type_of(each, nested=True)) for each in REPORT_FIELDS])


def schema(*, nested: bool) -> pa.Schema:
    """The columns of incidents: properties as in GeoJSON, then the point as WKB (WGS 84)."""
    columns = [(each.name, _type_of(each, nested=nested)) for each in _PROPERTIES]
    columns.append(("reports", pa.list_(_report_type()) if nested else pa.string()))
    return pa.schema([*columns, ("record_version", pa.int64()), (GEOMETRY, pa.binary())])


def report_schema() -> pa.Schema:
    """The columns of reports as a table: the incident's id, then those of a report."""
    columns = [(each.name, _type_of(each, nested=False)) for each in REPORT_FIELDS]
    return pa.schema([("incident_id", pa.string()), *columns])


def read_lines(path: Path) -> Iterator[list[dict[str, Any]]]:
    """The Features of a file with one a line, a thousand at a time."""
    with path.open("rb") as lines:
        while some := [orjson.loads(line) for line in islice(lines, ROWS_AT_ONCE)]:
            yield some


def incidents(some: Iterable[list[dict[str, Any]]], *, nested: bool) -> Iterator[pa.RecordBatch]:
    """Features as record batches of `schema(nested=...)`."""
    known = schema(nested=nested)
    for features in some:
        rows = [feature["properties"] for feature in features]
        columns = [_column(each, [row[each.name] for row in rows], nested=nested) for each in _PROPERTIES]
        told = [row["reports"] for row in rows]
        columns.append(_nested_reports(told) if nested else _as_json(told))
        columns.append(pa.array([row["record_version"] for row in rows], pa.int64()))
        columns.append(pa.array([_wkb(feature["geometry"]) for feature in features], pa.binary()))
        yield pa.record_batch(columns, schema=known)


def reports(some: Iterable[list[dict[str, Any]]]) -> Iterator[pa.RecordBatch]:
    """Their reports as record batches of `report_schema()`, in the order of the incidents."""
    known = report_schema()
    for features in some:
        rows = [
            (feature["id"], report) for feature in features for report in feature["properties"]["reports"]
        ]
        columns = [pa.array([identifier for identifier, _ in rows], pa.string())]
        for each in REPORT_FIELDS:
            columns.append(_column(each, [report[each.name] for _, report in rows], nested=False))
        yield pa.record_batch(columns, schema=known)


def _column(field: Field, values: Sequence[Any], *, nested: bool) -> pa.Array:
    if _is_list(field) and not nested:
        return _as_json(values)
    kind = _type_of(field, nested=nested)
    if pa.types.is_date(kind):
        return pa.array(values, pa.string()).cast(kind)
    return pa.array(values, kind)


def _nested_reports(told: Sequence[Sequence[dict[str, Any]]]) -> pa.Array:
    offsets = [0]
    for each in told:
        offsets.append(offsets[-1] + len(each))
    flat = [report for each in told for report in each]
    columns = [_column(each, [report[each.name] for report in flat], nested=True) for each in REPORT_FIELDS]
    values = pa.StructArray.from_arrays(columns, fields=list(_report_type()))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values)


def _as_json(values: Iterable[Any]) -> pa.Array:
    return pa.array([orjson.dumps(value).decode() for value in values], pa.string())


def _wkb(geometry: dict[str, Any] | None) -> bytes | None:
    # Little endian, type 1: a point.
    return struct.pack("<BIdd", 1, 1, *geometry["coordinates"]) if geometry else None
