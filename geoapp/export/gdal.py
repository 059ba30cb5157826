"""GeoPackage and FlatGeobuf, written by GDAL through pyogrio from a stream of Arrow batches."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyogrio

from geoapp.export import styles, tables
from geoapp.export.about import About

LAYER = "incidents"


def save_geopackage(lines: Path, target: Path, about: About) -> None:
    """Layer `incidents`, tables `reports` (by `incident_id`), `licences`, a style; the rest as metadata."""
    told = {name: str(value) for name, value in about.members().items()}
    # "incidents" has the point; what it says of its reports as JSON would stand twice in this file.
    incidents = _without(tables.incidents(tables.read_lines(lines), nested=False), "reports")
    _write(incidents, target, layer=LAYER, driver="GPKG", geometry=True, layer_metadata=told)
    reports = pa.RecordBatchReader.from_batches(
        tables.report_schema(), tables.reports(tables.read_lines(lines))
    )
    _write(reports, target, layer="reports", driver="GPKG", append=True)
    parts = pa.Table.from_pylist([part._asdict() for part in about.parts], schema=_PARTS)
    _write(parts.to_reader(), target, layer="licences", driver="GPKG", append=True)
    if about.groups:
        _write(_styles(about), target, layer="layer_styles", driver="GPKG", append=True)
    _date(target, about)
    _count_as_one_change(target)


_PARTS = pa.schema([(name, pa.string()) for name in ("title", "licence", "url", "credit", "source")])


# As QGIS makes the table itself (and asks for it when it opens a layer).
_STYLES = pa.schema(
    [(name, pa.string()) for name in ("f_table_catalog", "f_table_schema", "f_table_name")]
    + [(name, pa.string()) for name in ("f_geometry_column", "styleName", "styleQML", "styleSLD")]
    + [("useAsDefault", pa.bool_()), ("description", pa.string()), ("owner", pa.string())]
    + [("ui", pa.string()), ("update_time", pa.timestamp("ms", "UTC"))]
)


def _styles(about: About) -> pa.RecordBatchReader:
    told = dict.fromkeys(_STYLES.names, "") | {
        "f_table_name": LAYER,
        "f_geometry_column": "geom",
        "styleName": LAYER,
        "styleQML": styles.qml(about.groups),
        "useAsDefault": True,
        "description": "Groups of kinds in the colours of the map",
        "update_time": about.made,
    }
    return pa.Table.from_pylist([told], schema=_STYLES).to_reader()


def save_flatgeobuf(lines: Path, target: Path, about: About) -> None:
    """One layer, reports as JSON text; no spatial index, which would refuse incidents without a point."""
    known = tables.schema(nested=False)
    batches = tables.incidents(tables.read_lines(lines), nested=False)
    told = "; ".join(f"{name}: {value}" for name, value in about.members().items())
    options = {"SPATIAL_INDEX": "NO", "TITLE": LAYER, "DESCRIPTION": told}
    reader = pa.RecordBatchReader.from_batches(known, batches)
    _write(reader, target, layer=LAYER, driver="FlatGeobuf", geometry=True, layer_options=options)


def _without(batches: Iterable[pa.RecordBatch], name: str) -> pa.RecordBatchReader:
    known = tables.schema(nested=False)
    left = pa.schema([field for field in known if field.name != name])
    return pa.RecordBatchReader.from_batches(left, (batch.select(left.names) for batch in batches))


def _write(reader: pa.RecordBatchReader, target: Path, *, geometry: bool = False, **options: object) -> None:
    placed = {"geometry_name": tables.GEOMETRY, "geometry_type": "Point", "crs": "EPSG:4326"}
    pyogrio.raw.write_arrow(reader, str(target), **(placed if geometry else {}), **options)


def _date(target: Path, about: About) -> None:
    """The version's own time in place of the clock's: the same version gives the same bytes everywhere."""
    moment = about.made.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with closing(sqlite3.connect(target)) as connection, connection:
        connection.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))
        connection.execute("UPDATE gpkg_metadata_reference SET timestamp = ?", (moment,))
        if about.groups:
            # A newer GDAL leaves out milliseconds of zero; an older one warns of a time without them.
            connection.execute("UPDATE layer_styles SET update_time = ?", (moment,))


# Where SQLite's file header (sqlite.org/fileformat.html, 1.3) counts transactions, and repeats that number.
_CHANGE_COUNTER, _VALID_FOR = 24, 92


def _count_as_one_change(target: Path) -> None:
    """On a busy machine GDAL was seen to commit once more for the same content; bytes tell of content."""
    with target.open("r+b") as file:
        for place in (_CHANGE_COUNTER, _VALID_FOR):
            file.seek(place)
            file.write((1).to_bytes(4, "big"))
