"""Datasette on a table of the same incidents, in SQLite as ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks import peers
from benchmarks.peers import Processes, Start
from benchmarks.programs import free_port

PACKAGES = ("datasette>=0.65",)
# Suggestions of facets are for people, and would be most of what a page costs.
SETTINGS = {"max_returned_rows": "10000", "suggest_facets": "off", "sql_time_limit_ms": "60000"}


@contextmanager
def served(geopackage: Path, folder: Path) -> Iterator[Processes]:
    """The incidents of a GeoPackage by Datasette for the block."""
    programs, port = peers.environment(folder / "datasette", PACKAGES), free_port()
    file = folder / "table.sqlite"
    _load(geopackage, file)
    command = [str(programs / "datasette"), "serve", "--immutable", str(file), "--port", str(port)]
    for name, value in SETTINGS.items():
        command += ["--setting", name, value]
    with peers.running(Start(command, {}, "/-/versions.json"), port) as server:
        yield server


def _load(geopackage: Path, file: Path) -> None:
    """One row for each incident, with the index that a careful operator makes; without the reports.

    The points are those of the box index of the GeoPackage: 32 bits, some 0.4 m.
    """
    with closing(sqlite3.connect(file)) as table, table:
        table.execute("ATTACH ? AS source", (str(geopackage),))
        table.execute(
            "CREATE TABLE incidents AS SELECT i.*, minx AS lon, miny AS lat FROM source.incidents AS i "
            "LEFT JOIN source.rtree_incidents_geom AS box ON box.id = i.fid"
        )
        table.execute("ALTER TABLE incidents DROP COLUMN geom")
        table.execute("CREATE INDEX by_day_and_place ON incidents (date, lon, lat)")
