"""pygeoapi with PostGIS on the same incidents."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult

from benchmarks import peers
from benchmarks.peers import PostGIS, Processes, Start
from benchmarks.programs import free_port

# As its documentation has it for PostgreSQL; waitress is what serves ours, too.
PACKAGES = ("pygeoapi>=0.20", "psycopg2-binary", "geoalchemy2", "pygeofilter", "waitress")
THREADS = 8


@contextmanager
def served(database: PostGIS, folder: Path) -> Iterator[Processes]:
    """The incidents of this database by pygeoapi for the block."""
    programs, port = peers.environment(folder / "pygeoapi", PACKAGES), free_port()
    command = [str(programs / "python"), "-m", "waitress", f"--listen=127.0.0.1:{port}"]
    command += [f"--threads={THREADS}", "pygeoapi.flask_app:APP"]
    start = Start(command, _settings(port, database.address, programs), "/conformance?f=json")
    with peers.running(start, port, database.pid) as server:
        yield server


def _settings(port: int, database: SplitResult, programs: Path) -> dict[str, str]:
    """Environment of pygeoapi; its configuration is YAML, of which JSON is a part."""
    config, openapi = programs.parent / "pygeoapi.yml", programs.parent / "openapi.yml"
    config.write_text(json.dumps(_configuration(port, _provider(database))))
    settings = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    generate = [str(programs / "pygeoapi"), "openapi", "generate", str(config)]
    subprocess.run([*generate, "--output-file", str(openapi)], env=os.environ | settings, check=True)
    return settings


def _provider(database: SplitResult) -> dict[str, Any]:
    data = {
        "host": database.hostname,
        "port": database.port,
        "dbname": peers.DATABASE,
        "user": database.username,
        "password": database.password,
        "search_path": ["public"],
    }
    table = {"id_field": "fid", "table": "incidents", "geom_field": "geom", "time_field": "date"}
    return {"type": "feature", "name": "PostgreSQL", "data": data, **table}


def _configuration(port: int, provider: dict[str, Any]) -> dict[str, Any]:
    address, contact = f"http://127.0.0.1:{port}", {"name": "none"}
    told = {"title": "Incidents", "description": "Incidents", "keywords": ["incidents"]}
    server = {
        "bind": {"host": "127.0.0.1", "port": port},
        "url": address,
        "mimetype": "application/json; charset=UTF-8",
        "encoding": "utf-8",
        "gzip": False,
        "languages": ["en-US"],
        "limits": {"default_items": 100, "max_items": 10_000},
        "map": {"url": "", "attribution": ""},
    }
    metadata = {
        "identification": {**told, "terms_of_service": "", "url": address, "keywords_type": "theme"},
        "license": {"name": "", "url": ""},
        "provider": contact,
        "contact": contact,
    }
    spatial = {"bbox": [-180, -90, 180, 90], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
    collection = {"type": "collection", **told, "links": [], "extents": {"spatial": spatial}}
    return {
        "server": server,
        "logging": {"level": "ERROR"},
        "metadata": metadata,
        "resources": {"incidents": collection | {"providers": [provider]}},
    }
