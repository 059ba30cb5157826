"""pygeoapi with PostGIS on the same incidents: an environment of its own, made for one measurement."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

TICKS = os.sysconf("SC_CLK_TCK")
# As its documentation has it for PostgreSQL; waitress is what serves ours, too.
PACKAGES = ("pygeoapi>=0.20", "psycopg2-binary", "geoalchemy2", "pygeofilter", "waitress")
THREADS = 8
STARTS_WITHIN_S = 60


class Processes(NamedTuple):
    """A server and everything that works for it."""

    address: str
    pids: tuple[int, ...]

    def cpu_seconds(self) -> float:
        """Time that all of them and their children have used, those that ended included."""
        known = {int(each.name): _stat(each) for each in Path("/proc").glob("[0-9]*")}
        wanted = set(self.pids)
        while more := {pid for pid, told in known.items() if told and int(told[1]) in wanted} - wanted:
            wanted |= more
        return sum(sum(map(int, known[pid][11:15])) for pid in wanted if known.get(pid)) / TICKS


def _stat(process: Path) -> list[str]:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


@contextmanager
def served(geopackage: Path, folder: Path) -> Iterator[Processes]:
    """The incidents of a GeoPackage by pygeoapi and PostgreSQL for the block."""
    from tests.postgres import server

    python = _environment(folder)
    with server.running() as postgres:
        parts = urlsplit(postgres.address("geoapp_bare"))
        _load(geopackage, f"host={parts.hostname} port={parts.port} dbname=geoapp_bare", parts)
        port = _free_port()
        settings = _settings(port, parts, folder)
        process = subprocess.Popen(
            [python, "-m", "waitress", f"--listen=127.0.0.1:{port}", f"--threads={THREADS}"]
            + ["pygeoapi.flask_app:APP"],
            env=os.environ | settings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/conformance?f=json")
            yield Processes(address, (process.pid, postgres.pid))
        finally:
            process.terminate()
            process.wait()


def _environment(folder: Path) -> str:
    """Python of a new virtual environment with pygeoapi in it."""
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    python = str(folder / "venv" / "bin" / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
    subprocess.run(install, check=True)
    return python


def _load(geopackage: Path, target: str, parts: Any) -> None:
    """One row for each incident, with the indexes that a careful operator makes; without the reports."""
    secret = {"PGUSER": parts.username, "PGPASSWORD": parts.password}
    create = ["ogr2ogr", "-f", "PostgreSQL", f"PG:{target}", str(geopackage), "incidents"]
    copy = [*create, "-nln", "incidents", "--config", "PG_USE_COPY", "YES"]
    subprocess.run(copy, env=os.environ | secret, check=True)
    for each in ('CREATE INDEX ON incidents ("date")', "VACUUM ANALYZE incidents"):
        where = [f"--host={parts.hostname}", f"--port={parts.port}", "geoapp_bare"]
        subprocess.run(["psql", "--quiet", *where, "-c", each], env=os.environ | secret, check=True)


def _settings(port: int, parts: Any, folder: Path) -> dict[str, str]:
    """Environment of pygeoapi; its configuration is YAML, of which JSON is a part."""
    config, openapi = folder / "pygeoapi.yml", folder / "openapi.yml"
    config.write_text(json.dumps(_configuration(port, _provider(parts))))
    settings = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    generate = [str(folder / "venv" / "bin" / "pygeoapi"), "openapi", "generate", str(config)]
    subprocess.run([*generate, "--output-file", str(openapi)], env=os.environ | settings, check=True)
    return settings


def _provider(parts: Any) -> dict[str, Any]:
    data = {
        "host": parts.hostname,
        "port": parts.port,
        "dbname": "geoapp_bare",
        "user": parts.username,
        "password": parts.password,
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


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def _wait(address: str) -> None:
    begin = time.monotonic()
    while True:
        try:
            with urlopen(address):
                return
        except URLError:
            if time.monotonic() - begin > STARTS_WITHIN_S:
                raise
            time.sleep(0.2)


def is_possible() -> bool:
    """Whether PostgreSQL and GDAL are installed here."""
    has_server = any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return has_server and all(map(shutil.which, ("ogr2ogr", "psql")))
